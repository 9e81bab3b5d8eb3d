"""The fewest agents, against adding agents one by one."""

from __future__ import annotations

import itertools
from functools import partial

import pytest

from flows.source.finding import LimitError, UsageError
from simulation.theory import Answer, erlang_a, erlang_b, erlang_c, fewest_agents

QUEUES = [(1.0, 60.0), (60.0, 180.0), (360.0, 300.0), (900.0, 600.0)]
"""Callers an hour and AHT in seconds: 0.02, 3, 30 and 150 erlangs."""
TARGETS = (0.01, 0.5, 0.8, 0.99, 0.99999)


@pytest.mark.parametrize("patience_s", [5.0, 120.0, 3600.0])
@pytest.mark.parametrize(("per_hour", "aht_s"), QUEUES)
def test_no_number_below_reaches_the_target_with_patience(per_hour: float, aht_s: float, patience_s: float) -> None:
    answer = partial(erlang_a, arrivals_per_hour=per_hour, aht_s=aht_s, patience_s=patience_s, within_s=20)
    found = [
        fewest_agents(lambda n: answer(agents=n), load=per_hour * aht_s / 3600, service_level=target)
        for target in TARGETS
    ]
    levels = [answer(agents=n).service_level or 0 for n in range(1, found[-1] + 1)]
    assert all(less <= more for less, more in itertools.pairwise(levels))
    assert found == [next(n for n, level in enumerate(levels, 1) if level >= target) for target in TARGETS]


@pytest.mark.parametrize(("per_hour", "aht_s"), QUEUES)
def test_no_number_below_reaches_the_target_when_nobody_hangs_up(per_hour: float, aht_s: float) -> None:
    answer = partial(erlang_c, arrivals_per_hour=per_hour, aht_s=aht_s, within_s=20)
    load = per_hour * aht_s / 3600
    for target in TARGETS:
        one_by_one = next(n for n in itertools.count(int(load) + 1) if (answer(agents=n).service_level or 0) >= target)
        assert fewest_agents(lambda n: answer(agents=n), load=load, service_level=target, waits_for_ever=True) == (
            one_by_one
        )


@pytest.mark.parametrize(("per_hour", "aht_s"), QUEUES)
def test_no_number_below_reaches_the_target_when_nobody_waits(per_hour: float, aht_s: float) -> None:
    answer = partial(erlang_b, arrivals_per_hour=per_hour, aht_s=aht_s)
    for target in TARGETS:
        one_by_one = next(n for n in itertools.count(1) if (answer(agents=n).blocking or 0) <= target)
        assert fewest_agents(lambda n: answer(agents=n), load=per_hour * aht_s / 3600, blocking=target) == one_by_one


def test_the_last_number_that_may_be_tried_is_tried() -> None:
    def only_enough(agents: int) -> Answer:
        return Answer(occupancy=1.0, service_level=1.0 if agents == 1_000_000 else 0.0)

    assert fewest_agents(only_enough, load=600_000, service_level=0.5) == 1_000_000
    with pytest.raises(LimitError, match="more than 1,000,000 agents are needed"):
        fewest_agents(lambda n: Answer(occupancy=1.0, service_level=0.0), load=600_000, service_level=0.5)


def test_a_target_is_needed() -> None:
    with pytest.raises(UsageError, match="Q004 the target is None; it must be above 0 and below 1"):
        fewest_agents(lambda n: Answer(occupancy=1.0), load=1)
