"""A forecast as a CSV file: a row for each interval, as a scenario reads it."""

from __future__ import annotations

import csv
import io

import numpy as np

from simulation.arrays import Floats
from simulation.clock.local_rows import local_rows
from simulation.forecasting.forecast import Forecast
from simulation.forecasting.spread import LEVELS

__all__ = ["csv_text", "type_columns"]

_COLUMNS = ("date", "from", "calls", *(f"{end}_{level:.0%}".rstrip("%") for level in LEVELS for end in ("low", "high")))


def type_columns(of: Forecast) -> dict[str, str]:
    """The column of each type: its name, unless a column has that already."""
    return {one.name: f"calls of {one.name}" if one.name in _COLUMNS else one.name for one in of.types}


def csv_text(of: Forecast, zone: str = "") -> str:
    """The intervals in order of time: ``date``, ``from``, ``calls`` (expected), the ends of each interval, and the
    expected calls of each type, which add up to ``calls``.

    Parameters
    ----------
    of : Forecast
    zone : str
        Whose clock; default: that of the history.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([*_COLUMNS, *type_columns(of).values()])
    hundredths = _hundredths(np.stack([one.parts for one in of.types]), of.parts.mean) if of.types else None
    rows = local_rows(of.dates, of.history.interval_s, zone or of.history.zone)
    for day, place in zip(*(column.tolist() for column in rows), strict=True):
        date = of.dates[day]
        at = int(place * of.history.interval_s)
        ends = [f"{value[day, place]:.0f}" for level in LEVELS for value in (of.bands[level].low, of.bands[level].high)]
        mean = f"{of.parts.mean[day, place]:.2f}"
        parts = [] if hundredths is None else [f"{calls / 100:.2f}" for calls in hundredths[:, day, place].tolist()]
        writer.writerow([date.isoformat(), f"{at // 3600:02d}:{at % 3600 // 60:02d}", mean, *ends, *parts])
    return out.getvalue()


def _hundredths(parts: Floats, whole: Floats) -> Floats:
    """Parts in hundredths that add up to the rounded whole: those with the largest remainders are rounded up.

    Examples
    --------
    >>> _hundredths(np.array([[0.333], [0.333], [0.334]]), np.array([1.0])).ravel().tolist()
    [33.0, 33.0, 34.0]
    """
    below = np.floor(parts * 100)
    missing = np.round(whole * 100) - below.sum(axis=0)
    rank = np.argsort(np.argsort(below - parts * 100, axis=0, kind="stable"), axis=0, kind="stable")
    return np.asarray(below + (rank < missing))
