"""What every arrival process offers, and Poisson arrivals of a rate that changes in steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from flows.source.finding import Finding, ScenarioError
from flows.values.units import US_PER_S

__all__ = ["ArrivalProcess", "DayFactors", "poisson_times_us", "require_rate"]

S_PER_HOUR = 3_600
MAX_BYTES = 1_000_000_000
NOT_UTF8 = "save it again as UTF-8 (in a spreadsheet: CSV UTF-8)"


@dataclass(frozen=True)
class DayFactors:
    """Factors on the rates of the days of a horizon.

    Parameters
    ----------
    begins_us : numpy.ndarray
        i8[days - 1], sorted: where the days after the first begin.
    factor : numpy.ndarray
        f8[days].
    """

    begins_us: np.ndarray
    factor: np.ndarray


Busyness = float | DayFactors


def busier(busyness: Busyness, factor: float) -> Busyness:
    """The same days, each so many times as busy."""
    return (
        DayFactors(busyness.begins_us, busyness.factor * factor)
        if isinstance(busyness, DayFactors)
        else busyness * factor
    )


class ArrivalProcess(Protocol):
    """Calls arriving over a horizon."""

    def expected_calls(self, horizon_us: int) -> float:
        """Return the mean number of calls in [0, horizon_us)."""

    def times_us(
        self,
        generator: np.random.Generator,
        horizon_us: int,
        *,
        busy_u: float | None = None,
        busyness: Busyness = 1.0,
    ) -> np.ndarray:
        """Return sorted arrival times.

        Parameters
        ----------
        generator : numpy.random.Generator
        horizon_us : int
            Calls arrive in [0, horizon_us), microseconds.
        busy_u : float, optional
            The uniform from which a random day factor is taken, so that
            replications can be stratified; None draws it from the generator.
        busyness : float or DayFactors
            Factor on every rate, or one for each day.

        Returns
        -------
        numpy.ndarray
            i8, microseconds.
        """


def require_size(path: Path) -> None:
    """Raise ScenarioError, before a file of calls is read, when it is larger than any that can be simulated."""
    if path.stat().st_size > MAX_BYTES:
        raise ScenarioError(
            Finding(
                code="arrivals",
                severity="error",
                message=f"larger than {MAX_BYTES:,} bytes",
                file=str(path),
                hint="keep the calls of the horizon, and the columns that are named",
            )
        )


def require_rate(value: float, what: str) -> None:
    """Raise ScenarioError unless a rate is a number from 0.

    >>> require_rate(-1, "per_hour")
    Traceback (most recent call last):
    ...
    flows.source.finding.ScenarioError: arrivals per_hour is -1; it must be a number, 0 or more
    """
    if not 0 <= value < math.inf:
        raise ScenarioError(
            Finding(code="arrivals", severity="error", message=f"{what} is {value}; it must be a number, 0 or more")
        )


def poisson_times_us(
    generator: np.random.Generator,
    horizon_us: int,
    *,
    per_hour: Sequence[float],
    edges_us: np.ndarray,
    busyness: Busyness = 1.0,
) -> np.ndarray:
    """Return Poisson arrivals whose rate is constant within each interval and 0 after the last.

    A unit-rate Poisson process is drawn and its clock stretched by the inverse
    of the cumulative rate (Cinlar 1975, "Introduction to Stochastic Processes",
    section 4.7). The k-th call of a busier day is then the k-th call of the
    calmer one, earlier: common random numbers across rates.

    Parameters
    ----------
    generator : numpy.random.Generator
    horizon_us : int
    per_hour : sequence of float
        Rate of each interval.
    edges_us : numpy.ndarray
        i8. Where each interval begins, and where the last ends.
    busyness : float or DayFactors
        See ``ArrivalProcess``.

    Returns
    -------
    numpy.ndarray
        i8, sorted, in [0, horizon_us).
    """
    edges = np.minimum(edges_us, horizon_us)
    rates = np.asarray(per_hour, dtype=float)
    if isinstance(busyness, DayFactors):
        edges, rates = _by_day(edges, rates, busyness)
    else:
        rates = rates * busyness
    hours = np.diff(edges) / (US_PER_S * S_PER_HOUR)
    cumulative = np.concatenate([[0.0], np.cumsum(rates * hours)])
    total = cumulative[-1]
    # A block nearly always long enough; short of it, another is added.
    block = int(total + 6 * math.sqrt(total)) + 16
    clock = np.cumsum(generator.standard_exponential(block))
    while clock[-1] < total:
        clock = np.concatenate([clock, clock[-1] + np.cumsum(generator.standard_exponential(block))])
    clock = clock[: np.searchsorted(clock, total)]
    interval = np.searchsorted(cumulative, clock, side="right") - 1 if len(rates) > 1 else 0
    within = (clock - cumulative[interval]) / np.diff(cumulative)[interval]
    times = edges[interval] + (within * np.diff(edges)[interval]).astype(np.int64)
    return np.minimum(times, horizon_us - 1)


def _by_day(edges: np.ndarray, rates: np.ndarray, days: DayFactors) -> tuple[np.ndarray, np.ndarray]:
    """Intervals cut where days begin, each with its rate times the factor of its day."""
    cut = np.union1d(edges, days.begins_us)
    cut = cut[(cut >= edges[0]) & (cut <= edges[-1])]
    interval = np.minimum(np.searchsorted(edges, cut[:-1], side="right") - 1, len(rates) - 1)
    return cut, rates[interval] * days.factor[np.searchsorted(days.begins_us, cut[:-1], side="right")]
