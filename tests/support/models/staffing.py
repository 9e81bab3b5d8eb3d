"""Who works when, who may serve what and how fast, from the words of docs/engines.md and docs/planning.md."""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction

from tests.support.models.clock import Clock
from tests.support.models.walks import seconds, us


@dataclass(frozen=True)
class Row:
    """A stretch of a shift between breaks."""

    on: int
    off: int
    rest: int
    ends_in_break: bool


@dataclass(frozen=True)
class Person:
    """One agent's rows and speed."""

    group: str
    speed: float
    rows: list[Row]


def _half_up(value: Fraction) -> int:
    return math.floor(value + Fraction(1, 2))


class Staffing:
    """The agents of a scenario, in order of their numbers."""

    def __init__(self, scenario: dict):
        self.scenario, self.clock = scenario, Clock(scenario)
        self.horizon_us = self.clock.horizon_us
        self.factor = Fraction(str(scenario.get("staff_factor", 1)))

    def people(self) -> list[Person]:
        """All agents."""
        found = []
        for name, worked in self._worked().items():
            speeds = _speeds(self.scenario["groups"][name].get("speed", 1), len(worked))
            for j, shifts in enumerate(worked):
                turn = Fraction(j, len(worked) - 1) if len(worked) > 1 else Fraction(0)
                rows = [row for begin, end in sorted(shifts) for row in self._rows(name, turn, begin, end)]
                found.append(Person(name, speeds[j], rows))
        return found

    def _worked(self) -> dict[str, list[list[tuple[int, int]]]]:
        """By group and agent, begin and end of shifts, not yet cut."""
        groups: dict[str, dict] = self.scenario["groups"]
        result: dict[str, list[list[tuple[int, int]]]] = {}
        wanted, given = Fraction(0), 0
        wanted_in, given_in = [Fraction(0)] * len(self.clock.edges), [0] * len(self.clock.edges)
        for name, group in groups.items():
            if "shifts" in group:
                agents = []
                for shift in group["shifts"]:
                    wanted += self.factor * shift["agents"]
                    number = _half_up(wanted) - given
                    given += number
                    if times := self._shift_times(shift):
                        agents += [times] * number
                result[name] = agents
                continue
            listed = group["agents"] if isinstance(group["agents"], list) else [group["agents"]]
            numbers = []
            for i, begins in enumerate(self.clock.edges):
                wanted_in[i] += self.factor * listed[self.clock.of_interval(begins, len(listed))]
                numbers.append(_half_up(wanted_in[i]) - given_in[i])
                given_in[i] += numbers[-1]
            result[name] = [self._adjoining(j, numbers) for j in range(max(numbers))]
        return result

    def _adjoining(self, agent: int, numbers: list[int]) -> list[tuple[int, int]]:
        shifts: list[tuple[int, int]] = []
        edges = [*self.clock.edges, self.horizon_us]
        for i, number in enumerate(numbers):
            if number > agent:
                begin, end = edges[i], edges[i + 1]
                if shifts and shifts[-1][1] == begin:
                    begin = shifts.pop()[0]
                shifts.append((begin, end))
        return shifts

    def _shift_times(self, shift: dict) -> list[tuple[int, int]]:
        days = [("mon", "tue", "wed", "thu", "fri", "sat", "sun").index(day) for day in shift.get("days", [])]
        return [
            (begin, end)
            for begin, end, weekday in self.clock.dates(shift["from"], shift["to"])
            if (not days or weekday in days) and begin < end and end > 0 and begin < self.horizon_us
        ]

    def _rows(self, group: str, turn: Fraction, true_begin: int, true_end: int) -> list[Row]:
        begin, end = max(true_begin, 0), min(true_end, self.horizon_us)
        away = []
        for stated in self.scenario["groups"][group].get("breaks", []):
            length = us(seconds(stated["length"])) if "length" in stated else None
            if "after" in stated:
                at = true_begin + us(seconds(stated["after"])) + round(turn * us(seconds(stated.get("spread", 0))))
                away.append((at, at + length))
            else:
                for at, until, _ in self.clock.dates(stated["from"], stated["to"]):
                    long = min(length or until - at, until - at)  # when clocks jump there may be less time, or none
                    later = round(turn * (until - at - long))
                    away.append((at + later, at + later + long))
        rows, at, rest = [], begin, 0
        blocks: list[tuple[int, int]] = []
        for b, e in sorted((b, e) for b, e in away if b < end and e > begin and e > b):
            if blocks and b <= blocks[-1][1]:
                b, e = blocks[-1][0], max(e, blocks.pop()[1])
            blocks.append((b, e))
        for b, e in blocks:
            if b > at:
                rows.append(Row(at, b, rest, True))
            at, rest = e, e - max(b, begin)
        if at < end:
            rows.append(Row(at, end, rest, False))
        return rows


def _speeds(stated: object, n: int) -> list[float]:
    if isinstance(stated, list):
        return [float(s) for s in stated]
    if isinstance(stated, dict):
        low, high = stated["uniform"]["low"], stated["uniform"]["high"]
        return [low + (high - low) * _quantile(i + 1) for i in range(n)]
    return [float(stated)] * n  # type: ignore[arg-type]


def _quantile(i: int) -> float:
    """1/2, 1/4, 3/4, 1/8, 5/8, ...: the binary digits of i mirrored at the point."""
    return int(bin(i)[:1:-1], 2) / 2 ** i.bit_length()
