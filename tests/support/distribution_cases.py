"""A distribution of each kind, with what textbooks say of it."""

from __future__ import annotations

import math

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
)


def normal_cdf(z):
    return (1 + math.erf(z / math.sqrt(2))) / 2


# kind: (distribution, mean, sd, ((x, F(x)), ...)), each from the textbook formula, not from the code.
CASES = {
    "constant": (Constant(5), 5, 0, ()),
    "uniform": (Uniform(10, 40), 25, 30 / math.sqrt(12), ((10, 0), (20, 1 / 3), (39.7, 0.99))),
    "exponential": (
        Exponential(60),
        60,
        60,
        ((6, 1 - math.exp(-0.1)), (60, 1 - math.exp(-1)), (300, 1 - math.exp(-5))),
    ),
    # Two phases of mean 30: F(x) = 1 - exp(-x/30) (1 + x/30); variance 2 * 30^2.
    "erlang": (
        Erlang(mean=60, phases=2),
        60,
        30 * math.sqrt(2),
        ((30, 1 - 2 * math.exp(-1)), (120, 1 - 5 * math.exp(-4))),
    ),
    # alpha 1/2, mean 1 is the square of a standard normal: F(x) = 2 Phi(sqrt x) - 1; variance 2.
    "gamma": (Gamma(mean=1, alpha=0.5), 1, math.sqrt(2), ((1, 2 * normal_cdf(1) - 1), (4, 2 * normal_cdf(2) - 1))),
    # cv 1: sigma^2 = ln 2, median = mean / sqrt 2; one sigma up is median * exp(sigma).
    "lognormal": (
        Lognormal(mean=240, cv=1),
        240,
        240,
        ((240 / math.sqrt(2), 0.5), (240 / math.sqrt(2) * math.exp(math.sqrt(math.log(2))), normal_cdf(1))),
    ),
    # shape 1/2, mean 60: scale 30 (Gamma(3) = 2), F(x) = 1 - exp(-sqrt(x/30)); E[X^2] = 30^2 Gamma(5) = 21600.
    "weibull": (
        Weibull(mean=60, shape=0.5),
        60,
        math.sqrt(21_600 - 3_600),
        ((30, 1 - math.exp(-1)), (120, 1 - math.exp(-2))),
    ),
    # mean 0.75 * 60 + 0.25 * 600 = 195; E[X^2] = 2 (0.75 * 60^2 + 0.25 * 600^2) = 185400.
    "hyperexponential": (
        Hyperexponential((60, 600), (0.75, 0.25)),
        195,
        math.sqrt(185_400 - 195**2),
        ((60, 1 - 0.75 * math.exp(-1) - 0.25 * math.exp(-0.1)), (600, 1 - 0.75 * math.exp(-10) - 0.25 * math.exp(-1))),
    ),
    # E[X^2] = 0.9 * 2 * 1000^2.
    "with_zero": (
        WithZero(0.1, Exponential(1_000)),
        900,
        math.sqrt(1.8e6 - 0.81e6),
        ((0, 0.1), (1_000, 0.1 + 0.9 * (1 - math.exp(-1)))),
    ),
    "empirical": (Empirical((30, 10, 20, 20)), 20, math.sqrt(50), ((10, 0.25), (20, 0.75))),
    # F(120) = (120 - 60) / (300 - 60), the share below the mode; above it 1 - (300 - x)^2 / (240 * 180).
    # Variance (a^2 + b^2 + c^2 - ab - ac - bc) / 18 = (3600 + 14400 + 90000 - 7200 - 18000 - 36000) / 18 = 2600.
    "triangular": (
        Triangular(low=60, mode=120, high=300),
        160,
        math.sqrt(2_600),
        ((90, 900 / 14_400), (120, 0.25), (180, 1 - 14_400 / 43_200)),
    ),
    # Half of them 60, the others between 0 and 600: mean 30 + 150; E[X^2] = 0.5 * 3600 + 0.5 * 600^2 / 3 = 61800.
    "mixture": (
        Mixture((Constant(60), Uniform(0, 600)), (0.5, 0.5)),
        180,
        math.sqrt(61_800 - 180**2),
        ((30, 0.025), (60, 0.55), (300, 0.75)),
    ),
}
