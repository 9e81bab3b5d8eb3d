"""A week of two languages and bilingual agents, any free agent at random; callers who give up call again."""

from __future__ import annotations

import numpy as np

from ivr.records.schema import NEVER, NONE, outcome_code
from ivr.records.tables import Records
from ivr.routing import RoutingTable
from simulation.sampling.distributions import Exponential
from simulation.sampling.streams import Streams
from simulation.tables.checks import CallTable, StaffTable, microseconds
from simulation.validation.long_runs import Simulate, drawn_us, merged
from simulation.validation.models.base import Key
from simulation.validation.single_days import Days, figures_by_type
from simulation.validation.target import Sample, printed_targets
from simulation.workload.arrivals.per_interval import PerInterval

__all__ = ["TARGETS", "TITLE", "simulated"]

TITLE = "Bilingual: two languages, any free agent, three of four call again"
SOURCE = "ContactCenters library (umontreal-simul/contactcenters), doc/examples/Bilingual.java and .res: 1,000 weeks"
# Five days a week from 8 to 17 h, far enough apart to be independent. Talk and patience stay with the caller. In the
# source, occupancy is all talk, including after closing, over the agents' hours; a call again after closing counts as a
# call, and waits of the attempts before count towards the minute.
_PER_HOUR = (100.0, *(50.0 for _ in range(8)))
_AGENTS = {"English": 7, "Spanish": 7, "bilingual": 4}
_TALK_S = ((180, 420), (240, 360))
_PATIENCE_S, _AGAIN, _AFTER_US, _LINES, _DAYS_A_WEEK = 120.0, 0.75, 1_200_000_000, 40, 5
_WITHIN_US = 60_000_000
_HORIZON_US = len(_PER_HOUR) * 3_600_000_000
_ROUTING = RoutingTable(
    queues=("English", "Spanish"),
    groups=tuple(_AGENTS),
    rank=((0, None, 0), (None, 0, 0)),
    choice=("random",) * 3,
)
_CASE, _TYPES = "a week", ("English", "Spanish")
_COUNTED = {"answered within a minute": "within"}
_DAYS = 60

