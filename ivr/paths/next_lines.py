"""What can happen next in a call, as lines of a script: every key, silence, a wrong key, every answer."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping

from flows.entries.base import Caller
from flows.model.flow import Flow
from flows.nodes.base_dialogue import NO_MATCH
from flows.nodes.lookup import Lookup
from flows.nodes.split import Split
from flows.protocol.actions import Enqueue, Fetch, Keys, Listen, Outcome
from ivr.paths.beginnings import whole
from ivr.phone.event_words import EVENTS_BY_LINE
from ivr.phone.terminal_phone import Phone

__all__ = ["next_lines"]

_KEYS = "1234567890*#"
_SPOKEN = {"*": "star", "#": "pound"}
_LINES = {event.label: line for line, event in reversed(tuple(EVENTS_BY_LINE.items())) if isinstance(event, Outcome)}
_NUMBERS_OF_ITEMS = (2, 0)
_USUAL = "5"
"""A value that a lookup brings where nothing is known of it."""


def next_lines(flow: Flow, phone: Phone) -> Iterator[tuple[str, ...]]:
    """The steps that a script can take where a call is: each one or two lines.

    Parameters
    ----------
    flow : Flow
    phone : Phone
        A call that goes on.
    """
    waits = phone.waits
    if isinstance(waits, Listen):
        yield from _keyed(flow, phone, waits)
        yield ("wait",)
        return
    if isinstance(waits, Fetch):
        for label in waits.labels:
            line = f"lookup {label.replace('_', ' ')}"
            for given in dict.fromkeys(_brought(flow, waits)) if label not in ("failure", "timeout") else ((),):
                yield (*given, line)
        return
    for label in getattr(waits, "labels", ()):
        if label in _LINES:
            yield (_LINES[label],)
    if isinstance(waits, Enqueue):
        for key in waits.keys:
            yield (f"press {_SPOKEN.get(key, key)}",)


def _keyed(flow: Flow, phone: Phone, listen: Listen) -> Iterator[tuple[str, ...]]:
    """Every key that does something else than the others, one that does nothing, and entries that fit."""
    node, here = flow.nodes[phone.session.node], phone.session.here(flow)
    tried: set[tuple[str, str]] = set()
    for keys in (*_KEYS, *_entries(flow, phone, listen)):
        reading = node.classify(here, Keys(keys))
        outcome = reading.outcome if reading else ""
        whole = keys if len(keys) > 1 else ""  # entries may be told apart by a later split
        if phone.session.reason and outcome != NO_MATCH:
            continue  # asked again, callers can do what they could before: only failing once more leads on
        if outcome and (outcome, whole) not in tried and (outcome == NO_MATCH or outcome in node.outcomes(here)):
            tried.add((outcome, whole))
            yield ("press " + (_SPOKEN.get(keys, keys) if len(keys) == 1 else keys),)


def _entries(flow: Flow, phone: Phone, listen: Listen) -> Iterator[str]:
    """What may be entered where several digits are: a valid entry, and one for each case of the splits that read it."""
    if listen.max_digits < 2:
        return
    node = flow.nodes[phone.session.node]
    into = getattr(node, "into", "")
    usual = dict(node.usual_values(phone.session.phase)).get(into, "") if isinstance(into, str) else ""
    for length in dict.fromkeys((len(usual), listen.max_digits)):
        if length:
            yield ("2" + "0123456789" * 7)[:length]
    if form := getattr(node, "form", None):
        yield form.keyed(Caller(phone.session.language, flow.languages[0], phone.now.date()))
    for other in flow.nodes.values():
        if isinstance(other, Split) and other.value == into:
            length = min(max(len(usual), 1), listen.max_digits)
            for case in other.cases:
                yield f"{case[:-1]:1<{length}}" if case.endswith("*") else case


def _brought(flow: Flow, fetch: Fetch) -> Iterator[tuple[str, ...]]:
    """What a lookup may bring: some items of each list or none, and a value for each case of splits that read it."""
    node = flow.nodes[fetch.name]
    if not isinstance(node, Lookup):
        yield ()
        return
    usual = {name: flow.usual_values.get(name, _USUAL) for name in node.into}
    for number in _NUMBERS_OF_ITEMS if node.lists else (0,):
        yield (*_items(node, number), *_given(usual))
    for other in flow.nodes.values():
        if isinstance(other, Split) and other.value in usual:
            for case in other.cases:
                yield (*_items(node, _NUMBERS_OF_ITEMS[0]), *_given(usual | {other.value: whole(case)}))


def _given(values: Mapping[str, str]) -> Iterator[str]:
    return (f"given {name} = {value}" for name, value in values.items())


def _items(node: Lookup, number: int) -> Iterator[str]:
    """Lines that give a lookup the lists it keeps: some items of each."""
    for name, of in node.lists.items():
        fields = tuple(of.fields) or ("item",)
        rows = [dict.fromkeys(fields, f"{place}") for place in range(1, number + 1)]
        yield f"given {name} = {json.dumps(rows, separators=(',', ':'))}"
