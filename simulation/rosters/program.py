"""The integer program of a roster: how many work each shift, and where their breaks lie.

Breaks are not enumerated with the shifts: all shifts of a kind, group and day whose window for a break is the same
share one set of variables for its places (Aykin 1996, "Optimal shift scheduling with multiple break windows",
Management Science 42). As the breaks of a shift never overlap, places and shifts can be matched in any order. HiGHS,
which SciPy brings, solves it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from simulation.arrays import Ints
from simulation.rosters.problem import Pattern, Problem, available, patterns, people_of, windows
from simulation.scenario.shift_kinds import DAY_MIN, ShiftKind

__all__ = ["Program", "Solved", "Team", "limits"]

Team = tuple[str, str]
"""A kind of shift and a group."""
_MANY = 10_000
_ANY = 0.5
"""Any roster that costs at most twice what it must will do: the first that is found may have thousands of shifts."""


@dataclass(frozen=True)
class Solved:
    """A solution of a program.

    Parameters
    ----------
    chosen : list of tuple of Pattern, tuple of int, str
        Each shift with the minutes at which its breaks begin, and whose it is, if the program says so.
    teams : mapping of Team to int
        How many people each team may have.
    cost : float
    bound : float
        No roster costs less.
    short : float
        Agent-slots that are not covered; above 0 only if that was allowed.
    """

    chosen: list[tuple[Pattern, tuple[int, ...], str]]
    teams: dict[Team, int]
    cost: float
    bound: float
    short: float


@dataclass
class Program:
    """Variables and rows of an integer program for some groups.

    Parameters
    ----------
    problem : Problem
    one_by_one : mapping of Team to int
        Teams whose people are told apart, and how many there may be.
    elastic : bool
        Whether cover may be short; then as little as possible.
    costly : bool
        Whether the cost counts; else any roster will do.
    """

    problem: Problem
    one_by_one: Mapping[Team, int] = field(default_factory=dict)
    elastic: bool = False
    costly: bool = True
    cost: list[float] = field(default_factory=list)
    most: list[float] = field(default_factory=list)
    rows: list[tuple[Sequence[int], Sequence[float], float, float]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.patterns = patterns(self.problem)
        self.shifts = [self._variable(0.0 if self.elastic else pattern.cost) for pattern in self.patterns]
        self.people: dict[Team, list[tuple[str, int, dict[int, int]]]] = {}
        self.sizes: dict[Team, int] = {}
        self.blocks: dict[tuple[Team, int, int, int], tuple[list[int], range, int, list[int]]] = {}
        self.missing: list[int] = []
        self._breaks()
        self._cover()
        self._teams()

    # -- variables and rows --------------------------------------------------------------------------------------------

    def _variable(self, cost: float = 0.0, most: float = np.inf) -> int:
        self.cost.append(cost)
        self.most.append(most)
        return len(self.cost) - 1

    def _row(self, of: Iterable[tuple[int, float]], low: float, high: float) -> None:
        pairs = list(of)
        if pairs:
            self.rows.append(([at for at, _ in pairs], [value for _, value in pairs], low, high))
        elif low > 0 or high < 0:
            self.rows.append(([self._variable(most=0.0)], [1.0], low, high))

    def _breaks(self) -> None:
        problem = self.problem
        for at, pattern in enumerate(self.patterns):
            kind = problem.kinds[pattern.kind]
            for which, places, length in windows(kind, pattern.start, pattern.length):
                key = ((pattern.kind, pattern.group), pattern.day, which, places.start)
                if key not in self.blocks:
                    self.blocks[key] = ([self._variable() for _ in places], places, length, [])
                self.blocks[key][3].append(at)
        for variables, _, _, of in self.blocks.values():
            self._row([*((at, 1.0) for at in variables), *((self.shifts[at], -1.0) for at in of)], 0, 0)

    def _cover(self) -> None:
        problem = self.problem
        there: dict[str, list[list[tuple[int, float]]]] = {
            group: [[] for _ in range(problem.slots)] for group in problem.need
        }
        for at, pattern in enumerate(self.patterns):
            self._put(
                there[pattern.group], problem.covered(pattern.day, pattern.start, pattern.end), self.shifts[at], 1.0
            )
        for ((_, group), day, _, _), (variables, places, length, _) in self.blocks.items():
            for at, place in zip(variables, places, strict=True):
                self._put(there[group], problem.touched(day, place, place + length), at, -1.0)
        for group, slots in there.items():
            for slot, pairs in enumerate(slots):
                need = float(problem.need[group][slot])
                if need <= 0:
                    continue
                if self.elastic:
                    self.missing.append(self._variable(1.0))
                    pairs = [*pairs, (self.missing[-1], 1.0)]
                self._row(pairs, need, np.inf)

    @staticmethod
    def _put(slots: list[list[tuple[int, float]]], covered: Ints, at: int, value: float) -> None:
        for slot in np.flatnonzero(covered).tolist():
            slots[slot].append((at, value * float(covered[slot])))

    # -- teams ---------------------------------------------------------------------------------------------------------

    def _teams(self) -> None:
        of: dict[Team, list[int]] = {team: [] for team in self.problem.teams}
        for at, pattern in enumerate(self.patterns):
            of[pattern.kind, pattern.group].append(at)
        for name, kind in self.problem.kinds.items():
            teams = [team for team in of if team[0] == name]
            for team in teams:
                self._team(team, kind, of[team])
            if isinstance(kind.agents, tuple) and not kind.people and teams:
                self._row([(self.sizes[team], 1.0) for team in teams], *kind.agents)

    def _team(self, team: Team, kind: ShiftKind, of: list[int]) -> None:
        least, most = limits(kind, team[1])
        self.sizes[team] = self._variable(most=most)
        if least:
            self._row([(self.sizes[team], 1.0)], least, np.inf)
        if team in self.one_by_one:
            self._one_by_one(team, kind, of)
            return
        self._work(kind, {at: self.shifts[at] for at in of}, self.sizes[team])
        for day, weekday in enumerate(self.problem.weekdays if kind.people else ()):
            here = [at for at in of if self.patterns[at].day == day]
            can: dict[int, frozenset[str]] = {
                at: frozenset(
                    name for name, who in people_of(kind, team[1]).items() if available(who, self.patterns[at], weekday)
                )
                for at in here
            }
            for who in set(can.values()):  # those who can work none but these
                self._row([(self.shifts[at], 1.0) for at in here if can[at] <= who], 0, len(who))

    def _work(self, kind: ShiftKind, of: dict[int, int], size: int) -> None:
        """Rows that hold for each person, summed over so many as `size` says."""
        self._row([*((at, 1.0) for at in of.values()), (size, -1.0)], 0, np.inf)
        by_day: dict[int, list[int]] = defaultdict(list)
        for at in of:
            by_day[self.patterns[at].day].append(at)
        for here in by_day.values():
            self._row([*((of[at], 1.0) for at in here), (size, -1.0)], -np.inf, 0)
        if len(self.problem.weekdays) > 1:
            self._week(kind, of, size)
            for day, here in by_day.items():
                for later in (1, 2):
                    self._rest(kind, of, here, by_day.get(day + later, []), later * DAY_MIN, size)

    def _week(self, kind: ShiftKind, of: dict[int, int], size: int) -> None:
        for stated, worth in ((kind.days_a_week, None), (kind.hours_a_week, 60.0)):
            if stated is None:
                continue
            least, most = (edge / (worth or 1.0) for edge in stated)
            work = [(of[at], self.patterns[at].paid / worth if worth else 1.0) for at in of]
            self._row([*work, (size, -most)], -np.inf, 0)
            if least:
                self._row([*work, (size, -least)], 0, np.inf)

    def _rest(
        self, kind: ShiftKind, of: dict[int, int], today: list[int], others: list[int], later: int, size: int
    ) -> None:
        """Who ends late does not begin early on a day so many minutes later."""
        rest = kind.rest or 0
        for end in sorted({self.patterns[at].end for at in today}):
            early = [at for at in others if self.patterns[at].start + later < end + rest]
            if early:
                late = [at for at in today if self.patterns[at].end >= end]
                self._row([*((of[at], 1.0) for at in (*late, *early)), (size, -1.0)], -np.inf, 0)

    def _one_by_one(self, team: Team, kind: ShiftKind, of: list[int]) -> None:
        named = people_of(kind, team[1])
        each: list[tuple[str, int, dict[int, int]]] = []
        for name in list(named) or [""] * self.one_by_one[team]:
            there = self._variable(most=1.0)
            mine = {
                at: self._variable(most=1.0)
                for at in of
                if not name or available(named[name], self.patterns[at], self.problem.weekdays[self.patterns[at].day])
            }
            self._work(kind, mine, there)
            if each and not name:
                self._row([(each[-1][1], 1.0), (there, -1.0)], 0, np.inf)
            each.append((name, there, mine))
        for at in of:
            self._row([*((mine[at], 1.0) for _, _, mine in each if at in mine), (self.shifts[at], -1.0)], 0, 0)
        self._row([*((there, 1.0) for _, there, _ in each), (self.sizes[team], -1.0)], 0, 0)
        self.people[team] = each

    # -- solving -------------------------------------------------------------------------------------------------------

    def solved(self, time_s: float = 60.0) -> Solved | None:
        """The best solution; None if there is none.

        Raises
        ------
        TimeoutError
            If none was found in that time, and it is not known that there is none.
        """
        from scipy.optimize import Bounds, LinearConstraint, milp
        from scipy.sparse import coo_array

        if not self.cost:
            return Solved([], {}, 0.0, 0.0, 0.0)
        rows = np.repeat(np.arange(len(self.rows)), [len(at) for at, _, _, _ in self.rows])
        columns = np.concatenate([np.asarray(at, dtype=np.int64) for at, _, _, _ in self.rows])
        values = np.concatenate([np.asarray(of, dtype=float) for _, of, _, _ in self.rows])
        matrix = coo_array((values, (rows, columns)), shape=(len(self.rows), len(self.cost))).tocsc()
        low, high = (np.array([row[edge] for row in self.rows]) for edge in (2, 3))
        found = milp(
            np.array(self.cost),
            integrality=np.ones(len(self.cost), dtype=np.int64),
            bounds=Bounds(0, np.array(self.most)),
            constraints=LinearConstraint(matrix, low, high),
            options={"time_limit": time_s, "mip_rel_gap": 1e-6 if self.costly else _ANY},
        )
        if found.status == 2:
            return None
        if found.x is None:
            raise TimeoutError(found.message)
        x = np.rint(found.x).astype(np.int64)
        return Solved(
            chosen=self._chosen(x),
            teams={team: int(x[at]) for team, at in self.sizes.items()},
            cost=float(sum(x[at] * pattern.cost for at, pattern in zip(self.shifts, self.patterns, strict=True))),
            bound=float(found.mip_dual_bound or 0.0),
            short=float(sum(x[at] for at in self.missing)),
        )

    def _chosen(self, x: np.ndarray[tuple[int], np.dtype[np.int64]]) -> list[tuple[Pattern, tuple[int, ...], str]]:
        """Each shift with its breaks: the places of a break go to the shifts that share them, in order."""
        left = {
            key: [place for at, place in zip(variables, places, strict=True) for _ in range(int(x[at]))]
            for key, (variables, places, _, _) in self.blocks.items()
        }
        made = []
        for at, pattern in enumerate(self.patterns):
            team = (pattern.kind, pattern.group)
            names = [
                name or str(number)
                for number, (name, _, mine) in enumerate(self.people.get(team, ()), 1)
                if at in mine and x[mine[at]]
            ]
            for turn in range(int(x[self.shifts[at]])):
                begins = tuple(
                    left[team, pattern.day, which, places.start].pop(0)
                    for which, places, _ in windows(self.problem.kinds[pattern.kind], pattern.start, pattern.length)
                )
                made.append((pattern, begins, names[turn] if names else ""))
        return made


def limits(kind: ShiftKind, group: str) -> tuple[int, float]:
    """The least and most people of a kind in a group; of a number for all groups together, only the most."""
    if kind.people:
        return 0, float(len(people_of(kind, group)))
    if isinstance(kind.agents, dict):
        least, most = kind.agents.get(group, (0, _MANY))
        return least, float(most)
    return (0, float(kind.agents[1])) if kind.agents else (0, float(_MANY))
