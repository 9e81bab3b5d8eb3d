"""Simulate and compare from Python; results show and plot themselves in a notebook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ivr.records.measures import MEASURES
from simulation.experiment.compare import ComparisonResult
from simulation.experiment.compare import compare as run_comparison
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import written
from simulation.experiment.run import simulate as run_simulation
from simulation.experiment.run_result import RunResult
from simulation.flow_comparison.compare_flows import menus_of
from simulation.flow_comparison.result import FlowComparison
from simulation.notebook.chart_view import ChartView
from simulation.notebook.progress import shown_progress
from simulation.notebook.shown_table import shown_table
from simulation.report.charts.chart import Chart
from simulation.report.charts.of_a_comparison import QUESTIONS, comparison_chart
from simulation.report.charts.of_calls import menu_chart, outcomes_chart, stages_chart, waits_chart
from simulation.report.charts.over_time import service_level_chart, staffing_chart, wait_chart
from simulation.report.data import ReportData
from simulation.report.of_result import comparison_of, comparison_page, data_of, report_page
from simulation.report.page import confidence_note
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Precision

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Comparison", "Result", "compare", "simulate"]

_SHOWN = ("offered", "service_level", "asa_s", "abandonment", "aht_s", "occupancy")


class Result(RunResult):
    """The result of a simulation. In a notebook it shows itself as a table, and ``plot_...`` shows the report's charts.

    Everything of ``RunResult``: ``measures``, ``by_queue``, ``by_group``, ``by_interval``, ``to_pandas``.
    """

    def plot_service_level(self) -> ChartView:
        """The service level over the day, beside its target."""
        return self._plot(service_level_chart)

    def plot_waits_over_the_day(self) -> ChartView:
        """The mean wait over the day."""
        return self._plot(wait_chart)

    def plot_staffing(self) -> ChartView:
        """Agents on duty beside the work they have, over the day."""
        return self._plot(staffing_chart)

    def plot_outcomes(self) -> ChartView:
        """How calls end."""
        return self._plot(outcomes_chart)

    def plot_stages(self) -> ChartView:
        """Callers offered, handled and handled in time."""
        return self._plot(stages_chart)

    def plot_waits(self) -> ChartView:
        """The share of callers who wait at most so long, by queue."""
        return self._plot(waits_chart)

    def plot_menu(self) -> ChartView:
        """The share of calls that spend at most so long in the menu."""
        return self._plot(menu_chart)

    def report(self, file: str | Path) -> None:
        """Write the report: one HTML page that opens offline."""
        Path(file).write_text(report_page(self), encoding="utf-8")

    def _plot(self, make: Callable[[ReportData], Chart | None]) -> ChartView:
        chart = make(data_of(self))
        if chart is None:
            raise ValueError("there is nothing to plot: no calls of this kind")
        return ChartView(chart, self.loaded.scenario.name)

    def _repr_html_(self) -> str:
        names = {queue: of.label or queue for queue, of in self.loaded.flow.queues.items()}
        rows = [(names.get(queue, queue), of) for queue, of in self.by_queue.items()]
        scenario, levels = self.loaded.scenario, self.queue_levels
        told = [f"Service level: within {self.within}."] if levels else []
        told += [f"{one.queue}: {one.goal} {one.judged or 'nobody joined'}." for one in levels if one.goal]
        rows.append(("All", self.measures))
        return _table(scenario.name, rows, len(self.parts), scenario.confidence, " ".join(told))


class Comparison(ComparisonResult):
    """Scenarios side by side. In a notebook they show themselves as a table."""

    def plot(self, measure: str = "service_level") -> ChartView:
        """All scenarios on one scale, with their intervals.

        Parameters
        ----------
        measure : {"service_level", "asa_s", "abandonment", "occupancy"}

        Raises
        ------
        ValueError
            If there is no chart of this measure.
        """
        if measure not in QUESTIONS:
            raise ValueError(f"there is no chart of {measure!r}; there are {', '.join(QUESTIONS)}")
        data = comparison_of(self)
        if any(measure not in variant.overall for variant in data.variants):
            raise ValueError(f"not every scenario has {measure!r}")
        return ChartView(comparison_chart(data, measure), data.title)

    def report(self, file: str | Path) -> None:
        """Write the report: one HTML page that opens offline."""
        page = comparison_page(self, list(self.menus().values()))
        Path(file).write_text(page, encoding="utf-8")

    def menus(self) -> dict[str, FlowComparison]:
        """What the scenarios with other menus than the first do: agents and money saved, and the causes, by name."""
        return menus_of(self)

    def to_pandas(self) -> pd.DataFrame:
        """Return a row for each scenario and measure: mean, interval, and the difference from the first scenario."""
        import pandas as pd

        rows = []
        for name, result in self.results.items():
            different = self.differences.get(name, {})
            for measure, value in result.measures.items():
                row: dict[str, object] = {"scenario": name, "measure": measure, **_interval(value)}
                if measure in different:
                    found = _interval(different[measure])
                    row["difference"] = found.pop("mean")
                    row |= {f"difference_{part}": end for part, end in found.items()}
                rows.append(row)
        return pd.DataFrame(rows)

    def _repr_html_(self) -> str:
        first = self.results[self.baseline]
        rows = [(name, result.measures) for name, result in self.results.items()]
        scenario = first.loaded.scenario
        return _table(scenario.name, rows, len(first.parts), scenario.confidence)


def _table(
    title: str, rows: Sequence[tuple[str, dict[str, Estimate]]], runs: int, confidence: float, told: str = ""
) -> str:
    """Names and their measures, with intervals; below them, what is `told`."""
    names = [name for name in _SHOWN if any(name in of for _, of in rows)]
    heads = ("", *(MEASURES[name].title for name in names))
    body = [[label, *(written(name, of[name]) if name in of else "–" for name in names)] for label, of in rows]
    return shown_table(title, heads, body, f"{told} {confidence_note(runs, confidence)}".strip())


def simulate(
    loaded: LoadedScenario,
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    keep_calls: bool = False,
    workers: int | None = None,
    precision: Precision | None = None,
    time_budget_s: float | None = None,
    progress: bool | None = None,
) -> Result:
    """Simulate a scenario.

    Parameters
    ----------
    loaded : LoadedScenario
        As ``load_scenario`` returns it.
    replications, seed, engine, keep_calls, workers, precision, time_budget_s
        As in ``simulation.experiment.run.simulate``.
    progress : bool, optional
        Whether to show a progress bar; default: in a notebook.

    Returns
    -------
    Result

    Raises
    ------
    ScenarioError
        If the scenario asks for something that cannot be simulated.
    UsageError
        If an option has an invalid value.

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> simulate(load_scenario("power_outage"), replications=2, engine="reference")
    <Result 'Lakeshore Power, the evening of a storm': 2 replications, seed 1, reference engine>
    """
    with shown_progress("simulating", shown=progress) as bar:
        found = run_simulation(
            loaded,
            replications=replications,
            seed=seed,
            engine=engine,
            keep_calls=keep_calls,
            workers=workers,
            precision=precision,
            time_budget_s=time_budget_s,
            progress=bar,
        )
    return Result(**_fields(found))


def compare(
    scenarios: Sequence[tuple[str, LoadedScenario]],
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    time_budget_s: float | None = None,
    progress: bool | None = None,
) -> Comparison:
    """Simulate scenarios on the same callers, and compare them with the first.

    Parameters
    ----------
    scenarios : sequence of (name, LoadedScenario)
    replications, seed, engine, workers, time_budget_s
        As in ``simulation.experiment.compare.compare``.
    progress : bool, optional
        Whether to show a progress bar; default: in a notebook.

    Returns
    -------
    Comparison

    Raises
    ------
    UsageError
        If two scenarios have the same name, or there are none.
    """
    with shown_progress("comparing", shown=progress) as bar:
        found = run_comparison(
            scenarios,
            replications=replications,
            seed=seed,
            engine=engine,
            workers=workers,
            time_budget_s=time_budget_s,
            progress=bar,
        )
    return Comparison(**_fields(found))


def _fields(found: RunResult | ComparisonResult) -> dict[str, Any]:
    return {field.name: getattr(found, field.name) for field in fields(found)}


def _interval(value: Estimate) -> dict[str, object]:
    return {"mean": value.mean, "half_width": value.half_width, "low": value.low, "high": value.high}
