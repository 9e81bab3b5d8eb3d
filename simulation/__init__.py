"""Many calls, few agents: scenarios, engines, experiments, reports.

What the package offers is loaded on first use; ``docs/api.md`` has examples.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

try:
    from flows.registry import on_first_use
except ImportError as error:  # another's `flows` stands where ours should
    from ivr_flow_simulator import refuse

    refuse(error)

if TYPE_CHECKING:
    from simulation.experiment.compare import ComparisonResult, compare
    from simulation.experiment.run import simulate
    from simulation.experiment.run_result import RunResult
    from simulation.loading.load import load_scenario, parse_scenario

__all__ = ["ComparisonResult", "RunResult", "compare", "load_scenario", "parse_scenario", "simulate"]

__getattr__ = on_first_use(
    __name__,
    {
        "ComparisonResult": "simulation.experiment.compare:ComparisonResult",
        "RunResult": "simulation.experiment.run:RunResult",
        "compare": "simulation.experiment.compare:compare",
        "load_scenario": "simulation.loading.load:load_scenario",
        "parse_scenario": "simulation.loading.load:parse_scenario",
        "simulate": "simulation.experiment.run:simulate",
    },
)
