"""A smallest set of wishes that cannot all be kept, and what to relax by how much.

A smallest set of conflicting wishes hits every set of wishes whose removal would make the rest possible. So the
smallest set that hits all those found so far is tried; if its wishes can be kept together, what they leave out of a
largest possible set is one more to be hit (Ignatiev, Previti, Liffiton and Marques-Silva 2015, "Smallest MUS
extraction with minimal hitting set dualization", CP 2015).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from simulation.arrays import Ints
from simulation.rosters.problem import Problem
from simulation.rosters.program import Program
from simulation.rosters.solve import feasible
from simulation.rosters.wishes import Wish, ladders, only, wishes_of

__all__ = [
    "TimeIsUpError",
    "in_time",
    "needs_that_conflict",
    "relaxations",
    "shortfall",
    "smallest_conflict",
    "together",
]


class TimeIsUpError(Exception):
    """There is no time to solve another problem."""


Can = Callable[[Problem], bool]
"""Whether a problem has a roster; may raise `TimeIsUpError`."""


def in_time(seconds: float) -> Can:
    """Whether a problem has a roster, for so many seconds from now."""
    until = time.monotonic() + seconds

    def can(problem: Problem) -> bool:
        if time.monotonic() > until:
            raise TimeIsUpError
        return feasible(problem)

    return can


def smallest_conflict(problem: Problem, can: Can = feasible) -> list[Wish]:
    """A smallest set of wishes that cannot be kept together; the smallest known when time is up.

    Parameters
    ----------
    problem : Problem
        One without a roster.
    can : callable
        Whether a problem has a roster.

    Examples
    --------
    >>> from simulation.scenario.shift_kinds import ShiftKind
    >>> day = ShiftKind(length="4h", start="08:00", agents="1", rest="11h")
    >>> problem = Problem({"desk": np.array([2])}, 240, 480, ("mon",), ((0,),), {"desk": 1.0}, {"day": day})
    >>> smallest_conflict(problem)
    [Wish(kind='', field='cover', of='desk'), Wish(kind='day', field='agents', of='')]
    """
    wishes = wishes_of(problem)
    known: dict[frozenset[Wish], bool] = {}

    def kept(some: Sequence[Wish]) -> bool:
        key = frozenset(some)
        if any(key <= other for other, well in known.items() if well):
            return True
        if any(other <= key for other, well in known.items() if not well):
            return False
        known[key] = can(only(problem, some))
        return known[key]

    to_hit: list[list[Wish]] = []
    try:
        while all(to_hit):
            tried = _hitting(wishes, to_hit)
            if not kept(tried):
                return tried
            grown = list(tried)
            for wish in wishes:
                if wish not in grown and kept([*grown, wish]):
                    grown.append(wish)
            to_hit.append([wish for wish in wishes if wish not in grown])
    except TimeIsUpError:
        pass
    conflicts = sorted((len(some), sorted(some)) for some, well in known.items() if not well)
    return conflicts[0][1] if conflicts else wishes


def _hitting(wishes: Sequence[Wish], sets: Sequence[Sequence[Wish]]) -> list[Wish]:
    """A smallest set of wishes with one of each of the sets."""
    if not sets:
        return []
    from scipy.optimize import Bounds, LinearConstraint, milp

    rows = np.array([[wish in of for wish in wishes] for of in sets], dtype=float)
    # Of two as small, the one that stands first.
    cost = 1.0 + np.arange(len(wishes)) * 1e-4 / len(wishes)
    found = milp(
        cost,
        integrality=np.ones(len(wishes), dtype=np.int64),
        bounds=Bounds(0, 1),
        constraints=LinearConstraint(rows, 1, np.inf),
        options={"mip_rel_gap": 0.0},
    )
    return [wish for at, wish in enumerate(wishes) if found.x is not None and found.x[at] > 0.5]


def needs_that_conflict(problem: Problem, conflict: Sequence[Wish], can: Can = feasible) -> dict[str, Ints]:
    """By group, slots whose needs alone cannot be covered with the other wishes: none of them can be left out.

    Parameters
    ----------
    problem : Problem
    conflict : sequence of Wish
        With the cover of at least one group.
    """
    problem = only(problem, conflict)
    need = {group: of.copy() for group, of in problem.need.items()}
    for of in need.values():
        for span in _halves(np.flatnonzero(of)):
            held = of[span].copy()
            of[span] = 0
            try:
                if can(replace(problem, need=need)):
                    of[span] = held
            except TimeIsUpError:
                of[span] = held
                break
    return {group: np.flatnonzero(of) for group, of in need.items() if of.any()}


def _halves(slots: Ints) -> list[Ints]:
    """Slots to leave out, many together first: halves, quarters, and so on, then each alone."""
    found, size = [], len(slots)
    while size > 1:
        size = -(-size // 2)
        found += [slots[at : at + size] for at in range(0, len(slots), size)]
    return found or [slots]


def relaxations(problem: Problem, conflict: Sequence[Wish], can: Can = feasible) -> list[tuple[Wish, str]]:
    """What makes a roster possible, each alone: the wish, and the least that the file would have to say instead.

    Parameters
    ----------
    problem : Problem
        One without a roster.
    conflict : sequence of Wish
        Wishes that cannot be kept together.
    """
    found = []
    for wish in conflict:
        for ladder in ladders(problem, wish):
            at = _first([problem for problem, _ in ladder], can)
            if at is not None:
                found.append((wish, ladder[at][1]))
    return found


def _first(problems: Sequence[Problem], can: Can) -> int | None:
    """The first of problems, each asking for less, that has a roster; None if none has, or time is up before."""
    try:
        if not problems or not can(problems[-1]):
            return None
        low, high = -1, len(problems) - 1
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if can(problems[middle]) else (middle, high)
    except TimeIsUpError:
        return None
    return high


def shortfall(problem: Problem) -> float | None:
    """Hours of agents that stay uncovered at best, with all other wishes kept; None if those conflict."""
    found = Program(problem, elastic=True).solved()
    return None if found is None else found.short * problem.step / 60


def together(problem: Problem, can: Can = feasible) -> list[tuple[Wish, str]]:
    """Several relaxations that make a roster possible together, where no single one does; empty if none do."""
    every = wishes_of(problem)
    found = []
    try:
        given_up = _given_up(problem, every, can)
    except TimeIsUpError:
        return []
    while given_up:
        wish = given_up.pop(0)
        for ladder in ladders(problem, wish):
            at = _first([_free(problem, every, given_up) for problem, _ in ladder], can)
            if at is not None:
                problem = ladder[at][0]
                found.append((wish, ladder[at][1]))
                break
        else:
            return []
    return found


def _given_up(problem: Problem, every: Sequence[Wish], can: Can) -> list[Wish]:
    """Wishes without which there is a roster; empty if some conflict has none that can be relaxed."""
    gone: list[Wish] = []
    while not can(_free(problem, every, gone)):
        conflict = smallest_conflict(_free(problem, every, gone), can)
        wish = next((one for one in conflict if one not in gone and any(ladders(problem, one))), None)
        if wish is None:
            return []
        gone.append(wish)
    return gone


def _free(problem: Problem, every: Sequence[Wish], given_up: Sequence[Wish]) -> Problem:
    return only(problem, [wish for wish in every if wish not in given_up])
