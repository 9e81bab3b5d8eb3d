"""One search from the first load to the last measurement."""

from __future__ import annotations

import math
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from flows.source.finding import LimitError
from flows.values.units import US_PER_S
from simulation.arrays import Floats, Ints
from simulation.experiment.replicate import Progress
from simulation.experiment.runner import Runner
from simulation.loading.check_floor import MAX_AGENTS as MOST_AGENTS
from simulation.scenario.loaded import LoadedScenario
from simulation.staffing.closed import Paid, closed_intervals, paid, reported
from simulation.staffing.cover import Cover
from simulation.staffing.days import Days, Levels, staffed
from simulation.staffing.effects import runs
from simulation.staffing.measure import measured, one_agent
from simulation.staffing.meter import Meter
from simulation.staffing.out_of_reach import out_of_reach
from simulation.staffing.result import Measured, StaffingResult
from simulation.staffing.score import NEAR, Judge, Layout
from simulation.staffing.search import Search
from simulation.staffing.start import loads, own_levels, starts
from simulation.staffing.target import Target
from simulation.workload.build_staff_table import Staff

__all__ = ["Effort", "Finder"]

_COARSE = 0.3
"""The share of the days on which the search begins."""
_LEAST_DAYS = 20
_OTHERS = 2
"""Other days on which the promise must hold, for each that is searched, or as many as it is measured on."""
_FIRST = 0.4
"""Of the work, the part that the search on those may take."""
_CALLS_HELD = 3_000_000
"""At most so many calls are kept drawn at once."""
_PER_DAY = 1_500
"""What a simulated day costs apart from its calls, in calls."""
_WORK = 110_000_000
"""Calls that a search simulates at most; two idle processors do 4 to 5 million a second."""
_ALL_WORK = 50
"""Days from which a search may take all of it; with fewer, who asks wants a quick answer."""
_FACTORS = (1.0, 1.25, 1.5, 2.0)
"""By which a first staffing is multiplied until it keeps the promise."""
_RAISES, _RAISE = 12, 1.1
"""How often, and by which factor, an interval that breaks its promise gets more agents before single ones are added."""
_SCALES = 9
"""Halvings of the factor of a first staffing."""
_LOOKED_AT = 5
"""Days on which the offered load is measured."""
_MORE = 2.5
"""A group never needs so many times the load of the busiest interval."""
_SPARE = 1.5
"""Nor so many times the agents that would be as busy as they may be, if the load were the same all day."""
_MENDED = 3
"""Rounds in which agents are added until other days hold too, about."""


@dataclass(frozen=True)
class Effort:
    """How much is simulated.

    Parameters
    ----------
    days : int
        Days that the search looks at; fewer if they have very many calls.
    fresh_days : int
        Days on which the staffing found is measured.
    seed : int or None
        Default: that of the scenario.
    time_budget_s : float or None
        Stop the search after about so many seconds; the result then depends on the machine.
    workers : int or None
    engine : str
    """

    days: int = 100
    fresh_days: int = 200
    seed: int | None = None
    time_budget_s: float | None = None
    workers: int | None = None
    engine: str = "auto"


