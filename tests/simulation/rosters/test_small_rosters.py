"""On small problems the roster costs as much as the cheapest of all that there are."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

import numpy as np
import pytest

from simulation.arrays import Ints
from simulation.rosters.conflict import smallest_conflict
from simulation.rosters.problem import Pattern, Problem, patterns, windows
from simulation.rosters.program import Program
from simulation.rosters.solve import NoRosterError, feasible, solved
from simulation.rosters.wishes import Wish, only, wishes_of
from tests.support.roster_problems import faults, kind, narrow_problem, problem


def every_shift(of: Problem) -> list[tuple[Pattern, tuple[int, ...]]]:
    """Every shift with every place of its breaks."""
    return [
        (pattern, begins)
        for pattern in patterns(of)
        for begins in itertools.product(
            *(places for _, places, _ in windows(of.kinds[pattern.kind], pattern.start, pattern.length))
        )
    ]


def heads(of: Problem, shift: tuple[Pattern, tuple[int, ...]]) -> Ints:
    """i8[slots]: where a shift takes calls, slot by slot."""
    pattern, begins = shift
    breaks = list(zip(begins, of.kinds[pattern.kind].breaks_of(pattern.length), strict=True))
    clock = [of.first + slot * of.step - pattern.day * 1440 for slot in range(of.slots)]
    return np.array(
        [
            pattern.start <= at < pattern.end and not any(begin <= at < begin + one.length for begin, one in breaks)
            for at in clock
        ],
        dtype=np.int64,
    )


def cheapest_of_a_day(of: Problem, most: int) -> float:
    """The cost of the cheapest cover by at most so many shifts, by trying all."""
    (need,) = of.need.values()
    shifts = [(pattern.cost, heads(of, (pattern, begins))) for pattern, begins in every_shift(of)]
    return min(
        sum(cost for cost, _ in chosen)
        for number in range(1, most + 1)
        for chosen in itertools.combinations_with_replacement(shifts, number)
        if (sum(there for _, there in chosen) >= need).all()
    )


@pytest.mark.parametrize(
    ("need", "stated"),
    [
        (
            [1, 2, 2, 1, 1, 1],
            {"length": "3h..4h", "every": "1h", "breaks": {"length": "1h", "after": "1h..2h", "every": "1h"}},
        ),
        ([0, 1, 1, 2, 1], {"length": "2h..3h", "every": "1h", "breaks": ()}),
        (
            [1, 1, 1, 1, 1, 1],
            {
                "length": "4h",
                "every": "2h",
                "breaks": {"length": "1h", "after": "1h..2h", "every": "1h", "paid": "yes"},
            },
        ),
        (
            [2, 1, 0, 0, 1, 2],
            {
                "length": "2h..6h",
                "every": "2h",
                "breaks": {"length": "1h", "before_end": "1h..2h", "every": "1h", "over": "4h"},
            },
        ),
    ],
)
def test_a_day_costs_as_little_as_the_cheapest_of_all(need: list[int], stated: dict[str, object]) -> None:
    of = problem({"desk": need}, {"day": kind(start="08:00..12:00", **stated)})
    roster = solved(of)
    assert not faults(roster)
    assert roster.cost == pytest.approx(cheapest_of_a_day(of, 4))


def weeks_of_a_person(of: Problem, rest: int, most_days: int) -> Iterator[tuple[tuple[Pattern, tuple[int, ...]], ...]]:
    """Every way in which one person may work: a shift or none each day, with rest between."""
    by_day = [[one for one in every_shift(of) if one[0].day == day] for day in range(len(of.weekdays))]
    for week in itertools.product(*([None, *here] for here in by_day)):
        mine = tuple(one for one in week if one is not None)
        fits = all(b.start + (b.day - a.day) * 1440 >= a.end + rest for (a, _), (b, _) in itertools.pairwise(mine))
        if fits and len(mine) <= most_days:
            yield mine


@pytest.mark.parametrize(("rest", "most_days", "people"), [(0, 3, 2), (16, 3, 2), (20, 3, 3), (16, 2, 3), (20, 1, 3)])
def test_three_days_with_rest_cost_as_little_as_the_cheapest_of_all(rest: int, most_days: int, people: int) -> None:
    # Two slots of four hours a day, the first at 08:00: late on one day and early on the next is 12 hours apart.
    need = [1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 1, 1]
    one = kind(
        length="4h..8h",
        start="08:00..12:00",
        every="4h",
        rest=f"{rest}h",
        days_a_week=f"{most_days}",
        agents=f"{people}",
    )
    of = problem({"desk": need}, {"day": one}, step=240, days=3)
    ways = [
        (sum(pattern.cost for pattern, _ in week), sum((heads(of, one) for one in week), np.zeros(of.slots)))
        for week in weeks_of_a_person(of, rest * 60, most_days)
    ]
    costs = [
        sum(cost for cost, _ in weeks)
        for weeks in itertools.combinations_with_replacement(ways, people)
        if (sum((there for _, there in weeks), np.zeros(of.slots)) >= need).all()
    ]
    if not costs:
        with pytest.raises(NoRosterError):
            solved(of)
        return
    roster = solved(of)
    assert not faults(roster)
    assert roster.cost == pytest.approx(min(costs))


def test_the_people_needed_are_those_that_rest_and_days_leave() -> None:
    # Six days of one shift of 8 hours; each works at most 2: three people. Five would each need a shift less.
    one = kind(length="8h", start="08:00", days_a_week="2", agents="3")
    of = problem({"desk": [1 if slot % 3 == 0 else 0 for slot in range(16)]}, {"day": one}, step=480, days=6)
    assert solved(of).people == 3
    with pytest.raises(NoRosterError):
        solved(of.with_kind("day", agents=(0, 2)))


def test_night_shifts_of_a_day_that_repeats_cover_the_morning() -> None:
    # 24 hours from midnight, one agent at every moment: 22 to 06, 06 to 14 and 14 to 22, each 8 hours at 10.
    of = Problem(
        {"desk": np.ones(24, dtype=int)},
        60,
        0,
        ("tue",),
        ((-1, 0, 1),),
        {"desk": 10.0},
        {"day": kind(length="8h", start="06:00..22:00", every="8h")},
    )
    roster = solved(of)
    assert [(one.shift.start, one.shift.end) for one in roster.shifts] == [(360, 840), (840, 1320), (1320, 1800)]
    assert roster.cost == 240.0


def test_named_people_work_when_they_can() -> None:
    people = {"Ann": {"to": "12:00"}, "Bob": {"from": "12:00"}, "Cy": {"days": "wed"}}
    stated = kind(
        length="4h",
        start="08:00..12:00",
        every="4h",
        people={n: {**w, "days": [w["days"]] if "days" in w else []} for n, w in people.items()},
    )
    of = problem({"desk": [1, 1]}, {"day": stated}, step=240)
    assert [(one.person, one.shift.start) for one in solved(of).shifts] == [("Ann", 480), ("Bob", 720)]
    with pytest.raises(NoRosterError):
        solved(problem({"desk": [2, 1]}, {"day": stated}, step=240))


def test_overtime_is_paid_beyond_its_hours_alone() -> None:
    # 8 paid hours, 2 of them at one and a half: 6 * 10 + 2 * 15.
    one = kind(length="8h", start="08:00", overtime={"after": "6h", "factor": "1.5"})
    assert solved(problem({"desk": [1]}, {"day": one}, step=480)).cost == 90.0


def smallest_of_all(of: Problem) -> int:
    """The size of the smallest set of wishes that cannot be kept together, by trying all sets, small ones first."""
    every = wishes_of(of)
    sizes = range(1, len(every) + 1)
    return next(
        size for size in sizes if any(not feasible(only(of, some)) for some in itertools.combinations(every, size))
    )


@pytest.mark.parametrize(("seed", "size"), [(1, 2), (2, 3), (5, 3), (8, 0), (14, 3), (21, 3), (35, 6)])
def test_no_smaller_set_of_wishes_conflicts(seed: int, size: int) -> None:
    of = narrow_problem(seed)
    assert feasible(of) == (size == 0)
    if size:
        conflict = smallest_conflict(of)
        assert not feasible(only(of, conflict))
        assert len(conflict) == smallest_of_all(of) == size


def test_any_roster_is_not_one_of_thousands_of_shifts() -> None:
    """With as many people as one likes, shifts that cover 9 agent-slots of four hours cost at most twice their best."""
    of = narrow_problem(17)
    early = ("start", "hours_a_week", "days_a_week")
    free = only(of, [Wish("", "cover", "desk"), *(Wish("early", field) for field in early), Wish("late", "start")])
    found = Program(free, costly=False).solved()
    assert found is not None
    assert int(of.need["desk"].sum()) == 9
    assert len(found.chosen) <= 2 * 9
