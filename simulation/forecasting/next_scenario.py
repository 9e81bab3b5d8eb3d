"""A scenario moved to the days of a forecast, with its calls."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from flows.display.numbers import duration, share
from flows.source.finding import usage_error
from simulation.arrays import Ints
from simulation.backtesting.retimed import retimed
from simulation.calibration.as_stated import seconds
from simulation.calibration.yaml_text import Dated, yaml_text
from simulation.clock.local_rows import local_rows
from simulation.forecasting.forecast import Forecast
from simulation.forecasting.volumes import volumes_of
from simulation.scenario.loaded import LoadedScenario

__all__ = ["next_scenario"]

_MOST_ROWS = 10_000
"""Rows that a scenario reads from a file of counts."""


def next_scenario(of: Forecast, loaded: LoadedScenario, csv_file: Path, target: Path) -> str:
    """The text of a scenario of the forecast's days.

    What differs by day is laid out by day of the week, as in a back-test. Days are busier or quieter by as much as the
    forecast is unsure of them.

    Parameters
    ----------
    of : Forecast
    loaded : LoadedScenario
        The scenario that it is made from.
    csv_file, target : Path
        The file of the forecast, and where the scenario is to be.

    Raises
    ------
    UsageError
        When the intervals differ, or there are too many.
    """
    interval_s = of.history.interval_s
    own_s = loaded.scenario.interval
    if own_s != interval_s:
        raise usage_error(
            "X005",
            f"the scenario has intervals of {duration(own_s)}, the forecast of {duration(interval_s)}",
            f"set the scenario's interval to {seconds(interval_s)}"
            + (", which is that of the report" if of.history.of_report else f", or add --interval {seconds(own_s)}"),
        )
    if of.parts.mean.size > _MOST_ROWS:
        most = int(_MOST_ROWS // (7 * of.parts.mean.shape[1]))
        raise usage_error(
            "X005",
            f"{of.parts.mean.size:,} intervals are too many for a scenario, which reads {_MOST_ROWS:,}",
            f"forecast at most --weeks {most}",
        )
    data = retimed(loaded, of.dates[0], len(of.dates))
    data["flow"] = _beside(data["flow"], Path(loaded.document.file).parent, target.parent)
    file = os.path.relpath(csv_file.resolve(), target.parent.resolve())
    data["arrivals"] = {"kind": "csv", "file": Path(file).as_posix()}
    if of.types:
        data["arrivals"]["columns"], shareless = volumes_of(of, loaded)
        for name in shareless:
            data["intents"][name].pop("share", None)
    tested = of.chosen
    notes: dict[tuple[str, ...], str] = {
        ("arrivals",): f"Forecast by {tested.method.name} from {of.history.dates[0]:%Y-%m-%d} to"
        f" {of.history.told[-1]:%Y-%m-%d}; in the back-test, intervals were off by {share(tested.wape)} (WAPE)."
    }
    cv = _usual_cv(of)
    if cv >= 0.01:
        data["arrivals"]["busyness"] = {"gamma": f"{min(max(cv**-2, 0.1), 1e6):.3g}"}
        notes["arrivals", "busyness"] = f"The forecast is unsure of whole days by {share(cv)}, beyond chance."
    labels = [f"{date:%a %d %b}" for date in of.dates]
    days, places = local_rows(of.dates, interval_s, loaded.scenario.zone or "UTC")
    return yaml_text(_dated(data, labels, of.parts.mean.size, of.parts.mean.shape[1] * days + places), notes)


def _usual_cv(of: Forecast) -> float:
    """How unsure whole days are, by the calls to come; holidays, which are less sure, do not make the others so."""
    usual = np.where(of.holiday, 0.0, of.whole.mean)
    weight = usual if usual.sum() else of.whole.mean
    wider = float(np.mean(list(of.chosen.wider_days.values())))
    return wider * float(np.sqrt((of.whole.cv**2 * weight).sum() / weight.sum())) if weight.sum() else 0.0


def _beside(flow: str, was: Path, now: Path) -> str:
    """A flow as a scenario in another folder names it; a shipped flow keeps its name."""
    file = was / flow
    return Path(os.path.relpath(file.resolve(), now.resolve())).as_posix() if file.is_file() else flow


def _dated(data: Any, labels: Sequence[str], size: int, rows: Ints) -> Any:
    """The same data, with a line for each day where a list has a value for each interval of days without clock changes.

    Where clocks change, the list gets the values of the hours that there are.
    """
    if isinstance(data, dict):
        return {key: _dated(value, labels, size, rows) for key, value in data.items()}
    if isinstance(data, list) and len(data) == size and all(isinstance(v, str) for v in data):
        values = [data[row] for row in rows.tolist()]
        return Dated(values, list(labels)) if len(values) == len(data) else values
    return data
