"""Draws who calls in one replication, and the attributes of each caller."""

from __future__ import annotations

import itertools

import numpy as np

from simulation.arrays import Floats, Ints, Times
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import Callers, listens_differently, may_hang_up
from simulation.sampling.elementary import log
from simulation.sampling.purposes import ARRIVALS, CALLER, INTENT, LANGUAGE, LISTENING, STAYING
from simulation.sampling.streams import LANES, Streams, hashed
from simulation.workload.arrivals.base import DayFactors
from simulation.workload.arrivals.trace import Trace
from simulation.workload.build_arrivals import ScenarioArrivals
from simulation.workload.busy_days import day_factors

__all__ = ["day_shares", "draw_callers", "numbers_of_surge", "surge_purposes"]

_OF_A_SURGE = 2**63 - 2**32
"""The bits of a caller's number that tell the surge; callers of a surge are counted below them."""


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
    shares, busyness = day_shares(arrivals, model, streams, busy_u=busy_u)
    arrived = [arrivals.process.times_us(streams.generator(ARRIVALS), horizon_us, busyness=busyness)]
    number = [np.arange(len(arrived[0]))]
    for (surge, _), purpose in zip(arrivals.surges, surge_purposes(arrivals), strict=True):
        arrived.append(surge.times_us(streams.generator(purpose), horizon_us))
        number.append(numbers_of_surge(purpose, len(arrived[-1])))
    n, numbers = sum(map(len, arrived)), np.concatenate(number)
    listens, hangs_up = listens_differently(model), may_hang_up(model)
    # Draws that make no difference are skipped: they have addresses, so nothing else changes.
    needed = len(model.intents) > 1 or len(model.languages) > 1 or listens or hangs_up
    u = streams.uniforms(CALLER, numbers) if needed else np.zeros((n, LANES))
    return Callers(
        arrived_us=np.concatenate(arrived),
        intent=_intents(
            arrivals, model, [len(times) for times in arrived], u[:, INTENT], shares, arrived[0], horizon_us
        ),
        language=_drawn(u[:, LANGUAGE], model.language_share),
        kind_u=u[:, LISTENING] if listens else np.zeros(n),
        staying=-log(1.0 - u[:, STAYING]) if hangs_up else np.ones(n),
        number=numbers,
    )


def day_shares(
    arrivals: ScenarioArrivals, model: CallerModel, streams: Streams, *, busy_u: float | None
) -> tuple[Floats, float | DayFactors]:
    """The share of each intent on each day, f8[days, intents], and how busy the days are."""
    days = len(arrivals.midnights_us) + 1
    shares = np.tile(model.intent_share, (days, 1))
    if not arrivals.busyness:
        return shares, 1.0
    shares = shares * day_factors(arrivals.busyness, model.intents, days, streams, busy_u)
    by_day = shares.sum(axis=1) / model.intent_share.sum()
    return shares, float(by_day[0]) if days == 1 else DayFactors(arrivals.midnights_us, by_day)


def surge_purposes(arrivals: ScenarioArrivals) -> list[str]:
    """What the draws of each surge are for: its arrivals, and the numbers of its callers."""
    seen: dict[int, int] = {}
    purposes = []
    for surge, _ in arrivals.surges:
        seen[surge.at_us] = seen.get(surge.at_us, 0) + 1
        purposes.append(f"surge/{surge.at_us}/{seen[surge.at_us]}")
    return purposes


def numbers_of_surge(purpose: str, count: int) -> Ints:
    """The numbers of a surge's callers: the same whoever else calls."""
    return np.asarray((hashed(purpose) & _OF_A_SURGE) + np.arange(count))


def _intents(
    arrivals: ScenarioArrivals,
    model: CallerModel,
    counts: list[int],
    u: Floats,
    shares: Floats,
    arrived_us: Times,
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
