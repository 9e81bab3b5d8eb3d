"""What a staffing costs by queue and by interval, as cells for a text and a page."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from ivr.records.measures import MEASURES
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import written
from simulation.report.costs_table import OF_QUEUES, shown_costs
from simulation.report.page import prose, sheet, table
from simulation.staffing.result import Measured

__all__ = ["interval_costs", "money_by_queue_and_interval", "queue_costs"]

Cells = tuple[list[str], list[list[str]]]
"""Heads and rows; both empty where nothing costs anything."""


def queue_costs(of: Measured) -> Cells:
    """What the calls of each queue cost and are worth, without agents; those measures that are not 0 everywhere.

    Parameters
    ----------
    of : Measured
    """
    found = of.costs_by_queue
    money = [name for name in OF_QUEUES if MEASURES[name].unit == "money"]
    return _cells("Queue", found, [name for name in money if any(costs.get(name) for costs in found.values())])


def interval_costs(of: Measured) -> Cells:
    """What each interval costs, by kind, and what its calls are worth; those in which nothing costs are left out.

    Parameters
    ----------
    of : Measured
    """
    found = {one.start: one.costs for one in of.by_interval if one.costs.get("cost") or one.costs.get("value")}
    shown = shown_costs({name: Estimate(value) for name, value in of.costs.items()})
    return _cells("From", found, [name for name in shown if not name.startswith("cost_per_")])


def money_by_queue_and_interval(of: Measured) -> str:
    """Both as a part of a page that opens; empty without prices."""
    both = (("By queue", queue_costs(of)), ("By interval", interval_costs(of)))
    parts = [sheet(title, _html(*cells)) for title, cells in both if cells[1]]
    if not parts:
        return ""
    title = "Costs by queue and interval" if len(parts) > 1 else "Costs by interval"
    return f'<details class="data"><summary>{title}</summary>{"".join(parts)}</details>'


def _html(heads: list[str], rows: list[list[str]]) -> str:
    return table(heads, [[escape(first), *map(prose, rest)] for first, *rest in rows])


def _cells(first: str, found: Mapping[str, Mapping[str, float]], names: list[str]) -> Cells:
    if not names:
        return [], []
    rows = [[of, *(_written(name, costs) for name in names)] for of, costs in found.items()]
    return [first, *(MEASURES[name].title for name in names)], rows


def _written(name: str, costs: Mapping[str, float]) -> str:
    return written(name, Estimate(costs[name]), interval=False) if name in costs else "–"
