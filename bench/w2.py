"""W2, the reference workload of the benchmarks: a telecom line, one call a second.

Five menus in three levels, 25 s in them on average; three call types with
lognormal handle times of mean 240, 420 and 150 s (coefficient of variation
0.8) and exponential patience of mean 120, 180 and 90 s; 42, 70 and 34
specialists and 32 generalists; specialists first, the longest-idle agent, the
longest-waiting call, generalists preferring technical calls.

    main -- 1 billing menu -- 1 balance heard (contained)   2 billing queue
         |- 2 tech menu ----- 1 internet menu -- 1 tip heard (contained)  2 tech queue
         |                 `- 2 phone menu ----- 1 tip heard (contained)  2 tech queue
         |- 3 sales queue
         `- 4 hours heard (contained)

Shares of the keys: main .35 .35 .20 .10; billing .4 .6; tech .5 .5; internet
and phone .4 .6. A caller meets 1 + .35 + .35 * 2 = 2.05 menus; each takes a
lognormal time of mean 25 / 2.05 s.
"""

from __future__ import annotations

import numpy as np

from ivr.records.schema import outcome_code
from ivr.routing import RoutingTable
from simulation.sampling.distributions import Exponential, Lognormal
from simulation.sampling.streams import Streams
from simulation.tables.checks import OFFERED, CallTable, StaffTable, microseconds
from simulation.workload.arrivals.constant import Constant

__all__ = [
    "ACW_S",
    "GENERALISTS",
    "MENU",
    "MENU_S",
    "PATIENCE_S",
    "PER_HOUR",
    "QUEUES",
    "ROUTING",
    "SPECIALISTS",
    "TALK_S",
    "call_table",
    "staff_table",
]

PER_HOUR = 3_600.0
QUEUES = ("billing", "tech", "sales")
TALK_S = tuple(Lognormal(mean=mean, cv=0.8) for mean in (240, 420, 150))
PATIENCE_S = tuple(Exponential(mean=mean) for mean in (120, 180, 90))
MENU_S = Lognormal(mean=25 / 2.05, cv=0.5)
ACW_S = 0.0
SPECIALISTS = (42, 70, 34)
GENERALISTS = 32

# menu: ((share, target), ...); a number is a queue, None means contained.
MENU = {
    "main": ((0.35, "billing"), (0.35, "tech"), (0.20, 2), (0.10, None)),
    "billing": ((0.4, None), (0.6, 0)),
    "tech": ((0.5, "internet"), (0.5, "phone")),
    "internet": ((0.4, None), (0.6, 1)),
    "phone": ((0.4, None), (0.6, 1)),
}


def chosen(place: str, u: float) -> str | int | None:
    """Where a caller goes from a menu, given a draw from 0 to 1."""
    *first, (_, last) = MENU[place]
    for share, to in first:
        if u < share:
            return to
        u -= share
    return last


ROUTING = RoutingTable(
    queues=QUEUES,
    groups=(*QUEUES, "generalists"),
    rank=((0, None, None, 1), (None, 0, None, 1), (None, None, 0, 1)),
    pull=((0, 0, 0, 1), (0, 0, 0, 0), (0, 0, 0, 1)),
)


def call_table(*, hours: float, seed: int) -> CallTable:
    """Return the calls of a number of hours, walking the menu column by column."""
    streams = Streams(seed)
    horizon_us = int(hours * 3_600_000_000)
    arrived = Constant(PER_HOUR).times_us(streams.generator("arrivals"), horizon_us)
    n = len(arrived)
    menu_s, presses = np.zeros(n), np.zeros(n, "i2")
    queue = np.full(n, -1, "i2")
    at = {"main": np.arange(n)}
    for menu, choices in MENU.items():  # each menu comes after those that lead to it
        here = at.get(menu, np.zeros(0, int))
        menu_s[here] += MENU_S.sample(streams.generator(f"dwell/{menu}"), len(here))
        presses[here] += 1
        drawn = np.searchsorted(
            np.cumsum([share for share, _ in choices])[:-1], streams.generator(f"key/{menu}").random(len(here)), "right"
        )
        for i, (_, target) in enumerate(choices):
            there = here[drawn == i]
            if isinstance(target, str):
                at[target] = there
            elif target is not None:
                queue[there] = target
    talk, patience = np.zeros(n), np.zeros(n)
    for q, name in enumerate(QUEUES):
        rows = np.flatnonzero(queue == q)
        talk[rows] = TALK_S[q].sample(streams.generator(f"talk/{name}"), len(rows))
        patience[rows] = PATIENCE_S[q].sample(streams.generator(f"patience/{name}"), len(rows))
    return CallTable.of(
        arrived_us=arrived,
        menu_us=microseconds(menu_s),
        key_presses=presses,
        queue=queue,
        queues=QUEUES,
        ending=np.where(queue < 0, outcome_code("contained"), OFFERED),
        talk_us=microseconds(talk),
        patience_us=microseconds(patience),
        acw_us=microseconds(ACW_S),
    )


def staff_table(*, hours: float) -> StaffTable:
    """Return the agents, all present for the whole time."""
    agents = dict(zip(ROUTING.groups, (*SPECIALISTS, GENERALISTS), strict=True))
    return StaffTable.constant(agents, 0, int(hours * 3_600_000_000))
