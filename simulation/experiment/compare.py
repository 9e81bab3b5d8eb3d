"""Compare scenarios on the same callers: paired differences, and whether each could be chance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from flows.source.finding import usage_error
from ivr.records.measures import Sums
from simulation.experiment.day_spread import DaySpread
from simulation.experiment.estimates import Estimate, paired_difference
from simulation.experiment.replicate import Effort, Progress, replicate
from simulation.experiment.run import require_whole
from simulation.experiment.run_result import RunResult
from simulation.experiment.runner import Runner
from simulation.experiment.same_tables import same_tables
from simulation.experiment.scenario_changes import agent_hours, changes
from simulation.experiment.verdict import verdict
from simulation.scenario.floor import QueueTimes
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Scenario
from simulation.tables.checks import CallTable
from simulation.workload.build_call_table import Prepared
from simulation.workload.draw_patience_and_talk import talk_columns

__all__ = ["ComparisonResult", "compare"]


@dataclass(frozen=True)
class ComparisonResult:
    """Results by name, the baseline first, and how the others differ from it.

    Parameters
    ----------
    results : dict of str to RunResult
    differences : dict of str to dict of str to Estimate
        Scenario minus baseline, by name and measure; the baseline itself is left out.
    same_callers : bool
        Whether every scenario had exactly the same callers (same calls, paths, patience and talk).
    """

    results: dict[str, RunResult]
    differences: dict[str, dict[str, Estimate]]
    same_callers: bool

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of {', '.join(self.results)}>"

    @property
    def baseline(self) -> str:
        """Name of the first scenario."""
        return next(iter(self.results))

    @property
    def agent_hours(self) -> dict[str, float]:
        """Agent-hours on each scenario's roster."""
        return {name: agent_hours(result.loaded.scenario) for name, result in self.results.items()}

    @property
    def days(self) -> dict[str, dict[str, DaySpread]]:
        """How the days of each scenario differ."""
        return {name: result.days for name, result in self.results.items()}

    @property
    def changes(self) -> dict[str, tuple[str, ...]]:
        """What each scenario after the first changes from the first."""
        base = self.results[self.baseline].loaded.document.data
        return {
            name: changes(base, result.loaded.document.data)
            for name, result in self.results.items()
            if name != self.baseline
        }

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``ivr compare --json``; see ``docs/planning.md``."""
        return {
            "baseline": self.baseline,
            "same_callers": self.same_callers,
            "agent_hours": self.agent_hours,
            "days": {name: {measure: of.as_dict() for measure, of in days.items()} for name, days in self.days.items()},
            "changes": {name: list(changed) for name, changed in self.changes.items()},
            "scenarios": {name: result.as_dict() for name, result in self.results.items()},
            "differences": {
                name: {
                    measure: {**value.as_dict(), "verdict": verdict(measure, value)} for measure, value in found.items()
                }
                for name, found in self.differences.items()
            },
        }


def compare(
    scenarios: Sequence[tuple[str, LoadedScenario]],
    *,
    replications: int | None = None,
    seed: int | None = None,
    engine: str = "auto",
    workers: int | None = None,
    time_budget_s: float | None = None,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> ComparisonResult:
    """Simulate scenarios on the same callers and compare them with the first.

    Parameters
    ----------
    scenarios : sequence of (name, LoadedScenario)
        At least one; the first is the baseline.
    replications, seed : int, optional
        Default: those of the baseline.
    engine : {"auto", "reference", "kernel"}
    workers, time_budget_s : optional
        As in ``simulation.experiment.run.simulate``.
    progress : callable, optional
        Called with the number done and the total after each replication of all scenarios.
    on_compile : callable, optional
        Called if the kernel has to be compiled first, which takes a while.

    Raises
    ------
    UsageError
        If two scenarios have the same name, or there are none.

    Notes
    -----
    Common random numbers: replication i of every scenario uses the same streams. Scenarios that differ only in agents,
    routing, lines or what happens at the end get identical calls, which are drawn once.
    """
    names = [name for name, _ in scenarios]
    if not names or len(set(names)) < len(names):
        raise usage_error(
            "X007",
            f"scenarios are named {', '.join(names) or 'nothing'}",
            "give each a name of its own: --set 'lean: staff_factor=0.9'",
        )
    first = scenarios[0][1].scenario
    replications = first.replications if replications is None else replications
    seed = first.seed if seed is None else seed
    require_whole(replications, seed)
    runners: list[Runner] = []
    for _, loaded in scenarios:
        runners.append(Runner.of(loaded, engine=engine, on_compile=on_compile))
    share = [
        next(j for j in range(i + 1) if same_tables(runners[j].prepared.loaded, runner.prepared.loaded))
        for i, runner in enumerate(runners)
    ]

    def one(replication: int, busy_u: float) -> list[Sums]:
        drawn: dict[int, CallTable] = {}
        parts = []
        for i, runner in enumerate(runners):
            calls = drawn.get(share[i])
            if calls is None:
                calls = drawn[share[i]] = runner.calls(seed, replication, busy_u)
            parts.append(runner.replication(calls, runner.staff_of(seed, replication))[0])
        return parts

    effort = Effort(replications=replications, workers=runners[0].workers(workers), time_budget_s=time_budget_s)
    done = replicate(one, effort, seed=seed, progress=progress)
    parts = list(zip(*done.results, strict=True))
    results = {
        name: runner.result(of, seed, stopped=done.stopped)
        for name, runner, of in zip(names, runners, parts, strict=True)
    }
    baseline = next(iter(results.values()))
    differences = {
        name: paired_difference(result.parts, baseline.parts, confidence=first.confidence)
        for name, result in results.items()
        if result is not baseline
    }
    same = all(_same_callers(runners[0].prepared, runner.prepared) for runner in runners)
    return ComparisonResult(results, differences, same)


_OF_THE_CALLERS = (
    "start",
    "zone",
    "horizon",
    "interval",
    "arrivals",
    "intents",
    "behaviour",
    "talk",
    "after_call_work",
    "patience",
)


def _same_callers(one: Prepared, other: Prepared) -> bool:
    """Whether two scenarios have the same callers, whoever answers them."""
    a, b = one.scenario, other.scenario
    return (
        one.loaded.flow.digest == other.loaded.flow.digest
        and all(getattr(a, name) == getattr(b, name) for name in _OF_THE_CALLERS)
        and _queues(a) == _queues(b)
        and set(talk_columns(a, one.model)[0]) == set(talk_columns(b, other.model)[0])
        and (
            a.arrivals.kind not in ("csv", "history", "trace") or one.loaded.document.file == other.loaded.document.file
        )
    )


def _queues(scenario: Scenario) -> dict[str, QueueTimes]:
    """What differs for queues, but for what is to be reached in them."""
    queues = {name: of.model_copy(update={"service_level": None}) for name, of in scenario.queues.items()}
    return {name: of for name, of in queues.items() if of != QueueTimes()}
