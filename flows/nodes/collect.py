"""collect: take digits that the caller enters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from flows.nodes.base import Here, Move, Reading, Wire, usual_length
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue, is_global
from flows.protocol.actions import Action, Event, Keys, Listen, Silence, Speech
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt
from flows.speech.values import masked, spoken_digits
from flows.values.scalars import Digits, Key, Target

_CONFIRM = "confirm"
_YES, _NO = "1", "2"


class Collect(Dialogue):
    """Collect digits and store them as a value.

    A global key also works here if it cannot be part of the value: star, or a lone 0 if more digits are expected. If
    a global key is also the finish key, it ends the entry after digits and has its global meaning when pressed alone;
    the line then waits for the pause after a number shorter than the longest allowed.

    Parameters
    ----------
    say
        Prompt that asks for the digits.

    Examples
    --------
    >>> written = {"type": "collect", "say": "Your account number?", "into": "account", "digits": "6-10"}
    >>> Collect.model_validate(written).digits
    (6, 10)
    """

    taken_back: ClassVar[str] = "rejected"

    type: Literal["collect"]
    say: Prompt
    into: str = Field(
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$", description="a name of letters, digits and _, like account_number"
    )
    digits: Digits
    finish: Key = "#"
    sensitive: bool = Field(default=False, description="never shown, logged or said in full")
    confirm: bool = Field(default=False, description="read back what was entered (of a secret, the last two digits)")
    speech: bool = Field(default=False, description="whether the digits may also be spoken")
    then: Target | None = Field(default=None, alias="next", description="node that follows")

    def wires(self) -> tuple[Wire, ...]:
        return (Wire("confirmed" if self.confirm else "collected", self.then, ("next",)), *self.retry_wires())

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say), *self.retry_prompts())

    def writes(self) -> tuple[str, ...]:
        return (self.into,)

    def secrets(self) -> tuple[str, ...]:
        return (self.into,) if self.sensitive else ()

    def entry(self, here: Here) -> tuple[int, int] | None:
        return None if here.phase == _CONFIRM else self.digits

    def usual_values(self, phase: str = "") -> Mapping[str, str]:
        return {self.into: "0" * usual_length(self.digits)}

    def phases(self) -> tuple[str, ...]:
        return ("", _CONFIRM) if self.confirm else ("",)

    def enter(self, here: Here) -> tuple[Action, ...]:
        if here.phase == _CONFIRM:
            entered = here.value(self.into)
            value = masked(entered, here.language) if self.sensitive else " ".join(entered)
            text = language_of(here.language).confirm.format(value=value or "…")
            listen = Listen((_YES, _NO), 1, "", self.timeout, self.interdigit, here.language)
            return (*self.reprompt(here), here.speak(text), listen)
        most = self.digits[1]
        hints = language_of(here.language).number_words if self.speech else ()
        listen = Listen((), most, self._ends(here), self.timeout, self.interdigit, here.language, hints, self.sensitive)
        return (*self.reprompt(here), here.say(self.say, barge_in=True), listen)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if isinstance(event, Silence):
            return Reading(NO_INPUT)
        if not isinstance(event, Keys | Speech):
            return None
        keys = event.keys if isinstance(event, Keys) else spoken_digits(event.text, here.language)
        if not keys:
            return Reading(NO_INPUT)
        if len(keys) > 1 and not self._ends(here):
            keys = keys.removesuffix(self.finish)
        if here.phase == _CONFIRM:
            return Reading(
                {_YES: "confirmed", _NO: "rejected"}.get(keys) or (keys if self._free(here, keys) else NO_MATCH)
            )
        least, most = self.digits
        if re.fullmatch(r"[0-9]+", keys) and keys.isascii() and least <= len(keys) <= most:
            return Reading("entered" if self.confirm else "collected", {self.into: keys})
        return Reading(keys if self._free(here, keys) else NO_MATCH)

    def _free(self, here: Here, key: str) -> bool:
        """Whether `key` is a global key that cannot be part of the value."""
        if here.phase == _CONFIRM:
            return is_global(here, key) and key not in (_YES, _NO)
        return is_global(here, key) and (not key.isdigit() or len(key) < self.digits[0])

    def _ends(self, here: Here) -> str:
        """The key that stops listening; empty if it is also global, since a lone press must then be received."""
        return "" if is_global(here, self.finish) else self.finish

    def outcomes(self, here: Here) -> tuple[str, ...]:
        free = tuple(key for key in here.flow.keys if self._free(here, key))
        if here.phase == _CONFIRM:
            return ("confirmed", "rejected", *free, NO_INPUT, NO_MATCH)
        return ("entered" if self.confirm else "collected", *free, NO_INPUT, NO_MATCH)

    def next(self, here: Here, outcome: str) -> Move:
        if outcome == "entered":
            return self.onward(here, _CONFIRM)
        if outcome == "rejected":
            return self.retry(here, "")
        return super().next(here, outcome)
