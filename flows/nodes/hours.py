"""hours: open or closed, by the clock of that moment."""

from __future__ import annotations

from typing import Literal

from flows.nodes.base import Here, Move, Node, Reading, Wire
from flows.protocol import Action, Ask, Event, Outcome

_LABELS = ("open", "closed")


class Type(Node):
    """Branch on opening hours; the driver reads the clock.

    Examples
    --------
    >>> node = Type.model_validate({"type": "hours", "hours": "office", "on": {"open": "main", "closed": "after"}})
    >>> [wire.target for wire in node.wires()]
    ['main', 'after']
    """

    type: Literal["hours"]
    hours: str
    on: dict[Literal["open", "closed"], str]

    def wires(self) -> tuple[Wire, ...]:
        return tuple(Wire(label, self.on.get(label), ("on", label)) for label in _LABELS)

    def enter(self, here: Here) -> tuple[Action, ...]:
        return (Ask("hours", self.hours, _LABELS),)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        return Reading(event.label) if isinstance(event, Outcome) and event.label in _LABELS else None

    def next(self, here: Here, outcome: str) -> Move:
        move = super().next(here, outcome)
        return Move(move.to, outcome="closed") if outcome == "closed" else move
