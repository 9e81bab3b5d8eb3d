"""The words for what happens in a call, as ``--keys`` and call scripts write them."""

from __future__ import annotations

from collections.abc import Mapping

from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH
from flows.protocol.actions import Event, HungUp, Keys, Outcome, Silence, Speech

__all__ = ["EVENTS_BY_LINE", "EVENTS_BY_WORD", "FAILURES", "MUMBLED", "keys_in", "mumbled", "read_keys"]

_EVENTS: tuple[tuple[str, str, Event], ...] = (
    ("wait", "wait", Silence()),
    ("hangup", "hang up", HungUp()),
    ("answer", "answer", Outcome("answered")),
    ("timeout", "timeout", Outcome("timeout")),
    ("full", "full", Outcome("full")),
    ("closed", "closed", Outcome("closed")),
    ("busy", "busy", Outcome("busy")),
    ("no_answer", "no answer", Outcome("no_answer")),
    ("failed", "failed", Outcome("failed")),
    ("declined", "declined", Outcome("declined")),
    ("record", "record", Outcome("recorded")),
    ("empty", "record nothing", Outcome("empty")),
    ("sent", "sent", Outcome("sent")),
    ("no_mobile", "no mobile", Outcome("no_mobile")),
    ("booked", "booked", Outcome("booked")),
    ("taken", "taken", Outcome("taken")),
    ("stopped", "stopped", Outcome("stopped")),
    ("pay_approved", "pay approved", Outcome("paid")),
    ("pay_declined", "pay declined", Outcome("declined")),
    ("pay_not_entered", "pay not entered", Outcome("not_entered")),
    ("pay_cancelled", "pay cancelled", Outcome("cancelled")),
    ("pay_failed", "pay failed", Outcome("failed")),
)
EVENTS_BY_WORD: Mapping[str, Event] = {word: event for word, _, event in _EVENTS}
"""What happens, by its word in ``--keys``."""
EVENTS_BY_LINE: Mapping[str, Event] = {line: event for _, line, event in _EVENTS}
"""What happens, by its line in a call script."""
FAILURES: Mapping[str, str] = {NO_INPUT: "silence", NO_MATCH: "a wrong key"}
"""What a caller does at a question that fails, by its outcome."""
_KEYPAD = frozenset("0123456789*#")
MUMBLED = 0.3
"""Confidence of the recogniser in words that are mumbled: below what any flow is likely to ask for."""


def mumbled(text: str) -> Speech:
    """Words spoken so that the recogniser is not sure of them.

    Examples
    --------
    >>> mumbled("billing")
    Speech(text='billing', confidence=0.3)
    """
    return Speech(text, MUMBLED)


def read_keys(text: str) -> tuple[Event, ...]:
    """The events of ``--keys``: keys, and words for everything that is not a key.

    Words: wait, hangup, answer, timeout, full, closed, busy, no_answer, failed, declined, record, empty, sent,
    no_mobile, booked, taken, stopped, pay_approved, pay_declined, pay_not_entered, pay_cancelled, pay_failed;
    ``lookup:LABEL`` is the answer of a lookup; ``say:WORDS`` speaks, and ``mumble:WORDS`` so that the
    recogniser is not sure.

    Parameters
    ----------
    text : str
        Parts separated by commas; empty parts are skipped.

    Returns
    -------
    tuple of Event

    Raises
    ------
    ValueError
        Names the part that is neither keys nor a word.

    Examples
    --------
    >>> read_keys("1, wait, 0")
    (Keys(keys='1'), Silence(), Keys(keys='0'))
    """
    events: list[Event] = []
    for part in filter(None, (part.strip() for part in text.split(","))):
        word = part.lower().replace("-", "_").replace(" ", "_")
        if word in EVENTS_BY_WORD:
            events.append(EVENTS_BY_WORD[word])
        elif word.startswith("lookup:"):
            events.append(Outcome(word.removeprefix("lookup:")))
        elif part.lower().startswith("say:"):
            events.append(Speech(part[4:].strip()))
        elif part.lower().startswith("mumble:"):
            events.append(mumbled(part[7:].strip()))
        elif part in ("star", "pound") or set(part) <= _KEYPAD:
            events.append(Keys({"star": "*", "pound": "#"}.get(part, part)))
        else:
            known = ", ".join((*EVENTS_BY_WORD, "lookup:label", "say:words", "mumble:words"))
            raise ValueError(f"{part!r} is neither keys nor one of {known}")
    return tuple(events)


def keys_in(argument: str) -> str:
    """The keys after ``press`` in a call script; empty when `argument` holds anything else.

    Examples
    --------
    >>> keys_in("1 star 0"), keys_in("one")
    ('1*0', '')
    """
    keys = argument.replace(" ", "").replace("star", "*").replace("pound", "#")
    return keys if set(keys) <= _KEYPAD else ""
