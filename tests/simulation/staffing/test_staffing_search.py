"""The search against all staffings of small lines, and against exact Erlang A and C."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from simulation.loading.load import load_scenario
from simulation.staffing.find import find_staffing
from simulation.staffing.finder import Effort
from simulation.staffing.start import fewest_for
from simulation.staffing.target import Target
from simulation.theory import erlang_a, erlang_c
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY, write
from tests.support.small_staffings import cheapest, searching, skills

TWO_SKILLS = {
    "sellers": "{skills: [sales], agents: 5, cost_per_hour: 20}",
    "helpers": "{skills: [help, bills], agents: 5, cost_per_hour: 20}",
    "both": "{skills: {sales: 2, help: 2, bills: 2}, agents: 5, cost_per_hour: 24}",
}
THREE_SKILLS = {
    "sellers": "{skills: [sales], agents: 5, cost_per_hour: 20}",
    "helpers": "{skills: [help], agents: 5, cost_per_hour: 18}",
    "clerks": "{skills: [bills], agents: 5, cost_per_hour: 17}",
    "all": "{skills: {sales: 2, help: 2, bills: 2}, agents: 5, cost_per_hour: 23}",
}
DAY = Target(level=0.8, threshold_s=20, confidence=0.9)


@pytest.mark.parametrize(
    ("groups", "shares", "target"),
    [
        (TWO_SKILLS, (0.5, 0.25, 0.25), DAY),
        (TWO_SKILLS, (0.3, 0.3, 0.4), Target(level=0.8, threshold_s=20, per="queue", confidence=0.8)),
        (THREE_SKILLS, (0.4, 0.3, 0.3), DAY),
    ],
)
def test_what_is_found_costs_what_the_cheapest_of_all_costs(
    tmp_path: Path, groups: dict[str, str], shares: tuple[float, ...], target: Target
) -> None:
    """60 callers an hour of 3 minutes are 3 erlangs: all groups together need about 6 agents."""
    with searching(skills(tmp_path, groups, shares=shares), target, days=10, most=7) as search:
        begun = search.repaired(np.full((len(groups), 1), 1))
        assert begun is not None
        found = search.improved(begun)
        assert search.judge.kept(search.days.values(found))
        best = cheapest(search, [range(6)] * len(groups))
        assert search.price(found) <= 1.01 * search.price(best)


@pytest.mark.parametrize("patience_s", [None, 180.0])
def test_on_one_queue_the_answer_is_that_of_the_exact_formula(tmp_path: Path, patience_s: float | None) -> None:
    """100 callers an hour of 3 minutes are 5 erlangs. On half of the days: what holds on average, over long days."""
    settings = [
        "horizon=100h",
        "interval=100h",
        f"patience={f'{{exponential: {patience_s}}}' if patience_s else 'never'}",
    ]
    loaded = load_scenario(write(tmp_path, QUEUE_ONLY, QUEUE_CALLED), settings=settings)
    target = Target(level=0.8, threshold_s=20, confidence=0.5)
    exact = fewest_for(5, handle_s=180, patience_s=patience_s, target=target)

    def level(agents: int) -> float | None:
        if patience_s is None:
            return erlang_c(arrivals_per_hour=100, aht_s=180, agents=agents).service_level
        return erlang_a(arrivals_per_hour=100, aht_s=180, patience_s=patience_s, agents=agents).service_level

    assert (level(exact) or 0) >= 0.8 > (level(exact - 1) or 0)
    with searching(loaded, target, days=7, most=12) as search:
        assert search.improved(np.array([[12]])).tolist() == [[exact]]
        assert cheapest(search, [range(1, 12)]).tolist() == [[exact]]


def test_what_is_found_keeps_the_promise_on_fresh_days(tmp_path: Path) -> None:
    """Two half hours of a queue; on fresh days the promise may fail on a tenth, and chance adds three deviations."""
    loaded = load_scenario(write(tmp_path, QUEUE_ONLY, QUEUE_CALLED), settings=["horizon=1h", "interval=30m"])
    found = find_staffing(loaded, DAY, effort=Effort(days=40, fresh_days=100))
    days = found.found.days_on_target
    assert days.share >= 0.9 - 3 * (0.9 * 0.1 / 100) ** 0.5
    assert days.low < days.share < days.high
    assert found.found.cost == found.found.hours == found.levels.sum() / 2
    assert {(one.group, one.interval, one.step) for one in found.one_agent} == {
        ("agents", i, step) for i in (0, 1) for step in (1, -1)
    }
    assert all(
        one.step * one.service_level > 0 > one.step * one.abandonment or not one.abandonment for one in found.one_agent
    )


def test_a_small_queue_is_not_left_to_itself_where_a_promise_of_the_day_allows_it(tmp_path: Path) -> None:
    """97 % of callers want sales, so 80 % of the day in time could be had without anybody for bills (0.09 erlangs)."""
    groups = {"sellers": "{skills: [sales, help], agents: 8}", "clerks": "{skills: [bills], agents: 1}"}
    loaded = skills(tmp_path, groups, shares=(0.97, 0, 0.03), patience="{exponential: 2m}")
    found = find_staffing(loaded, DAY, effort=Effort(days=10, fresh_days=10))
    assert found.levels[1].tolist() == [1]
