"""Checks a scenario on the days it was made from, and sets the agents' pauses so that these days come out."""

from __future__ import annotations

import copy
import statistics
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol

from flows.model.flow import Flow
from ivr.records.selection import between
from simulation.backtesting.explain import excess, miss
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

__all__ = ["REPLICATIONS", "OwnDays", "Runs", "balanced", "check_own_days", "with_pauses"]

_SHORTEST, _LONGEST = 0.4, 2.5
_NEAR = 0.4
"""How much too busy or too idle the days may come out, as `excess` counts, once pauses are changed."""
_STEPS = 5
REPLICATIONS = 8
"""Runs for each length of pauses that is tried."""
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


class Runs(Protocol):
    """Simulated days with pauses of several lengths, and how much busier they are than the real days."""

    def run(self, factor: float) -> Sequence[Figures]:
        """The days with the calls as they came, and pauses longer by a factor."""

    def excesses(self, runs: Sequence[Figures]) -> list[float]:
        """How much busier each run is than the real days."""


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

    If these days come out busier or idler than they were, beyond chance, the time until agents are ready again is
    shortened or lengthened until they do not: of all inputs, it is the one that a log shows least directly.

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
        best, found = (1.0, trying.run(1.0)) if of.staff.pauses is None else balanced(trying)
    own = OwnDays(trying.real.whole, Simulated.of(found), best, data)
    return own if of.staff.pauses is None else replace(own, data=with_pauses(data, of.staff.pauses, best))


def balanced(trying: Runs) -> tuple[float, Sequence[Figures]]:
    """The factor on pauses with which the days come out neither too busy nor too idle.

    The real days are one run, so part of an excess e is chance, of standard deviation s: s^2 / e of it is left, and all
    of it where it is not above s (the positive-part rule of James and Stein). Longer pauses make busier days; so
    between two factors with excesses of different sign, the next one is where a line through both (over logarithms) is
    0. An end that stays counts half each time, which keeps it moving (the Illinois rule).

    Parameters
    ----------
    trying : Runs

    Returns
    -------
    float
    sequence of Figures
        The runs with it.
    """
    found: dict[float, Sequence[Figures]] = {}

    def over(factor: float) -> float:
        if factor not in found:
            found[factor] = trying.run(factor)
        return statistics.mean(trying.excesses(found[factor])) - left

    left = 0.0
    at_one = over(1.0)
    by_chance = statistics.stdev(trying.excesses(found[1.0]))
    if abs(at_one) <= by_chance:
        return 1.0, found[1.0]
    left = by_chance**2 / at_one
    at_one -= left
    near, end = (1.0, at_one), _SHORTEST if at_one > 0 else _LONGEST
    far = (end, over(end))
    for _ in range(_STEPS if far[1] * at_one < 0 else 0):
        share = near[1] / (near[1] - far[1])
        factor = round(near[0] * (far[0] / near[0]) ** share, 2)
        if factor in found:
            break
        value = over(factor)
        near, far = ((factor, value), near) if value * near[1] < 0 else ((factor, value), (far[0], far[1] / 2))
        if abs(value) <= _NEAR:
            break
    best = min(found, key=lambda factor: abs(over(factor)))
    return best, found[best]


def _routed(trying: _Trying, data: ScenarioData) -> ScenarioData:
    """With several groups: the policy of routing with which the days come out best."""
    if len(trying.whole["groups"]) < 2:
        return data
    found = {}
    for policy in _POLICIES:
        trying.policy = policy
        found[policy] = miss(trying.real.whole, Simulated.of(trying.run(1.0)).whole)
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

    def excesses(self, runs: Sequence[Figures]) -> list[float]:
        return [excess(self.real.whole, run.whole) for run in runs]

    def run(self, factor: float) -> Sequence[Figures]:
        data = with_inputs(self.whole, self.own, ("arrivals",), trace=self.trace)
        if self.policy:
            data["routing"] = {**data["routing"], "policy": self.policy}
        pauses = self.of.staff.pauses
        if pauses is not None:
            state_ready(data, pauses, factor)
        return simulate_days(
            self._loaded(data),
            self.cut,
            replications=REPLICATIONS,
            seed=1,
            engine=self.engine,
            on_compile=self.on_compile,
        )


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
