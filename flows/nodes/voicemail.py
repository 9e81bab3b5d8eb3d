"""voicemail: record a message."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from flows.nodes.base import END, UNSERVED, Here, Move, Node, Reading, Wire
from flows.protocol.actions import Action, Event, Outcome, Record
from flows.speech.prompt import Prompt
from flows.values.scalars import Duration, Key, Target

_LABELS = ("recorded", "empty")


class Voicemail(Node):
    """Record a message in a message box; without ``next``, the call ends afterwards.

    Parameters
    ----------
    box
        Name of the message box.
    say
        Said before the tone.
    transcribe
        Whether the carrier writes down what was said, for the desk. Twilio does so for English, up to two minutes.

    Examples
    --------
    >>> Voicemail.model_validate({"type": "voicemail", "box": "support", "say": "Leave a message."}).box
    'support'
    """

    type: Literal["voicemail"]
    box: str
    say: Prompt | None = None
    max: Duration = Field(default=120.0, ge=1, le=3600)
    finish: Key = "#"
    transcribe: bool = Field(default=False, description="whether the carrier writes down what was said")
    then: Target | None = Field(default=None, alias="next", description="node after a recorded message")
    otherwise: Target | None = Field(default=None, description="node when nothing was recorded; default: like next")

    def wires(self) -> tuple[Wire, ...]:
        otherwise = Wire("empty", self.otherwise or self.then, ("otherwise",) if self.otherwise else ("next",), False)
        return (Wire("recorded", self.then, ("next",), False), otherwise)

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say),) if self.say else ()

    def enter(self, here: Here) -> tuple[Action, ...]:
        spoken = (here.say(self.say, barge_in=False),) if self.say else ()
        return (*spoken, Record(self.box, self.max, self.finish, _LABELS, self.transcribe))

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        return Reading(event.label) if isinstance(event, Outcome) and event.label in _LABELS else None

    def next(self, here: Here, outcome: str) -> Move:
        if outcome == "recorded":
            return Move(self.then or END, outcome="voicemail")
        # Callers who leave no message count as abandoned unless they were served earlier in the call.
        return Move(
            self.otherwise or self.then or END,
            outcome="abandoned_in_menu" if here.outcome in UNSERVED else here.outcome,
        )
