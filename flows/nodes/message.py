"""message: send a text message."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import Field

from flows.nodes.base import Here, Node, Reading, Wire
from flows.protocol.actions import Action, Event, Outcome, Send
from flows.speech.prompt import Prompt
from flows.values.caller_numbers import is_dialled
from flows.values.scalars import Target

_Label = Literal["sent", "failed", "no_mobile"]
_LABELS: tuple[_Label, ...] = get_args(_Label)


class Message(Node):
    """Send a text message, by default to the caller, and continue.

    The call goes to ``next`` in any case, unless `on` names another node for ``failed`` or ``no_mobile`` (a landline,
    or a caller who withholds their number).

    Parameters
    ----------
    on
        Nodes by outcome: sent, failed, no_mobile.
    text
        Text of the message.

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
    on: dict[_Label, Target] = Field(default={})
    then: Target | None = Field(default=None, alias="next", description="node that follows")

    def wires(self) -> tuple[Wire, ...]:
        return tuple(
            Wire(label, self.on[label], ("on", label)) if label in self.on else Wire(label, self.then, ("next",))
            for label in _LABELS
        )

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say),) if self.say else ()

    def written(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("text",), self.text),)

    def inserts(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        return ((("to",), self.to),)

    def about(self) -> str:
        return f"to {'the caller' if self.to == '{ani}' else self.to}"

    def enter(self, here: Here) -> tuple[Action, ...]:
        said = (here.say(self.say, barge_in=False),) if self.say else ()
        to = self._number(here)
        if to is None:
            return said
        return (*said, Send(here.name, to, here.say(self.text, barge_in=False).text, here.language, _LABELS))

    def _number(self, here: Here) -> str | None:
        """The number to send to; None if the caller is known to have none."""
        to = here.value(self.to.strip("{}")) if self.to.startswith("{") else self.to
        return to if here.values is None or is_dialled(to) else None

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if event is None:
            return Reading("no_mobile") if self._number(here) is None else None
        return Reading(event.label) if isinstance(event, Outcome) and event.label in _LABELS else None

    def usual(self, here: Here) -> Mapping[str, float]:
        return {"sent": 1.0}
