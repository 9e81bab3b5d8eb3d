"""Which exits of each card call scripts have tried."""

from __future__ import annotations

from flows.map.overlays.base import Facts, Mark, Overlay

__all__ = ["overlay"]


def overlay(facts: Facts) -> Overlay | None:
    """Exits tried, of those there are; None without call scripts.

    Examples
    --------
    >>> from flows.map.cards import flow_map
    >>> from flows.model.load import load
    >>> tried = {("main", "1"): True, ("main", "2"): False}
    >>> overlay(Facts(flow_map(load("northwind").flow), (), tried=tried)).marks["main"]
    Mark(text='1 of 2', role='orange', details=('no call tries 2',))
    """
    if facts.tried is None:
        return None
    marks = {}
    for card in facts.map.cards:
        here = {outcome: done for (node, outcome), done in facts.tried.items() if node == card.name}
        if here:
            missed = [outcome for outcome, done in here.items() if not done]
            role = "good" if not missed else "harm" if len(missed) == len(here) else "orange"
            details = (f"no call tries {', '.join(missed)}",) if missed else ()
            marks[card.name] = Mark(f"{len(here) - len(missed)} of {len(here)}", role, details)
    legend = (("good", "every exit tried"), ("orange", "some"), ("harm", "none"))
    return Overlay("tried", "Tried by call scripts", legend, marks)
