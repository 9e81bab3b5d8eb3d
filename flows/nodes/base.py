"""What every node type answers: four pure methods, and how it is wired.

A node type is one file in this package with a class of the same name derived from `Node`. Drivers never ask which
type a node is; they see events and actions only.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field

from flows.protocol.actions import Action, Event, Say
from flows.speech.prompt import Prompt, fill
from flows.speech.ssml import is_ssml, plain
from flows.speech.timing import say_s, speech_s

__all__ = [
    "A_NUMBER",
    "END",
    "FALLBACK",
    "UNSERVED",
    "FlowView",
    "Here",
    "Move",
    "Node",
    "Reading",
    "Wire",
    "unanswered",
    "usual_length",
]

A_NUMBER = "+10000000000"
"""A telephone number of the usual length: eleven digits, country code included."""
END = ""
"""A move that ends the call."""
FALLBACK = "fallback!"
"""A move to the flow's fallback; not a legal node name."""

UNSERVED = ("", "turned_away", "abandoned_in_menu")
"""Outcomes of a call whose caller has got nothing yet: no answer, no message left, nothing heard that serves."""


def usual_length(entry: tuple[int, int]) -> int:
    """The digits that callers enter where a least and a most number is allowed: the middle, rounded up.

    Examples
    --------
    >>> usual_length((10, 10)), usual_length((6, 10)), usual_length((1, 6))
    (10, 8, 4)
    """
    return (sum(entry) + 1) // 2


class KeyView(Protocol):
    """A key that works in every menu: where it leads, and how it is announced."""

    @property
    def then(self) -> str:
        """A node, ``back`` or ``repeat``."""

    @property
    def label(self) -> Prompt | None:
        """What it is for; a key without a label is not announced."""


class QueueView(Protocol):
    """What a node may know of a queue."""

    @property
    def priority(self) -> int:
        """Higher is served first."""

    @property
    def max_calls(self) -> int | None:
        """Callers who may wait; None for no limit."""


class FlowView(Protocol):
    """What a node may know of its flow; `flows.model.flow.Flow` is one."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Language tags; the first is that of texts without a language."""

    @property
    def keys(self) -> Mapping[str, KeyView]:
        """Keys that work in every menu."""

    @property
    def nodes(self) -> Mapping[str, Node]:
        """Every node by name."""

    @property
    def queues(self) -> Mapping[str, QueueView]:
        """Every queue by name."""

    @property
    def secrets(self) -> frozenset[str]:
        """Names of values that are never shown, logged or said in full."""

    @property
    def usual_values(self) -> Mapping[str, str]:
        """Values whose length is known before any call, at that length."""


@dataclass(frozen=True)
class Here:
    """Where a call stands, as far as a node may know.

    Parameters
    ----------
    flow : FlowView
    name : str
        The node's own name.
    language : str
    attempt : int
        Presentation of the prompt, from 1.
    reason : str
        Why it is presented again: ``no_input``, ``no_match`` or empty.
    phase : str
        Part of a node's own dialogue, e.g. ``confirm``.
    outcome : str
        The call's outcome so far; empty while nothing is decided.
    values : mapping of str to str, or None
        Collected and looked-up values; None while a flow is timed or tabulated and no value is known: texts then insert
        a value of the usual length.
    """

    flow: FlowView
    name: str
    language: str
    attempt: int = 1
    reason: str = ""
    phase: str = ""
    outcome: str = ""
    values: Mapping[str, str] | None = field(default_factory=dict)

    def value(self, name: str) -> str:
        """A value by name, or one of its usual length while no value is known; empty when it is not set."""
        return (self._usual() if self.values is None else self.values).get(name, "")

    def _usual(self) -> Mapping[str, str]:
        return {**self.flow.usual_values, **self.flow.nodes[self.name].usual_values(self.phase)}

    def say(self, prompt: Prompt, *, barge_in: bool) -> Say:
        """`prompt` as an action, in the caller's language with values filled in."""
        first = self.flow.languages[0]
        text, audio = self.fill(prompt.marked(self.language, first)), prompt.recording(self.language, first)
        if not is_ssml(text):
            return Say(text, self.language, audio, prompt.seconds, barge_in)
        seconds = speech_s(text, self.language) if prompt.seconds is None else prompt.seconds
        return Say(plain(text), self.language, audio, seconds, barge_in, text)

    def fill(self, text: str) -> str:
        """`text` with values as they are said; secret ones by their last digits only."""
        if "{" not in text:
            return text
        values = self._usual() if self.values is None else self.values
        return fill(
            text,
            values,
            language=self.language,
            home=self.flow.languages[0],
            secret=self.flow.secrets,
            keep_unknown=self.values is None,
        )


@dataclass(frozen=True)
class Reading:
    """What an event meant: the outcome's label, and values to remember."""

    outcome: str
    values: Mapping[str, str] = field(default_factory=dict)


