"""Says why no roster covers a staffing, and what to relax by how much."""

from __future__ import annotations

from collections.abc import Sequence

from flows.source.finding import Finding
from simulation.arrays import Ints
from simulation.rosters.conflict import (
    Can,
    in_time,
    needs_that_conflict,
    relaxations,
    shortfall,
    smallest_conflict,
    together,
)
from simulation.rosters.problem import Problem
from simulation.rosters.wishes import Wish
from simulation.scenario.shift_kinds import clock_text

__all__ = ["out_of_shifts", "out_of_time"]

_LONGEST_S = 120.0
"""The time to look for conflicts and for what to relax."""


def out_of_time() -> Finding:
    """The finding about a problem that was too large to be solved."""
    return Finding(
        code="Q005",
        severity="error",
        node="shifts",
        message="no roster was found in a minute, and it is not known whether there is one",
        hint="allow fewer different shifts, e.g. every: 1h, or say agents: NUMBER instead of people by name",
    )


def out_of_shifts(problem: Problem) -> Finding:
    """The finding about a problem without a roster.

    Parameters
    ----------
    problem : Problem
    """
    can = in_time(_LONGEST_S)
    conflict = smallest_conflict(problem, can)
    where = needs_that_conflict(problem, conflict, can)
    said = [
        _need(problem, wish.of, where[wish.of])
        if wish.field == "cover" and wish.of in where
        else wish.in_words(problem)
        for wish in conflict
    ]
    message = f"no roster has {said[0]}" if len(said) == 1 else f"no roster has {', '.join(said[:-1])} and {said[-1]}"
    short = shortfall(problem)
    if short:
        message += f"; at best {short:g} agent-hours stay uncovered"
    return Finding(code="Q005", severity="error", node="shifts", message=message, hint=_hint(problem, conflict, can))


def _need(problem: Problem, group: str, slots: Ints) -> str:
    """The needs of a group that conflict: how many and when."""
    need = problem.need[group]
    at = problem.first + int(slots[0]) * problem.step
    until = problem.first + (int(slots[-1]) + 1) * problem.step
    day = f" on {problem.weekdays[min(at // 1440, len(problem.weekdays) - 1)]}" if len(problem.weekdays) > 1 else ""
    most = int(need[slots].max())
    return f"{most} of {group} between {clock_text(at)} and {clock_text(until)}{day}"


def _hint(problem: Problem, conflict: Sequence[Wish], can: Can) -> str:
    ways = relaxations(problem, conflict, can)
    if ways:
        each = [f"{text} in {wish.kind}" for wish, text in ways]
        return f"one of these is enough: {'; '.join(each)}" if len(each) > 1 else f"write {each[0]}"
    both = together(problem, can)
    if both:
        return f"all of these together are enough: {'; '.join(f'{text} in {wish.kind}' for wish, text in both)}"
    return "name more people, or more of their time; or ask for less: a lower --target or --confidence"
