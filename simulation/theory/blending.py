"""Inbound calls blended with outbound ones, which agents make while few enough of the others are idle."""

from __future__ import annotations

import math
from dataclasses import dataclass

from simulation.theory.answer import check, refuse_growth

__all__ = ["BlendAnswer", "blended_mmn"]


@dataclass(frozen=True, kw_only=True)
class BlendAnswer:
    """The steady state of a queue whose agents also dial.

    Parameters
    ----------
    wait_probability : float
        Share of inbound callers who find every agent busy.
    mean_wait_s : float
        Mean wait of inbound callers, seconds.
    service_level : float
        Share of inbound callers answered within the threshold.
    occupancy : float
        Share of their time that agents are busy with either.
    outbound_per_hour : float
        Outbound calls that all agents make in an hour.
    """

    wait_probability: float
    mean_wait_s: float
    service_level: float
    occupancy: float
    outbound_per_hour: float


def blended_mmn(
    *, arrivals_per_hour: float, aht_s: float, agents: int, keep_idle: int, within_s: float = 20.0
) -> BlendAnswer:
    """Return M/M/n whose agents dial, from numbers without end, when they become free and `keep_idle` others are idle.

    Parameters
    ----------
    arrivals_per_hour : float
        Inbound calls an hour, > 0.
    aht_s : float
        Mean handle time, seconds, > 0, exponential, the same for inbound and outbound calls.
    agents : int
        >= 1.
    keep_idle : int
        >= 0; from `agents` on nobody dials, and this is Erlang C.
    within_s : float
        Threshold of the service level, seconds.

    Raises
    ------
    UsageError
        When an argument is out of range.
    LimitError
        When the inbound load reaches the number of agents.

    Examples
    --------
    Two agents, a load of 1 and one who stays idle: states 1, 2 and 3 or more callers have weights 1, 1/2 and 1/2.

    >>> answer = blended_mmn(arrivals_per_hour=1, aht_s=3600, agents=2, keep_idle=1)
    >>> answer.wait_probability, answer.occupancy, answer.outbound_per_hour
    (0.5, 0.75, 0.5)

    Notes
    -----
    With equal rates only the number of busy agents and waiting callers matters. It is that of M/M/n, cut off below
    ``agents - keep_idle``: a free agent who would go below dials instead. Bhulai and Koole (2003), "A queueing model
    for call blending in call centers", IEEE Transactions on Automatic Control 48(8), section III.
    """
    check(
        arrivals_per_hour=(arrivals_per_hour, "positive"),
        aht_s=(aht_s, "positive"),
        agents=(agents, "whole"),
        keep_idle=(keep_idle, "from 0"),
        within_s=(within_s, "from 0"),
    )
    per_s, load = arrivals_per_hour / 3600, arrivals_per_hour / 3600 * aht_s
    refuse_growth(load, agents)
    lowest = max(agents - keep_idle, 0)
    weight, below, busy_below = 1.0, 0.0, 0.0
    for busy in range(lowest, agents):
        below += weight
        busy_below += busy * weight
        weight *= load / (busy + 1)
    all_busy = weight * agents / (agents - load)
    waits = all_busy / (below + all_busy)
    spare_per_s = agents / aht_s - per_s
    busy_agents = (busy_below + agents * all_busy) / (below + all_busy)
    return BlendAnswer(
        wait_probability=waits,
        mean_wait_s=waits / spare_per_s,
        service_level=1 - waits * math.exp(-spare_per_s * within_s),
        occupancy=busy_agents / agents,
        outbound_per_hour=busy_agents * 3600 / aht_s - arrivals_per_hour,
    )
