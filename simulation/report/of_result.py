"""The report pages of simulations and comparisons, made from their results."""

from __future__ import annotations

from collections.abc import Sequence

from simulation.experiment.compare import ComparisonResult
from simulation.experiment.run_result import RunResult
from simulation.flow_comparison.result import FlowComparison
from simulation.report.comparison import render_comparison
from simulation.report.data import Comparison, ReportData, comparison, report_data
from simulation.report.html import render
from simulation.report.scenario_in_words import inputs, outcome_of

__all__ = ["comparison_of", "comparison_page", "data_of", "report_page"]


def data_of(result: RunResult) -> ReportData:
    """Return the data of the report on a simulation."""
    scenario = result.loaded.scenario
    known = {name: value.exact for name, value in result.measures.items() if value.exact is not None}
    return report_data(
        result.parts,
        title=scenario.name,
        subtitle=f"{scenario.start:%A %d %B %Y} · seed {result.seed} · {result.engine} engine",
        labels=scenario.labels,
        target_share=scenario.service_level.target,
        targets=scenario.own_targets,
        exact=known,
        inputs=inputs(result.loaded) + outcome_of(result),
        assumptions=result.assumptions,
        confidence=scenario.confidence,
        queue_names={name: queue.label for name, queue in result.loaded.flow.queues.items()},
        moments=[scenario.clock.moment(at) for at in scenario.reported.edges_us[:-1].tolist()],
        currency=scenario.currency,
    )


def report_page(result: RunResult) -> str:
    """Return the report on a simulation: one HTML page that opens offline."""
    return render(data_of(result))


def comparison_of(found: ComparisonResult) -> Comparison:
    """Return the data of the report on a comparison."""
    first = found.results[found.baseline]
    scenario = first.loaded.scenario
    return comparison(
        {name: result.parts for name, result in found.results.items()},
        title=scenario.name,
        subtitle=f"{scenario.start:%A %d %B %Y} · seed {first.seed} · {first.engine} engine",
        target_share=scenario.service_level.target,
        targets=scenario.own_targets,
        inputs=inputs(first.loaded),
        assumptions=first.assumptions,
        confidence=scenario.confidence,
        same_callers=found.same_callers,
        agent_hours=found.agent_hours,
        changes=found.changes,
        currency=scenario.currency,
        days=found.days,
    )


def comparison_page(found: ComparisonResult, flows: Sequence[FlowComparison] = ()) -> str:
    """Return the report on a comparison: one HTML page that opens offline."""
    return render_comparison(comparison_of(found), flows)
