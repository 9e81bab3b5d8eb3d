"""collect: take something that the caller enters: digits, or a date, an amount and other types."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Any, ClassVar, Literal

from pydantic import ConfigDict, Field, model_validator

from flows.entries import Caller, Options, entry_type, entry_types
from flows.entries.base import Read
from flows.nodes.base import Here, Move, Reading, Wire, usual_length
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue, is_global
from flows.nodes.base_typed import Typed
from flows.protocol.actions import Action, Ask, Event, Keys, Listen, Outcome, Silence, Speech
from flows.speech.heard_numbers import digits_heard
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt
from flows.speech.values import masked
from flows.values.scalars import Key, Target

_ENTRY, _HALF, _CONFIRM = "entry", "half", "confirm"
_YES, _NO = "1", "2"
_KNOWN = "known"
TODAY = "today"
"""The value that holds the day of the call, where an entry is judged by it."""


class Collect(Typed, Dialogue):
    """Collect what callers enter and store it as a value: digits, or a type that knows what it takes (`as`).

    A global key also works here if it cannot be part of the value: star, or a lone 0 if more digits are expected. If
    a global key is also the finish key, it ends the entry after digits and has its global meaning when pressed alone;
    the line then waits for the pause after a number shorter than the longest allowed.

    A typed entry that is not valid is asked for again, with what is expected; what is stored has one form: a date
    `2026-05-23`, a time `15:30`, an amount `12.50`, a telephone number with + and country code.

    Parameters
    ----------
    say
        Prompt that asks for it.

    Examples
    --------
    >>> written = {"type": "collect", "say": "Your account number?", "into": "account", "digits": "6-10"}
    >>> Collect.model_validate(written).digits
    (6, 10)
    >>> due = Collect.model_validate({"type": "collect", "say": "Which day?", "into": "due", "as": "date"})
    >>> due.digits, due.phases()
    ((8, 8), ('', 'entry'))
    """

    model_config = ConfigDict(json_schema_extra={"anyOf": [{"required": ["digits"]}, {"required": ["as"]}]})

    taken_back: ClassVar[str] = "rejected"

    type: Literal["collect"]
    say: Prompt
    into: str = Field(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="a name of letters, digits and _, like account_number"
    )
    finish: Key = "#"
    sensitive: bool = Field(default=False, description="never shown, logged or said in full; a card number always is")
    confirm: bool = Field(default=False, description="read back what was entered (of a secret, the last two digits)")
    speech: bool = Field(default=False, description="whether it may also be spoken")
    then: Target | None = Field(default=None, alias="next", description="node that follows")

    @model_validator(mode="before")
    @classmethod
    def _secret_by_type(cls, value: Any) -> Any:
        kind = value.get("as") if isinstance(value, dict) else None
        if kind in entry_types() and entry_type(kind).sensitive and "sensitive" not in value:
            return {**value, "sensitive": True}
        return value

    def wires(self) -> tuple[Wire, ...]:
        return (Wire("confirmed" if self.confirm else "collected", self.then, ("next",)), *self.retry_wires())

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        corrected = ((("expects",), self.expects),) if self.expects else ()
        return ((("say",), self.say), *corrected, *self.retry_prompts())

    def writes(self) -> tuple[str, ...]:
        return (self.into,)

    def secrets(self) -> tuple[str, ...]:
        return (self.into,) if self.sensitive else ()

    def entry_keys(self, here: Here) -> str:
        return self.form.keyed(self._caller(here)) if self.form else ""

    def entry(self, here: Here) -> tuple[int, int] | None:
        return self.digits if here.phase == self._first else None

    def usual_values(self, phase: str = "") -> Mapping[str, str]:
        sample = self.form.sample(Caller("en", "en")) if self.form else "0" * usual_length(self.digits)
        return {self.into: sample}

    @property
    def _first(self) -> str:
        """The phase in which the entry is made."""
        return _ENTRY if self.form and self.form.needs_today else ""

    def phases(self) -> tuple[str, ...]:
        first = ("", _ENTRY) if self._first else ("",)
        half = (_HALF,) if self.form and self.form.has_halves else ()
        return (*first, *half, *((_CONFIRM,) if self.confirm else ()))

    def _caller(self, here: Here) -> Caller:
        today = (here.values or {}).get(TODAY, "")
        day = dt.date.fromisoformat(today) if re.fullmatch(r"\d{4}-\d\d-\d\d", today) else None
        return Caller(here.language, here.flow.languages[0], day)

    def enter(self, here: Here) -> tuple[Action, ...]:
        if here.phase != self._first:
            return self._asks_key(here)
        most = self.digits[1]
        hints: tuple[str, ...] = ()
        if self.speech:
            hints = self.form.hints(here.language) if self.form else language_of(here.language).number_words
        listen = Listen((), most, self._ends(here), self.timeout, self.interdigit, here.language, hints, self.sensitive)
        return (*self.reprompt(here), here.say(self.say, barge_in=True), listen)

    def _asks_key(self, here: Here) -> tuple[Action, ...]:
        """What is asked before or after the entry: the day, a half of the day, whether it is right."""
        if not here.phase:
            return (Ask(TODAY, "", (_KNOWN,)),)
        if here.phase == _HALF:
            first, second = (self._said(here, value) for value in self._halves(here))
            text = self._caller(here).words.halves_asked or "1: {first}. 2: {second}."
            text = text.format(first=first, second=second)
        else:
            text = language_of(here.language).confirm.format(value=self._read_back(here) or "…")
        listen = Listen((_YES, _NO), 1, "", self.timeout, self.interdigit, here.language)
        return (*self.reprompt(here), here.speak(text), listen)

    def _halves(self, here: Here) -> tuple[str, str]:
        """The two times of which one is meant."""
        hour, _, minute = here.value(self.into).partition(":")
        early = int(hour) % 12 if hour.isdigit() else 0
        return f"{early:02d}:{minute}", f"{early + 12:02d}:{minute}"

    def _read_back(self, here: Here) -> str:
        entered = here.value(self.into)
        if self.sensitive:
            return masked(entered, here.language)
        return self._said(here, entered) if self.form else " ".join(entered)

    def _said(self, here: Here, value: str) -> str:
        assert self.form
        return self.form.said(value, self._caller(here)) if value else ""

    def reprompt(self, here: Here) -> tuple[Action, ...]:
        corrects = self.form and here.reason == NO_MATCH and here.phase == self._first and not self.no_match.say
        if not corrects:
            return super().reprompt(here)
        assert self.form
        if self.expects:
            return (here.say(self.expects, barge_in=True),)
        said = self.form.again(self._caller(here))
        return (here.speak(said),) if said else super().reprompt(here)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if self._first and not here.phase:
            if not isinstance(event, Outcome) or event.label != _KNOWN:
                return None
            return Reading(_KNOWN, {TODAY: event.values.get(TODAY, "")})
        if isinstance(event, Silence):
            return Reading(NO_INPUT)
        if not isinstance(event, Keys | Speech):
            return None
        if here.phase != self._first:
            return self._answered(here, event)
        if isinstance(event, Speech) and self.form:
            return self._reading(here, self.form.hear(event.text, self._caller(here))) or Reading(NO_MATCH)
        keys = event.keys if isinstance(event, Keys) else digits_heard(event.text, here.language)
        if not keys:
            return Reading(NO_INPUT)
        if len(keys) > 1 and not self._ends(here):
            keys = keys.removesuffix(self.finish)
        read = self.form.read(keys, self._caller(here)) if self.form else self._plain(keys)
        return self._reading(here, read) or Reading(keys if self._free(here, keys) else NO_MATCH)

    def _plain(self, keys: str) -> Read:
        least, most = self.digits
        fits = re.fullmatch(r"[0-9]+", keys) and keys.isascii() and least <= len(keys) <= most
        return Read(keys) if fits else Read()

    def _reading(self, here: Here, read: Read) -> Reading | None:
        """What a valid entry leads to; None if it is not valid."""
        if not read.value:
            return None
        values = {self.into: read.value}
        return Reading(_HALF if read.other else self._done, values)

    @property
    def _done(self) -> str:
        """The outcome of a valid entry."""
        return "entered" if self.confirm else "collected"

    def _answered(self, here: Here, event: Keys | Speech) -> Reading:
        """A half of the day, or whether the entry is right."""
        keys = event.keys if isinstance(event, Keys) else self._key_said(here, event.text)
        if not keys:
            return Reading(NO_INPUT)
        if len(keys) > 1 and not self._ends(here):
            keys = keys.removesuffix(self.finish)
        if here.phase == _HALF and keys in (_YES, _NO):
            return Reading(self._done, {self.into: self._halves(here)[keys == _NO]})
        label = {_YES: "confirmed", _NO: "rejected"}.get(keys) if here.phase == _CONFIRM else None
        return Reading(label or (keys if self._free(here, keys) else NO_MATCH))

    def _key_said(self, here: Here, text: str) -> str:
        """The key that words mean: a number, yes and no, or words for a half of the day."""
        caller = self._caller(here)
        if here.phase == _HALF and self.form:
            half = self.form.hear(f"1 {text}", caller).value
            return {"01:00": _YES, "13:00": _NO}.get(half) or digits_heard(text, here.language)
        return {"yes": _YES, "no": _NO}.get(
            entry_type("yes_no")(Options()).hear(text, caller).value, ""
        ) or digits_heard(text, here.language)

    def _free(self, here: Here, key: str) -> bool:
        """Whether `key` is a global key that cannot be part of the value."""
        if here.phase != self._first:
            return is_global(here, key) and key not in (_YES, _NO)
        return is_global(here, key) and (not key.isdigit() or len(key) < self.digits[0])

    def _ends(self, here: Here) -> str:
        """The key that stops listening; empty if it is also global, since a lone press must then be received."""
        return "" if is_global(here, self.finish) else self.finish

    def outcomes(self, here: Here) -> tuple[str, ...]:
        if self._first and not here.phase:
            return (_KNOWN,)
        free = tuple(key for key in here.flow.keys if self._free(here, key))
        if here.phase == _CONFIRM:
            return ("confirmed", "rejected", *free, NO_INPUT, NO_MATCH)
        half = (_HALF,) if here.phase == self._first and _HALF in self.phases() else ()
        return (self._done, *half, *free, NO_INPUT, NO_MATCH)

    def next(self, here: Here, outcome: str) -> Move:
        if outcome == _KNOWN:
            return self.onward(here, _ENTRY)
        if outcome == _HALF:
            return self.onward(here, _HALF)
        if outcome == "entered":
            return self.onward(here, _CONFIRM)
        if outcome == "rejected":
            return self.retry(here, "", phase=self._first)
        return super().next(here, outcome)
