"""Half-widths of the longest wait and of quantiles: they cover the value as often as stated, on days with a known
distribution.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ivr.records.definitions.all_measures import COLUMNS
from ivr.records.measures import QUANTILES, Sums, measures, sums, total
from ivr.records.tables import empty
from ivr.records.wait_bins import bins
from simulation.experiment.estimates import Estimate, estimate, paired_difference

EMPTY = sums(empty(horizon_us=3_600_000_000))
NAMES = (*QUANTILES, "max_wait_s")


def day(waits_s: np.ndarray) -> Sums:
    """A replication with these waits and nothing else."""
    us = np.rint(waits_s * 1e6).astype(np.int64)
    values, waits = EMPTY.values.copy(), EMPTY.waits.copy()
    values[0, COLUMNS.index("offered")], values[0, COLUMNS.index("longest_wait_us")] = len(us), us.max(initial=0)
    waits[0] += np.bincount(bins(us), minlength=waits.shape[1])
    return replace(EMPTY, values=values, waits=waits, longest_wait_us=np.array([us.max(initial=0)]))


def two_plans(rng: np.random.Generator) -> tuple[Sums, Sums]:
    """A day of about 300 callers under two plans, busier days with longer waits: those who wait do so exponentially."""
    busy = np.exp(rng.normal(0, 0.1))
    n = rng.poisson(300 * busy)
    u, e = rng.random(n), rng.exponential(size=n)
    first, second = (
        day(np.where(u < share * busy, e * mean_s * busy, 0.0)) for share, mean_s in ((0.4, 40.0), (0.4, 36.0))
    )
    return first, second


def test_coverage() -> None:
    """Of 300 experiments with 30 days each, 95 % hold the value of 6,000 days, give or take three standard errors (3 x
    1.26 %).

    Quantiles are whole seconds, so their intervals may hold it more often.
    """
    rng = np.random.default_rng(11)
    many = [two_plans(rng) for _ in range(6_000)]
    first, second = (measures(total([pair[i] for pair in many])) for i in (0, 1))
    held, differed, widths = (dict.fromkeys(NAMES, 0.0) for _ in range(3))
    for _ in range(300):
        few = [two_plans(rng) for _ in range(30)]
        ours, theirs = [pair[0] for pair in few], [pair[1] for pair in few]
        found, difference = estimate(ours), paired_difference(theirs, ours)
        for name in NAMES:
            half, between = found[name].half_width, difference[name].half_width
            assert half is not None
            assert between is not None
            held[name] += abs(found[name].mean - first[name]) <= half + 1e-9
            differed[name] += abs(difference[name].mean - (second[name] - first[name])) <= between + 1e-9
            widths[name] += half / 300
    for name in NAMES:
        assert held[name] / 300 >= 0.912, (name, held[name])
        assert differed[name] / 300 >= 0.912, (name, differed[name])
    assert held["max_wait_s"] / 300 <= 0.988
    assert widths["wait_p95_s"] < 0.1 * first["wait_p95_s"]  # and are narrow enough to be useful


def test_the_longest_wait_by_hand() -> None:
    """Longest waits of 10, 20 and 60 s: 30 on average, standard deviation 26.4575; t(2) = 4.302653: +- 65.72.

    Under another plan 10 s less each day: the difference is 10 s on every day, without any doubt.
    """
    days = [day(np.array([1.0, longest])) for longest in (10.0, 20.0, 60.0)]
    assert estimate(days)["max_wait_s"] == Estimate(30, pytest.approx(4.302653 * 26.457513 / 3**0.5, rel=1e-6))
    shorter = [day(np.array([0.5, longest - 10])) for longest in (10.5, 20.0, 60.0)]
    assert paired_difference(shorter, days)["max_wait_s"].mean == pytest.approx((0.5 - 10 + 10 - 20 + 50 - 60) / 3)


def test_a_quantile_by_hand() -> None:
    """Two days of ten callers, waits 1..10 s; on the second all but one wait twice as long as that: 2, 4, .. 20 (the
    first 1).

    Of all twenty, half wait at most 7 s (1-7 of the first and 1, 4, 6 of the second: 10 of 20). On day one 7 of 10 are
    within, on day two 3: deviations of the share +- 0.2, standard error 0.2, t(1) = 12.7: the share is not known at
    all, and the half-width none.
    """
    days = [day(np.arange(1.0, 11.0)), day(np.array([1.0, *range(4, 21, 2)]))]
    assert estimate(days)["wait_p50_s"] == Estimate(7, None)
    many = (
        days * 50
    )  # t(99) = 1.984217, standard error 0.2 x sqrt(100 / 99) / 10 = 0.0201008: the share is 0.46 to 0.54
    # Within 6 s are 6 + 3 of 20, 45 %; within 7 s 50 %, within 8 s 8 + 4, 60 %: the quantile lies from 7 to 8 s.
    assert estimate(many)["wait_p50_s"] == Estimate(7, pytest.approx(1))


def test_where_only_one_bin_can_hold_the_quantile_there_is_no_doubt() -> None:
    """Nine of ten callers do not wait at all, whatever the day: half of the callers wait at most 0 s."""
    days = [day(np.array([0.0] * 9 + [longest])) for longest in (5.0, 50.0)] * 3
    assert estimate(days)["wait_p50_s"] == Estimate(0, pytest.approx(0))
    assert paired_difference(days, days)["wait_p50_s"] == Estimate(0, pytest.approx(0))
