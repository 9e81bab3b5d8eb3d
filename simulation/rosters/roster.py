"""A roster: who works when, with which breaks, what it covers and what it costs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from flows.values.units import US_PER_S
from simulation.arrays import Ints
from simulation.rosters.problem import Pattern, Problem
from simulation.scenario.duty import Break, Shift
from simulation.scenario.model import Scenario
from simulation.scenario.shift_kinds import clock_text

__all__ = ["Roster", "Rostered"]


@dataclass(frozen=True)
class Rostered:
    """One shift of one person.

    Parameters
    ----------
    person : str
        Their name, or the kind of shift and a number.
    shift : Pattern
    breaks : tuple of (int, int)
        From and to, minutes from midnight of its day.
    """

    person: str
    shift: Pattern
    breaks: tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Roster:
    """A roster that covers a staffing.

    Parameters
    ----------
    problem : Problem
    shifts : tuple of Rostered
        By group, day, start and end.
    bound : float
        No roster of these kinds of shifts that covers the same costs less.
    """

    problem: Problem
    shifts: tuple[Rostered, ...]
    bound: float

    @property
    def cost(self) -> float:
        """What the shifts cost."""
        return sum(one.shift.cost for one in self.shifts)

    @property
    def paid_hours(self) -> float:
        """Hours that are paid."""
        return sum(one.shift.paid for one in self.shifts) / 60

    @property
    def people(self) -> int:
        """How many people work."""
        return len({(one.shift.kind, one.shift.group, one.person) for one in self.shifts})

    @cached_property
    def cover(self) -> dict[str, Ints]:
        """By group, i8[slots]: agents who take calls at any moment of each slot."""
        problem = self.problem
        found = {group: np.zeros(problem.slots, dtype=np.int64) for group in problem.need}
        for one in self.shifts:
            found[one.shift.group] += problem.covered(one.shift.day, one.shift.start, one.shift.end)
            for begin, end in one.breaks:
                found[one.shift.group] -= problem.touched(one.shift.day, begin, end)
        return found

    @property
    def needed_cost(self) -> float:
        """What the agents needed would cost if each could come for one slot of the horizon."""
        problem = self.problem
        return sum(float(need.sum()) * problem.rates[group] for group, need in problem.need.items()) * problem.step / 60

    @property
    def rows(self) -> list[dict[str, object]]:
        """One row a shift: who, which group, which day, from when to when, with which breaks."""
        return [
            {
                "person": one.person,
                "group": one.shift.group,
                "kind": one.shift.kind,
                "day": self.problem.weekdays[one.shift.day],
                "start": clock_text(one.shift.start),
                "end": clock_text(one.shift.end),
                "breaks": ", ".join(f"{clock_text(begin)}-{clock_text(end)}" for begin, end in one.breaks),
                "paid_hours": one.shift.paid / 60,
                "cost": one.shift.cost,
            }
            for one in self.shifts
        ]

    def levels(self, scenario: Scenario) -> dict[str, Ints]:
        """By group, i8[intervals]: agents who take calls all through each interval of the scenario."""
        problem, cut = self.problem, scenario.cut
        minutes = scenario.clock.wall_us(np.asarray(cut.edges_us)) // (60 * US_PER_S) - problem.first
        first = np.clip(minutes[:-1] // problem.step, 0, problem.slots - 1)
        last = np.maximum(-(-minutes[1:] // problem.step), first + 1)
        spans = list(zip(first.tolist(), last.tolist(), strict=True))
        return {
            group: np.array([cover[low:high].min() for low, high in spans], dtype=np.int64)
            for group, cover in self.cover.items()
        }

    def in_scenario(self, scenario: Scenario) -> Scenario:
        """The scenario with the agents of this roster in place of its own."""
        groups = {
            name: group.model_copy(update={"agents": (), "shifts": self._shifts_of(name), "breaks": ()})
            for name, group in scenario.groups.items()
        }
        return scenario.model_copy(update={"groups": groups, "staff_factor": 1.0})

    def _shifts_of(self, group: str) -> tuple[Shift, ...]:
        counts: dict[Shift, int] = {}
        several = len(self.problem.weekdays) > 1
        for one in self.shifts:
            if one.shift.group != group:
                continue
            shift = Shift.model_validate(
                {
                    "agents": 1,
                    "from": one.shift.start % 1440,
                    "to": one.shift.end % 1440,
                    "days": (self.problem.weekdays[one.shift.day],) if several else (),
                    "breaks": tuple(
                        Break.model_validate({"from": begin % 1440, "to": end % 1440}) for begin, end in one.breaks
                    ),
                }
            )
            counts[shift] = counts.get(shift, 0) + 1
        made = tuple(shift.model_copy(update={"agents": float(count)}) for shift, count in counts.items())
        # A group needs some shift, even if nobody comes.
        return made or (Shift.model_validate({"agents": 0, "from": 0, "to": 1440}),)

    def scenario_groups(self) -> dict[str, list[dict[str, Any]]]:
        """The shifts of each group as a scenario file states them."""
        several = len(self.problem.weekdays) > 1
        found: dict[str, list[dict[str, Any]]] = {}
        for group in self.problem.need:
            counts: dict[tuple[Any, ...], int] = {}
            for one in self.shifts:
                if one.shift.group == group:
                    key = (one.shift.day, one.shift.start, one.shift.end, one.breaks)
                    counts[key] = counts.get(key, 0) + 1
            found[group] = [
                {
                    "agents": str(count),
                    "from": clock_text(start),
                    "to": clock_text(end),
                    **({"days": [self.problem.weekdays[day]]} if several else {}),
                    **({"breaks": [{"from": clock_text(a), "to": clock_text(b)} for a, b in breaks]} if breaks else {}),
                }
                for (day, start, end, breaks), count in counts.items()
            ] or [{"agents": "0", "from": "00:00", "to": "24:00"}]
        return found
