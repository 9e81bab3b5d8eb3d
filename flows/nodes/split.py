"""split: branch on a value."""

from __future__ import annotations

from typing import Literal

from flows.nodes.base import Here, Node, Reading, Wire
from flows.protocol import Action, Event


class Type(Node):
    """Branch on a value that was collected, set or known of the caller (``ani``, ``dnis`` and ``language`` always are).

    A case is matched by the whole value, whatever its capitals; a case ending in ``*`` by its beginning.

    Examples
    --------
    >>> node = Type.model_validate({"type": "split", "value": "tier", "cases": {"gold": "vip"}, "otherwise": "main"})
    >>> node.case_of("Gold")
    'gold'
    """

    type: Literal["split"]
    value: str
    cases: dict[str, str]
    otherwise: str | None = None

    def wires(self) -> tuple[Wire, ...]:
        cases = tuple(Wire(case, target, ("cases", case)) for case, target in self.cases.items())
        return (*cases, Wire("otherwise", self.otherwise, ("otherwise",)))

    def reads(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        return ((("value",), self.value),)

    def case_of(self, value: str) -> str:
        """The case that `value` falls in, or ``otherwise``."""
        value = value.strip().lower()
        for case in self.cases:
            wanted = case.lower()
            if value == wanted or (wanted.endswith("*") and value.startswith(wanted[:-1])):
                return case
        return "otherwise"

    def enter(self, here: Here) -> tuple[Action, ...]:
        return ()

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if event is not None:
            return None
        value = here.language if self.value == "language" else here.value(self.value)
        return Reading(self.case_of(value))
