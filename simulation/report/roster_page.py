"""The roster on the page of a staffing: its sentence, its staffing by interval, and a bar for each shift."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from html import escape

import numpy as np

from flows.display.theme import queue_hue
from flows.source.counted import counted
from simulation.experiment.advice import hours
from simulation.report.page import sheet, table
from simulation.report.roster_text import roster_verdict
from simulation.report.staffing_text import money_in_words, priced, saved_in_words
from simulation.rosters.result import RosterResult
from simulation.rosters.roster import Rostered
from simulation.scenario.shift_kinds import clock_text
from simulation.staffing.result import StaffingResult

__all__ = ["as_staffing", "roster_lead", "roster_sheets"]

_HEIGHT = 10
"""Of a bar, in its own units; its width is in minutes."""


def as_staffing(made: RosterResult) -> StaffingResult:
    """The staffing that a roster puts on duty, with what was measured of the roster.

    Parameters
    ----------
    made : RosterResult
    """
    found = made.staffing
    levels = made.roster.levels(found.loaded.scenario)
    return replace(
        found,
        levels=np.array([levels[name] for name in found.loaded.scenario.groups], dtype=np.int64),
        found=made.measured,
    )


def roster_lead(made: RosterResult) -> str:
    """What the roster costs, how often it keeps the promise, and what it saves, in sentences."""
    needed, roster = made.staffing.found, made.roster
    said = f"It pays {counted(hours(roster.paid_hours), 'hour')}"
    said += f" at a cost of {money_in_words(made.staffing, roster.cost)}" if priced(made.staffing) else ""
    said += ", where the agents needed, could they come by the interval, "
    said += (
        f"cost {money_in_words(made.staffing, needed.cost)}."
        if priced(made.staffing)
        else f"are there for {hours(needed.hours)}."
    )
    return f"{roster_verdict(made)} {said} {saved_in_words(as_staffing(made))}"


def roster_sheets(made: RosterResult) -> str:
    """The costs of the roster against what is needed, and its shifts; on paper they begin a page of their own.

    Parameters
    ----------
    made : RosterResult
    """
    return f'<div class="roster">{_costs(made)}{_shifts(made)}</div>'


def _costs(made: RosterResult) -> str:
    roster, found = made.roster, made.staffing.found
    rows = [
        ["Agents needed", "", hours(found.hours), f"{found.cost:,.1f}"],
        ["In shifts", str(len(roster.shifts)), hours(roster.paid_hours), f"{roster.cost:,.1f}"],
        ["Shifts do not fit", "", "", f"{made.overcover:+,.1f}"],
    ]
    if made.saved > 0.05:
        rows.append(["Saved by simulation", "", "", f"{-made.saved:+,.1f}"])
    if made.unproven > 0.05:
        rows.append(["Not proven needed", "", "", f"{made.unproven:,.1f}"])
    return sheet("The roster against what is needed", table(("Costs", "Shifts", "Paid hours", "Cost"), rows))


def _shifts(made: RosterResult) -> str:
    """A row for each shift; those with the same times and breaks share one."""
    roster = made.roster
    if not roster.shifts:
        return sheet("Shifts", "<p>Nobody has to come.</p>")
    first = min(one.shift.start for one in roster.shifts) // 60 * 60
    last = -(-max(one.shift.end for one in roster.shifts) // 60) * 60
    several = len(roster.problem.weekdays) > 1
    hues = {name: queue_hue(i) for i, name in enumerate(_by_size(made))}
    rows = []
    for (group, day, kind, start, end, breaks), number in _alike(roster.shifts).items():
        where = f"{group}, {roster.problem.weekdays[day]}" if several else group
        rows.append(
            [
                escape(where),
                escape(kind),
                f"{clock_text(start)}–{clock_text(end)}",
                ", ".join(f"{clock_text(begin)}–{clock_text(until)}" for begin, until in breaks) or "–",
                str(number),
                _bar(start, end, breaks, first, last, hues[group]),
            ]
        )
    heads = (
        "Group",
        "Shift",
        "Time",
        "Breaks",
        "People",
        f"{clock_text(first)} to {clock_text(last)}, gaps are breaks",
    )
    return sheet("Shifts", table(heads, rows, text_columns=(1,)))


def _by_size(made: RosterResult) -> list[str]:
    """The groups in the order of their colours in the picture of the plan: the largest first."""
    groups = as_staffing(made).by_group
    return sorted(groups, key=lambda name: -sum(groups[name]))


def _alike(
    shifts: tuple[Rostered, ...],
) -> Counter[tuple[str, int, str, int, int, tuple[tuple[int, int], ...]]]:
    """How many shifts there are of each group, day, kind, time and breaks."""
    return Counter(
        (one.shift.group, one.shift.day, one.shift.kind, one.shift.start, one.shift.end, one.breaks) for one in shifts
    )


def _bar(start: int, end: int, breaks: tuple[tuple[int, int], ...], first: int, last: int, hue: str) -> str:
    """A bar from `start` to `end`, minutes from midnight, without its breaks."""
    edges = [start, *(edge for pause in sorted(breaks) for edge in pause), end]
    parts = "".join(
        f'<rect x="{begin - first}" width="{until - begin}" height="{_HEIGHT}"/>'
        for begin, until in zip(edges[::2], edges[1::2], strict=True)
        if until > begin
    )
    return (
        f'<svg viewBox="0 0 {last - first} {_HEIGHT}" preserveAspectRatio="none" aria-hidden="true" '
        f'fill="var(--{hue})">{parts}</svg>'
    )
