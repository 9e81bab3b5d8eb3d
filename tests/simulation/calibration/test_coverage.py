"""Intervals of 95 % hold the truth in 93 to 97 % of logs, as far as the number of logs can tell.

``IVR_LOGS=500 python -m pytest tests/simulation/calibration/test_coverage.py`` asks for 93 to 97 % of 500 logs itself.
"""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from ivr.records.tables import Records, empty_table
from simulation.calibration.agents import Answers
from simulation.calibration.arrivals import busyness, correlation, estimate_arrivals, interval_correlation
from simulation.calibration.duty import Beside, seen_ready, stretches_of
from simulation.calibration.estimated import Estimated, mean_of
from simulation.calibration.likelihood import Fit, Times, fit
from simulation.calibration.menu_behaviour import estimate_nodes
from simulation.calibration.patience import estimate_patience
from simulation.calibration.pauses import estimate_pauses
from simulation.calibration.waiting_times import Spans

LOGS = int(os.environ.get("IVR_LOGS", "100"))
S = 1_000_000
Log = Callable[[np.random.Generator], Mapping[str, Estimated]]


def fitted(found: Fit | None) -> Fit:
    assert found is not None
    return found


def patience_70_censored(g: np.random.Generator) -> Mapping[str, Estimated]:
    """Patience of mean 420 s against offered waits of mean 180 s: 180 / (180 + 420) = 30 % give up."""
    patience, offered = g.exponential(420, 600), g.exponential(180, 600)
    found = estimate_patience(np.minimum(patience, offered), patience < offered)
    assert found is not None
    return {"mean": found.mean}


def weibull_patience(g: np.random.Generator) -> Mapping[str, Estimated]:
    patience = 300 / math.gamma(1 + 1 / 0.8) * g.weibull(0.8, 600)
    offered = g.exponential(110, 600)
    found = fitted(fit("weibull", Times.of(patience[patience < offered], offered[patience >= offered])))
    return {"mean": found.mean, "shape": found.values["shape"]}


def talk(g: np.random.Generator) -> Mapping[str, Estimated]:
    """Lognormal, mean 200 s, cv 1: sigma^2 = ln 2."""
    times = g.lognormal(math.log(200) - math.log(2) / 2, math.sqrt(math.log(2)), 400)
    mean = mean_of(float(times.sum()), float((times**2).sum()), len(times))
    return {"mean": mean, "cv": fitted(fit("lognormal", Times.of(np.round(times)))).values["cv"]}


def gamma_days(g: np.random.Generator) -> Mapping[str, Estimated]:
    """Six weeks, each day of the week with its own mean, which is estimated too."""
    expected = np.tile([1000.0, 900, 950, 1000, 800, 300, 250], 6)
    calls = g.poisson(expected * g.gamma(25, size=42) / 25).astype(float)
    means = np.array([calls[w::7].mean() for w in range(7)])
    found = busyness(calls, np.tile(means, 6), 7)
    return {"gamma": found} if found else {}


WEEK: Mapping[str, float] = {"mon": 1000.0, "tue": 940.0, "wed": 1010.0, "thu": 1060.0, "fri": 990.0}


def weekday_levels(g: np.random.Generator) -> Mapping[str, Estimated]:
    """Two weeks of five days with one profile, whose totals differ by 11 % from those of their weekday."""
    day = np.arange(14) % 7
    level = np.array([*WEEK.values(), 0.0, 0.0])[day] * g.gamma(80, size=14) / 80
    counts = g.poisson(np.outer(level, (0.1, 0.3, 0.4, 0.2))).astype(float)
    return dict(zip(WEEK, estimate_arrivals(counts, day, np.ones(14, dtype=bool)).level, strict=False))


def correlated_types(g: np.random.Generator) -> Mapping[str, Estimated]:
    """Normal copula of correlation 0.6; the gamma factors of shape 25 have 0.597."""
    from scipy.stats import gamma, norm

    factors = gamma.ppf(norm.cdf(g.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=84)), 25) / 25
    one, other = g.poisson(500 * factors[:, 0]).astype(float), g.poisson(400 * factors[:, 1]).astype(float)
    found = correlation(one, np.full(84, one.mean()), other, np.full(84, other.mean()), 1)
    return {"correlation": found} if found else {}


def correlated_intervals(g: np.random.Generator) -> Mapping[str, Estimated]:
    """Two halves of 84 days; their lognormal factors have (e^0.02 - 1) / (e^0.04 - 1) = 0.495."""
    factor = np.exp(0.2 * g.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], size=84))
    counts = g.poisson(100 * np.repeat(factor, 4, axis=1)).astype(float)
    return {"correlation": interval_correlation(counts, np.tile(counts.mean(axis=0), (84, 1)), 1, blocks=2)[1, 0]}