class Move(NamedTuple):
    """Where the call goes.

    Parameters
    ----------
    to : str
        A node, ``back``, ``repeat``, ``return`` (or ``return NAME``), `END` or `FALLBACK`.
    attempt, reason, phase
        State of the node moved to; see `Here`.
    language : str
        New language, or empty to keep it.
    outcome : str
        The call's new outcome, or empty to keep it.
    call : bool
        True to come back to this node on ``return``.
    leave : bool
        True to leave every subflow: no ``return`` leads back any more.
    """

    to: str
    attempt: int = 1
    reason: str = ""
    phase: str = ""
    language: str = ""
    outcome: str = ""
    call: bool = False
    leave: bool = False


def unanswered(move: Move, here: Here) -> Move:
    """The move of a call that leaves a queue or a dialled number unanswered: a hang-up now turns the caller away.

    Examples
    --------
    >>> waited, served = Here(None, "desk", "en-US"), Here(None, "desk", "en-US", outcome="handled")
    >>> unanswered(Move("sorry"), waited).outcome, unanswered(Move("sorry"), served).outcome
    ('turned_away', '')
    """
    return move._replace(outcome="turned_away") if here.outcome in UNSERVED else move


class Wire(NamedTuple):
    """One exit as written: outcome, target (None when not wired), and its place within the node."""

    outcome: str
    target: str | None
    path: tuple[str | int, ...]
    required: bool = True
    label: Prompt | None = None


class Node(BaseModel):
    """Base of all node types.

    Parameters
    ----------
    type : str
        Name of the node type.
    note : str
        For people; never spoken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    keeps_place: ClassVar[bool] = False
    """True when ``back`` may come back here."""
    drawn: ClassVar[bool] = False
    """True when answers are opinions and lead nowhere else, as in a survey; a simulation draws them by `usual`."""

    type: str
    note: str = Field(default="", description="for people; never spoken")

    def wires(self) -> tuple[Wire, ...]:
        """Every exit of the node, wired or not, in the order of the file."""
        return ()

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        """Every prompt of the node with its place within the node."""
        return ()

    def recordings(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Every recording of the node, a file beside the flow or an address, with the place of what it belongs to."""
        return tuple((path, name) for path, prompt in self.prompts() for name in prompt.audio.values())

    def written(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        """Every text of the node that is read and not heard, such as a text message, with its place."""
        return ()

    def inserts(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Every other text of the node that values are inserted into, with its place."""
        return ()

    def copies(self) -> Mapping[str, str]:
        """The text that each value is made from, for nodes that derive values from others."""
        return {}

    def writes(self) -> tuple[str, ...]:
        """Names of the values the node sets."""
        return ()

    def writes_on(self, outcome: str) -> tuple[str, ...]:
        """Names of the values that are certain to be set when the node is left with `outcome`."""
        return self.writes()

    def secrets(self) -> tuple[str, ...]:
        """Names of the values the node sets that must never be shown, logged or said in full."""
        return ()

    def about(self) -> str:
        """What the node does, in a few words for a drawing; empty where its prompt says it."""
        return ""

    def phases(self) -> tuple[str, ...]:
        """The parts of the node's own dialogue, in the order in which a call meets them."""
        return ("",)

    def usual(self, here: Here) -> Mapping[str, float]:
        """Assumed shares of outcomes that come from outside, unless stated; empty when the caller decides."""
        return {}

    def entry(self, here: Here) -> tuple[int, int] | None:
        """Least and most digits of the number entered here; None where none is entered."""
        return None

    def usual_values(self, phase: str = "") -> Mapping[str, str]:
        """Values the node sets whose length is known before any call, at that length, in its part `phase`."""
        return {}

    def reads(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Names of the values the node decides on (not those its texts insert), with their place."""
        return ()

    def enter(self, here: Here) -> tuple[Action, ...]:
        """What is said and awaited on entering (or on presenting again)."""
        raise TypeError(f"node type {self.type!r} does not say what happens on entering")

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        """The outcome that `event` means; None when the event does not belong here.

        An automatic node is asked with `event` None.
        """
        raise TypeError(f"node type {self.type!r} does not classify events")

    def outcomes(self, here: Here) -> tuple[str, ...]:
        """The finite alphabet of `classify` in this state."""
        return tuple(wire.outcome for wire in self.wires())

    def next(self, here: Here, outcome: str) -> Move:
        """Where `outcome` leads; by default along the wire of that name."""
        for wire in self.wires():
            if wire.outcome == outcome:
                return Move(FALLBACK if wire.target is None else wire.target)
        return Move(FALLBACK)

    def hearing(self, here: Here) -> Callable[[str], float]:
        """`heard_s` in this state, prepared once for all outcomes."""
        whole_s = sum(say_s(action) for action in self.enter(here) if isinstance(action, Say))
        return lambda outcome: whole_s

    def heard_s(self, here: Here, outcome: str) -> float:
        """Seconds of speech before a caller who wants `outcome` can act on it: by default all that is said.

        An outcome that is never announced, such as an empty text, takes the whole. Node types say it in `hearing`.
        """
        return self.hearing(here)(outcome)
