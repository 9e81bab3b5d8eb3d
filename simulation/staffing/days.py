"""The days on which staffings are tried: callers drawn once, agents exchanged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import numpy as np

from simulation.arrays import Flags, Ints
from simulation.experiment.replicate import busy_uniforms
from simulation.experiment.runner import Runner
from simulation.sampling.streams import Streams
from simulation.scenario.model import Scenario
from simulation.tables.checks import CallTable, StaffTable
from simulation.workload.build_staff_table import Staff

__all__ = ["Days", "Levels", "staffed"]

_KEPT = 6
"""Staffings whose sums are kept."""
Levels = Ints
"""i8[groups, intervals]: agents of each group in each interval."""


def staffed(scenario: Scenario, levels: Levels) -> Scenario:
    """The scenario with these agents in place of its own.

    Parameters
    ----------
    scenario : Scenario
    levels : numpy.ndarray
        i8[groups, intervals].

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> clinic = load_scenario("city_services").scenario
    >>> made = staffed(clinic, np.full((len(clinic.groups), clinic.intervals), 7))
    >>> {group.most_agents for group in made.groups.values()}
    {7}
    """
    groups = {
        name: group.model_copy(update={"agents": tuple(row), "shifts": ()})
        for (name, group), row in zip(scenario.groups.items(), levels.tolist(), strict=True)
    }
    return scenario.model_copy(update={"groups": groups, "staff_factor": 1.0})


@dataclass
class Days:
    """Days whose callers are drawn once; every staffing meets the same callers.

    Parameters
    ----------
    runner : Runner
    seed : int
    calls : list of CallTable
        One for each day.
    pool : ThreadPoolExecutor
    simulated : callable
        Called after each simulated day.
    numbers : sequence of int, optional
        Which day of the seed each of them is; default: the first ones.
    """

    runner: Runner
    seed: int
    calls: list[CallTable]
    pool: ThreadPoolExecutor
    simulated: Callable[[], None] = lambda: None
    numbers: Sequence[int] = ()
    _known: dict[bytes, Ints] = field(default_factory=dict)

    @classmethod
    def draw(
        cls, runner: Runner, days: int, seed: int, pool: ThreadPoolExecutor, simulated: Callable[[], None]
    ) -> Days:
        """Draw the callers of so many days, as busy as the days of a run are."""
        uniforms = list(enumerate(busy_uniforms(days, seed)))
        calls = list(pool.map(lambda day: runner.calls(seed, *day), uniforms))
        return cls(runner, seed, calls, pool, simulated)

    def __len__(self) -> int:
        return len(self.calls)

    def only(self, kept: Flags, levels: Levels) -> Days:
        """Some of these days; what they make of these agents is known already."""
        at = np.flatnonzero(kept).tolist()
        some = Days(
            self.runner, self.seed, [self.calls[i] for i in at], self.pool, self.simulated,
            [self.numbers[i] if self.numbers else i for i in at],
        )  # fmt: skip
        some._known[levels.tobytes()] = self.values(levels)[kept]
        return some

    def values(self, levels: Levels) -> Ints:
        """i8[days, rows, columns]: the sums of each day with these agents; see ``Sums.values``."""
        key = levels.tobytes()
        if key not in self._known:
            if len(self._known) >= _KEPT:
                self._known.pop(next(iter(self._known)))
            self._known[key] = self.of_staff(Staff.of(staffed(self.runner.prepared.scenario, levels)))
        return self._known[key]

    def of_staff(self, staff: Staff) -> Ints:
        """The same, of agents as a scenario states them."""
        everybody = staff.table()

        def one(day: int) -> Ints:
            number = self.numbers[day] if self.numbers else day
            present: StaffTable = staff.table(Streams(self.seed, number)) if staff.vary else everybody
            part, _ = self.runner.replication(self.calls[day], present)
            return part.values

        found = []
        for values in self.pool.map(one, range(len(self.calls))):
            found.append(values)
            self.simulated()
        return np.stack(found)
