"""A staffing that was found, what it costs, how often it keeps the promise, and what one agent more or less does."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from simulation.experiment.daily_measures import TargetDays
from simulation.scenario.loaded import LoadedScenario
from simulation.staffing.days import Levels
from simulation.staffing.start import own_levels
from simulation.staffing.target import Target

__all__ = ["InInterval", "Measured", "OneAgent", "StaffingResult"]


@dataclass(frozen=True)
class InInterval:
    """What the callers of one interval meet, over all fresh days.

    Parameters
    ----------
    start : str
        When it begins, by the clock.
    offered : float
        Callers who join a queue, on an average day.
    service_level, abandonment, occupancy : float
        0..1; of callers who join in this interval, and of agents' time in it.
    days_on_target : float
        The share of days on which the service level of this interval reaches the target, 0..1; NaN without callers.
    costs : mapping of str to float
        Mean of each measure of money over the fresh days: of calls that arrive in it, and of agents' time on duty in
        it. Empty without prices, and in an interval in which nobody calls and nobody is needed.
    """

    start: str
    offered: float
    service_level: float
    abandonment: float
    occupancy: float
    days_on_target: float
    costs: Mapping[str, float] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of this."""
        figures = asdict(self)
        costs = figures.pop("costs")
        known = None if math.isnan(self.days_on_target) else self.days_on_target
        return figures | {"days_on_target": known} | ({"costs": costs} if costs else {})


@dataclass(frozen=True)
class Measured:
    """A staffing on fresh days.

    Parameters
    ----------
    cost : float
    hours : float
        Agent-hours on the roster.
    days_on_target : TargetDays
        The share of days on which the promise is kept; of several intervals or queues, the least kept of them.
    service_level : float
        Over all days together, 0..1.
    abandonment : float
        Over all days together, 0..1.
    occupancy : float
        Over all days together, 0..1.
    by_unit : mapping of str to TargetDays
        The share of days of each interval or queue; empty if the day is judged as a whole.
    by_interval : tuple of InInterval
    costs : mapping of str to float
        Mean of each measure of money over the fresh days; empty if the scenario states no prices.
    costs_by_queue : mapping of str to mapping of str to float
        The same of the calls of each queue, without agents; empty without prices.
    """

    cost: float
    hours: float
    days_on_target: TargetDays
    service_level: float
    abandonment: float
    occupancy: float
    by_unit: Mapping[str, TargetDays]
    by_interval: tuple[InInterval, ...] = ()
    costs: Mapping[str, float] = field(default_factory=dict)
    costs_by_queue: Mapping[str, Mapping[str, float]] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """The JSON of this."""
        return {
            "cost": self.cost,
            "agent_hours": self.hours,
            "days_on_target": self.days_on_target.as_dict(),
            "service_level": self.service_level,
            "abandonment": self.abandonment,
            "occupancy": self.occupancy,
            "by_unit": {name: of.as_dict() for name, of in self.by_unit.items()},
            **({"costs": dict(self.costs)} if self.costs else {}),
            **(
                {"costs_by_queue": {name: dict(of) for name, of in self.costs_by_queue.items()}}
                if self.costs_by_queue
                else {}
            ),
            "by_interval": [of.as_dict() for of in self.by_interval],
        }


@dataclass(frozen=True)
class OneAgent:
    """What one agent more, or one less, does in one interval.

    Parameters
    ----------
    group : str
    interval : int
    label : str
        When the interval begins.
    step : int
        1 or -1.
    cost : float
        What it adds to the cost.
    service_level, abandonment : float
        What it adds to them, over all days and callers, as shares.
    days_on_target : float
        What it adds to the share of days on which the promise is kept.
    service_half_width, abandonment_half_width : float
        Half-widths of their confidence intervals, from the same days with and without the change.
    """

    group: str
    interval: int
    label: str
    step: int
    cost: float
    service_level: float
    abandonment: float
    days_on_target: float
    service_half_width: float = 0.0
    abandonment_half_width: float = 0.0

    @property
    def service_is_clear(self) -> bool:
        """Whether the interval of what it adds to the service level leaves out 0."""
        return abs(self.service_level) > self.service_half_width

    @property
    def abandonment_is_clear(self) -> bool:
        """Whether the interval of what it adds to abandonment leaves out 0."""
        return abs(self.abandonment) > self.abandonment_half_width

    def as_dict(self) -> dict[str, Any]:
        """The JSON of this."""
        return {
            "group": self.group,
            "interval": self.interval,
            "start": self.label,
            "agents": self.step,
            "cost": self.cost,
            "service_level": self.service_level,
            "abandonment": self.abandonment,
            "days_on_target": self.days_on_target,
            "service_half_width": self.service_half_width,
            "abandonment_half_width": self.abandonment_half_width,
        }


@dataclass(frozen=True)
class StaffingResult:
    """The staffing of least cost that was found.

    Parameters
    ----------
    loaded : LoadedScenario
    target : Target
    levels : numpy.ndarray
        i8[groups, intervals].
    found, today : Measured
        The staffing found and that of the scenario, on the same fresh days.
    one_agent : tuple of OneAgent
    searched_days, fresh_days, simulated_days : int
        Days the search looked at; days of the measurement; days simulated in all.
    seed, fresh_seed : int
    converged : bool
        Whether the search ended by itself, rather than with its time.
    closed : tuple of int
        Intervals in which nobody calls and nobody is needed; they are left out of the comparison with today.
    today_idle_hours : float
        What today's agents are there for in these.
    """

    loaded: LoadedScenario
    target: Target
    levels: Levels
    found: Measured
    today: Measured
    one_agent: tuple[OneAgent, ...]
    searched_days: int
    fresh_days: int
    simulated_days: int
    seed: int
    fresh_seed: int
    converged: bool
    closed: tuple[int, ...] = ()
    today_idle_hours: float = 0.0

    @property
    def by_group(self) -> dict[str, list[int]]:
        """The agents of each group in each interval."""
        return dict(zip(self.loaded.scenario.groups, self.levels.tolist(), strict=True))

    @property
    def own_levels(self) -> Levels:
        """i8[groups, intervals]: the scenario's own agents, on average over each interval, rounded up."""
        return own_levels(self.loaded.scenario)

    @property
    def starts(self) -> tuple[str, ...]:
        """When each interval begins, by the clock."""
        scenario = self.loaded.scenario
        return scenario.labels_of_all[: scenario.intervals]

    def as_dict(self) -> dict[str, Any]:
        """The JSON of ``ivr staff``."""
        target = self.target
        return {
            "scenario": self.loaded.scenario.name,
            "target": {
                "service_level": target.level,
                "threshold_s": target.threshold_s,
                "per": target.per,
                "confidence": target.confidence,
                "most_abandoned": target.most_abandoned,
                "most_occupied": target.most_occupied,
                "queues": dict(target.own_levels),
            },
            "intervals": list(self.starts),
            "agents": self.by_group,
            "own_agents": dict(zip(self.by_group, self.own_levels.tolist(), strict=True)),
            "cost_per_hour": {name: group.cost_per_hour for name, group in self.loaded.scenario.groups.items()},
            "found": self.found.as_dict(),
            "today": self.today.as_dict(),
            "today_idle_hours": self.today_idle_hours,
            "one_agent": [one.as_dict() for one in self.one_agent],
            "searched_days": self.searched_days,
            "fresh_days": self.fresh_days,
            "simulated_days": self.simulated_days,
            "seed": self.seed,
            "fresh_seed": self.fresh_seed,
            "converged": self.converged,
        }
