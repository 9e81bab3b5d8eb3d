"""The first sentences of a comparison: the cheapest scenario that meets the target, and what others cost or save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.display.numbers import duration, share
from flows.source.counted import counted
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import without_interval, written
from simulation.experiment.verdict import against_target

__all__ = ["Plan", "advice", "hours"]


@dataclass(frozen=True)
class Plan:
    """What a planner needs to know about one scenario.

    Parameters
    ----------
    name : str
    level : Estimate or None
        The service level; None if no caller in a queue counts.
    threshold_s : float
        How soon callers should be answered.
    agent_hours : float or None
        Agent-hours on the roster; None if unknown.
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
    """Return what a planner should read first in a comparison.

    A scenario meets the target if its whole interval does, and misses it if its whole interval is below the target.

    Parameters
    ----------
    plans : sequence of Plan
        The first is the baseline; only plans with the same threshold are compared.
    target : float or None
        The target service level, 0..1.

    Examples
    --------
    >>> plans = [Plan("plan", Estimate(0.88, 0.02), 20.0, 400.0), Plan("lean", Estimate(0.75, 0.02), 20.0, 360.0)]
    >>> advice(plans, target=0.8).partition(":")[0]
    'plan is the cheapest that meets 80 % within 20 s'
    """
    within = duration(plans[0].threshold_s)
    known = [
        _Known(plan.name, plan.level, plan.agent_hours)
        for plan in plans
        if plan.level is not None and plan.threshold_s == plans[0].threshold_s
    ]
    if not known:
        return f"No scenario has a service level: no caller joins a queue, or all hang up within {within}."
    if len(known) == 1:
        return _alone(known[0], within, target)
    if any(plan.level.half_width is None for plan in known):
        return f"{_weighed(known, within, target)} That is one replication: run more to tell it from chance."
    return _weighed(known, within, target)


@dataclass(frozen=True)
class _Known:
    """A plan whose service level is known."""

    name: str
    level: Estimate
    agent_hours: float | None

    @property
    def cost(self) -> float:
        """Its agent-hours, if known."""
        assert self.agent_hours is not None
        return self.agent_hours

    @property
    def level_text(self) -> str:
        return without_interval(written("service_level", self.level))

    @property
    def hours_text(self) -> str:
        return hours(self.cost)

    @property
    def cost_text(self) -> str:
        return counted(self.hours_text, "agent-hour")


def _weighed(known: Sequence[_Known], within: str, target: float | None) -> str:
    if any(plan.agent_hours is None for plan in known):
        return _levels(known, within, target)
    if len({plan.hours_text for plan in known}) == 1:
        return f"All scenarios take the same agent-hours, {known[0].hours_text}. {_levels(known, within, target)}"
    return _no_target(known, within) if target is None else _cheapest(known, within, target)


def _alone(plan: _Known, within: str, target: float | None) -> str:
    cost = "" if plan.agent_hours is None else f", with {plan.cost_text}"
    judged = "" if target is None else f"; the target of {share(target)} is {against_target(plan.level, target)}"
    return f"{plan.name} answers {plan.level_text} of callers in queues within {within}{cost}{judged}."


def _cheapest(known: Sequence[_Known], within: str, target: float) -> str:
    meeting = [plan for plan in known if against_target(plan.level, target) == "met"]
    if not meeting:
        return _none_meets(known, within, target)
    best = min(meeting, key=lambda plan: (plan.cost, -plan.level.mean))
    said = (
        f"{best.name} is the cheapest that meets {share(target)} within {within}: {best.level_text} with"
        f" {best.cost_text}."
    )
    for plan in sorted(known, key=lambda plan: plan.cost):
        saved = best.cost - plan.cost
        judged = against_target(plan.level, target)
        if plan is best or hours(abs(saved)) == "0":
            continue
        if saved > 0:
            result = "misses it" if judged == "missed" else "is too close to call"
            said += f" {plan.name} saves {counted(hours(saved), 'agent-hour')} and {result} with {plan.level_text}."
        elif judged == "met" and plan.level.mean > best.level.mean:
            said += f" {plan.name} takes {hours(-saved)} more for {plan.level_text}."
    return said


def _none_meets(known: Sequence[_Known], within: str, target: float) -> str:
    undecided = [plan for plan in known if against_target(plan.level, target) == "too close to call"]
    best = max(undecided or known, key=lambda plan: plan.level.mean)
    cost = f"with {best.level_text} and {best.cost_text}"
    if not undecided:
        return f"No scenario meets {share(target)} within {within}; {best.name} comes closest, {cost}."
    return (
        f"No scenario meets {share(target)} within {within} for certain: {best.name}, {cost}, is too close to call;"
        " run more replications."
    )


def _no_target(known: Sequence[_Known], within: str) -> str:
    ordered = sorted(known, key=lambda plan: plan.cost)
    told = "; ".join(f"{plan.name} {plan.hours_text} for {plan.level_text}" for plan in ordered)
    return (
        f"Agent-hours, and the share of callers in queues who are answered within {within} for them: {told}. "
        "State a target to see which is cheapest."
    )


def _levels(known: Sequence[_Known], within: str, target: float | None) -> str:
    told = ", ".join(
        f"{plan.name} {plan.level_text}" + (f" ({against_target(plan.level, target)})" if target is not None else "")
        for plan in known
    )
    wanted = "" if target is None else f", the target being {share(target)}"
    return f"Answered within {within}{wanted}: {told}."