class Finder:
    """One search, from the first load to the last measurement."""

    def __init__(
        self,
        loaded: LoadedScenario,
        runner: Runner,
        target: Target,
        effort: Effort,
        seed: int,
        pool: ThreadPoolExecutor,
        at_most: dict[str, int],
        progress: Progress | None,
    ) -> None:
        self.loaded, self.runner, self.target, self.effort = loaded, replace(runner, prices=None), target, effort
        self.with_prices = runner
        self.seed, self.pool, self.at_most = seed, pool, at_most
        scenario = loaded.scenario
        calls = runner.prepared.arrivals.expected_calls(runner.prepared.horizon_us)
        self.days = max(min(effort.days, int(_CALLS_HELD / max(calls, 1))), min(_LEAST_DAYS, effort.days))
        deadline = None if effort.time_budget_s is None else time.monotonic() + effort.time_budget_s
        work = _WORK * min(effort.days / _ALL_WORK, 1.0)
        self.meter = Meter(int(work / (calls + _PER_DAY)), progress, deadline)
        edges = np.asarray(scenario.cut.edges_us, dtype=np.int64)
        hourly = np.array([group.cost_per_hour for group in scenario.groups.values()])
        self.hourly: Floats = hourly
        self.hours: Floats = np.diff(edges) / (3_600 * US_PER_S)
        self.cost: Floats = hourly[:, None] * self.hours[None, :]
        reported = np.asarray(scenario.reported.edges_us, dtype=np.int64)
        layout = Layout(runner.routing.queues, runner.routing.groups, np.asarray(scenario.clock.day(reported[:-1])))
        self.judge = Judge(target, layout)

    def result(self) -> StaffingResult:
        """Search, then measure."""
        scenario = self.loaded.scenario
        self.load, limits = self._load(self.coarse)
        self.starts = starts(scenario, self.runner.routing, self.load, self.hourly, self.target)
        self.meter.later = 2 * self.days * runs(self.cost.shape) + 2 * self.effort.fresh_days
        others = max(_OTHERS * self.days, self.effort.fresh_days)
        self.meter.mending = _MENDED * round((NEAR * runs(self.cost.shape) + 1) * others)
        self.meter.stage = round(_FIRST * self.meter.most)
        search = self._search(self.coarse, limits)
        begun = self._begun(search)
        if begun is None:
            raise self._out_of_reach(search)
        levels = search.improved(begun)
        levels, search = self._on_all_days(levels, limits)
        converged = self.meter.in_time
        self.meter.measures()
        sure = scenario.confidence
        effects = tuple(one_agent(search.days, levels, self.judge, self.cost, limits, confidence=sure))
        closed = closed_intervals(self.load, levels)
        found, today, idle_hours = self._measured(levels, closed)
        return StaffingResult(
            loaded=self.loaded,
            target=self.target,
            levels=levels,
            found=found,
            today=today,
            one_agent=effects,
            searched_days=self.days,
            fresh_days=self.effort.fresh_days,
            simulated_days=self.meter.done,
            seed=self.seed,
            fresh_seed=self.seed + 2,
            converged=converged,
            closed=closed,
            today_idle_hours=idle_hours,
        )

    def _draw(self, days: int, seed: int) -> Days:
        return Days.draw(self.runner, days, seed, self.pool, self.meter)

    def _search(self, days: Days, limits: Ints) -> Search:
        return Search(days, self.judge, self.cost, limits, self._cover(limits), self.meter.goes_on)

    def _cover(self, limits: Ints) -> Cover:
        return Cover.of(self.runner.routing, self.load, own_levels(self.loaded.scenario), limits)

    def _begun(self, search: Search) -> Levels | None:
        """The cheapest of the first staffings that keep the promise."""
        found = [levels for start in self.starts if (levels := self._feasible(search, start)) is not None]
        return min(found, key=search.price) if found else None

    def _on_all_days(self, levels: Levels, limits: Ints) -> tuple[Levels, Search]:
        """Search on all days, then add agents until others keep the promise too."""
        self.meter.stage = self.meter.most
        search, others = self._further(limits)
        levels = self._mended(others, search.improved(self._mended(search, levels)))
        surer = self._surer(limits).repaired(levels)
        return levels if surer is None else surer, search

    def _surer(self, limits: Ints) -> Search:
        """A search on others for a standard error more of days: a share that was just reached is a little too high."""
        of = self.target.confidence
        more = min(of + math.sqrt(of * (1 - of) / len(self.others.calls)), 1.0)
        judge = Judge(replace(self.target, confidence=more), self.judge.layout)
        return Search(self.others, judge, self.cost, limits, self._cover(limits), self.meter.goes_on)

    def _further(self, limits: Ints) -> tuple[Search, Search]:
        """Searches on all days, and on others."""
        return self._search(self.all_days, limits), self._search(self.others, limits)

    def _mended(self, search: Search, levels: Levels) -> Levels:
        mended = search.repaired(levels)
        if mended is None:
            raise self._out_of_reach(search)
        return mended

    def _out_of_reach(self, search: Search) -> LimitError:
        def unlimited() -> Levels | None:
            wider = self._search(self.all_days, self.more)
            begun = self._begun(wider)
            begun = None if begun is None else wider.improved(begun)
            for further in (self._search(self.coarse, self.more), self._search(self.others, self.more)):
                begun = None if begun is None else further.repaired(begun)
            return begun

        searches = [self._search(days, search.limits) for days in (self.coarse, self.all_days, self.others)]
        groups = list(self.loaded.scenario.groups)
        return out_of_reach(searches, self.at_most, groups, unlimited, self._unit_labels())

    @cached_property
    def coarse(self) -> Days:
        """The days on which the search begins."""
        return self._draw(max(round(_COARSE * self.days), min(_LEAST_DAYS, self.days)), self.seed)

    @cached_property
    def all_days(self) -> Days:
        """The days that the search looks at."""
        return self._draw(self.days, self.seed)

    @cached_property
    def others(self) -> Days:
        """Others, on which what was found must hold too: many, as a share of few days is known badly."""
        return self._draw(max(_OTHERS * self.days, self.effort.fresh_days), self.seed + 1)

    def _feasible(self, search: Search, levels: Levels) -> Levels | None:
        """The least multiple of a staffing that keeps the promise, or one with agents added where it does not."""
        keeping = (factor for factor in _FACTORS if search.kept(search.scaled(levels, factor)))
        high = next(keeping, None) if self.judge.units == 1 else None
        if high is None:
            return search.repaired(self._raised(search, levels))
        low = max((factor for factor in _FACTORS if factor < high), default=0.0)
        for _ in range(_SCALES):
            middle = (low + high) / 2
            tried = search.scaled(levels, middle)
            if np.array_equal(tried, search.scaled(levels, high)) or search.kept(tried):
                high = middle
            else:
                low = middle
        return search.scaled(levels, high)

    def _raised(self, search: Search, levels: Levels) -> Levels:
        """A staffing with more agents in the intervals that break their promise, where each has its own."""
        factors = np.ones(levels.shape[1])
        before = levels.shape[1] - self.judge.layout.intervals
        for _ in range(_RAISES if self.target.per == "interval" else 0):
            short = self.judge.reach(search.days.values(search.scaled(levels, factors)))[: self.judge.units] < 0
            if not short.any():
                break
            factors[before:][short] *= _RAISE
        return search.scaled(levels, factors)

    def _load(self, coarse: Days) -> tuple[Floats, Ints]:
        """The offered load, and the most agents of each group: those allowed, or more than can be of use."""
        groups = self.loaded.scenario.groups
        an_hour = 3_600 * US_PER_S
        hours = max(-(-self.runner.prepared.horizon_us // an_hour), 1)
        busiest = max(
            int(np.histogram(day.arrived_us, bins=hours, range=(0, hours * an_hour))[0].max()) for day in coarse.calls
        )
        plenty = np.full(len(groups), min(busiest + 10, MOST_AGENTS))
        load = loads(self.runner, coarse.calls[:_LOOKED_AT], plenty)
        peak = float(load.sum(axis=0).max())
        there = np.array([1 - group.shrinkage for group in groups.values()])
        # Agents who may hardly be busy are many more than the load.
        much = max(_MORE, _SPARE / (self.target.most_occupied or 1.0))
        more = np.ceil((much * peak + 6 * np.sqrt(peak) + 10) / there).astype(np.int64)
        self.more: Ints = np.minimum(more, MOST_AGENTS)
        allowed = np.array([self.at_most.get(name, MOST_AGENTS) for name in groups])
        return load, np.minimum(self.more, allowed)

    def _measured(self, levels: Levels, closed: tuple[int, ...]) -> tuple[Measured, Measured, float]:
        """The staffing found and the scenario's own on the same fresh days, and its hours while nobody calls."""
        fresh = Days.draw(self.with_prices, self.effort.fresh_days, self.seed + 2, self.pool, self.meter)
        scenario = self.loaded.scenario
        units = self._unit_labels()

        def of(staff: Staff, of_staff: Paid) -> Measured:
            made = measured(
                fresh.of_staff(staff),
                self.judge,
                cost=of_staff.cost,
                hours=of_staff.hours,
                confidence=scenario.confidence,
                labels=units,
                starts=scenario.labels[:-1],
                closed=reported(scenario, closed),
            )
            return replace(made, costs=of_staff.costs(made.costs))

        found, own = Staff.of(staffed(scenario, levels)), Staff.of(scenario)
        today = paid(own, self.hourly, closed)
        return of(found, paid(found, self.hourly, closed)), of(own, today), today.idle_hours

    def _unit_labels(self) -> dict[int, str]:
        if self.target.per == "queue":
            return dict(enumerate(self.judge.layout.queues))
        return dict(enumerate(self.loaded.scenario.labels))
