"""The scenario: who calls, what they want, how they behave, and who answers.

Read by the same reader as a flow, with the same findings. What is wrong with one value is found here; what does not
fit the flow, in ``simulation.scenario_check``.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field

from flows.scalars import Duration
from simulation.distributions import Constant, Distribution
from simulation.scenario_arrivals import Arrivals
from simulation.scenario_callers import Behaviour, Intent
from simulation.scenario_floor import Estimator, Group, Precision, QueueTimes, Routing, ServiceLevel
from simulation.scenario_terms import Moment, Part, Patience, PerInterval, Zone

__all__ = ["Precision", "Scenario"]

DAY_S = 86_400


class Scenario(Part):
    """One period of calls on one flow. Field by field in ``docs/planning.md``."""

    scenario: Literal["1"] = Field(default="1", description="version of the scenario format")
    name: str = Field(min_length=1)
    description: str = ""
    flow: str = Field(min_length=1, description="a flow file beside the scenario, or a shipped flow")
    start: Moment
    zone: Zone | None = None
    horizon: Duration = Field(gt=0)
    interval: Duration = Field(default=1800.0, gt=0)
    arrivals: Arrivals
    intents: dict[str, Intent] = Field(min_length=1)
    behaviour: Behaviour = Behaviour()
    talk: PerInterval | None = None
    after_call_work: PerInterval = (Constant(0.0),)
    patience: Patience | None = None
    queues: dict[str, QueueTimes] = {}
    groups: dict[str, Group] = Field(min_length=1)
    staff_factor: float = Field(default=1.0, ge=0, le=100, description="factor on all numbers of agents, rounded")
    routing: Routing = Routing()
    expected_wait: Estimator = Field(default="queue_length", description="how the wait is estimated that callers are told")
    lines: int | None = Field(default=None, ge=1, le=1_000_000)
    at_end: Literal["drain", "clear"] = "drain"
    service_level: ServiceLevel = ServiceLevel()
    replications: int = Field(default=10, ge=1, le=100_000)
    seed: int = Field(default=1, ge=0, le=2**63)
    precision: Precision | None = None
    warm_up: Duration = Field(default=0.0, ge=0, description="time at the beginning whose calls are simulated and not counted")
    confidence: float = Field(default=0.95, gt=0, lt=1)

    @property
    def intervals(self) -> int:
        """Number of intervals; the last may be shorter."""
        return max(1, math.ceil(self.horizon / self.interval - 1e-9))

    @property
    def intervals_a_day(self) -> int:
        """Intervals after which a day repeats: as many as there are, unless the horizon is longer than a day of whole ones."""
        a_day = DAY_S / self.interval
        return round(a_day) if a_day == round(a_day) and self.horizon > DAY_S else self.intervals

    def spread(self, values: Sequence[Any]) -> tuple[Any, ...]:
        """One value for each interval: of a single value, of a day that repeats, or of as many as there are."""
        return tuple(values[i % len(values)] for i in range(self.intervals))

    def times(self, what: Literal["talk", "after_call_work", "patience"], queue: str) -> tuple[Distribution, ...] | None:
        """The distributions of a time for a queue: one, or one for each interval; None when not stated."""
        own = self.queues.get(queue)
        return (getattr(own, what) if own else None) or getattr(self, what)

    def talk_of(self, queue: str, group: str) -> tuple[Distribution, ...] | None:
        """Talk time of a group's agents with callers of a queue."""
        own = self.queues.get(queue)
        if own and group in own.by_group:
            return own.by_group[group]
        return self.groups[group].talk or self.times("talk", queue)
