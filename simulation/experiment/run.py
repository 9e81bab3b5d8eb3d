"""Simulate a scenario: replication by replication, from its calls to measures with intervals."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from flows.source.document import nearest
from flows.source.finding import usage_error
from ivr.records.measures import MEASURES, Sums
from ivr.records.measures import sums as readable_sums
from ivr.records.tables import Records, concatenate
from simulation.clock.local_time import EPOCH
from simulation.engines.contract import engine as engine_named
from simulation.engines.contract import has_kernel
from simulation.engines.results import EngineResult, records_of
from simulation.experiment.assumptions import assumptions
from simulation.experiment.days_on_target import TargetDays, target_days
from simulation.experiment.estimates import Estimate, estimate
from simulation.experiment.exact_values import Exact, exact_answers
from simulation.experiment.replicate import Effort, Progress, Stopped, replicate
from simulation.sampling.streams import Streams
from simulation.scenario.loaded import LoadedScenario
from simulation.scenario.model import Precision
from simulation.scenario.routing import passing_on, routing_table
from simulation.tables.checks import CallTable, StaffTable
from simulation.workload.build_call_table import Prepared, build_call_table, prepare
from simulation.workload.build_staff_table import build_staff_table

__all__ = ["RunResult", "Runner", "require_whole", "simulate"]


@dataclass(frozen=True, kw_only=True)
class RunResult:
    """What a simulation found.

    Parameters
    ----------
    loaded : LoadedScenario
    engine : str
        The engine that ran.
    seed : int
    parts : tuple of Sums
        One for each replication.
    exact : tuple of Exact
        Closed forms that the scenario, or a part of it, reduces to.
    assumptions : tuple of str
    records : Records or None
        All calls of all replications, when they were kept.
    stopped : str
        Why there are no more replications; see ``simulation.experiment.replicate``.
    precision : Precision or None
        What was to be known precisely.
    """

    loaded: LoadedScenario
    engine: str
    seed: int
    parts: tuple[Sums, ...]
    exact: tuple[Exact, ...]
    assumptions: tuple[str, ...]
    records: Records | None = None
    stopped: Stopped = "all"
    precision: Precision | None = None

    def __repr__(self) -> str:
        runs = f"{len(self.parts)} replication{'s' if len(self.parts) != 1 else ''}"
        return f"<RunResult {self.loaded.scenario.name!r}: {runs}, seed {self.seed}, {self.engine} engine>"

    @property
    def target_met(self) -> TargetDays | None:
        """On how many days the service level is met; None without a target."""
        scenario = self.loaded.scenario
        if scenario.service_level.target is None:
            return None
        return target_days(
            self.parts,
            target=scenario.service_level.target,
            confidence=scenario.confidence,
            dates=scenario.clock.day(scenario.reported.edges_us[:-1]),
        )

    @property
    def measures(self) -> dict[str, Estimate]:
        """All measures overall, with the exact value where there is one."""
        return self._with_exact(
            estimate(self.parts, confidence=self._confidence), {k: v for e in self.exact for k, v in e.measures.items()}
        )

    @property
    def by_queue(self) -> dict[str, dict[str, Estimate]]:
        """Measures of each queue."""
        known: dict[str, dict[str, float]] = {}
        for answer in self.exact:
            for queue, values in answer.by_queue.items():
                known.setdefault(queue, {}).update(values)
        return {
            queue: self._with_exact(
                estimate(self.parts, queue=queue, confidence=self._confidence), known.get(queue, {})
            )
            for queue in self.parts[0].queues
        }

    @property
    def by_group(self) -> dict[str, dict[str, Estimate]]:
        """Measures of each agent group."""
        return {group: estimate(self.parts, group=group, confidence=self._confidence) for group in self.parts[0].groups}

    @property
    def by_interval(self) -> list[dict[str, Estimate]]:
        """Measures of each interval."""
        return [estimate(self.parts, interval=i, confidence=self._confidence) for i in range(self.parts[0].intervals)]

    @property
    def _confidence(self) -> float:
        return self.loaded.scenario.confidence

    @staticmethod
    def _with_exact(found: dict[str, Estimate], known: Mapping[str, float]) -> dict[str, Estimate]:
        return {name: replace(value, exact=known.get(name, value.exact)) for name, value in found.items()}

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``ivr simulate --json``; see ``docs/planning.md``."""
        scenario = self.loaded.scenario

        def plain(values: Mapping[str, Estimate]) -> dict[str, Any]:
            return {name: value.as_dict() for name, value in values.items()}

        edges_us = scenario.reported.edges_us[:-1].tolist()
        starts = [{"start_s": at / 1e6, "start": scenario.clock.moment(at).isoformat()} for at in edges_us]
        return {
            "scenario": scenario.name,
            "engine": self.engine,
            "replications": len(self.parts),
            "stopped": self.stopped,
            "seed": self.seed,
            "confidence": scenario.confidence,
            "threshold_s": scenario.service_level.threshold,
            "target": scenario.service_level.target,
            "target_met": self.target_met.as_dict() if self.target_met else None,
            "measures": plain(self.measures),
            "by_queue": {name: plain(values) for name, values in self.by_queue.items()},
            "by_group": {name: plain(values) for name, values in self.by_group.items()},
            "by_interval": [{**start, "measures": plain(values)} for start, values in zip(starts, self.by_interval)],
            "exact": [{"model": e.model, "note": e.note} for e in self.exact],
            "notes": [note.message for note in self.loaded.notes],
            "assumptions": list(self.assumptions),
        }


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
        Default: the scenario's own.
    engine : {"auto", "reference", "kernel"}
    keep_calls : bool
        Whether to keep the records of every call; without it only sums are kept.
    workers : int, optional
        Threads; the results are the same for any number. Default: one a processor with the kernel, else one.
    precision : Precision, optional
        Go on until a measure is known so precisely. Default: the scenario's own.
    time_budget_s : float, optional
        Stop after about so many seconds.
    progress : callable, optional
        Called after each replication with the number done and in all.
    on_compile : callable, optional
        Called when the kernel has to be compiled first, which takes a while.

    Returns
    -------
    RunResult
        After Ctrl-C, of what was finished by then.

    Raises
    ------
    ScenarioError
        When the scenario asks for what cannot be simulated.
    UsageError
        When an option has a value that cannot be meant.

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
        known = estimate([part for part, _ in found], confidence=scenario.confidence).get(precision.measure)  # type: ignore[union-attr]
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
    """Refuse what is no measure.

    Raises
    ------
    UsageError
        X005, with the nearest name.
    """
    if name not in MEASURES:
        near = nearest(name, MEASURES)
        raise usage_error(
            "X005",
            f"there is no measure {name!r}",
            f"did you mean {near!r}?" if near else f"for example service_level; there are {', '.join(MEASURES)}",
        )


