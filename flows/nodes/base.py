"""The interface of every node type: four pure methods, and its exits.

A node type is one file in this package with a class of the same name derived from `Node`. Drivers never ask what
type a node is; they see only events and actions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import ClassVar, NamedTuple, Protocol

from pydantic import BaseModel, ConfigDict, Field

from flows.nodes.base_views import KeyView, QueueView
from flows.nodes.base_voices import voice_of
from flows.protocol.actions import Action, Event, Say
from flows.speech.listening import SpeechInput
from flows.speech.prompt import Prompt, fill
from flows.speech.ssml import is_ssml, plain
from flows.speech.timing import say_s, speech_s
from flows.speech.voice import NORMAL, Voice

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
"""A telephone number of typical length: eleven digits, including the country code."""
END = ""
"""A move that ends the call."""
FALLBACK = "fallback!"
"""A move to the flow's fallback; not a legal node name."""

UNSERVED = ("", "turned_away", "abandoned_in_menu")
"""Outcomes of a call in which the caller has not been served yet: no answer, no message left, no information heard."""


def usual_length(entry: tuple[int, int]) -> int:
    """Typical number of digits entered, given the least and most allowed: the midpoint, rounded up.

    Examples
    --------
    >>> usual_length((10, 10)), usual_length((6, 10)), usual_length((1, 6))
    (10, 8, 4)
    """
    return (sum(entry) + 1) // 2


class FlowView(Protocol):
    """What a node may know about its flow; `flows.model.flow.Flow` implements it."""

    @property
    def languages(self) -> tuple[str, ...]:
        """Language tags; texts without a tag are in the first."""

    @property
    def keys(self) -> Mapping[str, KeyView]:
        """Keys that work in every menu."""

    @property
    def speech(self) -> SpeechInput | None:
        """Whether menus listen to callers who speak; None if it is not stated."""

    @property
    def voices(self) -> Mapping[str, Voice]:
        """Who speaks, by language tag."""

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
        """Sample values, of typical length, for values whose length is known before any call."""


@dataclass(frozen=True)
class Here:
    """The state of a call, as far as a node may know.

    Parameters
    ----------
    flow : FlowView
    name : str
        The node's own name.
    language : str
    attempt : int
        How many times the prompt has been presented, from 1.
    reason : str
        Why it is presented again: ``no_input``, ``no_match`` or empty.
    phase : str
        Part of a node's own dialogue, e.g. ``confirm``.
    outcome : str
        The call's outcome so far; empty if undecided.
    silences, wrong_keys : int
        How many silences and wrong keys it counts apart from other failed attempts; see
        `flows.nodes.base_dialogue.Dialogue`.
    values : mapping of str to str, or None
        Collected and looked-up values; None when a flow is timed or tabulated without a call: texts then insert a
        value of typical length.
    """

    flow: FlowView
    name: str
    language: str
    attempt: int = 1
    reason: str = ""
    phase: str = ""
    outcome: str = ""
    values: Mapping[str, str] | None = field(default_factory=dict)
    silences: int = 0
    wrong_keys: int = 0

    def asked(self, move: Move) -> Here:
        """The state when this node is presented again after `move`, in another part of its dialogue or after a failed
        attempt.
        """
        return replace(
            self,
            attempt=move.attempt,
            reason=move.reason,
            phase=move.phase,
            silences=move.silences,
            wrong_keys=move.wrong_keys,
        )

    def value(self, name: str) -> str:
        """A value by name; a sample of typical length if no values are known; empty if it is not set."""
        return (self._usual() if self.values is None else self.values).get(name, "")

    def _usual(self) -> Mapping[str, str]:
        return {**self.flow.usual_values, **self.flow.nodes[self.name].usual_values(self.phase)}

    def say(self, prompt: Prompt, *, barge_in: bool) -> Say:
        """`prompt` as an action, in the caller's language with values filled in."""
        first = self.flow.languages[0]
        text, audio = self.fill(prompt.marked(self.language, first)), prompt.recording(self.language, first)
        voice, rate = ("", NORMAL) if audio else voice_of(self.flow, self.language, prompt)
        if not is_ssml(text):
            return Say(text, self.language, audio, prompt.seconds, barge_in, voice=voice, rate=rate)
        seconds = speech_s(text, self.language, rate) if prompt.seconds is None else prompt.seconds
        return Say(plain(text), self.language, audio, seconds, barge_in, text, voice, rate)

    def speak(
        self, text: str, *, language: str = "", audio: str = "", seconds: float | None = None, barge_in: bool = True
    ) -> Say:
        """Words that are not written in the flow as an action, in the voice of their language (default: the caller's).

        Node types use it for the phrases of a language, never `Say` itself.
        """
        tag = language or self.language
        voice, rate = ("", NORMAL) if audio else voice_of(self.flow, tag)
        return Say(text, tag, audio, seconds, barge_in=barge_in, voice=voice, rate=rate)

    def fill(self, text: str) -> str:
        """`text` with values as spoken; only the last digits of a secret value."""
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
    """What an event means: the outcome's label, and values to store."""

    outcome: str
    values: Mapping[str, str] = field(default_factory=dict)


class Move(NamedTuple):
    """Where the call goes.

    Parameters
    ----------
    to : str
        A node, ``back``, ``repeat``, ``return`` (or ``return NAME``), `END` or `FALLBACK`.
    attempt, reason, phase, silences, wrong_keys
        State on arrival at that node; see `Here`.
    language : str
        New language, or empty to keep it.
    outcome : str
        The call's new outcome, or empty to keep it.
    call : bool
        True to come back to this node on ``return``.
    leave : bool
        True to leave every subflow; ``return`` no longer leads back.
    """

    to: str
    attempt: int = 1
    reason: str = ""
    phase: str = ""
    language: str = ""
    outcome: str = ""
    call: bool = False
    leave: bool = False
    silences: int = 0
    wrong_keys: int = 0


