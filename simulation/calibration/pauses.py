"""Estimates how long agents take until they are ready again: work after the call, and pauses after some."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from simulation.arrays import Floats
from simulation.calibration.as_stated import seconds, stated
from simulation.calibration.estimated import Estimated
from simulation.calibration.likelihood import Fit, Times, best_fit
from simulation.calibration.ready_times import ReadyTimes
from simulation.calibration.talk import with_mean
from simulation.sampling.distributions import Distribution, Hyperexponential

__all__ = ["PauseEstimate", "estimate_pauses", "scaled", "state_ready"]

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
        """Mean length of a pause: of the long part, which begins with the work after the call, what is beyond it."""
        long, work = self.fits[0].values.get("long"), self.after_work
        if long is None or work is None:
            return None
        less = work.value
        return Estimated(long.value - less, max(long.low - less, 0.0), long.high - less, long.count)

    @property
    def told_apart(self) -> bool:
        """Whether work after calls and pauses are two things."""
        return self.fits[0].family == "hyperexponential" and self.pause is not None and self.pause.value > 0

    @property
    def share(self) -> Estimated | None:
        """Share of calls after which agents pause."""
        return self.fits[0].values.get("share_long")


def scaled(of: Distribution, factor: float) -> Distribution:
    """The same shape, longer by a factor.

    >>> scaled(Hyperexponential((10.0, 100.0), (0.5, 0.5)), 2.0)
    Hyperexponential(means=(20.0, 200.0), shares=(0.5, 0.5))
    """
    if isinstance(of, Hyperexponential):
        return Hyperexponential(tuple(mean * factor for mean in of.means), of.shares)
    return with_mean(of, of.mean * factor)


def state_ready(data: dict[str, Any], of: PauseEstimate, factor: float = 1.0) -> None:
    """State in a scenario how soon agents are ready again: work after each call, and pauses of all groups after some.

    Parameters
    ----------
    data : dict
        The scenario, with its groups; it is changed.
    of : PauseEstimate
    factor : float
        How much longer all of it is than estimated.

    Examples
    --------
    >>> values = {"short": Estimated(8, 7, 9), "long": Estimated(80, 70, 90), "share_long": Estimated(0.25, 0.2, 0.3)}
    >>> fit = Fit("hyperexponential", Hyperexponential((8.0, 80.0), (0.75, 0.25)), 0.0, values, 100)
    >>> data = {"groups": {"desk": {}}}
    >>> state_ready(data, PauseEstimate(Estimated(26, 20, 30), fit.distribution, (fit,), 100, 0))
    >>> data["after_call_work"], data["groups"]["desk"]["pauses"]
    ({'exponential': '8s'}, {'after_calls': '0.25', 'length': {'exponential': '72s'}})
    """
    work, pause, share = of.after_work, of.pause, of.share
    if not of.told_apart or work is None or pause is None or share is None:
        data["after_call_work"] = stated(scaled(of.distribution, factor))
        return
    data["after_call_work"] = {"exponential": seconds(work.value * factor)}
    for group in data["groups"].values():
        group["pauses"] = {
            "after_calls": f"{share.value:.3g}",
            "length": {"exponential": seconds(pause.value * factor)},
        }


def estimate_pauses(seen: Sequence[ReadyTimes], *, confidence: float = 0.95) -> PauseEstimate | None:
    """Estimate the time until agents are ready again; None with fewer than fifty times known.

    A short part and a long part, two exponentials, tell work after every call from pauses after some; one exponential
    or a lognormal where that fits better. A family whose mean is longer than every time that was seen is left
    out: where agents are kept idle for others, they seem never to be ready, and a long part has no end.
    """

    def joined(name: str) -> Floats:
        return np.concatenate([getattr(one, name) for one in seen]) if seen else np.zeros(0)

    exact, low, high = joined("exact_s"), joined("low_s"), joined("high_s")
    if len(exact) < _LEAST:
        return None
    # Bounds to the second and, further out, more coarsely: the likelihood hardly changes, and there are fewer of them.
    coarse = np.where(high > 120, np.ceil(high / 10) * 10, high)
    times = Times.of(
        exact,
        np.round(joined("later_s")),
        (np.floor(low), coarse),
        entered=np.round(joined("entered_s"), 1),
    )
    found = best_fit(times, _FAMILIES, confidence=confidence)
    if found is None:
        return None
    longest = max(float(exact.max()), float(joined("later_s").max(initial=0.0)))
    fits = tuple(fit for fit in found[1] if fit.mean.value <= longest)
    if not fits:
        return None
    best = fits[0]
    return PauseEstimate(best.mean, best.distribution, fits, len(exact), len(low))
