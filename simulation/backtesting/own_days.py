"""Checks a scenario on the days it was made from, and sets the agents' pauses so that these days come out."""

from __future__ import annotations

import copy
import math
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flows.model.flow import Flow
from ivr.records.selection import between
from simulation.backtesting.explain import miss
from simulation.backtesting.retimed import as_scenario, retimed, with_inputs
from simulation.backtesting.simulated import Cut, Figures, cut_of, simulate_days
from simulation.backtesting.spread import Simulated
from simulation.calibration.calibration import Calibration
from simulation.calibration.making import MOST_DAYS
from simulation.calibration.pauses import PauseEstimate, state_ready
from simulation.calibration.relabelled import with_priorities
from simulation.calibration.scenario_data import ScenarioData
from simulation.call_logs.record_folder import write_records
from simulation.scenario.loaded import LoadedScenario

__all__ = ["OwnDays", "check_own_days"]

_TRIED = (0.6, 0.75, 0.9, 1.0, 1.15, 1.35, 1.6, 2.0)
_REPLICATIONS = 8
_POLICIES = ("longest_wait", "specialists_first")


@dataclass(frozen=True)
class OwnDays:
    """The days that a scenario was made from, real beside simulated.

    Parameters
    ----------
    real : dict of str to float
    simulated : Simulated
        With the calls as they came.
    factor : float
        On the time until agents are ready again; 1 where it is as the answers show.
    data : ScenarioData
        The scenario with these pauses.
    """

    real: dict[str, float]
    simulated: Simulated
    factor: float
    data: ScenarioData


def check_own_days(
    of: Calibration,
    data: ScenarioData,
    file: str,
    flow: Flow,
    *,
    engine: str = "auto",
    on_compile: Callable[[], None] | None = None,
) -> OwnDays:
    """Simulate the days of a log with the calls as they came.

    If the real figures are outside of what eight runs spread over, the time until agents are ready again is lengthened
    or shortened until they fit best: of all inputs, it is the one that a log shows least directly.

    Parameters
    ----------
    of : Calibration
    data : ScenarioData
    file : str
        Where the scenario will be.
    flow : Flow
        That it calls.
    """
    trying = _Trying(of, data, file, flow, engine, on_compile)
    with tempfile.TemporaryDirectory() as folder:
        trying.trace = Path(folder) / "records"
        write_records(trying.records, trying.trace)
        data = _routed(trying, data)
        first = trying.run(1.0)
        if of.staff.pauses is None or _fits(trying.real.whole, first):
            return OwnDays(trying.real.whole, first, 1.0, data)
        found = {1.0: first}
        better = {factor: trying.run(factor) for factor in _TRIED if factor != 1.0}
        found |= better
        best = min(found, key=lambda factor: miss(trying.real.whole, found[factor].whole))
        fine = (math.sqrt(best * 0.93 * best), best, best * 1.07)
        found |= {factor: trying.run(factor) for factor in fine if factor not in found}
        best = min(found, key=lambda factor: miss(trying.real.whole, found[factor].whole))
    return OwnDays(trying.real.whole, found[best], best, with_pauses(data, of.staff.pauses, best))


def _routed(trying: _Trying, data: ScenarioData) -> ScenarioData:
    """With several groups: the policy of routing with which the days come out best."""
    if len(trying.whole["groups"]) < 2:
        return data
    found = {}
    for policy in _POLICIES:
        trying.policy = policy
        found[policy] = miss(trying.real.whole, trying.run(1.0).whole)
    trying.policy = min(found, key=lambda policy: found[policy])
    made, notes = copy.deepcopy(data.data), dict(data.notes)
    made["routing"] = {**made["routing"], "policy": trying.policy}
    notes["routing",] = (
        f"Inferred: of {' and '.join(_POLICIES)}, the one with which these days come out better.\n"
        + notes.get(("routing",), "").removeprefix(
            "Assumed: who waited longest is served first, by the agent idle for longest."
        )
    ).strip()
    assumed = tuple(text for text in data.assumed if not text.startswith("who waited longest is served first"))
    return replace(data, data=made, notes=notes, assumed=assumed)


def _fits(real: dict[str, float], said: Simulated) -> bool:
    """Whether abandonment and the mean wait are within what the runs spread over, or as near as makes no difference."""
    for name, close in (("abandonment", 0.005), ("no_wait", 0.02)):
        spread = said.whole.get(name)
        if spread is None or name not in real:
            continue
        if not spread.low - close <= real[name] <= spread.high + close:
            return False
    return True


class _Trying:
    """Runs of the same days with pauses of several lengths."""

    def __init__(
        self,
        of: Calibration,
        data: ScenarioData,
        file: str,
        flow: Flow,
        engine: str,
        on_compile: Callable[[], None] | None,
    ) -> None:
        self.of, self.own, self.file, self.flow, self.engine = of, data, file, flow, engine
        self.on_compile = on_compile
        self.trace = Path()
        self.policy = ""
        loaded = self._loaded(data.data)
        count = min(of.days.count, MOST_DAYS)
        first = of.days.count - count
        begin = 0 if not first else int(of.days.clock.midnights_us[first - 1])
        records = with_priorities(of.log, of.head_start)
        self.records = between(records, begin, records.horizon_us) if begin else records
        self.whole = retimed(loaded, of.days.dates[first], count)
        self.cut = Cut(self._loaded(self.whole).scenario.clock, of.kept[first:], of.days.interval_s)
        self.real: Figures = cut_of(self.records, self.cut)

    def _loaded(self, data: dict[str, Any]) -> LoadedScenario:
        return as_scenario(data, self.file, self.flow)

    def run(self, factor: float) -> Simulated:
        data = with_inputs(self.whole, self.own, ("arrivals",), trace=self.trace)
        if self.policy:
            data["routing"] = {**data["routing"], "policy": self.policy}
        pauses = self.of.staff.pauses
        if pauses is not None:
            state_ready(data, pauses, factor)
        runs = simulate_days(
            self._loaded(data),
            self.cut,
            replications=_REPLICATIONS,
            seed=1,
            engine=self.engine,
            on_compile=self.on_compile,
        )
        return Simulated.of(runs)


def with_pauses(data: ScenarioData, of: PauseEstimate, factor: float) -> ScenarioData:
    """A scenario with longer or shorter pauses, and a comment that says so."""
    if factor == 1.0:
        return data
    made, notes = copy.deepcopy(data.data), dict(data.notes)
    state_ready(made, of, factor)
    longer = "longer" if factor > 1 else "shorter"
    notes["after_call_work",] = (
        notes.get(("after_call_work",), "")
        + f"\nMade {abs(factor - 1) * 100:.0f} % {longer} than that, so that the waits of these days come out."
    ).strip()
    return replace(data, data=made, notes=notes)
