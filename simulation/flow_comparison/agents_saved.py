"""Finds the agents with which a new menu gives the service of the old."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from ivr.records.measures import MEASURES, Sums, ratio, total
from simulation.experiment.estimates import linear_combination
from simulation.experiment.replicate import busy_uniforms
from simulation.experiment.runner import Runner
from simulation.experiment.scenario_changes import agent_hours
from simulation.flow_comparison.result import AgentsSaved
from simulation.sampling.streams import Streams
from simulation.tables.call_table import CallTable
from simulation.workload.build_staff_table import Staff

__all__ = ["agents_saved"]

_STEPS = 9
"""Halvings of the range of factors: the last step is 1/512 of it."""
_RANGE = (0.5, 2.0)
_AROUND = 0.05
"""How far around the answer it is measured what an agent-hour adds."""
_CALLS_HELD = 3_000_000


def agents_saved(runner: Runner, before: Sequence[Sums], *, seed: int, confidence: float) -> AgentsSaved | None:
    """Return the agents, all groups changed by one factor, with which a menu serves as well as the old.

    Parameters
    ----------
    runner : Runner
        The new menu with the old agents.
    before : sequence of Sums
        The old menu with the old agents, by replication.
    seed : int
    confidence : float

    Returns
    -------
    AgentsSaved or None
        None if nobody joins a queue, or no factor between a half and two serves as well.

    Notes
    -----
    The service level grows with the agents, on the same callers nearly always; the factor is found by halving. Numbers
    of agents are whole, so that the service moves in steps; between the two last steps hours and cost are interpolated.
    """
    wanted = _level(before)
    if wanted is None:
        return None
    uniforms = busy_uniforms(len(before), seed)
    calls: list[CallTable] = []
    held = 0
    for replication, busy_u in enumerate(uniforms):
        calls.append(runner.calls(seed, replication, busy_u))
        held += len(calls[-1])
        if held > _CALLS_HELD:
            break
    before = before[: len(calls)]
    wanted = _level(before)
    if wanted is None:
        return None
    scenario = runner.prepared.scenario

    def with_factor(factor: float) -> list[Sums]:
        staff = Staff.of(scenario.model_copy(update={"staff_factor": scenario.staff_factor * factor}))
        everybody = staff.table()
        return [
            runner.replication(day, staff.table(Streams(seed, i)) if staff.vary else everybody)[0]
            for i, day in enumerate(calls)
        ]

    def hours(factor: float) -> float:
        return agent_hours(scenario.model_copy(update={"staff_factor": scenario.staff_factor * factor}))

    found = _around(with_factor, wanted)
    if found is None:
        return None
    factor, share, weighted = found.answer(wanted)
    more, less = factor * (1 + _AROUND), factor * (1 - _AROUND)
    gained = (_level(with_factor(more)) or 0.0) - (_level(with_factor(less)) or 0.0)
    names = ["service_level", "cost"]
    apart = linear_combination([(1.0, found.now), (-1.0, before)], names, confidence=confidence)
    half = apart["service_level"].half_width if "service_level" in apart else None
    cost = linear_combination([*weighted, (-1.0, before)], names, confidence=confidence).get("cost")
    return AgentsSaved(
        hours_before=agent_hours(scenario),
        hours_needed=(1 - share) * hours(found.low) + share * hours(found.high),
        factor=factor,
        level_before=wanted,
        cost=cost,
        replications=len(calls),
        half_width=None if half is None or gained <= 0 else half * (hours(more) - hours(less)) / gained,
    )


@dataclass(frozen=True)
class _Around:
    """Two factors, of which the lower serves worse than wanted and the higher as well, and their days."""

    low: float
    high: float
    at_low: list[Sums]
    at_high: list[Sums]
    now: list[Sums]

    def answer(self, wanted: float) -> tuple[float, float, list[tuple[float, list[Sums]]]]:
        """The factor in between that serves as wanted, how far it is from low to high, and the days, weighted."""
        below, above = _level(self.at_low) or 0.0, _level(self.at_high) or 0.0
        share = (wanted - below) / (above - below) if above > below else 1.0
        weighted = [(1 - share, self.at_low), (share, self.at_high)]
        return (1 - share) * self.low + share * self.high, share, weighted


def _around(with_factor: Callable[[float], list[Sums]], wanted: float) -> _Around | None:
    """Factors close to each other around the one that serves as wanted; None if it is outside the range."""
    now = with_factor(1.0)
    if (_level(now) or 0.0) >= wanted:
        low, high, at_high = _RANGE[0], 1.0, now
        at_low = with_factor(low)
        if (_level(at_low) or 0.0) >= wanted:
            return None
    else:
        low, high, at_low = 1.0, _RANGE[1], now
        at_high = with_factor(high)
        if (_level(at_high) or 0.0) < wanted:
            return None
    for _ in range(_STEPS):
        middle = (low + high) / 2
        tried = with_factor(middle)
        if (_level(tried) or 0.0) >= wanted:
            high, at_high = middle, tried
        else:
            low, at_low = middle, tried
    return _Around(low, high, at_low, at_high, now)


def _level(parts: Sequence[Sums]) -> float | None:
    number, of = ratio(MEASURES["service_level"], total(parts).values[0])
    return float(number / of) if of else None
