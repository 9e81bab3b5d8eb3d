"""pyworkforce 0.5.1 on the examples of its own pages, beside the same questions asked here.

Its figures were recorded with ``ErlangC(transactions=100, asa=20 / 60, aht=3, interval=30, shrinkage=0.3)`` and
``required_positions(service_level, max_occupancy)``: 200 calls an hour of 3 minutes, 10 erlangs, nobody hangs up.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest

from simulation.loading.load import load_scenario
from simulation.staffing.target import Target
from simulation.theory import Answer, erlang_c, fewest_agents
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY, write
from tests.support.small_staffings import searching

RECORDED = [
    # target, most occupied, positions, of which there, service level, occupancy, chance to wait
    (0.8, 0.85, 20, 14, 0.8883500191794669, 0.7142857142857143, 0.1741319335950498),
    (0.8, 0.8, 20, 14, 0.8883500191794669, 0.7142857142857143, 0.1741319335950498),
    (0.85, 0.8, 20, 14, 0.8883500191794669, 0.7142857142857143, 0.1741319335950498),
    (0.9, 0.8, 22, 15, 0.9414528428690223, 0.6666666666666666, 0.10204236700798798),
]


@pytest.mark.parametrize(("target", "most", "positions", "there", "level", "occupancy", "waits"), RECORDED)
def test_erlang_c_is_the_same(
    target: float, most: float, positions: int, there: int, level: float, occupancy: float, waits: float
) -> None:
    def answer(agents: int) -> Answer:
        return erlang_c(arrivals_per_hour=200, aht_s=180, agents=agents, within_s=20)

    assert fewest_agents(answer, load=10, service_level=target, waits_for_ever=True) == there
    found = answer(there)
    assert found.occupancy <= most
    assert (found.service_level, found.occupancy, found.wait_probability) == pytest.approx((level, occupancy, waits))
    assert math.ceil(there / 0.7 - 1e-9) == positions


def test_its_positions_keep_the_promise_on_six_days_of_ten(tmp_path: Path) -> None:
    """It schedules 20 for 14. If each is away with a chance of 0.3 a day, 14 or more come on 61 % of days, and 13 or
    more, who keep the promise on about half of theirs, on 77 %: sums of the binomial distribution. Of 24, 14 or more
    come on 93 % of days. 100 days tell a share to within 0.1.
    """
    settings = [
        "horizon=10h",
        "arrivals={kind: constant, per_hour: 200}",
        "patience=never",
        "groups.agents.shrinkage=30%",
    ]
    loaded = load_scenario(write(tmp_path, QUEUE_ONLY, QUEUE_CALLED), settings=settings)
    with searching(loaded, Target(level=0.8, threshold_s=20), days=100, most=30) as search:

        def kept(agents: int) -> float:
            levels = np.full((1, 10), agents)
            return float(search.judge.on_target(search.days.values(levels)).mean())

        assert 0.61 - 0.1 < kept(20) < 0.77 + 0.1
        assert kept(24) > 0.93 - 0.1
