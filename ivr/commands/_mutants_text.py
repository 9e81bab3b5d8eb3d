"""What ``ivr test --mutate`` prints, as text for people and as data for programs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from flows.display.numbers import share
from flows.display.tables import table
from flows.display.wrap import wrapped
from flows.source.counted import counted
from ivr.commands._diff_text import sentence
from ivr.mutants.judge import Verdict
from ivr.mutants.mistakes import mistakes

__all__ = ["mutants_dict", "mutants_text", "noticed_share"]

_MOST_NODES = 3


def noticed_share(found: Sequence[Verdict]) -> float:
    """The share of the mistakes that a call notices, of those that a caller would; 1 if there are none."""
    felt = [one for one in found if one.fate != "same"]
    return sum(one.fate == "noticed" for one in felt) / len(felt) if felt else 1.0


def mutants_text(found: Sequence[Verdict], *, width: int) -> str:
    """A line for each kind of mistake, then every one that no call noticed, with what a caller would.

    Parameters
    ----------
    found : sequence of Verdict
    width : int
        Columns.
    """
    felt = [one for one in found if one.fate != "same"]
    rows = []
    for name, kind in mistakes().items():
        rows += _row(kind.title, [one for one in felt if one.mutant.mistake == name])
    rows += _row("all", felt) if len(rows) > 1 else []
    lines = table(rows, head=("mistakes noticed", "", "of", ""), indent="")
    same = len(found) - len(felt)
    if same:
        lines += wrapped(f"{counted(same, 'more mistake')} would change nothing for any caller", width)
    missed = [one for one in felt if one.fate == "missed"]
    if missed:
        lines += ["", "No call notices"]
        for one in missed:
            lines += wrapped(f"  {_told(one)}", width, indent=4)
    return "\n".join(lines)


def _row(title: str, felt: Sequence[Verdict]) -> list[tuple[str, ...]]:
    if not felt:
        return []
    noticed = sum(one.fate == "noticed" for one in felt)
    return [(title, str(noticed), str(len(felt)), share(noticed / len(felt)))]


def _told(one: Verdict) -> str:
    mutant, nodes = one.mutant, one.mutant.nodes
    more = f" and {len(nodes) - _MOST_NODES} more" if len(nodes) > _MOST_NODES else ""
    where = f"line {mutant.line}, {', '.join(nodes[:_MOST_NODES])}{more}"
    if not one.calls:
        why = "no call comes here"
    elif one.change is None:
        why = ""
    else:
        why = f"callers would find, at {one.change.node}: {sentence(one.change)}"
    return f"{where}: {mutant.words}" + (f" ({why})" if why else "")


def mutants_dict(found: Sequence[Verdict]) -> dict[str, Any]:
    """The same as data."""
    felt = [one for one in found if one.fate != "same"]
    kinds = {
        name: {
            "made": sum(one.mutant.mistake == name for one in felt),
            "noticed": sum(one.mutant.mistake == name and one.fate == "noticed" for one in felt),
        }
        for name in mistakes()
    }
    return {
        "made": len(felt),
        "noticed": sum(one.fate == "noticed" for one in felt),
        "share": noticed_share(found),
        "same": len(found) - len(felt),
        "kinds": kinds,
        "missed": [
            {
                "mistake": one.mutant.mistake,
                "nodes": list(one.mutant.nodes),
                "line": one.mutant.line,
                "words": one.mutant.words,
                "calls": one.calls,
                "change": asdict(one.change) if one.change else None,
            }
            for one in felt
            if one.fate == "missed"
        ],
    }
