"""set: store values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from flows.nodes.base import Here, Node, Reading, Wire
from flows.protocol.actions import Action, Event
from flows.speech.prompt import fill
from flows.values.scalars import Target


class Set(Node):
    """Store values; ``{name}`` in a text inserts another value.

    Parameters
    ----------
    values
        Text to store under each name; `{name}` inserts another value.

    Examples
    --------
    >>> Set.model_validate({"type": "set", "values": {"tier": "gold"}, "next": "main"}).writes()
    ('tier',)
    """

    type: Literal["set"]
    values: dict[str, str]
    then: Target | None = Field(default=None, alias="next", description="node that follows")

    def wires(self) -> tuple[Wire, ...]:
        return (Wire("done", self.then, ("next",)),)

    def writes(self) -> tuple[str, ...]:
        return tuple(self.values)

    def inserts(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        return tuple((("values", name), text) for name, text in self.values.items())

    def copies(self) -> Mapping[str, str]:
        return self.values

    def enter(self, here: Here) -> tuple[Action, ...]:
        return ()

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if event is not None:
            return None
        home, values = here.flow.languages[0], here.values or {}
        return Reading(
            "done", {k: fill(text, values, language=here.language, home=home) for k, text in self.values.items()}
        )
