"""How soon a first-time caller gets to each card."""

from __future__ import annotations

from flows.display.numbers import duration
from flows.map.overlays.base import Facts, Mark, Overlay

__all__ = ["overlay"]

_SOON_S, _LATE_S = 30.0, 60.0
"""Half a minute and a minute of listening and pressing."""


def overlay(facts: Facts) -> Overlay:
    """Seconds, in three colours.

    Examples
    --------
    >>> from flows.map.cards import flow_map
    >>> from flows.model.load import load
    >>> overlay(Facts(flow_map(load("northwind").flow), ())).marks["main"]
    Mark(text='6 s', role='good', details=())
    """
    marks = {
        card.name: Mark(duration(round(card.seconds)), _role(card.seconds))
        for card in facts.map.cards
        if card.seconds is not None
    }
    legend = (("good", "within 30 s"), ("orange", "within a minute"), ("harm", "later"))
    return Overlay("seconds", "Seconds to get there", legend, marks)


def _role(seconds: float) -> str:
    return "good" if seconds <= _SOON_S else "orange" if seconds <= _LATE_S else "harm"
