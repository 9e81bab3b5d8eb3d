"""Agents with several chats in hand, each of which takes longer then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from numpy.typing import NDArray

from simulation.theory.answer import check, refuse_growth

__all__ = ["ChatAnswer", "chatting_mmn"]

_NOTHING = 1e-16


@dataclass(frozen=True, kw_only=True)
class ChatAnswer:
    """The steady state of a queue whose agents have several chats in hand.

    Parameters
    ----------
    wait_probability : float
        Share of callers who find all slots taken.
    mean_wait_s : float
        Mean wait of all callers, seconds.
    abandonment : float
        Share of callers who hang up.
    occupancy : float
        Share of their time that agents have anything in hand.
    slot_occupancy : float
        Share of slots that are taken.
    concurrency : float
        Chats in hand of an agent who has any.
    aht_s : float
        Mean time that a chat is in hand, seconds.
    """

    wait_probability: float
    mean_wait_s: float
    abandonment: float
    occupancy: float
    slot_occupancy: float
    concurrency: float
    aht_s: float


def chatting_mmn(
    *, arrivals_per_hour: float, aht_s: float, agents: int, slower: Sequence[float], patience_s: float = np.inf
) -> ChatAnswer:
    """Return M/M/n(+M) whose agents have up to ``len(slower)`` chats in hand; the next goes to whom has the fewest.

    Parameters
    ----------
    arrivals_per_hour : float
        > 0.
    aht_s : float
        Mean handle time of a chat alone in hand, seconds, > 0, exponential.
    agents : int
        >= 1.
    slower : sequence of float
        How much longer each takes with 1, 2, ... in hand.
    patience_s : float
        Mean patience, seconds, exponential; infinite: nobody hangs up.

    Raises
    ------
    UsageError
        When an argument is out of range.
    LimitError
        When nobody hangs up and the load reaches what all agents can do.

    Examples
    --------
    One agent, two at once, each half as long again: rates 1 and 4/3. With a load of 1 the states 0, 1, 2, 3 ... have
    weights 1, 1, 3/4, 9/16 ...

    >>> answer = chatting_mmn(arrivals_per_hour=1, aht_s=3600, agents=1, slower=(1, 1.5))
    >>> round(answer.wait_probability, 9), round(answer.slot_occupancy, 9), round(answer.aht_s / 3600, 9)
    (0.6, 0.7, 1.4)

    Notes
    -----
    As times are exponential, the state is how many chats each agent has, and how many callers wait. While anybody waits
    all slots are taken, so the queue is a birth-and-death chain on top of that state; the others solve the balance
    equations. Of this kind is Tezcan and Zhang (2014), "Routing and staffing in customer service chat systems with
    impatient customers", Operations Research 62(4), section 2.
    """
    check(arrivals_per_hour=(arrivals_per_hour, "positive"), aht_s=(aht_s, "positive"), agents=(agents, "whole"))
    per_unit, at_once, leaves = arrivals_per_hour / 3600 * aht_s, len(slower), aht_s / patience_s
    most = agents * at_once / slower[-1]  # ends per handle time with all slots taken
    if not leaves:
        refuse_growth(per_unit / most * agents, agents)
    states = list(combinations_with_replacement(range(at_once + 1), agents))
    weight = _balance(states, per_unit, slower)
    queue = _queue(per_unit, most, leaves)
    full = weight[-1]
    weight = np.append(weight[:-1], full * queue.sum()) / (weight[:-1].sum() + full * queue.sum())
    waits = float(weight[-1])
    waiting = waits * float(np.arange(len(queue)) @ queue / queue.sum())
    in_hand = float(weight @ np.array([sum(state) for state in states]))
    busy = float(weight @ np.array([sum(load > 0 for load in state) for state in states]))
    return ChatAnswer(
        wait_probability=waits,
        mean_wait_s=waiting / per_unit * aht_s,
        abandonment=waiting * leaves / per_unit,
        occupancy=busy / agents,
        slot_occupancy=in_hand / agents / at_once,
        concurrency=in_hand / busy,
        aht_s=in_hand / (per_unit - waiting * leaves) * aht_s,
    )


def _balance(states: Sequence[tuple[int, ...]], per_unit: float, slower: Sequence[float]) -> NDArray[np.float64]:
    """Weights of the states without anybody waiting: chats of each agent, fewest first."""
    number = {state: i for i, state in enumerate(states)}
    rates = np.zeros((len(states), len(states)))
    for i, state in enumerate(states):
        if state[0] < len(slower):
            rates[i, number[_with(state, 0, 1)]] += per_unit
        for agent, load in enumerate(state):
            if load:
                rates[i, number[_with(state, agent, -1)]] += load / slower[load - 1]
    flows = rates.T - np.diag(rates.sum(axis=1))
    flows[0] = 1
    right = np.zeros(len(states))
    right[0] = 1
    return np.asarray(np.linalg.solve(flows, right), np.float64)


def _with(state: tuple[int, ...], agent: int, more: int) -> tuple[int, ...]:
    return tuple(sorted((*state[:agent], state[agent] + more, *state[agent + 1 :])))


def _queue(per_unit: float, most: float, leaves: float) -> NDArray[np.float64]:
    """Weights of 0, 1, 2 ... who wait, up to where they are nothing."""
    weights = [1.0]
    while weights[-1] > _NOTHING * sum(weights):
        weights.append(weights[-1] * per_unit / (most + len(weights) * leaves))
    return np.array(weights)
