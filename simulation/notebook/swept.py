"""Sweep from Python; the cells show and plot themselves in a notebook."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from simulation.notebook.chart_view import ChartView
from simulation.notebook.progress import shown_progress
from simulation.notebook.shown_table import shown_table
from simulation.report.charts.of_a_sweep import sweep_charts
from simulation.report.sweep_page import sweep_page
from simulation.report.sweep_text import figure_title, figure_written, sweep_verdict
from simulation.scenario.loaded import LoadedScenario
from simulation.sweeping.result import SweepResult
from simulation.sweeping.run import sweep as run_sweep

__all__ = ["Sweep", "sweep"]

_FIGURES = "cost,service_level"
_SHOWN = ("cost", "service_level", "asa_s", "abandonment", "occupancy")


class Sweep(SweepResult):
    """Cells of one scenario. In a notebook they show their frontier, and ``plot_...`` shows the report's charts.

    Everything of ``SweepResult``: ``figures``, ``frontier``, ``effects``, ``cheapest_on_target``, ``to_pandas``.
    """

    def plot_frontier(self, figures: str = _FIGURES) -> ChartView:
        """The cells by two figures, and those that no other beats in both."""
        return self._plot("frontier", figures, "")

    def plot_tornado(self, figure: str = "service_level") -> ChartView:
        """The effect of each place on a figure."""
        return self._plot("tornado", _FIGURES, figure)

    def plot_heat_map(self, figure: str = "service_level") -> ChartView:
        """A figure over two places: those that matter most."""
        return self._plot("heat-map", _FIGURES, figure)

    def report(self, file: str | Path, figures: str = _FIGURES) -> None:
        """Write the report: one HTML page that opens offline."""
        Path(file).write_text(sweep_page(self, figures=figures), encoding="utf-8")

    def _plot(self, key: str, figures: str, tornado: str) -> ChartView:
        for chart in sweep_charts(self, figures, tornado or self.axes(figures).y):
            if chart.key == key:
                return ChartView(chart, f"Sweep of {self.loaded.scenario.name}")
        raise ValueError("there is nothing to plot: no such figures, or a sample in place of a grid")

    def _repr_html_(self) -> str:
        cells = self.frontier()
        names = [name for name in _SHOWN if all(name in self.figures[cell] for cell in cells)]
        body = [
            [self.name(cell), *(figure_written(name, self.figures[cell][name]) for name in names)] for cell in cells
        ]
        title = f"Sweep of {self.loaded.scenario.name}: the frontier"
        return shown_table(title, ("", *map(figure_title, names)), body, sweep_verdict(self, _FIGURES))


def sweep(
    loaded: LoadedScenario,
    vary: Sequence[str],
    *,
    samples: int | None = None,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    scheduler: str | None = None,
    journal: str | Path | None = None,
    progress: bool | None = None,
) -> Sweep:
    """Simulate a scenario with every combination of values, or with a sample of them.

    Parameters
    ----------
    loaded : LoadedScenario
        As ``load_scenario`` returns it.
    vary : sequence of str
        As ``--vary``: ``["staff_factor=0.8..1.2/5", "lines=100,150"]``.
    samples, replications, seed, engine, workers, scheduler, journal
        As in ``simulation.sweeping.run.sweep``.
    progress : bool, optional
        Whether to show a progress bar; default: in a notebook.

    Returns
    -------
    Sweep

    Raises
    ------
    ScenarioError
        If a value does not fit the scenario.
    UsageError
        If an option has an invalid value.

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> sweep(load_scenario("power_outage"), ["staff_factor=1,2"], replications=1, engine="reference")
    <Sweep of staff_factor: 2 cells>
    """
    with shown_progress("cells", shown=progress) as bar:
        found, finished = run_sweep(
            loaded,
            vary,
            samples=samples,
            replications=replications,
            seed=seed,
            engine=engine,
            workers=workers,
            scheduler=scheduler,
            journal=journal,
            progress=bar,
        )
    if found.stopped == "all":
        finished()
    return Sweep(**{field.name: getattr(found, field.name) for field in fields(found)})
