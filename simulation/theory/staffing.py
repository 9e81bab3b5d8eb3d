"""The fewest agents that reach a target, found by the exact formulas."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable

from flows.source.finding import Finding, LimitError, UsageError
from simulation.theory.answer import Answer

__all__ = ["MOST_AGENTS", "fewest_agents"]

MOST_AGENTS = 1_000_000
"""No number above this is tried."""
_ROUNDING = 1e-12
"""By this share of a target a value may miss it through rounding: 2 erlangs on 2 lines block 40 %, or almost."""


def fewest_agents(
    answer_of: Callable[[int], Answer],
    *,
    load: float,
    service_level: float | None = None,
    blocking: float | None = None,
    waits_for_ever: bool = False,
) -> int:
    """Return the smallest number of agents that reaches a target.

    Every agent more shortens every wait, so a target that is reached is reached by all larger numbers too, and the
    smallest is found by halving.

    Parameters
    ----------
    answer_of : callable
        The formula: a number of agents to its `Answer`.
    load : float
        Offered load, erlangs, > 0; where the search begins.
    service_level : float, optional
        At least this share of callers is handled in time, above 0 and below 1.
    blocking : float, optional
        Or: at most this share of callers is turned away, above 0 and below 1.
    waits_for_ever : bool
        True if callers never hang up, so that there is no answer for `load` agents or fewer.

    Raises
    ------
    UsageError
        With code Q004, if no number of agents reaches the target, or every number does.
    LimitError
        With code Q004, if `MOST_AGENTS` are not enough.

    Examples
    --------
    Callers make 200 calls in half an hour of 3 minutes each; 80 % are to be answered within 20 seconds:

    >>> from simulation.theory import erlang_c
    >>> def answer_of(agents):
    ...     return erlang_c(arrivals_per_hour=400, aht_s=180, agents=agents, within_s=20)
    >>> fewest_agents(answer_of, load=20, service_level=0.8, waits_for_ever=True)
    24
    """
    target = service_level if service_level is not None else blocking
    if target is None or not 0 < target < 1:
        raise UsageError(_out_of_reach(target, of_service=service_level is not None))

    def reached(agents: int) -> bool:
        answer = answer_of(agents)
        if service_level is not None:
            return (answer.service_level or 0.0) >= service_level * (1 - _ROUNDING)
        return (1.0 if answer.blocking is None else answer.blocking) <= target * (1 + _ROUNDING)

    least = math.floor(load) + 1 if waits_for_ever else 1
    most = max(least, math.ceil(load))
    while most <= MOST_AGENTS and not reached(most):
        least, most = most + 1, 2 * most
    if most > MOST_AGENTS:
        if least > MOST_AGENTS or not reached(MOST_AGENTS):
            raise LimitError(_too_many(load))
        most = MOST_AGENTS
    return bisect_left(range(most), True, lo=least, key=reached)


def _out_of_reach(target: float | None, *, of_service: bool) -> Finding:
    most = "agents handles every caller in time" if of_service else "lines turns nobody away"
    message = (
        f"no number of {most}: however many there are, all may be busy at once"
        if target == (1.0 if of_service else 0.0)
        else f"the target is {target}; it must be above 0 and below 1"
    )
    hint = f"write a target that can be reached, for example --target {'99%' if of_service else '0.1%'}"
    return Finding(code="Q004", severity="error", node="target", message=message, hint=hint)


def _too_many(load: float) -> Finding:
    return Finding(
        code="Q004",
        severity="error",
        node="target",
        message=f"more than {MOST_AGENTS:,} agents are needed: the load alone is {load:,.0f} erlangs",
        hint="check the rate of the callers, which counts an hour, and the handle time, which counts seconds",
        source="The load is the callers an hour times their hours on the line",
    )
