"""Who and what is on the floor: calls, their visits to queues, agents."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.support.models.staffing import Person, Row
from tests.support.models.walks import Leg, Way


@dataclass(eq=False)
class Call:
    """One attempt of one caller."""

    id: int
    intent: str
    attempt: int
    nominal_us: int
    menu: Way
    first_patience_us: int | None
    arrived: int | None = None
    menu_us: int = 0
    keys: int = 0
    outcome: str | None = None
    ended: int = -1
    answered: bool = False
    tried: int = 0
    visits: list[Visit] = field(default_factory=list)


@dataclass(eq=False)
class Visit:
    """One row of visits."""

    call: Call
    leg: Leg
    queue: str
    offered: int
    place: int
    patience: int | None
    called_back: bool = False
    remaining: int | None = None
    answered: int = -1
    left: int = -1
    result: str = ""
    agent: Agent | None = None
    talk: int = 0
    acw: int = 0
    announced: int = -1
    asker: Agent | None = None
    until: int = 0
    wraps: bool = False
    moved: int = 0


@dataclass(eq=False)
class Dialled:
    """One row of outbound; nobody but the agent who dialled can finish it."""

    agent: Agent
    dialled: int
    ring: int
    reached: bool
    talk: int
    acw: int
    called_back: bool = True


@dataclass(eq=False)
class Agent:
    """One agent, in one row after another."""

    id: int
    person: Person
    records: list[list[int]] = field(default_factory=list)
    state: str = "off"
    since: int = 0
    until: int = 0
    taken: int = 0
    visit: Visit | Dialled | None = None
    confers: bool = False
    turn: int = 0
    chats: dict | None = None
    hand: list[Visit | None] = field(default_factory=list)
    takes: bool = False
    worked: int = 0
    seen: int = 0

    @property
    def in_hand(self) -> int:
        """How many chats the agent has in hand, or calls."""
        return sum(visit is not None for visit in self.hand)

    def covers(self, queue: str) -> bool:
        """Whether the callers of a queue chat with the agent."""
        return bool(self.chats) and queue in self.chats.get("queues", [queue])

    @property
    def row(self) -> Row:
        """The row the agent is in, was last in or will be in next."""
        return self.person.rows[len(self.records) - 1]
