"""Breaks that a shift states for itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.source.finding import ScenarioError
from simulation.loading.load import load_scenario
from simulation.workload.build_staff_table import build_staff_table
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY, write

HOUR_US = 3_600_000_000


def staffed(folder: Path, shifts: str, *more: str) -> list[tuple[float, float, float]]:
    """On, off and the length of the break before, in hours from the start at 08:00."""
    settings = [f"groups.agents={{skills: [calls], shifts: {shifts}{''.join(more)}}}"]
    table = build_staff_table(load_scenario(write(folder, QUEUE_ONLY, QUEUE_CALLED), settings=settings).scenario)
    rows = zip(table.on_us.tolist(), table.off_us.tolist(), table.rest_us.tolist(), strict=True)
    return [(on / HOUR_US, off / HOUR_US, rest / HOUR_US) for on, off, rest in rows]


def test_a_break_is_that_of_the_agents_of_its_shift_alone(tmp_path: Path) -> None:
    shifts = (
        "[{agents: 1, from: '08:00', to: '16:00', breaks: [{from: '10:00', to: '10:15'}, {from: '12:00', to: '12:30'}]}"
        ", {agents: 1, from: '09:00', to: '13:00'}]"
    )
    assert staffed(tmp_path, shifts) == [(0, 2, 0), (2.25, 4, 0.25), (4.5, 8, 0.5), (1, 5, 0)]


def test_breaks_of_the_group_come_on_top(tmp_path: Path) -> None:
    shifts = "[{agents: 1, from: '08:00', to: '16:00', breaks: [{from: '10:00', to: '10:15'}]}]"
    more = ", breaks: [{length: 30m, after: 6h}]"
    assert staffed(tmp_path, shifts, more) == [(0, 2, 0), (2.25, 6, 0.25), (6.5, 8, 0.5)]


@pytest.mark.parametrize(
    ("breaks", "message"),
    [
        (
            "{from: '07:00', to: '07:30'}",
            "a break from 07:00 to 07:30 does not lie within its shift of agents, from 08:00 to",
        ),
        (
            "{from: '15:50', to: '16:10'}",
            "a break from 15:50 to 16:10 does not lie within its shift of agents, from 08:00 to",
        ),
        ("{length: 30m, after: 2h}", "a break of a shift has from and to alone"),
        ("{from: '10:00', to: '11:00', length: 30m}", "a break of a shift has from and to alone"),
    ],
)
def test_a_break_lies_within_its_shift(tmp_path: Path, breaks: str, message: str) -> None:
    with pytest.raises(ScenarioError, match=message):
        staffed(tmp_path, f"[{{agents: 1, from: '08:00', to: '16:00', breaks: [{breaks}]}}]")
