"""The threshold within which the most agents allowed keep a promise that they do not keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from simulation.arrays import Ints
from simulation.experiment.runner import Runner
from simulation.staffing.days import Days
from simulation.staffing.score import Judge

__all__ = ["enough_seconds"]

_LONGEST_S = 3600


def enough_seconds(sets: Sequence[Days], judge: Judge, everybody: Ints) -> int | None:
    """The fewest whole seconds within which these agents answer as many as the promise says; None beyond an hour.

    Parameters
    ----------
    sets : sequence of Days
        The promise has to be kept on each.
    judge : Judge
    everybody : numpy.ndarray
        i8[groups, intervals]: the most agents allowed.

    Notes
    -----
    Callers answered later than before are in time with a longer threshold, so the share only grows with it: halving
    takes twelve looks at all days.
    """

    def kept(seconds: int) -> bool:
        return all(judge.kept(_within(days, seconds).values(everybody)) for days in sets)

    low, high = int(judge.target.threshold_s), _LONGEST_S
    if low >= high or not kept(high):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if kept(middle) else (middle, high)
    return high


def _within(days: Days, seconds: int) -> Days:
    """The same days, counted by another threshold."""
    runner: Runner = days.runner
    scenario = runner.prepared.scenario
    level = scenario.service_level.model_copy(update={"threshold": float(seconds)})
    loaded = replace(runner.prepared.loaded, scenario=scenario.model_copy(update={"service_level": level}))
    return replace(days, runner=replace(runner, prepared=replace(runner.prepared, loaded=loaded)), _known={})
