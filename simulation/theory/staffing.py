"""The fewest agents that reach a target, and the most callers that a number of agents serves, by the exact formulas."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable

from flows.source.finding import Finding, LimitError, UsageError
from simulation.theory.answer import Answer

__all__ = ["MOST_AGENTS", "fewest_agents", "most_callers", "scheduled"]

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
    occupancy: float | None = None,
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
    occupancy : float, optional
        And: agents are busy for at most this share of their time, above 0 and at most 1.
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
    _require_target(service_level, blocking, occupancy)

    def reached(agents: int) -> bool:
        return _margin(answer_of(agents), service_level, blocking, occupancy) >= -_ROUNDING

    least = math.floor(load) + 1 if waits_for_ever else 1
    most = max(least, math.ceil(load))
    while most <= MOST_AGENTS and not reached(most):
        least, most = most + 1, 2 * most
    if most > MOST_AGENTS:
        if least > MOST_AGENTS or not reached(MOST_AGENTS):
            raise LimitError(_too_many(load))
        most = MOST_AGENTS
    return bisect_left(range(most), True, lo=least, key=reached)


def most_callers(
    answer_of: Callable[[float], Answer],
    *,
    agents: int,
    aht_s: float,
    service_level: float | None = None,
    blocking: float | None = None,
    occupancy: float | None = None,
    waits_for_ever: bool = False,
) -> float:
    """Return the most callers an hour that a number of agents serves as a target asks.

    More callers make every wait longer, so there is one rate up to which the target is reached. It is found by Brent's
    method, to 12 digits.

    Parameters
    ----------
    answer_of : callable
        The formula: callers an hour to its `Answer`.
    agents : int
        >= 1.
    aht_s : float
        Mean handle time, seconds, > 0.
    service_level, blocking, occupancy, waits_for_ever
        As for `fewest_agents`.

    Raises
    ------
    UsageError
        With code Q004, if every rate reaches the target, or none does.

    Examples
    --------
    One line of one-minute calls turns away load / (1 + load): half of them at one erlang, 60 an hour.

    >>> from simulation.theory import erlang_b
    >>> def answer_of(rate):
    ...     return erlang_b(arrivals_per_hour=rate, aht_s=60, agents=1)
    >>> round(most_callers(answer_of, agents=1, aht_s=60, blocking=0.5), 9)
    60.0
    """
    from scipy.optimize import brentq

    _require_target(service_level, blocking, occupancy)
    full = agents * 3600 / aht_s

    def margin(per_hour: float) -> float:
        return _margin(answer_of(per_hour), service_level, blocking, occupancy)

    if waits_for_ever:
        high = full * (1 - 1e-9)  # the queue grows for ever with a load of as many erlangs as agents
    else:
        high = full
        while margin(high) > 0:
            high *= 2
    return float(brentq(margin, full * 1e-9, high, xtol=1e-12 * full, rtol=1e-13)) * (1 - _ROUNDING)


def scheduled(agents: int, shrinkage: float) -> int:
    """The people to schedule so that a number of agents takes calls.

    Parameters
    ----------
    agents : int
    shrinkage : float
        Share of paid time in which people do not take calls: breaks, training, illness; from 0, below 1.

    Examples
    --------
    Of 100, with 30 % away, 70 take calls.

    >>> scheduled(70, 0.3), scheduled(71, 0.3), scheduled(32, 0.0)
    (100, 102, 32)
    """
    return math.ceil(agents / (1 - shrinkage) - 1e-9)


def _margin(answer: Answer, service_level: float | None, blocking: float | None, occupancy: float | None) -> float:
    """By how much an answer is better than all its targets; below 0 where it misses one."""
    margins = []
    if service_level is not None:
        margins.append((answer.service_level or 0.0) / service_level - 1)
    if blocking is not None:
        margins.append(1 - (1.0 if answer.blocking is None else answer.blocking) / blocking)
    if occupancy is not None:
        margins.append(1 - answer.occupancy / occupancy)
    return min(margins)


def _require_target(service_level: float | None, blocking: float | None, occupancy: float | None) -> None:
    target = service_level if service_level is not None else blocking
    if target is None or not 0 < target < 1:
        raise UsageError(_out_of_reach(target, of_service=service_level is not None))
    if occupancy is not None and not 0 < occupancy <= 1:
        raise UsageError(
            Finding(
                code="Q004",
                severity="error",
                node="occupancy",
                message=f"the most occupancy is {occupancy:g}; it must be above 0 and at most 1",
                hint="for example --max-occupancy 85%",
            )
        )


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
