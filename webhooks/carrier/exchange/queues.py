"""The queues of an exchange: who waits, in which place, for how long.

Source: twilio.com/docs/voice/api/queue-resource.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from webhooks.carrier.exchange.leg import Leg
from webhooks.carrier.exchange.time import Time
from webhooks.carrier.protocol import QueueState

__all__ = ["MOST", "Member", "Queues"]

MOST = 1_000
"""``MaxQueueSize`` of a queue."""


@dataclass(frozen=True)
class Member:
    """A call in a queue, and when it joined, in seconds of the exchange."""

    leg: Leg
    joined_s: float


@dataclass
class Queues:
    """All queues, by name, in the order of joining; changed only under the exchange's lock."""

    time: Time
    by_name: dict[str, list[Member]] = field(default_factory=dict)

    def place(self, leg: Leg, name: str) -> QueueState:
        """The state of a queue for a call, which joins it unless it has."""
        self.moved(leg, name)
        members = self.by_name[name]
        position = next(i for i, member in enumerate(members, 1) if member.leg is leg)
        return QueueState(position, len(members), MOST, self.average_s(name))

    def moved(self, leg: Leg, name: str) -> None:
        """A call is in this queue (empty: in none) and in no other."""
        for other, members in self.by_name.items():
            if other != name:
                members[:] = [member for member in members if member.leg is not leg]
        if name and all(member.leg is not leg for member in self.by_name.setdefault(name, [])):
            self.by_name[name].append(Member(leg, self.time.now_s))

    def leaves(self, leg: Leg, name: str) -> None:
        """A call leaves a queue."""
        self.by_name[name] = [member for member in self.by_name[name] if member.leg is not leg]

    def average_s(self, name: str) -> int:
        """How long those who wait have waited on average, in seconds."""
        members = self.by_name.get(name, [])
        return int(sum(self.time.now_s - m.joined_s for m in members) / len(members)) if members else 0
