"""Queues that must not be left without anybody: those that today's agents answer, while callers come."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivr.routing import RoutingTable
from simulation.arrays import Flags, Floats, Ints
from simulation.staffing.days import Levels

__all__ = ["CALLS_COME", "Cover"]

CALLS_COME = 0.02
"""Erlangs; below them hardly anybody calls."""


@dataclass(frozen=True)
class Cover:
    """In which intervals each queue needs somebody who answers it, and who can.

    Parameters
    ----------
    able : numpy.ndarray
        bool[queues, groups].
    wanted : numpy.ndarray
        bool[queues, intervals].
    """

    able: Flags
    wanted: Flags

    @classmethod
    def of(cls, routing: RoutingTable, load: Floats, own: Levels, limits: Ints) -> Cover:
        """The cover that today's agents give to queues into which callers come, as far as limits allow it.

        A promise about a whole day could otherwise be kept at least cost by leaving a small queue to itself.

        Parameters
        ----------
        routing : RoutingTable
        load : numpy.ndarray
            f8[queues, intervals], Erlangs.
        own : numpy.ndarray
            i8[groups, intervals]: today's agents.
        limits : numpy.ndarray
            i8[groups]: most agents.

        Examples
        --------
        >>> table = RoutingTable(queues=("a", "b"), groups=("one", "two"), rank=((0, 0), (None, 0)))
        >>> cover = Cover.of(table, np.array([[2.0, 1.0], [1.0, 0.0]]), np.array([[3, 3], [1, 1]]), np.array([9, 9]))
        >>> cover.complete(np.array([[2, 2], [0, 0]])), cover.complete(np.array([[0, 1], [1, 0]]))
        (False, True)
        """
        able = np.array([[rank is not None for rank in row] for row in routing.rank]) & (limits > 0)
        return cls(able, (load >= CALLS_COME) & _covered(able, own))

    @classmethod
    def nowhere(cls, routing: RoutingTable, intervals: int) -> Cover:
        """No queue needs anybody.

        Parameters
        ----------
        routing : RoutingTable
        intervals : int
        """
        queues = len(routing.queues)
        return cls(np.ones((queues, len(routing.groups)), dtype=bool), np.zeros((queues, intervals), dtype=bool))

    def complete(self, levels: Levels) -> bool:
        """Whether nobody is left alone."""
        return not np.any(self.wanted & ~_covered(self.able, levels))

    def added(self, levels: Levels, cost: Floats) -> Levels:
        """The staffing with agents where somebody is left alone: of those who help most queues for their cost.

        Parameters
        ----------
        levels : numpy.ndarray
            i8[groups, intervals].
        cost : numpy.ndarray
            f8[groups, intervals].

        Examples
        --------
        >>> cover = Cover(np.array([[True, True], [False, True]]), np.array([[True], [True]]))
        >>> cover.added(np.array([[0], [0]]), np.array([[1.0], [1.0]])).tolist()
        [[0], [1]]
        """
        levels = levels.copy()
        while (alone := self.wanted & ~_covered(self.able, levels)).any():
            helped = self.able.T.astype(np.int64) @ alone.astype(np.int64)
            best = np.argmax(helped / cost, axis=0)
            for interval in np.flatnonzero(alone.any(axis=0)).tolist():
                levels[best[interval], interval] += 1
        return levels


def _covered(able: Flags, levels: Levels) -> Flags:
    """bool[queues, intervals]: whether somebody on duty may answer."""
    return np.asarray(able.astype(np.int64) @ (levels > 0).astype(np.int64) > 0)
