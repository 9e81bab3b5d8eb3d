"""pyworkforce 0.5.1 on the scheduling and rostering examples of its own pages, beside rosters of the same needs.

Its figures were recorded with ``MinAbsDifference`` and ``MinRequiredResources`` as its page on PyPI calls them, and
with ``MinHoursRoster`` on ``examples/rostering/rostering_data.json``: 55 people, 330 shifts, 2,388 hours.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from simulation.loading.load import load_scenario
from simulation.rosters.problem import Problem
from simulation.rosters.solve import solved
from simulation.staffing.target import Target
from simulation.theory import erlang_c
from tests.support.roster_problems import WEEK, faults, kind
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY, write
from tests.support.small_staffings import searching

NEED = np.array(
    [
        [9, 11, 17, 9, 7, 12, 5, 11, 8, 9, 18, 17, 8, 12, 16, 8, 7, 12, 11, 10, 13, 19, 16, 7],
        [13, 13, 12, 15, 18, 20, 13, 16, 17, 8, 13, 11, 6, 19, 11, 20, 19, 17, 10, 13, 14, 23, 16, 8],
    ]
)
STARTS = {"morning": 5, "afternoon": 13, "night": 21, "mixed": 9}
CLOSEST = [{"morning": 8, "afternoon": 11, "night": 9, "mixed": 1}, {"morning": 13, "afternoon": 17, "night": 13}]
COVERING = [{"morning": 15, "afternoon": 13, "night": 19, "mixed": 3}, {"morning": 20, "afternoon": 20, "night": 23}]


def cover(shifts: dict[str, int]) -> np.ndarray:
    """i8[24]: who is there, hour by hour; the night covers the early morning too."""
    there = np.zeros(24, dtype=np.int64)
    for name, people in shifts.items():
        there[np.arange(STARTS[name], STARTS[name] + 8) % 24] += people
    return there


def test_a_roster_takes_as_many_as_its_covering_schedule() -> None:
    """50 and 63 people, 113 as its page says; what is closest to the need leaves 99 of 617 agent-hours uncovered."""
    kinds = {name: kind(length="8h", start=f"{hour:02d}:00") for name, hour in STARTS.items()}
    rosters = [solved(Problem({"desk": need}, 60, 0, ("tue",), ((-1, 0, 1),), {"desk": 1.0}, kinds)) for need in NEED]
    assert [len(roster.shifts) for roster in rosters] == [sum(one.values()) for one in COVERING] == [50, 63]
    assert [faults(roster) for roster in rosters] == [[], []]
    assert all((cover(one) >= need).all() for one, need in zip(COVERING, NEED, strict=True))
    short = [int(np.maximum(need - cover(one), 0).sum()) for one, need in zip(CLOSEST, NEED, strict=True)]
    assert (short, int(NEED.sum())) == ([58, 41], 617)


def test_the_closest_schedule_keeps_no_promise_and_the_covering_one_does(tmp_path: Path) -> None:
    """Calls of 3 minutes, as many in each hour as the positions it needs serve, 80 % within 20 s, by Erlang C.

    From two to three on the first day 17 are needed for 272 calls, 13.6 erlangs, and 9 are there: callers pile up.
    """
    rates = [_most_calls(int(need)) for need in NEED[0]]
    settings = [
        "horizon=24h", "interval=1h", "patience=never",
        f"arrivals={{kind: per_interval, calls: [{', '.join(f'{rate:.2f}' for rate in rates)}]}}",
    ]  # fmt: skip
    loaded = load_scenario(write(tmp_path, QUEUE_ONLY, QUEUE_CALLED), settings=settings)
    with searching(loaded, Target(level=0.8, threshold_s=20), days=50, most=30) as search:

        def kept(shifts: dict[str, int]) -> float:
            return float(search.judge.on_target(search.days.values(cover(shifts)[None, :])).mean())

        assert kept(CLOSEST[0]) == 0.0
        assert kept(COVERING[0]) >= 0.9


def _most_calls(agents: int) -> float:
    """The most calls an hour that so many agents serve, by halving."""
    low, high = 0.0, 20.0 * agents
    for _ in range(40):
        middle = (low + high) / 2
        served = erlang_c(arrivals_per_hour=middle, aht_s=180, agents=agents, within_s=20).service_level >= 0.8
        low, high = (middle, high) if served else (low, middle)
    return low


def test_its_week_of_55_people_takes_44_when_nobody_has_to_come() -> None:
    """Its example has every person work six days of seven: 55 * 6 = 330 shifts, of which 204 at least are of 8 hours:
    330 * 6 + 204 * 2 = 2,388 hours. Shifts of 6 to 8 hours that may begin every two hours, six days for whoever comes,
    cover the same hours with 267, which is as many as it needs.
    """
    needed = {5: [9, 12, 8, 10, 13, 10, 14], 13: [11, 13, 10, 11, 9, 11, 7], 21: [8, 7, 5, 15, 7, 8, 6]}
    mixed = [2, 4, 18, 7, 10, 5, 17]
    need = np.zeros(8 * 24, dtype=np.int64)
    for start, hours, people in [*((at, 8, of) for at, of in needed.items()), (9, 6, mixed)]:
        for day, number in enumerate(people):
            need[24 * day + start : 24 * day + start + hours] += number
    one = kind(
        length="6h..8h", start="05:00..21:00", every="2h", rest="4h", agents="55", hours_a_week="40h..56h",
        days_a_week="6..7",
    )  # fmt: skip
    repeats = tuple((day - 7, day, day + 7) for day in range(7))
    roster = solved(Problem({"desk": need[: 7 * 24]}, 60, 0, WEEK, repeats, {"desk": 1.0}, {"day": one}))
    assert not faults(roster)
    assert (roster.people, len(roster.shifts)) == (44, sum(mixed) + sum(map(sum, needed.values())))
    assert roster.cost == 1986.0
