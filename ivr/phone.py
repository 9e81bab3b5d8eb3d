"""A phone for the terminal and for scripts: it dials a flow, presses keys, and writes down what is heard and when."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from flows.model import Flow
from flows.protocol import (
    Action, Enqueue, Event, HungUp, Keys, Listen, Outcome, Passed, Say, Silence, Speech, Start,
)  # fmt: skip
from flows.timing import DECISION_S, DIGIT_S, SYSTEM_GAP_S, say_s
from ivr.asks import advance
from ivr.session import Session

__all__ = ["Phone", "Turn", "fits", "in_words", "read_keys"]

@dataclass(frozen=True)
class Turn:
    """What one event led to.

    Parameters
    ----------
    at_s : float
        Seconds since the call began when the event happened.
    did : str
        What the caller (or the other side) did, in words; empty at the beginning.
    said : tuple of (node, Say)
        What was then said, and where.
    passed : tuple of Passed
    waits : Action or None
        What the call waits for; None when it has ended.
    """

    at_s: float
    did: str
    said: tuple[tuple[str, Say], ...]
    passed: tuple[Passed, ...]
    waits: Action | None


@dataclass
class Phone:
    """One call to a flow.

    Parameters
    ----------
    flow : Flow
    now : datetime
        When the call begins, with a time zone.
    start : Start
        Who calls.

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
    session: Session = field(default_factory=Session, init=False)
    turns: list[Turn] = field(default_factory=list, init=False)
    elapsed_s: float = field(default=0.0, init=False)

    @property
    def ended(self) -> bool:
        """True once the line is dead."""
        return self.session.ended

    @property
    def waits(self) -> Action | None:
        """What the call waits for."""
        return self.turns[-1].waits if self.turns else None

    @property
    def path(self) -> tuple[tuple[str, str], ...]:
        """Nodes and outcomes so far."""
        return tuple((p.node, p.outcome) for turn in self.turns for p in turn.passed)

    def dial(self) -> Turn:
        """Begin the call."""
        return self._advance(self.start, "")

    def send(self, event: Event, did: str = "") -> Turn:
        """Do something; `did` says it in words for the transcript."""
        self.elapsed_s += self._takes_s(event)
        return self._advance(event, did or in_words(event))

    def _advance(self, event: Event, did: str) -> Turn:
        at_s = self.elapsed_s
        moment = self.now + dt.timedelta(seconds=at_s)
        self.session, actions = advance(self.flow, self.session, event, moment)
        turn = _turn(at_s, did, actions, self.session)
        self.turns.append(turn)
        self.elapsed_s += sum(say_s(say) for _, say in turn.said if not say.barge_in)
        return turn

    def _takes_s(self, event: Event) -> float:
        """Seconds until the event: a caller acts on hearing the option, a time-out hears it all; waiting counts nothing."""
        waits = self.waits
        if not isinstance(waits, Listen) or isinstance(event, HungUp):
            return 0.0
        here = self.session.here(self.flow)
        node = self.flow.nodes[self.session.node]
        spoken = tuple(say for _, say in self.turns[-1].said if say.barge_in)
        whole = sum(map(say_s, spoken))
        if isinstance(event, Silence):
            return whole + waits.timeout_s
        reading = node.classify(here, event)
        heard = min(whole, node.heard_s(here, reading.outcome if reading else "")) if waits.keys else whole
        keys = len(event.keys) if isinstance(event, Keys) else 1
        return heard + DECISION_S + SYSTEM_GAP_S + DIGIT_S * max(0, keys - 1)


def _turn(at_s: float, did: str, actions: tuple[Action, ...], after: Session) -> Turn:
    """Actions as a turn; what is said belongs to the node passed next, or to where the call now stands."""
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
    return Turn(at_s, did, tuple(said), tuple(passed), waits)


_WORDS: Mapping[str, Event] = {
    "wait": Silence(),
    "hangup": HungUp(),
    "answer": Outcome("answered"),
    "timeout": Outcome("timeout"),
    "full": Outcome("full"),
    "closed": Outcome("closed"),
    "busy": Outcome("busy"),
    "no_answer": Outcome("no_answer"),
    "failed": Outcome("failed"),
    "record": Outcome("recorded"),
    "empty": Outcome("empty"),
}


def in_words(event: Event) -> str:
    """An event as the transcript says it.

    Examples
    --------
    >>> in_words(Keys("12")), in_words(Silence())
    ('presses 1 2', 'says nothing')
    """
    if isinstance(event, Keys):
        return f"presses {' '.join(event.keys)}"
    if isinstance(event, Speech):
        return f"says “{event.text}”"
    if isinstance(event, Silence):
        return "says nothing"
    if isinstance(event, HungUp):
        return "hangs up"
    if isinstance(event, Outcome):
        return event.label.replace("_", " ")
    return ""


def read_keys(text: str) -> tuple[Event, ...]:
    """Events of ``--keys``: keys, and words for everything that is no key.

    Words: wait, hangup, answer, timeout, full, closed, busy, no_answer, failed, record, empty; ``say:...`` speaks.

    Raises
    ------
    ValueError
        Names the part that is neither.

    Examples
    --------
    >>> read_keys("1, wait, 0")
    (Keys(keys='1'), Silence(), Keys(keys='0'))
    """
    events: list[Event] = []
    for part in (p.strip() for p in text.split(",")):
        word = part.lower().replace("-", "_").replace(" ", "_")
        if not part:
            continue
        if word in _WORDS:
            events.append(_WORDS[word])
        elif part.lower().startswith("say:"):
            events.append(Speech(part[4:].strip()))
        elif part in ("star", "pound") or set(part) <= set("0123456789*#"):
            events.append(Keys({"star": "*", "pound": "#"}.get(part, part)))
        else:
            raise ValueError(f"{part!r} is neither keys nor one of {', '.join(_WORDS)}, say:words")
    return tuple(events)


def fits(waits: Action | None, event: Event) -> Event:
    """`event` as the awaited action wants it: keys while waiting in a queue are its outcomes."""
    if isinstance(waits, Enqueue) and isinstance(event, Keys):
        return Outcome(f"key {event.keys}")
    if isinstance(waits, Listen) and isinstance(event, Keys) and waits.finish_key and event.keys != waits.finish_key:
        return Keys(event.keys.rstrip(waits.finish_key)) if len(event.keys) > 1 else event
    if isinstance(waits, Listen) and isinstance(event, Keys) and event.keys == waits.finish_key:
        return Keys("")
    return event
