"""Who calls: the arrival processes of a scenario, and what the callers of one replication bring with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flows.model import Flow
from simulation.arrivals import ArrivalProcess, processes
from simulation.arrivals.surge import Surge
from simulation.arrivals.trace import Trace
from simulation.caller_rules import Rules
from simulation.busyness import day_factors
from simulation.plan import starts_at, zone_of
from simulation.scenario import DAY_S, Scenario
from simulation.scenario_arrivals import Busyness
from simulation.scenario_arrivals import Surge as StatedSurge
from simulation.streams import Streams
from simulation.walk import Callers, listens_differently, may_hang_up

__all__ = ["Arriving", "arriving", "callers_of", "surge_at_us"]

US = 1_000_000
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@dataclass(frozen=True)
class Arriving:
    """The arrival processes of a scenario.

    Parameters
    ----------
    process : ArrivalProcess
        All calls but those of surges, on a day like any other.
    days : int
        Days that the horizon touches, counted from its start.
    busyness : Busyness or None
    surges : tuple of (Surge, dict of intent to share)
    """

    process: ArrivalProcess
    days: int = 1
    busyness: Busyness | None = None
    surges: tuple[tuple[Surge, dict[str, float]], ...] = ()

    def expected_calls(self, horizon_us: int) -> float:
        """Mean number of calls in [0, horizon_us), over all days."""
        return self.process.expected_calls(horizon_us) + sum(surge.expected_calls(horizon_us) for surge, _ in self.surges)


def arriving(scenario: Scenario, flow: Flow, folder: Path) -> Arriving:
    """The arrivals of a scenario; files are relative to `folder`.

    Raises
    ------
    ScenarioError
        When a file of calls cannot be read.
    """
    arrivals, known = scenario.arrivals, processes()
    process: ArrivalProcess
    if arrivals.kind == "trace":
        process = Trace(folder / arrivals.file, _zoned(scenario, flow), arrivals.column, arrivals.intent)
    elif arrivals.kind == "constant" and not arrivals.weekdays:
        process = known["constant"](per_hour=arrivals.per_hour[0])
    else:
        rates: Sequence[float] = arrivals.per_hour
        if arrivals.kind == "csv":
            counts = known["csv_counts"](file=folder / arrivals.file, interval_s=scenario.interval, column=arrivals.column or "calls")
            rates = counts.process.per_hour  # type: ignore[attr-defined]
        elif arrivals.calls:
            rates = known["per_interval"].of_counts(arrivals.calls, interval_s=scenario.interval).per_hour  # type: ignore[attr-defined]
        factors = (arrivals.weekdays.get(day, 1.0) for day in _weekdays(scenario))  # type: ignore[call-overload]
        rates = tuple(rate * factor for rate, factor in zip(scenario.spread(rates), factors))
        process = known["per_interval"](per_hour=rates, interval_s=scenario.interval)
    surges = tuple((_surge(scenario, surge), surge.intents) for surge in arrivals.surges)
    return Arriving(process, max(1, -int(-scenario.horizon // DAY_S)), arrivals.busyness, surges)


def _zoned(scenario: Scenario, flow: Flow) -> dt.datetime:
    return starts_at(scenario, flow).astimezone(zone_of(scenario, flow))


def _weekdays(scenario: Scenario) -> list[str]:
    """The day of the week, by the wall clock, on which each interval begins."""
    starts = (scenario.start + dt.timedelta(seconds=i * scenario.interval) for i in range(scenario.intervals))
    return [_DAYS[start.weekday()] for start in starts]


def surge_at_us(scenario: Scenario, surge: StatedSurge) -> int:
    """When a surge begins, from the start of the scenario; a time of day before the start is that of the next day."""
    if isinstance(surge.at, dt.datetime):
        return round((surge.at - scenario.start).total_seconds() * US)
    opening = scenario.start.hour * 60 + scenario.start.minute + scenario.start.second / 60
    return round((surge.at - opening) % 1440 * 60 * US)


def _surge(scenario: Scenario, stated: StatedSurge) -> Surge:
    return Surge(calls=stated.calls, at_us=surge_at_us(scenario, stated), over_us=round(stated.over * US))


def callers_of(
    of: Arriving, rules: Rules, streams: Streams, horizon_us: int, *, busy_u: float | None = None,
) -> Callers:
    """Who calls in one replication, and what they bring with them; those of surges stand behind all others.

    Parameters
    ----------
    of : Arriving
    rules : Rules
    streams : Streams
        Of the replication.
    horizon_us : int
    busy_u : float, optional
        The uniform of the day's busyness; see ``ArrivalProcess``.
    """
    generator, shares = streams.generator("arrivals"), np.tile(rules.intent_share, (of.days, 1))
    busyness: float | list[float] = 1.0
    if of.busyness:
        drawn = generator.random()  # also when given, so that the arrivals after it are the same either way
        factors = day_factors(of.busyness, rules.intents, of.days, streams, drawn if busy_u is None else busy_u)
        shares = shares * factors
        by_day = shares.sum(axis=1) / rules.intent_share.sum()
        busyness = float(by_day[0]) if of.days == 1 else by_day.tolist()
    arrived = [of.process.times_us(generator, horizon_us, busyness=busyness)]
    seen: dict[int, int] = {}
    for surge, _ in of.surges:
        number = seen[surge.at_us] = seen.get(surge.at_us, 0) + 1
        arrived.append(surge.times_us(streams.generator(f"surge/{surge.at_us}/{number}"), horizon_us))
    n = sum(map(len, arrived))
    intent_u = streams.generator("intent").random(n) if len(rules.intents) > 1 else np.zeros(n)
    arrived_us = np.concatenate(arrived)
    intent = np.zeros(n, dtype=np.int16)
    # Calls stand by day: one slice each.
    days = np.searchsorted(arrived[0], np.arange(1, of.days) * (DAY_S * US)).tolist()
    for d, (begin, end) in enumerate(zip([0, *days], [*days, len(arrived[0])])):
        intent[begin:end] = _drawn(intent_u[begin:end], shares[d])
    first = len(arrived[0])
    for (_, wanted), times in zip(of.surges, arrived[1:]):
        rows = slice(first, first + len(times))
        own = np.array([wanted.get(name, 0.0) for name in rules.intents]) if wanted else rules.intent_share
        intent[rows] = _drawn(intent_u[rows], own)
        first += len(times)
    if isinstance(of.process, Trace):
        known = [rules.intents.index(name) if name else -1 for name in of.process.wanted(horizon_us)]
        intent[: len(known)] = np.where(np.array(known, dtype=np.int16) < 0, intent[: len(known)], known)
    # What makes no difference is not drawn: streams have names, so that nothing else changes.
    language_u = streams.generator("language").random(n) if len(rules.languages) > 1 else np.zeros(n)
    return Callers(
        arrived_us=arrived_us, intent=intent, language=_drawn(language_u, rules.language_share),
        kind_u=streams.generator("listening").random(n) if listens_differently(rules) else np.zeros(n),
        staying=streams.generator("staying").standard_exponential(n) if may_hang_up(rules) else np.ones(n))


def _drawn(u: np.ndarray, shares: np.ndarray) -> np.ndarray:
    """Which of the shares each uniform falls in."""
    if len(shares) == 1:
        return np.zeros(len(u), dtype=np.int16)
    cumulative = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(cumulative, u, side="right"), len(shares) - 1).astype(np.int16)
