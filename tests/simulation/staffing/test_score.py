"""A promise judged by sums written down by hand."""

from __future__ import annotations

import numpy as np
import pytest

from ivr.records.definitions.all_measures import COLUMNS
from simulation.arrays import Ints
from simulation.staffing.out_of_reach import _instead
from simulation.staffing.score import Judge, Layout
from simulation.staffing.target import Target

ONE_DAY = Layout(queues=("sales", "help"), groups=("all",), dates=np.array([0, 0]))
TWO_DATES = Layout(queues=("sales",), groups=("all",), dates=np.array([0, 1]))


def sums(days: int, layout: Layout, **rows: list[tuple[int, ...]]) -> Ints:
    """Sums of days: by row, for each day (offered, within, abandoned)."""
    values = np.zeros((days, layout.first_interval + layout.intervals, len(COLUMNS)), np.int64)
    for row, given in rows.items():
        for day, (offered, within, abandoned) in enumerate(given):
            for name, value in (("offered", offered), ("handled_within", within), ("abandoned", abandoned)):
                values[day, int(row[1:]), COLUMNS.index(name)] = value
    return values


def test_the_day_that_decides_is_the_worst_that_need_not_keep_the_promise() -> None:
    # Ten days with 100 callers; 60, 70, 80, 81 .. 87 in time. On 90 % of days: one day may fail, so the second worst
    # decides, 70 - 80 = -10 points. On 80 %: two may fail, and the third worst decides, 80 - 80 = 0.
    values = sums(10, ONE_DAY, r0=[(100, n, 0) for n in (60, 87, 70, 80, 81, 82, 83, 84, 85, 86)])
    nine = Judge(Target(level=0.8, threshold_s=20, confidence=0.9), ONE_DAY)
    eight = Judge(Target(level=0.8, threshold_s=20, confidence=0.8), ONE_DAY)
    assert nine.reach(values) == pytest.approx([-0.1])
    assert eight.reach(values) == pytest.approx([0.0])
    assert (nine.kept(values), eight.kept(values)) == (False, True)


def test_a_day_counts_only_if_nobody_too_many_hung_up() -> None:
    # 90 of 100 in time is 10 points more than 80; 8 hung up, 3 more than 5: the smaller margin counts.
    values = sums(1, ONE_DAY, r0=[(100, 90, 8)])
    judge = Judge(Target(level=0.8, threshold_s=20, most_abandoned=0.05), ONE_DAY)
    assert judge.reach(values) == pytest.approx([-0.03])


def test_queues_are_judged_by_their_own_levels() -> None:
    # sales: 80 of 100, its target 80 %; help: 80 of 100, its own target 90 %.
    values = sums(1, ONE_DAY, r1=[(100, 80, 0)], r2=[(100, 80, 0)])
    target = Target(level=0.8, threshold_s=20, per="queue", own_levels={"help": 0.9})
    assert Judge(target, ONE_DAY).reach(values) == pytest.approx([0.0, -0.1])


def test_each_interval_is_judged_by_itself_and_one_without_callers_is_kept() -> None:
    values = sums(2, ONE_DAY, r4=[(10, 9, 0), (10, 5, 0)])  # the first interval; nobody calls in the second
    judge = Judge(Target(level=0.8, threshold_s=20, per="interval", confidence=0.5), ONE_DAY)
    assert judge.on_target(values).tolist() == [[True, True], [False, True]]
    assert judge.met(values) == [[[True], [False]], [[], []]]
    assert judge.kept(values)  # one of two days may fail


def test_each_date_of_a_long_horizon_is_a_day() -> None:
    # Two replications of two dates: 9 and 5 of 10, then 8 and 10 of 10.
    values = sums(2, TWO_DATES, r3=[(10, 9, 0), (10, 8, 0)], r4=[(10, 5, 0), (10, 10, 0)])
    judge = Judge(Target(level=0.8, threshold_s=20), TWO_DATES)
    assert judge.met(values) == [[[True, False], [True, True]]]


def test_occupancy_is_judged_over_all_days() -> None:
    # 70 and 90 of 100 busy: 80 % on average, 5 points less than 85 %.
    values = sums(2, ONE_DAY, r0=[(1, 1, 0), (1, 1, 0)])
    values[:, 0, COLUMNS.index("busy_us")] = [70, 90]
    values[:, 0, COLUMNS.index("staffed_us")] = 100
    judge = Judge(Target(level=0.8, threshold_s=20, most_occupied=0.85), ONE_DAY)
    assert judge.reach(values) == pytest.approx([0.2, 0.05])


def test_what_can_be_asked_for_instead_is_never_nothing() -> None:
    assert _instead(0.0, 0.0, 0.8, None) == "ask for fewer callers in time, or raise --at-most"
    assert _instead(0.0, 0.0, 0.8, 337) == "ask for a threshold of 5 min 37 s (--target 80%/337s)"
    assert _instead(0.416, 0.0, 0.8, None) == "ask for at most 41.6% (--target)"
    assert _instead(0.7, 0.5, 0.925, 40) == (
        "ask for at most 70% (--target), or for at most 50% of days (--confidence), "
        "or for a threshold of 40 s (--target 92.5%/40s)"
    )


def test_effects_are_measured_on_the_days_near_the_one_that_decides() -> None:
    # Forty days with 100 callers, 50 .. 89 in time. On 90 % of days: four may fail, the fifth worst decides, and four
    # days on either side (a tenth of forty) are near: the first nine. A limit on occupancy needs all days.
    values = sums(40, ONE_DAY, r0=[(100, 50 + n, 0) for n in range(40)])
    judge = Judge(Target(level=0.8, threshold_s=20), ONE_DAY)
    near = judge.near(values)
    kept = judge.telling(near, 40)
    assert np.flatnonzero(kept).tolist() == list(range(9))
    assert judge.slack(values[kept], judge.near_of(near, kept)) == pytest.approx(judge.slack(values, near))
    busy = Judge(Target(level=0.8, threshold_s=20, most_occupied=0.8), ONE_DAY)
    assert busy.telling(near, 40).all()
