"""Several classes of callers in one queue: the higher class is always answered first."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise

from simulation.theory.answer import PriorityAnswer, check
from simulation.theory.erlang import waiting_probability

__all__ = ["priorities_mmn"]


def priorities_mmn(*, arrivals_per_hour: Sequence[float], aht_s: float, agents: int) -> PriorityAnswer:
    """Return the mean waits of M/M/n with classes of priority; a call in progress is not interrupted.

    Parameters
    ----------
    arrivals_per_hour : sequence of float
        Callers an hour of each class, highest priority first, each > 0.
    aht_s : float
        Mean handle time, seconds, > 0, exponential, the same for all classes.
    agents : int
        >= 1.

    Returns
    -------
    PriorityAnswer

    Raises
    ------
    UsageError
        When an argument is out of range.
    LimitError
        When the load reaches the number of agents.

    Examples
    --------
    >>> answer = priorities_mmn(arrivals_per_hour=[2, 2.2], aht_s=7200, agents=10)
    >>> [round(w / 3600, 6) for w in answer.mean_wait_s], round(answer.mean_wait_fifo_s / 3600, 6)
    ([0.168089, 1.050558], 0.630335)

    Notes
    -----
    W_k = (C / n mu) / ((1 - s_{k-1})(1 - s_k)), where C is Erlang C of the whole load and s_k the load per agent
    of classes 1..k: Cobham (1954), "Priority assignment in waiting line problems", Operations Research 2;
    Kella and Yechiali (1985), "Waiting times in the non-preemptive priority M/M/c queue".
    """
    rates = list(arrivals_per_hour)
    check(
        classes=(len(rates), "whole"),
        aht_s=(aht_s, "positive"),
        agents=(agents, "whole"),
        **{f"arrivals_per_hour[{i}]": (rate, "positive") for i, rate in enumerate(rates)},
    )
    loads = list(accumulate(rate / 3600 * aht_s for rate in rates))
    waits = waiting_probability(loads[-1], int(agents))
    next_free_s = waits * aht_s / agents
    spare = [1.0] + [(agents - load) / agents for load in loads]
    means = tuple(next_free_s / (above * own) for above, own in pairwise(spare))
    return PriorityAnswer(
        wait_probability=waits,
        mean_wait_s=means,
        mean_wait_fifo_s=next_free_s / spare[-1],
        queue_length=tuple(rate / 3600 * mean for rate, mean in zip(rates, means, strict=True)),
        occupancy=loads[-1] / agents,
    )
