"""A week of a bank: specialists are quicker, short calls go to any free agent, each type has a threshold of its own."""

from __future__ import annotations

import numpy as np

from ivr.records.tables import Records
from ivr.routing import RoutingTable
from simulation.sampling.streams import Streams
from simulation.tables.checks import CallTable, StaffTable, microseconds
from simulation.validation.long_runs import Simulate, merged
from simulation.validation.models.base import Key
from simulation.validation.single_days import Days, figures_by_type
from simulation.validation.target import Sample, printed_targets
from simulation.workload.arrivals.per_interval import PerInterval

__all__ = ["TARGETS", "TITLE", "simulated"]

TITLE = "Bank: three thresholds, specialists, short calls to any free agent"
SOURCE = "ContactCenters library (umontreal-simul/contactcenters), doc/examples/Bank.java and Bank.res: 1,000 weeks"
# Five days a week from 8 to 17 h, far enough apart to be independent. In the source, the service level is of all calls
# that arrive, waits are added up over the calls served and divided by those that arrive, occupancy is talk over the
# agents' time including what they work after closing, and busy lines are a mean over all 168 hours of the week.
_TYPES = ("savings", "checking", "balance")
_PER_HOUR = ((4.0, 2.0), (40.0, 20.0), (100.0, 50.0))
_HOURS, _HOURS_A_WEEK, _DAYS_A_WEEK = 9, 168, 5
_TALK_S = np.array([300.0, 300.0, 60.0])
_MULTIPLIER = np.array([[0.75, 1.0], [1.0, 0.75], [1.0, 1.0]])
_PATIENCE_S = np.array([[180, 300], [180, 300], [150, 210]])
_WITHIN_US = (60_000_000, 90_000_000, 30_000_000)
_AGENTS = {"savings specialists": 3, "checking specialists": 4}
_LINES, _HORIZON_US = 15, _HOURS * 3_600_000_000
_ROUTING = RoutingTable(
    queues=_TYPES,
    groups=tuple(_AGENTS),
    rank=((0, 1), (1, 0), (0, 0)),
    pull=((0, 1), (1, 0), (1, 1)),
    choice=("random",) * 2,
)
_DAYS = 80

# Half-widths are those of the printed 95 % intervals. Arrivals are inputs; costs follow from occupancy; a run of this
# size could not tell how often a type is blocked or gives up.
TARGETS = printed_targets(
    SOURCE,
    (
        ("savings", "service level, 60 s", 0.99234, 0.000615, 5, 0.005),
        ("checking", "service level, 90 s", 0.99461, 0.0003, 5, 0.003),
        ("balance", "service level, 30 s", 0.97301, 0.00064, 5, 0.005),
        ("savings", "talk, min", 3.781, 0.0235, 3, 0.2),
        ("checking", "talk, min", 3.852, 0.008, 3, 0.05),
        ("balance", "talk, min", 0.999, 0.0015, 3, 0.006),
        ("savings", "mean wait, min", 0.024, 0.0015, 3, 0.01),
        ("checking", "mean wait, min", 0.028, 0.001, 3, 0.006),
        ("balance", "mean wait, min", 0.036, 0.001, 3, 0.006),
        ("savings specialists", "occupancy", 0.25353, 0.00072, 5, 0.004),
        ("checking specialists", "occupancy", 0.43093, 0.00079, 5, 0.004),
        ("savings specialists", "occupancy by savings", 0.04386, 0.00039, 5, 0.002),
        ("savings specialists", "occupancy by checking", 0.05040, 0.00054, 5, 0.004),
        ("savings specialists", "occupancy by balance", 0.15927, 0.00039, 5, 0.002),
        ("checking specialists", "occupancy by savings", 0.00200, 0.000085, 5, 0.0007),
        ("checking specialists", "occupancy by checking", 0.31783, 0.00081, 5, 0.004),
        ("checking specialists", "occupancy by balance", 0.11111, 0.000275, 5, 0.0015),
        ("all calls", "busy lines", 0.680, 0.0015, 3, 0.006),
    ),
)


def simulated(simulate: Simulate, size: float) -> dict[Key, Sample]:
    """Independent days."""
    staff = StaffTable.constant(_AGENTS, 0, _HORIZON_US)
    rows = []
    for day in range(round(_DAYS * size)):
        calls, work = _calls(Streams(seed=1700, replication=day))
        records = simulate(calls, staff, _ROUTING, horizon_us=_HORIZON_US, lines=_LINES, at_end="clear")
        rows.append(_figures(records) | {"work drawn": float(work.mean())})
    controls = {
        f"arrived, {name}": first + (_HOURS - 1) * later for name, (first, later) in zip(_TYPES, _PER_HOUR, strict=True)
    }
    days = Days(rows, controls=controls | {"work drawn": 1.0})
    found: dict[Key, Sample] = {}
    for case, quantity in (target.key for target in TARGETS):
        kind = quantity.partition(",")[0]
        ratios: dict[str, tuple[str, str | float]] = {
            "service level": (f"within, {case}", f"arrived, {case}"),
            "talk": (f"minutes, {case}", f"served, {case}"),
            "mean wait": (f"waited, {case}", f"arrived, {case}"),
            "occupancy": (f"busy, {case}", f"staffed, {case}"),
            "busy lines": ("hours on lines", _HOURS_A_WEEK / _DAYS_A_WEEK),
        }
        top, bottom = ratios.get(kind, (f"{kind}, {case}", f"staffed, {case}"))
        found[case, quantity] = days.ratio(top, bottom)
    return found


def _calls(streams: Streams) -> tuple[CallTable, np.typing.NDArray[np.float64]]:
    """The calls of a day, and the work each brings, in multiples of the mean of its type."""
    process = [
        PerInterval((first, *(later for _ in range(_HOURS - 1))), interval_s=3_600) for first, later in _PER_HOUR
    ]
    arrived, kind = merged(
        [
            of.times_us(streams.generator(f"arrivals/{name}"), _HORIZON_US)
            for of, name in zip(process, _TYPES, strict=True)
        ]
    )
    n = len(arrived)
    work = streams.generator("talk").standard_exponential(n)
    low, high = _PATIENCE_S[kind].T
    calls = CallTable.of(
        arrived_us=arrived,
        intent=kind,
        intents=_TYPES,
        queue=kind,
        queues=_TYPES,
        talk_us=microseconds((work * _TALK_S[kind])[:, None] * _MULTIPLIER[kind]),
        talk_column=(0, 1),
        patience_us=microseconds(low + (high - low) * streams.generator("patience").random(n)),
        agent_draw=streams.generator("agent").integers(2**62, size=n),
    )
    return calls, work


def _figures(records: Records) -> dict[str, float]:
    """The figures of a day, by type and by group."""
    visits, agents = records.visits, records.agents
    on_line = (records.calls["ended_us"] - records.calls["arrived_us"]).sum()
    row = figures_by_type(records, _TYPES, tuple(_AGENTS), _WITHIN_US) | {"hours on lines": float(on_line) / 3600e6}
    for group, of in enumerate(_AGENTS):
        row[f"staffed, {of}"] = float(agents["staffed_us"][agents["group"] == group].sum())
        for number, name in enumerate(_TYPES):
            mine = (visits["queue"] == number) & (visits["group"] == group)
            row[f"occupancy by {name}, {of}"] = float(visits["talk_us"][mine].sum())
    return row