def require_whole(replications: int, seed: int) -> None:
    """Refuse numbers of replications and seeds that nobody can mean.

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


@dataclass(frozen=True)
class Runner:
    """One scenario, ready to run any of its replications."""

    prepared: Prepared
    engine: str
    staff: StaffTable
    routing: Any
    keep_calls: bool = False
    sums: Callable[..., Sums] = readable_sums
    """From records to sums: the readable one, or the compiled one."""

    @classmethod
    def of(
        cls,
        loaded: LoadedScenario,
        *,
        engine: str = "auto",
        keep_calls: bool = False,
        like: Prepared | None = None,
        on_compile: Callable[[], None] | None = None,
    ) -> Runner:
        """Make a runner; `like` is the preparation of a scenario with the same flow and transfers, whose chain is used
        again.

        The kernel is loaded here; if it has to be compiled first, `on_compile` is called.
        """
        if engine == "auto":
            engine = "kernel" if has_kernel() else "reference"
        engine_named(engine)  # refused here, before any work
        same = (
            like
            and like.loaded.flow.digest == loaded.flow.digest
            and (passing_on(like.scenario, loaded.flow) == passing_on(loaded.scenario, loaded.flow))
        )
        chain = like.model.chain if like and same else None
        if engine == "kernel":
            from simulation.engines.kernel.measure_sums import sums
            from simulation.engines.kernel.menu_walk import walk
        else:
            from simulation.menus.sampled_walk import walk

            sums = readable_sums
        made = cls(
            prepare(loaded, chain=chain, walk=walk),
            engine,
            build_staff_table(loaded.scenario),
            routing_table(loaded.scenario, loaded.flow),
            keep_calls,
            sums,
        )
        if engine == "kernel":
            from simulation.engines.kernel.warm_up import made_ready

            made_ready(made.prepared.model, on_compile)
        return made

    def workers(self, wanted: int | None) -> int:
        """How many threads: as wanted, else one a processor if the engine can use them."""
        if wanted is not None and wanted < 1:
            raise usage_error("X005", f"{wanted} workers; there must be one at least", "for example --workers 2")
        # The reference engine is Python throughout: more threads would only wait for each other.
        return wanted or (os.cpu_count() or 1 if self.engine == "kernel" else 1)

    def calls(self, seed: int, replication: int, busy_u: float) -> CallTable:
        """The calls of one replication."""
        return build_call_table(self.prepared, Streams(seed, replication), busy_u=busy_u, paths=self.keep_calls)

    def staff_of(self, seed: int, replication: int) -> StaffTable:
        """The agents of one replication: all, or with shrinkage those who have come."""
        if not any(group.shrinkage for group in self.prepared.scenario.groups.values()):
            return self.staff
        return build_staff_table(self.prepared.scenario, Streams(seed, replication))

    def found(self, calls: CallTable, staff: StaffTable | None = None, *, estimates: bool = False) -> EngineResult:
        """What the engine finds out about the calls of one replication."""
        scenario = self.prepared.scenario
        return engine_named(self.engine).run(
            calls,
            self.staff if staff is None else staff,
            self.routing,
            lines=scenario.lines,
            horizon_us=self.prepared.horizon_us,
            at_end=scenario.at_end,
            queue_rules=self.prepared.queue_rules,
            estimates=estimates,
        )

    def replication(self, calls: CallTable, staff: StaffTable | None = None) -> tuple[Sums, Records]:
        """Run one replication; conservation is checked by the engine."""
        scenario = self.prepared.scenario
        found = self.found(calls, staff)
        records = records_of(found, calls, self.staff if staff is None else staff, horizon_us=self.prepared.horizon_us)
        part = self.sums(
            records,
            threshold_us=round(scenario.service_level.threshold * 1e6),
            interval_us=round(scenario.interval * 1e6),
            callback_us=round(scenario.service_level.callback_within * 1e6),
            from_us=round(scenario.warm_up * 1e6),
            edges_us=scenario.reported.edges_us,
        )
        return part, records

    def result(
        self,
        parts: Sequence[Sums],
        seed: int,
        records: Records | None = None,
        *,
        stopped: Stopped = "all",
    ) -> RunResult:
        """The result of replications."""
        loaded = self.prepared.loaded
        return RunResult(
            loaded=loaded,
            engine=self.engine,
            seed=seed,
            parts=tuple(parts),
            exact=exact_answers(self.prepared, self.staff, self.routing),
            assumptions=assumptions(loaded.scenario, self.prepared.model.chain),
            records=records,
            stopped=stopped,
        )


def _of_moments(kept: Sequence[Records], loaded: LoadedScenario) -> Records:
    """All replications in one, with the moment at which they begin."""
    clock = loaded.scenario.clock
    labels = {name: queue.label for name, queue in loaded.flow.queues.items() if queue.label}
    return replace(_together(kept), begins_us=-clock.elapsed_us(EPOCH), zone=clock.zone, labels=labels)


def _together(kept: Sequence[Records]) -> Records:
    """All replications in one, paths under one numbering."""
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
