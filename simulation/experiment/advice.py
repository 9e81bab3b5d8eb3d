"""The first sentences of a comparison: the cheapest scenario that meets the target, and what others cost or save."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flows.display.numbers import share
from flows.source.counted import counted
from simulation.experiment.estimates import Estimate
from simulation.experiment.format_estimate import without_interval, written
from simulation.experiment.queue_levels import QueueLevel, within_words
from simulation.experiment.verdict import Judged, against_target

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
    queues : tuple of QueueLevel
        Queues with a threshold or a target of their own.
    of_queues : int
        How many queues there are.
    """

    name: str
    level: Estimate | None
    threshold_s: float
    agent_hours: float | None = None
    queues: tuple[QueueLevel, ...] = ()
    of_queues: int = 0

    @property
    def thresholds(self) -> tuple[object, ...]:
        """What makes service levels comparable: the threshold of the whole and those of queues."""
        return (self.threshold_s, *((one.queue, one.threshold_s) for one in self.queues if one.own_threshold))


def hours(value: float) -> str:
    """Return agent-hours with at most one decimal.

    >>> hours(1412.5), hours(18.0), hours(0.04)
    ('1,412.5', '18', '0')
    """
    return f"{value:,.1f}".removesuffix(".0")


def advice(plans: Sequence[Plan], *, target: float | None) -> str:
    """Return what a planner should read first in a comparison.

    A scenario meets the target if its whole interval does, and misses it if its whole interval is below the target. If
    queues have targets of their own, it must meet each of them too.

    Parameters
    ----------
    plans : sequence of Plan
        The first is the baseline; only plans with the same thresholds are compared.
    target : float or None
        The target service level, 0..1.

    Examples
    --------
    >>> plans = [Plan("plan", Estimate(0.88, 0.02), 20.0, 400.0), Plan("lean", Estimate(0.75, 0.02), 20.0, 360.0)]
    >>> advice(plans, target=0.8).partition(":")[0]
    'plan is the cheapest that meets 80 % within 20 s'
    """
    first = plans[0]
    within = within_words(first.threshold_s, first.queues, of=first.of_queues)
    known = [
        _Known(plan.name, plan.level, plan.agent_hours, plan.queues)
        for plan in plans
        if plan.level is not None and plan.thresholds == first.thresholds
    ]
    own = [f"{one.goal} in {one.queue}" for one in first.queues if one.goal]
    whole = [] if target is None else [f"{share(target)} within {within}"]
    goal = _Goal(target, within, " and ".join(whole + own), by_queue=bool(own))
    if not known:
        return f"No scenario has a service level: no caller joins a queue, or all hang up within {within}."
    if len(known) == 1:
        return _alone(known[0], goal)
    if any(plan.level.half_width is None for plan in known):
        return f"{_weighed(known, goal)} That is one replication: run more to tell it from chance."
    return _weighed(known, goal)


@dataclass(frozen=True)
class _Goal:
    """What is to be reached: the target of the whole, its threshold in words, and all targets in words."""

    target: float | None
    within: str
    words: str
    by_queue: bool

    @property
    def of(self) -> str:
        """The targets in words; that of the whole alone without its threshold."""
        return self.words if self.by_queue or self.target is None else share(self.target)


