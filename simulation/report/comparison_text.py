"""A comparison as text for a terminal: scenarios side by side, then what differs from the baseline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import wrap

from flows.display.tables import table
from ivr.records.measures import MEASURES
from simulation.experiment.advice import Plan, advice
from simulation.experiment.advice import hours as _agent_hours
from simulation.experiment.compare import ComparisonResult
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import written
from simulation.experiment.queue_levels import QueueLevel, queue_levels
from simulation.experiment.verdict import signed, verdict
from simulation.flow_comparison.result import FlowComparison
from simulation.report.costs_table import costs_heading, shown_costs
from simulation.report.flows_text import flows_text
from simulation.report.text_blocks import WIDTH, Paint, about, assumed, noted, paragraph, shortened

__all__ = ["comparison_text"]

_NAME = 8
"""Fewest columns for the name of a scenario; below them the lines of its table are wrapped."""
_COMPARED = ("service_level", "asa_s", "abandonment", "occupancy", "menu_s", "share_zero_out")
_CALLBACKS = {
    "callbacks_promised": "Promised",
    "promise_wait_s": "Waited",
    "callback_reached_share": "Reached",
    "callback_level": "In time",
    "callback_wait_s": "After",
}
_CONFERENCES = {"conferences_asked": "Asked", "conferences_joined": "Joined", "conference_wait_s": "After"}
_CHATS = {"concurrency": "At once", "slot_occupancy": "Slots"}
_OUTBOUND = {"outbound_made": "Dialled", "outbound_reached": "Reached", "outbound_occupancy": "Occupancy"}
_COLUMN_MEANS = {
    "asa_s": "ASA: mean wait of handled callers.",
    "menu_s": "Menu: mean time in the menu.",
    "share_zero_out": "Press 0: calls that asked for the operator.",
}
_SHORT = {
    "service_level": "Service",
    "asa_s": "ASA",
    "abandonment": "Abandon",
    "occupancy": "Occup.",
    "menu_s": "Menu",
    "share_zero_out": "Press 0",
    "blocking": "Blocked",
    "arrived": "Arrived",
    "staffed_agents": "Agents",
    "offered": "Offered",
    "handled": "Handled",
}


_MOST_SPREAD = 2
"""Measures whose days are told on a terminal; JSON and the page have more."""
_SHORT_COSTS = {
    "cost_lost_calls": "Lost",
    "cost_lines": "Lines",
    "cost_menu": "Menu",
    "net_value": "Net",
    "cost_per_call": "a call",
}


def comparison_text(
    found: ComparisonResult,
    *,
    flows: Sequence[FlowComparison] = (),
    all_assumptions: bool = False,
    paint: Paint = str,
    width: int = WIDTH,
) -> str:
    """Return scenarios side by side, then their differences from the first, and what new menus do.

    Parameters
    ----------
    found : ComparisonResult
    flows : sequence of FlowComparison
        Of the scenarios that have other menus than the first.
    all_assumptions, paint, width
        As in `result_text`.
    """
    room, width = width, min(width, WIDTH)
    first = next(iter(found.results.values()))
    targets = first.loaded.scenario.own_targets
    levels = {name: queue_levels(of.parts, targets=targets) for name, of in found.results.items()}
    measures = {name: result.measures for name, result in found.results.items()}
    names = [
        name
        for name in (*_COMPARED, "blocking")
        if any(name in of for of in measures.values())
        and (name != "blocking" or any(of[name].mean for of in measures.values() if name in of))
    ]
    names = [m for m in names if m == "service_level" or _differs(m, found)]
    plans = [
        Plan(
            name,
            of.get("service_level"),
            found.results[name].loaded.scenario.service_level.threshold,
            found.agent_hours[name],
            levels[name],
            len(first.parts[0].queues),
        )
        for name, of in measures.items()
    ]
    figures = {
        name: [
            _agent_hours(found.agent_hours[name]),
            *(written(m, of[m], interval=False) if m in of else "–" for m in names),
        ]
        for name, of in measures.items()
    }
    told = [f"Service: handled within {first.within} of those who did not hang up by then."]
    told += [_COLUMN_MEANS[m] for m in names if m in _COLUMN_MEANS]
    lines = [f"{_how_many(found)}: {first.loaded.scenario.name}", about(first), ""]
    lines += [*paragraph(advice(plans, target=first.loaded.scenario.service_level.target), width), ""]
    lines += _by_scenario(figures, ["Agent-h", *(_SHORT[m] for m in names)], room)
    lines += ["", *paragraph(f"Agent-h: agent-hours on the roster. {' '.join(told)}", width)]
    lines += _queue_levels(levels, room)
    lines += _if_any("Callbacks", _CALLBACKS, measures, room)
    lines += _if_any("Conferences", _CONFERENCES, measures, room)
    lines += _if_any("Chats", _CHATS, measures, room)
    lines += _if_any("Outbound calls", _OUTBOUND, measures, room)
    lines += _costs(found, room)
    if len(found.results) > 1:
        lines += _days(found, names, room)
        lines += _differences(found, [*names, *_money(found)], paint, width)
        for one in flows:
            lines += flows_text(one, first.loaded.scenario.currency, width)
    return "\n".join(
        [*lines, *noted(first, width), *assumed(first.assumptions, all_of_them=all_assumptions, width=width)]
    )


def _days(found: ComparisonResult, names: Sequence[str], width: int) -> list[str]:
    """How the days differ in the measures that are shown, and in cost."""
    days = found.days
    shown = [m for m in (*names, "cost") if all(m in of and of[m].days > 1 for of in days.values())][:_MOST_SPREAD]
    if not shown:
        return []
    cells = {
        name: [
            " / ".join(written(m, Estimate(at), interval=False) for at in (of[m].p10, of[m].p50, of[m].p90))
            for m in shown
        ]
        for name, of in days.items()
    }
    head = [_SHORT.get(m, MEASURES[m].title) for m in shown]
    return ["", "Days: a tenth / half / nine tenths are at most", *_by_scenario(cells, head, width)]


def _money(found: ComparisonResult) -> list[str]:
    """The measures of money that some scenario shows."""
    shown = {name for result in found.results.values() for name in shown_costs(result.measures)}
    return [name for name in MEASURES if name in shown]


def _costs(found: ComparisonResult, width: int) -> list[str]:
    """What the calls cost in each scenario, if prices are stated."""
    names = [name for name in _money(found) if name not in ("value", "cost_per_served_call")]
    if not names:
        return []
    first = found.results[found.baseline]
    cells = {
        scenario: [written(m, of.measures[m], interval=False) if m in of.measures else "–" for m in names]
        for scenario, of in found.results.items()
    }
    heading = costs_heading(first.loaded.scenario.currency, len(first.parts))
    return ["", heading, *_by_scenario(cells, [_SHORT_COSTS.get(m, MEASURES[m].title) for m in names], width)]


def _how_many(found: ComparisonResult) -> str:
    if len(found.results) == 1:
        return "1 scenario"
    callers = " on the same callers" if found.same_callers else ", some with different callers"
    return f"{len(found.results)} scenarios{callers}"


def _by_scenario(cells: Mapping[str, Sequence[str]], head: Sequence[str], width: int) -> list[str]:
    """A table with a line per scenario, whose name is cut to fit the space that the columns leave."""
    room = max(width - max(map(len, table(list(cells.values()), head=head, left=0))) - 2, _NAME)
    return table([[shortened(name, room), *row] for name, row in cells.items()], head=["", *head])


def _differences(found: ComparisonResult, names: Sequence[str], paint: Paint, width: int) -> list[str]:
    """For each scenario, its changes from the baseline and its differences in these measures."""
    lines = ["", f"Differences from {found.baseline}, paired by replication (pp: percentage points)"]
    for name, difference in found.differences.items():
        lines += ["", f"  {name}", *_changes(found.changes[name], width)]
        rows = [
            [MEASURES[m].title, signed(m, difference[m]), verdict(m, difference[m])]
            for m in names
            if m in difference and (difference[m].mean or difference[m].half_width)
        ]
        if rows:
            shown = zip(rows, table(rows, indent="    "), strict=True)
            lines += [line.removesuffix(row[-1]) + paint(row[-1]) for row, line in shown]
        else:
            same = all(not value.mean and not value.half_width for value in difference.values())
            lines.append(f"    {'identical in every measure' if same else 'no difference in these measures'}")
    if not found.same_callers:
        note = "Some scenarios change the menus or the callers; what they do not change is drawn alike."
        lines += ["", *paragraph(note, width)]
    return lines


def _differs(measure: str, found: ComparisonResult) -> bool:
    """Whether a measure is worth a column; with one scenario, always."""
    others = [of[measure] for of in found.differences.values() if measure in of]
    missing = any(measure not in result.measures for result in found.results.values())
    return len(found.results) == 1 or missing or any(value.mean or value.half_width for value in others)


def _changes(changed: Sequence[str], width: int) -> list[str]:
    return [
        line
        for text in changed or ("no changes",)
        for line in wrap(text, width - 4, initial_indent="    ", subsequent_indent="      ")
    ]


def _queue_levels(levels: Mapping[str, Sequence[QueueLevel]], width: int) -> list[str]:
    """Service levels of the queues that have a threshold or a target of their own, side by side."""
    queues = list(dict.fromkeys(one.queue for of in levels.values() for one in of))
    if not queues:
        return []
    said = {name: {one.queue: one.said for one in of} for name, of in levels.items()}
    cells = {name: [of.get(queue, "–") for queue in queues] for name, of in said.items()}
    return ["", "Service level by queue", *_by_scenario(cells, queues, width)]


def _if_any(
    title: str, short: Mapping[str, str], measures: Mapping[str, Mapping[str, Estimate]], width: int
) -> list[str]:
    """What happened to callbacks, colleagues, chats or outbound calls in each scenario, if any: the first measure."""
    first = next(iter(short))
    if not any(first in of and of[first].mean for of in measures.values()):
        return []
    names = [name for name in short if any(name in of and of[name].mean for of in measures.values())]
    cells = {
        name: [written(m, of[m], interval=False) if m in of else "–" for m in names] for name, of in measures.items()
    }
    return ["", title, *_by_scenario(cells, [short[m] for m in names], width)]
