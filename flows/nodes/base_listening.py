"""How a menu listens: what callers may say for its options, and how it asks back when it is not sure.

A menu listens if its own `speech`, or the flow's, says so; without either, if any of its choices lists phrases. It asks
back only where a confidence is stated: a key that it is not sure of is an outcome of its own, ``unsure 1``, which leads
to a part of the menu's dialogue, ``asked 1``, with the answers yes (the outcome is then the key itself) and no.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from flows.nodes.base import FlowView, Here
from flows.protocol.actions import Keys, Listen, Say, Silence, Speech
from flows.speech.announcements import announcements
from flows.speech.languages import language as language_of
from flows.speech.listening import SpeechInput, phrases_in
from flows.speech.prompt import Prompt
from flows.speech.understanding import SpokenChoice, answer, hints, understand

__all__ = ["NOT_UNDERSTOOD", "REJECTED", "Ears", "asked_about", "asks_about", "ears", "only_spoken"]

NOT_UNDERSTOOD = "not_understood"
REJECTED = "rejected"
_UNSURE, _ASKED = "unsure ", "asked "
_YES, _NO = "1", "2"


class Nameable(Protocol):
    """A choice, or a key that works in every menu."""

    @property
    def label(self) -> Prompt | None:
        """What it is announced for."""

    @property
    def phrases(self) -> Mapping[str, tuple[str, ...]]:
        """What callers may say, by language."""

    @property
    def then(self) -> str:
        """Where it leads."""


def only_spoken(outcome: str) -> bool:
    """Whether an outcome is only ever reached by speaking, and never announced.

    Examples
    --------
    >>> only_spoken("unsure 1"), only_spoken("not_understood"), only_spoken("no_match")
    (True, True, False)
    """
    return outcome == NOT_UNDERSTOOD or outcome.startswith(_UNSURE)


def asked_about(phase: str) -> str:
    """The key that a part of a menu's dialogue asks about; empty in any other part.

    Examples
    --------
    >>> asked_about("asked 1"), asked_about("")
    ('1', '')
    """
    return phase.removeprefix(_ASKED) if phase.startswith(_ASKED) else ""


def asks_about(outcome: str) -> str:
    """The part of the dialogue to which an outcome leads that is not sure; empty for any other outcome.

    Examples
    --------
    >>> asks_about("unsure 1"), asks_about("1")
    ('asked 1', '')
    """
    return f"{_ASKED}{outcome.removeprefix(_UNSURE)}" if outcome.startswith(_UNSURE) else ""


@dataclass(frozen=True)
class Ears:
    """What a menu understands in one language.

    Parameters
    ----------
    language : str
    choices : tuple of SpokenChoice
        Empty if the menu does not listen.
    confidence : float or None
        Below it, callers are asked back; None if they never are.
    tells : bool
        Whether what was not understood is an outcome of its own, ``not_understood``, instead of ``no_match``.
    """

    language: str
    choices: tuple[SpokenChoice, ...] = ()
    confidence: float | None = None
    tells: bool = False

    @cached_property
    def hints(self) -> tuple[str, ...]:
        """What callers are likely to say."""
        return hints(self.choices, self.language)

    @cached_property
    def outcomes(self) -> tuple[str, ...]:
        """The outcomes that only speaking leads to."""
        unsure = self._names if self.confidence is not None else ()
        return (*(f"{_UNSURE}{key}" for key in unsure), *((NOT_UNDERSTOOD,) if self.tells else ()))

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """What callers are asked about, by key."""
        named = ((c.key, next(iter((*c.labels, *c.phrases, *c.usual)), "")) for c in self.choices)
        return {key: name for key, name in named if name}

    def heard(self, speech: Speech) -> Keys | str:
        """The keys that a caller's words stand for; else the outcome, which is empty if there is none for it."""
        keys = understand(speech.text, self.choices, self.language) if self.choices else ()
        if len(keys) == 1 and (self.confidence is None or speech.confidence >= self.confidence):
            return Keys(keys[0])
        if self.confidence is not None and keys and keys[0] in self._names:
            return f"{_UNSURE}{keys[0]}"
        return NOT_UNDERSTOOD if self.tells else ""

    def question(self, here: Here, key: str) -> Say:
        """Asks whether the caller meant a key."""
        label = here.fill(self._names.get(key, key))
        return here.speak(language_of(here.language).hearing.did_you_mean.format(label=label))

    def await_answer(self, timeout_s: float, interdigit_s: float) -> Listen:
        """Waits for yes or no."""
        hearing = language_of(self.language).hearing
        said = (*hearing.yes, *hearing.no)
        return Listen((_YES, _NO), 1, "", timeout_s, interdigit_s, self.language, said)

    def answered(self, here: Here, event: Keys | Speech | Silence, key: str) -> str:
        """The outcome of an answer: the key, ``rejected``, a key that works everywhere, or empty if it is none."""
        if isinstance(event, Speech):
            said = answer(event.text, here.language)
            return {"yes": key, "no": REJECTED}.get(said, NOT_UNDERSTOOD if self.tells else "")
        pressed = event.keys if isinstance(event, Keys) else ""
        return {_YES: key, _NO: REJECTED}.get(pressed) or (pressed if pressed in here.flow.keys else "")


