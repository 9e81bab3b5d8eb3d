"""dial: connect the caller to somebody outside the line."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal, get_args

from pydantic import Field, field_validator, model_validator

from flows.nodes.base import END, Here, Move, Node, Reading, Wire, unanswered
from flows.nodes.base_calling import Accept, Called, Extension, Recording, off, or_single
from flows.protocol import actions
from flows.protocol.actions import Action, Event, Outcome, Say
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt
from flows.values.scalars import Duration, Target, Telephone

_Label = Literal["answered", "busy", "no_answer", "failed", "declined", "unknown"]
_LABELS: tuple[_Label, ...] = get_args(_Label)
_ALWAYS = _LABELS[:4]
_AT_ONCE = 10
"""Most parties that a carrier rings at once (twilio.com/docs/voice/twiml/number)."""
_FROM = {"line": "dnis", "caller": "ani"}


class Dial(Node):
    """Connect to numbers in E.164 form (``+14155550100``), SIP addresses, or clients of the carrier's softphone.

    Without ``on: {answered: ...}``, the call ends when the other party hangs up. ``otherwise`` handles every failure
    that `on` does not name. With `accept`, somebody (or a mailbox) who picks up and does not press 1 is ``declined``.
    A value that names nobody who may be dialled is ``unknown``.

    Parameters
    ----------
    on
        Nodes by outcome: answered, busy, no_answer, failed; declined with `accept`; unknown where a value says whom.
    otherwise
        Node for every failure that `on` does not name.
    say
        Said before the number is dialled.
    to
        Several parties, or one that a value names, in place of `number`.
    whisper
        Said to whoever picks up, before they are connected.
    accept
        Whoever picks up is asked to press 1: true, or the words that ask.
    record
        The conversation is recorded, with the notice that callers hear.

    Examples
    --------
    >>> node = Dial.model_validate({"type": "dial", "number": "+14155550100", "otherwise": "voicemail"})
    >>> [(wire.outcome, wire.target) for wire in node.wires() if wire.required]
    [('busy', 'voicemail'), ('no_answer', 'voicemail'), ('failed', 'voicemail')]
    >>> both = {"type": "dial", "to": ["+14155550100", "client:anna"], "accept": "true", "otherwise": "voicemail"}
    >>> [wire.outcome for wire in Dial.model_validate(both).wires()]
    ['answered', 'busy', 'no_answer', 'failed', 'declined']
    """

    type: Literal["dial"]
    number: Telephone | None = Field(
        default=None,
        description=(
            'a number with + and country code, like "+14155550100", or a SIP address, like sip:desk@example.com'
        ),
    )
    to: tuple[Called, ...] = Field(default=(), max_length=_AT_ONCE, json_schema_extra=or_single)
    strategy: Literal["together", "in_turn"] = Field(
        default="together", description="whether several parties ring together or in turn"
    )
    say: Prompt | None = None
    timeout: Duration = Field(default=30.0, ge=5, le=600, description="how long each party rings")
    caller_id: str = Field(
        default="",
        pattern=r"^(|line|caller|\+[1-9][0-9]{6,14}|client:[A-Za-z0-9_]{1,121})$",
        description="the number that the called side sees: line, caller (the default), or a number like +14155550100",
    )
    send_digits: str = Field(
        default="",
        pattern=r"^[0-9*#wW]{0,32}$",
        description="digits that are sent when a number answers: 0 to 9, *, #, and w for half a second",
    )
    extension: Extension | None = Field(
        default=None, description="digits from a value, which are sent when a number answers"
    )
    whisper: Prompt | None = None
    accept: Accept | None = None
    time_limit: Duration | None = Field(default=None, ge=1, le=14_400, description="the longest conversation")
    record: Recording | None = None
    on: dict[_Label, Target] = Field(default={})
    otherwise: Target | None = None

    @field_validator("to", mode="before")
    @classmethod
    def _single(cls, value: Any) -> Any:
        return [value] if isinstance(value, str | dict) else value

    @field_validator("accept", "record", mode="before")
    @classmethod
    def _off(cls, value: Any) -> Any:
        return off(value)

    @model_validator(mode="after")
    def _somebody(self) -> Dial:
        if bool(self.number) == bool(self.to):
            raise ValueError("a dial node dials one number or several; write number: NUMBER, or to: [NUMBER, ...]")
        tones = "send_digits" if self.send_digits else "extension" if self.extension else ""
        if tones and any(
            not one.startswith("+") for party in self.called for one in (party.sample(), *party.known.values())
        ):
            raise ValueError(f"{tones} can be sent to telephone numbers only; write the extension into the address")
        for label, needed in (("declined", self.accept), ("unknown", self._at_once)):
            if label in self.on and not needed:
                wanted = "accept: true" if label == "declined" else "a value that alone says whom to dial"
                raise ValueError(f"{label!r} cannot happen here; it needs {wanted}")
        return self

    @property
    def called(self) -> tuple[Called, ...]:
        """Everybody whom the node dials."""
        return self.to or (Called(number=self.number),)

    @property
    def by_value(self) -> bool:
        """Whether a value says whom to dial, or which digits to send."""
        return self.extension is not None or any(party.value for party in self.to)

    def numbers(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        """Every number and address that is written down, with its path within the node."""
        if self.number:
            return ((("number",), self.number),)
        return tuple(
            (("to", at, "numbers", name) if party.value else ("to", at), number)
            for at, party in enumerate(self.to)
            for name, number in party.known.items()
        )

    def wires(self) -> tuple[Wire, ...]:
        answered = Wire("answered", self.on.get("answered"), ("on", "answered"), required=False)
        return (answered, *(self._failure(label) for label in (*self._labels[1:], *self._at_once)))

    @property
    def _labels(self) -> tuple[_Label, ...]:
        """What the called side may do."""
        return (*_ALWAYS, "declined") if self.accept else _ALWAYS

    @property
    def _at_once(self) -> tuple[_Label, ...]:
        """What is known before anybody is dialled."""
        return ("unknown",) if self.extension or (self.to and all(party.value for party in self.to)) else ()

    def _failure(self, label: _Label) -> Wire:
        named = label in self.on
        return Wire(label, self.on[label] if named else self.otherwise, ("on", label) if named else ("otherwise",))

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        spoken = (("say",), self.say), (("record", "notice"), self.record.notice if self.record else None)
        return tuple((path, prompt) for path, prompt in spoken if prompt)

    def aside(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        spoken = (("whisper",), self.whisper), (("accept", "say"), self.accept.say if self.accept else None)
        return tuple((path, prompt) for path, prompt in spoken if prompt)

    def reads(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        named = [(("to", at, "value"), party.value) for at, party in enumerate(self.to) if party.value]
        return (*named, *([(("extension", "value"), self.extension.value)] if self.extension else []))

    def about(self) -> str:
        return "" if self.number else f"{' or '.join(party.number or f'{{{party.value}}}' for party in self.to)}"

    def enter(self, here: Here) -> tuple[Action, ...]:
        parties, extension = self._dialled(here)
        if not parties:
            return ()
        notice = self.record.notice if self.record else None
        spoken = tuple(here.say(prompt, barge_in=False) for prompt in (self.say, notice) if prompt)
        caller_id = here.value(_FROM[self.caller_id]) if self.caller_id == "line" else self.caller_id
        dialled = actions.Dial(
            parties,
            self.timeout,
            self._labels,
            in_turn=self.strategy == "in_turn" and len(parties) > 1,
            caller_id="" if self.caller_id == "caller" else caller_id,
            send_digits=self.send_digits + extension,
            whisper=here.say(self.whisper, barge_in=False) if self.whisper else None,
            accept=self._asks(here),
            time_limit_s=self.time_limit,
            record=self.record is not None,
        )
        return (*spoken, dialled)

    def _dialled(self, here: Here) -> tuple[tuple[str, ...], str]:
        """Whom to dial and which digits to send; nobody when a value names nobody who may be dialled."""
        if here.values is None:
            return tuple(party.sample() for party in self.called), ""
        values = {party.value: here.value(party.value) for party in self.to if party.value}
        parties = tuple(filter(None, (party.resolved(values) for party in self.called)))
        if self.extension is None:
            return parties, ""
        extension = self.extension.resolved({self.extension.value: here.value(self.extension.value)})
        return (parties, extension) if extension else ((), "")

    def _asks(self, here: Here) -> Say | None:
        """What asks the called side to press 1."""
        if self.accept is None:
            return None
        if self.accept.say is None:
            return Say(language_of(here.language).take_call, here.language)
        return here.say(self.accept.say, barge_in=False)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if event is None:
            return Reading("unknown") if not self._dialled(here)[0] else None
        return Reading(event.label) if isinstance(event, Outcome) and event.label in self._labels else None

    def hearing(self, here: Here) -> Callable[[str], float]:
        whole = super().hearing(here)
        return lambda outcome: 0.0 if outcome == "unknown" else whole(outcome)

    def next(self, here: Here, outcome: str) -> Move:
        if outcome == "answered":
            return Move(self.on.get("answered", END), outcome="transferred_out")
        return unanswered(super().next(here, outcome), here)
