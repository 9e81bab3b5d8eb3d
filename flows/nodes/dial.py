"""dial: connect the caller to another number."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import Field

from flows.nodes.base import END, Here, Move, Node, Reading, Wire, unanswered
from flows.protocol import actions
from flows.protocol.actions import Action, Event, Outcome
from flows.speech.prompt import Prompt
from flows.values.scalars import Duration, Target, Telephone

_Label = Literal["answered", "busy", "no_answer", "failed"]
_LABELS: tuple[_Label, ...] = get_args(_Label)


class Dial(Node):
    """Connect to a number in E.164 form (``+14155550100``) or a SIP address.

    Without ``on: {answered: ...}``, the call ends when the other party hangs up. ``otherwise`` handles every failure
    that `on` does not name.

    Parameters
    ----------
    on
        Nodes by outcome: answered, busy, no_answer, failed.
    otherwise
        Node for every failure that `on` does not name.
    say
        Said before the number is dialled.

    Examples
    --------
    >>> node = Dial.model_validate({"type": "dial", "number": "+14155550100", "otherwise": "voicemail"})
    >>> [(wire.outcome, wire.target) for wire in node.wires() if wire.required]
    [('busy', 'voicemail'), ('no_answer', 'voicemail'), ('failed', 'voicemail')]
    """

    type: Literal["dial"]
    number: Telephone = Field(
        description=(
            'a number with + and country code, like "+14155550100", or a SIP address, like sip:desk@example.com'
        ),
    )
    say: Prompt | None = None
    timeout: Duration = Field(default=30.0, ge=5, le=600)
    on: dict[_Label, Target] = Field(default={})
    otherwise: Target | None = None

    def wires(self) -> tuple[Wire, ...]:
        answered = Wire("answered", self.on.get("answered"), ("on", "answered"), required=False)
        return (answered, *(self._failure(label) for label in _LABELS[1:]))

    def _failure(self, label: _Label) -> Wire:
        named = label in self.on
        return Wire(label, self.on[label] if named else self.otherwise, ("on", label) if named else ("otherwise",))

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say),) if self.say else ()

    def enter(self, here: Here) -> tuple[Action, ...]:
        spoken = (here.say(self.say, barge_in=False),) if self.say else ()
        return (*spoken, actions.Dial(self.number, self.timeout, _LABELS))

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        return Reading(event.label) if isinstance(event, Outcome) and event.label in _LABELS else None

    def next(self, here: Here, outcome: str) -> Move:
        if outcome == "answered":
            return Move(self.on.get("answered", END), outcome="transferred_out")
        return unanswered(super().next(here, outcome), here)
