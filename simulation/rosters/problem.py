"""What a roster has to do: so many agents of each group at every moment, out of shifts of these kinds."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from flows.source.finding import usage_error
from flows.values.units import US_PER_S
from simulation.arrays import Ints
from simulation.clock.local_time import DAY_US
from simulation.scenario.model import Scenario
from simulation.scenario.shift_kinds import DAY_MIN, Person, ShiftKind

__all__ = ["Pattern", "Problem", "available", "patterns", "problem_of", "windows"]

_MOST_PATTERNS = 100_000
_US_PER_MIN = 60 * US_PER_S


@dataclass(frozen=True)
class Problem:
    """Agents needed in each slot of time, and the kinds of shifts that may cover them.

    Minutes are counted on the clock from midnight of the first date.

    Parameters
    ----------
    need : mapping of str to numpy.ndarray
        By group, i8[slots].
    step : int
        Minutes of a slot.
    first : int
        The minute at which the first slot begins.
    weekdays : tuple of str
        The day of the week of each day for which shifts are chosen.
    repeats : tuple of tuple of int
        On which dates, counted from the first, the shifts of each such day begin.
    rates : mapping of str to float
        What an hour of a group costs.
    kinds : mapping of str to ShiftKind
    """

    need: Mapping[str, Ints]
    step: int
    first: int
    weekdays: tuple[str, ...]
    repeats: tuple[tuple[int, ...], ...]
    rates: Mapping[str, float]
    kinds: Mapping[str, ShiftKind]

    @property
    def slots(self) -> int:
        """How many slots there are."""
        return len(next(iter(self.need.values())))

    @cached_property
    def teams(self) -> tuple[tuple[str, str], ...]:
        """Kinds and the groups that work them."""
        return tuple(
            (name, group)
            for name, kind in self.kinds.items()
            for group in self.need
            if group in (kind.groups or self.need)
        )

    def of_groups(self, groups: tuple[str, ...]) -> Problem:
        """The same for some of the groups."""
        return replace(self, need={group: self.need[group] for group in groups})

    def with_kind(self, name: str, **changes: object) -> Problem:
        """The same with another kind of shift in place of one."""
        return replace(self, kinds={**self.kinds, name: self.kinds[name].model_copy(update=changes)})

    def covered(self, day: int, begin: int, end: int) -> Ints:
        """i8[slots]: how often a span of minutes of a day, repeated, covers each slot as a whole."""
        found = np.zeros(self.slots, dtype=np.int64)
        for date in self.repeats[day]:
            low = -(-(begin + date * DAY_MIN - self.first) // self.step)
            high = (end + date * DAY_MIN - self.first) // self.step
            found[max(low, 0) : max(high, 0)] += 1
        return found

    def touched(self, day: int, begin: int, end: int) -> Ints:
        """i8[slots]: how often a span of minutes of a day, repeated, touches each slot."""
        found = np.zeros(self.slots, dtype=np.int64)
        for date in self.repeats[day]:
            low = (begin + date * DAY_MIN - self.first) // self.step
            high = -(-(end + date * DAY_MIN - self.first) // self.step)
            found[max(low, 0) : max(high, 0)] += 1
        return found


@dataclass(frozen=True)
class Pattern:
    """A shift that somebody may work: its kind, group and day, and from when to when.

    Parameters
    ----------
    kind, group : str
    day : int
    start, length : int
        Minute of the day, and minutes.
    paid : int
        Minutes.
    cost : float
    """

    kind: str
    group: str
    day: int
    start: int
    length: int
    paid: int
    cost: float

    @property
    def end(self) -> int:
        """The minute at which it ends, from midnight of its day."""
        return self.start + self.length


def patterns(problem: Problem) -> list[Pattern]:
    """Every shift that may be chosen."""
    found = []
    for name, group in problem.teams:
        kind = problem.kinds[name]
        rate = kind.cost_per_hour or problem.rates[group]
        people = people_of(kind, group)
        for length in kind.lengths():
            paid = kind.paid(length)
            if paid > (kind.hours_a_day or paid):
                continue
            cost = rate * (paid + _overtime(kind, paid)) / 60
            for day, weekday in enumerate(problem.weekdays):
                if kind.days and weekday not in kind.days:
                    continue
                made = (Pattern(name, group, day, start, length, paid, cost) for start in kind.starts())
                found += [
                    pattern
                    for pattern in made
                    if problem.touched(day, pattern.start, pattern.end).any()
                    and (not kind.people or any(available(who, pattern, weekday) for who in people.values()))
                ]
        if len(found) > _MOST_PATTERNS:
            raise usage_error(
                "X005",
                f"the kinds of shifts allow more than {_MOST_PATTERNS:,} shifts",
                "make start and length narrower, or every longer, e.g. every: 1h",
            )
    return found


def _overtime(kind: ShiftKind, paid: int) -> float:
    return 0.0 if kind.overtime is None else max(paid - kind.overtime.after, 0) * (kind.overtime.factor - 1)


def people_of(kind: ShiftKind, group: str) -> dict[str, Person]:
    """The people of a kind who belong to a group."""
    return {name: who for name, who in kind.people.items() if who.group in ("", group)}


def available(person: Person, pattern: Pattern, weekday: str) -> bool:
    """Whether a person can work a shift on a day of the week."""
    until = 2 * DAY_MIN if person.end is None else person.end + DAY_MIN * (person.end <= person.begin)
    return (not person.days or weekday in person.days) and person.begin <= pattern.start and pattern.end <= until


def windows(kind: ShiftKind, start: int, length: int) -> list[tuple[int, range, int]]:
    """The breaks of a shift, as (which, minutes at which it may begin, minutes it takes)."""
    found = []
    for which, pause in enumerate(kind.breaks):
        if length <= pause.over:
            continue
        low, high = pause.after or (0, 0)
        if pause.before_end is not None:
            low, high = (length - pause.length - edge for edge in reversed(pause.before_end))
        found.append((which, range(start + low, start + high + 1, pause.every), pause.length))
    return found


def problem_of(scenario: Scenario, kinds: Mapping[str, ShiftKind], levels: Ints) -> Problem:
    """The problem of covering a staffing of a scenario.

    Parameters
    ----------
    scenario : Scenario
        Its horizon is at most a week.
    kinds : mapping of str to ShiftKind
    levels : numpy.ndarray
        i8[groups, intervals]: agents who take calls, in each interval.

    Notes
    -----
    A slot needs the most agents of the intervals that it touches, so that breaks within an interval are covered too.
    A horizon of a day or less stands for every day: a night shift covers the early morning as well. The shifts of a
    longer one are chosen for each day of the week.
    """
    clock = scenario.clock
    last_us = scenario.horizon_us
    step = _step(kinds)
    begin, end = (int(clock.wall_us(at)) for at in (0, last_us - 1))
    first = begin // _US_PER_MIN // step * step
    slots = -(-(end + 1 - first * _US_PER_MIN) // (step * _US_PER_MIN))
    need = np.zeros((len(levels), slots), dtype=np.int64)
    edges = scenario.cut.edges_us
    for interval in range(levels.shape[1]):
        wall = [int(clock.wall_us(int(at))) // _US_PER_MIN - first for at in (edges[interval], edges[interval + 1] - 1)]
        span = slice(wall[0] // step, wall[1] // step + 1)
        need[:, span] = np.maximum(need[:, span], levels[:, interval, None])
    dates = end // DAY_US + 1
    every_day = scenario.horizon <= DAY_MIN * 60
    days = range(1 if every_day else min(dates, 7))
    return Problem(
        need=dict(zip(scenario.groups, need, strict=True)),
        step=step,
        first=first,
        weekdays=tuple(clock.weekday(day) for day in days),
        repeats=tuple(
            tuple(date for date in range(-1, dates + 1) if every_day or (date - day) % 7 == 0) for day in days
        ),
        rates={name: group.cost_per_hour for name, group in scenario.groups.items()},
        kinds=kinds,
    )


def _step(kinds: Mapping[str, ShiftKind]) -> int:
    """The longest slot that every start, end and break of the shifts keeps to, minutes."""
    marks = [DAY_MIN]
    for kind in kinds.values():
        marks += [kind.length[0], kind.start[0], kind.every]
        for pause in kind.breaks:
            marks += [pause.length, pause.every, *(pause.after or pause.before_end or ())]
    return max(math.gcd(*marks), 1)
