"""Intervals of 95 % hold the truth in 93 to 97 % of 500 logs."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping

import numpy as np
import pytest

from simulation.calibration.arrivals import busyness, correlation
from simulation.calibration.estimated import Estimated, mean_of, share_of
from simulation.calibration.likelihood import Fit, Times, fit

LOGS = 500
Log = Callable[[np.random.Generator], Mapping[str, Estimated]]


def fitted(found: Fit | None) -> Fit:
    assert found is not None
    return found


def patience_70_censored(g: np.random.Generator) -> Mapping[str, Estimated]:
    """Patience of mean 420 s against offered waits of mean 180 s: 180 / (180 + 420) = 30 % give up."""
    patience, offered = g.exponential(420, 600), g.exponential(180, 600)
    times = Times.of(patience[patience < offered], offered[patience >= offered])
    return {"mean": fitted(fit("exponential", times)).mean}


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


def correlated_types(g: np.random.Generator) -> Mapping[str, Estimated]:
    """Normal copula of correlation 0.6; the gamma factors of shape 25 have 0.597."""
    from scipy.stats import gamma, norm

    factors = gamma.ppf(norm.cdf(g.multivariate_normal([0, 0], [[1, 0.6], [0.6, 1]], size=84)), 25) / 25
    one, other = g.poisson(500 * factors[:, 0]).astype(float), g.poisson(400 * factors[:, 1]).astype(float)
    found = correlation(one, np.full(84, one.mean()), other, np.full(84, other.mean()), 1)
    return {"correlation": found} if found else {}


def menu_shares(g: np.random.Generator) -> Mapping[str, Estimated]:
    return {"wrong": share_of(int(g.binomial(400, 0.07)), 400)}


def pauses(g: np.random.Generator) -> Mapping[str, Estimated]:
    """8 s of work after each call, 75 s of pause after a quarter; calls show the end where they come before it."""
    ready = np.where(g.random(600) < 0.25, g.exponential(75, 600), g.exponential(8, 600))
    call = g.exponential(30, 600)
    waits = call < ready
    found = fitted(fit("hyperexponential", Times.of(ready[waits], None, (np.zeros((~waits).sum()), call[~waits]))))
    return {"mean": found.mean, "work": found.values["short"], "pause": found.values["long"]} | {
        "share": found.values["share_long"]
    }


TRUTH: dict[Log, dict[str, float]] = {
    patience_70_censored: {"mean": 420.0},
    weibull_patience: {"mean": 300.0, "shape": 0.8},
    talk: {"mean": 200.0, "cv": 1.0},
    gamma_days: {"gamma": 25.0},
    correlated_types: {"correlation": 0.597},
    menu_shares: {"wrong": 0.07},
    pauses: {"mean": 24.75, "work": 8.0, "pause": 75.0, "share": 0.25},
}


@pytest.mark.parametrize("log", TRUTH, ids=lambda log: log.__name__)
def test_intervals_hold_the_truth_as_often_as_they_say(log: Log) -> None:
    truth = TRUTH[log]
    held = dict.fromkeys(truth, 0)
    for number in range(LOGS):
        found = log(np.random.default_rng([7, number]))
        for name, value in truth.items():
            held[name] += found[name].covers(value)
    assert {name: 0.93 <= count / LOGS <= 0.97 for name, count in held.items()} == dict.fromkeys(truth, True), held
