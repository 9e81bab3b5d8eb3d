"""A day twice: through the service with agents at telephones, and by the simulation.

``python -m bench.live_day [CALLS] [AGENTS]`` plays the same callers on both, on a clock that jumps, and 200 other days
by the simulation. It fails when the live day is not within the interval that holds 95 of 100 simulated days, or when a
caller waits more than two seconds longer or shorter than in the simulation, on average; or when callers are told an
expected wait that is further from their wait, on average, than on 95 of 100 simulated days.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from ivr.records.measures import measures, sums
from ivr.records.tables import Records
from tests.support.live_day import Day, live, simulated, told_too_much_s

_SHOWN = {"service_level": "share", "asa_s": "s", "abandonment": "share", "occupancy": "share", "aht_s": "s"}
_OTHERS = 200


def main(calls: int, agents: int) -> int:
    """Play and compare; 1 when something is out of its interval."""
    drawn = {"calls": calls, "agents": agents, "per_s": agents * 0.9 / 180.0}  # each busy nine tenths of the time
    began_s = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        lived = live(Day.drawn(0, **drawn), Path(folder))
    took_s = time.perf_counter() - began_s
    same = simulated(Day.drawn(0, **drawn))
    days = [Day.drawn(seed, **drawn) for seed in range(1, _OTHERS + 1)]
    others = [_measured(simulated(one)) for one in days]
    live_, same_, wrong = _measured(lived), _measured(same), 0
    print(f"{calls} calls, {agents} agents; the live day took {took_s:.0f} s\n")
    print(f"{'':16}{'live':>9}{'simulated':>11}   95 of 100 other days")
    for name in _SHOWN:
        low, high = np.quantile([one[name] for one in others], (0.025, 0.975))
        inside = low <= live_[name] <= high
        wrong += not inside
        print(f"{name:16}{live_[name]:9.3f}{same_[name]:11.3f}   {low:.3f} to {high:.3f}{'' if inside else '  OUT'}")
    apart_s = float(np.mean(_waits_s(lived) - _waits_s(same)))
    print(f"\nA caller waits {apart_s:+.2f} s, on average, compared with the same caller in the simulation.")
    told_s = told_too_much_s(lived)
    low, high = np.quantile([told_too_much_s(simulated(one)).mean() for one in days], (0.025, 0.975))
    print(f"They are told {told_s.mean():+.0f} s too much, on average, with a spread of {told_s.std():.0f} s;")
    print(f"on 95 of 100 simulated days {low:+.0f} to {high:+.0f} s.")
    return int(wrong > 0 or abs(apart_s) > 2.0 or not low <= told_s.mean() <= high)


def _measured(records: Records) -> dict[str, float]:
    return measures(sums(records))


def _waits_s(records: Records) -> np.ndarray:
    visits = records.visits
    return (visits["left_us"] - visits["offered_us"]) / 1e6


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:3]]
    raise SystemExit(main(*(given + [40, 4][len(given) :])))
