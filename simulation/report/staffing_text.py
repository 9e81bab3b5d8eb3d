"""A staffing as text for a terminal: agents by group and time, its cost, and what one agent more or less does."""

from __future__ import annotations

from collections.abc import Sequence

from flows.display.numbers import count, share
from flows.display.tables import table
from flows.source.counted import counted
from ivr.records.measures import MEASURES
from simulation.experiment.advice import hours
from simulation.experiment.daily_measures import TargetDays
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import written
from simulation.report.costs_table import COST_MEANINGS, costs_heading, shown_costs
from simulation.report.staffing_costs import queue_costs
from simulation.report.text_blocks import WIDTH, Paint, bullets, paragraph, told_apart
from simulation.staffing.result import Measured, OneAgent, StaffingResult

__all__ = [
    "UNCLEAR",
    "cost_cells",
    "days_change",
    "in_chance",
    "judged_in_words",
    "money_in_words",
    "notes_of",
    "priced",
    "saved_in_words",
    "staffing_text",
    "staffing_verdict",
    "telling_changes",
]

_SHOWN = 5
"""Lines of what one agent more or less does, unless all are asked for."""
_NAME = 10
"""Most columns for the name of a group above its agents."""


def staffing_text(found: StaffingResult, *, full: bool = False, paint: Paint = str, width: int = WIDTH) -> str:
    """Return a staffing as text.

    Parameters
    ----------
    found : StaffingResult
    full : bool
        Whether to print what one agent more or less does in every group and interval.
    paint : callable
        Colours verdicts.
    width : int
        Columns.
    """
    room, width = width, min(width, WIDTH)
    scenario = found.loaded.scenario
    lines = [f"Agents for {found.target.in_words()}: {scenario.name}", _how(found), ""]
    lines += [*paragraph(staffing_verdict(found), width), ""]
    lines += [*_by_interval(found, room), ""]
    lines += [*_against_today(found, paint), ""]
    lines += _costs(found)
    lines += _units(found)
    lines += _one_agent(found, full=full)
    return "\n".join([*lines, *_worth_knowing(found, width)])


def _how(found: StaffingResult) -> str:
    scenario = found.loaded.scenario
    said = f"{scenario.start:%a %d %b %Y %H:%M} · searched on {counted(found.searched_days, 'day')}"
    said += f" (seed {found.seed}), measured on {found.fresh_days} fresh ones (seed {found.fresh_seed})"
    return f"{said}\n{counted(count(found.simulated_days), 'day')} simulated" + (
        "" if found.converged else "; the search ended with its time, not by itself"
    )


def priced(found: StaffingResult) -> bool:
    """Whether the scenario states what an hour of an agent costs; if not, the cost is in agent-hours."""
    return any(group.cost_per_hour != 1 for group in found.loaded.scenario.groups.values())


def _cost(found: StaffingResult, of: Measured) -> str:
    said = counted(hours(of.hours), "agent-hour")
    return f"{said} at a cost of {money_in_words(found, of.cost)}" if priced(found) else said


def money_in_words(found: StaffingResult, value: float) -> str:
    """A sum of money with its currency, if the scenario states one."""
    currency = found.loaded.scenario.currency
    return f"{value:,.0f} {currency}" if currency else f"{value:,.0f}"


def judged_in_words(found: StaffingResult, days: TargetDays) -> str:
    """Whether the promise is kept often enough: met, missed, or too close to call."""
    wanted = found.target.confidence
    return "met" if days.low >= wanted else "missed" if days.high < wanted else "too close to call"


def _chance(days: TargetDays) -> str:
    return f"{share(days.share)} of days ({share(days.low)} to {share(days.high)})" if days.days else "no calls"


def _least(found: StaffingResult) -> str:
    return {"day": "", "interval": " in the hardest interval", "queue": " in the hardest queue"}[found.target.per]


def staffing_verdict(found: StaffingResult) -> str:
    """What the staffing costs, how often it keeps the promise, and what it saves, in sentences."""
    of = found.found
    said = f"{_cost(found, of)} keep the promise on {_chance(of.days_on_target)}{_least(found)}:"
    judged = judged_in_words(found, of.days_on_target)
    return f"{said} {share(found.target.confidence)} is {judged}. {saved_in_words(found)}"


def saved_in_words(found: StaffingResult) -> str:
    """How much less, or more, this costs than the scenario's own agents, in a sentence."""
    saved = found.today.cost - found.found.cost
    much = money_in_words(found, abs(saved)) if priced(found) else counted(hours(abs(saved)), "agent-hour")
    if abs(saved) < 0.05:
        return "That costs as much as the scenario's own agents."
    return f"That is {much} {'less' if saved > 0 else 'more'} than the scenario's own agents."


def _by_interval(found: StaffingResult, room: int) -> list[str]:
    groups = found.by_group
    rows = [
        [start, *(str(levels[i]) for levels in groups.values()), str(int(found.levels[:, i].sum()))]
        for i, start in enumerate(found.starts)
        if found.levels[:, i].any()
    ]
    names = told_apart(groups, _NAME)
    lines = table(rows, head=["", *names, "all"], left=1)
    if max(map(len, lines)) > room:
        lines = table(rows, head=["", *(n[:4] for n in names), "all"], left=1)
    empty = len(found.starts) - len(rows)
    return [*lines, f"  and nobody in {counted(empty, 'other interval')}"] if empty else lines


