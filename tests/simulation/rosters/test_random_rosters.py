"""On 200 random problems a roster covers every moment and keeps every wish; where there is none, wishes conflict."""

from __future__ import annotations

from dataclasses import replace

import pytest

from simulation.rosters.conflict import smallest_conflict
from simulation.rosters.problem import Problem
from simulation.rosters.roster import Roster
from simulation.rosters.solve import NoRosterError, feasible, solved
from simulation.rosters.wishes import only
from tests.support.roster_problems import faults, random_problem


@pytest.fixture(scope="module")
def outcomes() -> list[Roster | Problem]:
    """A roster, or the problem of the groups that have none, of each of 200 problems."""
    found: list[Roster | Problem] = []
    for seed in range(200):
        try:
            found.append(solved(random_problem(seed)))
        except NoRosterError as error:
            found.append(error.problem)
    return found


def test_cover_breaks_rest_and_hours_hold_in_every_case(outcomes: list[Roster | Problem]) -> None:
    rosters = [one for one in outcomes if isinstance(one, Roster)]
    assert [faults(roster) for roster in rosters] == [[]] * len(rosters)
    assert len(rosters) == 124
    assert len({len(roster.problem.weekdays) for roster in rosters if roster.shifts}) == 3


def test_no_roster_costs_less_than_its_bound(outcomes: list[Roster | Problem]) -> None:
    for one in outcomes:
        if isinstance(one, Roster):
            assert one.bound == pytest.approx(one.cost, rel=1e-5)


def test_the_wishes_that_are_named_conflict_and_any_fewer_do_not(outcomes: list[Roster | Problem]) -> None:
    impossible = [one for one in outcomes if isinstance(one, Problem)][:3]
    assert len(impossible) == 3
    for one in impossible:
        conflict = smallest_conflict(one)
        assert not feasible(only(one, conflict))
        for wish in conflict:
            assert feasible(only(one, [other for other in conflict if other != wish]))


def test_the_checker_finds_what_is_wrong(outcomes: list[Roster | Problem]) -> None:
    roster = next(one for one in outcomes if isinstance(one, Roster) and len(one.shifts) > 3)
    assert any("at" in fault for fault in faults(replace(roster, shifts=roster.shifts[1:])))
    late = replace(roster.shifts[0], breaks=((0, 30),) * len(roster.shifts[0].breaks))
    assert faults(replace(roster, shifts=(late, *roster.shifts[1:])))
