"""What a caller feels of one state of a call: what is said, and what the line waits for."""

from __future__ import annotations

from dataclasses import fields, replace
from functools import lru_cache
from typing import NamedTuple

from flows.display.numbers import duration
from flows.model.flow import Flow
from flows.protocol.actions import Action, Ask, Dial, Enqueue, Listen, Record, Say
from ivr.interpreter.chain import Chain, State

__all__ = ["Felt", "Side", "details"]

_PLAIN = "nothing"
_UNFELT = frozenset(
    {"keys", "labels", "language", "max_digits", "hints", "told", "room", "wait_say", "whisper", "shares"}
)
"""Parts of an action that callers feel elsewhere (as exits and words), or not at all."""


class Felt(NamedTuple):
    """What is said, and what the line waits for: the name of an action, or ``nothing``."""

    words: tuple[str, ...]
    waits: str


class Side:
    """One of the two flows, with its chain.

    Parameters
    ----------
    flow : Flow
    chain : Chain
    """

    def __init__(self, flow: Flow, chain: Chain) -> None:
        self.flow, self.chain = flow, chain
        self.felt = lru_cache(maxsize=None)(self._felt)

    def state(self, at: int) -> State:
        """A state of the chain."""
        return self.chain.states[at]

    def _felt(self, at: int) -> Felt:
        session = self.state(at).session
        node = self.flow.nodes[session.node]
        actions = node.enter(replace(session.here(self.flow), values=None))
        words = tuple(_said(action) for action in actions if isinstance(action, Say))
        waits = self.state(at).waits
        if isinstance(waits, Enqueue) and waits.wait_say is not None:
            words += (_said(waits.wait_say),)
        if not node.aside():  # a text message, which callers read; what others hear is no text of theirs
            first = self.flow.languages[0]
            words += tuple(f"(text message) {text.words(session.language, first)}" for _, text in node.written())
        return Felt(words, type(waits).__name__ if waits is not None else _PLAIN)

    def passes(self, at: int) -> int:
        """The next state, if this one waits for nothing and has one exit; else -1."""
        state = self.state(at)
        alone = state.waits is None and len(state.edges) == 1
        return state.edges[0].to if alone else -1

    def unfelt(self, at: int) -> bool:
        """Whether a caller notices nothing of this state."""
        return not self.felt(at).words and self.passes(at) >= 0

    def visible(self, at: int) -> int:
        """The first state from here of which a caller notices something."""
        seen: set[int] = set()
        while at >= 0 and at not in seen and self.unfelt(at):
            seen.add(at)
            at = self.passes(at)
        return at


def _said(say: Say) -> str:
    return f"{say.audio} ({say.text})" if say.audio and say.text else say.audio or say.text


def details(waits: Action | None) -> dict[str, str]:
    """What an action is told of that callers feel, in words by name: the queue, the numbers, seconds.

    Examples
    --------
    >>> details(Record("desk", 120.0, "#", ("recorded", "empty")))
    {'message box': 'desk', 'longest message': '2 min', 'finish key': '#', 'transcribe': 'no'}
    """
    if waits is None:
        return {}
    found: dict[str, str] = {}
    for one in fields(waits):
        if one.name in _UNFELT or (isinstance(waits, Ask) and one.name not in ("what", "name")):
            continue
        value = getattr(waits, one.name)
        found[_NAMES.get((type(waits), one.name), one.name.removesuffix("_s").replace("_", " "))] = _in_words(
            one.name, value
        )
    return found


_NAMES = {
    (Listen, "timeout_s"): "time for a key",
    (Listen, "interdigit_s"): "time between keys",
    (Enqueue, "max_wait_s"): "longest wait",
    (Enqueue, "announce_every_s"): "time between announcements",
    (Dial, "parties"): "numbers",
    (Dial, "timeout_s"): "ring time",
    (Record, "box"): "message box",
    (Record, "max_s"): "longest message",
}


def _in_words(name: str, value: object) -> str:
    if value is None or value == "" or value == ():
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if name.endswith("_s") and isinstance(value, int | float):
        return duration(value)
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    return _said(value) if isinstance(value, Say) else str(value)
