"""A whole line in closed form: a menu and agents that share a number of telephone lines."""

from __future__ import annotations

import math

import numpy as np

from simulation.arrays import Floats, Ints
from simulation.theory.answer import Answer, check

__all__ = ["menu_lines_agents"]


def menu_lines_agents(
    *,
    arrivals_per_hour: float,
    menu_s: float,
    share_to_agents: float,
    aht_s: float,
    agents: int,
    lines: int,
    patience_s: float | None = None,
    within_s: float = 20.0,
) -> Answer:
    """Return the network of a menu and a queue that share a number of lines.

    A caller who finds all lines busy is blocked. The menu takes any time with
    the given mean; then a share of callers goes on to the agents and the rest
    leave. A call holds its line in the menu, while waiting and while talking.
    The closed form holds without wrap-up: after-call work would keep the agent
    and free the line, and no product form is known for that.

    Parameters
    ----------
    arrivals_per_hour : float
        Callers an hour, > 0, Poisson.
    menu_s : float
        Mean time in the menu, seconds, > 0; any distribution.
    share_to_agents : float
        Share of callers who want an agent after the menu, above 0 and at most 1.
    aht_s : float
        Mean talk time, seconds, > 0, exponential; no wrap-up.
    agents : int
        >= 1.
    lines : int
        >= 1; may be fewer than the agents.
    patience_s : float, optional
        Mean patience, seconds, > 0, exponential; None for callers who never hang up.
    within_s : float
        Threshold of the service level, seconds, >= 0.

    Returns
    -------
    Answer
        `blocking` is a share of arrivals; waits, abandonment and service level
        are those of callers who leave the menu for an agent.

    Raises
    ------
    UsageError
        When an argument is out of range.

    Examples
    --------
    >>> answer = menu_lines_agents(arrivals_per_hour=20, menu_s=3600, share_to_agents=1, aht_s=3600, agents=25,
    ...                            lines=50, within_s=1200)
    >>> round(answer.blocking, 9), round(answer.wait_probability, 8), round(answer.service_level, 8)
    (0.022333558, 0.13571265, 0.99216806)

    Notes
    -----
    pi(i, j) is proportional to (lambda m)^i / i! times the product over k <= j of
    lambda p / (min(k, n) mu + (k - n)^+ delta), i + j <= N (Srinivasan, Talim and Wang 2004, "Performance
    analysis of a call center with interactive voice response units", with abandonment as in Khudyakov, Feigin
    and Mandelbaum 2010). By the arrival theorem, a caller leaving the menu sees the same network with N - 1 lines.
    """
    check(
        arrivals_per_hour=(arrivals_per_hour, "positive"),
        menu_s=(menu_s, "positive"),
        share_to_agents=(share_to_agents, "share"),
        aht_s=(aht_s, "positive"),
        agents=(agents, "whole"),
        lines=(lines, "whole"),
        within_s=(within_s, "from 0"),
    )
    if patience_s is not None:
        check(patience_s=(patience_s, "positive"))
    rate_per_s = arrivals_per_hour / 3600
    leave_per_s = 0.0 if patience_s is None else 1 / patience_s
    at_agents = np.arange(lines + 1)
    waiting = np.maximum(at_agents - agents, 0)
    completion = np.minimum(at_agents, agents) / aht_s + waiting * leave_per_s
    log_menu = _log_weights(rate_per_s * menu_s / np.arange(1, lines + 1))
    log_agents = _log_weights(rate_per_s * share_to_agents / completion[1:])

    in_menu_at_most = np.logaddexp.accumulate(log_menu)
    log_joint = log_agents + in_menu_at_most[::-1]
    log_total = np.logaddexp.reduce(log_joint)
    blocking = float(np.exp(np.logaddexp.reduce(log_agents + log_menu[::-1]) - log_total))
    seen_by_time = np.exp(log_joint - log_total)

    log_seen = log_agents[:-1] + in_menu_at_most[-2::-1]
    seen = np.exp(log_seen - np.logaddexp.reduce(log_seen))
    behind = seen[agents:]
    busy_per_s = agents / aht_s
    to_agents_per_s = rate_per_s * (1 - blocking) * share_to_agents
    queue_length = float(waiting @ seen_by_time)
    waits = min(float(behind.sum()), 1.0)
    no_wait = float(seen[:agents].sum())  # not 1 - waits, which rounds below 0 in overload
    ahead = np.arange(len(behind))
    served, wait_if_served_s = _service(ahead, busy_per_s=busy_per_s, leave_per_s=leave_per_s)
    handled = no_wait + float(behind @ served)
    in_time, gone_in_time = _by_deadline(ahead, within_s, busy_per_s=busy_per_s, leave_per_s=leave_per_s)
    within = no_wait + float(behind @ (served * in_time))
    return Answer(
        blocking=blocking,
        wait_probability=waits,
        abandonment=leave_per_s * queue_length / to_agents_per_s,
        asa_s=float(behind @ (served * wait_if_served_s)) / handled,
        mean_wait_s=queue_length / to_agents_per_s,
        occupancy=min(float(np.minimum(at_agents, agents) @ seen_by_time) / agents, 1.0),
        service_level=within / (1 - float(behind @ gone_in_time)),
        service_level_of_offered=within,
        queue_length=queue_length,
    )


def _log_weights(ratios: Floats) -> Floats:
    """Logs of the products of ratios, 0 at the largest, so that rounding is smallest where it matters."""
    logs = np.log(ratios)
    mode = int(np.searchsorted(-ratios, -1.0))  # ratios fall, so weights rise while a ratio is above 1
    below = -np.cumsum(logs[:mode][::-1])[::-1]
    return np.concatenate([below, [0.0], np.cumsum(logs[mode:])])


def _service(ahead: Ints, *, busy_per_s: float, leave_per_s: float) -> tuple[Floats, Floats]:
    """The chance that a caller with `ahead` callers before them is served, and their mean wait if so.

    The caller moves up through stages of rate busy + j leave, j = ahead .. 0, and may leave at each.
    """
    stages = busy_per_s + (ahead + 1) * leave_per_s
    return np.asarray(busy_per_s / stages), np.cumsum(1 / stages)


def _by_deadline(ahead: Ints, within_s: float, *, busy_per_s: float, leave_per_s: float) -> tuple[Floats, Floats]:
    """The share of served callers who are served in time, and the share of all callers who have hung up by then.

    Without leaving the wait is a sum of equal exponential stages (Erlang);
    with it, 1 - exp(-leave x wait) is a Beta variable.
    """
    from scipy.special import betainc, gammainc

    stage = ahead + np.float64(1)
    if leave_per_s == 0:
        return np.asarray(gammainc(stage, busy_per_s * within_s), np.float64), np.zeros(len(ahead))
    fraction = -math.expm1(-leave_per_s * within_s)
    stages = busy_per_s / leave_per_s
    in_time = np.asarray(betainc(stage, stages + 1, fraction), np.float64)
    offered_in_time = np.asarray(betainc(stage, stages, fraction), np.float64)
    served = np.asarray(stages / (stages + ahead + 1), np.float64)
    gone = fraction + (1 - fraction) * offered_in_time - served * in_time
    return in_time, gone
