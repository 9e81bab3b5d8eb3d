"""Estimates how long agents take until they are ready again: work after the call, and pauses after some."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from simulation.arrays import Floats
from simulation.calibration.agents import Duty
from simulation.calibration.estimated import Estimated
from simulation.calibration.likelihood import Fit, Times, best_fit
from simulation.sampling.distributions import Distribution

__all__ = ["PauseEstimate", "estimate_pauses"]

_FAMILIES = ("exponential", "lognormal", "hyperexponential")
_LEAST = 50


@dataclass(frozen=True)
class PauseEstimate:
    """Time from the end of a talk until the agent is ready again.

    Parameters
    ----------
    mean : Estimated
    distribution : Distribution
    fits : tuple of Fit
        Best first.
    known, bounded : int
        How many times are known exactly, and how many between bounds.
    """

    mean: Estimated
    distribution: Distribution
    fits: tuple[Fit, ...]
    known: int
    bounded: int

    @property
    def after_work(self) -> Estimated | None:
        """Mean of the short part, if there is a long one: the work after a call."""
        return self.fits[0].values.get("short")

    @property
    def pause(self) -> Estimated | None:
        """Mean of the long part: the pauses."""
        return self.fits[0].values.get("long")

    @property
    def share(self) -> Estimated | None:
        """Share of calls after which agents pause."""
        return self.fits[0].values.get("share_long")


def estimate_pauses(duties: tuple[Duty, ...], *, confidence: float = 0.95) -> PauseEstimate | None:
    """Estimate the time until agents are ready again; None with fewer than fifty times known.

    A short part and a long part, two exponentials, tell work after every call from pauses after some; one exponential
    or a lognormal where that fits better.
    """

    def joined(name: str) -> Floats:
        return np.concatenate([getattr(duty, name) for duty in duties]) if duties else np.zeros(0)

    exact, low, high = joined("exact_s"), joined("low_s"), joined("high_s")
    if len(exact) < _LEAST:
        return None
    # Bounds to the second and, further out, more coarsely: the likelihood hardly changes, and there are fewer of them.
    coarse = np.where(high > 120, np.ceil(high / 10) * 10, high)
    found = best_fit(Times.of(exact, None, (np.floor(low), coarse)), _FAMILIES, confidence=confidence)
    if found is None:
        return None
    best, fits = found
    return PauseEstimate(best.mean, best.distribution, fits, len(exact), len(low))
