"""What ``ivr test --coverage`` prints, as text for people and as data for programs."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from typing import Any

from flows.display.numbers import share
from flows.display.tables import table
from flows.display.wrap import wrapped
from ivr.coverage.coverage import Coverage, Thing
from ivr.phone.event_words import FAILURES

__all__ = ["coverage_dict", "coverage_text"]


def coverage_text(found: Coverage, *, width: int) -> str:
    """A line for each family, then everything that no call tried, by family and node.

    Parameters
    ----------
    found : Coverage
    width : int
        Columns.
    """
    rows = [(one.name, str(len(one.tried)), str(one.number), share(one.share)) for one in found.families if one.number]
    lines = table(rows, head=("tried", "", "of", ""), indent="")
    for one in found.families:
        if one.untried:
            lines += ["", f"{one.name[0].upper()}{one.name[1:]} that no call tried"]
            lines += wrapped("  " + ", ".join(_by_node(one.untried)), width, indent=2)
    return "\n".join(lines)


def _by_node(things: Iterable[Thing]) -> list[str]:
    found = []
    for node, of in groupby(things, key=lambda thing: thing[0]):
        more = [FAILURES.get(thing[1], thing[1]) for thing in of if len(thing) > 1]
        found.append(f"{node} ({', '.join(more)})" if more else node)
    return found


def coverage_dict(found: Coverage) -> dict[str, Any]:
    """The same as data."""
    return {
        one.name: {
            "tried": len(one.tried),
            "number": one.number,
            "share": one.share,
            "untried": [list(thing) for thing in one.untried],
        }
        for one in found.families
    }
