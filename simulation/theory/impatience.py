"""Queues whose callers hang up: Erlang A (M/M/n+M) and M/M/n with any patience (M/M/n+G)."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from flows.source.counted import counted
from flows.source.finding import Finding, LimitError
from simulation.arrays import Floats
from simulation.sampling.base import Numbers
from simulation.theory.answer import Answer, check
from simulation.theory.erlang import blocking_probability
from simulation.theory.patience import Exponential, Patience

__all__ = ["erlang_a", "mmn_plus_g"]

_NEGLIGIBLE = 50.0  # exp(-50) = 2e-22: beyond it the density adds nothing to 12 digits
_PANELS = 32
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(16)


def erlang_a(
    *, arrivals_per_hour: float, aht_s: float, patience_s: float, agents: int, within_s: float = 20.0
) -> Answer:
    """Return the queue M/M/n+M: exponential patience, the usual model of a call centre.

    Parameters
    ----------
    arrivals_per_hour : float
        Callers an hour, > 0, Poisson.
    aht_s : float
        Mean handle time, seconds, > 0, exponential.
    patience_s : float
        Mean patience, seconds, > 0, exponential.
    agents : int
        >= 1.
    within_s : float
        Threshold of the service level, seconds, >= 0; a wait of exactly this long is within.

    Returns
    -------
    Answer

    Raises
    ------
    UsageError
        When an argument is out of range.

    Examples
    --------
    48 calls an hour of one hour each, 50 agents, patience two hours:

    >>> answer = erlang_a(arrivals_per_hour=48, aht_s=3600, patience_s=7200, agents=50, within_s=1200)
    >>> round(answer.wait_probability, 8), round(answer.service_level_of_offered, 8)
    (0.46777407, 0.94301895)

    Notes
    -----
    Palm (1957); Mandelbaum and Zeltyn (2007), "Service engineering in action: the Palm/Erlang-A queue".
    """
    check(patience_s=(patience_s, "positive"))
    return mmn_plus_g(
        arrivals_per_hour=arrivals_per_hour,
        aht_s=aht_s,
        patience=Exponential(patience_s),
        agents=agents,
        within_s=within_s,
    )


def mmn_plus_g(
    *, arrivals_per_hour: float, aht_s: float, patience: Patience, agents: int, within_s: float = 20.0
) -> Answer:
    """Return the queue M/M/n+G: callers hang up after a patience of any distribution.

    Parameters
    ----------
    arrivals_per_hour, aht_s, agents, within_s
        As in `erlang_a`.
    patience : Patience
        For example ``Lognormal(60, cv=1.0)``.

    Returns
    -------
    Answer

    Raises
    ------
    UsageError
        When an argument is out of range.
    LimitError
        When there are more callers who never hang up than the agents can serve.

    Examples
    --------
    >>> from simulation.theory import Uniform
    >>> answer = mmn_plus_g(arrivals_per_hour=102, aht_s=3600, patience=Uniform(0, 7200), agents=100, within_s=360)
    >>> round(answer.abandonment, 6)
    0.043307

    Notes
    -----
    Zeltyn and Mandelbaum (2005), "Call centers with impatient customers: many-server asymptotics of the
    M/M/n+G queue", section 2: the offered wait V has the density
    ``lambda pi(n-1) exp(lambda H(x) - n mu x)`` with ``H(x) = mean of min(patience, x)``. Every measure is an
    integral of positive terms against it, so nothing cancels.
    """
    check(
        arrivals_per_hour=(arrivals_per_hour, "positive"),
        aht_s=(aht_s, "positive"),
        patience_s=(patience.mean, "positive"),
        agents=(agents, "whole"),
        within_s=(within_s, "from 0"),
    )
    rate_per_s = arrivals_per_hour / 3600
    wait = _OfferedWait(rate_per_s=rate_per_s, capacity_per_s=agents / aht_s, patience=patience)
    peak_s = wait.peak_s()
    start_s, end_s = wait.support_s(peak_s)
    cuts = sorted({start_s, end_s} | {x for x in (peak_s, within_s, *patience.breaks) if start_s < x < end_s})

    def integral(weight: Callable[[Floats], Floats], upper_s: float = math.inf, lower_s: float = 0.0) -> float:
        """Integrate weight(x) exp(exponent(x) - exponent(peak)) over the support, within the bounds."""
        total = 0.0
        for low, high in itertools.pairwise(cuts):
            if high <= upper_s and low >= lower_s:
                x, step = _nodes(low, high)
                total += float(np.sum(step * weight(x) * np.exp(wait.exponent(x) - wait.exponent(peak_s))))
        return total

    # P(all busy) = lambda J / (1 / B(n-1) + lambda J), J = exp(top) * j, written so that exp(top) never overflows.
    j = integral(np.ones_like)
    idle = _idle_weight(blocking_probability(rate_per_s * aht_s, int(agents) - 1), float(wait.exponent(peak_s)))
    density = rate_per_s / (idle + rate_per_s * j)
    no_wait = idle / (idle + rate_per_s * j) if math.isfinite(idle) else 1.0
    gone = patience.cdf
    waits = density * j
    abandonment = density * integral(gone)
    mean_wait_s = density * integral(patience.mean_up_to)
    handled = 1 - abandonment
    within = no_wait + density * integral(lambda x: 1 - gone(x), upper_s=within_s)
    gone_within = density * (
        integral(gone, upper_s=within_s) + float(gone(within_s)) * integral(np.ones_like, lower_s=within_s)
    )
    return Answer(
        wait_probability=waits,
        abandonment=abandonment,
        asa_s=density * integral(lambda x: x * (1 - gone(x))) / handled,
        mean_wait_s=mean_wait_s,
        occupancy=min(rate_per_s * handled * aht_s / agents, 1.0),
        service_level=within / (1 - gone_within),
        service_level_of_offered=within,
        queue_length=rate_per_s * mean_wait_s,
    )


def _idle_weight(blocking: float, top: float) -> float:
    """exp(-top) / B(n-1); infinite when the agents are never all busy at once."""
    if blocking == 0.0:
        return math.inf
    log_weight = -top - math.log(blocking)
    return math.exp(log_weight) if log_weight < 700 else math.inf


def _nodes(low: float, high: float) -> tuple[Floats, Floats]:
    """Points and weights of a composite Gauss-Legendre rule."""
    edges = np.linspace(low, high, _PANELS + 1)
    half = np.diff(edges) / 2
    centre = (edges[1:] + edges[:-1]) / 2
    return (centre[:, None] + half[:, None] * _NODES).ravel(), (half[:, None] * _WEIGHTS).ravel()


@dataclass(frozen=True)
class _OfferedWait:
    """The log density of the wait of a caller with endless patience; it is concave."""

    rate_per_s: float
    capacity_per_s: float
    patience: Patience

    def exponent(self, x: Numbers) -> Floats:
        return np.asarray(self.rate_per_s * self.patience.mean_up_to(x) - self.capacity_per_s * x)

    def peak_s(self) -> float:
        """The wait after which so many callers have hung up that the agents keep up with the rest."""

        def keeps_up(x: float) -> bool:
            return self.rate_per_s * (1 - float(self.patience.cdf(x))) <= self.capacity_per_s

        if keeps_up(0.0):
            return 0.0
        return _first(keeps_up, 0.0, self.patience.mean, self._never)

    def support_s(self, peak_s: float) -> tuple[float, float]:
        """The interval outside which the density is negligible."""
        floor = float(self.exponent(peak_s)) - _NEGLIGIBLE
        end = _first(lambda x: float(self.exponent(x)) < floor, peak_s, 1 / self.capacity_per_s, self._never)
        if float(self.exponent(0.0)) >= floor:
            return 0.0, end
        start = peak_s - _first(
            lambda back: float(self.exponent(max(peak_s - back, 0.0))) < floor,
            0.0,
            1 / self.capacity_per_s,
            self._never,
        )
        return max(start, 0.0), end

    def _never(self) -> LimitError:
        return LimitError(
            Finding(
                code="Q002",
                severity="error",
                node="agents",
                message=(
                    "callers who never hang up make more than the"
                    f" {counted(f'{self.capacity_per_s * 3600:.6g}', 'call')} an hour that the agents can handle: the"
                    " queue would grow for ever"
                ),
                hint="give more agents, or a patience that ends for everybody",
            )
        )


def _first(holds: Callable[[float], bool], low: float, step: float, never: Callable[[], LimitError]) -> float:
    """The smallest x above `low` from which a condition holds and stays true."""
    high = low + step
    while not holds(high):
        low, step = high, 2 * step
        high = low + step
        if high > 1e15:  # thirty million years
            raise never()
    for _ in range(80):
        middle = (low + high) / 2
        if middle in (low, high):
            break
        low, high = (low, middle) if holds(middle) else (middle, high)
    return high
