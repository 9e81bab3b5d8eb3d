"""Erlang B (callers who find all agents busy are lost) and Erlang C (they wait as long as it takes)."""

from __future__ import annotations

import math

from simulation.theory.answer import Answer, check, refuse_growth

__all__ = ["blocking_probability", "erlang_b", "erlang_c", "waiting_probability"]


def blocking_probability(load: float, agents: int) -> float:
    """Return the Erlang B probability that all agents are busy.

    The recursion ``B(k) = a B(k-1) / (k + a B(k-1))`` adds only positive
    numbers, so it neither overflows nor cancels: 10^5 agents take 10 ms.

    Parameters
    ----------
    load : float
        Offered load, erlangs (arrival rate x mean handle time), >= 0.
    agents : int
        >= 0; without agents every caller is lost.

    Returns
    -------
    float
        0..1; underflows to 0 below 10^-308.

    Examples
    --------
    >>> blocking_probability(1, 3)
    0.0625

    Notes
    -----
    Erlang (1917); Jagerman (1974), "Some properties of the Erlang loss function", Bell System Technical Journal 53.
    """
    blocking = 1.0
    for k in range(1, agents + 1):
        served = load * blocking
        blocking = served / (k + served)
    return blocking


def waiting_probability(load: float, agents: int) -> float:
    """Return the Erlang C probability that an arriving caller has to wait.

    Parameters
    ----------
    load : float
        Offered load, erlangs; below `agents`.
    agents : int

    Returns
    -------
    float
        0..1.

    Raises
    ------
    LimitError
        When load >= agents.

    Examples
    --------
    >>> round(waiting_probability(1, 2), 12)
    0.333333333333

    Notes
    -----
    C = B / ((1 - rho) + rho B), arranged so that nothing cancels; Cooper (1981), "Introduction to Queueing
    Theory", chapter 3.
    """
    refuse_growth(load, agents)
    blocking = blocking_probability(load, agents)
    return blocking / ((agents - load) / agents + load / agents * blocking)


def erlang_b(*, arrivals_per_hour: float, aht_s: float, agents: int) -> Answer:
    """Return the loss system M/G/n/n: nobody waits, and callers who find all agents busy are lost.

    Parameters
    ----------
    arrivals_per_hour : float
        Callers an hour, > 0, Poisson.
    aht_s : float
        Mean handle time (talk and after-call work), seconds, > 0; any distribution.
    agents : int
        Agents, or lines, >= 1.

    Returns
    -------
    Answer
        `blocking` and `occupancy`.

    Raises
    ------
    UsageError
        When an argument is out of range.

    Examples
    --------
    >>> erlang_b(arrivals_per_hour=60, aht_s=60, agents=1).as_dict()
    {'blocking': 0.5, 'occupancy': 0.5}
    """
    check(arrivals_per_hour=(arrivals_per_hour, "positive"), aht_s=(aht_s, "positive"), agents=(agents, "whole"))
    load = arrivals_per_hour / 3600 * aht_s
    blocking = blocking_probability(load, int(agents))
    return Answer(blocking=blocking, occupancy=load * (1 - blocking) / agents)


def erlang_c(*, arrivals_per_hour: float, aht_s: float, agents: int, within_s: float = 20.0) -> Answer:
    """Return the queue M/M/n: callers wait in order of arrival and never hang up.

    Parameters
    ----------
    arrivals_per_hour : float
        Callers an hour, > 0, Poisson.
    aht_s : float
        Mean handle time, seconds, > 0, exponential.
    agents : int
        >= 1.
    within_s : float
        Threshold of the service level, seconds, >= 0; a wait of exactly this long is within.

    Returns
    -------
    Answer

    Raises
    ------
    UsageError
        When an argument is out of range.
    LimitError
        When the load reaches the number of agents.

    Examples
    --------
    One agent at half load, M/M/1: P(wait) = rho, mean wait = rho / (mu - lambda).

    >>> answer = erlang_c(arrivals_per_hour=30, aht_s=60, agents=1)
    >>> answer.wait_probability, answer.mean_wait_s, answer.queue_length
    (0.5, 60.0, 0.5)

    Notes
    -----
    P(wait > t) = C exp(-(n mu - lambda) t); Cooper (1981), "Introduction to Queueing Theory", chapter 3.
    """
    check(
        arrivals_per_hour=(arrivals_per_hour, "positive"),
        aht_s=(aht_s, "positive"),
        agents=(agents, "whole"),
        within_s=(within_s, "from 0"),
    )
    load = arrivals_per_hour / 3600 * aht_s
    waits = waiting_probability(load, int(agents))
    drain_per_s = (agents - load) / aht_s
    mean_wait_s = waits / drain_per_s
    within = 1 - waits * math.exp(-drain_per_s * within_s)
    return Answer(
        wait_probability=waits,
        asa_s=mean_wait_s,
        mean_wait_s=mean_wait_s,
        occupancy=load / agents,
        service_level=within,
        service_level_of_offered=within,
        queue_length=arrivals_per_hour / 3600 * mean_wait_s,
    )
