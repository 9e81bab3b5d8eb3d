"""survey: ask callers what they thought of the service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flows.nodes.base import FALLBACK, Here, Move, Reading, Wire
from flows.nodes.base_again import Again
from flows.nodes.base_dialogue import NO_MATCH, Dialogue, is_global
from flows.protocol.actions import Action, Event, Keys, Listen, Silence, Speech
from flows.speech.heard_numbers import digits_heard
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt
from flows.speech.timing import SHARE_SILENT
from flows.values.scalars import Target

_ANSWERS: Mapping[str, Mapping[str, str]] = {
    "csat": {key: key for key in "12345"},
    "nps": {str(number): str(number) for number in range(11)},
    "resolved": {"1": "yes", "2": "no"},
}
"""Answers by key: satisfaction, likelihood to recommend (10 takes two keys), and whether the issue was resolved."""
_DONE = "done"


class Question(BaseModel):
    """One question.

    Parameters
    ----------
    kind : {"csat", "nps", "resolved"}
        Satisfaction 1 to 5; likelihood to recommend 0 to 10; resolved: 1 yes, 2 no.
    name : str
        Value that stores the answer; default: the kind.
    say : Prompt or None
        The question; default: a standard one, in every language.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    kind: Literal["csat", "nps", "resolved"]
    name: str = Field(default="", pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$")
    say: Prompt | None = None

    @property
    def into(self) -> str:
        """Name of the value that stores the answer."""
        return self.name or self.kind

    def label(self, answer: str) -> str:
        """The outcome for an answer: ``csat 4``, or ``csat agent 4`` if the question has its own name."""
        return " ".join(part for part in (self.kind, self.name if self.name != self.kind else "", answer) if part)


class Survey(Dialogue):
    """Ask questions one at a time; silence skips a question, a wrong key repeats it.

    Each answer is recorded as its own outcome, such as ``csat 4`` or ``nps skipped``, and stored as a value.

    Parameters
    ----------
    questions
        The questions, in order.

    Examples
    --------
    >>> written = {"type": "survey", "questions": [{"kind": "csat"}, {"kind": "resolved", "name": "solved"}]}
    >>> [question.label("1") for question in Survey.model_validate(written).questions]
    ['csat 1', 'resolved solved 1']
    """

    drawn: ClassVar[bool] = True

    type: Literal["survey"]
    say: Prompt | None = Field(default=None, description="said before the first question")
    questions: tuple[Question, ...] = Field(min_length=1, max_length=10)
    thanks: Prompt | None = Field(default=None, description="said after the last")
    attempts: int = Field(default=2, ge=1, le=10)
    then: Target | None = Field(default=None, alias="next", description="node that follows")

    @model_validator(mode="after")
    def _silence_skips(self) -> Survey:
        if self.no_input != Again() or self.otherwise:
            raise ValueError("silence skips a question, so a survey has neither no_input nor otherwise; remove them")
        if self.no_match.own:
            raise ValueError("a question is skipped after its last attempt; no_match has only words here")
        names = [question.into for question in self.questions]
        for name in names:
            if names.count(name) > 1:
                raise ValueError(f"two questions are called {name!r}; give each a name")
        return self

    def wires(self) -> tuple[Wire, ...]:
        return (Wire("done", self.then, ("next",)), Wire("otherwise", self.then, ("next",), required=False))

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        own = tuple(((name,), p) for name, p in (("say", self.say), ("thanks", self.thanks)) if p)
        asked = tuple((("questions", i, "say"), q.say) for i, q in enumerate(self.questions) if q.say)
        return (*own, *asked, *self.retry_prompts())

    def writes(self) -> tuple[str, ...]:
        return tuple(question.into for question in self.questions)

    def writes_on(self, outcome: str) -> tuple[str, ...]:
        return ()

    def give_up_otherwise(self) -> Move:
        return Move(FALLBACK if self.then is None else self.then)

    def _at(self, here: Here) -> int:
        return int(here.phase or 0)

    def phases(self) -> tuple[str, ...]:
        return ("", *(str(i) for i in range(1, len(self.questions))), _DONE)

    def about(self) -> str:
        return ", ".join(question.into for question in self.questions)

    def enter(self, here: Here) -> tuple[Action, ...]:
        if here.phase == _DONE:
            return (here.say(self.thanks, barge_in=False),) if self.thanks else ()
        question = self.questions[self._at(here)]
        first = (here.say(self.say, barge_in=True),) if self.say and not here.phase and here.attempt == 1 else ()
        if question.say:
            asked = here.say(question.say, barge_in=True)
        else:
            asked = here.speak(str(getattr(language_of(here.language), question.kind)))
        keys = tuple(_ANSWERS[question.kind])
        listen = Listen(keys, max(map(len, keys)), "#", self.timeout, self.interdigit, here.language)
        return (*self.reprompt(here), *first, asked, listen)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if here.phase == _DONE:
            return Reading("done") if event is None else None
        question = self.questions[self._at(here)]
        if isinstance(event, Silence) or (isinstance(event, Keys) and not event.keys):
            return Reading(question.label("skipped"))
        if not isinstance(event, Keys | Speech):
            return None
        said = event.keys if isinstance(event, Keys) else digits_heard(event.text, here.language)
        answer = _ANSWERS[question.kind].get(said)
        if answer:
            return Reading(question.label(answer), {question.into: answer})
        return Reading(said if said in self._free(here) else NO_MATCH)

    def _free(self, here: Here) -> tuple[str, ...]:
        """Global keys that are not an answer here."""
        answers = _ANSWERS[self.questions[self._at(here)].kind]
        return tuple(key for key in here.flow.keys if is_global(here, key) and key not in answers and key != "#")

    def outcomes(self, here: Here) -> tuple[str, ...]:
        if here.phase == _DONE:
            return ("done",)
        question = self.questions[self._at(here)]
        answers = (question.label(answer) for answer in (*_ANSWERS[question.kind].values(), "skipped"))
        return (*answers, *self._free(here), NO_MATCH)

    def next(self, here: Here, outcome: str) -> Move:
        if here.phase == _DONE or outcome == "otherwise":
            return self.give_up_otherwise()
        if outcome == NO_MATCH and here.attempt < self.attempts:
            return Move(here.name, here.attempt + 1, NO_MATCH, here.phase)
        if outcome != NO_MATCH and outcome in self._free(here):
            return Move(here.flow.keys[outcome].then, leave=True)
        after = self._at(here) + 1
        return Move(here.name, phase=str(after) if after < len(self.questions) else _DONE)

    def usual(self, here: Here) -> Mapping[str, float]:
        if here.phase == _DONE:
            return {}
        question = self.questions[self._at(here)]
        answers = _ANSWERS[question.kind].values()
        each = (1 - SHARE_SILENT) / len(answers)
        return {question.label(answer): each for answer in answers} | {question.label("skipped"): SHARE_SILENT}
