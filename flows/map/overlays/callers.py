"""How many callers come to each card, and end there, in a scenario: exact, from the chain of the flow."""

from __future__ import annotations

from flows.display.numbers import duration, share
from flows.map.overlays.base import Facts, Mark, Overlay

__all__ = ["overlay"]

_MANY, _SOME = 0.25, 0.05
"""Visits per call."""


def overlay(facts: Facts) -> Overlay | None:
    """Visits per 100 calls; None without a scenario.

    A card to which callers come back can have more than 100.

    Examples
    --------
    >>> from flows.analysis.traffic import Ending, Traffic
    >>> from flows.map.cards import flow_map
    >>> from flows.model.load import load
    >>> day = Traffic("A day", 2000.0, 43_200.0, {"sales_queue": 0.0812}, endings={"sales_queue": Ending(0.08, 21.0)})
    >>> overlay(Facts(flow_map(load("northwind").flow), (), day)).marks["sales_queue"]
    Mark(text='8.1 %', role='sky', details=('8 % of calls end here, after 21 s',))
    """
    if facts.traffic is None:
        return None
    visits, endings = facts.traffic.visits, facts.traffic.endings
    marks = {}
    for card in facts.map.cards:
        here = visits.get(card.name, 0.0)
        role = "accent" if here >= _MANY else "sky" if here >= _SOME else "neutral"
        ending = endings.get(card.name)
        ends = (f"{share(ending.share)} of calls end here, after {duration(ending.mean_s)}",) if ending else ()
        marks[card.name] = Mark(share(here), role, ends)
    legend = (("accent", "25 visits and more in 100 calls"), ("sky", "5 and more"), ("neutral", "fewer"))
    return Overlay("callers", f"Callers: {facts.traffic.scenario}", legend, marks)
