"""Conference rooms: who is in, when they start, when they end. Source: twilio.com/docs/voice/twiml/conference.

A conference starts when two are in it, one of whom may start it (``startConferenceOnEnter``). It ends when one leaves
whose departure ends it (``endConferenceOnExit``), or the last one; whoever else stays goes on waiting.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from hashlib import md5
from itertools import count

from webhooks.carrier.exchange.leg import Leg
from webhooks.carrier.protocol import LineEvent, OtherParty
from webhooks.carrier.twiml.document import Element

__all__ = ["Participant", "Room", "Rooms"]

Post = Callable[[Leg, LineEvent, Callable[[], bool]], None]


@dataclass
class Participant:
    """A call in a conference.

    Parameters
    ----------
    leg : Leg
    noun : Element
        The <Conference> with which it joined.
    joined_at : datetime
    muted, on_hold, ends : bool
        Whether others hear them not, they are on hold, and their departure ends the conference.
    """

    leg: Leg
    noun: Element
    joined_at: dt.datetime
    muted: bool
    ends: bool
    on_hold: bool = False


@dataclass
class Room:
    """A conference.

    Parameters
    ----------
    sid, name : str
    began_at : datetime
    status : {"init", "in-progress", "completed"}
    participants : list of Participant
    """

    sid: str
    name: str
    began_at: dt.datetime
    status: str = "init"
    participants: list[Participant] = field(default_factory=list)

    def others(self, leg: Leg) -> list[Leg]:
        """The other calls in it."""
        return [each.leg for each in self.participants if each.leg is not leg]


@dataclass
class Rooms:
    """All conferences that are not over, by name; changed only under the exchange's lock.

    Parameters
    ----------
    post : callable
        Tells a call an event, while a condition holds.
    now : callable
        The present time.
    account_sid : str
    """

    post: Post
    now: Callable[[], dt.datetime]
    account_sid: str
    by_name: dict[str, Room] = field(default_factory=dict)
    _serial: count[int] = field(default_factory=count, init=False)

    def room_of(self, leg: Leg) -> Room | None:
        """The conference that a call is in."""
        return next((room for room in self.by_name.values() if any(p.leg is leg for p in room.participants)), None)

    def moved(self, leg: Leg, noun: Element | None) -> None:
        """A call is in the conference of this noun (None: in none), and in no other."""
        before = self.room_of(leg)
        here = next((p for p in before.participants if p.leg is leg), None) if before else None
        if here and here.noun is noun:
            return
        if before and here:
            self._leaves(before, here)
        if noun is not None:
            self._joins(leg, noun)

    def end(self, room: Room) -> None:
        """End a conference for everybody in it."""
        self.by_name.pop(room.name, None)
        left, room.participants, room.status = room.participants, [], "completed"
        for each in left:
            self.tell(each, OtherParty("over"))

    def remove(self, room: Room, leg: Leg) -> None:
        """Take one call out of a conference; its own document goes on."""
        for each in [p for p in room.participants if p.leg is leg]:
            self.tell(each, OtherParty("over"))
            self._leaves(room, each)

    def _joins(self, leg: Leg, noun: Element) -> None:
        name = noun.text
        room = self.by_name.get(name)
        if room is None:
            sid = (
                "CF"
                + md5(f"{self.account_sid} {name} {next(self._serial)}".encode(), usedforsecurity=False).hexdigest()
            )
            room = self.by_name[name] = Room(sid, name, self.now())
        ends, muted = noun.get("endConferenceOnExit") == "true", noun.get("muted") == "true"
        joined = Participant(leg, noun, self.now(), muted, ends)
        room.participants.append(joined)
        starts = any(p.noun.get("startConferenceOnEnter") != "false" for p in room.participants)
        if room.status == "in-progress":
            self._connect(room, joined)
        elif starts and len(room.participants) > 1:
            room.status = "in-progress"
            for each in room.participants:
                self._connect(room, each)

    def _connect(self, room: Room, each: Participant) -> None:
        self.tell(each, OtherParty("answer", ", ".join(other.shown for other in room.others(each.leg))))

    def _leaves(self, room: Room, who: Participant) -> None:
        room.participants = [each for each in room.participants if each is not who]
        if who.ends or not room.participants:
            self.end(room)

    def tell(self, each: Participant, event: LineEvent) -> None:
        """Something happens to a participant, while they are in the conference."""
        self.post(each.leg, event, lambda: each.leg.call.room is each.noun)
