"""A roster as text for a terminal: a bar a shift with its breaks, what it costs, and how often it keeps the promise."""

from __future__ import annotations

from flows.display.numbers import share
from flows.display.tables import table
from flows.source.counted import counted
from simulation.experiment.advice import hours
from simulation.report.staffing_text import judged_in_words
from simulation.report.text_blocks import WIDTH, Paint, paragraph, shortened
from simulation.rosters.result import RosterResult
from simulation.rosters.roster import Rostered
from simulation.scenario.shift_kinds import clock_text

__all__ = ["roster_text", "roster_verdict"]

_NAME = 16
_BAR = 48
"""Most columns of a bar."""
_SHOWN = 60
"""Shifts that are drawn, unless all are asked for."""


def roster_text(result: RosterResult, *, full: bool = False, paint: Paint = str, width: int = WIDTH) -> str:
    """Return a roster as text.

    Parameters
    ----------
    result : RosterResult
    full : bool
        Whether to draw every shift of a long roster.
    paint : callable
        Colours verdicts.
    width : int
        Columns.
    """
    width = min(width, WIDTH)
    lines = ["Roster", *(f"  {line}" for line in paragraph(roster_verdict(result, paint), width - 2)), ""]
    lines += [*_costs(result), ""]
    return "\n".join([*lines, *_bars(result, full=full), *_left_out(result, full=full)])


def roster_verdict(result: RosterResult, paint: Paint = str) -> str:
    """How often a roster keeps the promise, and whether that is often enough, in sentences."""
    of, roster, wanted = result.measured, result.roster, result.staffing.target.confidence
    days = of.days_on_target
    judged = judged_in_words(result.staffing, days)
    said = f"{counted(len(roster.shifts), 'shift')} of {counted(roster.people, 'person', 'people')} keep the promise on"
    said += f" {share(days.share)} of days ({share(days.low)} to {share(days.high)}):" if days.days else " no calls:"
    said += f" {share(wanted)} is {paint(judged)}, breaks included."
    if result.raised is None:
        said += " More agents in shifts like these did not keep it on the days of the search."
    elif result.raised:
        times = "once" if result.raised == 1 else "twice" if result.raised == 2 else f"{result.raised} times"
        said += f" Cover was raised {times} until it was kept."
    return said


def _costs(result: RosterResult) -> list[str]:
    roster, needed = result.roster, result.staffing.found.cost
    rows = [
        ["agents found", "", hours(result.staffing.found.hours), f"{needed:,.1f}"],
        ["in shifts", str(len(roster.shifts)), hours(roster.paid_hours), f"{roster.cost:,.1f}"],
        ["shifts do not fit", "", "", f"{result.overcover:+,.1f}"],
        *([["saved by simulation", "", "", f"{-result.saved:+,.1f}"]] if result.saved > 0.05 else []),
        *([["not proven needed", "", "", f"{result.unproven:,.1f}"]] if result.unproven > 0.05 else []),
    ]
    return table(rows, head=["", "Shifts", "Paid h", "Cost"], left=1)


def _bars(result: RosterResult, *, full: bool) -> list[str]:
    """A line a shift: who, from when to when, and a bar on which breaks are gaps."""
    roster = result.roster
    shown = roster.shifts if full else roster.shifts[:_SHOWN]
    if not shown:
        return ["  nobody has to come"]
    first = min(one.shift.start for one in shown) // 60 * 60
    last = max(one.shift.end for one in shown)
    step = next(step for step in (15, 30, 60, 120) if (last - first) / step <= _BAR or step == 120)
    several = len(roster.problem.weekdays) > 1
    lines, heading = [], ""
    for one in shown:
        here = f"{one.shift.group}, {roster.problem.weekdays[one.shift.day]}" if several else one.shift.group
        if here != heading:
            lines += [*([""] if heading else []), f"  {here}"]
            heading = here
        times = f"{clock_text(one.shift.start)}–{clock_text(one.shift.end)}"
        lines.append(f"    {shortened(one.person, _NAME):<{_NAME}}  {times}  {_bar(one, first, step)}".rstrip())
    lines.append(f"  one mark is {step} min; · is a break, and starts where the clock shows {clock_text(first)}")
    return lines


def _bar(one: Rostered, first: int, step: int) -> str:
    marks = [" "] * ((one.shift.start - first) // step) + ["█"] * max((one.shift.end - one.shift.start) // step, 1)
    for begin, end in one.breaks:
        for mark in range((begin - first) // step, max(-(-(end - first) // step), (begin - first) // step + 1)):
            if mark < len(marks):
                marks[mark] = "·"
    return "".join(marks)


def _left_out(result: RosterResult, *, full: bool) -> list[str]:
    left = len(result.roster.shifts) - _SHOWN
    return (
        [f"  and {counted(left, 'more shift')}: --full draws them, --roster writes them"]
        if left > 0 and not full
        else []
    )
