"""Busy days: gamma factors for all calls or by intent, correlated, and what they do to arrivals."""

import numpy as np
import pytest

from simulation.sampling.streams import Streams, stratified_uniforms
from simulation.scenario.arrivals import Busyness
from simulation.workload.build_call_table import prepare
from simulation.workload.busy_days import correlations, day_factors
from tests.support.small_scenarios import features

INTENTS = ("buy", "pay", "ask")


def many(of, n=4_000):
    u = stratified_uniforms(n, Streams(1).generator("busyness"))
    return np.array([day_factors(of, INTENTS, 1, Streams(1, r), float(u[r]))[0] for r in range(n)])


def test_one_factor_moves_all_intents():
    factors = many(Busyness(gamma=4), 500)
    assert np.array_equal(factors[:, 0], factors[:, 2])
    assert abs(factors[:, 0].mean() - 1) < 0.001
    assert abs(factors[:, 0].std() - 0.5) < 0.01


def test_intents_have_factors_of_their_own_tied_together():
    # Shapes 25 and 4: standard deviations 0.2 and 0.5. Near-normal gamma factors have nearly the copula's correlation.
    of = Busyness(gamma={"buy": 25, "pay": 4}, correlation={"buy": {"pay": 0.8}})
    factors = many(of)
    assert np.abs(factors[:, :2].mean(axis=0) - 1).max() < 4 * 0.5 / np.sqrt(4_000)
    assert factors[:, :2].std(axis=0) == pytest.approx([0.2, 0.5], rel=0.06)
    assert set(factors[:, 2].tolist()) == {1.0}  # no shape, no factor
    # standard error of a correlation: (1 - 0.8^2) / sqrt(4000) = 0.006; the gamma's skewness takes about 0.01 away
    assert np.corrcoef(factors[:, 0], factors[:, 1])[0, 1] == pytest.approx(0.79, abs=0.03)


def test_perfect_and_no_correlation():
    same = many(Busyness(gamma=9, correlation=1.0), 200)
    assert np.abs(same[:, 0] - same[:, 1]).max() < 1e-6
    apart = many(Busyness(gamma=9, correlation=0.0))
    assert np.abs(np.corrcoef(apart.T)[np.triu_indices(3, 1)]).max() < 4 / np.sqrt(4_000)
    assert correlations(0.5, INTENTS).tolist() == [[1, 0.5, 0.5], [0.5, 1, 0.5], [0.5, 0.5, 1]]


def test_a_busy_intent_brings_more_of_its_callers_and_no_others(tmp_path):
    busy = "arrivals.busyness={gamma: {urgent: 1}, correlation: 0}"
    ready = prepare(features(tmp_path, busy, "arrivals.per_hour=2000"))
    found = []
    for r in range(60):
        callers = ready.draw_callers(Streams(1, r), busy_u=(r + 0.5) / 60)
        found.append(np.bincount(callers.intent, minlength=2))
    help, urgent = np.array(found).T
    # 4,000 calls expected, 3,000 and 1,000: help as Poisson, urgent with a standard deviation of about 1,000
    assert abs(help.mean() - 3_000) < 4 * np.sqrt(3_000 / 60)
    assert help.std() < 2 * np.sqrt(3_000)
    assert abs(urgent.mean() - 1_000) < 100
    assert urgent.std() > 700


def test_days_of_a_long_horizon_differ_by_themselves(tmp_path):
    loaded = features(
        tmp_path,
        "horizon=4d",
        "arrivals.per_hour=400",
        "arrivals.busyness={gamma: 4}",
        "groups.first.agents=3",
        "arrivals.weekdays={thu: 0}",
    )
    ready = prepare(loaded)
    day = np.bincount((ready.draw_callers(Streams(7), busy_u=0.5).arrived_us // 3_600_000_000 + 8) // 24, minlength=5)
    # From Tuesday 8:00: the median of a gamma of mean 1 and shape 4 is 0.918; Thursday is from the 40th to the 64th
    # hour.
    assert abs(day[0] - 6_400 * 0.918) < 4 * np.sqrt(6_400)
    assert len(set(day.tolist())) == 5
    hour = ready.draw_callers(Streams(7), busy_u=0.5).arrived_us // 3_600_000_000
    assert not np.any((hour >= 40) & (hour < 64))
    assert np.any(hour == 39)
    assert np.any(hour == 64)
