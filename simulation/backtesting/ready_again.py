"""Sets the pauses of test days so that these days come out, as those of a log's own days are set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulation.backtesting.explain import excess
from simulation.backtesting.own_days import REPLICATIONS, balanced, with_pauses
from simulation.backtesting.simulated import Cut, Figures, simulate_days
from simulation.calibration.pauses import PauseEstimate
from simulation.calibration.scenario_data import ScenarioData
from simulation.scenario.loaded import LoadedScenario

__all__ = ["with_balanced_pauses"]


def with_balanced_pauses(
    own: ScenarioData,
    pauses: PauseEstimate | None,
    made: Callable[[ScenarioData], LoadedScenario],
    cut: Cut,
    real: Figures,
    *,
    replications: int,
    engine: str,
    on_compile: Callable[[], None] | None,
) -> ScenarioData:
    """The test days' own inputs, with pauses that make these days neither busier nor idler than they were.

    Parameters
    ----------
    own : ScenarioData
    pauses : PauseEstimate or None
        As the answers of the test days show them.
    made : callable
        From inputs to a scenario of the test days with all of them.
    cut : Cut
    real : Figures
    replications : int
        At most; fewer do to set pauses.
    engine : str
    on_compile : callable or None
    """
    if pauses is None:
        return own
    trying = _Trying(own, pauses, made, cut, real, min(replications, REPLICATIONS), engine, on_compile)
    return with_pauses(own, pauses, balanced(trying)[0])


@dataclass(frozen=True)
class _Trying:
    """Runs of the test days with all their inputs and pauses of several lengths."""

    own: ScenarioData
    pauses: PauseEstimate
    made: Callable[[ScenarioData], LoadedScenario]
    cut: Cut
    real: Figures
    replications: int
    engine: str
    on_compile: Callable[[], None] | None

    def excesses(self, runs: Sequence[Figures]) -> list[float]:
        return [excess(self.real.whole, run.whole) for run in runs]

    def run(self, factor: float) -> Sequence[Figures]:
        return simulate_days(
            self.made(with_pauses(self.own, self.pauses, factor)),
            self.cut,
            replications=self.replications,
            seed=1,
            engine=self.engine,
            on_compile=self.on_compile,
        )
