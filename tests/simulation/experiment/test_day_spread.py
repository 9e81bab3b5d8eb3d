"""How days differ, on sums made by hand."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from ivr.records.definitions.all_measures import COLUMNS
from ivr.records.measures import Sums, sums
from ivr.records.tables import empty
from simulation.experiment.day_spread import day_spread

MONDAY = dt.date(2026, 11, 23)
TUESDAY = dt.date(2026, 11, 24)


def days(*arrived: tuple[int, int]) -> list[Sums]:
    """A replication each, with so many calls in its two intervals."""
    made = []
    for counts in arrived:
        of = sums(empty(horizon_us=2), interval_us=1)
        values = of.values.copy()
        values[:, COLUMNS.index("arrived")] = [sum(counts), *counts]
        made.append(replace(of, values=values))
    return made


def test_replications_of_one_date_are_days() -> None:
    """10, 20 and 30 calls: a tenth of the way through two steps is 12, nine tenths is 28."""
    found = day_spread(days((4, 6), (15, 5), (0, 30)), [MONDAY, MONDAY], ["arrived"])["arrived"]
    assert (found.p10, found.p50, found.p90, found.days) == pytest.approx((12, 20, 28, 3))


def test_dates_of_a_replication_are_days() -> None:
    """10, 20, 30, 40 and 50, 60: the middle of six is 35."""
    found = day_spread(days((10, 20), (30, 40), (50, 60)), [MONDAY, TUESDAY], ["arrived"])["arrived"]
    assert (found.p10, found.p50, found.p90, found.days) == pytest.approx((15, 35, 55, 6))


def test_a_measure_that_no_day_has_is_left_out() -> None:
    assert day_spread(days((1, 1)), names=["asa_s", "cost"]) == {}
