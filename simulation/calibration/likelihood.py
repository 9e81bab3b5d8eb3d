"""Fits families of distributions by maximum likelihood to times of which some are known only to lie between bounds.

A time may be exact, censored on the right (a caller who was answered would have waited longer), or between two bounds
(an agent was ready again at some time between two moments). Intervals come from the observed information and the delta
method, on the scale of logarithms. Klein and Moeschberger (2003), "Survival Analysis", sections 3.5 and 12.1.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from flows.source.finding import IvrError
from simulation.arrays import Floats
from simulation.calibration.estimated import Estimated, z_of
from simulation.sampling.distributions import Distribution, Exponential, Gamma, Hyperexponential, Lognormal, Weibull

__all__ = ["FAMILIES", "Family", "Fit", "Times", "best_fit", "fit"]

_TINY = 1e-300
_FARTHEST = 300.0
_SUPPORTED = 4.0


@dataclass(frozen=True)
class Times:
    """Observed times, seconds, each with how often it was observed.

    Parameters
    ----------
    exact, exact_weight : numpy.ndarray
        f8[n]. Times that are known.
    right, right_weight : numpy.ndarray
        f8[n]. Times that are known to be longer than this.
    low, high, between_weight : numpy.ndarray
        f8[n]. Times that are known to lie between two bounds.
    above : float
        Only times above this could be observed (truncation); 0 for all.
    entered, entered_weight : numpy.ndarray
        f8[n]. The same for some of the exact and the longer times: each counts only because it is above one of these.
    """

    exact: Floats
    exact_weight: Floats
    right: Floats
    right_weight: Floats
    low: Floats
    high: Floats
    between_weight: Floats
    above: float = 0.0
    entered: Floats = field(default_factory=lambda: np.zeros(0))
    entered_weight: Floats = field(default_factory=lambda: np.zeros(0))

    @classmethod
    def of(
        cls,
        exact: Floats,
        right: Floats | None = None,
        between: tuple[Floats, Floats] | None = None,
        *,
        above: float = 0.0,
        entered: Floats | None = None,
    ) -> Times:
        """Gather times, equal ones together. Times of 0 count as a quarter of a second, which whole seconds hide."""
        none = np.zeros(0)
        known, known_weight = np.unique(np.maximum(exact, 0.25), return_counts=True)
        later, later_weight = np.unique(right if right is not None else none, return_counts=True)
        pairs = np.stack(between, axis=1) if between is not None and len(between[0]) else np.zeros((0, 2))
        bounds, weight = np.unique(pairs, axis=0, return_counts=True)
        begin, begin_weight = np.unique(entered if entered is not None else none, return_counts=True)
        return cls(
            known, known_weight.astype(float), later, later_weight.astype(float), bounds[:, 0], bounds[:, 1],
            weight.astype(float), above, begin, begin_weight.astype(float),
        )  # fmt: skip

    @property
    def count(self) -> int:
        """Number of observations."""
        return int(self.exact_weight.sum() + self.right_weight.sum() + self.between_weight.sum())

    @property
    def rough_mean(self) -> float:
        """Exposure by event: where a search may begin."""
        events = self.exact_weight.sum() + self.between_weight.sum()
        exposure = self.exact @ self.exact_weight + self.right @ self.right_weight - self.entered @ self.entered_weight
        exposure += np.minimum((self.low + np.minimum(self.high, 1e6)) / 2, self.low + 600) @ self.between_weight
        return float(max(exposure / max(events, 1.0) - self.above, 0.5))


@dataclass(frozen=True)
class Family:
    """A family of distributions, with parameters on a scale without bounds.

    Parameters
    ----------
    name : str
    start : callable
        Parameters to begin with, from a rough mean.
    log_density, survival : callable
        Of times, given parameters.
    made : callable
        The distribution as scenarios state it.
    shapes : dict of str to callable
        What is reported besides the mean, as positive functions of the parameters.
    """

    name: str
    start: Callable[[float], list[float]]
    log_density: Callable[[Floats, Floats], Floats]
    survival: Callable[[Floats, Floats], Floats]
    made: Callable[[Floats], Distribution]
    shapes: dict[str, Callable[[Floats], float]]


@dataclass(frozen=True)
class Fit:
    """A fitted family.

    Parameters
    ----------
    family : str
    distribution : Distribution
    aic : float
        Akaike's criterion: the smallest is best.
    values : dict of str to Estimated
        The mean and the shapes, with intervals.
    count : int
        Observations.
    parameters : int
        That were fitted.
    """

    family: str
    distribution: Distribution
    aic: float
    values: dict[str, Estimated]
    count: int
    parameters: int = 0

    @property
    def mean(self) -> Estimated:
        """The mean, seconds."""
        return self.values["mean"]


def _normal() -> tuple[Callable[[Floats], Floats], Callable[[Floats], Floats]]:
    from scipy.special import log_ndtr, ndtr

    return lambda x: np.asarray(ndtr(x)), lambda x: np.asarray(log_ndtr(x))


def _lognormal_density(x: Floats, p: Floats) -> Floats:
    sigma = math.exp(p[1])
    score = (np.log(x) - p[0]) / sigma
    return np.asarray(-0.5 * score**2 - np.log(x) - p[1] - 0.5 * math.log(2 * math.pi))


def _lognormal_survival(x: Floats, p: Floats) -> Floats:
    return _normal()[0](-(np.log(np.maximum(x, _TINY)) - p[0]) / math.exp(p[1]))


def _gamma_density(x: Floats, p: Floats) -> Floats:
    shape, scale = math.exp(p[1]), math.exp(p[0] - p[1])
    return np.asarray((shape - 1) * np.log(x) - x / scale - math.lgamma(shape) - shape * math.log(scale))


def _gamma_survival(x: Floats, p: Floats) -> Floats:
    from scipy.special import gammaincc

    return np.asarray(gammaincc(math.exp(p[1]), x / math.exp(p[0] - p[1])))


_IMPOSSIBLE = 1e15  # the loss of parameters that no data can have


def _weibull_scale(p: Floats) -> float:
    return math.exp(p[0] - math.lgamma(1 + math.exp(-p[1])))


def _weibull_density(x: Floats, p: Floats) -> Floats:
    shape, scale = math.exp(p[1]), _weibull_scale(p)
    ratio = x / scale
    return np.asarray(p[1] - math.log(scale) + (shape - 1) * np.log(ratio) - ratio**shape)


def _weibull_survival(x: Floats, p: Floats) -> Floats:
    return np.asarray(np.exp(-((x / _weibull_scale(p)) ** math.exp(p[1]))))


def _shares(p: Floats) -> tuple[float, float, float]:
    """Share and means of two exponentials; the second is the longer by construction."""
    share = 1 / (1 + math.exp(-p[2]))
    return share, math.exp(p[0]), math.exp(p[0]) * (1 + math.exp(p[1]))


def _two_density(x: Floats, p: Floats) -> Floats:
    share, short, long = _shares(p)
    return np.asarray(
        np.log(np.maximum((1 - share) / short * np.exp(-x / short) + share / long * np.exp(-x / long), _TINY))
    )


def _two_survival(x: Floats, p: Floats) -> Floats:
    share, short, long = _shares(p)
    return np.asarray((1 - share) * np.exp(-x / short) + share * np.exp(-x / long))


def _two(p: Floats) -> Distribution:
    share, short, long = _shares(p)
    return Hyperexponential((short, long), (1 - share, share))


def _lognormal(p: Floats) -> Distribution:
    sigma = min(math.exp(p[1]), 3.0)
    return Lognormal(math.exp(p[0] + sigma**2 / 2), math.sqrt(math.expm1(sigma**2)))


FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family(
            "exponential",
            lambda mean: [math.log(mean)],
            lambda x, p: np.asarray(-p[0] - x / math.exp(p[0])),
            lambda x, p: np.asarray(np.exp(-x / math.exp(p[0]))),
            lambda p: Exponential(math.exp(p[0])),
            {},
        ),
        Family(
            "lognormal",
            lambda mean: [math.log(mean) - 0.3, -0.2],
            _lognormal_density,
            _lognormal_survival,
            _lognormal,
            {"cv": lambda p: math.sqrt(math.expm1(min(math.exp(p[1]), 3.0) ** 2))},
        ),
        Family(
            "gamma",
            lambda mean: [math.log(mean), 0.0],
            _gamma_density,
            _gamma_survival,
            lambda p: Gamma(math.exp(p[0]), math.exp(p[1])),
            {"alpha": lambda p: math.exp(p[1])},
        ),
        Family(
            "weibull",
            lambda mean: [math.log(mean), 0.0],
            _weibull_density,
            _weibull_survival,
            lambda p: Weibull(math.exp(p[0]), min(max(math.exp(p[1]), 0.1), 1000)),
            {"shape": lambda p: math.exp(p[1])},
        ),
        Family(
            "hyperexponential",
            lambda mean: [math.log(mean / 5), 2.0, 0.0],
            _two_density,
            _two_survival,
            _two,
            {
                "short": lambda p: _shares(p)[1],
                "long": lambda p: _shares(p)[2],
                "share_long": lambda p: _shares(p)[0],
            },
        ),
    )
}


def fit(name: str, times: Times, *, confidence: float = 0.95) -> Fit | None:
    """Fit a family; None when the data cannot tell its parameters.

    Parameters
    ----------
    name : str
        One of FAMILIES.
    times : Times
    confidence : float

    Examples
    --------
    Ten abandon after 60 s each, ten are answered after 60 s: ten events in 1,200 s of waiting.

    >>> found = fit("exponential", Times.of(np.full(10, 60.0), np.full(10, 60.0)))
    >>> round(found.mean.value, 1)
    120.0
    """
    from scipy.optimize import minimize

    family = FAMILIES[name]
    start = np.array(family.start(times.rough_mean))
    if times.exact_weight.sum() + times.between_weight.sum() < 2 * len(start):
        return None

    def loss(p: Floats) -> float:
        try:
            with np.errstate(all="ignore"):
                value = _loss(family, times, p)
        except (ArithmeticError, ValueError):  # so far off that a scale leaves the range of floats
            return _IMPOSSIBLE
        return value if math.isfinite(value) else _IMPOSSIBLE

    def mean_loss(p: Floats) -> float:
        return loss(p) / times.count

    found = minimize(mean_loss, start, method="BFGS", options={"gtol": 1e-6})
    if not found.success:
        found = minimize(loss, found.x, method="Nelder-Mead", options={"maxiter": 4000, "xatol": 1e-4, "fatol": 1e-6})
    p = np.asarray(found.x)
    if not found.success or loss(p) >= 1e15:
        return None
    covariance = _covariance(loss, p)
    if covariance is None:
        return None
    try:
        distribution = family.made(p)
    except IvrError:  # a family at the edge of what scenarios allow
        return None
    functions = {"mean": lambda q: family.made(q).mean} | family.shapes
    z = z_of(confidence)
    values = {
        key: (_share_interval if key.startswith("share") else _interval)(of, p, covariance, times.count, z)
        for key, of in functions.items()
    }
    return Fit(name, distribution, 2 * len(p) + 2 * loss(p), values, times.count, len(p))


def _loss(family: Family, times: Times, p: Floats) -> float:
    """Minus the log-likelihood."""
    if np.any(np.abs(p) > 50):
        return math.inf
    total = 0.0
    if len(times.exact):
        total -= float(family.log_density(times.exact, p) @ times.exact_weight)
    if len(times.right):
        total -= float(np.log(np.maximum(family.survival(times.right, p), _TINY)) @ times.right_weight)
    if len(times.low):
        inside = family.survival(times.low, p) - family.survival(times.high, p)
        total -= float(np.log(np.maximum(inside, _TINY)) @ times.between_weight)
    if len(times.entered):
        total += float(np.log(np.maximum(family.survival(times.entered, p), _TINY)) @ times.entered_weight)
    if times.above:
        total += times.count * float(np.log(np.maximum(family.survival(np.array([times.above]), p)[0], _TINY)))
    return total


def _covariance(loss: Callable[[Floats], float], p: Floats) -> Floats | None:
    """The inverse of the observed information, by central differences."""
    n = len(p)
    step = np.full(n, 1e-3)
    hessian = np.zeros((n, n))
    for i in range(n):
        for j in range(i, n):
            a, b = np.eye(n)[i] * step[i], np.eye(n)[j] * step[j]
            value = loss(p + a + b) - loss(p + a - b) - loss(p - a + b) + loss(p - a - b)
            hessian[i, j] = hessian[j, i] = value / (4 * step[i] * step[j])
    try:
        inverse = np.linalg.inv(hessian)
    except np.linalg.LinAlgError:
        return None
    fine = np.all(np.isfinite(inverse)) and np.all(np.diag(inverse) > 0)
    return np.asarray(inverse, dtype=np.float64) if fine else None


def _interval(of: Callable[[Floats], float], p: Floats, covariance: Floats, count: int, z: float) -> Estimated:
    """An interval by the delta method, on the scale of the logarithm."""
    value, reach = of(p), z * _error(lambda q: math.log(of(q)), p, covariance)
    return Estimated(value, value * math.exp(-reach), value * math.exp(min(reach, _FARTHEST)), count)


def _share_interval(of: Callable[[Floats], float], p: Floats, covariance: Floats, count: int, z: float) -> Estimated:
    """The same on the scale of the odds."""
    odds, reach = of(p) / (1 - of(p)), z * _error(lambda q: math.log(of(q) / (1 - of(q))), p, covariance)
    low, high = odds * math.exp(-reach), odds * math.exp(min(reach, _FARTHEST))
    return Estimated(of(p), low / (1 + low), high / (1 + high), count)


def _error(of: Callable[[Floats], float], p: Floats, covariance: Floats) -> float:
    """The standard error of a function of the parameters."""
    slope = np.array([(of(p + e) - of(p - e)) / 2e-4 for e in np.eye(len(p)) * 1e-4])
    return math.sqrt(max(float(slope @ covariance @ slope), 0.0))


def best_fit(times: Times, names: tuple[str, ...], *, confidence: float = 0.95) -> tuple[Fit, tuple[Fit, ...]] | None:
    """The best family, and all that could be fitted, best first; None if none could.

    Best is the family with the fewest parameters of those whose AIC is at most 4 above the smallest: chance makes as
    much, and intervals after a choice by chance would be too short. Burnham and Anderson (2002), "Model selection and
    multimodel inference", section 2.6.
    """
    found = [one for name in names if (one := fit(name, times, confidence=confidence)) is not None]
    if not found:
        return None
    found.sort(key=lambda one: one.aic)
    near = [one for one in found if one.aic <= found[0].aic + _SUPPORTED]
    best = min(near, key=lambda one: (one.parameters, one.aic))
    return best, (best, *(one for one in found if one is not best))
