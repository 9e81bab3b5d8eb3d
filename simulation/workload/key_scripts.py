"""Writes what a scenario's callers press as key scripts that can drive a real line.

A script is what ``ivr call --keys`` takes. Callers walk the menus as in the simulation; those who join a queue are
answered, and those who have heard what they wanted hang up. The numbers they enter vary, but lead where the simulated
caller went.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from flows.analysis.leg_time import number as usual_number
from flows.model.flow import Flow
from flows.nodes.collect import Collect
from flows.nodes.split import Split
from flows.protocol.actions import Dial, Event, Keys, Listen, Pay, Record, Silence, Speech
from ivr.interpreter.chain import State
from ivr.phone.event_words import mumbled
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import walk
from simulation.sampling.streams import Streams
from simulation.tables.checks import OFFERED
from simulation.workload.build_call_table import Prepared

__all__ = ["key_scripts"]

_WORDS = {
    "answered": "answer",
    "recorded": "record",
    "paid": "pay_approved",
    "declined": "pay_declined",
    "not_entered": "pay_not_entered",
    "cancelled": "pay_cancelled",
}
_TRIES = 1_000
"""Most attempts to draw a number that takes the wanted cases of all splits."""


def key_scripts(prepared: Prepared, count: int, *, seed: int) -> Iterator[str]:
    """Yield the key script of each of the first `count` callers.

    Parameters
    ----------
    prepared : Prepared
    count : int
    seed : int
        The same seed gives the same callers as `ivr simulate`, one replication after the other.
    """
    replication = 0
    while count > 0:
        made = _of_replication(prepared, Streams(seed, replication), count)
        yield from made
        count, replication = count - len(made), replication + 1


_Step = tuple[int, int]


def _of_replication(prepared: Prepared, streams: Streams, count: int) -> list[str]:
    model = prepared.model
    menus = walk(model, prepared.draw_callers(streams), streams, record=True)
    steps: list[list[_Step]] = [[] for _ in menus.ending[:count]]
    for callers, positions, edges, _ in menus.steps:
        for caller, at, edge in zip(callers.tolist(), positions.tolist(), edges.tolist(), strict=True):
            if caller < count:
                steps[caller].append((at, edge))
    writer = _ScriptWriter(model, streams.generator("entered"))
    scripts = [writer.words(taken) for taken in steps]
    for words, ending in zip(scripts, menus.ending[:count].tolist(), strict=True):
        if ending == OFFERED:
            words.append("answer")
    return [",".join(words) for words in scripts]


class _ScriptWriter:
    """Turns the steps of callers into the words of key scripts."""

    def __init__(self, model: CallerModel, generator: np.random.Generator) -> None:
        self.model, self.flow, self.generator = model, model.chain.flow, generator
        self.known: dict[_Step, str] = {}

    def words(self, steps: Sequence[_Step]) -> list[str]:
        """The words of one caller; a step at which they do nothing has none."""
        words = []
        for number, (at, edge) in enumerate(steps):
            if edge < 0:
                words.append("hangup")
            elif least_most := self._number(at, edge):
                entered = self._entered(*least_most, steps[number + 1 :])
                words.append(entered + self._finish(at, entered, of_open_length=least_most[0] < least_most[1]))
            else:
                if (at, edge) not in self.known:
                    self.known[at, edge] = _word(
                        self.flow, self.model.chain.states[at], self.model.chain.label[at][edge]
                    )
                words.append(self.known[at, edge])
        return [word for word in words if word]

    def _number(self, at: int, edge: int) -> tuple[int, int, str] | None:
        """Fewest and most digits entered on an edge, and the value they become; None if no number is entered."""
        state, label = self.model.chain.states[at], self.model.chain.label[at][edge]
        node = self.flow.nodes[state.node]
        if not isinstance(state.waits, Listen) or state.waits.keys or (isinstance(node, Collect) and node.form):
            return None
        least, most = getattr(node, "digits", (1, state.waits.max_digits))
        if label in ("collected", "entered", "entered_number"):
            return least, most, node.into if isinstance(node, Collect) else ""
        return (least - 1, least - 1, "") if label == "no_match" and least > 1 else None

    def _finish(self, at: int, entered: str, *, of_open_length: bool) -> str:
        """The finish key, if the number is shorter than the longest allowed."""
        waits = self.model.chain.states[at].waits
        return (
            waits.finish_key if of_open_length and isinstance(waits, Listen) and len(entered) < waits.max_digits else ""
        )

    def _entered(self, least: int, most: int, value: str, after: Sequence[_Step]) -> str:
        """A random number of allowed length that takes the same cases of later splits as the caller."""
        wanted: list[tuple[Split, str]] = []
        for at, edge in after:
            node = self.flow.nodes[self.model.chain.node(at)]
            if value in node.writes():
                break
            if isinstance(node, Split) and node.value == value and value:
                wanted.append((node, self.model.chain.label[at][edge]))
        begins = max((case.rstrip("*") for _, case in wanted if case != "otherwise"), key=len, default="")
        digits = ""
        for _ in range(_TRIES):
            length = max(int(self.generator.integers(least, most + 1)), len(begins))
            digits = begins + "".join(map(str, self.generator.integers(0, 10, max(length - len(begins), 0))))
            if any(case == begins for _, case in wanted):  # the whole value, not its beginning
                digits = begins
            if all(split.case_of(digits) == case for split, case in wanted):
                break
        return digits


def _word(flow: Flow, state: State, label: str) -> str:
    """The word that leads to an outcome; empty if neither the caller nor the other party decides it."""
    waits = state.waits
    if isinstance(waits, Dial | Record | Pay):
        return _WORDS.get(label, label)
    if not isinstance(waits, Listen):
        return ""
    node, here = flow.nodes[state.node], state.session.here(flow)
    if entry := node.entry(here):
        number, finished = usual_number(entry, waits, node.entry_keys(here))
        reading = node.classify(here, number)
        if reading is not None and reading.outcome == label:
            return number.keys + waits.finish_key * finished
    for event in _events(waits):
        reading = node.classify(here, event)
        if reading is not None and reading.outcome == label:
            return _said(event)
    return "wait"


def _events(waits: Listen) -> Iterator[Event]:
    """Everything that a caller might do, the most likely first."""
    yield from (Keys(key) for key in waits.keys)
    yield Silence()
    yield from (Keys(key) for key in "1234567890*#" if key != waits.finish_key)
    yield from (Speech(hint) for hint in waits.hints)
    yield from (mumbled(hint) for hint in waits.hints)
    if waits.hints:
        yield Speech("hm")


def _said(event: Event) -> str:
    if isinstance(event, Keys):
        return event.keys
    if isinstance(event, Speech):
        return f"{'mumble' if event.confidence < 1 else 'say'}:{event.text}"
    return "wait"
