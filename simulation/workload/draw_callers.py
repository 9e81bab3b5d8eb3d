"""Who calls: the arrival processes of a scenario, and what the callers of one replication bring with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from flows.values.units import US_PER_S
from simulation.clock.local_time import DAY_US
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import Callers, listens_differently, may_hang_up
from simulation.sampling.streams import Streams
from simulation.scenario.arrivals import Busyness
from simulation.scenario.arrivals import Surge as StatedSurge
from simulation.scenario.model import Scenario
from simulation.workload.arrivals import ArrivalProcess, processes
from simulation.workload.arrivals.base import DayFactors
from simulation.workload.arrivals.per_interval import PerInterval
from simulation.workload.arrivals.surge import Surge
from simulation.workload.arrivals.trace import Trace
from simulation.workload.busy_days import day_factors

__all__ = ["Arriving", "arriving", "callers_of", "surge_at_us", "surge_wall_us", "trace_of"]


@dataclass(frozen=True)
class Arriving:
    """The arrival processes of a scenario.

    Parameters
    ----------
    process : ArrivalProcess
        All calls but those of surges, on a day like any other.
    midnights_us : numpy.ndarray
        i8: where the days of the calendar after the first begin.
    busyness : Busyness or None
    surges : tuple of (Surge, dict of intent to share)
    """

    process: ArrivalProcess
    midnights_us: np.ndarray = field(default_factory=lambda: np.zeros(0, np.int64))
    busyness: Busyness | None = None
    surges: tuple[tuple[Surge, dict[str, float]], ...] = ()

    def expected_calls(self, horizon_us: int) -> float:
        """Mean number of calls in [0, horizon_us), over all days."""
        return self.process.expected_calls(horizon_us) + sum(
            surge.expected_calls(horizon_us) for surge, _ in self.surges
        )


def arriving(scenario: Scenario, folder: Path) -> Arriving:
    """The arrivals of a scenario; files are relative to `folder`.

    Raises
    ------
    ScenarioError
        When a file of calls cannot be read.
    """
    arrivals, known = scenario.arrivals, processes()
    process: ArrivalProcess
    if arrivals.kind == "trace":
        process = trace_of(scenario, folder)
    elif arrivals.kind == "constant" and not arrivals.weekdays:
        process = known["constant"](per_hour=arrivals.per_hour[0])
    else:
        process = _on_days(scenario, _stated(scenario, folder), arrivals.weekdays)  # type: ignore[arg-type]
    surges = tuple((_surge(scenario, surge), surge.intents) for surge in arrivals.surges)
    return Arriving(process, scenario.clock.midnights_us, arrivals.busyness, surges)


def trace_of(scenario: Scenario, folder: Path) -> Trace:
    """The calls of a scenario's trace; its file is relative to `folder`."""
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


def _stated(scenario: Scenario, folder: Path) -> np.ndarray:
    """Calls an hour of each interval. So many calls in an interval are as many when it is longer or shorter by the
    clock.
    """
    arrivals, cut = scenario.arrivals, scenario.cut
    if arrivals.per_hour:
        return np.array(scenario.spread(arrivals.per_hour))
    if arrivals.kind == "csv":
        read = processes()["csv_counts"](
            file=folder / arrivals.file, interval_s=scenario.interval, column=arrivals.column or "calls"
        )
        counted: PerInterval = read.process  # type: ignore[attr-defined]
    else:
        counted = PerInterval.of_counts(arrivals.calls, interval_s=scenario.interval)
    return np.array(scenario.spread(counted.per_hour)) * (scenario.interval * US_PER_S / cut.usual_us)


def _on_days(scenario: Scenario, per_hour: np.ndarray, weekdays: Mapping[str, float]) -> PerInterval:
    """Rates by interval, with the factor of the day of the week of each moment: an interval over midnight is of two
    days.
    """
    clock, edges = scenario.clock, scenario.cut.edges_us
    if weekdays:
        edges = np.union1d(edges, clock.midnights_us)
        factor = np.array([weekdays.get(clock.weekday(day), 1.0) for day in clock.day(edges[:-1]).tolist()])
        per_hour = per_hour[scenario.cut.at(edges[:-1])] * factor
    return PerInterval(tuple(per_hour.tolist()), scenario.interval, tuple(edges.tolist()))


