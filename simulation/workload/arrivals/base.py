"""What every arrival process offers, and Poisson arrivals at a rate that changes in steps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from flows.source.finding import Finding, ScenarioError
from flows.values.units import US_PER_S
from simulation.arrays import Floats, Times
from simulation.sampling.elementary import log

__all__ = [
    "ArrivalProcess",
    "Busyness",
    "DayFactors",
    "Expected",
    "busier",
    "expected",
    "file_error",
    "poisson_times_us",
    "rate_error",
    "require_rate",
    "require_size",
]

S_PER_HOUR = 3_600
MAX_BYTES = 1_000_000_000
NOT_UTF8 = "save it again as UTF-8 (in a spreadsheet: CSV UTF-8)"


@dataclass(frozen=True)
class DayFactors:
    """Factors on the rates of each day of a horizon.

    Parameters
    ----------
    begins_us : numpy.ndarray
        i8[days - 1], sorted: start of each day after the first.
    factor : numpy.ndarray
        f8[days].
    """

    begins_us: Times
    factor: Floats


Busyness = float | DayFactors


def busier(busyness: Busyness, factor: float) -> Busyness:
    """The same days, each `factor` times as busy."""
    return (
        DayFactors(busyness.begins_us, busyness.factor * factor)
        if isinstance(busyness, DayFactors)
        else busyness * factor
    )


@dataclass(frozen=True)
class Expected:
    """How many calls are expected by when, for calls that arrive by a Poisson process.

    Parameters
    ----------
    edges_us : numpy.ndarray
        i8: moments between which the rate is constant.
    calls : numpy.ndarray
        f8: calls expected until each of them, from 0 on.
    """

    edges_us: Times
    calls: Floats

    @property
    def enough(self) -> int:
        """A number of calls that is nearly always large enough."""
        total = float(self.calls[-1])
        return int(total + 6 * math.sqrt(total)) + 16


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
    ) -> Times:
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
    """Raise ScenarioError, before a file of calls is read, when it is larger than can be simulated."""
    if path.stat().st_size > MAX_BYTES:
        hint = "keep the calls of the horizon, and the columns that are named"
        raise file_error(path, f"larger than {MAX_BYTES:,} bytes", hint=hint)


def file_error(
    path: Path, message: str, *, line: int = 0, at: int = 1, hint: str = "", code: str = "X005"
) -> ScenarioError:
    """The error to raise about a file of calls.

    Parameters
    ----------
    path : Path
    message : str
    line, at : int
        Place in the file, from 1; line 0 = the whole file.
    hint : str
    code : str
        X005 a value that is not allowed, X001 a name that the file does not have.
    """
    return ScenarioError(
        Finding(
            code=code,
            severity="error",
            message=message,
            file=str(path),
            line=line,
            column=at if line else 0,
            hint=hint,
        )
    )


def rate_error(message: str) -> ScenarioError:
    """The error to raise about a rate of calls, or an interval, that is not allowed."""
    return ScenarioError(Finding(code="X005", severity="error", message=message))


def require_rate(value: float, what: str) -> None:
    """Raise ScenarioError unless a rate is 0 or more, and finite.

    >>> require_rate(-1, "per_hour")
    Traceback (most recent call last):
    ...
    flows.source.finding.ScenarioError: X005 per_hour is -1; it must be a number, 0 or more
    """
    if not 0 <= value < math.inf:
        raise rate_error(f"{what} is {value}; it must be a number, 0 or more")


def expected(horizon_us: int, *, per_hour: Sequence[float], edges_us: Times, busyness: Busyness = 1.0) -> Expected:
    """Return how many calls are expected by when, at a rate that is constant in each interval and 0 after the last.

    Parameters
    ----------
    horizon_us : int
    per_hour : sequence of float
        Rate of each interval.
    edges_us : numpy.ndarray
        i8. Start of each interval, and end of the last.
    busyness : float or DayFactors
        See ``ArrivalProcess``.
    """
    edges = np.minimum(edges_us, horizon_us)
    rates = np.asarray(per_hour, dtype=float)
    if isinstance(busyness, DayFactors):
        edges, rates = _by_day(edges, rates, busyness)
    else:
        rates = rates * busyness
    hours = np.diff(edges) / (US_PER_S * S_PER_HOUR)
    return Expected(edges, np.concatenate([[0.0], np.cumsum(rates * hours)]))


def poisson_times_us(generator: np.random.Generator, horizon_us: int, of: Expected) -> Times:
    """Return Poisson arrivals.

    A Poisson process of rate 1 is drawn, and its time stretched by the inverse
    of the cumulative rate (Cinlar 1975, "Introduction to Stochastic Processes",
    section 4.7). The k-th call of a busier day is then the k-th call of the
    quieter one, only earlier: common random numbers across rates.

    Parameters
    ----------
    generator : numpy.random.Generator
    horizon_us : int
    of : Expected

    Returns
    -------
    numpy.ndarray
        i8, sorted, in [0, horizon_us).
    """
    cumulative, edges, total = of.calls, of.edges_us, of.calls[-1]
    gaps = -log(1.0 - generator.random(of.enough))
    clock = np.cumsum(gaps)
    while clock[-1] < total:
        gaps = np.concatenate([gaps, -log(1.0 - generator.random(of.enough))])
        clock = np.cumsum(gaps)
    clock = clock[: np.searchsorted(clock, total)]
    interval = np.searchsorted(cumulative, clock, side="right") - 1
    within = (clock - cumulative[interval]) / np.diff(cumulative)[interval]
    times: Times = edges[interval] + (within * np.diff(edges)[interval]).astype(np.int64)
    return np.minimum(times, horizon_us - 1)


def _by_day(edges: Times, rates: Floats, days: DayFactors) -> tuple[Times, Floats]:
    """Intervals, split where days begin, each with its rate times the factor of its day."""
    cut = np.union1d(edges, days.begins_us)
    cut = cut[(cut >= edges[0]) & (cut <= edges[-1])]
    interval = np.minimum(np.searchsorted(edges, cut[:-1], side="right") - 1, len(rates) - 1)
    return cut, rates[interval] * days.factor[np.searchsorted(days.begins_us, cut[:-1], side="right")]
