"""The rows of a card: what a caller can press or what can happen, and where each leads."""

from __future__ import annotations

from dataclasses import dataclass

from flows.diagram.plan import Link, Stop

__all__ = ["SPOKEN", "Row", "rows"]

SPOKEN = {"*": "✱", "#": "#"}
"""Keys that are drawn by another sign."""


@dataclass(frozen=True)
class Row:
    """One row of a card: a choice, or outcomes with the same target.

    Parameters
    ----------
    shown : str
        The key, or the outcomes.
    label : str
        What the caller is offered; empty unless it is a choice.
    link : Link
    outcomes : tuple of str
        The outcomes that this row stands for.
    """

    shown: str
    label: str
    link: Link
    outcomes: tuple[str, ...]


def rows(stop: Stop) -> list[Row]:
    """Choices one by one in file order, then other outcomes grouped by target."""
    found: list[tuple[int, Row]] = []
    for link in stop.links:
        chosen = [(o, label) for o, label in zip(link.outcomes, link.labels, strict=True) if label]
        other = tuple(o for o, label in zip(link.outcomes, link.labels, strict=True) if not label)
        found += [(stop.choices.index(o), Row(_outcome(link.words(o)), label, link, (o,))) for o, label in chosen]
        if other:
            shown = ", ".join(_outcome(link.words(o)) for o in other)
            found.append((len(stop.choices), Row(shown, "", link, other)))
    return [row for _, row in sorted(found, key=lambda one: one[0])]


def _outcome(outcome: str) -> str:
    key = outcome.removeprefix("key ")
    return SPOKEN.get(key) or key.replace("_", " ")
