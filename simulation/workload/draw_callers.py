"""Draws who calls in one replication, and the attributes of each caller."""

from __future__ import annotations

import itertools

import numpy as np

from simulation.arrays import Floats, Ints
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import Callers, listens_differently, may_hang_up
from simulation.sampling.streams import Streams
from simulation.workload.arrivals.base import DayFactors
from simulation.workload.arrivals.trace import Trace
from simulation.workload.build_arrivals import ScenarioArrivals
from simulation.workload.busy_days import day_factors

__all__ = ["draw_callers"]


def draw_callers(
    arrivals: ScenarioArrivals,
    model: CallerModel,
    streams: Streams,
    horizon_us: int,
    *,
    busy_u: float | None = None,
) -> Callers:
    """Draw the callers of one replication; those of surges come after all others.

    Parameters
    ----------
    arrivals : ScenarioArrivals
    model : CallerModel
    streams : Streams
        Those of the replication.
    horizon_us : int
        Calls arrive in [0, horizon_us), microseconds.
    busy_u : float, optional
        The uniform of the day's busyness; see ``ArrivalProcess``.
    """
    generator, days = streams.generator("arrivals"), len(arrivals.midnights_us) + 1
    shares = np.tile(model.intent_share, (days, 1))
    busyness: float | DayFactors = 1.0
    if arrivals.busyness:
        drawn = generator.random()  # drawn even if busy_u is given, so that the arrivals after it stay the same
        factors = day_factors(arrivals.busyness, model.intents, days, streams, drawn if busy_u is None else busy_u)
        shares = shares * factors
        by_day = shares.sum(axis=1) / model.intent_share.sum()
        busyness = float(by_day[0]) if days == 1 else DayFactors(arrivals.midnights_us, by_day)
    arrived = [arrivals.process.times_us(generator, horizon_us, busyness=busyness)]
    seen: dict[int, int] = {}
    for surge, _ in arrivals.surges:
        number = seen[surge.at_us] = seen.get(surge.at_us, 0) + 1
        arrived.append(surge.times_us(streams.generator(f"surge/{surge.at_us}/{number}"), horizon_us))
    n = sum(map(len, arrived))
    intent_u = streams.generator("intent").random(n) if len(model.intents) > 1 else np.zeros(n)
    # Draws that make no difference are skipped: streams have names, so nothing else changes.
    language_u = streams.generator("language").random(n) if len(model.languages) > 1 else np.zeros(n)
    return Callers(
        arrived_us=np.concatenate(arrived),
        intent=_intents(arrivals, model, [len(times) for times in arrived], intent_u, shares, arrived[0], horizon_us),
        language=_drawn(language_u, model.language_share),
        kind_u=streams.generator("listening").random(n) if listens_differently(model) else np.zeros(n),
        staying=streams.generator("staying").standard_exponential(n) if may_hang_up(model) else np.ones(n),
    )


def _intents(
    arrivals: ScenarioArrivals,
    model: CallerModel,
    counts: list[int],
    u: Floats,
    shares: Floats,
    arrived_us: Ints,
    horizon_us: int,
) -> Ints:
    """What each caller wants: by the shares of their day, those of their surge, or as the trace says."""
    intent = np.zeros(len(u), dtype=np.int16)
    # Calls are sorted by day: one slice each.
    cuts = np.searchsorted(arrived_us, arrivals.midnights_us).tolist()
    for day, (begin, end) in enumerate(itertools.pairwise([0, *cuts, counts[0]])):
        intent[begin:end] = _drawn(u[begin:end], shares[day])
    first = counts[0]
    for (_, wanted), count in zip(arrivals.surges, counts[1:], strict=True):
        rows = slice(first, first + count)
        own = np.array([wanted.get(name, 0.0) for name in model.intents]) if wanted else model.intent_share
        intent[rows] = _drawn(u[rows], own)
        first += count
    if isinstance(arrivals.process, Trace):
        known = [model.intents.index(name) if name else -1 for name in arrivals.process.wanted(horizon_us)]
        intent[: len(known)] = np.where(np.array(known, dtype=np.int16) < 0, intent[: len(known)], known)
    return intent


def _drawn(u: Floats, shares: Floats) -> Ints:
    """The index of the share into which each uniform falls."""
    if len(shares) == 1:
        return np.zeros(len(u), dtype=np.int16)
    cumulative = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(cumulative, u, side="right"), len(shares) - 1).astype(np.int16)
