"""What a comparison says first: the cheapest scenario that meets the target, and what others cost or save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.display.numbers import duration, share
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import without_interval, written
from simulation.experiment.verdict import against_target

__all__ = ["Plan", "advice", "hours"]


@dataclass(frozen=True)
class Plan:
    """What a planner weighs of one scenario.

    Parameters
    ----------
    name : str
    level : Estimate or None
        Its service level; None where nobody in a queue counts.
    threshold_s : float
        Within how long callers are to be answered.
    agent_hours : float or None
        On the roster; None where it is not known.
    """

    name: str
    level: Estimate | None
    threshold_s: float
    agent_hours: float | None = None


def hours(value: float) -> str:
    """Return agent-hours with at most one decimal.

    >>> hours(1412.5), hours(18.0), hours(0.04)
    ('1,412.5', '18', '0')
    """
    return f"{value:,.1f}".removesuffix(".0")


def advice(plans: Sequence[Plan], *, target: float | None) -> str:
    """Return what a planner should read first of a comparison.

    A scenario meets the target when its whole interval does, and misses it when its whole interval lies below.

    Parameters
    ----------
    plans : sequence of Plan
        The first is the baseline; only those with its threshold are weighed.
    target : float or None
        The service level that is wanted, 0..1.

    Examples
    --------
    >>> plans = [Plan("plan", Estimate(0.88, 0.02), 20.0, 400.0), Plan("lean", Estimate(0.75, 0.02), 20.0, 360.0)]
    >>> advice(plans, target=0.8)
    'plan is the cheapest that meets 80 % within 20 s: 88 % with 400 agent-hours. lean saves 40 agent-hours and misses
    it with 75 %.'
    """
    within = duration(plans[0].threshold_s)
    known = [plan for plan in plans if plan.level is not None and plan.threshold_s == plans[0].threshold_s]
    if not known:
        return f"No scenario has a service level: no caller joins a queue, or all hang up within {within}."
    if len(known) == 1:
        return _alone(known[0], within, target)
    if any(plan.level.half_width is None for plan in known):
        return f"{_weighed(known, within, target)} That is one replication: run more to tell it from chance."
    return _weighed(known, within, target)


def _weighed(known: Sequence[Plan], within: str, target: float | None) -> str:
    costs = {plan.agent_hours for plan in known}
    if None in costs:
        return _levels(known, within, target)
    if len({hours(cost) for cost in costs if cost is not None}) == 1:
        return f"All scenarios take the same agent-hours, {_hours(known[0])}. {_levels(known, within, target)}"
    return _no_target(known, within) if target is None else _cheapest(known, within, target)


def _alone(plan: Plan, within: str, target: float | None) -> str:
    cost = "" if plan.agent_hours is None else f", with {_hours(plan)} agent-hours"
    judged = "" if target is None else f"; the target of {share(target)} is {against_target(plan.level, target)}"
    return f"{plan.name} answers {_level(plan)} of callers in queues within {within}{cost}{judged}."


def _cheapest(known: Sequence[Plan], within: str, target: float) -> str:
    meeting = [plan for plan in known if against_target(plan.level, target) == "met"]
    if not meeting:
        undecided = [plan for plan in known if against_target(plan.level, target) == "too close to call"]
        best = max(undecided or known, key=lambda plan: plan.level.mean)
        cost = f"with {_level(best)} and {_hours(best)} agent-hours"
        if not undecided:
            return f"No scenario meets {share(target)} within {within}; {best.name} comes closest, {cost}."
        return (
            f"No scenario meets {share(target)} within {within} for certain: {best.name}, {cost}, is too close to call;"
            " run more replications."
        )
    best = min(meeting, key=lambda plan: (plan.agent_hours, -plan.level.mean))
    said = (
        f"{best.name} is the cheapest that meets {share(target)} within {within}: {_level(best)} with {_hours(best)}"
        " agent-hours."
    )
    for plan in sorted(known, key=lambda plan: plan.agent_hours):
        saved = best.agent_hours - plan.agent_hours
        judged = against_target(plan.level, target)
        if plan is best or hours(abs(saved)) == "0":
            continue
        if saved > 0:
            result = (
                f"misses it with {_level(plan)}" if judged == "missed" else f"is too close to call with {_level(plan)}"
            )
            said += f" {plan.name} saves {hours(saved)} agent-hours and {result}."
        elif judged == "met" and plan.level.mean > best.level.mean:
            said += f" {plan.name} takes {hours(-saved)} more for {_level(plan)}."
    return said


def _no_target(known: Sequence[Plan], within: str) -> str:
    ordered = sorted(known, key=lambda plan: plan.agent_hours)
    told = "; ".join(f"{plan.name} {_hours(plan)} for {_level(plan)}" for plan in ordered)
    return (
        f"Agent-hours, and the share of callers in queues who are answered within {within} for them: {told}. "
        "State a target to see which is cheapest."
    )


def _levels(known: Sequence[Plan], within: str, target: float | None) -> str:
    told = ", ".join(
        f"{plan.name} {_level(plan)}" + (f" ({against_target(plan.level, target)})" if target is not None else "")
        for plan in known
    )
    wanted = "" if target is None else f", the target being {share(target)}"
    return f"Answered within {within}{wanted}: {told}."


def _level(plan: Plan) -> str:
    return without_interval(written("service_level", plan.level))


def _hours(plan: Plan) -> str:
    return hours(plan.agent_hours)
