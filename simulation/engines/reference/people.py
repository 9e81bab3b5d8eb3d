"""Agents during a run, and the hands in which they have chats."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from ivr.records.schema import NONE
from simulation.engines.reference.dialled import Dialled
from simulation.engines.reference.schedule import Happening
from simulation.engines.reference.visit import Visit
from simulation.tables.chats import Chats

__all__ = ["Agent", "Entry", "Hand", "Holder"]

Entry: TypeAlias = "tuple[float, int, Agent]"
"""An agent in a heap of those who can take a call: sort key of the choice, id, agent."""
Holder: TypeAlias = "Agent | Hand"
"""Where a call is while an agent works on it."""


@dataclass(slots=True, eq=False)
class Agent:
    """One agent during a run.

    Parameters
    ----------
    id : int
    turn : int
        The number by which the tie rule orders agents and their hands.
    rows : list of int
        Remaining rows of the staff table, the next one last.
    row, group : int
        The row being worked, and its group; NONE off duty.
    speed : float
    on_us, off_us : int
        When the row began, and when it is due to end.
    calls, worked_us, idle_us : int
        In this row: calls taken, time worked, time idle.
    visit : Visit or None
        The current call.
    dialled : Dialled or None
        The current call that the agent made.
    confers_on : int
        The row of the call that the agent asked a colleague about; NONE if they have not.
    talk_end_us : int
        When the talk ends.
    due : Happening or None
        The event that ends the agent's current activity.
    entry : tuple or None
        The agent's place among the idle; None if not idle.
    idle_since_us : int
    paused_us : int or None
        When the agent's pause began; None if they do not pause.
    chats : Chats or None
        How many chats the agent may have in hand; None if their group does not chat.
    hands : list of Hand
        Where they have them.
    alone : bool
        Whether they have something in hand that is taken alone.
    nothing_since_us : int
        Since when they have nothing in hand and do not pause.
    """

    id: int
    turn: int
    rows: list[int] = field(default_factory=list)
    row: int = NONE
    group: int = NONE
    speed: float = 1.0
    on_us: int = 0
    off_us: int = 0
    calls: int = 0
    worked_us: int = 0
    idle_us: int = 0
    visit: Visit | None = None
    dialled: Dialled | None = None
    confers_on: int = NONE
    talk_end_us: int = 0
    due: Happening[Holder] | None = None
    entry: Entry | None = None
    idle_since_us: int = 0
    paused_us: int | None = None
    chats: Chats | None = None
    hands: list[Hand] = field(default_factory=list)
    alone: bool = False
    nothing_since_us: int = 0

    @property
    def agent(self) -> Agent:
        """Who has what the agent has in hand: as of a ``Hand``."""
        return self

    @property
    def in_hand(self) -> int:
        """How many chats the agent has in hand."""
        return sum(hand.visit is not None for hand in self.hands)

    @property
    def has_room(self) -> bool:
        """Whether the agent may have another chat in hand."""
        return self.chats is not None and not self.alone and self.in_hand < self.chats.at_once


@dataclass(slots=True, eq=False)
class Hand:
    """A place in which an agent has a chat in hand.

    Parameters
    ----------
    agent : Agent
    turn : int
        As that of an agent.
    visit : Visit or None
        The chat; None if there is none.
    talk_end_us : int
        When its talk ends, or has ended.
    wraps : bool
        Whether its talk is over.
    due : Happening or None
        The event that ends its talk, or the work after it.
    """

    agent: Agent
    turn: int
    visit: Visit | None = None
    talk_end_us: int = 0
    wraps: bool = False
    due: Happening[Holder] | None = None
