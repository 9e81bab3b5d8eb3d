"""A promise in every interval of a day that goes up and down: the chance to wait is nearly the same in all of them.

Feldman, Mandelbaum, Massey and Whitt (2008), "Staffing of time-varying queues to achieve time-stable performance",
Management Science 54: staffing by simulation makes the delay probability flat, where the stationary formula for the
rate of each interval does not. Their point needs calls that are long against the changes: here half an hour in a day
whose rate swings by 60 % within six.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from ivr.records.measures import MEASURES, ratio
from simulation.arrays import Floats
from simulation.loading.load import load_scenario
from simulation.staffing.days import Days, Levels
from simulation.staffing.search import Search
from simulation.staffing.start import fewest_for, loads
from simulation.staffing.target import Target
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY, write
from tests.support.small_staffings import searching

HALVES = 12
CALLS = [round(30 * (1 + 0.6 * math.sin(2 * math.pi * (i + 0.5) / HALVES))) for i in range(HALVES)]
HALF_DO_NOT_WAIT = Target(level=0.5, threshold_s=0, per="interval", confidence=0.5)
SIMULATED = 1_400
"""Days after which the search ends, wherever it is."""


def not_waiting(search: Search, levels: Levels) -> Floats:
    """f8[intervals]: the share of callers who do not wait, on 100 days that were not searched."""
    fresh = Days.draw(search.days.runner, 100, 99, search.days.pool, lambda: None)
    sums = fresh.values(levels)[:, search.judge.layout.first_interval :].sum(axis=0)
    number, of = ratio(MEASURES["service_level"], sums)
    return np.asarray(number / of)


def test_the_chance_to_wait_is_flat_where_the_rate_swings(tmp_path: Path) -> None:
    """With 12 to 46 agents, one more or less moves the chance by 0.03 to 0.1; 25 days of about 30 calls know an
    interval to within 0.05. So all lie within 0.5 +- 0.17; by the rate of each interval they lie 0.45 apart.
    """
    settings = [
        "horizon=6h",
        "interval=30m",
        f"arrivals={{kind: per_interval, calls: {CALLS}}}",
        "talk={exponential: 30m}",
        "patience={exponential: 30m}",
    ]
    loaded = load_scenario(write(tmp_path, QUEUE_ONLY, QUEUE_CALLED), settings=settings)

    def fewest(erlangs: Iterable[float]) -> Levels:
        return np.array([[fewest_for(a, handle_s=1800, patience_s=1800, target=HALF_DO_NOT_WAIT) for a in erlangs]])

    by_rate = fewest(CALLS)  # as many calls in half an hour as there are erlangs: each lasts half an hour
    with searching(loaded, HALF_DO_NOT_WAIT, days=25, most=60) as search:
        simulated: list[None] = []
        search.days.simulated = lambda: simulated.append(None)
        search.goes_on = lambda: len(simulated) < SIMULATED
        begun = search.repaired(fewest(loads(search.days.runner, search.days.calls, np.array([120]))[0].tolist()))
        assert begun is not None
        found = search.improved(begun)
        flat, stationary = not_waiting(search, found), not_waiting(search, by_rate)
    assert found.sum() < 0.9 * by_rate.sum()
    assert 0.33 <= flat.min() <= flat.max() <= 0.67, flat
    assert stationary.max() - stationary.min() > 0.45
