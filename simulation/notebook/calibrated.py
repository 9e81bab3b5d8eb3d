"""Calibrate from Python; the estimates show and plot themselves in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from flows.model.flow import Flow
from flows.source.counted import counted
from flows.source.finding import Finding
from simulation.backtesting.from_log import FromLog, flow_of, from_log
from simulation.calibration.estimated import Estimated
from simulation.calibration.estimates import Row, rows, rows_of_intervals
from simulation.calibration.files import files_of
from simulation.calibration.from_intervals import FromIntervals, calibrate_intervals
from simulation.calibration.relabelled import with_priorities
from simulation.calibration.scenario_data import ScenarioData
from simulation.calibration.yaml_text import yaml_text
from simulation.call_logs.log import CallLog, IntervalReport
from simulation.call_logs.record_folder import write_records
from simulation.loading.load import parse_scenario
from simulation.notebook.chart_view import ChartView
from simulation.notebook.progress import shown_progress
from simulation.notebook.shown_table import shown_table
from simulation.report.calibration_page import calibration_page
from simulation.report.calibration_text import estimate_texts
from simulation.report.calls_of import in_period, log_of, volumes_of
from simulation.report.charts.chart import Chart
from simulation.report.charts.of_calibration import calibration_charts
from simulation.report.intervals_page import intervals_chart, intervals_page
from simulation.report.period import date_of
from simulation.scenario.loaded import LoadedScenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["CalibrationResult", "calibrate"]


@dataclass(frozen=True, repr=False)
class CalibrationResult:
    """What a log tells. In a notebook it shows its estimates as a table, and ``plot_...`` shows the report's charts.

    Parameters
    ----------
    log : CallLog or IntervalReport
        The whole log.
    made : FromLog or FromIntervals
        What is estimated, and the scenario made of it.
    """

    log: CallLog | IntervalReport
    made: FromLog | FromIntervals

    @property
    def name(self) -> str:
        """Name of the log."""
        return self.log.name

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What is wrong with rows of the log, each with file and line; and whether its agents chat."""
        chats = self.made.found.at_once if isinstance(self.made, FromLog) else None
        return (*self.log.findings, *((chats.finding(self.log.name),) if chats else ()))

    @property
    def assumed(self) -> tuple[str, ...]:
        """What the log cannot tell, and is assumed."""
        return self._data.assumed

    @property
    def left_out(self) -> dict[str, str]:
        """Days that are left out, by date, and why."""
        of = self.made.found if isinstance(self.made, FromLog) else self.made
        return {one.date.isoformat(): one.why for one in of.left_out}

    @cached_property
    def measures(self) -> dict[str, Estimated]:
        """The estimates, each with ``value``, ``low``, ``high`` and ``count``; names as in ``--json``."""
        return {row.key: row.value for row in self._rows}

    @cached_property
    def scenario(self) -> LoadedScenario:
        """The scenario, ready for ``simulate``, ``compare`` and ``backtest``."""
        return parse_scenario(
            yaml_text(self._data.data, self._data.notes), f"{self.name}.scenario.yaml", flow=self._flow
        )

    @property
    def own_days(self) -> dict[str, dict[str, float]]:
        """The log's own days, real and simulated with the calls as they came; empty if they were not simulated."""
        if not isinstance(self.made, FromLog) or self.made.own is None:
            return {}
        own = self.made.own
        return {
            name: {"real": own.real[name], "simulated": spread.mean}
            for name, spread in own.simulated.whole.items()
            if name in own.real
        }

    def to_pandas(self) -> pd.DataFrame:
        """Return a row for each estimate: what about, value, interval, observations, whether it can be told."""
        import pandas as pd

        return pd.DataFrame(
            [
                {
                    "about": row.about,
                    "estimate": row.key,
                    "title": row.title,
                    "value": row.value.value,
                    "low": row.value.low,
                    "high": row.value.high,
                    "observations": row.value.count,
                    "told": row.told,
                    "note": row.note,
                }
                for row in self._rows
            ]
        )

    def plot_arrivals(self) -> ChartView:
        """Expected calls over the day, by days of the week that share a profile."""
        return self._plot("profiles")

    def plot_days(self) -> ChartView:
        """Calls of each day beside what such days have."""
        return self._plot("days")

    def plot_types(self) -> ChartView:
        """Shares of the kinds of calls."""
        return self._plot("types")

    def plot_patience(self) -> ChartView:
        """The share of callers who are still patient after each wait, observed and stated."""
        return self._plot("patience")

    def plot_agents(self) -> ChartView:
        """Agents on duty over the day."""
        return self._plot("agents")

    def plot_pauses(self) -> ChartView:
        """How soon agents are ready again after a talk."""
        return self._plot("ready")

    def plot_menus(self) -> ChartView:
        """What callers do at each menu."""
        return self._plot("nodes")

    def plot_talk(self, queue: str | None = None) -> ChartView:
        """Talk times of a queue, observed and stated; default: the queue with most calls."""
        return self._plot("talk-" + ("".join(c if c.isalnum() else "-" for c in queue) if queue else ""))

    def report(self, file: str | Path) -> None:
        """Write the report: one HTML page that opens offline, with a picture of every estimate."""
        made = self.made
        text = (
            calibration_page(made.found, made.data.assumed, made.own)
            if isinstance(made, FromLog)
            else intervals_page(made)
        )
        Path(file).write_text(text, encoding="utf-8")

    def save(self, folder: str | Path) -> None:
        """Write what ``ivr calibrate`` writes: scenario, flow, column map, and records of a log with a row a call."""
        folder = Path(folder)
        folder.mkdir(parents=True, exist_ok=True)
        log = self.log if isinstance(self.log, CallLog) else None
        for name, text in files_of(self._data, self.name, log).items():
            (folder / name).write_text(text, encoding="utf-8")
        if log is not None and isinstance(self.made, FromLog) and log.format != "own_records":
            write_records(with_priorities(log, self.made.found.head_start), folder / "records")

    @property
    def _data(self) -> ScenarioData:
        return self.made.data if isinstance(self.made, FromLog) else self.made.scenario

    @property
    def _flow(self) -> Flow:
        return self.made.flow if isinstance(self.made, FromLog) else flow_of(self.made.scenario)

    @cached_property
    def _rows(self) -> tuple[Row, ...]:
        return rows(self.made.found) if isinstance(self.made, FromLog) else rows_of_intervals(self.made)

    @cached_property
    def _charts(self) -> tuple[Chart, ...]:
        of = self.made
        return calibration_charts(of.found) if isinstance(of, FromLog) else (intervals_chart(of),)

    def _plot(self, key: str) -> ChartView:
        for chart in self._charts:
            if chart.key == key or (key == "talk-" and chart.key.startswith(key)):
                return ChartView(chart, f"What {self.name} tells")
        raise ValueError("there is nothing to plot: the log does not tell it")

    def __repr__(self) -> str:
        found = f"{counted(len(self.measures), 'estimate')}, {counted(len(self.findings), 'finding')}"
        return f"<CalibrationResult {self.name!r}: {self.log.format}, {found}>"

    def _repr_html_(self) -> str:
        body = [
            [
                row.title,
                *estimate_texts(row),
                row.note,
            ]
            for row in self._rows
        ]
        return shown_table(
            f"What {self.name} tells",
            ("", "Estimate", "95 % interval", ""),
            body,
            "Assumed: " + "; ".join(self.assumed),
        )


