"""Gives the shifts of a week to people: rest between two shifts, hours and days of each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulation.rosters.problem import Pattern, available
from simulation.scenario.shift_kinds import DAY_MIN, Person, ShiftKind

__all__ = ["assigned"]

_TIME_S = 20.0


@dataclass
class _Worker:
    """Somebody, and the shifts that are theirs so far."""

    name: str
    who: Person
    mine: list[int] = field(default_factory=list)


def assigned(
    shifts: Sequence[Pattern],
    kind: ShiftKind,
    people: Mapping[str, Person],
    *,
    most: int,
    weekdays: Sequence[str],
) -> list[str] | None:
    """Whose each shift of a team is; None if there is no way, or none was found in time.

    Parameters
    ----------
    shifts : sequence of Pattern
    kind : ShiftKind
    people : mapping of str to Person
        Those of the team by name; empty if they have none, then they are numbered, as few as will do.
    most : int
        How many they are at most.
    weekdays : sequence of str
        The day of the week of each day.

    Examples
    --------
    >>> kind = ShiftKind(length="8h", rest="11h")
    >>> late, early = (Pattern("k", "g", day, start, 480, 480, 8.0) for day, start in ((0, 900), (1, 420)))
    >>> assigned([late, early], kind, {}, most=2, weekdays=["mon", "tue"])
    ['1', '2']
    """
    names = list(people) or [str(number + 1) for number in range(min(most, len(shifts)))]
    workers = [_Worker(name, people.get(name, Person())) for name in names]
    for team in _teams(workers, shifts, kind, named=bool(people)):
        found = _greedy(shifts, kind, team, weekdays) or _exactly(shifts, kind, team, weekdays)
        if found is not None:
            return found
    return None


def _teams(workers: list[_Worker], shifts: Sequence[Pattern], kind: ShiftKind, *, named: bool) -> list[list[_Worker]]:
    """The people to try with: those named, or the fewest that could do it and up to all."""
    if named or not workers:
        return [workers]
    by_day: dict[int, int] = {}
    for shift in shifts:
        by_day[shift.day] = by_day.get(shift.day, 0) + 1
    least = max(by_day.values())
    if kind.days_a_week and len(by_day) > 1:
        least = max(least, -(-len(shifts) // max(kind.days_a_week[1], 1)))
    if kind.hours_a_week and len(by_day) > 1:
        least = max(least, -(-sum(shift.paid for shift in shifts) // max(kind.hours_a_week[1], 1)))
    sizes = dict.fromkeys([least, least + 1, least + 2, (least + len(workers)) // 2, len(workers)])
    return [workers[:size] for size in sizes if size <= len(workers)]


def _clash(one: Pattern, other: Pattern, rest: int) -> bool:
    """Whether one person cannot work both."""
    if one.day == other.day:
        return True
    first, second = (one, other) if one.day < other.day else (other, one)
    return second.start + (second.day - first.day) * DAY_MIN < first.end + rest


def _greedy(
    shifts: Sequence[Pattern], kind: ShiftKind, team: Sequence[_Worker], weekdays: Sequence[str]
) -> list[str] | None:
    """Each shift to the one who can take it and has worked least, the shifts that fewest can take first."""
    week = len(weekdays) > 1
    days = kind.days_a_week if week else None
    hours = kind.hours_a_week if week else None
    theirs: dict[str, list[Pattern]] = {worker.name: [] for worker in team}
    of: list[str] = [""] * len(shifts)
    can = [[w for w in team if available(w.who, shift, weekdays[shift.day])] for shift in shifts]
    for at in sorted(range(len(shifts)), key=lambda at: (shifts[at].day, len(can[at]), shifts[at].start)):
        shift = shifts[at]
        fitting = [
            worker.name
            for worker in can[at]
            if not any(_clash(shift, one, kind.rest or 0) for one in theirs[worker.name])
            and (days is None or len(theirs[worker.name]) < days[1])
            and (hours is None or sum(one.paid for one in theirs[worker.name]) + shift.paid <= hours[1])
        ]
        if not fitting:
            return None
        of[at] = min(fitting, key=lambda name: sum(one.paid for one in theirs[name]))
        theirs[of[at]].append(shift)
    for mine in theirs.values():
        if mine and days and len(mine) < days[0]:
            return None
        if mine and hours and sum(one.paid for one in mine) < hours[0]:
            return None
    return of


def _exactly(
    shifts: Sequence[Pattern], kind: ShiftKind, team: Sequence[_Worker], weekdays: Sequence[str]
) -> list[str] | None:
    """The same as an integer program: who takes which shift."""
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not team:
        return None
    week = len(weekdays) > 1
    number, size = len(shifts), len(team)
    can = np.array([[available(w.who, shift, weekdays[shift.day]) for shift in shifts] for w in team])
    columns = size * number + size
    rows: list[tuple[dict[int, float], float, float]] = []
    for at in range(number):
        rows.append(({w * number + at: 1.0 for w in range(size)}, 1, 1))
    paid = [shift.paid for shift in shifts]
    for w in range(size):
        there = size * number + w
        for clique in _cliques(shifts, kind.rest or 0):
            rows.append(({**{w * number + at: 1.0 for at in clique}, there: -1.0}, -np.inf, 0))
        for stated, worth in ((kind.days_a_week, [1] * number), (kind.hours_a_week, paid)):
            if stated is None or not week:
                continue
            work = {w * number + at: float(worth[at]) for at in range(number)}
            rows.append(({**work, there: -float(stated[1])}, -np.inf, 0))
            rows.append(({**work, there: -float(stated[0])}, 0, np.inf))
    matrix = np.zeros((len(rows), columns))
    for row, (values, _, _) in enumerate(rows):
        matrix[row, list(values)] = list(values.values())
    found = milp(
        np.zeros(columns),
        integrality=np.ones(columns, dtype=np.int64),
        bounds=Bounds(0, np.concatenate([can.ravel().astype(float), np.ones(size)])),
        constraints=LinearConstraint(matrix, [low for _, low, _ in rows], [high for _, _, high in rows]),
        options={"time_limit": _TIME_S},
    )
    if found.x is None:
        return None
    taken = np.rint(found.x[: size * number]).reshape(size, number)
    return [team[int(w)].name for w in taken.argmax(axis=0)]


def _cliques(shifts: Sequence[Pattern], rest: int) -> list[list[int]]:
    """Shifts of which one person can work at most one: those of a day, and late ones with early ones after."""
    found = [[at for at, shift in enumerate(shifts) if shift.day == day] for day in sorted({s.day for s in shifts})]
    for one in sorted({(shift.day, shift.end) for shift in shifts}):
        for later in (1, 2):
            late = [at for at, s in enumerate(shifts) if s.day == one[0] and s.end >= one[1]]
            early = [
                at
                for at, s in enumerate(shifts)
                if s.day == one[0] + later and s.start + later * DAY_MIN < one[1] + rest
            ]
            if early:
                found.append([*late, *early])
    return found
