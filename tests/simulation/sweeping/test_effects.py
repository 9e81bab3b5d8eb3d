"""What matters, on figures made by a formula."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.experiment.estimates import Estimate, student_t
from simulation.sweeping.effects import effects
from simulation.sweeping.frontier import best_cells, read_axes
from simulation.sweeping.plan import Plan, grid, read_places, sampled

PLACES = read_places(["a=1.0..3.0/3", "b=x,y", "c=10,20"])


def figure(plan: Plan) -> np.ndarray:
    """10 a + 7 if b is y; c does nothing."""
    return np.array([10 * float(a) + (7 if b == "y" else 0) for a, b, _ in plan.cells])


def test_a_grid_gives_differences_of_means() -> None:
    plan = grid(PLACES)
    found = {one.path: one for one in effects(plan, range(len(plan.cells)), figure(plan), None)}
    assert [found["a"].low, found["a"].high, found["a"].mean] == ["1", "3", pytest.approx(20)]
    assert [found["b"].low, found["b"].high, found["b"].mean] == ["x", "y", pytest.approx(7)]
    assert found["c"].mean == pytest.approx(0)
    # Variances: of 10, 20, 30 it is 200/3; of 0 and 7 it is 3.5 squared. Nothing else differs.
    whole = 200 / 3 + 3.5**2
    assert found["a"].share == pytest.approx(200 / 3 / whole)
    assert found["b"].share == pytest.approx(3.5**2 / whole)


def test_the_interval_is_that_of_paired_differences() -> None:
    """Each replication moves all cells alike: that cancels. What it does to b=y alone stays: +1 and -1."""
    plan = grid(PLACES)
    alike = np.tile([5.0, -5.0], (len(plan.cells), 1))
    alike[[b == "y" for _, b, _ in plan.cells]] += [1.0, -1.0]
    found = {one.path: one for one in effects(plan, range(len(plan.cells)), figure(plan), alike)}
    # (1, -1): the sum of squares is 2, over 1 degree of freedom and 2 replications the standard error is 1.
    assert found["b"].half_width == pytest.approx(student_t(0.95, 1))
    assert found["a"].half_width == pytest.approx(0)


def test_a_sample_gives_slopes_over_the_whole_range() -> None:
    plan = sampled(PLACES, 40, seed=1)
    found = {one.path: one for one in effects(plan, range(40), figure(plan), None)}
    assert [found["a"].low, found["a"].high, found["a"].mean] == ["1", "3", pytest.approx(20)]
    assert found["b"].mean == pytest.approx(7)
    assert found["c"].mean == pytest.approx(0)


def test_cells_that_are_missing_do_not_mislead() -> None:
    plan = grid(PLACES)
    cells = [i for i, (a, b, _) in enumerate(plan.cells) if (a, b) != ("3", "y")]
    found = {one.path: one.mean for one in effects(plan, cells, figure(plan)[cells], None)}
    assert found == {"a": pytest.approx(20), "b": pytest.approx(7), "c": pytest.approx(0)}
    assert effects(plan, [0, 1], figure(plan)[:2], None) == []


def test_the_frontier_has_no_cell_that_another_beats() -> None:
    """Every cell is on it, or another is as good in both, and better in one or first: tried on all pairs."""
    rng = np.random.default_rng(1)
    cells = {
        i: {"abandonment": Estimate(float(x)), "service_level": Estimate(float(y))}
        for i, (x, y) in enumerate(rng.integers(0, 12, (60, 2)))
    }

    def beaten(i: int) -> bool:
        x, y = (cells[i][name].mean for name in ("abandonment", "service_level"))
        return any(
            ((of["abandonment"].mean, of["service_level"].mean) != (x, y) or other < i)
            and of["abandonment"].mean <= x
            and of["service_level"].mean >= y
            for other, of in cells.items()
        )

    best = best_cells(cells, read_axes("abandonment,service_level"))
    assert sorted(best) == [i for i in cells if not beaten(i)]
    assert [cells[i]["abandonment"].mean for i in best] == sorted(cells[i]["abandonment"].mean for i in best)
