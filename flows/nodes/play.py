"""play: say something and continue."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from flows.nodes.base import FALLBACK, Here, Move, Node, Reading, Wire
from flows.protocol.actions import Action, Event
from flows.speech.prompt import Prompt
from flows.values.scalars import Target


class Play(Node):
    """Say something and continue.

    Parameters
    ----------
    say
        What to say.

    Examples
    --------
    >>> Play.model_validate({"type": "play", "say": "Welcome.", "next": "main"}).then
    'main'
    """

    type: Literal["play"]
    say: Prompt
    serves: bool = Field(default=False, description="true when a caller who heard this has what they called for")
    then: Target | None = Field(default=None, alias="next", description="node that follows")

    def wires(self) -> tuple[Wire, ...]:
        return (Wire("done", self.then, ("next",)),)

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say),)

    def enter(self, here: Here) -> tuple[Action, ...]:
        return (here.say(self.say, barge_in=False),)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        return Reading("done") if event is None else None

    def next(self, here: Here, outcome: str) -> Move:
        to = self.then if outcome == "done" and self.then is not None else FALLBACK
        return Move(to, outcome="contained") if self.serves else Move(to)
