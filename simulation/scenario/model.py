"""The scenario: who calls, what they want, how they behave, and who answers.

Read by the same reader as a flow, with the same findings. Mistakes in single values are found here; mismatches with the
flow are found in ``simulation.loading.check``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
from pydantic import Field, model_validator

from flows.values.scalars import Duration
from flows.values.units import US_PER_S
from ivr.answering.routing import Routing
from ivr.records.costs import Prices
from simulation.arrays import Ints
from simulation.clock.local_time import DAY_US, Intervals, LocalClock, local_clock
from simulation.sampling.distributions import Constant, Distribution
from simulation.scenario.arrivals import Arrivals
from simulation.scenario.callers import Behaviour, Intent
from simulation.scenario.costs import Costs, with_agent_hour
from simulation.scenario.field_types import Moment, Part, Patience, PerInterval, Zone
from simulation.scenario.floor import Estimator, Group, Precision, QueueTimes
from simulation.scenario.service_level import ServiceLevel
from simulation.scenario.shift_kinds import ShiftKind
from simulation.scenario.switches import SwitchedOn

__all__ = ["Precision", "Scenario"]

DAY_S = 86_400


class Scenario(Part):
    """One period of calls to one flow. ``docs/planning.md`` explains each field."""

    scenario: Literal["1"] = Field(default="1", description="version of the scenario format")
    name: str = Field(min_length=1, description="What is simulated, for people.")
    description: str = Field(default="", description="For people.")
    flow: str = Field(min_length=1, description="a flow file beside the scenario, or a shipped flow")
    start: Moment = Field(description="Date and wall-clock time, such as 2026-11-24 08:00.")
    zone: Zone | None = Field(
        default=None, description="IANA time zone of all local times; default: that of the flow's opening hours."
    )
    horizon: Duration = Field(gt=0, description="How long calls arrive; whole days are days of the calendar.")
    interval: Duration = Field(default=1800.0, gt=0, description="Length of an interval of the day.")
    arrivals: Arrivals = Field(description="How many calls, and when.")
    intents: dict[str, Intent] = Field(min_length=1, description="What callers want, by name; the shares sum to 1.")
    behaviour: Behaviour = Field(default=Behaviour(), description="How callers walk through the menus.")
    switches: dict[str, tuple[SwitchedOn, ...]] = Field(
        default={}, description="When a switch of the flow is on; default: never."
    )
    talk: PerInterval | None = Field(default=None, description="Talk time; one distribution, or one for each interval.")
    after_call_work: PerInterval = Field(
        default=(Constant(0.0),), description="Work after the call before the agent is free."
    )
    patience: Patience | None = Field(default=None, description="Wait after which callers hang up, or never.")
    queues: dict[str, QueueTimes] = Field(default={}, description="What differs for a queue.")
    groups: dict[str, Group] = Field(min_length=1, description="Who answers, by name.")
    shifts: dict[str, ShiftKind] = Field(
        default={}, description="Kinds of shifts by name, for a roster of `ivr staff`."
    )
    staff_factor: float = Field(default=1.0, ge=0, le=100, description="factor on all numbers of agents, rounded")
    routing: Routing = Field(
        default=Routing(), description="Which call goes to which agent: a policy by name, or with changes."
    )
    expected_wait: Estimator = Field(
        default="queue_length", description="how the wait is estimated that callers are told"
    )
    lines: int | None = Field(
        default=None, ge=1, le=1_000_000, description="Telephone lines; a call beyond them hears a busy signal."
    )
    at_end: Literal["drain", "clear"] = Field(
        default="drain", description="After the horizon: finish the calls that are there (drain), or stop (clear)."
    )
    service_level: ServiceLevel = Field(default=ServiceLevel(), description="What is to be reached.")
    costs: Costs | None = Field(default=None, description="What calls cost and what they are worth.")
    replications: int = Field(default=10, ge=1, le=100_000, description="Days simulated.")
    seed: int = Field(default=1, ge=0, le=2**63, description="Number that makes the same days again.")
    precision: Precision | None = Field(default=None, description="Replications until a measure is known so precisely.")
    warm_up: Duration = Field(
        default=0.0, ge=0, description="time at the beginning whose calls are simulated and not counted"
    )
    confidence: float = Field(default=0.95, gt=0, le=0.9999, description="Level of the intervals, such as 0.95.")

    @model_validator(mode="before")
    @classmethod
    def _one_agent_hour(cls, value: Any) -> Any:
        return with_agent_hour(value)

    @property
    def prices(self) -> Prices | None:
        """What calls and agents cost; None if the scenario does not say."""
        return None if self.costs is None else self.costs.prices(self.hourly)

    @property
    def currency(self) -> str:
        """The name of the currency of its costs, or empty."""
        return self.costs.currency if self.costs else ""

    @property
    def hourly(self) -> dict[str, float]:
        """What an hour of an agent of each group costs."""
        return {name: group.cost_per_hour for name, group in self.groups.items()}

    @property
    def clock(self) -> LocalClock:
        """The local clock of the scenario's zone, which is filled in from the flow when the file is read."""
        return local_clock(self.start, self.zone or "UTC", self.horizon)

    @property
    def horizon_us(self) -> int:
        """How long calls arrive, in microseconds of elapsed time."""
        return self.clock.length_us

    def wall_us(self, at: int | dt.datetime) -> int:
        """A stated moment by the clock, in microseconds; a time of day before the start is on the next day."""
        if isinstance(at, dt.datetime):
            return self.clock.wall_of(at)
        at_us, start_us = at * 60 * US_PER_S, self.clock.wall_of(self.start)
        return at_us if at_us >= start_us else at_us + DAY_US

    @property
    def switched_us(self) -> dict[str, tuple[tuple[int, int], ...]]:
        """When each switch is on, in microseconds of elapsed time."""
        found: dict[str, tuple[tuple[int, int], ...]] = {}
        for name, rows in self.switches.items():
            starts = [self.clock.at_us(self.wall_us(row.at)) for row in rows]
            found[name] = tuple((at, at + round(row.over * US_PER_S)) for at, row in zip(starts, rows, strict=True))
        return found

    @property
    def clock_changes(self) -> bool:
        """Whether clocks change within the horizon."""
        return bool(np.any((self.clock.begins_us > 0) & (self.clock.begins_us < self.horizon_us)))

    @property
    def cut(self) -> Intervals:
        """The intervals."""
        return self.clock.intervals(round(self.interval * US_PER_S))

    @property
    def reported(self) -> Intervals:
        """The intervals of the results: those after the warm-up."""
        return self.clock.intervals(round(self.interval * US_PER_S), from_us=round(self.warm_up * US_PER_S))

    @property
    def labels(self) -> tuple[str, ...]:
        """What the clock shows at the edges of the intervals of the results."""
        return self.clock.labels(self.reported.edges_us)

    @property
    def labels_of_all(self) -> tuple[str, ...]:
        """What the clock shows at the edges of all intervals."""
        return self.clock.labels(self.cut.edges_us)

    @property
    def intervals(self) -> int:
        """Number of intervals; the last may be shorter."""
        return len(self.cut)

    @property
    def intervals_a_day(self) -> int:
        """Number of intervals in a day; all of them if the horizon is shorter or they do not divide a day evenly."""
        a_day = DAY_S / self.interval
        return round(a_day) if a_day == round(a_day) and self.horizon >= DAY_S else self.intervals

    def places(self, length: int) -> Ints:
        """The place of each interval's value in a list of values: for one day that repeats, or for all intervals."""
        by_the_clock = length == self.intervals_a_day and self.horizon >= DAY_S
        return np.asarray((self.cut.number if by_the_clock else np.arange(self.intervals)) % length)

    def spread(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """One value for each interval, from a single value, the values of a day that repeats, or all values."""
        return tuple(values[i] for i in self.places(len(values)).tolist())

    def times(
        self, what: Literal["talk", "after_call_work", "patience"], queue: str
    ) -> tuple[Distribution, ...] | None:
        """The distributions of a time for a queue: one, or one for each interval; None if not stated."""
        own = self.queues.get(queue)
        found: tuple[Distribution, ...] | None = (getattr(own, what) if own else None) or getattr(self, what)
        return found

    @property
    def own_thresholds(self) -> dict[str, float]:
        """The threshold of each queue that states its own, in seconds."""
        levels = {name: queue.service_level for name, queue in self.queues.items()}
        return {name: of.threshold for name, of in levels.items() if of and of.threshold is not None}

    @property
    def own_targets(self) -> dict[str, float]:
        """The target of each queue that states its own, 0..1."""
        levels = {name: queue.service_level for name, queue in self.queues.items()}
        return {name: of.target for name, of in levels.items() if of and of.target is not None}

    def talk_of(self, queue: str, group: str) -> tuple[Distribution, ...] | None:
        """Talk time of a group's agents with callers of a queue."""
        own = self.queues.get(queue)
        if own and group in own.by_group:
            return own.by_group[group]
        return self.groups[group].talk or self.times("talk", queue)
