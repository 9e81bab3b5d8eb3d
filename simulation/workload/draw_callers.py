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
from simulation.workload.arrivals.history import History
from simulation.workload.arrivals.trace import Trace
from simulation.workload.build_arrivals import ScenarioArrivals
from simulation.workload.busy_days import BusyU, day_factors
from simulation.workload.wanted_shares import WantedShares

__all__ = ["draw_callers", "known_intents", "numbers_of_surge", "surge_purposes", "wants_and_busyness"]

_OF_A_SURGE = 2**63 - 2**32
"""The bits of a caller's number that tell the surge; callers of a surge are counted below them."""


def draw_callers(
    arrivals: ScenarioArrivals,
    model: CallerModel,
    streams: Streams,
    horizon_us: int,
    *,
    busy_u: BusyU | None = None,
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
    busy_u : float or numpy.ndarray, optional
        The uniform of the first day's busyness, or of the first days'.
    """
    wants, busyness = wants_and_busyness(arrivals, model, streams, busy_u=busy_u)
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
            arrivals,
            model,
            [len(times) for times in arrived],
            u[:, INTENT],
            wants,
            arrived[0],
            known_intents(arrivals, model, streams, horizon_us),
        ),
        language=_drawn(u[:, LANGUAGE], model.language_share),
        kind_u=u[:, LISTENING] if listens else np.zeros(n),
        staying=-log(1.0 - u[:, STAYING]) if hangs_up else np.ones(n),
        number=numbers,
    )


def wants_and_busyness(
    arrivals: ScenarioArrivals, model: CallerModel, streams: Streams, *, busy_u: BusyU | None
) -> tuple[WantedShares, float | DayFactors]:
    """What callers want in this replication, and how busy its days are."""
    usual = arrivals.wants
    if not arrivals.busyness:
        return usual, 1.0
    begins_us, midnights_us = np.union1d(usual.begins_us, arrivals.midnights_us), arrivals.midnights_us
    from_us = np.concatenate([[0], begins_us])
    of_days = day_factors(arrivals.busyness, model.intents, len(midnights_us) + 1, streams, busy_u)
    before = usual.share[usual.period(from_us)]
    shares = before * of_days[np.searchsorted(midnights_us, from_us, side="right")]
    factor = shares.sum(axis=1) / before.sum(axis=1)
    return WantedShares(begins_us, shares), float(factor[0]) if len(factor) == 1 else DayFactors(begins_us, factor)


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
    wants: WantedShares,
    arrived_us: Times,
    known: Ints | None,
) -> Ints:
    """What each caller wants: by the shares of their period, those of their surge, or as it is known."""
    intent = np.zeros(len(u), dtype=np.int16)
    # Calls are sorted by period: one slice each.
    cuts = np.searchsorted(arrived_us, wants.begins_us).tolist()
    for period, (begin, end) in enumerate(itertools.pairwise([0, *cuts, counts[0]])):
        intent[begin:end] = _drawn(u[begin:end], wants.share[period])
    first = counts[0]
    for (_, wanted), count in zip(arrivals.surges, counts[1:], strict=True):
        rows = slice(first, first + count)
        own = np.array([wanted.get(name, 0.0) for name in model.intents]) if wanted else model.intent_share
        intent[rows] = _drawn(u[rows], own)
        first += count
    if known is not None:
        intent[: len(known)] = np.where(known < 0, intent[: len(known)], known)
    return intent


def known_intents(arrivals: ScenarioArrivals, model: CallerModel, streams: Streams, horizon_us: int) -> Ints | None:
    """What the callers of a trace, or of the days of a history, want, -1 where it is unknown; None if it is drawn."""
    process = arrivals.process
    if isinstance(process, Trace):
        names = process.wanted(horizon_us)
        return np.array([model.intents.index(name) if name else -1 for name in names], dtype=np.int16)
    if isinstance(process, History) and all(process.wanted):
        kind = process.drawn(streams.generator(ARRIVALS), horizon_us)[1]
        return np.array([model.intents.index(name) for name in process.wanted], dtype=np.int16)[kind]
    return None


def _drawn(u: Floats, shares: Floats) -> Ints:
    """The index of the share into which each uniform falls."""
    if len(shares) == 1:
        return np.zeros(len(u), dtype=np.int16)
    cumulative = np.cumsum(shares) / np.sum(shares)
    return np.minimum(np.searchsorted(cumulative, u, side="right"), len(shares) - 1).astype(np.int16)
