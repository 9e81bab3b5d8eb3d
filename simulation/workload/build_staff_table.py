"""Builds the staff table: when the agents of each group work, and how fast they are."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from flows.values.units import US_PER_S
from simulation.arrays import Floats, Ints
from simulation.clock.local_time import DAY_US
from simulation.sampling.streams import LANES, Streams
from simulation.scenario.duty import Break
from simulation.scenario.floor import Group
from simulation.scenario.model import Scenario
from simulation.tables.chats import Chats
from simulation.tables.checks import StaffTable
from simulation.workload.build_outbound import build_outbound
from simulation.workload.draw_pauses import with_pauses

__all__ = ["Staff", "build_staff_table", "speeds"]


_DECIMALS = 9
"""Of a number of agents: 3.4 - 3 is 0.4."""


@dataclass(frozen=True)
class _Stretch:
    """A stretch of work, microseconds from the start.

    The shift began at `begun_us`, which may be before the scenario starts, on `day`; with this `chance` the agent is
    there on that day. The shift has `breaks` of its own, besides those of the group.
    """

    on_us: int
    off_us: int
    begun_us: int
    day: int
    chance: float = 1.0
    breaks: tuple[Break, ...] = ()


def build_staff_table(scenario: Scenario, streams: Streams | None = None) -> StaffTable:
    """Build the staff table: one row per stretch of work; a break splits a shift into two rows.

    Numbers of agents are multiplied by ``staff_factor`` and rounded, and the remainder is carried to the next group
    (and shift), so that cutting many small groups by a tenth cuts the total by a tenth. A group that states a fraction
    of an agent is not rounded.

    Parameters
    ----------
    scenario : Scenario
    streams : Streams, optional
        Those of the replication, to decide who is absent; default: nobody, and whoever may be there is. Agents keep
        their ids, whoever is absent.
    """
    return Staff.of(scenario).table(streams)


@dataclass(frozen=True)
class _Team:
    """The agents of one group: what each of them works when present, and the same as rows of the staff table."""

    name: str
    group: Group
    code: int
    first: int
    stretches: list[list[_Stretch]]
    rows: Ints
    agent: Ints
    day: Ints
    chance: Floats

    @property
    def varies(self) -> bool:
        """Whether chance decides who is there."""
        pauses = self.group.pauses is not None and self.group.pauses.per_hour > 0
        return bool(self.group.shrinkage) or self.group.fractional or pauses

    @property
    def hours(self) -> float:
        """The hours that its agents are expected to be on duty, whoever stays away."""
        on_us, off_us = self.rows[:, 2], self.rows[:, 3]
        if not self.group.fractional:
            return float((off_us - on_us).sum()) / (3_600 * US_PER_S)
        expected_us: float = sum(
            part.chance * max(0, min(off, part.off_us) - max(on, part.on_us))
            for agent, on, off in zip(self.agent.tolist(), on_us.tolist(), off_us.tolist(), strict=True)
            for part in self.stretches[agent]
        )
        return expected_us / (3_600 * US_PER_S)


@dataclass(frozen=True)
class Staff:
    """The agents of a scenario, from which the staff table of each replication is made.

    Parameters
    ----------
    scenario : Scenario
    teams : tuple
        The agents of each group.
    speed : numpy.ndarray
        f8: of each agent.
    """

    scenario: Scenario
    teams: tuple[_Team, ...]
    speed: Floats

    @classmethod
    def of(cls, scenario: Scenario) -> Staff:
        """The agents of a scenario."""
        teams: list[_Team] = []
        fast: list[float] = []
        for code, ((name, group), counts) in enumerate(zip(scenario.groups.items(), _scaled(scenario), strict=True)):
            of = _shifts if group.shifts else _part_levels if group.fractional else _levels
            stretches = list(of(group, counts, scenario))
            teams.append(_team(name, group, code, len(fast), stretches, scenario))
            fast += speeds(group, len(stretches))
        return cls(scenario, tuple(teams), np.array(fast, dtype=float))

    @property
    def vary(self) -> bool:
        """Whether chance decides who is there, or whom they dial."""
        return any(team.varies or team.group.outbound is not None for team in self.teams)

    @property
    def hours(self) -> float:
        """The hours that agents are expected to be on duty, without breaks and whoever stays away."""
        return sum(team.hours for team in self.teams)

    def table(self, streams: Streams | None = None) -> StaffTable:
        """The staff table of a replication; without its streams, that of all agents with the first day's numbers."""
        groups = self.scenario.groups
        parts = [
            _present(team, self.scenario, streams) if streams and team.varies else team.rows for team in self.teams
        ]
        agent, group, on_us, off_us, rest_us, to_break = np.concatenate([np.zeros((0, 6), np.int64), *parts]).T
        return StaffTable(
            agent=agent,
            group=group,
            on_us=on_us,
            off_us=off_us,
            groups=tuple(groups),
            rest_us=rest_us,
            to_break=to_break.astype(np.bool_),
            speed=self.speed[agent],
            at_off=tuple(group.end_of_shift for group in groups.values()),
            outbound=build_outbound(self.scenario, streams),
            chats=tuple(
                Chats(of.at_once, of.slower, of.queues) if (of := group.chats) else None for group in groups.values()
            ),
        )


