"""Every distribution against its own theory: mean, distribution function, and sampling."""

import math

import numpy as np
import pytest

from flows.source.finding import ScenarioError
from simulation.sampling.distributions import (
    Constant,
    Empirical,
    Erlang,
    Exponential,
    Gamma,
    Hyperexponential,
    Lognormal,
    Mixture,
    Triangular,
    Uniform,
    Weibull,
    WithZero,
    kinds,
)
from simulation.sampling.streams import Streams
from tests.support.distribution_cases import CASES

CONTINUOUS = sorted(set(CASES) - {"constant", "empirical", "mixture"})


def test_every_distribution_has_its_case():
    assert sorted([*kinds(), "mixture"]) == sorted(CASES)  # a mixture is stated as a list


@pytest.mark.parametrize("kind", sorted(CASES))
def test_mean(kind):
    distribution, mean, _, _ = CASES[kind]
    assert distribution.mean == pytest.approx(mean, rel=1e-12)


@pytest.mark.parametrize("kind", CONTINUOUS)
def test_quantile_inverts_the_distribution_function(kind):
    distribution, _, _, points = CASES[kind]
    for x, share in points:
        assert distribution.quantile(np.array([share]))[0] == pytest.approx(x, rel=1e-9, abs=1e-9)


@pytest.mark.parametrize("kind", sorted(CASES))
def test_distribution_function(kind):
    distribution, _, _, points = CASES[kind]
    for x, share in points:
        assert float(distribution.cdf(x)) == pytest.approx(share, rel=1e-9, abs=1e-12)


def test_mean_of_the_smaller_of_a_triangular_time_and_a_limit():
    # Below the mode x - (x - 60)^3 / (3 * 240 * 60), above it 160 - (300 - x)^3 / (3 * 240 * 180).
    found = Triangular(60, 120, 300).mean_up_to(np.array([30.0, 90.0, 180.0, 400.0]))
    assert found.tolist() == pytest.approx([30, 90 - 27_000 / 43_200, 160 - 1_728_000 / 129_600, 160])


def test_a_mixture_is_drawn_part_by_part():
    # The first half of all uniforms is the constant; 0.75 is the middle of the other half, so 300 of 0 to 600.
    half = Mixture((Constant(60), Uniform(0, 600)), (0.5, 0.5))
    assert half.draw(np.array([0, 0.49, 0.5, 0.75])).tolist() == [60, 60, 0, 300]
    # In order of size: 10 % are below 60 (uniform / 2), then comes the jump at 60 up to 0.55.
    assert half.quantile(np.array([0.025, 0.05, 0.3, 0.55, 0.75])).tolist() == pytest.approx([30, 60, 60, 60, 300])
    # All in order: the same values, other callers.
    u = (np.arange(2_000) + 0.5) / 2_000
    many = Mixture((half, Gamma(100, 2), Empirical((10, 20))), (0.5, 0.25, 0.25))
    assert np.sort(many.draw(u)) == pytest.approx(many.quantile(u), rel=0.02, abs=0.5)
    assert Mixture((Constant(1), Constant(2)), (0, 1)).draw(np.array([0.0, 0.9])).tolist() == [2, 2]


def test_quantile_of_steps():
    # F jumps to 1/4 at 10, to 3/4 at 20, to 1 at 30.
    assert Empirical((30, 10, 20, 20)).quantile(np.array([0, 0.2499, 0.25, 0.7499, 0.75, 0.9999])).tolist() == [
        10,
        10,
        20,
        20,
        30,
        30,
    ]
    assert Constant(5).quantile(np.zeros(2)).tolist() == [5, 5]
    assert WithZero(1, Exponential(1)).quantile(np.array([0, 0.5])).tolist() == [0, 0]


@pytest.mark.parametrize("kind", sorted(CASES))
@pytest.mark.parametrize("how", ["sample", "quantile"])
def test_draws_follow_the_law(kind, how):
    """Mean within 4 standard errors, and every stated F(x) within 4 binomial standard errors."""
    distribution, mean, sd, points = CASES[kind]
    n = 200_000
    generator = Streams(seed=11).generator(f"{kind}/{how}")
    draws = distribution.sample(generator, n) if how == "sample" else distribution.quantile(generator.random(n))
    assert draws.dtype == np.float64
    assert draws.shape == (n,)
    assert draws.min() >= 0
    assert abs(draws.mean() - mean) <= 4 * sd / math.sqrt(n) + 1e-9
    for x, share in points:
        assert abs((draws <= x).mean() - share) <= 4 * math.sqrt(share * (1 - share) / n) + 1e-9


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Exponential(-3), "exponential: mean is -3; it must be a number above 0"),
        (lambda: Exponential(math.inf), "exponential: mean is inf"),
        (lambda: Lognormal(mean=240, cv=0), "lognormal: cv is 0; it must be a number above 0"),
        (lambda: Lognormal.from_sd(mean=0, sd=1), "lognormal: mean is 0"),
        (lambda: Gamma(mean=1, alpha=math.nan), "gamma: alpha is nan"),
        (lambda: Uniform(5, 4), r"uniform: high is 4; it must be at least low \(5\)"),
        (lambda: Uniform(-1, 4), "uniform: low is -1; it must be 0 or more"),
        (lambda: Constant(-1), "constant: value is -1; it must be 0 or more"),
        (lambda: Erlang(mean=60, phases=1.5), "erlang: phases is 1.5; it must be a whole number from 1"),
        (lambda: Weibull(mean=60, shape=0), "weibull: shape is 0"),
        (
            lambda: Hyperexponential((1, 2), (0.5, 0.4)),
            r"hyperexponential: shares is \(0.5, 0.4\); it must be one for each mean",
        ),
        (lambda: Hyperexponential((1, 0), (0.5, 0.5)), "hyperexponential: means is"),
        (lambda: WithZero(1.1, Exponential(1)), "with_zero: share_zero is 1.1; it must be between 0 and 1"),
        (lambda: Triangular(60, 30, 90), r"triangular: mode is 30; it must be at least low \(60\)"),
        (lambda: Triangular(60, 90, 80), r"triangular: high is 80; it must be at least mode \(90\)"),
        (lambda: Mixture((), ()), r"mixture: parts is \(\); it must be at least one distribution"),
        (lambda: Mixture((Constant(1),), (0.5,)), r"mixture: shares is \(0.5,\); it must be one for each part"),
        (lambda: Empirical(()), r"empirical: values is \(\); it must be at least one value"),
    ],
)
def test_impossible_parameters_are_findings(make, message):
    with pytest.raises(ScenarioError, match=message) as error:
        make()
    assert error.value.findings[0].severity == "error"


def test_same_uniforms_give_the_same_caller_at_another_mean():
    # Common random numbers: twice the mean is twice each value.
    a = Exponential(60).sample(Streams(seed=1).generator("patience"), 100)
    b = Exponential(120).sample(Streams(seed=1).generator("patience"), 100)
    assert (b / a).tolist() == pytest.approx([2] * 100)
