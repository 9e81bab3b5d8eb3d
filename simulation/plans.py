"""What a scenario's callers press, as words: for whoever drives a real line with them.

A plan is written as ``ivr call --keys`` takes it. Callers walk the menus as in the simulation; whoever joins a queue is answered,
and whoever has heard what he wanted hangs up.
"""

from __future__ import annotations

from collections.abc import Iterator

from flows.leg_time import number as usual_number
from flows.model import Flow
from flows.protocol import Dial, Event, Keys, Listen, Record, Silence, Speech
from ivr.chain import State
from simulation.callers import Prepared, callers_of
from simulation.streams import Streams
from simulation.tables import OFFERED
from simulation.walk import walk

__all__ = ["plans"]

_WORDS = {"answered": "answer", "recorded": "record"}
_DIGITS = "40172395681047263958"


def plans(prepared: Prepared, count: int, *, seed: int) -> Iterator[str]:
    """What each of the first `count` callers does.

    Parameters
    ----------
    prepared : Prepared
    count : int
    seed : int
        The same seed gives the same callers as `ivr simulate`, replication after replication.
    """
    replication = 0
    while count > 0:
        made = _of_replication(prepared, Streams(seed, replication))[:count]
        yield from made
        count, replication = count - len(made), replication + 1


def _of_replication(prepared: Prepared, streams: Streams) -> list[str]:
    rules = prepared.rules
    flow = rules.chain.flow
    menus = walk(rules, callers_of(prepared, streams), streams, record=True)
    words: list[list[str]] = [[] for _ in menus.ending]
    known: dict[tuple[int, int], str] = {}
    for callers, positions, edges in menus.steps:
        for caller, at, edge in zip(callers.tolist(), positions.tolist(), edges.tolist(), strict=True):
            if (at, edge) not in known:
                label = rules.chain.label[at][edge] if edge >= 0 else ""
                known[at, edge] = _word(flow, rules.chain.states[at], label) if edge >= 0 else "hangup"
            if known[at, edge]:
                words[caller].append(known[at, edge])
    for caller, ending in enumerate(menus.ending.tolist()):
        if ending == OFFERED:
            words[caller].append("answer")
    return [",".join(done) for done in words]


def _word(flow: Flow, state: State, label: str) -> str:
    """What leads to an outcome; empty where it is not the caller's or the other side's doing."""
    waits = state.waits
    if isinstance(waits, Dial | Record):
        return _WORDS.get(label, label)
    if not isinstance(waits, Listen):
        return ""
    node, here = flow.nodes[state.node], state.session.here(flow)
    if entry := node.entry(here):
        number, finished = usual_number(entry, waits)
        reading = node.classify(here, number)
        if reading is not None and reading.outcome == label:
            return number.keys + waits.finish_key * finished
    for event in _deeds(waits):
        reading = node.classify(here, event)
        if reading is not None and reading.outcome == label:
            return _said(event)
    return "wait"


def _deeds(waits: Listen) -> Iterator[Event]:
    """Everything a caller might do, the likeliest first."""
    yield from (Keys(key) for key in waits.keys)
    if not waits.keys:
        lengths = range(waits.max_digits, 0, -1)
        yield from (Keys((_DIGITS * (length // len(_DIGITS) + 1))[:length]) for length in lengths)
    yield Silence()
    yield from (Keys(key) for key in "1234567890*#" if key != waits.finish_key)
    yield from (Speech(hint) for hint in waits.hints)


def _said(event: Event) -> str:
    if isinstance(event, Keys):
        return event.keys
    return f"say:{event.text}" if isinstance(event, Speech) else "wait"