def ears(
    flow: FlowView,
    language: str,
    choices: Iterable[tuple[str, Nameable]],
    *,
    own: SpeechInput | None,
    prompt: Prompt | None,
    tells: bool,
) -> Ears:
    """What a menu understands in a language.

    Parameters
    ----------
    flow : FlowView
    language : str
    choices : iterable of (key, choice)
        Those of the menu; keys that work everywhere are added.
    own : SpeechInput or None
        The menu's `speech`, if it states one.
    prompt : Prompt or None
        The menu's prompt, if it is written out: what it announces is understood.
    tells : bool
        Whether the menu has words of its own for what is not understood.
    """
    mine = tuple(choices)
    stated = own or flow.speech
    if not (stated.listen if stated else any(choice.phrases for _, choice in mine)):
        return Ears(language)
    announced = _announced(prompt, language, flow.languages[0])
    everywhere = [(key, bound) for key, bound in flow.keys.items() if key not in {key for key, _ in mine}]
    confidence = (
        own.confidence if own and own.confidence is not None else flow.speech.confidence if flow.speech else None
    )
    return Ears(
        language,
        tuple(_spoken(flow, language, key, choice, announced) for key, choice in (*mine, *everywhere)),
        confidence,
        tells or stated is not None,
    )


def _spoken(
    flow: FlowView, language: str, key: str, choice: Nameable, announced: Mapping[str, tuple[str, ...]]
) -> SpokenChoice:
    label = choice.label.words(language, flow.languages[0]) if choice.label else ""
    return SpokenChoice(
        key,
        (*((label,) if label else ()), *announced.get(key, ())),
        phrases_in(choice.phrases, language),
        _usual(flow, language, key, choice.then),
    )


def _usual(flow: FlowView, language: str, key: str, target: str) -> tuple[str, ...]:
    """What callers say in any flow for going back, for hearing it again, and for key 0 and whatever leads there."""
    hearing, zero = language_of(language).hearing, flow.keys.get("0")
    if target in ("back", "repeat"):
        return hearing.back if target == "back" else hearing.repeat
    return hearing.operator if key == "0" or (zero and zero.then == target) else ()


def _announced(prompt: Prompt | None, language: str, first: str) -> Mapping[str, tuple[str, ...]]:
    """What a written prompt says each key is for."""
    found: dict[str, tuple[str, ...]] = {}
    for one in announcements(prompt.words(language, first), language) if prompt else ():
        if one.purpose and one.words:
            found[one.key] = (*found.get(one.key, ()), one.words)
    return found
