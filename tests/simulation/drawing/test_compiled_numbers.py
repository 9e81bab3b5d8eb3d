"""The compiled generator, functions and distributions against the readable ones: equal in every bit."""

from __future__ import annotations

import statistics

import numpy as np
import pytest
from numba import njit

from simulation.drawing import elementary as compiled
from simulation.drawing.laws import KINDS, Laws
from simulation.drawing.philox import philox, uniform
from simulation.drawing.quantiles import drawn, whole_us
from simulation.sampling import elementary, normal
from simulation.sampling.distributions import Capped, Distribution, Erlang, Exponential, Gamma, kinds
from simulation.sampling.gamma_table import gamma_draw
from simulation.sampling.streams import Streams
from simulation.tables.columns import microseconds
from tests.support.distribution_cases import CASES

UNIT = 2.0**-53


def shares() -> np.ndarray:
    """Uniforms of every size: common ones, and those next to 0, 1/2, 1 and where the normal quantile changes method."""
    rng = np.random.default_rng(1)
    near = rng.integers(0, 2**40, 2_000) >> rng.integers(0, 40, 2_000)
    ends = np.concatenate([near, 2**53 - 1 - near, 2**52 + near, 2**52 - near])
    edges = np.array([0.075, 0.925, np.exp(-25)]) / UNIT
    around = (edges.astype(np.int64)[:, None] + np.arange(-50, 50)).ravel()
    return np.concatenate([rng.random(50_000), np.concatenate([ends, around]) * UNIT])


@njit
def four(number, draw, place, k0, k1):
    a, b, c, d = philox(number, draw, place, k0, k1)
    return uniform(a), uniform(b), uniform(c), uniform(d)


def test_the_generator() -> None:
    streams = Streams(3, 5)
    k0, k1 = map(np.uint64, streams.key("visit"))
    for number in (0, 1, 12_345, 2**40, 2**63 - 2**32 + 9):
        for draw, place in ((0, 0), (7, 0), (0, 2**32 + 19), (499, 49 * 2**32)):
            found = four(np.uint64(number), np.uint64(draw), np.uint64(place), k0, k1)
            assert list(found) == streams.uniforms("visit", np.array([number]), draw=draw, place=place)[0].tolist()


@njit
def each(function, values):
    return np.array([function(value) for value in values])


@pytest.mark.parametrize(
    ("ours", "theirs", "at"),
    [
        (compiled.log, elementary.log, np.concatenate([[0.0], 1 - shares(), 10.0 ** np.arange(-300, 300)])),
        (compiled.exp, elementary.exp, np.concatenate([np.linspace(-750, 750, 100_001), [-np.inf, np.inf]])),
        (compiled.normal_quantile, normal.normal_quantile, shares()),
    ],
    ids=["log", "exp", "normal quantile"],
)
def test_the_functions(ours, theirs, at) -> None:
    assert np.array_equal(each(ours, at), theirs(at))


def test_the_functions_are_right() -> None:
    # Against long doubles of the C library, in units in the last place; and the library's own AS 241.
    x = np.exp(np.random.default_rng(2).uniform(-700, 700, 100_000))
    logs = elementary.log(x)
    assert np.max(np.abs(logs - np.log(x.astype(np.longdouble))) / np.spacing(np.abs(logs))) < 1
    at = np.random.default_rng(3).uniform(-700, 700, 100_000)
    powers = elementary.exp(at)
    assert np.max(np.abs(powers - np.exp(at.astype(np.longdouble))) / np.spacing(powers)) < 1.5
    u = shares()
    u = u[(u > 0) & (u != 0.5)]
    library = np.array([statistics.NormalDist().inv_cdf(one) for one in u])
    # near the median, u - 1/2 is exact and small, and so is the quantile
    assert np.max(np.abs(normal.normal_quantile(u) / library - 1)) < 2e-15


@pytest.mark.parametrize("alpha", [1e-4, 0.05, 0.5, 1, 1.5, 28.7, 1e4])
def test_the_table_of_gamma_quantiles_is_right(alpha: float) -> None:
    from scipy.special import gammainccinv, gammaincinv

    u = shares()
    u = u[u > 0]
    true = np.where(u < 0.5, gammaincinv(alpha, u), gammainccinv(alpha, 1 - u))
    of_size = true > 1e-250
    assert np.max(np.abs(gamma_draw(alpha, u)[of_size] / true[of_size] - 1)) < 1e-8


@njit
def times(laws, values, law, u):
    return np.array([drawn(laws, values, law, one) for one in u])


@njit
def rounded(values):
    return np.array([whole_us(value) for value in values])


OTHERS = {"capped": Capped(Exponential(60), 45.0), "large erlang": Erlang(60, 999_999), "small gamma": Gamma(1, 1e-4)}


@pytest.mark.parametrize("kind", [*sorted(CASES), *OTHERS])
def test_the_distributions(kind: str) -> None:
    of = OTHERS[kind] if kind in OTHERS else CASES[kind][0]
    made = Laws()
    law = made.number(of)
    u = shares()
    ours = times(made.records(), made.values(), law, u)
    assert np.array_equal(ours, of.draw(u))
    assert np.array_equal(rounded(ours), microseconds(of.draw(u)))


@pytest.mark.parametrize("kind", sorted(CASES))
def test_what_callers_are_given_follows_the_law(kind: str) -> None:
    """Mean within 4 standard errors, and every stated F(x) within 4 binomial standard errors."""
    of, mean, sd, points = CASES[kind]
    n = 200_000
    given = of.draw(Streams(12).generator(kind).random(n))
    assert abs(given.mean() - mean) <= 4 * sd / np.sqrt(n) + 1e-9
    for x, share in points:
        assert abs((given <= x).mean() - share) <= 4 * np.sqrt(share * (1 - share) / n) + 1e-9


def test_every_distribution_that_a_scenario_may_state_is_compiled() -> None:
    assert set(kinds().values()) <= {*KINDS, Erlang}


def test_times_beyond_all_others_never_come() -> None:
    never = np.array([np.inf, 5e12, 4.7e12, 4.6e12, 0.5e-6, 1.5e-6])
    assert rounded(never).tolist() == microseconds(never).tolist() == [2**62, 2**62, 2**62, 4_600_000 * 10**12, 0, 2]


class _Unknown(Distribution):
    kind, stated, mean = "unknown", False, 1.0

    def quantile(self, u):
        return np.asarray(u)

    def cdf(self, x):
        return np.minimum(x, 1)


def test_a_kind_without_compiled_code_is_told() -> None:
    with pytest.raises(KeyError):
        Laws().number(_Unknown())
