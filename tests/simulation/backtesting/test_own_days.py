"""Pauses are made longer or shorter until a log's own days are neither busier nor idler than they were."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import pytest

from simulation.backtesting.own_days import balanced
from simulation.backtesting.simulated import Figures


class Floor:
    """Two runs for each factor on pauses; abandonment is real up to an excess, in misses of 2 points."""

    def __init__(self, excess: Callable[[float], float], spread: float = 0.1) -> None:
        self.excess, self.spread, self.tried = excess, spread, list[float]()

    def run(self, factor: float) -> Sequence[Figures]:
        self.tried.append(factor)
        return [
            Figures({"abandonment": 0.1 + 0.02 * (self.excess(factor) + by)}, (), (), {})
            for by in (-self.spread, self.spread)
        ]

    def excesses(self, runs: Sequence[Figures]) -> list[float]:
        return [(run.whole["abandonment"] - 0.1) / 0.02 for run in runs]


@pytest.mark.parametrize(
    ("excess", "wanted"),
    [
        (lambda factor: 4 * math.log(factor / 0.7), 0.7),  # too busy: pauses are shortened to where it is 0
        (lambda factor: 4 * math.log(factor / 1.6), 1.6),
        (lambda factor: 6 * (factor**2 - 0.5**2), 0.5),  # not a straight line over logarithms
        (lambda factor: 5.0 + factor, 0.4),  # never idle enough: the shortest pauses that are tried
    ],
)
def test_the_factor_with_which_days_are_neither_too_busy_nor_too_idle(
    excess: Callable[[float], float], wanted: float
) -> None:
    factor, runs = balanced(floor := Floor(excess))
    assert factor == pytest.approx(wanted, rel=0.15)
    assert abs(excess(factor)) <= 0.4 or factor == 0.4
    assert runs[0].whole["abandonment"] == pytest.approx(0.1 + 0.02 * (excess(factor) - 0.1))
    assert len(floor.tried) <= 7


def test_what_a_single_run_has_by_chance_changes_nothing() -> None:
    """Runs at 0.5 - 1 and 0.5 + 1 have a standard deviation of root 2, which is more than 0.5."""
    assert balanced(floor := Floor(lambda factor: 0.5 * factor, spread=1.0))[0] == 1.0
    assert floor.tried == [1.0]


def test_of_an_excess_the_part_that_is_chance_is_left() -> None:
    """The excess is 4 ln(1 / 0.7) = 1.43; runs 0.5 above and below have a variance of 0.5: 0.5 / 1.43 = 0.35 is left.

    It is left where 4 ln(factor / 0.7) = 0.35: at 0.7 e^0.0876 = 0.764.
    """
    factor, _ = balanced(Floor(lambda factor: 4 * math.log(factor / 0.7), spread=0.5))
    assert factor == pytest.approx(0.764, abs=0.01)
