"""Test days lend their agents with pauses that make these days come out, as a scenario's own days do."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, cast

import numpy as np
import pytest

from simulation.backtesting import ready_again
from simulation.backtesting.simulated import Cut, Figures
from simulation.calibration.estimated import Estimated
from simulation.calibration.likelihood import Fit
from simulation.calibration.pauses import PauseEstimate
from simulation.calibration.scenario_data import ScenarioData
from simulation.clock.local_time import local_clock
from simulation.sampling.distributions import Exponential

REAL = Figures({"abandonment": 0.1}, (), (), {})


def floor(work_s: float) -> list[Figures]:
    """Two runs of days that come out where work after calls lasts 14 s: 8 points too busy at e times that."""
    excess = 0.08 * math.log(work_s / 14.0)
    return [Figures({"abandonment": 0.1 + excess + by}, (), (), {}) for by in (-0.002, 0.002)]


def test_pauses_of_test_days_are_set_by_their_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers say 20 s; the days come out with 14 s, 0.7 of it."""

    def simulated(scenario: Any, *_: object, **__: object) -> Sequence[Figures]:
        return floor(float(scenario["after_call_work"]["exponential"].removesuffix("s")))

    monkeypatch.setattr(ready_again, "simulate_days", simulated)
    mean, spread = Estimated(20.0, 19.0, 21.0), Exponential(20.0)
    pauses = PauseEstimate(mean, spread, (Fit("exponential", spread, 0.0, {}, 100),), 100, 0)
    own = ScenarioData({"after_call_work": {"exponential": "20s"}, "groups": {}}, {}, (), None)
    cut = Cut(cast(Any, local_clock), np.ones(1, dtype=bool), 1800.0)

    def found(known: PauseEstimate | None) -> float:
        made = ready_again.with_balanced_pauses(
            own, known, lambda data: cast(Any, data.data), cut, REAL, replications=20, engine="auto", on_compile=None
        )
        return float(made.data["after_call_work"]["exponential"].removesuffix("s"))

    # `balanced` stops within 0.4 misses that would matter, 0.8 points: a factor of exp(0.1) at most.
    assert found(pauses) == pytest.approx(14.0, rel=0.105)
    assert found(None) == 20.0
