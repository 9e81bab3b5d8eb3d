"""A short day at the desk, beside the same day simulated; ``bench/live_day.py`` plays a long one."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.records.measures import measures, sums
from ivr.records.tables import Records
from tests.support.live_day import Day, live, simulated, told_too_much_s

SHOWN = ("service_level", "asa_s", "abandonment", "occupancy")
DRAWN = {"calls": 8, "agents": 2, "per_s": 0.9 * 2 / 180.0}


def waits_s(records: Records) -> np.ndarray:
    return np.asarray((records.visits["left_us"] - records.visits["offered_us"]) / 1e6)


def test_a_day_at_the_desk_is_the_simulated_day(tmp_path: Path) -> None:
    """Two agents sign in, are ready, answer, wrap up, pause and sign out, each by requests to the desk's own addresses.

    Each caller waits as in the simulation, and 1 s more: a look of the dispatcher, the telephone and the key. The
    measures are within the interval that holds 95 of 100 other simulated days.
    """
    day = Day.drawn(3, **DRAWN)  # one of the usual: all its simulated measures are within the intervals
    lived, same = live(day, tmp_path), simulated(day)
    assert lived.visits["agent"].tolist() == same.visits["agent"].tolist()
    apart_s = waits_s(lived) - waits_s(same)
    assert (float(apart_s.min()) > -3.0, float(apart_s.max()) < 3.0) == (True, True), apart_s
    others = [measures(sums(simulated(Day.drawn(seed, **DRAWN)))) for seed in range(100, 200)]
    found = measures(sums(lived))
    for name in SHOWN:
        low, high = np.quantile([one[name] for one in others], (0.025, 0.975))
        assert low <= found[name] <= high, name


def test_announced_waits_are_those_of_the_simulation_and_as_wrong(tmp_path: Path) -> None:
    """One agent, talks of 140 s and wrap-up of 30 s. The first call tells the line how long calls take.

    The second is taken at once, at 180 s, and is done with at 350. Those who call at 190, 200 and 210 are first, second
    and third: told 170, 340 and 510 s, which are 3, 6 and 9 minutes, and answered at 350, 520 and 690, after 160, 320
    and 480 s. So they are told 20, 40 and 60 s too much: the estimator counts the call in hand as if it had just
    begun, and minutes are rounded up. The mean is 40 s, the spread 16 s.
    """
    arrived_s = np.array([0.0, 180.0, 190.0, 200.0, 210.0])
    day = Day(arrived_s, np.full(5, 3_000.0), np.full(5, 140.0), agents=1, pause_s=0.0, after_s=700.0)
    lived, same = live(day, tmp_path), simulated(day)
    assert (same.visits["announced_wait_us"][2:] / 1e6).tolist() == [170.0, 340.0, 510.0]
    assert (lived.visits["announced_wait_us"][2:] / 60e6).tolist() == [3.0, 6.0, 9.0]
    assert told_too_much_s(same).tolist() == [20.0, 40.0, 60.0]
    wrong_s = told_too_much_s(lived)[-3:]
    assert wrong_s.tolist() == pytest.approx([20.0, 40.0, 60.0], abs=6.0)  # 1 s a call for telephone and key
    assert float(wrong_s.mean()) == pytest.approx(40.0, abs=4.0)
    assert float(wrong_s.std()) == pytest.approx(16.3, abs=3.0)