def _team(name: str, group: Group, code: int, first: int, stretches: list[list[_Stretch]], scenario: Scenario) -> _Team:
    rows, agents, days, chances = [], [], [], []
    for j, own in enumerate(stretches):
        for stretch in own if group.shifts else _joined(own):
            made = _rows([stretch], group, code, first, j, len(stretches), scenario)
            rows += made
            agents += [j] * len(made)
            # A shift belongs to the day on which it began, which may be the day before the first.
            days += [stretch.day + 1] * len(made)
            chances += [stretch.chance] * len(made)
    table = np.array(rows, dtype=np.int64).reshape(-1, 6)
    return _Team(
        name, group, code, first, stretches, table, np.array(agents, int), np.array(days, int), np.array(chances, float)
    )


def _rows(
    present: list[_Stretch], group: Group, code: int, first: int, number: int, team: int, scenario: Scenario
) -> list[tuple[int, int, int, int, int, bool]]:
    """An agent's rows of the staff table."""
    return [
        (first + number, code, on, off, rest, ends_in_break)
        for on, off, rest, ends_in_break in _without_breaks(present, group.breaks, scenario, number, team)
    ]


def _present(team: _Team, scenario: Scenario, streams: Streams) -> Ints:
    """The rows of a team's agents who are there."""
    size, group = len(team.stretches), team.group
    away = _by_day(f"absence/{team.name}", size, scenario, streams) < group.shrinkage
    # The same number for all intervals of a day: more agents on that day only add, and nobody comes for a moment.
    u = _by_day(f"fraction/{team.name}", size, scenario, streams) if group.fractional else np.zeros(away.shape)
    pauses = group.pauses
    if group.shifts:
        there = team.rows[~away[team.agent, team.day] & (u[team.agent, team.day] < team.chance)]
        return with_pauses(there, pauses, team.name, team.first, scenario.horizon_us, streams)
    rows = []
    for j, stretches in enumerate(team.stretches):
        parts = _day_by_day(stretches, scenario)
        present = _joined([part for part in parts if not away[j, part.day + 1] and u[j, part.day + 1] < part.chance])
        rows += _rows(present, group, team.code, team.first, j, size, scenario)
    made = np.array(rows, dtype=np.int64).reshape(-1, 6)
    return with_pauses(made, pauses, team.name, team.first, scenario.horizon_us, streams)


