"""A smallest set of wishes that cannot all be kept, and what to relax by how much.

A smallest set of conflicting wishes hits every set of wishes whose removal would make the rest possible. So the
smallest set that hits all those found so far is tried; if its wishes can be kept together, what they leave out of a
largest possible set is one more to be hit (Ignatiev, Previti, Liffiton and Marques-Silva 2015, "Smallest MUS
extraction with minimal hitting set dualization", CP 2015).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from simulation.arrays import Ints
from simulation.rosters.problem import Problem
from simulation.rosters.program import Program
from simulation.rosters.solve import feasible
from simulation.rosters.wishes import Wish, ladders, only, wishes_of

__all__ = ["needs_that_conflict", "relaxations", "shortfall", "smallest_conflict", "together"]


def smallest_conflict(problem: Problem, can: Callable[[Problem], bool] = feasible) -> list[Wish]:
    """A smallest set of wishes that cannot be kept together.

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
    while True:
        tried = _hitting(wishes, to_hit)
        if not kept(tried):
            return tried
        grown = list(tried)
        for wish in wishes:
            if wish not in grown and kept([*grown, wish]):
                grown.append(wish)
        to_hit.append([wish for wish in wishes if wish not in grown])


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


def needs_that_conflict(problem: Problem, conflict: Sequence[Wish]) -> dict[str, Ints]:
    """By group, the slots whose needs alone cannot be covered with the other wishes: as few as no more can be left out.

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
            if feasible(Problem(**{**problem.__dict__, "need": need})):
                of[span] = held
    return {group: np.flatnonzero(of) for group, of in need.items() if of.any()}


def _halves(slots: Ints) -> list[Ints]:
    """Slots to leave out, many together first: halves, quarters, and so on, then each alone."""
    found, size = [], len(slots)
    while size > 1:
        size = -(-size // 2)
        found += [slots[at : at + size] for at in range(0, len(slots), size)]
    return found or [slots]


def relaxations(problem: Problem, conflict: Sequence[Wish]) -> list[tuple[Wish, str]]:
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
            at = _first([problem for problem, _ in ladder])
            if at is not None:
                found.append((wish, ladder[at][1]))
    return found


def _first(problems: Sequence[Problem]) -> int | None:
    """The first of problems, each asking for less, that has a roster; None if none has."""
    if not problems or not feasible(problems[-1]):
        return None
    low, high = -1, len(problems) - 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if feasible(problems[middle]) else (middle, high)
    return high


def shortfall(problem: Problem) -> float | None:
    """Hours of agents that stay uncovered at best, with all other wishes kept; None if those conflict."""
    found = Program(problem, elastic=True).solved()
    return None if found is None else found.short * problem.step / 60


def together(problem: Problem) -> list[tuple[Wish, str]]:
    """Several relaxations that make a roster possible together, where no single one does; empty if none do."""
    given_up: list[Wish] = []
    every = wishes_of(problem)
    while not feasible(_free(problem, every, given_up)):
        conflict = smallest_conflict(_free(problem, every, given_up))
        wish = next((one for one in conflict if one not in given_up and any(ladders(problem, one))), None)
        if wish is None:
            return []
        given_up.append(wish)
    found = []
    while given_up:
        wish = given_up.pop(0)
        for ladder in ladders(problem, wish):
            at = _first([_free(problem, every, given_up) for problem, _ in ladder])
            if at is not None:
                problem = ladder[at][0]
                found.append((wish, ladder[at][1]))
                break
        else:
            return []
    return found


def _free(problem: Problem, every: Sequence[Wish], given_up: Sequence[Wish]) -> Problem:
    return only(problem, [wish for wish in every if wish not in given_up])
