"""callback: promise to call the caller back."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import ClassVar, Literal

from pydantic import Field, field_validator

from flows.nodes.base import A_NUMBER, END, FALLBACK, Here, Move, Reading, Wire, usual_length
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue, is_global
from flows.protocol.actions import Action, Book, Event, Keys, Listen, Outcome, Say, Silence, Speech
from flows.speech.heard_numbers import digits_heard
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt
from flows.speech.timing import announced_s, say_s
from flows.values.scalars import NAMES_OF, Digits, Duration, Target

NUMBER, WINDOW = "callback_number", "callback_window"
"""Values that the node sets."""
_LABELS = ("booked", "failed")
_WINDOWS = ("now", "hour", "later")
_OFFER, _NUMBER, _CHECK, _WHEN, _BOOK = "offer", "number", "check", "when", "book"
_CHOICES = {_OFFER: {"1": "same", "2": "another"}, _CHECK: {"1": "right", "2": "wrong"}}
_LEAST_NUMBER = 7


class Callback(Dialogue):
    """Read back the caller's number, let them confirm it or enter another, and book a callback.

    Callers who withhold their number are asked for one. With `windows`, they choose when to be called. Once booked,
    the call's outcome is ``callback``. Values set: ``callback_number``, ``callback_window``.

    Parameters
    ----------
    windows
        When callers may choose to be called: now, within the hour, or later.
    tries
        How often the caller is called until they answer.
    again
        From one try to the next.
    on
        Nodes by outcome.

    Examples
    --------
    >>> written = {"type": "callback", "on": {"booked": "bye", "failed": "desk"}, "otherwise": "desk"}
    >>> [(wire.outcome, wire.target) for wire in Callback.model_validate(written).wires()]
    [('booked', 'bye'), ('failed', 'desk'), ('otherwise', 'desk')]
    """

    taken_back: ClassVar[str] = "wrong"

    type: Literal["callback"]
    say: Prompt | None = Field(default=None, description="said first")
    queue: str = Field(default="", description="queue whose agents call back", json_schema_extra={NAMES_OF: "queues"})
    windows: tuple[Literal["now", "hour", "later"], ...] = Field(default=(), max_length=3)
    digits: Digits = Field(default=(7, 15), description="digits of another number")
    prefix: str = Field(
        default="", pattern=r"^(\+[1-9][0-9]{0,3})?$", description="put before a number that was entered, e.g. +1"
    )
    tries: int = Field(default=3, ge=1, le=20, description="how often they are called until they answer")
    again: Duration = Field(default=1800.0, ge=60, le=86_400, description="from one try to the next")
    on: dict[Literal["booked", "failed"], Target] = Field(default={})

    @field_validator("windows")
    @classmethod
    def _each_once(cls, windows: tuple[str, ...]) -> tuple[str, ...]:
        if len(set(windows)) < len(windows):
            raise ValueError("a window is named twice; name each once")
        return windows

    def wires(self) -> tuple[Wire, ...]:
        booked = Wire("booked", self.on.get("booked"), ("on", "booked"), required=False)
        return (booked, Wire("failed", self.on.get("failed"), ("on", "failed")), *self.retry_wires())

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return (*(((("say",), self.say),) if self.say else ()), *self.retry_prompts())

    def writes(self) -> tuple[str, ...]:
        return (NUMBER, WINDOW) if self.windows else (NUMBER,)

    def writes_on(self, outcome: str) -> tuple[str, ...]:
        return self.writes() if outcome in _LABELS else ()

    def entry(self, here: Here) -> tuple[int, int] | None:
        return self.digits if here.phase == _NUMBER else None

    def usual_values(self, phase: str = "") -> Mapping[str, str]:
        """The caller's own number, which most confirm; in the check phase, the number they entered."""
        return {NUMBER: self.prefix + "0" * usual_length(self.digits) if phase == _CHECK else A_NUMBER}

    def phases(self) -> tuple[str, ...]:
        return ("", _OFFER, _NUMBER, _CHECK, *((_WHEN,) if self.windows else ()), _BOOK)

    def about(self) -> str:
        return ", ".join(self.windows) or "as soon as possible"

    def enter(self, here: Here) -> tuple[Action, ...]:
        if not here.phase:
            return (here.say(self.say, barge_in=False),) if self.say else ()
        if here.phase == _BOOK:
            return (Book(here.name, here.value(NUMBER), here.value(WINDOW) or "now", self.queue, _LABELS),)
        if here.phase == _NUMBER:
            listen = Listen((), self.digits[1], "#", self.timeout, self.interdigit, here.language)
        else:
            keys = tuple(self._choices(here.phase))
            listen = Listen(keys, 1, "#", self.timeout, self.interdigit, here.language)
        return (*self.reprompt(here), *self._asked(here), listen)

    def _asked(self, here: Here) -> tuple[Say, ...]:
        spoken = language_of(here.language)
        if here.phase == _NUMBER:
            texts = [spoken.callback_number]
        elif here.phase == _OFFER:
            texts = [spoken.callback_offer.format(number=_digits(here.value("ani")))]
        elif here.phase == _CHECK:
            texts = [spoken.confirm.format(value=_digits(here.value(NUMBER)))]
        else:
            labels = dict(zip(_WINDOWS, spoken.callback_windows, strict=True))
            offered = self._choices(_WHEN).items()
            texts = [spoken.option.format(label=labels[window], key=spoken.key_name(key)) for key, window in offered]
        return tuple(here.speak(text) for text in texts)

    def _choices(self, phase: str) -> Mapping[str, str]:
        if phase == _WHEN:
            return {str(i): window for i, window in enumerate(self.windows, 1)}
        return _CHOICES[phase]

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if not here.phase:
            known = re.fullmatch(rf"\+?[0-9]{{{_LEAST_NUMBER},}}", here.value("ani")) is not None
            return Reading("known" if known else "unknown") if event is None else None
        if here.phase == _BOOK:
            return Reading(event.label) if isinstance(event, Outcome) and event.label in _LABELS else None
        if isinstance(event, Silence):
            return Reading(NO_INPUT)
        if not isinstance(event, Keys | Speech):
            return None
        keys = event.keys if isinstance(event, Keys) else digits_heard(event.text, here.language)
        if not keys:
            return Reading(NO_INPUT)
        if here.phase == _NUMBER:
            if re.fullmatch(r"[0-9]+", keys) and keys.isascii() and self.digits[0] <= len(keys) <= self.digits[1]:
                return Reading("entered_number", {NUMBER: self.prefix + keys})
        elif keys in self._choices(here.phase):
            return self._chosen(here, self._choices(here.phase)[keys])
        return Reading(keys if self._free(here, keys) else NO_MATCH)

    def _chosen(self, here: Here, label: str) -> Reading:
        if label == "same":
            return Reading(label, {NUMBER: here.value("ani")})
        return Reading(label, {WINDOW: label} if here.phase == _WHEN else {})

    def _free(self, here: Here, key: str) -> bool:
        """Whether `key` is a global key that has no other meaning here."""
        if not is_global(here, key) or key == "#":
            return False
        if here.phase == _NUMBER:
            return not key.isdigit() or len(key) < self.digits[0]
        return key not in self._choices(here.phase)

    def outcomes(self, here: Here) -> tuple[str, ...]:
        if not here.phase:
            return ("known", "unknown")
        if here.phase == _BOOK:
            return _LABELS
        free = tuple(key for key in here.flow.keys if self._free(here, key))
        own = ("entered_number",) if here.phase == _NUMBER else tuple(self._choices(here.phase).values())
        return (*own, *free, NO_INPUT, NO_MATCH)

    def next(self, here: Here, outcome: str) -> Move:
        agreed = _WHEN if self.windows else _BOOK
        phases = {"known": _OFFER, "unknown": _NUMBER, "same": agreed, "another": _NUMBER, "right": agreed}
        if outcome in phases:
            return Move(here.name, phase=phases[outcome])
        if outcome == "entered_number":
            return self.onward(here, _CHECK)
        if outcome == "wrong":
            return self.retry(here, "", phase=_NUMBER)
        if here.phase == _WHEN and outcome in self.windows:
            return Move(here.name, phase=_BOOK)
        if outcome == "booked":
            return Move(self.on.get("booked", END), outcome="callback")
        if outcome == "failed":
            return Move(self.on.get("failed", FALLBACK))
        return super().next(here, outcome)

    def hearing(self, here: Here) -> Callable[[str], float]:
        if here.phase != _WHEN:
            return super().hearing(here)
        again_s = sum(say_s(say) for say in self.reprompt(here) if isinstance(say, Say))
        until_s = announced_s(again_s, zip(self.windows, map(say_s, self._asked(here)), strict=True))
        return lambda outcome: until_s.get(outcome, until_s[""])

    def usual(self, here: Here) -> Mapping[str, float]:
        first = {"": "known", _OFFER: "same", _NUMBER: "entered_number", _CHECK: "right", _BOOK: "booked"}
        if here.phase == _WHEN:
            return {window: 1 / len(self.windows) for window in self.windows}
        return {first[here.phase]: 1.0}


def _digits(number: str) -> str:
    return " ".join(character for character in number if character.isdigit()) or "…"
