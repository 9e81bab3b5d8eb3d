"""Simulate a scenario: run replications and return measures with intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from flows.source.document import nearest
from flows.source.finding import usage_error
from ivr.records.measures import MEASURES, Sums
from ivr.records.tables import Records, concatenate
from simulation.clock.local_time import EPOCH
from simulation.experiment.estimates import estimate
from simulation.experiment.replicate import Effort, Progress, replicate
from simulation.experiment.run_result import RunResult
from simulation.experiment.runner import Runner
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Precision

__all__ = ["RunResult", "require_measure", "require_whole", "simulate"]


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
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> RunResult:
    """Simulate a scenario.

    Parameters
    ----------
    loaded : LoadedScenario
    replications, seed : int, optional
        Default: those of the scenario.
    engine : {"auto", "reference", "kernel"}
    keep_calls : bool
        Whether to keep the records of every call; if not, only sums are kept.
    workers : int, optional
        Number of threads; results do not depend on it. Default: one per processor with the kernel, otherwise one.
    precision : Precision, optional
        Run until a measure is known this precisely. Default: that of the scenario.
    time_budget_s : float, optional
        Stop after about this many seconds.
    progress : callable, optional
        Called with the number done and the total after each replication.
    on_compile : callable, optional
        Called if the kernel has to be compiled first, which takes a while.

    Returns
    -------
    RunResult
        After Ctrl-C, from the replications finished by then.

    Raises
    ------
    ScenarioError
        If the scenario asks for something that cannot be simulated.
    UsageError
        If an option has an invalid value.

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> result = simulate(load_scenario("power_outage"), replications=2, engine="reference")
    >>> result.engine, len(result.parts)
    ('reference', 2)
    """
    scenario = loaded.scenario
    runner = Runner.of(loaded, engine=engine, keep_calls=keep_calls, on_compile=on_compile)
    replications = scenario.replications if replications is None else replications
    seed = scenario.seed if seed is None else seed
    precision = scenario.precision if precision is None else precision
    require_whole(replications, seed)
    if precision is not None:
        require_measure(precision.measure)
    effort = Effort(
        replications=max(2, replications) if precision else replications,
        half_width=precision.half_width if precision else None,
        at_most=precision.at_most if precision else replications,
        time_budget_s=time_budget_s,
        workers=runner.workers(workers),
    )

    def half_width(found: Sequence[tuple[Sums, Records | None]]) -> float:
        measure = precision.measure if precision else ""
        known = estimate([part for part, _ in found], confidence=scenario.confidence).get(measure)
        return float("inf") if known is None or known.half_width is None else known.half_width

    def one(replication: int, busy_u: float) -> tuple[Sums, Records | None]:
        part, records = runner.replication(runner.calls(seed, replication, busy_u), runner.staff_of(seed, replication))
        return part, records if keep_calls else None

    done = replicate(one, effort, seed=seed, half_width=half_width, progress=progress)
    kept = [records for _, records in done.results if records is not None]
    parts = [part for part, _ in done.results]
    together = _of_moments(kept, loaded) if kept else None
    return replace(runner.result(parts, seed, together, stopped=done.stopped), precision=precision)


def require_measure(name: str) -> None:
    """Reject unknown measure names.

    Raises
    ------
    UsageError
        X005, with the closest name as a hint.
    """
    if name not in MEASURES:
        near = nearest(name, list(MEASURES))
        raise usage_error(
            "X005",
            f"there is no measure {name!r}",
            f"did you mean {near!r}?" if near else f"for example service_level; there are {', '.join(MEASURES)}",
        )


def require_whole(replications: int, seed: int) -> None:
    """Reject invalid numbers of replications and seeds.

    Raises
    ------
    UsageError
        X005, with what is allowed.
    """
    if not 1 <= replications <= 100_000:
        raise usage_error(
            "X005", f"{replications} replications; run from 1 to 100,000", "for example --replications 20"
        )
    if seed < 0:
        raise usage_error("X005", f"the seed is {seed}; it must be 0 or more", "for example --seed 1")


def _of_moments(kept: Sequence[Records], loaded: LoadedScenario) -> Records:
    """Combine all replications into one, with the time they begin."""
    clock = loaded.scenario.clock
    labels = {name: queue.label for name, queue in loaded.flow.queues.items() if queue.label}
    return replace(_together(kept), begins_us=-clock.elapsed_us(EPOCH), zone=clock.zone, labels=labels)


def _together(kept: Sequence[Records]) -> Records:
    """Combine all replications into one, with a single numbering of paths."""
    code: dict[str, int] = {}
    for records in kept:
        for path in records.names["path"]:
            code.setdefault(path, len(code))
    renamed = []
    for records in kept:
        new = np.array([*(code[path] for path in records.names["path"]), -1], dtype=np.int32)
        calls = {**records.calls, "path": new[records.calls["path"]]}
        names = {key: value for key, value in records.names.items() if key not in ("source", "outcome", "result")}
        renamed.append(replace(records, calls=calls, names={**names, "path": tuple(code)}))
    return concatenate(renamed)
