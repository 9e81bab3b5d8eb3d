"""subflow: run a part of the flow and come back."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from flows.nodes.base import Here, Move, Node, Reading, Wire
from flows.protocol.actions import Action, Event
from flows.values.scalars import Target

CALL = "call"
RETURNED = "returned"


class Subflow(Node):
    """Go to `start` and come back at ``next: return``; ``return NAME`` comes back with that outcome.

    Parameters
    ----------
    on
        Nodes by the NAME in `return NAME`.
    start
        First node of the subflow.

    Examples
    --------
    >>> written = {"type": "subflow", "start": "ask_pin", "on": {"failed": "operator"}, "next": "main"}
    >>> [(wire.outcome, wire.target) for wire in Subflow.model_validate(written).wires()]
    [('call', 'ask_pin'), ('returned', 'main'), ('failed', 'operator')]
    """

    type: Literal["subflow"]
    start: Target
    on: dict[str, Target] = Field(default={})
    then: Target | None = Field(default=None, alias="next", description="node that follows a plain return")

    def wires(self) -> tuple[Wire, ...]:
        back = Wire(RETURNED, self.on.get(RETURNED, self.then), ("on", RETURNED) if RETURNED in self.on else ("next",))
        named = tuple(Wire(label, to, ("on", label)) for label, to in self.on.items() if label != RETURNED)
        return (Wire(CALL, self.start, ("start",)), back, *named)

    def enter(self, here: Here) -> tuple[Action, ...]:
        return ()

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        return Reading(CALL) if event is None else None

    def outcomes(self, here: Here) -> tuple[str, ...]:
        return (CALL,)

    def next(self, here: Here, outcome: str) -> Move:
        if outcome == CALL:
            return Move(self.start, call=True)
        return super().next(here, outcome if outcome in self._targets else RETURNED)
