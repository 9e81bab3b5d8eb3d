"""Estimates patience from waits: those who gave up tell theirs, those who were answered that it was longer.

Kaplan and Meier (1958), "Nonparametric estimation from incomplete observations", JASA 53(282), as scipy has it;
families by maximum likelihood with the same censoring.
"""

from __future__ import annotations

import math
import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.arrays import Flags, Floats
from simulation.calibration.estimated import Estimated
from simulation.calibration.likelihood import Fit, Times, best_fit
from simulation.sampling.distributions import Distribution, Empirical

__all__ = ["PatienceEstimate", "SurvivalCurve", "estimate_patience", "kaplan_meier"]

_FAMILIES = ("exponential", "weibull", "lognormal", "gamma", "hyperexponential")
_FAR = 0.02
_VALUES = 200
_LEAST_AT_RISK = 30


@dataclass(frozen=True)
class SurvivalCurve:
    """Share of callers who are still patient after each wait, with pointwise intervals.

    Parameters
    ----------
    at_s, share, low, high : numpy.ndarray
        f8[n].
    """

    at_s: Floats
    share: Floats
    low: Floats
    high: Floats


@dataclass(frozen=True)
class PatienceEstimate:
    """Patience of the callers of a queue.

    Parameters
    ----------
    distribution : Distribution
    curve : SurvivalCurve
    fits : tuple of Fit
        Best first.
    far : float
        Largest distance of the best family from the curve, where enough callers waited.
    at_once : Estimated
        Share who hang up within five seconds of joining.
    gave_up, answered : int
    """

    distribution: Distribution
    curve: SurvivalCurve
    fits: tuple[Fit, ...]
    far: float
    at_once: Estimated
    gave_up: int
    answered: int

    @property
    def mean(self) -> Estimated:
        """Mean of the best family."""
        return self.fits[0].mean


def kaplan_meier(wait_s: Floats, gave_up: Flags, *, confidence: float = 0.95) -> SurvivalCurve:
    """The share of callers whose patience is longer than each wait.

    Examples
    --------
    Four waits of 1 to 4 s, the first and the third given up: 3/4 are left after 1 s, and half of these after 3 s.

    >>> curve = kaplan_meier(np.array([1.0, 2.0, 3.0, 4.0]), np.array([True, False, True, False]))
    >>> curve.share.tolist()
    [0.75, 0.75, 0.375, 0.375]
    """
    from scipy.stats import CensoredData, ecdf

    found: Any = ecdf(CensoredData.right_censored(wait_s, ~gave_up)).sf
    with np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # where nobody, or everybody, has given up there is no interval
        interval = found.confidence_interval(confidence_level=confidence, method="log-log")
    share = np.asarray(found.probabilities)
    low, high = np.asarray(interval.low.probabilities), np.asarray(interval.high.probabilities)
    return SurvivalCurve(
        np.asarray(found.quantiles),
        share,
        np.where(np.isfinite(low), low, _before_any(wait_s, found.quantiles, share, confidence)),
        np.where(np.isfinite(high), high, share),
    )


def _before_any(wait_s: Floats, at_s: Floats, share: Floats, confidence: float) -> Floats:
    """The lower end where no interval follows from those who gave up: Clopper's and Pearson's, while nobody has.

    Of n who still wait none gave up: with a chance of 1 - confidence, that happens where (1 - confidence)^(1/n) stay.
    """
    left = len(wait_s) - np.searchsorted(np.sort(wait_s), at_s, side="left")
    return np.where(share < 1.0, 0.0, (1 - confidence) ** (1 / np.maximum(left, 1)))


def estimate_patience(wait_s: Floats, gave_up: Flags, *, confidence: float = 0.95) -> PatienceEstimate | None:
    """Estimate patience; None when fewer than ten callers gave up.

    Parameters
    ----------
    wait_s : numpy.ndarray
        f8[calls]. Waits of all callers who joined the queue.
    gave_up : numpy.ndarray
        b1[calls]. Whether the wait ended because the caller hung up.

    Notes
    -----
    The family with the smallest AIC is stated, if it is within two points of the curve wherever at least thirty callers
    still waited; else the curve's own quantiles, continued at its last rate.
    """
    events = int(np.count_nonzero(gave_up))
    if events < 10:
        return None
    curve = kaplan_meier(wait_s, gave_up, confidence=confidence)
    found = best_fit(Times.of(wait_s[gave_up], wait_s[~gave_up]), _FAMILIES, confidence=confidence)
    if found is None:
        return None
    best, fits = found
    ordered = np.sort(wait_s)
    reach = ordered[max(len(ordered) - _LEAST_AT_RISK - 1, 0)]
    inside = (curve.at_s <= reach) & (curve.at_s > 0)
    far = (
        float(np.abs(_beyond(best.distribution, curve.at_s[inside] + 0.5) - curve.share[inside]).max())
        if any(inside)
        else 0.0
    )
    made = best.distribution
    if far > _FAR and events >= 200:
        made = Empirical(_values(curve, reach, wait_s, gave_up))
    soon = wait_s <= 5.0
    at_once = _early(curve, 5.0) if np.any(soon) else Estimated(0.0, 0.0, 0.0, len(wait_s))
    return PatienceEstimate(made, curve, fits, far, at_once, events, len(wait_s) - events)


def _beyond(of: Distribution, x: Floats) -> Floats:
    """Share of a distribution above each value."""
    u = np.linspace(0.0005, 0.9995, 2000)
    return np.asarray(1 - np.interp(x, of.quantile(u), u, left=0.0, right=1.0))


def _early(curve: SurvivalCurve, until_s: float) -> Estimated:
    at = int(np.searchsorted(curve.at_s, until_s, side="right")) - 1
    if at < 0:
        return Estimated(0.0, 0.0, 0.0)
    return Estimated(float(1 - curve.share[at]), float(1 - curve.high[at]), float(1 - curve.low[at]))


def _values(curve: SurvivalCurve, reach: float, wait_s: Floats, gave_up: Flags) -> tuple[float, ...]:
    """Equally likely values with the distribution of the curve, continued at the rate of its last part."""
    inside = curve.at_s <= reach
    at, share = curve.at_s[inside], np.minimum.accumulate(curve.share[inside])
    late = float(np.quantile(wait_s[gave_up], 0.7))
    exposure = float(np.maximum(np.minimum(wait_s, reach) - late, 0.0).sum())
    events = int(np.count_nonzero(gave_up & (wait_s > late) & (wait_s <= reach)))
    rate = max(events, 1) / max(exposure, 1.0)
    wanted = 1 - (np.arange(_VALUES) + 0.5) / _VALUES
    last = float(share[-1])
    found = []
    for left in wanted.tolist():
        if left >= last:
            found.append(float(at[int(np.searchsorted(-share, -left, side="left"))]))
        else:
            found.append(float(reach + math.log(last / left) / rate))
    return tuple(round(value, 1) for value in found)