def _against_today(found: StaffingResult, paint: Paint) -> list[str]:
    rows = [
        [
            name,
            hours(of.hours),
            *([f"{of.cost:,.0f}"] if priced(found) else []),
            share(of.days_on_target.share) if of.days_on_target.days else "–",
            share(of.service_level),
            share(of.abandonment),
            share(of.occupancy),
            paint(judged_in_words(found, of.days_on_target)) if of.days_on_target.days else "",
        ]
        for name, of in (("found", found.found), ("scenario", found.today))
    ]
    cost = ["Cost"] if priced(found) else []
    return table(rows, head=["", "Agent-h", *cost, "Days", "Service", "Abandon", "Occup.", ""], left=1)


def cost_cells(found: StaffingResult) -> list[list[str]]:
    """What a day costs with the agents found and with the scenario's own: name and both; empty without prices."""
    both = [{name: Estimate(value) for name, value in of.costs.items()} for of in (found.found, found.today)]
    names = [name for name in COST_MEANINGS if any(name in shown_costs(of) for of in both)]
    return [
        [MEASURES[name].title, *(written(name, of[name], interval=False) if name in of else "–" for of in both)]
        for name in names
    ]


def _costs(found: StaffingResult) -> list[str]:
    rows = cost_cells(found)
    if not rows:
        return []
    heading = costs_heading(found.loaded.scenario.currency, found.fresh_days)
    heads, queues = queue_costs(found.found)
    by_queue = ["By queue", *table(queues, head=["", *heads[1:]], left=1), ""] if queues else []
    return [heading, *table(rows, head=["", "found", "scenario"]), "", *by_queue]


def _units(found: StaffingResult) -> list[str]:
    """The intervals or queues in which the promise is hardest to keep."""
    units = [(name, of) for name, of in found.found.by_unit.items() if of.days]
    if not units:
        return []
    hardest = sorted(units, key=lambda unit: unit[1].share)[:_SHOWN]
    rows = [[name, share(of.share), f"{share(of.low)} to {share(of.high)}"] for name, of in hardest]
    return [*table(rows, head=["Hardest", "Days", ""], left=1), ""]


def _one_agent(found: StaffingResult, *, full: bool) -> list[str]:
    if full:
        rest = sorted(found.one_agent, key=lambda one: (one.interval, one.group, -one.step))
        return ["One agent more or less", *_changes(found, rest)]
    most, least = telling_changes(found, _SHOWN)
    return [
        *(["One agent more helps most", *_changes(found, most), ""] if most else []),
        *(["One agent less is missed least", *_changes(found, least)] if least else []),
    ]


def telling_changes(found: StaffingResult, shown: int) -> tuple[list[OneAgent], list[OneAgent]]:
    """Where one agent more clearly helps, most for its cost first, and where one agent less is missed least."""
    helps = (one for one in found.one_agent if one.step > 0 and one.service_is_clear)
    most = sorted(helps, key=lambda one: -one.service_level / one.cost)
    least = sorted((one for one in found.one_agent if one.step < 0), key=lambda one: one.service_level / one.cost)
    return most[:shown], least[:shown]


def _changes(found: StaffingResult, changes: Sequence[OneAgent]) -> list[str]:
    rows = [
        [
            one.group,
            one.label,
            f"{one.step:+d}",
            f"{one.cost:+,.4g}",
            in_chance(one.service_level, clear=one.service_is_clear),
            in_chance(one.abandonment, clear=one.abandonment_is_clear),
            days_change(one),
        ]
        for one in changes
    ]
    lines = table(rows, head=["", "", "Agents", "Cost", "Service", "Abandon", "Days"], left=2)
    return [*lines, f"  {UNCLEAR}: no clear difference"] if any(UNCLEAR in line for line in lines) else lines


UNCLEAR = "≈ 0"
"""What stands where the interval of a difference holds 0."""


def in_chance(difference: float, *, clear: bool) -> str:
    """A difference of shares in percentage points, or that it cannot be told from chance.

    Examples
    --------
    >>> in_chance(0.0013, clear=True), in_chance(0.0001, clear=False), in_chance(-0.00001, clear=True)
    ('+0.13 %', '≈ 0', '+0.00 %')
    """
    return f"{round(difference, 4) + 0.0:+.2%}".replace("%", " %") if clear else UNCLEAR


def days_change(one: OneAgent) -> str:
    """What one agent adds to the share of days on target, in whole per cent; never minus nothing."""
    return f"{round(100 * one.days_on_target):+d} %"


def notes_of(found: StaffingResult) -> list[str]:
    """What a reader of the plan should know."""
    told = [
        f"{name} gets nobody: nobody in it is worth the cost for this promise"
        for name, levels in found.by_group.items()
        if not any(levels)
    ]
    told += [note.message for note in found.loaded.notes]
    if found.today_idle_hours > 0.05:
        many = counted(hours(found.today_idle_hours), "agent-hour")
        told.append(f"the scenario's own agents are there for {many} more while nobody calls, which are not compared")
    breaks = [name for name, group in found.loaded.scenario.groups.items() if group.breaks]
    if breaks:
        told.append(f"the breaks of {', '.join(breaks)} are as stated; agents on a break count")
    return told


def _worth_knowing(found: StaffingResult, width: int) -> list[str]:
    told = notes_of(found)
    return ["", "Worth knowing", *bullets(told, width)] if told else []
