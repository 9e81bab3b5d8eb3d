"""The charts of a report: each answers one question, and its title states the answer."""

from __future__ import annotations

from simulation.report.charts.chart import Chart
from simulation.report.charts.of_calls import menu_chart, outcomes_chart, stages_chart, waits_chart
from simulation.report.charts.over_time import service_level_chart, staffing_chart, wait_chart
from simulation.report.data import ReportData

__all__ = ["charts"]

_CHARTS = (service_level_chart, wait_chart, staffing_chart, outcomes_chart, stages_chart, waits_chart, menu_chart)


def charts(data: ReportData) -> tuple[Chart, ...]:
    """Return the charts for which there is data, in reading order.

    Parameters
    ----------
    data : ReportData

    Returns
    -------
    tuple of Chart
        Empty if there are no calls.
    """
    return tuple(chart for make in _CHARTS if (chart := make(data)) is not None)
