"""How many chats an agent of a group may have in hand, and how much longer each then takes."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from simulation.tables.call_table import wrong

__all__ = ["Chats", "slower_by"]


@dataclass(frozen=True)
class Chats:
    """Chats of one group: several in hand at once. Its agents take what comes in other queues one at a time, alone.

    Parameters
    ----------
    at_once : int
        Most chats in hand.
    slower : tuple of float
        For 1, 2, ... in hand: how much longer each takes, from 1 on, not falling.
    queues : tuple of str
        The queues whose callers chat; empty: all.

    Raises
    ------
    ScenarioError
        If a value is out of range.

    Examples
    --------
    >>> Chats(2, (1, 1.5), ("chat",)).covers("sales")
    False
    """

    at_once: int
    slower: tuple[float, ...]
    queues: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.at_once < 1 or len(self.slower) != self.at_once:
            raise wrong(f"slower has {len(self.slower)} values; it needs one for each of 1 to {self.at_once} in hand")
        if self.slower[0] != 1 or any(later < earlier for earlier, later in itertools.pairwise(self.slower)):
            raise wrong(f"slower is {self.slower}; it must begin with 1 and not fall")

    def covers(self, queue: str) -> bool:
        """Whether the callers of a queue chat."""
        return not self.queues or queue in self.queues


def slower_by(left_us: int, before: float, after: float) -> int:
    """Microseconds that are left of a chat when the factor on its time changes, half to even.

    >>> slower_by(1_000_000, 1, 1.5), slower_by(1_500_000, 1.5, 1)
    (1500000, 1000000)
    """
    return left_us if before == after else round(left_us * after / before)