# Half-widths are those of the printed 95 % intervals.
TARGETS = printed_targets(
    SOURCE,
    (
        (_CASE, "arrived, calls", 5110.161, 5.152, 3, 7),
        (_CASE, "called again, calls", 107.168, 1.327, 3, 7),
        (_CASE, "served, calls", 4967.235, 4.289, 3, 3),
        (_CASE, "abandoned, calls", 142.868, 1.659, 3, 9),
        (_CASE, "answered within a minute, calls", 4896.885, 4.096, 3, 8),
        ("English", "arrived, calls", 2555.811, 3.526, 3, 5),
        ("Spanish", "arrived, calls", 2554.350, 3.537, 3, 5),
        ("English", "called again, calls", 54.073, 0.837, 3, 5),
        ("Spanish", "called again, calls", 53.095, 0.822, 3, 5),
        ("English", "served, calls", 2483.933, 3.017, 3, 2.5),
        ("Spanish", "served, calls", 2483.302, 3.069, 3, 2.5),
        ("English", "abandoned, calls", 71.848, 1.033, 3, 6.5),
        ("Spanish", "abandoned, calls", 71.020, 1.021, 3, 6.5),
        ("English agents", "occupancy", 0.47624, 0.000605, 5, 0.0016),
        ("Spanish agents", "occupancy", 0.47639, 0.000595, 5, 0.0016),
        ("bilingual agents", "occupancy", 0.63254, 0.000565, 5, 0.0024),
        ("all agents", "occupancy", 0.51103, 0.000445, 5, 0.0007),
    ),
)


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Independent days."""
    staff = StaffTable.constant(_AGENTS, 0, _HORIZON_US)
    rows = []
    for day in range(round(_DAYS * size)):
        calls = _calls(Streams(seed=1600, replication=day))
        records = simulate(calls, staff, _ROUTING, horizon_us=_HORIZON_US, lines=_LINES, at_end="clear")
        rows.append(_figures(calls, records))
    of_a_day = sum(_PER_HOUR)
    controls = {"first, English": of_a_day, "first, Spanish": of_a_day, "talk drawn": 300e6}
    days, a_week = Days(rows, controls=controls), 1 / _DAYS_A_WEEK
    found: dict[Key, Sample] = {}
    for target in TARGETS:
        if target.quantity == "occupancy":
            group = target.case.removesuffix(" agents")
            agents = sum(number for name, number in _AGENTS.items() if group in (name, "all"))
            found[target.key] = days.ratio(f"busy, {group}", agents * _HORIZON_US)
        else:
            what = target.quantity.removesuffix(", calls")
            found[target.key] = days.ratio(f"{_COUNTED.get(what, what)}, {target.case}", a_week)
    return found


def _calls(streams: Streams) -> CallTable:
    """The calls of a day, with as many further attempts of each caller as their draws to call again allow."""
    process = PerInterval(_PER_HOUR, interval_s=3_600)
    first, kind = merged(
        [process.times_us(streams.generator(f"arrivals/{name}"), _HORIZON_US) for name in _ROUTING.queues]
    )
    n = len(first)
    low, high = np.array(_TALK_S)[kind].T
    talk = microseconds(low + (high - low) * streams.generator("talk").random(n))
    patience = drawn_us(streams, "patience", Exponential(_PATIENCE_S), n)
    again = streams.generator("again").geometric(1 - _AGAIN, n) - 1
    rows = n + int(again.sum())
    # A caller's further attempts are adjacent, after all first attempts: `begins` is where each caller's begin.
    begins = n + np.cumsum(again) - again
    who = np.concatenate([np.arange(n), np.repeat(np.arange(n), again)])
    attempt = np.concatenate([np.ones(n, np.int64), np.arange(n, rows) - np.repeat(begins, again) + 2])
    retry = np.where(attempt <= again[who], np.concatenate([begins, np.arange(n, rows) + 1]), NONE)
    return CallTable.of(
        arrived_us=np.concatenate([first, np.full(rows - n, NEVER)]),
        attempt=attempt,
        retry=retry,
        retry_after_us=_AFTER_US,
        retry_outcomes=[outcome_code("abandoned")],
        intent=kind[who],
        intents=_ROUTING.queues,
        path=who,  # whoever calls again keeps their number
        paths=[str(i) for i in range(n)],
        queue=kind[who],
        queues=_ROUTING.queues,
        talk_us=talk[who],
        patience_us=patience[who],
        agent_draw=streams.generator("agent").integers(2**62, size=rows),
    )


def _figures(calls: CallTable, records: Records) -> dict[str, float]:
    """The figures of a day: of all callers, and of each language."""
    of, visits = records.calls, records.visits
    call = visits["call_id"]
    # A caller's wait goes on from attempt to attempt: each but the last took all their patience.
    before_us = (of["attempt"][call] - 1) * calls.patience_us[of["path"][call]]
    row = figures_by_type(records, _TYPES, tuple(_AGENTS), (_WITHIN_US, _WITHIN_US), before_us)
    for number, name in enumerate(_TYPES):
        mine = of["intent"] == number
        gave_up = (visits["queue"] == number) & (visits["agent"] == NONE) & (visits["left_us"] < _HORIZON_US)
        # Three of four of those who give up in the last twenty minutes call after closing.
        late = _AGAIN * int((gave_up & (visits["left_us"] + _AFTER_US >= _HORIZON_US)).sum())
        row[f"arrived, {name}"] += late
        row[f"called again, {name}"] = int((mine & (of["attempt"] > 1)).sum()) + late
        row[f"first, {name}"] = int((mine & (of["attempt"] == 1)).sum())
        row[f"abandoned, {name}"] = int(gave_up.sum())
    for what in ("arrived", "called again", "served", "abandoned", "within"):
        row[f"{what}, {_CASE}"] = sum(row[f"{what}, {name}"] for name in _TYPES)
    row["busy, all"] = sum(row[f"busy, {group}"] for group in _AGENTS)
    return row | {"talk drawn": float(calls.talk_us[: calls.first_attempts].mean())}
