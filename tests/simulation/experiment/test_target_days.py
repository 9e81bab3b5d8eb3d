"""On how many days the service level is met, by hand."""

from __future__ import annotations

import math

import numpy as np
import pytest

from ivr.records.definitions.all_measures import COLUMNS
from ivr.records.measures import Sums, sums
from ivr.records.tables import empty
from simulation.experiment.daily_measures import TargetDays, target_days

HOUR_US = 3_600_000_000


def part(levels: list[tuple[int, int]], *, interval_h: int = 12) -> Sums:
    """Sums of one replication with (handled within, offered) in each interval."""
    made = sums(empty(horizon_us=len(levels) * interval_h * HOUR_US), interval_us=interval_h * HOUR_US)
    within, offered = COLUMNS.index("handled_within"), COLUMNS.index("offered")
    for i, (good, all_) in enumerate(levels):
        for cell in (0, made.cell(interval=i)):
            made.values[cell, within] += good
            made.values[cell, offered] += all_
    return made


def test_a_replication_is_a_day_and_the_interval_is_wilsons() -> None:
    """80, 79 and 90 of 100 within the threshold: met on two days of three.

    Wilson with z = 1.96, p = 2/3, n = 3: (p + z^2/2n) / (1 + z^2/n) = (0.6667 + 0.6403) / 2.2805 = 0.5731;
    half = z / 2.2805 * sqrt(p(1-p)/n + z^2/4n^2) = 0.85945 * sqrt(0.07407 + 0.10671) = 0.3654.
    """
    days = target_days([part([(n, 100)]) for n in (80, 79, 90)], target=0.8)
    assert (days.share, days.days) == (2 / 3, 3)
    assert (days.low, days.high) == pytest.approx((0.5731 - 0.3654, 0.5731 + 0.3654), abs=2e-4)


def test_a_horizon_of_two_days_is_two_days() -> None:
    """From 18:00, intervals of 12 h: 18-06 belongs to the first date, 06-18 and 18-06 to the second, 06-18 to the
    third.

    Replication 1: 90/100; (60 + 90)/200 = 75 %; 80/100: met, missed, met. Replication 2: met on all three.
    Shares 2/3 and 1: mean 5/6, standard deviation 0.2357, t(1) = 12.706: half = 12.706 * 0.2357 / sqrt 2 = 2.12:
    clipped.
    """
    parts = [part([(90, 100), (60, 100), (90, 100), (80, 100)]), part([(90, 100)] * 4)]
    assert target_days(parts, target=0.8, dates=[0, 1, 1, 2]) == TargetDays(5 / 6, 0.0, 1.0, 6)


def test_days_without_calls_are_no_days() -> None:
    assert target_days([part([(0, 0)]), part([(9, 10)])], target=0.8).days == 1
    nothing = target_days([part([(0, 0)])], target=0.8)
    assert math.isnan(nothing.share)
    assert nothing.as_dict() == {"share": None, "low": None, "high": None, "days": 0}


def test_sums_are_left_as_they_are() -> None:
    given = part([(9, 10), (1, 10)])
    before = given.values.copy()
    target_days([given], target=0.8)
    assert np.array_equal(given.values, before)
