"""The rules of a queue apart from routing: its room, announcements and how callers react, and callbacks."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from ivr.records.schema import NEVER
from simulation.tables.call_table import wrong

__all__ = ["ESTIMATORS", "QueueRule"]

ESTIMATORS = ("queue_length", "head_of_line", "last_to_enter")
"""Estimators of the wait of a call that joins the queue, in whole microseconds:

queue_length
    (calls waiting in the queue + 1) * m // n, with n agents on duty who may serve it and m the sum of their handle
    times, each at the agent's speed, // n. With nobody on duty: (calls waiting + 1) * mean handle time of the groups
    that may serve.
head_of_line
    How long the first in line has waited since it joined; with several urgencies, the longest such wait; 0 if nobody
    waits.
last_to_enter
    How long the call that was answered last had waited since it joined; 0 before any answer.

Ibrahim and Whitt, "Real-time delay estimation based on delay history",
Manufacturing & Service Operations Management 11(3), 2009, sections 2 and 3.
"""


@dataclass(frozen=True)
class QueueRule:
    """The rules of one queue, apart from routing.

    Parameters
    ----------
    capacity : int
        Callers who may wait on the line; the next one finds the queue full. Callers who wait for a callback do not
        count.
    mean_handle_us : int
        Mean talk and after-call work of all groups, for the queue-length estimator, if groups are alike or nobody is on
        duty.
    handle_us : tuple of int
        The same by group, at speed 1. Empty: `mean_handle_us` for all.
    announces : bool
        Whether callers who must wait are told the expected wait.
    estimator : str
        One of ESTIMATORS: its value is announced, and compared with `callback_above_us`.
    told_us : tuple of int
        Ascending bounds from 0 on: step i holds for an announced wait from told_us[i] up to told_us[i + 1]. Empty:
        announcements change nothing.
    balk_share, patience_factor : tuple of float
        For each step: the share of callers who leave at once, and the factor on the patience of those who stay.
    callback_above_us : int
        Callers are offered a callback when the expected wait is at least this long; NEVER = no offer.
    callback_share : float
        Share of callers who accept the offer.
    callback_attempts : int
        Most attempts to call a caller back.
    callback_again_us : int
        Time from an unanswered attempt to the next place in the queue.

    Raises
    ------
    ScenarioError
        If a value is out of range or the steps do not ascend from 0.

    Examples
    --------
    >>> rule = QueueRule(announces=True, told_us=(0, 120_000_000), balk_share=(0, 0.3), patience_factor=(1, 1.5))
    >>> rule.step(130_000_000)
    1
    """

    capacity: int = NEVER
    mean_handle_us: int = 0
    handle_us: tuple[int, ...] = ()
    announces: bool = False
    estimator: str = "queue_length"
    told_us: tuple[int, ...] = ()
    balk_share: tuple[float, ...] = ()
    patience_factor: tuple[float, ...] = ()
    callback_above_us: int = NEVER
    callback_share: float = 1.0
    callback_attempts: int = 1
    callback_again_us: int = 0

    def __post_init__(self) -> None:
        if self.estimator not in ESTIMATORS:
            raise wrong(f"the estimator is '{self.estimator}'; it must be one of {', '.join(ESTIMATORS)}")
        if min(self.capacity, self.mean_handle_us, self.callback_above_us, self.callback_again_us, *self.handle_us) < 0:
            raise wrong(
                "capacity, mean_handle_us, handle_us, callback_above_us and callback_again_us must be 0 or more"
            )
        if self.callback_attempts < 1:
            raise wrong(f"callback_attempts is {self.callback_attempts}; it must be 1 or more")
        if not len(self.told_us) == len(self.balk_share) == len(self.patience_factor):
            raise wrong("told_us, balk_share and patience_factor need one value for each step")
        if self.told_us and (self.told_us[0] != 0 or any(a >= b for a, b in itertools.pairwise(self.told_us))):
            raise wrong(f"told_us is {self.told_us}; it must ascend from 0")
        if not all(0 <= share <= 1 for share in (*self.balk_share, self.callback_share)):
            raise wrong("balk_share and callback_share must be from 0 to 1")
        if not all(0 <= factor < 1e6 for factor in self.patience_factor):
            raise wrong("patience_factor must be 0 or more and below a million")

    @property
    def needs_chance(self) -> bool:
        """Whether the uniforms of a call are read."""
        return bool(self.told_us and self.announces) or self.callback_above_us < NEVER

    def step(self, announced_us: int) -> int:
        """The step into which an announced wait falls."""
        return sum(bound <= announced_us for bound in self.told_us) - 1

    def handle_of(self, group: int, speed: float) -> int:
        """Mean time that an agent of a group spends on a call, in whole microseconds.

        Examples
        --------
        >>> QueueRule(handle_us=(100, 300)).handle_of(1, 2.0)
        150
        """
        us = self.handle_us[group] if self.handle_us else self.mean_handle_us
        return us if speed == 1 else round(us / speed)
