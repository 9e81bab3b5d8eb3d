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
    from simulation.loading.load import load_scenario, parse_scenario
    from simulation.notebook.backtested import BacktestResult, backtest
    from simulation.notebook.calibrated import CalibrationResult, calibrate
    from simulation.notebook.results import Comparison, Result, compare, simulate
    from simulation.notebook.rostered import roster
    from simulation.notebook.swept import Sweep, sweep
    from simulation.rosters.roster import Roster

__all__ = [
    "BacktestResult",
    "CalibrationResult",
    "Comparison",
    "Result",
    "Roster",
    "Sweep",
    "backtest",
    "calibrate",
    "compare",
    "load_scenario",
    "parse_scenario",
    "roster",
    "simulate",
    "sweep",
]

__getattr__ = on_first_use(
    __name__,
    {
        "BacktestResult": "simulation.notebook.backtested:BacktestResult",
        "CalibrationResult": "simulation.notebook.calibrated:CalibrationResult",
        "Comparison": "simulation.notebook.results:Comparison",
        "Result": "simulation.notebook.results:Result",
        "Roster": "simulation.rosters.roster:Roster",
        "Sweep": "simulation.notebook.swept:Sweep",
        "backtest": "simulation.notebook.backtested:backtest",
        "calibrate": "simulation.notebook.calibrated:calibrate",
        "compare": "simulation.notebook.results:compare",
        "load_scenario": "simulation.loading.load:load_scenario",
        "parse_scenario": "simulation.loading.load:parse_scenario",
        "roster": "simulation.notebook.rostered:roster",
        "simulate": "simulation.notebook.results:simulate",
        "sweep": "simulation.notebook.swept:sweep",
    },
)
