"""A call that was made, as a call script: what was done, what was heard, how it ended."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from flows.model.flow import Flow
from flows.nodes.split import Split
from flows.protocol.actions import Action, Event, Fetch, HungUp, Keys, Listen, Outcome, Pay, Silence, Speech
from ivr.paths.search import Way
from ivr.paths.write_script import scripts_text
from ivr.phone.call_time import zone_of
from ivr.phone.event_words import EVENTS_BY_LINE, MUMBLED
from ivr.phone.terminal_phone import Phone

__all__ = ["saved_call", "secret_entries"]

_FILLER = "1234567890"
_PAYMENTS = "pay "


def saved_call(flow: Flow, phone: Phone) -> str:
    """The script of a call, which goes the same way when it is played.

    What callers enter in secret is written as other digits of the same number.

    Parameters
    ----------
    flow : Flow
    phone : Phone
        A call that has been made, or has come some way.

    Examples
    --------
    >>> import datetime as dt
    >>> from flows.model.load import load_text
    >>> flow = load_text("{ivr: 1, name: L, start: a, nodes: {a: {type: menu, choices: [{key: 1, label: news, next: b},"
    ...     "{key: 2, label: sports, next: b}], otherwise: b}, b: {type: hangup, say: Bye.}}}").flow
    >>> phone = Phone(flow, dt.datetime(2026, 11, 23, 10, 0, tzinfo=dt.timezone.utc))
    >>> _ = phone.dial()
    >>> phone.press("2")
    >>> print(saved_call(flow, phone), end="")
    call: At 2026-11-23 10:00, sports
      at 2026-11-23 10:00
      hear "For news, press 1."
      hear "For sports, press 2."
      press 2
      hear "Bye."
      expect node b
      ends contained
    """
    steps = (line for before, turn in pairwise(phone.turns) for line in _step(turn.event, before.waits))
    return scripts_text(flow, [Way((*_settings(flow, phone), *steps), frozenset())])


def secret_entries(phone: Phone) -> int:
    """How many entries of a call were made in secret."""
    return sum(_secret(turn.event, before.waits) for before, turn in pairwise(phone.turns))


def _secret(event: Event | None, waits: Action | None) -> bool:
    return isinstance(event, Keys) and isinstance(waits, Listen) and waits.sensitive


def _settings(flow: Flow, phone: Phone) -> Iterator[str]:
    start = phone.start
    yield f"at {phone.now.astimezone(zone_of(flow)):%Y-%m-%d %H:%M}"
    yield from (f"{side} {number}" for side, number in (("from", start.ani), ("to", start.dnis)) if number)
    if start.language:
        yield f"language {start.language}"
    yield from (f"given {name} = {value}" for name, value in start.values.items())
    for name, messages in phone.switched.items():
        message = messages.get(flow.languages[0], "")
        yield f"switch {name} = on{f': {message}' if message else ''}"
    for name, outcome in dict.fromkeys(phone.path):
        node = flow.nodes[name]
        if isinstance(node, Split) and outcome in node.shares:
            yield f"draw {name} = {outcome}"


def _step(event: Event | None, waits: Action | None) -> Iterator[str]:
    """The lines of one thing that happened, given what the call waited for; none for what did not fit there."""
    if isinstance(event, Keys | Speech | Silence) and not isinstance(waits, Listen):
        return
    if isinstance(event, Outcome) and event.label not in getattr(waits, "labels", ()):
        return
    match event:
        case Keys(keys):
            shown = (_FILLER * len(keys))[: len(keys)] if _secret(event, waits) else keys
            yield f"press {shown.replace('*', 'star').replace('#', 'pound')}"
        case Speech(text, confidence):
            yield f"{'say' if confidence > MUMBLED else 'mumble'} {text}"
        case Silence():
            yield "wait"
        case HungUp():
            yield "hang up"
        case Outcome(label, values) if isinstance(waits, Fetch):
            yield from (f"given {name} = {value}" for name, value in values.items())
            yield f"lookup {label.replace('_', ' ')}"
        case Outcome(label) if label.startswith("key "):
            yield f"press {label.removeprefix('key ').replace('*', 'star').replace('#', 'pound')}"
        case Outcome(label):
            paying = isinstance(waits, Pay)
            for line, other in EVENTS_BY_LINE.items():
                if other == Outcome(label) and line.startswith(_PAYMENTS) == paying:
                    yield line
                    return
