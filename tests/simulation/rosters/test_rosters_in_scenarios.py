"""What a roster says it covers is what the simulation has on duty, nights and weeks included."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulation.loading.load import load_scenario
from simulation.rosters.problem import problem_of
from simulation.rosters.solve import solved
from simulation.scenario.model import Scenario
from simulation.workload.build_staff_table import build_staff_table
from tests.support.roster_problems import faults, kind
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY, write

US_PER_MIN = 60_000_000
KINDS = {
    "day": kind(
        length="4h..8h",
        start="06:00..14:00",
        every="2h",
        breaks={"length": "30m", "after": "1h30m..2h30m"},
        rest="11h",
        days_a_week="5",
    ),
    "night": kind(length="8h", start="22:00", breaks={"length": "30m", "after": "3h..4h"}, rest="11h"),
}


def on_duty(scenario: Scenario, first: int, step: int, slots: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Heads in the middle of each slot, of the staff table; the clock does not change."""
    table = build_staff_table(scenario)
    begins = int(scenario.clock.wall_us(0))
    found = []
    for slot in range(slots):
        at = (first + slot * step + step / 2) * US_PER_MIN - begins
        found.append(int(np.sum((table.on_us <= at) & (at < table.off_us))))
    return np.array(found)


@pytest.mark.parametrize(
    ("start", "horizon"),
    [("2026-11-23 00:00", "24h"), ("2026-11-23 08:00", "12h"), ("2026-11-25 00:00", "3d"), ("2026-11-25 06:00", "7d")],
)
def test_the_cover_is_what_the_simulation_has_on_duty(tmp_path: Path, start: str, horizon: str) -> None:
    file = write(tmp_path, QUEUE_ONLY, QUEUE_CALLED)
    scenario = load_scenario(file, settings=[f"start={start}", f"horizon={horizon}", "interval=1h"]).scenario
    rng = np.random.default_rng(1)
    hours = scenario.cut.number.size
    levels = np.where(rng.random((1, hours)) < 0.8, rng.integers(1, 4, (1, hours)), 0)
    # Nobody works at 00:00 of the first of several days, when no shift begins: the night before is not in the roster.
    if horizon == "3d":
        levels[0, :6] = 0
    problem = problem_of(scenario, KINDS, levels)
    roster = solved(problem)
    assert not faults(roster)
    (cover,) = roster.cover.values()
    assert np.array_equal(on_duty(roster.in_scenario(scenario), problem.first, problem.step, problem.slots), cover)
