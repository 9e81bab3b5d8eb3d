"""Builds the arrival process of a scenario: all calls but those of surges, the surges, and how busy days are."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from flows.values.units import US_PER_S
from simulation.arrays import Floats, Times
from simulation.scenario.arrivals import Busyness
from simulation.scenario.arrivals import Surge as StatedSurge
from simulation.scenario.model import Scenario
from simulation.workload.arrivals import ArrivalProcess
from simulation.workload.arrivals.base import S_PER_HOUR
from simulation.workload.arrivals.constant import Constant
from simulation.workload.arrivals.csv_counts import CsvCounts
from simulation.workload.arrivals.per_interval import PerInterval
from simulation.workload.arrivals.surge import Surge
from simulation.workload.arrivals.trace import Trace
from simulation.workload.read_history import read_history
from simulation.workload.wanted_shares import WantedShares, wanted_shares

__all__ = [
    "ScenarioArrivals",
    "build_arrivals",
    "calls_by_profile",
    "read_counts",
    "read_trace",
    "surge_at_us",
    "surge_wall_us",
]


@dataclass(frozen=True)
class ScenarioArrivals:
    """The arrival processes of a scenario.

    Parameters
    ----------
    process : ArrivalProcess
        All calls but those of surges, on a day of average busyness.
    wants : WantedShares
        What callers want on a day of average busyness.
    midnights_us : numpy.ndarray
        i8. When the calendar days after the first begin.
    busyness : Busyness or None
    surges : tuple of (Surge, dict of intent to share)
    """

    process: ArrivalProcess
    wants: WantedShares
    midnights_us: Times = field(default_factory=lambda: np.zeros(0, np.int64))
    busyness: Busyness | None = None
    surges: tuple[tuple[Surge, dict[str, float]], ...] = ()

    def expected_calls(self, horizon_us: int) -> float:
        """Mean number of calls in [0, horizon_us), over all days."""
        return self.process.expected_calls(horizon_us) + sum(
            surge.expected_calls(horizon_us) for surge, _ in self.surges
        )

    def average_shares(self, horizon_us: int) -> Floats:
        """The shares of the intents among all calls but those of surges, f8[intents]."""
        return self.wants.average(self.process, horizon_us)


def build_arrivals(scenario: Scenario, folder: Path) -> ScenarioArrivals:
    """Build the arrivals of a scenario.

    Parameters
    ----------
    scenario : Scenario
    folder : Path
        Files of calls are relative to it.

    Raises
    ------
    ScenarioError
        When a file of calls cannot be read.
    """
    arrivals = scenario.arrivals
    process: ArrivalProcess
    if arrivals.kind == "trace":
        process = read_trace(scenario, folder)
    elif arrivals.kind == "history":
        process = read_history(scenario, folder)
    elif arrivals.kind == "constant" and not arrivals.weekdays:
        process = Constant(per_hour=arrivals.per_hour[0])
    else:
        weekdays = {str(day): factor for day, factor in arrivals.weekdays.items()}
        process = _on_days(scenario, _per_hour(scenario, folder), weekdays)
    surges = tuple((_surge(scenario, surge), surge.intents) for surge in arrivals.surges)
    return ScenarioArrivals(process, wanted_shares(scenario), scenario.clock.midnights_us, arrivals.busyness, surges)


def read_trace(scenario: Scenario, folder: Path) -> Trace:
    """Read the calls of a scenario's trace; its file is relative to `folder`.

    Raises
    ------
    ScenarioError
        When the file cannot be read.
    """
    stated = scenario.arrivals
    return Trace(
        folder / stated.file,
        scenario.clock,
        stated.column,
        stated.intent,
        stated.replication,
        time_column=stated.time_column,
        format=stated.format,
        to_start=stated.shift == "to_start",
    )


def read_counts(scenario: Scenario, folder: Path) -> CsvCounts:
    """Read the counts of a scenario's CSV file, which is relative to `folder`.

    Raises
    ------
    ScenarioError
        When the file cannot be read.
    """
    stated = scenario.arrivals
    return CsvCounts(file=folder / stated.file, interval_s=scenario.interval, column=stated.column or "calls")


def surge_wall_us(scenario: Scenario, surge: StatedSurge) -> int:
    """When a surge begins, by the clock; a time of day before the start is on the next day."""
    return scenario.wall_us(surge.at)


def surge_at_us(scenario: Scenario, surge: StatedSurge) -> int:
    """When a surge begins, in elapsed time from the start of the scenario."""
    return scenario.clock.at_us(surge_wall_us(scenario, surge))


def _surge(scenario: Scenario, stated: StatedSurge) -> Surge:
    return Surge(calls=stated.calls, at_us=surge_at_us(scenario, stated), over_us=round(stated.over * US_PER_S))


def _per_hour(scenario: Scenario, folder: Path) -> Floats:
    """Calls an hour in each interval. Clock changes that lengthen or shorten an interval leave its stated count
    unchanged.
    """
    arrivals, cut = scenario.arrivals, scenario.cut
    if arrivals.per_hour:
        return np.array(scenario.spread(arrivals.per_hour))
    if arrivals.kind == "profile":
        calls = calls_by_profile(scenario)
        return np.asarray(calls * (S_PER_HOUR * US_PER_S / cut.usual_us))
    if arrivals.kind == "csv":
        counted = read_counts(scenario, folder).process
    else:
        counted = PerInterval.of_counts(arrivals.calls, interval_s=scenario.interval)
    return np.asarray(np.array(scenario.spread(counted.per_hour)) * (scenario.interval * US_PER_S / cut.usual_us))


def calls_by_profile(scenario: Scenario) -> Floats:
    """Expected calls of each interval: the total of its date, times its part of the profile.

    A date whose total is not stated has none; ``simulation.loading`` reports it.
    """
    stated, clock, starts = scenario.arrivals, scenario.clock, scenario.cut.edges_us[:-1]
    profile = np.array(stated.profile)
    days = clock.day(starts)
    totals = np.array(
        [
            stated.dated.get(clock.first_day + dt.timedelta(days=int(day)), 0.0)
            if stated.dated
            else stated.daily[day % len(stated.daily)]
            for day in days.tolist()
        ]
    )
    return np.asarray(totals * profile[scenario.places(len(profile))] / profile.sum())


def _on_days(scenario: Scenario, per_hour: Floats, weekdays: Mapping[str, float]) -> PerInterval:
    """Rates by interval, times the factor of each day of the week; an interval that contains midnight is split."""
    clock, edges = scenario.clock, scenario.cut.edges_us
    if weekdays:
        edges = np.union1d(edges, clock.midnights_us)
        factor = np.array([weekdays.get(clock.weekday(day), 1.0) for day in clock.day(edges[:-1]).tolist()])
        per_hour = per_hour[scenario.cut.at(edges[:-1])] * factor
    return PerInterval(tuple(per_hour.tolist()), scenario.interval, tuple(edges.tolist()))