@dataclass(frozen=True)
class _Known:
    """A plan whose service level is known."""

    name: str
    level: Estimate
    agent_hours: float | None
    queues: tuple[QueueLevel, ...] = ()

    def judged(self, goal: _Goal) -> Judged:
        """Whether all targets are met: missed if one is, and too close to call if one is."""
        of_queues = [one.judged for one in self.queues if one.judged]
        all_of_them = [*of_queues, *([] if goal.target is None else [against_target(self.level, goal.target)])]
        if "missed" in all_of_them:
            return "missed"
        return "too close to call" if "too close to call" in all_of_them else "met"

    def reached(self) -> tuple[float, float]:
        """How much of the targets it reaches: targets of queues that are not missed, then the service level."""
        kept = sum(1.0 for one in self.queues if one.goal and one.judged != "missed")
        return kept, self.level.mean

    def level_text(self, goal: _Goal) -> str:
        """The service level, and with it those of the queues that have targets."""
        level = without_interval(written("service_level", self.level))
        own = ", ".join(f"{one.queue} {one.said}" for one in self.queues if one.goal)
        return f"{level} ({own})" if goal.by_queue and own else level

    @property
    def cost(self) -> float:
        """Its agent-hours, if known."""
        assert self.agent_hours is not None
        return self.agent_hours

    @property
    def hours_text(self) -> str:
        return hours(self.cost)

    @property
    def cost_text(self) -> str:
        return counted(self.hours_text, "agent-hour")


def _weighed(known: Sequence[_Known], goal: _Goal) -> str:
    if any(plan.agent_hours is None for plan in known):
        return _levels(known, goal)
    if len({plan.hours_text for plan in known}) == 1:
        return f"All scenarios take the same agent-hours, {known[0].hours_text}. {_levels(known, goal)}"
    return _no_target(known, goal) if not goal.words else _cheapest(known, goal)


def _alone(plan: _Known, goal: _Goal) -> str:
    cost = "" if plan.agent_hours is None else f", with {plan.cost_text}"
    judged = "" if not goal.words else f"; the target of {goal.of} is {plan.judged(goal)}"
    return f"{plan.name} answers {plan.level_text(goal)} of callers in queues within {goal.within}{cost}{judged}."


def _cheapest(known: Sequence[_Known], goal: _Goal) -> str:
    meeting = [plan for plan in known if plan.judged(goal) == "met"]
    if not meeting:
        return _none_meets(known, goal)
    best = min(meeting, key=lambda plan: (plan.cost, -plan.level.mean))
    said = f"{best.name} is the cheapest that meets {goal.words}: {best.level_text(goal)} with {best.cost_text}."
    for plan in sorted(known, key=lambda plan: plan.cost):
        saved = best.cost - plan.cost
        judged = plan.judged(goal)
        if plan is best or hours(abs(saved)) == "0":
            continue
        if saved > 0:
            result = "misses it" if judged == "missed" else "is too close to call"
            said += (
                f" {plan.name} saves {counted(hours(saved), 'agent-hour')} and {result} with {plan.level_text(goal)}."
            )
        elif judged == "met" and plan.level.mean > best.level.mean:
            said += f" {plan.name} takes {hours(-saved)} more for {plan.level_text(goal)}."
    return said


def _none_meets(known: Sequence[_Known], goal: _Goal) -> str:
    undecided = [plan for plan in known if plan.judged(goal) == "too close to call"]
    best = max(undecided or known, key=_Known.reached)
    cost = f"with {best.level_text(goal)} and {best.cost_text}"
    if not undecided:
        return f"No scenario meets {goal.words}; {best.name} comes closest, {cost}."
    return (
        f"No scenario meets {goal.words} for certain: {best.name}, {cost}, is too close to call; run more replications."
    )


def _no_target(known: Sequence[_Known], goal: _Goal) -> str:
    ordered = sorted(known, key=lambda plan: plan.cost)
    told = "; ".join(f"{plan.name} {plan.hours_text} for {plan.level_text(goal)}" for plan in ordered)
    return (
        f"Agent-hours, and the share of callers in queues who are answered within {goal.within} for them: {told}. "
        "State a target to see which is cheapest."
    )


def _levels(known: Sequence[_Known], goal: _Goal) -> str:
    told = ", ".join(
        f"{plan.name} {plan.level_text(goal)}" + (f" ({plan.judged(goal)})" if goal.words else "") for plan in known
    )
    wanted = f", the target being {goal.of}" if goal.words else ""
    return f"Answered within {goal.within}{wanted}: {told}."
