"""What a scenario says about a flow, as plain data for lint and the flow tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any

import numpy as np

from flows.analysis.quickest_paths import leaves
from flows.analysis.traffic import ANSWERED_WITHIN_S, Facts, Staffing, Traffic, staffing
from flows.model.flow import Flow
from flows.nodes.menu import Menu
from flows.source import yaml_reader as native
from flows.source.finding import FlowError, IvrError
from simulation.experiment.assumptions import unstated_shares
from simulation.experiment.run import simulate
from simulation.loading.load import library, load_scenario
from simulation.menus.traffic import menu_traffic
from simulation.scenario.loaded import LoadedScenario
from simulation.workload.build_call_table import Prepared, prepare

__all__ = ["clock_shares", "scenario_facts", "traffic"]


def scenario_facts(file: str, flow: Flow) -> Facts:
    """Return what a scenario says about a flow; its callers call this flow, whichever one the scenario names.

    Parameters
    ----------
    file : str
        A scenario file, or the name of a shipped one.
    flow : Flow

    Examples
    --------
    >>> from flows.model.load import load
    >>> found = scenario_facts("northwind", load("northwind").flow)
    >>> sorted(found.staffing.groups["technicians"]), round(found.traffic.calls)
    (['tech'], 4975)
    """
    try:
        loaded = load_scenario(file, flow=flow)
    except IvrError as error:
        groups = _groups(file)
        of_rules = ("X004",) if groups else ()  # a queue without agents: R010 reports it at the queue
        return Facts(staffing(groups), findings=tuple(f for f in error.findings if f.code not in of_rules))
    staffed = Staffing(staffing(loaded.document.data["groups"]).groups, _Answered(loaded))
    try:
        return Facts(staffed, traffic(prepare(loaded)), loaded.notes)
    except IvrError as error:
        return Facts(staffed, findings=tuple(error.findings))


def _groups(file: str) -> Mapping[str, Any]:
    """The groups of a scenario that has other errors; empty if they cannot be read."""
    try:
        data = native.read(library(file)).data
    except FlowError:
        return {}  # reported already
    groups = data.get("groups") if isinstance(data, Mapping) else None
    return groups if isinstance(groups, Mapping) else {}


def traffic(prepared: Prepared) -> Traffic:
    """Return what the callers of a scenario do in the menus of its flow.

    Parameters
    ----------
    prepared : Prepared
    """
    scenario, flow = prepared.scenario, prepared.loaded.flow
    expected = prepared.arrivals.expected_calls
    calls = expected(prepared.horizon_us)
    found = menu_traffic(prepared.model, [leaf.node for leaf in leaves(flow)], clock_shares(prepared, calls))
    shares: dict[str, Mapping[str, float]] = {}
    for name, node in flow.nodes.items():
        chosen = (
            {c.key: found.taken.get(name, {}).get(c.key, 0.0) for c in node.choices} if isinstance(node, Menu) else {}
        )
        if total := sum(chosen.values()):
            shares[name] = {key: times / total for key, times in chosen.items()}
    return Traffic(
        scenario.name,
        calls,
        scenario.horizon,
        found.visits,
        shares,
        found.endings,
        unstated_shares(scenario, prepared.model.chain),
    )


def clock_shares(prepared: Prepared, calls: float) -> list[float]:
    """Share of expected calls that begin in each state of the opening hours."""
    openings, horizon = prepared.model.opening_states, prepared.horizon_us
    cuts = np.minimum([0, *openings.changes_us.tolist(), horizon], horizon)
    until = [prepared.arrivals.expected_calls(int(cut)) if cut else 0.0 for cut in cuts]
    shares = [0.0] * len(openings.states)
    for clock, first, last in zip(openings.state_at, until, until[1:], strict=False):
        shares[clock] += (last - first) / calls if calls else 0.0
    if not calls:
        shares[openings.state_at[0]] = 1.0
    return shares


class _Answered(Mapping[str, float]):
    """The simulated share of calls answered in time, by queue; simulated on first use, which takes seconds."""

    def __init__(self, loaded: LoadedScenario) -> None:
        self._loaded = loaded

    @cached_property
    def _shares(self) -> dict[str, float]:
        level = self._loaded.scenario.service_level.model_copy(update={"threshold": ANSWERED_WITHIN_S})
        queues = {
            name: queue.model_copy(update={"service_level": None})
            for name, queue in self._loaded.scenario.queues.items()
        }
        scenario = self._loaded.scenario.model_copy(update={"service_level": level, "queues": queues})
        found: dict[str, Any] = simulate(LoadedScenario(scenario, self._loaded.flow, self._loaded.document)).by_queue
        return {
            queue: of["service_level_of_offered"].mean
            for queue, of in found.items()
            if of["service_level_of_offered"].mean is not None
        }

    def __getitem__(self, queue: str) -> float:
        return self._shares[queue]

    def __iter__(self) -> Iterator[str]:
        return iter(self._shares)

    def __len__(self) -> int:
        return len(self._shares)