def _scaled(scenario: Scenario) -> list[list[float]]:
    """Numbers of agents of each group, by interval or by shift, after the staff factor."""
    factor = scenario.staff_factor
    levels, shifts = np.zeros(scenario.intervals), 0.0  # wanted so far, over all groups
    given, given_shifts = np.zeros(scenario.intervals, dtype=np.int64), 0
    scaled: list[list[float]] = []
    for group in scenario.groups.values():
        counts: list[float] = []
        if group.fractional:
            stated = group.numbers if group.shifts else scenario.spread(group.agents)
            counts = [round(number * factor, _DECIMALS) for number in stated]
        elif group.shifts:
            for shift in group.shifts:
                shifts += shift.agents * factor
                count = int(shifts + 0.5 + 1e-9) - given_shifts
                counts.append(count)
                given_shifts += count
        else:
            levels = levels + np.array(scenario.spread(group.agents)) * factor
            row = np.floor(levels + 0.5 + 1e-9).astype(np.int64) - given
            given = given + row
            counts = row.tolist()
        scaled.append(counts)
    return scaled


def _levels(group: Group, counts: Sequence[float], scenario: Scenario) -> Iterator[list[_Stretch]]:
    """Agent j works in every interval whose number of agents is above j."""
    numbers = [int(count) for count in counts]
    if not any(numbers):
        return
    made = StaffTable.of_levels({"": numbers}, edges_us=scenario.cut.edges_us)
    for agent in range(max(numbers)):
        mine = np.flatnonzero(made.agent == agent)
        on_us = made.on_us[mine]
        yield [
            _Stretch(on, off, on, day)
            for on, off, day in zip(
                on_us.tolist(), made.off_us[mine].tolist(), scenario.clock.day(on_us).tolist(), strict=True
            )
        ]


def _part_levels(group: Group, counts: Sequence[float], scenario: Scenario) -> Iterator[list[_Stretch]]:
    """Agent j works in every interval whose number of agents is above j, with the chance by which it is, at most 1."""
    edges_us = scenario.cut.edges_us.tolist()
    days = scenario.clock.day(scenario.cut.edges_us).tolist()
    for agent in range(math.ceil(max(counts, default=0.0))):
        chances = [0.0, *(round(min(max(count - agent, 0.0), 1.0), _DECIMALS) for count in counts), 0.0]
        changes = [i for i, (before, after) in enumerate(itertools.pairwise(chances)) if before != after]
        yield [
            _Stretch(edges_us[a], edges_us[b], edges_us[a], days[a], chances[a + 1])
            for a, b in itertools.pairwise(changes)
            if chances[a + 1]
        ]


def _shifts(group: Group, counts: Sequence[float], scenario: Scenario) -> Iterator[list[_Stretch]]:
    """Shifts by the clock, on their days; a shift in progress when the scenario starts or ends is cut there."""
    clock, horizon_us = scenario.clock, scenario.horizon_us
    days = range(-1, len(clock.midnights_us) + 2)
    for shift, count in zip(group.shifts, counts, strict=True):
        length = (shift.end - shift.begin) % 1440 or 1440
        spans = [
            _Stretch(
                max(0, begin),
                min(horizon_us, _at_us(scenario, shift.begin + length, day)),
                begin,
                day,
                breaks=shift.breaks,
            )
            for day in days
            if not shift.days or clock.weekday(day) in shift.days
            for begin in (_at_us(scenario, shift.begin, day),)
        ]
        spans = [span for span in spans if span.on_us < span.off_us]
        for agent in range(math.ceil(count) if spans else 0):
            chance = round(min(count - agent, 1.0), _DECIMALS)
            yield spans if chance == 1.0 else [replace(span, chance=chance) for span in spans]


def _at_us(scenario: Scenario, minutes: int, day: int) -> int:
    """When the clock shows a time, in minutes, on a day counted from the start date."""
    return scenario.clock.at_us(day * DAY_US + minutes * 60 * US_PER_S)


