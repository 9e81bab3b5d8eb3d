"""What one agent more does, measured apart and one by one."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from ivr.records.definitions.all_measures import COLUMNS
from simulation.staffing.effects import changes
from simulation.staffing.target import Target
from tests.support.small_staffings import searching, skills

GROUPS = {"all": "{skills: [sales, help, bills], agents: 5}"}
WITHIN = COLUMNS.index("handled_within")


def test_changes_far_apart_do_what_each_does_alone(tmp_path: Path) -> None:
    """Eight half hours of 3 erlangs and 5 agents: a change is felt for an hour or so."""
    loaded = skills(tmp_path, GROUPS, shares=(0.4, 0.3, 0.3), horizon="4h", interval="30m")
    with searching(loaded, Target(level=0.8, threshold_s=20), days=10, most=20) as search:
        levels = np.full((1, 8), 5)
        found = list(changes(search.days, levels, search.judge.layout, step=1, limits=np.array([20])))
        assert [(one.group, one.interval) for one in found] == [(0, i) for i in (0, 4, 1, 5, 2, 6, 3, 7)]
        base = search.days.values(levels)
        for one in found:
            alone = levels.copy()
            alone[0, one.interval] += 1
            truth = (search.days.values(alone) - base)[:, 0, WITHIN].sum()
            assert truth > 0
            assert abs((one.values - base)[:, 0, WITHIN].sum() - truth) <= 0.2 * truth


def test_nobody_is_taken_where_nobody_is_or_added_beyond_the_limit(tmp_path: Path) -> None:
    loaded = skills(tmp_path, GROUPS, shares=(0.4, 0.3, 0.3), horizon="1h", interval="30m")
    with searching(loaded, Target(level=0.8, threshold_s=20), days=2, most=9) as search:
        levels, limits = np.array([[0, 9]]), np.array([9])
        for step, at in ((-1, 1), (1, 0)):
            found = changes(search.days, levels, search.judge.layout, step=step, limits=limits)
            assert [(one.group, one.interval) for one in found] == [(0, at)]
