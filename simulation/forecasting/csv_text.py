"""A forecast as a CSV file: a row for each interval, as a scenario reads it."""

from __future__ import annotations

import csv
import io

from simulation.forecasting.forecast import Forecast
from simulation.forecasting.spread import LEVELS

__all__ = ["csv_text"]


def csv_text(of: Forecast) -> str:
    """The intervals in order of time: ``date``, ``from``, ``calls`` (expected), and the ends of each interval."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = [f"{end}_{level:.0%}".rstrip("%") for level in LEVELS for end in ("low", "high")]
    writer.writerow(["date", "from", "calls", *names])
    for day, date in enumerate(of.dates):
        for place in range(of.parts.mean.shape[1]):
            at = int(place * of.history.interval_s)
            ends = [
                f"{value[day, place]:.0f}" for level in LEVELS for value in (of.bands[level].low, of.bands[level].high)
            ]
            mean = f"{of.parts.mean[day, place]:.2f}"
            writer.writerow([date.isoformat(), f"{at // 3600:02d}:{at % 3600 // 60:02d}", mean, *ends])
    return out.getvalue()
