"""How many menus a first-time caller passes on the way to each card."""

from __future__ import annotations

from flows.map.overlays.base import Facts, Mark, Overlay
from flows.source.counted import counted

__all__ = ["overlay"]

_ROLES = ("good", "good", "good", "orange")
"""Up to two menus, three, and more."""


def overlay(facts: Facts) -> Overlay:
    """Menus passed, in three colours.

    Examples
    --------
    >>> from flows.map.cards import flow_map
    >>> from flows.model.load import load
    >>> overlay(Facts(flow_map(load("northwind").flow), ())).marks["sales_queue"].text
    '2 menus'
    """
    marks = {
        card.name: Mark(counted(card.levels, "menu"), _ROLES[card.levels] if card.levels < len(_ROLES) else "harm")
        for card in facts.map.cards
        if card.levels is not None
    }
    legend = (("good", "up to 2 menus"), ("orange", "3 menus"), ("harm", "more"))
    return Overlay("levels", "Menus on the way", legend, marks)
