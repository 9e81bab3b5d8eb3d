"""split: branch on a value, or by chance."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from flows.nodes.base import Here, Node, Reading, Wire
from flows.protocol.actions import Action, Ask, Event, Outcome
from flows.values.caller_numbers import WITHHELD
from flows.values.scalars import Share, Target

_LISTED = "listed"
"""The case of those who stand in the list."""


class Split(Node):
    """Branch on a value that was collected, set or looked up (``ani``, ``dnis`` and ``language`` are always known).

    A case matches the whole value, ignoring case; a case ending in ``*`` matches its beginning. With `shares` instead
    of a `value`, each call is assigned at random, for instance to compare two versions. With `list`, callers whose
    number stands in a file take the case ``listed``.

    Parameters
    ----------
    cases
        Nodes by value; `7*` matches anything that begins with 7, and `withheld` a caller without a number (``ani``).
    otherwise
        Node if no case matches.
    value
        Name of the value to branch on; ani and dnis are the numbers of the caller and of the line.
    list
        A file next to the flow with one number a line; comments begin with #, and +1900* stands for all that begin so.

    Examples
    --------
    >>> node = Split.model_validate({"type": "split", "value": "tier", "cases": {"gold": "vip"}, "otherwise": "main"})
    >>> node.case_of("Gold")
    'gold'
    >>> written = {"type": "split", "shares": {"a": "0.9", "b": "0.1"}, "cases": {"a": "short", "b": "long"}}
    >>> [wire.target for wire in Split.model_validate(written).wires()]
    ['short', 'long']
    >>> known = {"type": "split", "list": "blocked.txt", "cases": {"listed": "refuse"}, "otherwise": "main"}
    >>> [wire.outcome for wire in Split.model_validate(known).wires()]
    ['listed', 'otherwise']
    """

    type: Literal["split"]
    value: str = ""
    shares: dict[str, Share] = Field(default={}, description="instead of a value: how often chance takes each case")
    list: str = Field(default="", max_length=500)
    cases: dict[str, Target]
    otherwise: Target | None = None

    @model_validator(mode="after")
    def _value_or_shares(self) -> Split:
        if self.list:
            if self.shares or self.value or set(self.cases) != {_LISTED}:
                raise ValueError(
                    "a list is about the caller's number alone, and has one case; write list: FILE, cases: {listed:"
                    " NODE}, otherwise: NODE"
                )
            return self
        if bool(self.value) == bool(self.shares):
            raise ValueError("a split goes by a value or by shares; write value: NAME, or shares: {a: 0.5, b: 0.5}")
        if self.shares:
            if self.otherwise is not None:
                raise ValueError("shares leave nothing for otherwise; remove it")
            for case in sorted(self.shares.keys() ^ self.cases.keys()):
                raise ValueError(
                    f"{case!r} has {'a share and no case' if case in self.shares else 'a case and no share'}; write"
                    " both"
                )
            total = math.fsum(self.shares.values())
            if abs(total - 1) > 1e-6:
                raise ValueError(f"the shares sum to {total:.6g}; they must sum to 1")
        return self

    def wires(self) -> tuple[Wire, ...]:
        cases = tuple(Wire(case, target, ("cases", case)) for case, target in self.cases.items())
        return cases if self.shares else (*cases, Wire("otherwise", self.otherwise, ("otherwise",)))

    def reads(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        return ((("value",), self.value),) if self.value else ()

    def case_of(self, value: str) -> str:
        """The case that matches `value`, or ``otherwise``."""
        value = value.strip().lower()
        for case in self.cases:
            wanted = case.lower()
            if value == wanted or (wanted.endswith("*") and value.startswith(wanted[:-1])):
                return case
        return "otherwise"

    def about(self) -> str:
        return (
            f"in {self.list}" if self.list else ", ".join(f"{case} {share:.0%}" for case, share in self.shares.items())
        )

    def enter(self, here: Here) -> tuple[Action, ...]:
        if self.list:
            return (Ask("list", self.list, (_LISTED, "otherwise"), about=here.value("ani")),)
        return (Ask("draw", here.name, tuple(self.shares), tuple(self.shares.values())),) if self.shares else ()

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if self.shares or self.list:
            labels = self.shares or (_LISTED, "otherwise")
            return Reading(event.label) if isinstance(event, Outcome) and event.label in labels else None
        if event is not None:
            return None
        value = here.language if self.value == "language" else here.value(self.value)
        return Reading(self.case_of(value or (WITHHELD if self.value == "ani" else "")))

    def usual(self, here: Here) -> Mapping[str, float]:
        return {"otherwise": 1.0} if self.list else self.shares
