"""Intervals in which nobody calls: agents of today who are there then are no part of a comparison."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulation.arrays import Floats, Ints
from simulation.scenario.model import Scenario
from simulation.staffing.cover import CALLS_COME
from simulation.staffing.days import Levels
from simulation.staffing.money import as_paid
from simulation.workload.build_staff_table import Staff

__all__ = ["Paid", "closed_intervals", "paid", "reported"]


@dataclass(frozen=True)
class Paid:
    """What agents are paid for while callers come, and what comes on top while nobody does.

    Parameters
    ----------
    hours, cost : float
    idle_hours, idle_cost : float
    """

    hours: float
    cost: float
    idle_hours: float = 0.0
    idle_cost: float = 0.0

    def costs(self, costs: Mapping[str, float]) -> dict[str, float]:
        """Measures of money of days on which the idle are counted, without them."""
        return as_paid(costs, costs.get("cost_agents", 0.0) - self.idle_cost) if self.idle_cost else dict(costs)


def closed_intervals(load: Floats, levels: Levels) -> tuple[int, ...]:
    """Intervals into which hardly anybody calls, and for which nobody was found to be needed.

    Parameters
    ----------
    load : numpy.ndarray
        f8[queues, intervals], Erlangs.
    levels : numpy.ndarray
        i8[groups, intervals].

    Examples
    --------
    >>> closed_intervals(np.array([[0.0, 3.0, 0.01]]), np.array([[0, 4, 1]]))
    (0,)
    """
    nobody = (load.sum(axis=0) < CALLS_COME) & (levels.sum(axis=0) == 0)
    return tuple(np.flatnonzero(nobody).tolist())


def reported(scenario: Scenario, closed: Sequence[int]) -> tuple[int, ...]:
    """The same intervals as the results count them, which begin after the warm-up.

    Parameters
    ----------
    scenario : Scenario
    closed : sequence of int
    """
    before = scenario.intervals - len(scenario.reported)
    return tuple(interval - before for interval in closed if interval >= before)


def paid(staff: Staff, hourly: Floats, closed: Sequence[int]) -> Paid:
    """What agents are paid for; hours in closed intervals are told apart.

    Parameters
    ----------
    staff : Staff
    hourly : numpy.ndarray
        f8[groups]: what an hour costs.
    closed : sequence of int
        Intervals in which nobody calls.
    """
    hours = np.array([team.hours for team in staff.teams])
    idle = hours * _share(staff, staff.scenario, np.asarray(closed, dtype=np.int64))
    at_work = hours - idle
    return Paid(
        float(at_work.sum()), float(at_work @ hourly), idle_hours=float(idle.sum()), idle_cost=float(idle @ hourly)
    )


def _share(staff: Staff, scenario: Scenario, closed: Ints) -> Floats:
    """f8[groups]: the part of the time of each group that lies in some intervals."""
    table = staff.table()
    edges = np.asarray(scenario.cut.edges_us, dtype=np.int64)
    begin, end = table.on_us[:, None], table.off_us[:, None]
    inside = np.clip(np.minimum(end, edges[closed + 1]) - np.maximum(begin, edges[closed]), 0, None).sum(axis=1)
    all_of, some = np.zeros(len(scenario.groups)), np.zeros(len(scenario.groups))
    np.add.at(all_of, table.group, table.off_us - table.on_us)
    np.add.at(some, table.group, inside)
    return np.asarray(some / np.maximum(all_of, 1))
