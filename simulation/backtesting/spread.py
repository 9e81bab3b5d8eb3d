"""What several runs of the same days say of each figure: the mean, and what runs spread over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from simulation.backtesting.figures import FIGURES
from simulation.backtesting.simulated import Figures

__all__ = ["Simulated", "Spread", "spread_of"]


@dataclass(frozen=True)
class Spread:
    """What simulated runs say of a figure: their mean, and where 95 % of such days would lie."""

    mean: float
    low: float
    high: float


@dataclass(frozen=True)
class Simulated:
    """Figures of several runs of the same days."""

    whole: dict[str, Spread]
    by_day: tuple[dict[str, Spread], ...]
    by_time: tuple[dict[str, Spread], ...]
    by_queue: dict[str, dict[str, Spread]]

    @classmethod
    def of(cls, runs: Sequence[Figures]) -> Simulated:
        """The spread of every figure over the runs."""
        return cls(
            spread_of([run.whole for run in runs]),
            tuple(spread_of([run.by_day[i] for run in runs]) for i in range(len(runs[0].by_day))),
            tuple(spread_of([run.by_time[i] for run in runs]) for i in range(len(runs[0].by_time))),
            {name: spread_of([run.by_queue[name] for run in runs]) for name in runs[0].by_queue},
        )


def spread_of(found: Sequence[Mapping[str, float]]) -> dict[str, Spread]:
    """The spread of each figure over several runs; runs without it do not count."""
    spreads = {}
    for name in FIGURES:
        values = np.array([one[name] for one in found if name in one])
        if len(values):
            low, high = np.quantile(values, (0.025, 0.975), method="median_unbiased")
            spreads[name] = Spread(float(values.mean()), float(low), float(high))
    return spreads
