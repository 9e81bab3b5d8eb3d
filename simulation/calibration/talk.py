"""Estimates talk times: the family that fits best, its mean as observed, and calls that agents end at once."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.arrays import Floats
from simulation.calibration.estimated import Estimated, mean_of, share_of
from simulation.calibration.likelihood import Fit, Times, best_fit
from simulation.sampling.distributions import (
    Constant,
    Distribution,
    Empirical,
    Exponential,
    Gamma,
    Lognormal,
    Weibull,
    WithZero,
)

__all__ = ["SHORT_S", "TalkEstimate", "distance", "estimate_talk", "quantile_values", "with_mean"]

SHORT_S = 10.0
"""Calls shorter than this may have been ended by agents at once (Brown et al. 2005, JASA 100(469), section 4.1)."""
_FAMILIES = ("lognormal", "gamma", "weibull", "exponential")
_FAR = 0.06
"""A family is stated if its distribution function is nowhere further than this from the observed one."""
_VALUES = 100


@dataclass(frozen=True)
class TalkEstimate:
    """Talk times of one queue.

    Parameters
    ----------
    mean : Estimated
        Mean of all talk times.
    distribution : Distribution
        With exactly this mean.
    fits : tuple of Fit
        All families, best first; empty if there are too few calls.
    far : float
        Largest distance between the best family's distribution function and the observed one.
    short : Estimated
        Share of calls that agents end at once; 0 where there is no sign of it.
    times_s : numpy.ndarray
        f8[calls]. The talk times, for pictures.
    """

    mean: Estimated
    distribution: Distribution
    fits: tuple[Fit, ...]
    far: float
    short: Estimated
    times_s: Floats

    @property
    def cv(self) -> float:
        """Coefficient of variation as observed."""
        return float(np.std(self.times_s) / self.mean.value) if self.mean.value else 0.0


def estimate_talk(times_s: Floats, *, confidence: float = 0.95, ended_at_once: bool = True) -> TalkEstimate | None:
    """Estimate a distribution of talk times; None without any.

    The mean is the sample's own, because the load rests on it; the shape is that of the family with the smallest AIC,
    or the observed quantiles where none fits. If far more calls last under ten seconds than the family of the others
    has there, agents end calls at once: these are a part of their own, of no length.

    Parameters
    ----------
    times_s : numpy.ndarray
        f8[calls], seconds.
    ended_at_once : bool
        Whether to look for calls that agents end at once; times at a menu have none.
    """
    times_s = np.asarray(times_s, dtype=float)
    if not len(times_s) or times_s.max() <= 0:
        return None
    mean = mean_of(float(times_s.sum()), float((times_s**2).sum()), len(times_s), confidence)
    none = Estimated(0.0, 0.0, 0.0, len(times_s))
    if np.ptp(times_s) == 0:  # as steps of fixed length have; no family's likelihood has a maximum
        return TalkEstimate(mean, Constant(mean.value), (), 0.0, none, times_s)
    short, long_s = _short(times_s, confidence) if ended_at_once else (none, times_s)
    above = SHORT_S if short.value else 0.0
    found = best_fit(Times.of(long_s, above=above), _FAMILIES, confidence=confidence) if len(long_s) >= 20 else None
    if found is None:
        return TalkEstimate(mean, Exponential(max(mean.value, 0.001)), (), 0.0, short, times_s)
    best, fits = found
    wanted = mean.value / (1 - short.value)
    made = with_mean(best.distribution, wanted)
    far = distance(long_s, made, above)
    if far > _FAR and len(times_s) >= 100:
        made = with_mean(Empirical(quantile_values(long_s)), wanted)
    if short.value:
        made = WithZero(short.value, made)
    return TalkEstimate(mean, made, fits, far, short, times_s)


def _short(times_s: Floats, confidence: float) -> tuple[Estimated, Floats]:
    """The share of calls ended at once, and the talk times of the others."""
    none = Estimated(0.0, 0.0, 0.0, len(times_s))
    long_s = times_s[times_s >= SHORT_S]
    below = len(times_s) - len(long_s)
    if len(long_s) < 100 or below < 20:
        return none, times_s
    found = best_fit(Times.of(long_s, above=SHORT_S), ("lognormal", "gamma"))
    if found is None:
        return none, times_s
    natural = float(np.interp(SHORT_S, *_curve(found[0].distribution)))
    # Of n calls, n (1 - s) are natural, and those beyond ten seconds are all natural ones: n (1 - s) (1 - natural).
    share = 1 - len(long_s) / len(times_s) / (1 - natural)
    seen = share_of(below, len(times_s), confidence)
    if share < 0.01 or seen.low < 1.5 * natural:
        return none, times_s
    width = (seen.high - seen.low) / 2 / (1 - natural)
    return Estimated(share, max(share - width, 0.0), min(share + width, 1.0), len(times_s)), long_s


def _curve(of: Distribution) -> tuple[Floats, Floats]:
    """A distribution function as points, from its quantiles."""
    u = np.concatenate([np.linspace(0.0005, 0.9995, 2000)])
    return np.asarray(of.quantile(u)), u


def distance(times_s: Floats, of: Distribution, above: float = 0.0) -> float:
    """Kolmogorov's distance of a sample from a distribution, or from what it is above a value."""
    x, u = _curve(of)
    ordered = np.sort(times_s)
    model = np.interp(ordered, x, u, left=0.0, right=1.0)
    if above:
        at = float(np.interp(above, x, u, left=0.0))
        model = np.maximum(model - at, 0.0) / (1 - at)
    # Equal times stand together: compare at the last of each.
    last = np.append(ordered[1:] != ordered[:-1], True)
    seen = np.arange(1, len(ordered) + 1) / len(ordered)
    return float(np.abs(model - seen)[last].max())


def quantile_values(times_s: Floats, count: int = _VALUES) -> tuple[float, ...]:
    """So many values, each equally likely, with the distribution of a sample."""
    return tuple(round(float(v), 1) for v in np.quantile(times_s, (np.arange(count) + 0.5) / count))


def with_mean(of: Distribution, mean: float) -> Distribution:
    """The same shape with another mean.

    >>> with_mean(Lognormal(100.0, 0.8), 120.0)
    Lognormal(mean=120.0, cv=0.8)
    """
    mean = max(mean, 0.001)
    match of:
        case Lognormal():
            return Lognormal(mean, of.cv)
        case Gamma():
            return Gamma(mean, of.alpha)
        case Weibull():
            return Weibull(mean, of.shape)
        case Exponential():
            return Exponential(mean)
        case WithZero():
            return WithZero(of.share_zero, with_mean(of.other, mean / (1 - of.share_zero)))
        case Constant():
            return Constant(mean)
        case Empirical():
            return Empirical(tuple(round(v * mean / of.mean, 2) for v in of.values) if of.mean else (mean,))
    return of