def unanswered(move: Move, here: Here) -> Move:
    """The move of a call that leaves a queue or a dialled number unanswered: a hang-up now counts as turned away.

    Examples
    --------
    >>> waited, served = Here(None, "desk", "en-US"), Here(None, "desk", "en-US", outcome="handled")
    >>> unanswered(Move("sorry"), waited).outcome, unanswered(Move("sorry"), served).outcome
    ('turned_away', '')
    """
    return move._replace(outcome="turned_away") if here.outcome in UNSERVED else move


class Wire(NamedTuple):
    """One exit as written: its outcome, target (None if not wired), and path within the node."""

    outcome: str
    target: str | None
    path: tuple[str | int, ...]
    required: bool = True
    label: Prompt | None = None


class Node(BaseModel):
    """Base class of all node types.

    Parameters
    ----------
    type : str
        Name of the node type.
    note : str
        For people; never spoken.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    keeps_place: ClassVar[bool] = False
    """True if ``back`` may return here."""
    drawn: ClassVar[bool] = False
    """True if answers are opinions that do not change the path, as in a survey; a simulation draws them by `usual`."""

    type: str
    note: str = Field(default="", description="for people; never spoken")

    def wires(self) -> tuple[Wire, ...]:
        """Every exit of the node, wired or not, in file order."""
        return ()

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        """Every prompt of the node with its path within the node."""
        return ()

    def aside(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        """Every prompt that somebody else than the caller hears, such as a whisper, with its path within the node."""
        return ()

    def recordings(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Every recording of the node (a file next to the flow, or an address) with its owner's path."""
        heard = (*self.prompts(), *self.aside())
        return tuple((path, name) for path, prompt in heard for name in prompt.audio.values())

    def written(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        """Every text of the node that its caller does not hear: a text message, or what others hear; with its path."""
        return self.aside()

    def inserts(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Every other text of the node that values are inserted into, with its path."""
        return ()

    def copies(self) -> Mapping[str, str]:
        """The text each value is built from, for nodes that derive values from others."""
        return {}

    def local_values(self) -> tuple[str, ...]:
        """Names that the node's own texts insert without a value of the call: the fields of a list's item."""
        return ()

    def writes(self) -> tuple[str, ...]:
        """Names of the values the node sets."""
        return ()

    def writes_on(self, outcome: str) -> tuple[str, ...]:
        """Names of the values that are always set when the call leaves the node with `outcome`."""
        return self.writes()

    def secrets(self) -> tuple[str, ...]:
        """Names of the values the node sets that must never be shown, logged or said in full."""
        return ()

    def about(self) -> str:
        """What the node does, in a few words for a diagram; empty if its prompt says so."""
        return ""

    def phases(self) -> tuple[str, ...]:
        """The parts of the node's own dialogue, in call order."""
        return ("",)

    def usual(self, here: Here) -> Mapping[str, float]:
        """Assumed shares of outcomes decided elsewhere, unless stated; empty if the caller decides."""
        return {}

    def entry(self, here: Here) -> tuple[int, int] | None:
        """Least and most digits of the number entered here; None if no number is entered."""
        return None

    @property
    def counted_with(self) -> str:
        """The name of the attempts that a question shares with others; empty if it shares none."""
        return ""

    def entry_keys(self, here: Here) -> str:
        """Keys of typical length that are a valid entry here; empty if any digits are."""
        return ""

    def usual_values(self, phase: str = "") -> Mapping[str, str]:
        """Samples, of typical length, of the values the node sets whose length is known before any call."""
        return {}

    def reads(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Names of the values the node branches on (not those its texts insert), with their paths."""
        return ()

    def enter(self, here: Here) -> tuple[Action, ...]:
        """What to say and wait for on entering (or asking again)."""
        raise TypeError(f"node type {self.type!r} does not say what happens on entering")

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        """The outcome that `event` means; None if the node does not accept the event.

        For a node that needs no event, `event` is None.
        """
        raise TypeError(f"node type {self.type!r} does not classify events")

    def outcomes(self, here: Here) -> tuple[str, ...]:
        """Every outcome `classify` can return in this state."""
        return tuple(wire.outcome for wire in self.wires())

    def next(self, here: Here, outcome: str) -> Move:
        """Where `outcome` leads; by default, along the exit of that name."""
        target = self._targets.get(outcome)
        return Move(FALLBACK if target is None else target)

    @cached_property
    def _targets(self) -> dict[str, str | None]:
        """Where each exit leads, by its outcome; the first exit of an outcome counts."""
        return {wire.outcome: wire.target for wire in reversed(self.wires())}

    def hearing(self, here: Here) -> Callable[[str], float]:
        """`heard_s` as a function of the outcome, computed once for this state."""
        whole_s = sum(say_s(action) for action in self.enter(here) if isinstance(action, Say))
        return lambda outcome: whole_s

    def heard_s(self, here: Here, outcome: str) -> float:
        """Seconds of speech before a caller who wants `outcome` can act on it; by default, the whole prompt.

        An outcome that is never announced, such as an empty string, takes the whole prompt. Node types override
        `hearing` to change it.
        """
        return self.hearing(here)(outcome)
