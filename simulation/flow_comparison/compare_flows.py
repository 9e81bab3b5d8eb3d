"""Takes the difference that a new menu makes apart, and finds the agents that it saves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from ivr.records.definitions.cost_measures import COST_KINDS
from ivr.records.measures import MEASURES, Sums
from simulation.experiment.compare import ComparisonResult
from simulation.experiment.estimates import estimate
from simulation.experiment.replicate import Effort, Progress, replicate
from simulation.experiment.runner import Runner
from simulation.flow_comparison.agents_saved import agents_saved
from simulation.flow_comparison.causes import of_causes, subsets
from simulation.flow_comparison.mixed_table import differs, mixed
from simulation.flow_comparison.result import CAUSES, FlowComparison
from simulation.scenario.loaded import LoadedScenario
from simulation.tables.call_table import CallTable

__all__ = ["TOLD", "compare_flows", "menus_of", "other_flow"]

TOLD = (
    "menu_s",
    "menu_and_wait_s",
    "containment",
    "share_abandoned_in_menu",
    "offered",
    "service_level",
    "asa_s",
    "abandonment",
    "occupancy",
    *COST_KINDS,
    "cost",
    "value",
    "net_value",
    "cost_per_call",
)
"""The measures whose difference is taken apart."""
_FLOOR = ("groups", "staff_factor", "routing", "expected_wait", "lines", "at_end", "costs")
_CALLERS = (
    "start",
    "zone",
    "horizon",
    "interval",
    "warm_up",
    "arrivals",
    "behaviour",
    "talk",
    "after_call_work",
    "patience",
    "queues",
)


def other_flow(old: LoadedScenario, new: LoadedScenario) -> bool:
    """Whether two scenarios have flows that mean something else."""
    return old.flow.digest != new.flow.digest


def compare_flows(
    old: tuple[str, LoadedScenario],
    new: tuple[str, LoadedScenario],
    *,
    replications: int,
    seed: int,
    engine: str = "auto",
    workers: int | None = None,
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> FlowComparison:
    """Compare two scenarios that name different flows, on the same callers.

    The difference is taken apart into the seconds in the menus, who leaves in the menus (contained or hung up), where
    callers go, and what else differs (agents, routing, lines). Every mixture of old and new is simulated with the same
    callers, and what a cause adds is averaged over all orders in which the causes could come (Shapley 1953), so that
    the causes add up to the whole.

    Parameters
    ----------
    old, new : (name, LoadedScenario)
        The scenarios may differ in the flow, the goals of intents, and the floor.
    replications, seed : int
    engine, workers, progress, on_compile
        As in ``simulation.experiment.compare.compare``.

    Returns
    -------
    FlowComparison
        With `refused` and `hint` if they cannot be compared so.
    """
    (before, one), (after, other) = old, new
    wrong = _cannot(before, one, after, other)
    if wrong:
        return FlowComparison(before, after, {}, {}, {}, refused=wrong[0], hint=wrong[1])
    pair = _Runners.of(one, other, engine, on_compile)
    tables = pair.tables(seed, 0, 0.5)
    reason = differs(tables[False, False], tables[True, False]) or differs(tables[False, True], tables[True, True])
    if reason:
        hint = (
            "give both flows the same queues, with the same names"
            if reason == "other queues"
            else "state arrivals, intents and talk times alike in both scenarios"
        )
        return FlowComparison(before, after, {}, {}, {}, refused=f"{before} and {after} have {reason}", hint=hint)
    causes = [cause for cause in CAUSES if cause != "floor" or pair.floors]
    sets = subsets(causes)

    def simulated(replication: int, busy_u: float) -> list[Sums]:
        drawn = pair.tables(seed, replication, busy_u)
        return [pair.one(drawn, of, seed, replication) for of in sets]

    effort = Effort(replications=replications, workers=pair.runners[False, False].workers(workers))
    done = replicate(simulated, effort, seed=seed, progress=progress)
    parts: Mapping[frozenset[str], Sequence[Sums]] = {of: [row[i] for row in done.results] for i, of in enumerate(sets)}
    confidence = one.scenario.confidence
    first, last = parts[sets[0]], parts[sets[-1]]
    names = [name for name in TOLD if name in MEASURES]
    return FlowComparison(
        before,
        after,
        estimate(first, confidence=confidence),
        estimate(last, confidence=confidence),
        of_causes(causes, parts, names, confidence),
        agents_saved(pair.runners[True, False], first, seed=seed, confidence=confidence),
    )


def menus_of(
    found: ComparisonResult, *, workers: int | None = None, progress: Progress | None = None
) -> dict[str, FlowComparison]:
    """Compare the scenarios that have other menus than the first with it, menu against menu.

    Parameters
    ----------
    found : ComparisonResult
        Its engine, seed and replications are used again.
    workers, progress : optional
        As in ``compare_flows``.

    Returns
    -------
    dict of str to FlowComparison
        By scenario; empty if all have the menus of the first.
    """
    first = found.results[found.baseline]
    return {
        name: compare_flows(
            (found.baseline, first.loaded),
            (name, result.loaded),
            replications=len(first.parts),
            seed=first.seed,
            engine=first.engine,
            workers=workers,
            progress=progress,
        )
        for name, result in found.results.items()
        if other_flow(first.loaded, result.loaded)
    }


@dataclass(frozen=True)
class _Runners:
    """Runners of both flows with both floors: by (new flow, new floor)."""

    runners: Mapping[tuple[bool, bool], Runner]
    floors: bool
    """Whether the floors differ."""

    @classmethod
    def of(
        cls, old: LoadedScenario, new: LoadedScenario, engine: str, on_compile: Callable[[], None] | None
    ) -> _Runners:
        """Make them."""
        a, b = old.scenario, new.scenario
        floors = any(getattr(a, name) != getattr(b, name) for name in _FLOOR)
        made: dict[tuple[bool, bool], Runner] = {}
        for flow, callers in ((False, old), (True, new)):
            for floor, of in ((False, a), (True, b)):
                scenario = callers.scenario.model_copy(update={name: getattr(of, name) for name in _FLOOR})
                scenario = scenario.model_copy(update={"service_level": a.service_level})
                made[flow, floor] = (
                    made[flow, False]
                    if floor and not floors
                    else Runner.of(replace(callers, scenario=scenario), engine=engine, on_compile=on_compile)
                )
        return cls(made, floors)

    def tables(self, seed: int, replication: int, busy_u: float) -> dict[tuple[bool, bool], CallTable]:
        """The call table of each, drawn once where they are the same."""
        found: dict[tuple[bool, bool], CallTable] = {}
        for (flow, floor), runner in self.runners.items():
            found[flow, floor] = (
                found[flow, False] if floor and not self.floors else runner.calls(seed, replication, busy_u)
            )
        return found

    def one(
        self, drawn: Mapping[tuple[bool, bool], CallTable], of: frozenset[str], seed: int, replication: int
    ) -> Sums:
        """One replication in which these causes are as in the new scenario."""
        floor = "floor" in of
        calls = mixed(
            drawn[False, floor],
            drawn[True, floor],
            seconds="seconds" in of,
            leaves="leaves" in of,
            routes="routes" in of,
        )
        runner = self.runners["routes" in of, floor]  # what a queue says and how many may wait goes with the route
        if calls.queues != runner.routing.queues:
            calls = _renamed(calls, runner.routing.queues)
        return runner.replication(calls, runner.staff_of(seed, replication))[0]


def _renamed(calls: CallTable, queues: tuple[str, ...]) -> CallTable:
    """The same calls with queues in another order."""
    code = np.array([*(queues.index(queue) for queue in calls.queues), -1])
    return replace(calls, queue=code[calls.queue].astype(calls.queue.dtype), queues=queues)


def _cannot(before: str, old: LoadedScenario, after: str, new: LoadedScenario) -> tuple[str, str] | None:
    """Why two scenarios cannot be compared cause by cause, and what to do."""
    a, b = old.scenario, new.scenario
    for here, there, one, other in ((before, after, a, b), (after, before, b, a)):
        only = [name for name in one.intents if name not in other.intents]
        if only:
            return (
                f"nobody in {there} wants what {', '.join(map(repr, only))} of {here} want",
                f"give {there} the same intent, with the goal that serves these callers there: a queue, if the menu"
                " does not",
            )
    if list(a.intents) != list(b.intents):
        return f"{before} and {after} list their intents in different orders", "list them alike: callers draw by order"
    unlike = [
        name
        for name in a.intents
        if a.intents[name].model_copy(update={"goal": ()}) != b.intents[name].model_copy(update={"goal": ()})
    ]
    if unlike:
        return (
            f"callers of {', '.join(map(repr, unlike))} differ in more than their goal",
            "state the same share, urgency, retry and values in both scenarios",
        )
    others = [name for name in _CALLERS if getattr(a, name) != getattr(b, name)]
    if others:
        return (
            f"{before} and {after} differ in {', '.join(others)}",
            "state them alike in both scenarios: then only the menus and the floor differ",
        )
    return None
