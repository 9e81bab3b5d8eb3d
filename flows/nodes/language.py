"""language: let the caller choose a language."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from flows.nodes.base import FALLBACK, Here, Move, Reading, Wire
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.protocol.actions import Action, Event, Keys, Listen, Say, Silence
from flows.speech.languages import language as language_of
from flows.speech.languages import refuse_unknown
from flows.speech.prompt import Prompt
from flows.speech.timing import announced_s, say_s
from flows.values.scalars import Key, Target


class LanguageChoice(BaseModel):
    """A key and the language it selects.

    Parameters
    ----------
    language
        Tag of one of the flow's languages.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    key: Key
    language: str

    @field_validator("language")
    @classmethod
    def _can_be_spoken(cls, tag: str) -> str:
        refuse_unknown(tag)
        return tag


class Language(Dialogue):
    """Choose a language by key; each option is spoken in its own language.

    Callers who stay silent continue in the current language: after the last attempt the call goes to `otherwise`, by
    default ``next``.

    Parameters
    ----------
    choices
        The key for each language.
    say
        Said before the choices.

    Examples
    --------
    >>> written = {"type": "language", "choices": [{"key": "2", "language": "es-US"}], "next": "main"}
    >>> [wire.outcome for wire in Language.model_validate(written).wires()]
    ['es-US', 'otherwise']
    """

    type: Literal["language"]
    say: Prompt | None = None
    choices: tuple[LanguageChoice, ...] = Field(min_length=1, max_length=12)
    then: Target | None = Field(default=None, alias="next", description="node that follows")
    attempts: int = Field(default=1, ge=1, le=10)

    def wires(self) -> tuple[Wire, ...]:
        chosen = tuple(Wire(choice.language, self.then, ("next",)) for choice in self.choices)
        return (*chosen, *self.retry_wires())

    def otherwise_wire(self) -> Wire:
        after = self.otherwise or self.then
        return Wire("otherwise", after, ("otherwise",) if self.otherwise else ("next",), required=False)

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return (*(((("say",), self.say),) if self.say else ()), *self.retry_prompts())

    def give_up_otherwise(self) -> Move:
        return Move(self.otherwise or self.then or FALLBACK)

    def _preface(self, here: Here) -> tuple[Action, ...]:
        return (*self.reprompt(here), *((here.say(self.say, barge_in=True),) if self.say else ()))

    def _options(self, here: Here) -> tuple[Say, ...]:
        spoken = ((choice, language_of(choice.language)) for choice in self.choices)
        return tuple(
            here.speak(own.option.format(label=own.name, key=own.key_name(choice.key)), language=choice.language)
            for choice, own in spoken
        )

    def enter(self, here: Here) -> tuple[Action, ...]:
        keys = tuple(choice.key for choice in self.choices)
        longest = max(map(len, keys))
        listen = Listen(
            keys, longest, "" if "#" in "".join(keys) else "#", self.timeout, self.interdigit, here.language
        )
        return (*self._preface(here), *self._options(here), listen)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if isinstance(event, Silence):
            return Reading(NO_INPUT)
        if isinstance(event, Keys):
            if not event.keys:
                return Reading(NO_INPUT)
            chosen = {choice.key: choice.language for choice in self.choices}.get(event.keys)
            return Reading(chosen or (event.keys if event.keys in here.flow.keys else NO_MATCH))
        return None

    def outcomes(self, here: Here) -> tuple[str, ...]:
        tags = [choice.language for choice in self.choices]
        free = [key for key in here.flow.keys if key not in {choice.key for choice in self.choices}]
        return tuple(dict.fromkeys([*tags, *free, NO_INPUT, NO_MATCH]))

    def next(self, here: Here, outcome: str) -> Move:
        if outcome in {choice.language for choice in self.choices}:
            return Move(self.then or FALLBACK, language=outcome)
        return super().next(here, outcome)

    def hearing(self, here: Here) -> Callable[[str], float]:
        heard_s = sum(say_s(action) for action in self._preface(here) if isinstance(action, Say))
        until_s = announced_s(heard_s, ((option.language, say_s(option)) for option in self._options(here)))
        return lambda outcome: until_s.get(outcome, until_s[""])
