"""Simulates cells of a study one after the other; cells with the same callers share the tables drawn for the first."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.source.finding import IvrError
from ivr.records.measures import Sums
from simulation.experiment.replicate import busy_uniforms
from simulation.experiment.runner import Runner
from simulation.experiment.same_tables import same_tables
from simulation.loading.load import parse_scenario
from simulation.scenario.loaded import LoadedScenario
from simulation.sweeping.cell_sums import CellSums
from simulation.sweeping.study import Study
from simulation.tables.checks import CallTable

__all__ = ["CellRunner", "load_cell"]

_KEPT_CALLS = 4_000_000
"""Most calls whose tables are kept, about half a gigabyte; the replications beyond are drawn for every cell."""


@dataclass
class _Callers:
    """The callers of some cells: a runner, and the tables drawn so far."""

    runner: Runner
    tables: dict[int, CallTable] = field(default_factory=dict)
    kept: int = 0

    def table(self, seed: int, replication: int, busy_u: float) -> CallTable:
        calls = self.tables.get(replication)
        if calls is None:
            calls = self.runner.calls(seed, replication, busy_u)
            if self.kept + len(calls) <= _KEPT_CALLS:
                self.tables[replication] = calls
                self.kept += len(calls)
        return calls


def load_cell(study: Study, settings: Sequence[str], file: str = "") -> LoadedScenario:
    """Read the scenario with the settings of a cell.

    Parameters
    ----------
    study : Study
    settings : sequence of str
    file : str
        Where the scenario lies; default: where the study found it.

    Raises
    ------
    ScenarioError
    """
    stated = next((text.partition("=")[2].strip() for text in reversed(settings) if _names_flow(text)), "")
    flow = study.flows[stated] if stated in study.flows else study.flows[""]
    return parse_scenario(study.text, file or study.file, settings=(*study.settings, *settings), flow=flow)


def _names_flow(setting: str) -> bool:
    return setting.partition("=")[0].strip() == "flow"


class CellRunner:
    """Simulates cells.

    Parameters
    ----------
    study : Study
    file : str
        Where the scenario lies; default: where the study found it.
    """

    def __init__(self, study: Study, file: str = "") -> None:
        self.study = study
        self._file = file
        self._uniforms = busy_uniforms(study.replications, study.seed)
        self._latest: _Callers | None = None
        self._lock = threading.Lock()

    def run(self, settings: Sequence[str]) -> CellSums:
        """Simulate a cell: the same numbers as those of a run of its own.

        Parameters
        ----------
        settings : sequence of str
            As for ``--set``.

        Returns
        -------
        CellSums
            With problems, and without sums, if the scenario with these settings cannot be simulated.
        """
        try:
            loaded = load_cell(self.study, settings, self._file)
            callers = self._callers(loaded)
            runner = callers.runner.sharing_calls(loaded)
            parts = [CellSums.small(self._one(callers, runner, i, u)) for i, u in enumerate(self._uniforms)]
        except IvrError as error:
            return CellSums(problems=tuple(error.findings))
        teams = runner.agents.teams
        cost = sum(team.hours * team.group.cost_per_hour for team in teams)
        return CellSums(tuple(parts), runner.agents.hours, cost)

    def _one(self, callers: _Callers, runner: Runner, replication: int, busy_u: float) -> Sums:
        seed = self.study.seed
        calls = callers.table(seed, replication, busy_u)
        return runner.replication(calls, runner.staff_of(seed, replication))[0]

    def _callers(self, loaded: LoadedScenario) -> _Callers:
        """Those of the cell before, if they are the same."""
        with self._lock:
            latest = self._latest
            if latest is None or not same_tables(latest.runner.prepared.loaded, loaded):
                latest = self._latest = _Callers(Runner.of(loaded, engine=self.study.engine))
            return latest