OUTCOMES = {"1": 0.62, "0": 0.13, "wrong": 0.07, "no_input": 0.11, "hung_up": 0.07}


def menu_behaviour(g: np.random.Generator) -> Mapping[str, Estimated]:
    """400 visits to a menu: keys, zero-out, wrong key, silence, hanging up; 9 s to the key on average, gamma."""
    calls, steps = empty_table("calls", 400), empty_table("steps", 400)
    calls["call_id"] = steps["call_id"] = np.arange(400)
    calls["menu_us"] = (g.gamma(4, 9 / 4, 400) * S).astype(np.int64)
    steps["outcome"] = g.choice(len(OUTCOMES), 400, p=list(OUTCOMES.values())).astype(np.int32)
    names = {"node": ("main",), "step_outcome": tuple(OUTCOMES)}
    found = estimate_nodes(Records(calls, empty_table("visits"), steps, empty_table("agents"), names))["main"]
    return {**found.shares, "time to key": found.seconds}


def pauses(g: np.random.Generator) -> Mapping[str, Estimated]:
    """An agent works 8 s after each call and pauses 75 s after a quarter; the next call comes after 30 s. Where the
    call comes first, it waits and shows when they are ready; else they were ready when it came. All to the second.
    """
    ready = np.where(g.random(600) < 0.25, g.exponential(75, 600), g.exponential(8, 600))
    call, talk = g.exponential(30, 600), np.round(g.exponential(200, 600))
    at = np.round(np.append(0.0, np.cumsum(talk + np.maximum(call, ready)))) * S
    wait = np.round(np.append(0.0, np.maximum(ready - call, 0.0))) * S
    agent = np.zeros(601, np.int64)
    told = Answers(agent, agent, at.astype(np.int64), (at + np.append(talk, 60) * S).astype(np.int64), wait.astype(int))
    waited = wait > 1.5 * S
    waiting = Spans.union((at - wait)[waited].astype(int), at[waited].astype(int))
    alone = stretches_of(told, waiting)
    found = estimate_pauses([seen_ready(alone, Beside.of([alone], unit_us=S), waiting, unit_us=S)])
    assert found is not None
    two = next(one for one in found.fits if one.family == "hyperexponential")
    return {"mean": found.mean} | {name: two.values[name] for name in ("short", "long", "share_long")}


TRUTH: dict[Log, dict[str, float]] = {
    patience_70_censored: {"mean": 420.0},
    weibull_patience: {"mean": 300.0, "shape": 0.8},
    talk: {"mean": 200.0, "cv": 1.0},
    gamma_days: {"gamma": 25.0},
    weekday_levels: {day: WEEK[day] for day in ("tue", "thu")},  # the quietest and the busiest
    correlated_types: {"correlation": 0.597},
    correlated_intervals: {"correlation": 0.495},
    menu_behaviour: {**OUTCOMES, "time to key": 9.0},
    pauses: {"mean": 24.75, "short": 8.0, "long": 75.0, "share_long": 0.25},
}


@pytest.mark.parametrize("log", TRUTH, ids=lambda log: log.__name__)
def test_intervals_hold_the_truth_as_often_as_they_say(log: Log) -> None:
    from scipy.stats import binom

    truth = TRUTH[log]
    held = dict.fromkeys(truth, 0)
    for number in range(LOGS):
        found = log(np.random.default_rng([7, number]))
        for name, value in truth.items():
            held[name] += found[name].covers(value)
    low, high = (0.93 * LOGS, 0.97 * LOGS) if LOGS >= 500 else binom.ppf((0.005, 0.995), LOGS, (0.93, 0.97))
    assert {name: bool(low <= count <= high) for name, count in held.items()} == dict.fromkeys(truth, True), held


def test_two_weeks_tell_weekdays_better_when_drawn_toward_each_other() -> None:
    """The mean of two such days is off by 1000 sqrt((1/80 + 1/1000) / 2) = 82; the weekdays differ by 43.

    Of the distance from their common mean the best to keep is 43^2 / (43^2 + 82^2) = 0.22, which leaves an error of
    sqrt(82^2 / 5 + 0.8 * 0.22 * 82^2) = 50, if all were known. With what two weeks tell of it, 65 is allowed.
    """
    wanted = np.array(list(WEEK.values()))
    drawn, own = [], []
    for number in range(LOGS):
        found = weekday_levels(np.random.default_rng([7, number]))
        drawn.append(np.array([one.value for one in found.values()][:5]) - wanted)
        own.append(np.array([(one.low + one.high) / 2 for one in found.values()][:5]) - wanted)
    assert 75 < math.sqrt(float(np.square(own).mean())) < 90
    assert math.sqrt(float(np.square(drawn).mean())) < 65
