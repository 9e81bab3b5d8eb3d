"""A week of short days with few lines; callers who wait two minutes leave a message; closing clears the queue."""

from __future__ import annotations

from ivr.records.schema import outcome_code
from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.tables.checks import CallTable, StaffTable
from simulation.validation.long_runs import ONE_QUEUE, Simulate, drawn_us
from simulation.validation.models.base import Key
from simulation.validation.single_days import Days
from simulation.validation.target import Sample, Target
from simulation.workload.arrivals.constant import Constant

__all__ = ["TARGETS", "TITLE", "simulated"]

TITLE = "Telethon: 24 lines, a message after two minutes, cleared at closing"
SOURCE = (
    "ContactCenters library (umontreal-simul/contactcenters), doc/examples/Telethon.java and Telethon.res: 1,000 weeks"
)
# Four hours on each of five days, 20 hours apart, so days are independent and a week is five times a day.
# In the source, occupancy is all talk, including after closing, over the agents' hours.
_HOURS, _PER_HOUR, _AGENTS, _LINES, _DAYS_A_WEEK = 4, 50, 12, 24, 5
_TALK_S, _PATIENCE_S, _LIMIT_S = 600.0, 120.0, 120.0
_CASE = "a week"
_DAYS = 200

# Half-widths of arrivals, messages, speed of answer and occupancy: 1.96 s / sqrt(1000) of the printed s.
TARGETS = tuple(
    Target(
        case=_CASE,
        quantity=quantity,
        value=value,
        half_width=half_width,
        decimals=decimals,
        source=SOURCE,
        error_below=error,
    )
    for quantity, value, half_width, decimals, error in (
        ("arrived, calls", 1000.17, 2.06, 2, 1),
        ("handled, calls", 963.109, 1.7, 3, 2.5),
        ("abandoned, calls", 31.820, 0.65, 3, 1.6),
        ("messages, calls", 4.960, 0.184, 3, 0.7),
        ("ASA, min", 0.036, 0.00074, 3, 0.002),
        ("occupancy", 0.66772, 0.00164, 5, 0.002),
    )
)


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Independent days."""
    horizon_us = _HOURS * 3_600_000_000
    rows = []
    for day in range(round(_DAYS * size)):
        streams = Streams(seed=1500, replication=day)
        arrived = Constant(per_hour=_PER_HOUR).times_us(streams.generator("arrivals"), horizon_us)
        talk = drawn_us(streams, "talk", Exponential(_TALK_S), len(arrived))
        calls = CallTable.of(
            arrived_us=arrived,
            talk_us=talk,
            patience_us=drawn_us(streams, "patience", Exponential(_PATIENCE_S), len(arrived)),
            limit_us=round(_LIMIT_S * 1e6),
            limit_ending=outcome_code("voicemail"),
        )
        records = simulate(
            calls,
            StaffTable.constant({"agents": _AGENTS}, 0, horizon_us),
            ONE_QUEUE,
            horizon_us=horizon_us,
            lines=_LINES,
            at_end="clear",
        )
        visits, outcome = records.visits, records.calls["outcome"]
        handled = visits["agent"] >= 0
        rows.append(
            {
                "arrived": len(outcome),
                "talk drawn": float(talk.mean()),
                "handled": int(handled.sum()),
                "abandoned": int((outcome == outcome_code("abandoned")).sum()),
                "messages": int((outcome == outcome_code("voicemail")).sum()),
                "minutes to answer": float((visits["answered_us"] - visits["offered_us"])[handled].sum()) / 60e6,
                "busy hours": float(records.agents["busy_us"].sum()) / 3600e6,
            }
        )
    days = Days(rows, controls={"arrived": _HOURS * _PER_HOUR, "talk drawn": _TALK_S * 1e6})
    a_week = 1 / _DAYS_A_WEEK
    return {
        (_CASE, "arrived, calls"): days.ratio("arrived", a_week),
        (_CASE, "handled, calls"): days.ratio("handled", a_week),
        (_CASE, "abandoned, calls"): days.ratio("abandoned", a_week),
        (_CASE, "messages, calls"): days.ratio("messages", a_week),
        (_CASE, "ASA, min"): days.ratio("minutes to answer", "handled"),
        (_CASE, "occupancy"): days.ratio("busy hours", _AGENTS * _HOURS),
    }