def surge_wall_us(scenario: Scenario, surge: StatedSurge) -> int:
    """When a surge begins, by the clock; a time of day before the start is that of the next day."""
    clock = scenario.clock
    if isinstance(surge.at, dt.datetime):
        return clock.wall_of(surge.at)
    at, start = surge.at * 60 * US_PER_S, clock.wall_of(scenario.start)
    return at if at >= start else at + DAY_US


def surge_at_us(scenario: Scenario, surge: StatedSurge) -> int:
    """When a surge begins, from the start of the scenario."""
    return scenario.clock.at_us(surge_wall_us(scenario, surge))


def _surge(scenario: Scenario, stated: StatedSurge) -> Surge:
    return Surge(calls=stated.calls, at_us=surge_at_us(scenario, stated), over_us=round(stated.over * US_PER_S))


def callers_of(
    of: Arriving,
    model: CallerModel,
    streams: Streams,
    horizon_us: int,
    *,
    busy_u: float | None = None,
) -> Callers:
    """Who calls in one replication, and what they bring with them; those of surges stand behind all others.

    Parameters
    ----------
    of : Arriving
    model : CallerModel
    streams : Streams
        Of the replication.
    horizon_us : int
    busy_u : float, optional
        The uniform of the day's busyness; see ``ArrivalProcess``.
    """
    generator, days = streams.generator("arrivals"), len(of.midnights_us) + 1
    shares = np.tile(model.intent_share, (days, 1))
    busyness: float | DayFactors = 1.0
    if of.busyness:
        drawn = generator.random()  # also when given, so that the arrivals after it are the same either way
        factors = day_factors(of.busyness, model.intents, days, streams, drawn if busy_u is None else busy_u)
        shares = shares * factors
        by_day = shares.sum(axis=1) / model.intent_share.sum()
        busyness = float(by_day[0]) if days == 1 else DayFactors(of.midnights_us, by_day)
    arrived = [of.process.times_us(generator, horizon_us, busyness=busyness)]
    seen: dict[int, int] = {}
    for surge, _ in of.surges:
        number = seen[surge.at_us] = seen.get(surge.at_us, 0) + 1
        arrived.append(surge.times_us(streams.generator(f"surge/{surge.at_us}/{number}"), horizon_us))
    n = sum(map(len, arrived))
    intent_u = streams.generator("intent").random(n) if len(model.intents) > 1 else np.zeros(n)
    arrived_us = np.concatenate(arrived)
    intent = np.zeros(n, dtype=np.int16)
    # Calls stand by day: one slice each.
    cuts = np.searchsorted(arrived[0], of.midnights_us).tolist()
    for d, (begin, end) in enumerate(zip([0, *cuts], [*cuts, len(arrived[0])])):
        intent[begin:end] = _drawn(intent_u[begin:end], shares[d])
    first = len(arrived[0])
    for (_, wanted), times in zip(of.surges, arrived[1:]):
        rows = slice(first, first + len(times))
        own = np.array([wanted.get(name, 0.0) for name in model.intents]) if wanted else model.intent_share
        intent[rows] = _drawn(intent_u[rows], own)
        first += len(times)
    if isinstance(of.process, Trace):
        known = [model.intents.index(name) if name else -1 for name in of.process.wanted(horizon_us)]
        intent[: len(known)] = np.where(np.array(known, dtype=np.int16) < 0, intent[: len(known)], known)
    # What makes no difference is not drawn: streams have names, so that nothing else changes.
    language_u = streams.generator("language").random(n) if len(model.languages) > 1 else np.zeros(n)
    return Callers(
        arrived_us=arrived_us,
        intent=intent,
        language=_drawn(language_u, model.language_share),
        kind_u=streams.generator("listening").random(n) if listens_differently(model) else np.zeros(n),
        staying=streams.generator("staying").standard_exponential(n) if may_hang_up(model) else np.ones(n),
    )


def _drawn(u: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Which of the shares each uniform falls in."""
    if len(shares) == 1:
        return np.zeros(len(u), dtype=np.int16)
    cumulative = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(cumulative, u, side="right"), len(shares) - 1).astype(np.int16)
