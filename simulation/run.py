"""Simulate a scenario: replication by replication, from its calls to measures with intervals."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from flows.errors import Finding, LimitError, UsageProblem
from ivr.measures import Sums, sums
from ivr.records import Records, concatenate
from simulation.assumptions import assumptions
from simulation.callers import Prepared, call_table, prepare
from simulation.estimates import Estimate, estimate
from simulation.exact import Exact, exact_answers
from simulation.plan import routing_table, staff_table
from simulation.reference import simulate as run_reference
from simulation.scenario_file import LoadedScenario
from simulation.streams import Streams, stratified_uniforms
from simulation.tables import CallTable

__all__ = ["ENGINES", "RunResult", "Runner", "busy_uniforms", "require_whole", "simulate"]

ENGINES = ("auto", "reference", "kernel")
Progress = Callable[[int, int], None]
"""Called with the replications done and in all."""


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
    """

    loaded: LoadedScenario
    engine: str
    seed: int
    parts: tuple[Sums, ...]
    exact: tuple[Exact, ...]
    assumptions: tuple[str, ...]
    records: Records | None = None

    @property
    def measures(self) -> dict[str, Estimate]:
        """All measures overall, with the exact value where there is one."""
        return self._with_exact(estimate(self.parts, confidence=self._confidence), {k: v for e in self.exact for k, v in e.measures.items()})

    @property
    def by_queue(self) -> dict[str, dict[str, Estimate]]:
        """Measures of each queue."""
        known: dict[str, dict[str, float]] = {}
        for answer in self.exact:
            for queue, values in answer.by_queue.items():
                known.setdefault(queue, {}).update(values)
        return {
            queue: self._with_exact(estimate(self.parts, queue=queue, confidence=self._confidence), known.get(queue, {}))
            for queue in self.parts[0].queues}

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

        starts = (i * scenario.interval for i in range(self.parts[0].intervals))
        return {
            "scenario": scenario.name, "engine": self.engine, "replications": len(self.parts), "seed": self.seed,
            "confidence": scenario.confidence, "threshold_s": scenario.service_level.threshold,
            "target": scenario.service_level.target,
            "measures": plain(self.measures),
            "by_queue": {name: plain(values) for name, values in self.by_queue.items()},
            "by_group": {name: plain(values) for name, values in self.by_group.items()},
            "by_interval": [{"start_s": start, "measures": plain(values)} for start, values in zip(starts, self.by_interval)],
            "exact": [{"model": e.model, "note": e.note} for e in self.exact],
            "assumptions": list(self.assumptions),
        }


def simulate(
    loaded: LoadedScenario, *, replications: int | None = None, seed: int | None = None, engine: str = "auto",
    keep_calls: bool = False, progress: Progress | None = None,
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
    progress : callable, optional
        Called after each replication with the number done and in all.

    Returns
    -------
    RunResult

    Raises
    ------
    ScenarioError
        When the scenario asks for what cannot be simulated.
    LimitError
        When the engine asked for does not exist.

    Examples
    --------
    >>> from simulation.scenario_file import load_scenario
    >>> result = simulate(load_scenario("power_outage"), replications=2)
    >>> result.engine, len(result.parts)
    ('reference', 2)
    """
    runner = Runner.of(loaded, engine=engine, keep_calls=keep_calls)
    replications = loaded.scenario.replications if replications is None else replications
    seed = loaded.scenario.seed if seed is None else seed
    require_whole(replications, seed)
    kept = []
    parts = []
    for i, busy_u in enumerate(busy_uniforms(replications, seed)):
        part, records = runner.replication(runner.calls(seed, i, busy_u))
        parts.append(part)
        kept += [records] if keep_calls else []
        if progress:
            progress(i + 1, replications)
    return runner.result(parts, seed, _together(kept) if kept else None)


def require_whole(replications: int, seed: int) -> None:
    """Refuse numbers of replications and seeds that nobody can mean.

    Raises
    ------
    UsageProblem
        X005, with what is allowed.
    """
    if not 1 <= replications <= 100_000:
        raise UsageProblem(Finding(
            code="X005", severity="error", message=f"{replications} replications; run from 1 to 100,000", hint="for example --replications 20"))
    if seed < 0:
        raise UsageProblem(Finding(
            code="X005", severity="error", message=f"the seed is {seed}; it must be 0 or more", hint="for example --seed 1"))


def busy_uniforms(replications: int, seed: int) -> list[float]:
    """One uniform a replication for its busyness, spread evenly over the replications."""
    return stratified_uniforms(replications, Streams(seed).generator("busyness")).tolist()


@dataclass(frozen=True)
class Runner:
    """One scenario, ready to run any of its replications."""

    prepared: Prepared
    engine: str
    staff: Any
    routing: Any
    keep_calls: bool = False

    @classmethod
    def of(
        cls, loaded: LoadedScenario, *, engine: str = "auto", keep_calls: bool = False, like: Prepared | None = None,
    ) -> Runner:
        """Make a runner; `like` is the preparation of a scenario with the same flow, whose chain is used again."""
        if engine == "kernel":
            raise LimitError(Finding(
                code="X006", severity="error", message="there is no compiled engine yet", hint="use --engine reference, or leave it to auto"))
        if engine not in ENGINES:
            raise UsageProblem(Finding(
                code="X006", severity="error", message=f"there is no engine {engine!r}", hint=f"engines: {', '.join(ENGINES)}"))
        chain = like.rules.chain if like and like.loaded.flow.digest == loaded.flow.digest else None
        return cls(prepare(loaded, chain=chain), "reference", staff_table(loaded.scenario),
                   routing_table(loaded.scenario, loaded.flow), keep_calls)

    def calls(self, seed: int, replication: int, busy_u: float) -> CallTable:
        """The calls of one replication."""
        return call_table(self.prepared, Streams(seed, replication), busy_u=busy_u, paths=self.keep_calls)

    def replication(self, calls: CallTable) -> tuple[Sums, Records]:
        """Run one replication; conservation is checked by the engine."""
        scenario = self.prepared.scenario
        records = run_reference(
            calls, self.staff, self.routing, lines=scenario.lines, horizon_us=self.prepared.horizon_us, at_end=scenario.at_end)
        part = sums(
            records, threshold_us=round(scenario.service_level.threshold * 1e6), interval_us=round(scenario.interval * 1e6),
            key_presses=calls.key_presses)
        return part, records

    def result(self, parts: Sequence[Sums], seed: int, records: Records | None = None) -> RunResult:
        """The result of replications."""
        loaded = self.prepared.loaded
        return RunResult(
            loaded=loaded, engine=self.engine, seed=seed, parts=tuple(parts), exact=exact_answers(self.prepared, self.staff, self.routing),
            assumptions=assumptions(loaded.scenario, self.prepared.rules.chain), records=records)


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
