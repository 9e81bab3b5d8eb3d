"""Calls that agents of a group make when nobody waits for them: the numbers to dial, and how many stay idle."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from ivr.records.schema import NEVER
from simulation.arrays import Flags, Times
from simulation.tables.call_table import wrong

__all__ = ["Numbers", "Outbound"]


class Numbers(NamedTuple):
    """Numbers to dial, a row each; microseconds, talk and after-call work at speed 1 and if somebody answers.

    Parameters
    ----------
    ring_us, talk_us, acw_us : numpy.ndarray
        i8[n].
    reached : numpy.ndarray
        b1[n]. Whether somebody answers.
    """

    ring_us: Times
    reached: Flags
    talk_us: Times
    acw_us: Times


@dataclass(frozen=True)
class Outbound:
    """The outbound work of a group.

    Parameters
    ----------
    draw : callable
        The rows of the numbers from the first (from 0) up to another; the same whenever it is asked.
    calls : int
        How many numbers there are; NEVER = without end.
    keep_idle : int
        Agents of the group who must stay idle for one more to dial.

    Examples
    --------
    >>> work = Outbound.of(ring_us=[5, 5], reached=[True, False], talk_us=60)
    >>> work.calls, work.draw(1, 2).reached.tolist()
    (2, [False])
    """

    draw: Callable[[int, int], Numbers]
    calls: int = NEVER
    keep_idle: int = 0

    def __post_init__(self) -> None:
        if self.calls < 0 or self.keep_idle < 0:
            raise wrong(f"outbound calls ({self.calls}) and keep_idle ({self.keep_idle}) must be 0 or more")

    @classmethod
    def of(
        cls,
        *,
        ring_us: Sequence[int],
        reached: Sequence[bool] | bool = True,
        talk_us: Sequence[int] | int = 0,
        acw_us: Sequence[int] | int = 0,
        keep_idle: int = 0,
    ) -> Outbound:
        """Return outbound work of listed numbers; a single value holds for all of them."""
        n = len(ring_us)
        ring, talk, acw = (np.broadcast_to(np.asarray(v, np.int64), n) for v in (ring_us, talk_us, acw_us))
        answers = np.broadcast_to(np.asarray(reached, np.bool_), n)

        def draw(begin: int, end: int) -> Numbers:
            return Numbers(ring[begin:end], answers[begin:end], talk[begin:end], acw[begin:end])

        return cls(draw, n, keep_idle)
