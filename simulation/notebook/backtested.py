"""Back-test from Python; the verdict shows and plots itself in a notebook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING

from flows.source.counted import counted
from simulation.backtesting.backtest import Backtest
from simulation.backtesting.backtest import backtest as run_backtest
from simulation.backtesting.figures import FIGURES
from simulation.backtesting.judged import Judged
from simulation.backtesting.spread import Spread
from simulation.backtesting.tolerance import tolerance_of
from simulation.backtesting.verdict import verdict
from simulation.call_logs.log import CallLog
from simulation.notebook.calibrated import CalibrationResult
from simulation.notebook.chart_view import ChartView
from simulation.notebook.progress import shown_progress
from simulation.notebook.shown_table import shown_table
from simulation.report.backtest_page import backtest_charts, backtest_page
from simulation.report.calibration_text import figure_text
from simulation.report.calls_of import calls_of, in_period
from simulation.scenario.loaded import LoadedScenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["BacktestResult", "backtest"]


class BacktestResult(Backtest):
    """A scenario against days that have been. In a notebook it shows its verdict; ``plot_...`` shows the charts.

    Everything of ``Backtest``: ``real``, ``forecast``, ``chosen``, ``changes``, ``fits``.
    """

    @property
    def measures(self) -> dict[str, Judged]:
        """The figures over all days: each with ``real``, ``said`` (mean, low, high), ``limit`` and ``fits``."""
        return {one.name: one for one in self.judged}

    @property
    def verdict(self) -> tuple[str, ...]:
        """Sentences: what fits, what does not, and which input explains it."""
        return verdict(self)

    def to_pandas(self, table: str = "total") -> pd.DataFrame:
        """Return real figures beside simulated ones.

        Parameters
        ----------
        table : {"total", "days", "intervals", "queues"}
            A row for each figure, or for each figure of each day, interval of the day or queue.

        Raises
        ------
        ValueError
            If there is no such table.
        """
        import pandas as pd

        parts: dict[str, list[tuple[dict[str, object], Mapping[str, float], Mapping[str, Spread]]]] = {
            "total": [({}, self.real.whole, self.chosen.whole)],
            "days": [
                ({"date": date}, real, said)
                for date, real, said in zip(self.dates, self.real.by_day, self.chosen.by_day, strict=True)
            ],
            "intervals": [
                ({"starts_s": i * self.interval_s}, real, said)
                for i, (real, said) in enumerate(zip(self.real.by_time, self.chosen.by_time, strict=True))
            ],
            "queues": [
                ({"queue": name}, real, self.chosen.by_queue.get(name, {})) for name, real in self.real.by_queue.items()
            ],
        }
        if table not in parts:
            raise ValueError(f"there is no table {table!r}; there are {', '.join(parts)}")
        rows = []
        for keys, real, said in parts[table]:
            for name in FIGURES:
                if name in real or name in said:
                    spread = said.get(name)
                    row = {**keys, "measure": name, "real": real.get(name)}
                    row |= {end: getattr(spread, at) if spread else None for end, at in _ENDS.items()}
                    rows.append(row)
        return pd.DataFrame(rows)

    def plot_days(self, measure: str = "abandonment") -> ChartView:
        """Real and simulated day by day.

        Parameters
        ----------
        measure : {"offered", "abandonment", "mean_wait_s", "no_wait"}

        Raises
        ------
        ValueError
            If there is no chart of this measure.
        """
        return self._plot(f"day-{measure}")

    def plot_intervals(self, measure: str = "abandonment") -> ChartView:
        """Real and simulated over the day; parameters as in `plot_days`."""
        return self._plot(f"time-{measure}")

    def report(self, file: str | Path) -> None:
        """Write the report: one HTML page that opens offline."""
        Path(file).write_text(backtest_page(self), encoding="utf-8")

    def _plot(self, key: str) -> ChartView:
        charts = {chart.key: chart for chart in backtest_charts(self)}
        if key not in charts:
            there = ", ".join(dict.fromkeys(name.partition("-")[2] for name in charts))
            raise ValueError(f"there is no chart of {key.partition('-')[2]!r}; there are {there}")
        return ChartView(charts[key], f"{self.name}: simulated and real")

    def __repr__(self) -> str:
        missed = [one.name for one in self.judged if one.misses]
        said = f"misses {', '.join(missed)}" if missed else "fits" if self.fits else "within chance"
        return f"<BacktestResult {self.name!r}: {counted(sum(self.kept), 'day')}, {said}>"

    def _repr_html_(self) -> str:
        body = [
            [
                FIGURES[one.name].title,
                figure_text(one.name, one.real),
                figure_text(one.name, one.said.mean),
                f"{figure_text(one.name, one.said.low)} to {figure_text(one.name, one.said.high)}",
                str(one.limit),
                one.off,
                one.mark,
            ]
            for one in self.judged
        ]
        head = ("", "Real", "Simulated", "95 % of such days", "May be off by", "Is off by", "")
        said = "".join(f"<p>{escape(sentence)}</p>" for sentence in self.verdict)
        return shown_table(f"{self.name}: simulated and real", head, body) + said


_ENDS = {"simulated": "mean", "low": "low", "high": "high"}


def backtest(
    loaded: LoadedScenario,
    records: str | Path | CalibrationResult,
    *,
    since: str | None = None,
    until: str | None = None,
    use: Sequence[str] = (),
    tolerance: Sequence[str] = (),
    replications: int = 20,
    seed: int = 1,
    engine: str = "auto",
    explain: bool = True,
    map: str | Path | None = None,
    zone: str | None = None,
    progress: bool | None = None,
) -> BacktestResult:
    """Compare a scenario with days that have been, as ``ivr backtest`` does.

    Parameters
    ----------
    loaded : LoadedScenario
        As ``load_scenario`` returns it, or the ``scenario`` of ``calibrate``.
    records : str, Path or CalibrationResult
        A folder of records, a call log, or what ``calibrate`` returned: the whole log.
    since, until : str, optional
        Test on calls from this day on, and up to that day, which is included.
    use : sequence of str
        Inputs taken from the test days: ``volumes``, ``talk``, ``agents``, ``patience``.
    tolerance : sequence of str
        As ``--tolerance``: ``["abandonment=1", "wait_p95=20%"]``.
    replications, seed, engine
    explain : bool
        Whether to look for the input that explains a miss.
    map, zone : str, optional
        As in ``calibrate``, for a log that needs them.
    progress : bool, optional
        Whether to show a progress bar; default: in a notebook.

    Returns
    -------
    BacktestResult

    Raises
    ------
    IvrError
        When the log cannot be read, or has no queue of the scenario.
    UsageError
        When an option has an invalid value.
    """
    if isinstance(records, CalibrationResult):
        if not isinstance(records.log, CallLog):
            raise ValueError("a report by intervals has no waits to compare; name a log with a row a call")
        log = in_period(records.log, since, until)
    else:
        log = calls_of(records, map, zone, since, until)
    limits = tolerance_of(tolerance)
    with shown_progress("simulating", shown=progress) as bar:
        found = run_backtest(
            loaded, log, use=use, replications=replications, seed=seed, engine=engine, explain=explain,
            tolerance=limits, progress=bar,
        )  # fmt: skip
    return BacktestResult(**{field.name: getattr(found, field.name) for field in fields(found)})
