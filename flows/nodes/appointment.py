"""appointment: a callback at a time that the caller picks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Literal

from pydantic import Field, model_validator

from flows.nodes.base import END, FALLBACK, Here, Move, Reading, Wire
from flows.nodes.base_dialogue import NO_INPUT, NO_MATCH, Dialogue, is_global
from flows.protocol.actions import Action, Ask, Book, Event, Keys, Listen, Outcome, Say, Silence, Speech
from flows.speech.heard_numbers import digits_heard
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt
from flows.speech.timing import announced_s, say_s
from flows.speech.values import spoken_value
from flows.values.caller_numbers import is_dialled
from flows.values.scalars import NAMES_OF, Duration, PlacedError, Target

__all__ = ["SLOT", "SLOTS", "Appointment"]

SLOT, SLOTS = "appointment", "appointment_slots"
"""Values that the node sets: the time that was picked, as 2026-12-01T15:30, and all that are offered, with spaces."""
_Label = Literal["booked", "none", "failed"]
_OFFERED, _TAKEN, _MORE, _BOOK, _PAGE = "offered", "taken", "more", "book", "page"
_BOOKED = ("booked", _TAKEN, "failed")
_SAMPLE = "2026-12-01T15:30"


class Appointment(Dialogue):
    """Offer free times, let the caller pick one, and book a callback then; a time has places for so many callers.

    Times begin where the opening hours do and follow one another; those that are full are not offered. Once booked, the
    call's outcome is ``callback``. Values set: ``appointment`` (as {appointment:date} and {appointment:time}).

    Parameters
    ----------
    hours
        Opening hours in which agents call.
    queue
        Queue whose agents call.
    length
        From one time to the next.
    capacity
        Callers who may have the same time.
    notice
        How soon the first time may be.
    horizon
        How far ahead times are offered.
    offers
        Times offered at once.
    pages
        How often callers may ask for later times, and one.
    more
        What later times are called, e.g. "later times"; needed with more than one page.
    to
        The number to call, or a value; default: the caller.
    on
        Nodes by outcome: booked; none, when no time is free; failed, when it cannot be booked or no number is known.

    Examples
    --------
    >>> written = {"type": "appointment", "hours": "desk", "on": {"booked": "bye", "none": "box", "failed": "box"}}
    >>> [(wire.outcome, wire.target) for wire in Appointment.model_validate(written).wires()]
    [('booked', 'bye'), ('none', 'box'), ('failed', 'box'), ('otherwise', None)]
    """

    type: Literal["appointment"]
    hours: str = Field(json_schema_extra={NAMES_OF: "hours"})
    queue: str = Field(default="", description="queue whose agents call", json_schema_extra={NAMES_OF: "queues"})
    say: Prompt | None = Field(default=None, description="said before the times")
    length: Duration = Field(default=1800.0, ge=300, le=86_400)
    capacity: int = Field(default=1, ge=1, le=1000)
    notice: Duration = Field(default=3600.0, ge=0, le=30 * 86_400)
    horizon: Duration = Field(default=7 * 86_400.0, ge=3600, le=60 * 86_400)
    offers: int = Field(default=3, ge=1, le=6)
    pages: int = Field(default=1, ge=1, le=4)
    more: Prompt | None = None
    to: str = Field(
        default="{ani}",
        pattern=r"^(\+[1-9][0-9]{6,14}|\{[A-Za-z_][A-Za-z0-9_]*\})$",
        description="a number in E.164 form, or a value; default: the caller",
    )
    on: dict[_Label, Target] = Field(default={})

    @model_validator(mode="after")
    def _check(self) -> Appointment:
        if self.pages > 1 and self.more is None:
            raise ValueError("callers hear of later times by a label; write more: later times, or pages: 1")
        if self.horizon <= self.notice:
            raise PlacedError(
                "no time is after the notice and before the horizon; write a longer horizon", ("horizon",)
            )
        return self

    def wires(self) -> tuple[Wire, ...]:
        booked = Wire("booked", self.on.get("booked"), ("on", "booked"), required=False)
        others = (Wire(label, self.on.get(label), ("on", label)) for label in ("none", "failed"))
        return (booked, *others, *self.retry_wires())

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        own = (((name,), prompt) for name, prompt in (("say", self.say), ("more", self.more)) if prompt)
        return (*own, *self.retry_prompts())

    def inserts(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        return ((("to",), self.to),)

    def writes(self) -> tuple[str, ...]:
        return (SLOT,)

    def writes_on(self, outcome: str) -> tuple[str, ...]:
        return self.writes() if outcome == "booked" else ()

    def usual_values(self, phase: str = "") -> Mapping[str, str]:
        sample = " ".join([_SAMPLE] * (self.offers * self.pages))
        return {SLOT: _SAMPLE, SLOTS: sample} if phase else {SLOT: _SAMPLE}

    def phases(self) -> tuple[str, ...]:
        return ("", *(f"{_PAGE}{n}" for n in range(1, self.pages + 1)), _BOOK)

    def about(self) -> str:
        return self.hours

    def number(self, here: Here) -> str:
        """The number to call; empty if none is known."""
        to = here.value(self.to.strip("{}")) if self.to.startswith("{") else self.to
        return to if here.values is None or is_dialled(to) else ""

    def enter(self, here: Here) -> tuple[Action, ...]:
        if not here.phase:
            return (Ask("slots", here.name, (_OFFERED, "none")),) if self.number(here) else ()
        if here.phase == _BOOK:
            return (Book(here.name, self.number(here), here.value(SLOT), self.queue, _BOOKED, self.capacity),)
        keys = tuple(self._choices(here))
        listen = Listen(keys, 1, "#", self.timeout, self.interdigit, here.language)
        first = (here.say(self.say, barge_in=True),) if self.say and not here.reason and self._page(here) == 1 else ()
        return (*self.reprompt(here), *first, *self._asked(here), listen)

    def _page(self, here: Here) -> int:
        return int(here.phase.removeprefix(_PAGE))

    def _choices(self, here: Here) -> dict[str, str]:
        """What each key picks on this page: a time, or later times."""
        slots, page = here.value(SLOTS).split(), self._page(here)
        shown = slots[(page - 1) * self.offers : page * self.offers]
        found = {str(i): slot for i, slot in enumerate(shown, 1)}
        if page < self.pages and len(slots) > page * self.offers:
            found[str(self.offers + 1)] = _MORE
        return found

    def _asked(self, here: Here) -> tuple[Say, ...]:
        spoken = language_of(here.language)
        texts = []
        for key, slot in self._choices(here).items():
            if slot != _MORE:
                label = " ".join(spoken_value(slot, form, language=here.language) for form in ("date", "time"))
            else:
                label = here.say(self.more, barge_in=True).text if self.more else ""
            texts.append(spoken.option.format(label=label, key=spoken.key_name(key)))
        return tuple(here.speak(text) for text in texts)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if not here.phase:
            if event is None:
                return None if self.number(here) else Reading("failed")
            if not isinstance(event, Outcome) or event.label not in (_OFFERED, "none"):
                return None
            slots = event.values.get(SLOTS, "")
            return Reading(_OFFERED, {SLOTS: slots}) if event.label == _OFFERED and slots else Reading("none")
        if here.phase == _BOOK:
            return Reading(event.label) if isinstance(event, Outcome) and event.label in _BOOKED else None
        if isinstance(event, Silence):
            return Reading(NO_INPUT)
        if not isinstance(event, Keys | Speech):
            return None
        keys = event.keys if isinstance(event, Keys) else digits_heard(event.text, here.language)
        if not keys:
            return Reading(NO_INPUT)
        slot = self._choices(here).get(keys)
        if slot == _MORE:
            return Reading(_MORE)
        if slot is not None:
            return Reading(f"time {keys}", {SLOT: slot})
        return Reading(keys if self._free(here, keys) else NO_MATCH)

    def _free(self, here: Here, key: str) -> bool:
        """Whether `key` is a global key that has no other meaning here."""
        return is_global(here, key) and key != "#" and key not in self._keys(here)

    def _keys(self, here: Here) -> tuple[str, ...]:
        """Every key that this page may offer, with as many times as there can be."""
        last = self.offers + (self._page(here) < self.pages)
        return tuple(str(key) for key in range(1, last + 1))

    def outcomes(self, here: Here) -> tuple[str, ...]:
        if not here.phase:
            return (_OFFERED, "none", "failed")
        if here.phase == _BOOK:
            return _BOOKED
        times = tuple(f"time {key}" for key in range(1, self.offers + 1))
        more = (_MORE,) if self._page(here) < self.pages else ()
        free = tuple(key for key in here.flow.keys if self._free(here, key))
        return (*times, *more, *free, NO_INPUT, NO_MATCH)

    def next(self, here: Here, outcome: str) -> Move:
        if outcome == _OFFERED:
            return self.onward(here, f"{_PAGE}1")
        if outcome == _MORE:
            return self.onward(here, f"{_PAGE}{self._page(here) + 1}")
        if outcome.startswith("time "):
            return self.onward(here, _BOOK)
        if outcome == _TAKEN:  # somebody else was quicker: offer what is left
            return self.retry(here, "")
        if outcome == "booked":
            return Move(self.on.get("booked", END), outcome="callback")
        if outcome == "none":
            return Move(self.on.get("none", FALLBACK))
        if outcome == "failed":
            return Move(self.on.get("failed", FALLBACK))
        return super().next(here, outcome)

    def hearing(self, here: Here) -> Callable[[str], float]:
        if not here.phase.startswith(_PAGE):
            return super().hearing(here)
        asked = self._asked(here)
        before_s = sum(say_s(say) for say in self.enter(here)[: -len(asked) - 1] if isinstance(say, Say))
        names = [_MORE if slot == _MORE else f"time {key}" for key, slot in self._choices(here).items()]
        until_s = announced_s(before_s, zip(names, map(say_s, asked), strict=True))
        return lambda outcome: until_s.get(outcome, until_s[""])

    def usual(self, here: Here) -> Mapping[str, float]:
        if here.phase.startswith(_PAGE):
            return {f"time {key}": 1 / self.offers for key in range(1, self.offers + 1)}
        return {_OFFERED: 1.0} if not here.phase else {"booked": 1.0}