def _by_day(purpose: str, team: int, scenario: Scenario, streams: Streams) -> Floats:
    """f8[agents, days]: a uniform of each agent and day; day 0 is the one before the scenario starts."""
    days, agents = len(scenario.clock.midnights_us) + 3, np.arange(team)
    return np.concatenate([streams.uniforms(purpose, agents, draw=draw) for draw in range(-(-days // LANES))], axis=1)


def _day_by_day(stretches: list[_Stretch], scenario: Scenario) -> list[_Stretch]:
    """Stretches of agents without shifts, split at midnight."""
    cuts = scenario.clock.midnights_us.tolist()
    parts = []
    for stretch in stretches:
        edges = [stretch.on_us, *(cut for cut in cuts if stretch.on_us < cut < stretch.off_us), stretch.off_us]
        parts += [
            replace(stretch, on_us=on, off_us=off, day=stretch.day + k)
            for k, (on, off) in enumerate(itertools.pairwise(edges))
        ]
    return parts


def _joined(parts: list[_Stretch]) -> list[_Stretch]:
    """Stretches, joined where there is no gap between them."""
    whole: list[_Stretch] = []
    for part in parts:
        if whole and whole[-1].off_us == part.on_us:
            whole[-1] = replace(whole[-1], off_us=part.off_us)
        else:
            whole.append(replace(part, begun_us=part.on_us) if part.begun_us < part.on_us else part)
    return whole


def _without_breaks(
    stretches: list[_Stretch],
    breaks: tuple[Break, ...],
    scenario: Scenario,
    number: int,
    team: int,
) -> Iterator[tuple[int, int, int, bool]]:
    """An agent's stretches without the breaks, as (on, off, length of the break before, whether a break follows)."""
    for stretch in stretches:
        away = sorted(
            (max(begin, stretch.on_us), begin + length, length)
            for pause in (*breaks, *stretch.breaks)
            for begin, length in _breaks(pause, stretch, scenario, number, team)
            if begin < stretch.off_us and begin + length > stretch.on_us
        )
        on, rest = stretch.on_us, 0
        for begin, end, _length in away:
            if begin > on:
                yield on, begin, rest, True
                rest = 0
            # A break that begins within another, or before the scenario starts, adds only its remainder.
            rest += max(0, end - max(begin, on))
            on = max(on, end)
        if on < stretch.off_us:
            yield on, stretch.off_us, rest, False


def _breaks(pause: Break, stretch: _Stretch, scenario: Scenario, number: int, team: int) -> Iterator[tuple[int, int]]:
    """Start and length of an agent's breaks of one kind within a stretch."""
    turn = number / (team - 1) if team > 1 else 0.0
    if pause.after is not None and pause.length is not None:
        yield stretch.begun_us + round((pause.after + turn * pause.spread) * US_PER_S), round(pause.length * US_PER_S)
    elif pause.begin is not None and pause.end is not None:
        window = (pause.end - pause.begin) % 1440
        first, last = scenario.clock.day(np.array([stretch.on_us, stretch.off_us])).tolist()
        for day in range(first - 1, last + 1):
            begin_us = _at_us(scenario, pause.begin, day)
            window_us = _at_us(scenario, pause.begin + window, day) - begin_us
            length_us = window_us if pause.length is None else min(round(pause.length * US_PER_S), window_us)
            if length_us:
                yield begin_us + round(turn * (window_us - length_us)), length_us


def speeds(group: Group, team: int) -> list[float]:
    """The speed of each agent. A distribution is spread as evenly as possible over any number of agents on duty.

    Agents take its quantiles in the order of van der Corput (1935), "Verteilungsfunktionen", in base 2: the first k
    quantiles always cover the whole distribution, so that no shift has all the fast agents, and adding an agent leaves
    the speeds of all others unchanged.

    Parameters
    ----------
    group : Group
    team : int
        Number of agents.
    """
    if isinstance(group.speed, tuple):
        return list(group.speed[:team])
    u = np.array([_van_der_corput(j + 1) for j in range(team)])
    return [float(speed) for speed in group.speed.quantile(u)]


def _van_der_corput(number: int) -> float:
    value, part = 0.0, 0.5
    while number:
        number, bit = divmod(number, 2)
        value += bit * part
        part /= 2
    return value
