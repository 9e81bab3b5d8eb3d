"""hours: branch on whether it is open or closed now."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from flows.nodes.base import Here, Move, Node, Reading, Wire
from flows.protocol.actions import Action, Ask, Event, Outcome
from flows.values.scalars import NAMES_OF, Target

_Label = Literal["open", "closed", "holiday"]


class Hours(Node):
    """Branch on opening hours; the driver reads the clock.

    On a holiday the call goes to ``holiday`` if that is wired, else to ``closed``.

    Parameters
    ----------
    hours
        Name of the opening hours, as declared under hours: in the flow.
    on
        Nodes by outcome: open, closed, holiday.

    Examples
    --------
    >>> node = Hours.model_validate({"type": "hours", "hours": "office", "on": {"open": "main", "closed": "after"}})
    >>> [wire.target for wire in node.wires()]
    ['main', 'after']
    """

    type: Literal["hours"]
    hours: str = Field(json_schema_extra={NAMES_OF: "hours"})
    on: dict[_Label, Target]

    def wires(self) -> tuple[Wire, ...]:
        return tuple(Wire(label, self.on.get(label), ("on", label)) for label in self._labels())

    def _labels(self) -> tuple[_Label, ...]:
        """The possible answers; a driver uses the last if none applies."""
        return ("open", "holiday", "closed") if "holiday" in self.on else ("open", "closed")

    def enter(self, here: Here) -> tuple[Action, ...]:
        return (Ask("hours", self.hours, self._labels()),)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        return Reading(event.label) if isinstance(event, Outcome) and event.label in self._labels() else None

    def next(self, here: Here, outcome: str) -> Move:
        move = super().next(here, outcome)
        return Move(move.to, outcome="closed") if outcome in ("closed", "holiday") else move
