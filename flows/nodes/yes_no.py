"""yes_no: ask a question that is answered by yes or no."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flows.nodes.base import Here, Reading, Wire
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue
from flows.nodes.base_yes_no import NO, YES, answer_names, answer_words
from flows.protocol.actions import Action, Event, Keys, Listen, Say, Silence, Speech
from flows.speech.announcements import announcements
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt
from flows.speech.timing import announced_s, say_s
from flows.speech.understanding import answer
from flows.values.scalars import Key, Target


class AnswerKeys(BaseModel):
    """The keys for yes and for no.

    Parameters
    ----------
    yes, no : str
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    yes: Key = "1"
    no: Key = "2"

    @model_validator(mode="after")
    def _two_keys(self) -> AnswerKeys:
        if self.yes == self.no:
            raise ValueError(f"yes and no have the same key, {self.yes}; write keys: {{yes: 1, no: 2}}")
        return self


class YesNo(Dialogue):
    """Ask a question that callers answer by a key or by word; it is not a menu, and `back` does not come back to it.

    After the question, "For yes, press 1. For no, press 2." is said, unless the question names its keys itself.

    Parameters
    ----------
    say
        The question.
    yes, no
        Nodes by answer.
    keys
        The keys for yes and for no.

    Examples
    --------
    >>> node = YesNo.model_validate({"type": "yes_no", "say": "Is it about an order?", "yes": "orders", "no": "main"})
    >>> [(wire.outcome, wire.target) for wire in node.wires()]
    [('yes', 'orders'), ('no', 'main'), ('otherwise', None)]
    """

    takes_defaults: ClassVar[bool] = True

    type: Literal["yes_no"]
    say: Prompt
    yes: Target | None = None
    no: Target | None = None
    keys: AnswerKeys = AnswerKeys()
    speech: bool = Field(default=True, description="whether the answer may also be spoken")

    def wires(self) -> tuple[Wire, ...]:
        return (Wire(YES, self.yes, (YES,)), Wire(NO, self.no, (NO,)), *self.retry_wires())

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say), *self.retry_prompts())

    @property
    def _answers(self) -> dict[str, str]:
        return {self.keys.yes: YES, self.keys.no: NO}

    def _options(self, here: Here, question: Say) -> tuple[Say, ...]:
        """What each key is for; nothing if the question says so."""
        if announcements(question.text, here.language):
            return ()
        spoken = language_of(here.language)
        words = zip(answer_names(here.language), (self.keys.yes, self.keys.no), strict=True)
        return tuple(here.speak(spoken.say_option(word, key)) for word, key in words)

    def enter(self, here: Here) -> tuple[Action, ...]:
        question = here.say(self.say, barge_in=True)
        keys = tuple(dict.fromkeys([*self._answers, *here.flow.keys]))
        finish = "" if any("#" in key for key in keys) else "#"
        hints = answer_words(here.language) if self.speech else ()
        listen = Listen(keys, max(map(len, keys)), finish, self.timeout, self.interdigit, here.language, hints)
        return (*self.reprompt(here), question, *self._options(here, question), listen)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if isinstance(event, Silence) or (isinstance(event, Keys) and not event.keys):
            return Reading(NO_INPUT)
        if isinstance(event, Keys):
            return Reading(self._answers.get(event.keys) or (event.keys if event.keys in here.flow.keys else NO_MATCH))
        if isinstance(event, Speech):
            return Reading(answer(event.text, here.language, (self.keys.yes, self.keys.no)) or NO_MATCH)
        return None

    def outcomes(self, here: Here) -> tuple[str, ...]:
        free = tuple(key for key in here.flow.keys if key not in self._answers)
        return (YES, NO, *free, NO_INPUT, NO_MATCH)

    def hearing(self, here: Here) -> Callable[[str], float]:
        question = here.say(self.say, barge_in=True)
        said = (*(say for say in self.reprompt(here) if isinstance(say, Say)), question)
        until_s = announced_s(
            sum(map(say_s, said)), zip((YES, NO), map(say_s, self._options(here, question)), strict=False)
        )
        return lambda outcome: until_s.get(outcome, until_s[""])