def calibrate(
    files: str | Path | Sequence[str | Path],
    *,
    map: str | Path | None = None,
    zone: str | None = None,
    format: str = "",
    since: str | None = None,
    until: str | None = None,
    interval_s: float = 1800.0,
    volumes: str | Path | None = None,
    flow: Flow | None = None,
    flow_file: str = "",
    check: bool = True,
    engine: str = "auto",
    progress: bool | None = None,
) -> CalibrationResult:
    """Make a scenario from a call log, as ``ivr calibrate`` does.

    Parameters
    ----------
    files : str, Path or sequence of them
        A folder of records, a call log, a report by intervals, or any table with a row a call.
    map : str or Path, optional
        A column map, as an earlier run saved it.
    zone : str, optional
        Whose clock the log shows; default: as it stands.
    format : str
        The format of the log; default: it is recognised.
    since, until : str, optional
        Estimate from this day on, and up to that day, which is included.
    interval_s : float
        Length of the intervals of a day.
    volumes : str or Path, optional
        A report by intervals, for how many call and when; all else is estimated from the log.
    flow : Flow, optional
        That callers called; default: a minimal one is made.
    flow_file : str
        Its file, as the scenario is to name it; needed with `flow`.
    check : bool
        Whether to simulate the log's own days.
    engine : str
    progress : bool, optional
        Whether to show a progress bar; default: in a notebook.

    Returns
    -------
    CalibrationResult

    Raises
    ------
    IvrError
        When the log cannot be read.
    UsageError
        When an option has an invalid value.
    """
    if flow is not None and not flow_file:
        raise ValueError("flow_file is empty; name the file of the flow, for the scenario to call it")
    log = log_of([files] if isinstance(files, str | Path) else files, map, zone, format)
    stem, name = log.name, log.name.replace("_", " ")
    counts = volumes_of(volumes, zone, log, option="volumes")
    if isinstance(log, IntervalReport):
        found = calibrate_intervals(
            log, name=name, flow_file=f"{stem}.yaml", from_=date_of("since", since), to=date_of("until", until)
        )
        return CalibrationResult(log, found)
    with shown_progress("estimating", shown=progress):
        made = from_log(
            in_period(log, since, until), name=name, file=f"{stem}.scenario.yaml",
            flow_file=flow_file or f"{stem}.yaml", flow=flow, interval_s=interval_s,
            volumes=counts, until=date_of("until", until), check=check, engine=engine,
        )  # fmt: skip
    return CalibrationResult(log, made)
