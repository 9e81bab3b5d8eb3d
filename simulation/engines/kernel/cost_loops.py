"""One pass over the calls and visits of a replication, adding up what they cost. Compiled.

The conventions are those of ``ivr.records.costs``.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.records.schema import NONE, UNANSWERED, outcome_code, result_code
from simulation.engines.kernel.jit import part
from simulation.engines.kernel.measure_loops import add_span, interval_of

__all__ = ["BY_INTERVAL", "BY_QUEUE", "add_call_costs", "add_stretches"]

Ints = npt.NDArray[np.integer[Any]]
Int64s = npt.NDArray[np.int64]

BY_INTERVAL = ("calls", "served", "lost", "worth", "line_us", "menu_us")
BY_QUEUE = ("lost_by_queue", "worth_by_queue", "line_us_by_queue")
_BLOCKED, _REJECTED, _HANDLED, _CONTAINED, _BOOKED = map(
    outcome_code, (*UNANSWERED, "handled", "contained", "callback")
)
_REACHED, _JOINED, _UNJOINED = map(result_code, ("handled", "joined", "unjoined"))


@part
def add_call_costs(
    by_interval: Int64s,
    by_queue: Int64s,
    edges: Int64s,
    from_us: int,
    prices: Int64s,
    arrived_us: Int64s,
    ended_us: Int64s,
    menu_us: Int64s,
    outcome: npt.NDArray[np.int8],
    call_id: Int64s,
    queue: Ints,
    offered_us: Int64s,
    left_us: Int64s,
    result: npt.NDArray[np.int8],
    talk_us: Int64s,
    called_back: npt.NDArray[np.bool_],
) -> None:  # pragma: no cover - compiled
    """Add the calls, in the order of their numbers from 0, and their visits in the same order.

    `prices` has what a lost call costs by outcome; then what a handled call is worth, and a contained one.
    """
    k, visit, contained_worth = 0, 0, prices[len(prices) - 1]
    for i in range(len(arrived_us)):
        counts, how = arrived_us[i] >= from_us, outcome[i]
        handled, last, dialled_us = how == _HANDLED, NONE, 0
        while visit < len(call_id) and call_id[visit] == i:
            if counts:
                if called_back[visit]:
                    handled |= result[visit] == _REACHED and how == _BOOKED
                    dialled_us += talk_us[visit]
                    by_queue[queue[visit], 2] += talk_us[visit]
                    last = queue[visit]
                elif result[visit] != _JOINED and result[visit] != _UNJOINED:
                    by_queue[queue[visit], 2] += left_us[visit] - offered_us[visit] + talk_us[visit]
                    last = queue[visit]
            visit += 1
        if not counts:
            continue
        k = interval_of(arrived_us[i], edges, k)
        of = by_interval[k]
        worth = (prices[len(prices) - 2] if handled else 0) + (contained_worth if how == _CONTAINED else 0)
        of[0] += 1
        of[1] += handled or how == _CONTAINED
        of[2] += prices[how]
        of[3] += worth
        of[4] += dialled_us
        if how != _BLOCKED and how != _REJECTED:
            of[4] += ended_us[i] - arrived_us[i]
            of[5] += menu_us[i]
        if last != NONE:
            by_queue[last, 0] += prices[how]
            by_queue[last, 1] += worth


@part
def add_stretches(
    found: Int64s, group: Ints, begin: Int64s, end: Int64s, edges: Int64s
) -> None:  # pragma: no cover - compiled
    """Add the time of stretches to intervals and groups, shape (intervals, groups)."""
    k = 0
    for i in range(len(group)):
        if end[i] > begin[i]:
            k = add_span(found, group[i], begin[i], end[i], edges, k)
