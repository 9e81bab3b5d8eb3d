"""What calls and agents cost: the same numbers as in ``ivr.records.costs``, compiled and in one pass.

A test compares the two on every shipped scenario and on random tables.
"""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ivr.records import costs
from ivr.records.costs import CallCosts, Prices, each_price
from ivr.records.schema import OUTCOMES
from ivr.records.tables import Records
from simulation.engines.kernel.cached import add_call_costs, add_stretches
from simulation.engines.kernel.cost_loops import BY_INTERVAL, BY_QUEUE
from simulation.engines.kernel.plain_arrays import plain

__all__ = ["call_costs", "priced", "time_by_group"]

Int64s = NDArray[np.int64]
_OF_CALLS = ("arrived_us", "ended_us", "menu_us", "outcome")
_OF_VISITS = ("call_id", "queue", "offered_us", "left_us", "result", "talk_us", "called_back")


def call_costs(records: Records, prices: Prices, *, edges: Int64s, from_us: int) -> CallCosts:
    """Add up what calls cost; parameters and result are those of ``ivr.records.costs.call_costs``."""
    by_interval = np.zeros((len(edges) - 1, len(BY_INTERVAL)), np.int64)
    by_queue = np.zeros((len(records.names["queue"]), len(BY_QUEUE)), np.int64)
    of_calls = [prices.lost_call.get(name, 0.0) for name in OUTCOMES] + [prices.handled_call, prices.contained_call]
    add_call_costs(
        by_interval,
        by_queue,
        plain(edges),
        from_us,
        plain(np.array([each_price(price) for price in of_calls], np.int64)),
        *(plain(records.calls[name]) for name in _OF_CALLS),
        *(plain(records.visits[name]) for name in _OF_VISITS),
    )
    return CallCosts(*by_interval.T, *by_queue.T)


def time_by_group(group: NDArray[Any], groups: int, begin: NDArray[Any], end: NDArray[Any], edges: Int64s) -> Int64s:
    """The time of stretches by group and interval; as ``ivr.records.costs.time_by_group``."""
    found = np.zeros((len(edges) - 1, groups), np.int64)
    add_stretches(found, *(plain(np.asarray(of, np.int64)) for of in (group, begin, end)), plain(edges))
    return found.T


priced = partial(costs.priced, count=call_costs, spread=time_by_group)
"""``ivr.records.costs.priced`` of the records of a run."""
