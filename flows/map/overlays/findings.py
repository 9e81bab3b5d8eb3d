"""What the linter found, on the card where it is."""

from __future__ import annotations

from flows.display.theme import MEANINGS
from flows.map.overlays.base import Facts, Mark, Overlay
from flows.source.counted import counted
from flows.source.finding import Finding

__all__ = ["overlay"]

_SEVERITIES = ("error", "warning", "info")


def overlay(facts: Facts) -> Overlay:
    """The number of findings at each card, in the colour of the gravest.

    Examples
    --------
    >>> from flows.map.cards import flow_map
    >>> from flows.model.load import load
    >>> one = Finding(code="M101", severity="warning", message="long", file="f", node="main", line=4)
    >>> overlay(Facts(flow_map(load("northwind").flow), (one,))).marks["main"]
    Mark(text='1 finding', role='orange', details=('M101 warning, line 4: long',))
    """
    marks = {}
    for card in facts.map.cards:
        here = [one for one in facts.findings if one.node == card.name]
        if here:
            gravest = min((one.severity for one in here), key=_SEVERITIES.index)
            marks[card.name] = Mark(counted(len(here), "finding"), MEANINGS[gravest], tuple(map(_told, here)))
    legend = tuple((MEANINGS[severity], severity) for severity in _SEVERITIES)
    return Overlay("findings", "Findings", legend, marks)


def _told(one: Finding) -> str:
    hint = f" ({one.hint})" if one.hint else ""
    return f"{one.code} {one.severity}, line {one.line}: {one.message}{hint}"
