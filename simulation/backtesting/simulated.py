"""Simulates test days and keeps what is compared: figures over all days, by day and by time of day."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from flows.values.units import US_PER_S
from ivr.records.tables import Records
from simulation.arrays import Flags, Times
from simulation.backtesting.figures import figures, waits_of
from simulation.clock.local_time import DAY_US, LocalClock
from simulation.experiment.replicate import Effort, Progress, replicate
from simulation.experiment.runner import Runner
from simulation.sampling.streams import Streams, stratified_uniforms
from simulation.scenario.loaded import LoadedScenario

__all__ = ["Cut", "Figures", "cut_of", "simulate_days"]


@dataclass(frozen=True)
class Cut:
    """The days that are compared, and the intervals of a day.

    Parameters
    ----------
    clock : LocalClock
    kept : numpy.ndarray
        b1[days].
    interval_s : float
    """

    clock: LocalClock
    kept: Flags
    interval_s: float

    @property
    def a_day(self) -> int:
        """Intervals in a day."""
        return round(86_400 / self.interval_s)


@dataclass(frozen=True)
class Figures:
    """Figures of one run or of the real calls.

    Parameters
    ----------
    whole : dict of str to float
    by_day : tuple of dict
        For each day of the period, also those that are left out (empty).
    by_time : tuple of dict
        For each interval of the day, over all days that are kept.
    by_queue : dict of str to dict
    """

    whole: dict[str, float]
    by_day: tuple[dict[str, float], ...]
    by_time: tuple[dict[str, float], ...]
    by_queue: dict[str, dict[str, float]]


def cut_of(records: Records, cut: Cut) -> Figures:
    """The figures of records."""
    waits = waits_of(records)
    day = np.clip(cut.clock.day(waits.offered_us), 0, len(cut.kept) - 1)
    inside = cut.kept[day] & (waits.offered_us < cut.clock.length_us)
    waits, day = waits.of(inside), day[inside]
    interval: Times = (cut.clock.wall_us(waits.offered_us) % DAY_US) // round(cut.interval_s * US_PER_S)
    names = records.names["queue"]
    return Figures(
        figures(waits),
        tuple(figures(waits.of(day == one)) if cut.kept[one] else {} for one in range(len(cut.kept))),
        tuple(figures(waits.of(interval == one)) for one in range(cut.a_day)),
        {name: figures(waits.of(waits.queue == code)) for code, name in enumerate(names)},
    )


def simulate_days(
    loaded: LoadedScenario,
    cut: Cut,
    *,
    replications: int,
    seed: int,
    engine: str = "auto",
    progress: Progress | None = None,
    on_compile: Callable[[], None] | None = None,
) -> Sequence[Figures]:
    """Simulate the days several times, with the same callers for every variant of a scenario.

    Over the replications, each day is as busy as its distribution says, almost exactly: with twenty replications drawn
    independently, days that differ by 12 % would make 1 % more or fewer calls by chance, and 4 % longer waits.
    """
    runner = Runner.of(loaded, engine=engine, on_compile=on_compile)

    later = [
        stratified_uniforms(replications, Streams(seed).generator(f"busyness/day/{day}"))
        for day in range(1, len(cut.kept))
    ]

    def one(replication: int, busy_u: float) -> Figures:
        of_days = np.array([busy_u, *(of_day[replication] for of_day in later)])
        _, records = runner.replication(runner.calls(seed, replication, of_days), runner.staff_of(seed, replication))
        return cut_of(records, cut)

    effort = Effort(replications=replications, workers=runner.workers(None))
    return replicate(one, effort, seed=seed, progress=progress).results
