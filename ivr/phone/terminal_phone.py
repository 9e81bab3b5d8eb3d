"""A phone for the terminal and for scripts: dials a flow, presses keys, and notes what is heard and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from flows.analysis.leg_time import Act, act
from flows.display.numbers import duration
from flows.model.flow import Flow
from flows.protocol.actions import (
    EFFECTS,
    Action,
    Book,
    Enqueue,
    Event,
    Fetch,
    HungUp,
    Keys,
    Listen,
    Outcome,
    Passed,
    Pay,
    Say,
    Send,
    Silence,
    Speech,
    Start,
)
from flows.speech.timing import DIGIT_S, say_s
from ivr.interpreter.clock_and_chance import Switched, advance
from ivr.interpreter.session import Session

__all__ = ["Phone", "Turn", "fits", "in_words", "taken"]


@dataclass(frozen=True)
class Turn:
    """What one event led to.

    Parameters
    ----------
    at_s : float
        When the event happened, seconds since the call began.
    did : str
        What the caller (or the other side) did, in words; empty at the start.
    said : tuple of (node, Say)
        What was said then, and at which node.
    passed : tuple of Passed
    waits : Action or None
        What the call waits for; None when it has ended.
    keys : int
        Key presses for it; an entered number counts as one.
    event : Event or None
        What happened; None at the start.
    """

    at_s: float
    did: str
    said: tuple[tuple[str, Say], ...]
    passed: tuple[Passed, ...]
    waits: Action | None
    keys: int = 0
    event: Event | None = None


@dataclass
class Phone:
    """One call to a flow.

    Parameters
    ----------
    flow : Flow
    now : datetime
        When the call begins, with a time zone.
    start : Start
        The caller and what is known about them.
    call : str
        Identity of the call, which decides its draws.
    answers : mapping of str to Outcome
        Stated answers by node: of lookups and other services (see `settle`), and of draws.
    switched : mapping of str to dict
        The switches that are on, and their messages by language.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "hi", "nodes": {
    ...     "hi": {"type": "play", "say": "Hello.", "next": "bye"}, "bye": {"type": "hangup"}}})
    >>> phone = Phone(flow, dt.datetime(2026, 11, 23, 9, tzinfo=dt.timezone.utc))
    >>> [say.text for _, say in phone.dial().said], phone.ended, phone.session.outcome
    (['Hello.'], True, 'contained')
    """

    flow: Flow
    now: dt.datetime
    start: Start = field(default_factory=Start)
    call: str = ""
    answers: Mapping[str, Outcome] = field(default_factory=dict)
    switched: Switched = field(default_factory=dict)
    session: Session = field(default_factory=Session, init=False)
    turns: list[Turn] = field(default_factory=list, init=False)
    elapsed_s: float = field(default=0.0, init=False)

    @property
    def ended(self) -> bool:
        """True once the call is over."""
        return self.session.ended

    @property
    def waits(self) -> Action | None:
        """What the call waits for."""
        return self.turns[-1].waits if self.turns else None

    @property
    def key_presses(self) -> int:
        """Key presses so far."""
        return sum(turn.keys for turn in self.turns)

    @property
    def path(self) -> tuple[tuple[str, str], ...]:
        """Nodes and outcomes so far."""
        return tuple((p.node, p.outcome) for turn in self.turns for p in turn.passed)

    def dial(self) -> Turn:
        """Begin the call."""
        return self._advance(self.start, "", 0)

    def send(self, event: Event, did: str = "") -> Turn:
        """Make one event happen; `did` describes it in words for the transcript."""
        return self._happens(event, self._takes_s(event), self._act(event).presses, did)

    def press(self, keys: str) -> None:
        """Press keys one after the other: each node that listens takes what it needs and leaves the rest to the next.

        Keys after an answer that failed, or where nothing listens, are lost.
        """
        ahead = False
        while keys and not self.ended:
            self.settle()
            waits = self.waits
            if not isinstance(waits, Listen):
                self.send(Outcome(f"key {keys}") if isinstance(waits, Enqueue) else Keys(keys))
                return
            event, keys, finished = taken(waits, keys)
            keyed = len(event.keys) + finished
            pause_s = 0.0 if keys else self._act(event, finished=finished).pause_s
            seconds = DIGIT_S * keyed + pause_s if ahead else self._takes_s(event, finished=finished)
            self._happens(event, seconds, 1)
            if self.session.reason:
                return
            ahead = True

    def settle(self, *, assume: bool = False) -> None:
        """Let services answer as stated in `answers`; with `assume`, messages are also sent and callbacks booked."""
        while isinstance(self.waits, EFFECTS) and not self.ended:
            stated = self.answers.get(self.waits.name)
            if stated and stated.label in self.waits.labels:
                self.send(stated)
            elif assume and not isinstance(self.waits, Fetch):
                self.send(Outcome(self.waits.labels[0]))
            else:
                return

    def _happens(self, event: Event, takes_s: float, keys: int, did: str = "") -> Turn:
        self.elapsed_s += takes_s
        return self._advance(event, did or in_words(event, self.waits), keys)

    def _advance(self, event: Event, did: str, keys: int) -> Turn:
        at_s = self.elapsed_s
        # Seconds are added in UTC: in local time they would move the wall clock across a change of clocks.
        moment = (self.now.astimezone(dt.UTC) + dt.timedelta(seconds=at_s)).astimezone(self.now.tzinfo)
        self.session, actions = advance(
            self.flow, self.session, event, moment, call=self.call, answers=self.answers, switched=self.switched
        )
        turn = replace(_turn(at_s, did, actions, self.session, keys), event=None if event is self.start else event)
        self.turns.append(turn)
        self.elapsed_s += sum(say_s(say) for _, say in turn.said if not say.barge_in)
        if isinstance(turn.waits, Enqueue) and turn.waits.room == 0:
            return self._advance(Outcome("full"), "finds the queue full", 0)
        return turn

    def _takes_s(self, event: Event, *, finished: bool = False) -> float:
        """Seconds until the event: callers act on hearing their option and hang up at once; before a time-out they
        hear everything; the wait for an agent takes no time.
        """
        if isinstance(event, HungUp):
            return 0.0
        heard_s = 0.0
        if isinstance(self.waits, Listen):
            here, node = self.session.here(self.flow), self.flow.nodes[self.session.node]
            reading = None if isinstance(event, Silence) else node.classify(here, event)
            heard_s = node.heard_s(here, reading.outcome if reading else "")
        return heard_s + self._act(event, finished=finished).seconds

    def _act(self, event: Event, *, finished: bool = False) -> Act:
        label = event.label if isinstance(event, Outcome) else ""
        belongs = isinstance(self.waits, Listen) or label in getattr(self.waits, "labels", ())
        return act(self.waits, event, label, finished=finished) if belongs else Act()


def taken(listen: Listen, keys: str) -> tuple[Keys, str, bool]:
    """What a node that listens takes of `keys`, what it leaves, and whether its finish key ended the entry.

    Examples
    --------
    >>> listen = Listen((), 6, "#", 5.0, 3.0, "en-US")
    >>> taken(listen, "1234#1"), taken(listen, "1234567")
    ((Keys(keys='1234'), '1', True), (Keys(keys='123456'), '7', False))
    """
    mine = keys[: listen.max_digits]
    if listen.finish_key and listen.finish_key in keys[: listen.max_digits + 1]:
        end = keys.index(listen.finish_key)
        return Keys(keys[:end]), keys[end + 1 :], True
    return Keys(mine), keys[len(mine) :], False


def _turn(at_s: float, did: str, actions: tuple[Action, ...], after: Session, keys: int) -> Turn:
    """Actions as a turn; what is said belongs to the node passed next, or to the current node."""
    said: list[tuple[str, Say]] = []
    passed: list[Passed] = []
    pending: list[Say] = []
    for action in actions:
        if isinstance(action, Say):
            pending.append(action)
        elif isinstance(action, Passed):
            said += [(action.node, say) for say in pending]
            pending = []
            passed.append(action)
    said += [(after.node, say) for say in pending]
    waits = actions[-1] if actions and not after.ended else None
    return Turn(at_s, did, tuple(said), tuple(passed), waits, keys)


def in_words(event: Event, waits: Action | None = None) -> str:
    """An event as the transcript describes it; the answer to a node that takes a secret is masked.

    Examples
    --------
    >>> in_words(Keys("12")), in_words(Silence())
    ('presses 1 2', 'says nothing')
    >>> in_words(Keys("4021"), Listen((), 4, "#", 5.0, 3.0, "en-US", sensitive=True))
    'presses • • • •'
    """
    secret = isinstance(waits, Listen) and waits.sensitive
    if isinstance(event, Keys):
        return (
            f"presses {' '.join('•' * len(event.keys) if secret else event.keys)}"
            if event.keys
            else "presses pound alone"
        )
    if isinstance(event, Speech):
        return "says •••" if secret else f"says “{event.text}”"
    if isinstance(event, Silence):
        return "says nothing"
    if isinstance(event, HungUp):
        return "hangs up"
    if isinstance(event, Outcome):
        return _answered(event.label.replace("_", " "), waits)
    return ""


def _answered(label: str, waits: Action | None) -> str:
    """What a service answered."""
    match waits:
        case Fetch():
            return f"lookup {waits.name}: {label}"
        case Send():
            what = "WhatsApp message" if waits.channel == "whatsapp" else "text message"
            later = f" after {duration(waits.after_s)}" if waits.after_s else ""
            return f"{what} to {waits.to or 'nobody'}{later}, {label}: “{waits.text}”"
        case Pay():
            return f"payment of {waits.amount} {waits.currency} by card: {label}"
        case Book():
            return f"callback to {waits.number}, {waits.window}: {label}"
        case _:
            return label


def fits(waits: Action | None, event: Event) -> Event:
    """`event` as the awaited action takes it: a key pressed in a queue is an outcome, a finish key is left out."""
    if isinstance(waits, Enqueue) and isinstance(event, Keys):
        return Outcome(f"key {event.keys}")
    if isinstance(waits, Listen) and isinstance(event, Keys):
        return taken(waits, event.keys)[0]
    return event
