"""hangup: say goodbye and end the call."""

from __future__ import annotations

from typing import Literal

from flows.nodes.base import Here, Node, Reading
from flows.protocol.actions import Action, Event, HangUp
from flows.speech.prompt import Prompt


class Hangup(Node):
    """Say goodbye and end the call.

    Parameters
    ----------
    outcome
        The call's outcome for the records. Default: the outcome so far; without one, turned_away after an unanswered
        queue or dialled number, else contained.
    say
        The last words.

    Examples
    --------
    >>> Hangup.model_validate({"type": "hangup", "say": "Goodbye."}).wires()
    ()
    """

    type: Literal["hangup"]
    say: Prompt | None = None
    outcome: Literal["contained", "closed", "failed"] | None = None

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say),) if self.say else ()

    def enter(self, here: Here) -> tuple[Action, ...]:
        spoken = (here.say(self.say, barge_in=False),) if self.say else ()
        return (*spoken, HangUp(self.outcome or here.outcome or "contained"))

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        return None
