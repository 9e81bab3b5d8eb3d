"""The page of a staffing, for whoever pays for it: the plan, its cost, and how often the promise is kept.

It fits one sheet of A4, with up to `_PRINTED` intervals.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from html import escape

from flows.display.numbers import share
from flows.source.counted import counted
from simulation.experiment.advice import hours
from simulation.report.charts.of_staffing import plan_chart
from simulation.report.page import figure, page, prose, sheet, table
from simulation.report.roster_page import as_staffing, roster_lead, roster_sheets
from simulation.report.staffing_costs import money_by_queue_and_interval
from simulation.report.staffing_text import (
    cost_cells,
    days_change,
    in_chance,
    judged_in_words,
    notes_of,
    priced,
    staffing_verdict,
    telling_changes,
)
from simulation.report.text_blocks import told_apart
from simulation.rosters.result import RosterResult
from simulation.staffing.result import InInterval, Measured, OneAgent, StaffingResult

__all__ = ["staffing_page"]

_PRINTED = 26
"""Intervals that fit one sheet of paper."""
_MOST_GROUPS = 12
"""Groups that fit beside each other on it; they are then named by few letters."""
_HARDEST = 4
_SHOWN = 3
_ON_BREAK = {
    False: "Agents on a break count;",
    True: "Agents by interval are those who take calls all through it, without those on a break;",
}
_MARKS = {"met": ("✓", "met"), "missed": ("✗", "missed"), "too close to call": ("≈", "close")}


def staffing_page(found: StaffingResult, made: RosterResult | None = None) -> str:
    """Return one self-contained HTML page.

    Parameters
    ----------
    found : StaffingResult
    made : RosterResult, optional
        The roster for it; the page is then about the roster, whose shifts are printed on a sheet of their own.
    """
    needed = found
    found = as_staffing(made) if made else found
    chart = plan_chart(found, rostered=bool(made))
    title = f"Agents for {found.loaded.scenario.name}"
    beside = (
        _against_today(found, needed if made else None)
        + _costs(found)
        + _hardest(found)
        + _one_agent(found, rostered=bool(made))
    )
    body = [
        f'<header><div><h1>{escape(title)}</h1><p class="subtitle">{prose(_subtitle(found))}</p></div>'
        '<button id="theme" type="button" hidden>Dark colours</button></header>',
        f'<p class="lead">{prose(roster_lead(made) if made else staffing_verdict(found))}</p>',
        _figures(found),
        f'<h2>The plan</h2><div class="charts plan">{figure(chart)}</div>',
        f'<div class="two plan">{_plan(found)}<div>{beside}</div></div>',
        money_by_queue_and_interval(found.found),
        _everywhere(found),
        _background(found, rostered=bool(made)),
        roster_sheets(made) if made else "",
    ]
    return page(title=title, body="\n".join(part for part in body if part), charts=[chart])


def _subtitle(found: StaffingResult) -> str:
    start = found.loaded.scenario.start
    return f"{start:%a %d %b %Y}, from {start:%H:%M} · the promise: {found.target.in_words()}"


def _figures(found: StaffingResult) -> str:
    now, today, days = found.found, found.today, found.found.days_on_target
    cost = (
        (
            f"Cost of agents{_currency(found)}",
            f"{now.cost:,.0f}",
            f"{hours(now.hours)} agent-hours; today {today.cost:,.0f}",
        )
        if priced(found)
        else ("Agent-hours", hours(now.hours), f"today {hours(today.hours)}")
    )
    verdict = judged_in_words(found, days) if days.days else ""
    mark, kind = _MARKS.get(verdict, ("", ""))
    wanted = share(found.target.confidence)
    shown = [
        (*cost, ""),
        (
            "Promise kept",
            f"{share(days.share)} of days" if days.days else "–",
            f"{share(days.low)} to {share(days.high)}; today {_days(today)}" if days.days else "no calls",
            f'<span class="{kind}">{mark} {wanted}: {verdict}</span>' if verdict else "",
        ),
        ("Service level", share(now.service_level), f"today {share(today.service_level)}", ""),
        (
            "Hang up waiting",
            share(now.abandonment),
            f"today {share(today.abandonment)}; agents busy {share(now.occupancy)}",
            "",
        ),
    ]
    items = "".join(
        f'<li class="figure"><span class="name">{escape(name)}</span><span class="value"><span class="number">'
        f'{prose(value)}</span></span><span class="of">{prose(of)}</span>'
        + (f'<span class="check">{check}</span>' if check else "")
        + "</li>"
        for name, value, of, check in shown
    )
    return f'<ul class="figures small">{items}</ul>'


def _currency(found: StaffingResult) -> str:
    currency = found.loaded.scenario.currency
    return f", {currency}" if currency else ""


def _costs(found: StaffingResult) -> str:
    cells = cost_cells(found)
    rows = [[escape(name), *map(prose, both)] for name, *both in cells]
    days = found.loaded.scenario.horizon / 86_400
    title = f"What {'a day costs' if days <= 1 else f'{days:g} days cost'}{_currency(found)}"
    return sheet(title, table(("Costs", "This plan", "Today"), rows)) if rows else ""


def _days(of: Measured) -> str:
    return share(of.days_on_target.share) if of.days_on_target.days else "–"


def _plan(found: StaffingResult) -> str:
    groups = found.by_group
    own = found.own_levels.sum(axis=0).tolist()
    rows = [
        [
            escape(start),
            *(str(levels[i]) if levels[i] else '<span class="pm">0</span>' for levels in groups.values()),
            f"<strong>{int(found.levels[:, i].sum())}</strong>",
            str(own[i]),
        ]
        for i, start in enumerate(found.starts)
        if (own[i] and i not in found.closed) or found.levels[:, i].any()
    ]
    letters = 10 if len(groups) <= 6 else 6 if len(groups) <= 9 else 4
    heads = ("From", *told_apart(groups, letters), "All", "Today")
    made = sheet("Agents by interval", table(heads, rows))
    return (
        made
        if len(rows) <= _PRINTED and len(groups) <= _MOST_GROUPS
        else made.replace("<section>", '<section class="screen-only">', 1)
    )


def _against_today(found: StaffingResult, needed: StaffingResult | None) -> str:
    rows = []
    both = [("This roster" if needed else "This plan", found.found), ("Today", found.today)]
    for name, of in [*([("Agents needed", needed.found)] if needed else []), *both]:
        cost = [f"{of.cost:,.0f}"] if priced(found) else []
        figures = [_days(of), share(of.service_level), share(of.abandonment), share(of.occupancy)]
        rows.append([name, hours(of.hours), *cost, *figures])
    heads = ("Staffing", "Agent-h", *(["Cost"] if priced(found) else []), "Days", "Service", "Hang up", "Busy")
    return sheet("Against today's staffing", table(heads, [[prose(cell) for cell in row] for row in rows]))


def _hardest_of(found: StaffingResult, shown: int = _HARDEST) -> list[InInterval]:
    """The intervals with callers in which the service level is reached on the fewest days."""
    known = [of for of in found.found.by_interval if not math.isnan(of.days_on_target)]
    return sorted(known, key=lambda of: (of.days_on_target, of.service_level))[:shown]


def _hardest(found: StaffingResult) -> str:
    rows = [
        [escape(of.start), *(prose(share(value)) for value in (of.days_on_target, of.service_level, of.abandonment,
                                                               of.occupancy))]
        for of in _hardest_of(found)
    ]  # fmt: skip
    heads = ("From", f"Days with {share(found.target.level)}", "Service", "Hang up", "Busy")
    return sheet("The hardest intervals", table(heads, rows)) if rows else ""


def _change(one: OneAgent, groups: Sequence[str]) -> list[str]:
    name = dict(zip(groups, told_apart(groups, 14), strict=True))[one.group]
    shares = (
        in_chance(one.service_level, clear=one.service_is_clear),
        in_chance(one.abandonment, clear=one.abandonment_is_clear),
    )
    return [
        escape(f"{one.step:+d} {name}, {one.label}"),
        f"{one.cost:+,.4g}",
        *map(prose, shares),
        prose(days_change(one)),
    ]


def _one_agent(found: StaffingResult, *, rostered: bool) -> str:
    most, least = telling_changes(found, _SHOWN)
    rows = [_change(one, list(found.by_group)) for one in (*most, *least)]
    heads = ("Agents", "Cost" if priced(found) else "Agent-h", "Service", "Hang up", "Days")
    title = "One agent more, one agent less"
    return sheet(f"{title} than needed" if rostered else title, table(heads, rows)) if rows else ""


def _everywhere(found: StaffingResult) -> str:
    rest = sorted(found.one_agent, key=lambda one: (one.interval, one.group, -one.step))
    if not rest:
        return ""
    heads = ("Agents", "Cost" if priced(found) else "Agent-h", "Service", "Hang up", "Days")
    inside = table(heads, [_change(one, list(found.by_group)) for one in rest])
    return (
        '<details class="data"><summary>One agent more or less, everywhere</summary><div class="scroll" tabindex="0" '
        f'role="region" aria-label="One agent more or less, everywhere">{inside}</div></details>'
    )


def _background(found: StaffingResult, *, rostered: bool) -> str:
    said = (
        f"Found on {counted(found.searched_days, 'simulated day')}, measured on {found.fresh_days} others. Days: the"
        " share of days on which the promise is kept, with its"
        f" {share(found.loaded.scenario.confidence)} interval. Service: callers answered within"
        f" {found.target.threshold_s:g} s. Busy: agents' time talking or in after-call work. {_ON_BREAK[rostered]}"
        " the hours of those who are absent cost as much. ≈ 0: no clear difference."
    )
    notes: Sequence[str] = notes_of(found)
    return f"<footer><p>{prose(' '.join([said, *(f'{note[:1].upper()}{note[1:]}.' for note in notes)]))}</p></footer>"
