"""Costs as rows for a text or a page: each kind that costs anything, the whole, and what the calls are worth."""

from __future__ import annotations

from collections.abc import Mapping

from flows.display.numbers import share
from flows.display.tables import table
from ivr.records.definitions.cost_measures import COST_KINDS
from ivr.records.measures import MEASURES
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import written

__all__ = ["COST_MEANINGS", "OF_QUEUES", "costs_heading", "costs_lines", "costs_rows", "shown_costs"]

COST_MEANINGS = {
    "cost_agents": "on duty, without overtime",
    "cost_overtime": "work after the end of a shift",
    "cost_lost_calls": "calls that nobody served",
    "cost_lines": "every minute a line is in use",
    "cost_menu": "every minute in the menu",
    "cost": "all of these",
    "value": "of the calls served",
    "net_value": "value less cost",
    "cost_per_call": "that arrived",
    "cost_per_served_call": "handled, contained or called back",
}
"""What each figure is of, in reading order."""
OF_QUEUES = ("cost_lost_calls", "cost_lines", "value", "line_minutes")
"""Those that are known by queue."""


def shown_costs(found: Mapping[str, Estimate]) -> list[str]:
    """The measures of money to be shown: the kinds that cost anything, the whole, and value if calls have any.

    >>> shown_costs({"cost": Estimate(3.0), "cost_agents": Estimate(3.0), "cost_menu": Estimate(0.0)})
    ['cost_agents', 'cost']
    """
    if "cost" not in found:
        return []
    worth = bool(found["value"].mean) if "value" in found else False
    return [
        name
        for name in COST_MEANINGS
        if name in found and (found[name].mean or name == "cost" if name not in ("value", "net_value") else worth)
    ]


def costs_heading(currency: str, replications: int) -> str:
    """The heading of a table of costs.

    >>> costs_heading("USD", 20), costs_heading("", 1)
    ('Costs, in USD per replication', 'Costs')
    """
    per = " per replication" if replications > 1 else ""
    return f"Costs, in {currency}{per}" if currency else f"Costs{per}"


def costs_rows(found: Mapping[str, Estimate]) -> list[tuple[str, str, str, str]]:
    """Name, figure, share of the cost and meaning of each measure that is shown."""
    whole = found["cost"].mean if "cost" in found else 0.0
    return [
        (
            MEASURES[name].title,
            written(name, found[name]),
            share(found[name].mean / whole) if name in COST_KINDS and whole else "",
            _meaning(name, found),
        )
        for name in shown_costs(found)
    ]


def _meaning(name: str, found: Mapping[str, Estimate]) -> str:
    if name == "cost_agents" and "cost_overtime" not in found:
        return "on duty within the period"
    return COST_MEANINGS[name]


def costs_lines(found: Mapping[str, Estimate], heading: str, width: int) -> list[str]:
    """The rows as lines of a text, with their meanings where the terminal is wide enough; none without prices.

    >>> costs_lines({"cost": Estimate(3.0)}, "Costs, in USD", 80)
    ['', 'Costs, in USD', '  Cost  3.00    all of these']
    """
    rows = costs_rows(found)
    if not rows:
        return []
    plain = table([row[:3] for row in rows])
    size = max(map(len, plain))
    told = (f"{line:<{size}}  {row[3]}" for line, row in zip(plain, rows, strict=True))
    return ["", heading, *(text if len(text) <= width else line for text, line in zip(told, plain, strict=True))]
