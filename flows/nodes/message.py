"""message: send a text message, now or later."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal, get_args

from pydantic import Field, model_validator

from flows.nodes.base import Here, Node, Reading, Wire
from flows.protocol.actions import Action, Event, Outcome, Send
from flows.speech.prompt import Prompt
from flows.values.caller_numbers import is_dialled
from flows.values.scalars import Duration, PlacedError, Target

_Label = Literal["sent", "failed", "no_mobile", "stopped"]
_LABELS: tuple[_Label, ...] = get_args(_Label)[:3]
_STOPPED: _Label = "stopped"
_SPAN = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-4]):([0-5][0-9])")


class Message(Node):
    """Send a text message, by default to the caller, and continue.

    The call goes to ``next`` in any case, unless `on` names another node for ``failed`` or ``no_mobile`` (a landline,
    or a caller who withholds their number).

    Nothing is sent to a number that has answered STOP: the call then goes by ``stopped``, or ``failed`` where that is
    not named. A message for later counts as sent when it is kept, and is withdrawn when the number says STOP.

    Parameters
    ----------
    on
        Nodes by outcome: sent, failed, no_mobile, stopped.
    text
        Text of the message.
    channel
        sms, or whatsapp.
    template
        Sid of a content template at Twilio, which is sent instead of the text.
    variables
        What the placeholders of the template stand for, by their names: `{"1": "{appointment:date}"}`.
    after
        How long after this moment it is sent, e.g. 2d; default: at once.
    within
        Hours of the day in which a message for later is sent, on the clock of the line.

    Examples
    --------
    >>> written = {"type": "message", "text": "See example.com/pay.", "on": {"no_mobile": "spell"}, "next": "bye"}
    >>> [(wire.outcome, wire.target) for wire in Message.model_validate(written).wires()]
    [('sent', 'bye'), ('failed', 'bye'), ('no_mobile', 'spell')]
    """

    type: Literal["message"]
    to: str = Field(
        default="{ani}",
        pattern=r"^(\+[1-9][0-9]{6,14}|\{[A-Za-z_][A-Za-z0-9_]*\})$",
        description="a number in E.164 form, or a value; default: the caller",
    )
    text: Prompt
    say: Prompt | None = Field(default=None, description="what the caller hears meanwhile")
    channel: Literal["sms", "whatsapp"] = "sms"
    template: str = Field(default="", pattern=r"^(HX[0-9a-fA-F]{32})?$")
    variables: dict[str, str] = Field(default={}, max_length=100)
    after: Duration = Field(default=0.0, ge=0, le=366 * 86_400)
    within: str = Field(default="09:00-20:00", pattern=r"^[0-9]{2}:[0-9]{2}-[0-9]{2}:[0-9]{2}$")
    on: dict[_Label, Target] = Field(default={})
    then: Target | None = Field(default=None, alias="next", description="node that follows")

    @model_validator(mode="after")
    def _check(self) -> Message:
        if self.variables and not self.template:
            raise PlacedError(
                "variables belong to a template; write template: HX..., or leave them out", ("variables",)
            )
        match = _SPAN.fullmatch(self.within)
        if match is None or not self.span[0] < self.span[1] <= 1440:
            message = f"{self.within!r} is not a part of a day; write for example within: '09:00-20:00'"
            raise PlacedError(message, ("within",))
        return self

    @property
    def span(self) -> tuple[int, int]:
        """The hours of the day, in minutes."""
        first, last = (int(clock[:2]) * 60 + int(clock[3:]) for clock in self.within.split("-"))
        return first, last

    def _labels(self) -> tuple[_Label, ...]:
        return (*_LABELS, _STOPPED) if _STOPPED in self.on else _LABELS

    def wires(self) -> tuple[Wire, ...]:
        return tuple(
            Wire(label, self.on[label], ("on", label)) if label in self.on else Wire(label, self.then, ("next",))
            for label in self._labels()
        )

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say),) if self.say else ()

    def written(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("text",), self.text),)

    def inserts(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        return ((("to",), self.to), *((("variables", name), text) for name, text in self.variables.items()))

    def about(self) -> str:
        who = "the caller" if self.to == "{ani}" else self.to
        return f"to {who}{' by WhatsApp' if self.channel == 'whatsapp' else ''}{', later' if self.after else ''}"

    def enter(self, here: Here) -> tuple[Action, ...]:
        said = (here.say(self.say, barge_in=False),) if self.say else ()
        to = self._number(here)
        if to is None:
            return said
        text = here.say(self.text, barge_in=False).text
        variables = tuple((name, here.fill(value)) for name, value in self.variables.items())
        later: dict[str, Any] = {"after_s": self.after, "within": self.span} if self.after else {}
        how: dict[str, Any] = {"channel": self.channel, "template": self.template, "variables": variables}
        return (*said, Send(here.name, to, text, here.language, self._labels(), **how, **later))

    def _number(self, here: Here) -> str | None:
        """The number to send to; None if the caller is known to have none."""
        to = here.value(self.to.strip("{}")) if self.to.startswith("{") else self.to
        return to if here.values is None or is_dialled(to) else None

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if event is None:
            return Reading("no_mobile") if self._number(here) is None else None
        return Reading(event.label) if isinstance(event, Outcome) and event.label in self._labels() else None

    def usual(self, here: Here) -> Mapping[str, float]:
        return {"sent": 1.0}
