"""Solves and simulates in one loop: cover is raised until the roster keeps the promise, then shifts are saved."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import numpy as np

from flows.source.finding import LimitError
from simulation.arrays import Floats, Ints
from simulation.experiment.replicate import Progress
from simulation.experiment.runner import Runner
from simulation.rosters.out_of_shifts import out_of_shifts, out_of_time
from simulation.rosters.problem import problem_of
from simulation.rosters.result import RosterResult
from simulation.rosters.roster import Roster
from simulation.rosters.solve import Known, NoRosterError, solved
from simulation.scenario.model import Scenario
from simulation.scenario.shift_kinds import ShiftKind
from simulation.staffing.closed import paid, reported
from simulation.staffing.cover import Cover
from simulation.staffing.days import Days
from simulation.staffing.finder import Effort
from simulation.staffing.measure import measured
from simulation.staffing.meter import Meter
from simulation.staffing.money import as_paid
from simulation.staffing.result import Measured, StaffingResult
from simulation.staffing.score import Judge, Layout
from simulation.staffing.search import Search
from simulation.workload.build_staff_table import Staff

__all__ = ["find_roster"]

_ROUNDS = 12
"""Times that cover is raised at most."""
_TRIES = 16
"""Shifts that are tried to be saved at most."""
_IN_VAIN = 5
"""Tries without a saving that end them."""
_TINY = 1e-9


def find_roster(
    found: StaffingResult,
    kinds: Mapping[str, ShiftKind],
    *,
    today: Scenario,
    effort: Effort = Effort(),  # noqa: B008  frozen
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> RosterResult:
    """Find a roster of these kinds of shifts that keeps the promise of a staffing.

    Parameters
    ----------
    found : StaffingResult
        The agents who take calls; breaks come on top.
    kinds : mapping of str to ShiftKind
    today : Scenario
        The scenario with its own agents, for comparison.
    effort : Effort
    progress : callable, optional
        Called with steps done, and how many there are.
    on_compile : callable, optional

    Raises
    ------
    LimitError
        Q005, if no roster covers the staffing, with what to relax and by how much.

    Notes
    -----
    The roster is judged on the days of the search, and by a standard error more of days on others. Where it misses
    the promise, cover is raised by the agents that help most. Once it is kept, shifts whose agents are missed least
    are left out, one at a time, as long as it stays kept. What is told is measured on a third set of days.
    """
    runner = Runner.of(found.loaded, engine=effort.engine, on_compile=on_compile)
    with ThreadPoolExecutor(runner.workers(effort.workers), thread_name_prefix="roster") as pool:
        return _Keeper(found, kinds, runner, effort, pool, progress).result(today)


class _Keeper:
    """One loop, from the staffing to the measured roster."""

    def __init__(
        self,
        found: StaffingResult,
        kinds: Mapping[str, ShiftKind],
        runner: Runner,
        effort: Effort,
        pool: ThreadPoolExecutor,
        progress: Progress | None,
    ) -> None:
        self.found, self.kinds, self.pool = found, kinds, pool
        self.runner, self.with_prices = replace(runner, prices=None), runner
        self.scenario = found.loaded.scenario
        self.known: Known = {}
        edges = np.asarray(self.scenario.reported.edges_us, dtype=np.int64)
        layout = Layout(runner.routing.queues, runner.routing.groups, np.asarray(self.scenario.clock.day(edges[:-1])))
        self.judge = Judge(found.target, layout)
        others = max(2 * found.searched_days, effort.fresh_days)
        share = found.target.confidence
        more = min(share + math.sqrt(share * (1 - share) / others), 1.0)
        self.meter = Meter((1 + _TRIES) * (found.searched_days + others), progress, None)
        self.meter.later = 2 * found.fresh_days
        surer = Judge(replace(found.target, confidence=more), layout)
        searched = self._draw(self.runner, found.searched_days, found.seed)
        self.sets = [(searched, self.judge), (self._draw(self.runner, others, found.seed + 1), surer)]

    def _draw(self, runner: Runner, days: int, seed: int) -> Days:
        return Days.draw(runner, days, seed, self.pool, self.meter)

    def result(self, today: Scenario) -> RosterResult:
        """Raise, save, measure."""
        roster, rounds = self._raised()
        saved = self._saved(roster) if rounds is not None else roster
        self.meter.measures()
        fresh = self._draw(self.with_prices, self.found.fresh_days, self.found.seed + 2)
        own = self._measured(fresh, today, None) if today is not self.scenario else self.found.today
        return RosterResult(
            staffing=replace(self.found, today=own),
            roster=saved,
            measured=self._measured(fresh, saved.in_scenario(self.scenario), saved),
            raised=rounds,
            saved=roster.cost - saved.cost,
            simulated_days=self.meter.done,
        )

    def _measured(self, fresh: Days, scenario: Scenario, roster: Roster | None) -> Measured:
        staff = Staff.of(scenario)
        rates = np.array([group.cost_per_hour for group in scenario.groups.values()])
        own = paid(staff, rates, self.found.closed)
        of = measured(
            fresh.of_staff(staff),
            self.judge,
            cost=own.cost if roster is None else roster.cost,
            hours=own.hours if roster is None else roster.paid_hours,
            confidence=scenario.confidence,
            labels=dict(enumerate(self.found.found.by_unit)),
            starts=scenario.labels[:-1],
            closed=reported(scenario, self.found.closed) if roster is None else (),
        )
        return replace(of, costs=own.costs(of.costs) if roster is None else as_paid(of.costs, roster.cost))

    # -- until the promise is kept -------------------------------------------------------------------------------------

    def _raised(self) -> tuple[Roster, int | None]:
        """The roster that keeps the promise and how often its cover was raised; None if it still does not keep it."""
        levels = self.found.levels.copy()
        for raised in range(_ROUNDS):
            roster = self._solved(levels)
            short = self._short(roster)
            if short is None:
                return roster, raised
            levels = self._more(levels, roster, *short)
        return roster, None

    def _solved(self, levels: Ints) -> Roster:
        try:
            return solved(problem_of(self.scenario, self.kinds, levels), self.known, self.pool)
        except NoRosterError as error:
            raise LimitError(out_of_shifts(error.problem)) from None
        except TimeoutError:
            raise LimitError(out_of_time()) from None

    def _short(self, roster: Roster) -> tuple[Days, Judge, Floats] | None:
        """The days on which a roster does not keep the promise, and by how much; None if it keeps it on all."""
        staff = Staff.of(roster.in_scenario(self.scenario))
        for days, judge in self.sets:
            values = days.of_staff(staff)
            if not judge.kept(values):
                return days, judge, np.maximum(-judge.reach(values), 0.0)
        return None

    def _more(self, levels: Ints, roster: Roster, days: Days, judge: Judge, short: Floats) -> Ints:
        """More agents where they help most; one more everywhere if none helps."""
        cover = self._cover(roster)
        hourly = np.array([group.cost_per_hour for group in self.scenario.groups.values()])
        cost = np.repeat(hourly[:, None], levels.shape[1], axis=1)
        alone = Cover.nowhere(days.runner.routing, levels.shape[1])
        search = Search(days, judge, cost, cover.max(axis=1) + _ROUNDS, alone, lambda: True)
        cells = search.helpful(cover, short)
        raised = levels.copy()
        for cell in cells:
            raised[cell] = max(raised[cell], cover[cell] + 1)
        return raised if cells else levels + 1

    def _cover(self, roster: Roster) -> Ints:
        """i8[groups, intervals]: agents who are there all through each interval."""
        return np.array(list(roster.levels(self.scenario).values()))

    # -- fewer shifts --------------------------------------------------------------------------------------------------

    def _saved(self, roster: Roster) -> Roster:
        """A cheaper roster that keeps the promise: without the shifts whose agents are missed least, while it does."""
        in_vain, tried = 0, set[tuple[object, ...]]()
        for _ in range(_TRIES):
            fewer = next((one for one in self._without_one(roster) if self._key(one) not in tried), None)
            if fewer is None or in_vain >= _IN_VAIN:
                break
            tried.add(self._key(fewer))
            cheaper = self._cheaper(fewer, roster)
            if cheaper is not None and self._short(cheaper) is None:
                roster, in_vain = cheaper, 0
            else:
                in_vain += 1
        return roster

    @staticmethod
    def _key(levels: Ints) -> tuple[object, ...]:
        return (levels.tobytes(),)

    def _without_one(self, roster: Roster) -> list[Ints]:
        """What is covered without one of the shifts, those first whose agents are missed least for their cost."""
        missed = np.zeros(self.found.levels.shape)
        groups = list(self.scenario.groups)
        for less in self.found.one_agent:
            if less.step < 0:
                missed[groups.index(less.group), less.interval] = max(-less.service_level, 0.0)
        cover = self._cover(roster)
        found = []
        for number, one in enumerate(roster.shifts):
            rest = replace(roster, shifts=(*roster.shifts[:number], *roster.shifts[number + 1 :]))
            levels = self._cover(rest)
            found.append((float((missed * (cover - levels)).sum()) / max(one.shift.cost, _TINY), number, levels))
        return [levels for _, _, levels in sorted(found, key=lambda one: one[:2])]

    def _cheaper(self, levels: Ints, than: Roster) -> Roster | None:
        """The roster for fewer agents, if it costs less."""
        try:
            fewer = problem_of(self.scenario, self.kinds, np.minimum(levels, self._cover(than)))
            made = solved(fewer, self.known)
        except (NoRosterError, TimeoutError):
            return None
        return made if made.cost < than.cost - _TINY else None
