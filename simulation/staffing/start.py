"""Where the search begins: each group is staffed by a formula for the load that it would carry alone.

The offered load is what agents would be busy with if nobody ever waited: measured with more agents than calls, after
the menus, opening hours and transfers, in each interval (Jennings, Mandelbaum, Massey and Whitt 1996, "Server staffing
to meet time-varying demand", Management Science 42). The fewest agents for it follow from exact Erlang A or C.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from flows.source.finding import IvrError
from ivr.routing import RoutingTable
from simulation.arrays import Floats, Ints
from simulation.experiment.runner import Runner
from simulation.scenario.model import Scenario
from simulation.staffing.days import Levels, staffed
from simulation.staffing.target import Target
from simulation.tables.checks import CallTable
from simulation.theory import Answer, erlang_a, erlang_c, fewest_agents
from simulation.workload.build_staff_table import Staff

__all__ = ["fewest_for", "loads", "own_levels", "shares_of_queues", "starts"]

_LEAST_LOAD = 0.02
"""Erlangs; below them nobody is needed to begin with."""


def loads(runner: Runner, calls: Sequence[CallTable], limits: Ints) -> Floats:
    """f8[queues, intervals]: agents who would be busy on average if nobody waited.

    Parameters
    ----------
    runner : Runner
    calls : sequence of CallTable
        Some days.
    limits : numpy.ndarray
        i8[groups]: of each group, more agents than are ever busy, or as many as there are.
    """
    scenario = runner.prepared.scenario
    most = np.repeat(limits[:, None], scenario.intervals, axis=1)
    staff = Staff.of(staffed(scenario, most)).table()
    edges = np.asarray(scenario.cut.edges_us, dtype=np.int64)
    found = np.zeros((len(runner.routing.queues), scenario.intervals))
    for day in calls:
        _, records = runner.replication(day, staff)
        visits = records.visits
        answered = visits["agent"] >= 0
        begins = visits["answered_us"][answered]
        ends = begins + visits["talk_us"][answered] + visits["acw_us"][answered]
        queue = visits["queue"][answered]
        for i in range(scenario.intervals):
            busy = np.clip(np.minimum(ends, edges[i + 1]) - np.maximum(begins, edges[i]), 0, None)
            found[:, i] += np.bincount(queue, weights=busy, minlength=len(found)) / (edges[i + 1] - edges[i])
    return np.asarray(found / len(calls))


def shares_of_queues(routing: RoutingTable, cost: Floats, *, pooled: bool) -> Floats:
    """f8[groups, queues]: which group carries the load of a queue; one group carries all of it.

    Parameters
    ----------
    routing : RoutingTable
    cost : numpy.ndarray
        f8[groups], an hour.
    pooled : bool
        Whether queues are gathered in the groups that serve most of them, or each goes to its cheapest specialists.
    """
    serves = np.array([[rank is not None for rank in row] for row in routing.rank]).T
    breadth = serves.sum(axis=1)
    shares = np.zeros(serves.shape)
    for queue, ranks in enumerate(routing.rank):
        able = [group for group in range(len(serves)) if serves[group, queue]]
        best = min(
            able,
            key=lambda group: (
                (-breadth[group], cost[group]) if pooled else (cost[group], ranks[group] or 0, breadth[group])
            ),
        )
        shares[best, queue] = 1.0
    return shares


def fewest_for(load: float, *, handle_s: float, patience_s: float | None, target: Target) -> int:
    """The fewest agents of one group for a steady load, by exact Erlang A, or C where nobody hangs up.

    Parameters
    ----------
    load : float
        Erlangs.
    handle_s : float
        Mean talk and after-call work, seconds.
    patience_s : float or None
        Mean patience, seconds; None if nobody hangs up.
    target : Target

    Examples
    --------
    >>> fewest_for(20, handle_s=180, patience_s=None, target=Target(level=0.8, threshold_s=20))
    24
    """
    if load < _LEAST_LOAD:
        return 0
    a_hour = load * 3600 / handle_s

    def answer(agents: int) -> Answer:
        if patience_s is None:
            return erlang_c(arrivals_per_hour=a_hour, aht_s=handle_s, agents=agents, within_s=target.threshold_s)
        return erlang_a(
            arrivals_per_hour=a_hour,
            aht_s=handle_s,
            patience_s=patience_s,
            agents=agents,
            within_s=target.threshold_s,
        )

    try:
        return fewest_agents(
            answer, load=load, service_level=min(target.level, 0.999), waits_for_ever=patience_s is None
        )
    except IvrError:  # no number of agents does it by this formula
        return math.ceil(load + 2 * math.sqrt(load))


def starts(scenario: Scenario, routing: RoutingTable, load: Floats, cost: Floats, target: Target) -> list[Levels]:
    """Staffings to begin with: specialists alone, generalists alone, and the scenario's own.

    Parameters
    ----------
    scenario : Scenario
    routing : RoutingTable
    load : numpy.ndarray
        f8[queues, intervals], erlangs.
    cost : numpy.ndarray
        f8[groups], an hour.
    target : Target
    """
    handle_s, patience_s = _times(scenario, routing)
    there = np.array([1 - group.shrinkage for group in scenario.groups.values()])
    found: list[Levels] = []
    for pooled in (False, True):
        carried = shares_of_queues(routing, cost, pooled=pooled) @ load
        levels = np.array(
            [
                [fewest_for(m, handle_s=handle_s, patience_s=patience_s, target=target) for m in row]
                for row in carried.tolist()
            ]
        )
        found.append(np.ceil(levels / there[:, None] - 1e-9).astype(np.int64))
    found.append(own_levels(scenario))
    return found


def _times(scenario: Scenario, routing: RoutingTable) -> tuple[float, float | None]:
    """Mean handle time and patience over all queues and intervals, seconds: only for the formula of the start."""
    handle, patience = [], []
    for queue in routing.queues:
        talk = next((of for group in scenario.groups if (of := scenario.talk_of(queue, group))), ())
        work = scenario.times("after_call_work", queue) or ()
        if talk:
            handle.append(
                float(np.mean([one.mean for one in talk])) + float(np.mean([one.mean for one in work] or [0.0]))
            )
        if waits := scenario.times("patience", queue):
            means = [one.mean for one in waits]
            patience += [mean for mean in means if 0 < mean < 86_400]
    return max(float(np.mean(handle or [180.0])), 1.0), float(np.mean(patience)) if patience else None


def own_levels(scenario: Scenario) -> Levels:
    """i8[groups, intervals]: the scenario's own agents, on average over each interval, rounded up.

    Parameters
    ----------
    scenario : Scenario

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> own_levels(load_scenario("northwind").scenario)[:, 0].tolist()  # at 8:00, before the second shift
    [5, 4, 6, 3, 5, 7]
    """
    table = Staff.of(scenario).table()
    edges = np.asarray(scenario.cut.edges_us, dtype=np.int64)
    levels = np.zeros((len(scenario.groups), scenario.intervals))
    for group, on, off in zip(table.group.tolist(), table.on_us.tolist(), table.off_us.tolist(), strict=True):
        there = np.clip(np.minimum(off, edges[1:]) - np.maximum(on, edges[:-1]), 0, None)
        levels[group] += there / np.diff(edges)
    return np.asarray(np.ceil(levels - 1e-9).astype(np.int64))
