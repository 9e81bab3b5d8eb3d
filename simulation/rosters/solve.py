"""Finds the roster of least cost: the shifts and breaks that cover a staffing, then whose they are."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from simulation.rosters.assign import assigned
from simulation.rosters.problem import Pattern, Problem, people_of
from simulation.rosters.program import Program, Solved, Team, limits
from simulation.rosters.roster import Roster, Rostered

__all__ = ["Known", "NoRosterError", "connected", "feasible", "solved"]

_LONGEST_S = 60.0
"""Of one program that looks for the cheapest; whether there is any is looked for less long."""
_SPARE = 10
"""People told apart beyond those that were found to be needed."""


@dataclass
class NoRosterError(Exception):
    """No roster covers the problem.

    Parameters
    ----------
    problem : Problem
        That of the groups concerned.
    """

    problem: Problem


Known = dict[tuple[tuple[str, ...], bytes], tuple[Solved, list[str]]]
"""Solutions for some groups, by their needs."""


def solved(problem: Problem, known: Known | None = None, pool: ThreadPoolExecutor | None = None) -> Roster:
    """The roster of least cost.

    Parameters
    ----------
    problem : Problem
    known : dict, optional
        Solutions of the same kinds of shifts, to which those found are added.
    pool : ThreadPoolExecutor, optional
        Solves groups that share no people at the same time; the roster is the same without.

    Raises
    ------
    NoRosterError
        If there is none.
    TimeoutError
        If none was found in time, and it is not known that there is none.

    Examples
    --------
    >>> import numpy as np
    >>> from simulation.scenario.shift_kinds import ShiftKind
    >>> day = ShiftKind(length="4h", start="08:00..12:00", every="4h")
    >>> need = {"desk": np.array([2, 1])}
    >>> problem = Problem(need, 240, 480, ("mon",), ((0,),), {"desk": 10.0}, {"day": day})
    >>> solved(problem).cost
    120.0
    """
    shifts: list[Rostered] = []
    bound, known = 0.0, {} if known is None else known
    parts = {_key(part): part for part in map(problem.of_groups, connected(problem))}
    new = [key for key in parts if key not in known]
    known |= zip(new, (pool.map if pool else map)(_with_people, [parts[key] for key in new]), strict=True)
    for key in parts:
        found, names = known[key]
        bound += found.bound
        shifts += [
            _rostered(problem, pattern, begins, name)
            for (pattern, begins, _), name in zip(found.chosen, names, strict=True)
        ]
    order = list(problem.need)
    shifts.sort(
        key=lambda one: (order.index(one.shift.group), one.shift.day, one.shift.start, one.shift.end, one.person)
    )
    return Roster(problem, tuple(shifts), bound)


def _key(part: Problem) -> tuple[tuple[str, ...], bytes]:
    return tuple(part.need), b"".join(need.tobytes() for need in part.need.values())


def feasible(problem: Problem) -> bool:
    """Whether there is a roster at all, or none is known not to be."""
    try:
        for groups in connected(problem):
            _with_people(problem.of_groups(groups), costly=False)
    except NoRosterError:
        return False
    except TimeoutError:
        return True
    return True


def connected(problem: Problem) -> list[tuple[str, ...]]:
    """The groups, put together where they share a number of people."""
    sets = [{group} for group in problem.need]
    for name, kind in problem.kinds.items():
        if isinstance(kind.agents, tuple):
            shared = {group for of, group in problem.teams if of == name}
            joined = [one for one in sets if one & shared]
            sets = [one for one in sets if not one & shared] + ([set().union(*joined)] if joined else [])
    order = list(problem.need)
    return sorted((tuple(sorted(one, key=order.index)) for one in sets), key=lambda one: order.index(one[0]))


def _with_people(problem: Problem, *, costly: bool = True) -> tuple[Solved, list[str]]:
    """A solution whose shifts can all be given to people, and to whom; teams are told apart where that is needed."""
    apart: dict[Team, int] = {}
    while True:
        found = Program(problem, apart, costly=costly).solved(_LONGEST_S if costly else _LONGEST_S / 6)
        if found is None:
            raise NoRosterError(problem)
        names, failed = _names(problem, found, apart)
        if not failed:
            return found, names
        for team in failed:
            most = limits(problem.kinds[team[0]], team[1])[1]
            number = found.teams[team]
            apart[team] = int(min(most, max(2 * number, number + _SPARE)))


def _names(problem: Problem, found: Solved, apart: dict[Team, int]) -> tuple[list[str], list[Team]]:
    names = [name for _, _, name in found.chosen]
    failed: list[Team] = []
    for team in problem.teams:
        if team in apart:
            continue
        at = [i for i, (pattern, _, _) in enumerate(found.chosen) if (pattern.kind, pattern.group) == team]
        if not at:
            continue
        kind = problem.kinds[team[0]]
        whose = assigned(
            [found.chosen[i][0] for i in at],
            kind,
            people_of(kind, team[1]),
            most=max(found.teams[team], 1) if limits(kind, team[1])[1] < 10_000 or kind.agents else len(at),
            weekdays=problem.weekdays,
        )
        if whose is None:
            failed.append(team)
        for i, name in zip(at, whose or [], strict=False):
            names[i] = name
    return names, failed


def _rostered(problem: Problem, pattern: Pattern, begins: tuple[int, ...], name: str) -> Rostered:
    kind = problem.kinds[pattern.kind]
    breaks = tuple(
        (begin, begin + pause.length) for begin, pause in zip(begins, kind.breaks_of(pattern.length), strict=True)
    )
    return Rostered(name if kind.people else f"{pattern.kind} {name}", pattern, breaks)
