"""Queues, agents and routing, as stated in a scenario."""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from flows.values.scalars import Duration
from ivr.answering.routing import Skills
from simulation.sampling.distributions import Constant
from simulation.scenario.duty import Agents, Break, Chatting, Outbound, Pauses, Shift
from simulation.scenario.field_types import HalfWidth, Part, Patience, PerInterval, Share, Speed, Times
from simulation.scenario.service_level import QueueLevel

__all__ = [
    "CallBack",
    "Conference",
    "Estimator",
    "Group",
    "Precision",
    "QueueTimes",
    "Transfer",
]


class Transfer(Part):
    """A share of callers who go on to another queue after the talk: transferred, or escalated to a second tier.

    Parameters
    ----------
    to : str
        The other queue.
    share : share
        Share of the callers of this queue.
    """

    to: str
    share: Share


class CallBack(Part):
    """The offer of a callback when the caller's turn comes.

    Parameters
    ----------
    above : duration
        Offered when the expected wait is at least this long.
    share : share
        Callers who take the offer.
    ring : distribution
        How long an agent lets it ring.
    answered : share
        Share of attempts that the caller answers.
    attempts : int
        Most attempts to reach a caller.
    again : duration
        From an unanswered attempt to the next.
    """

    above: Duration = Field(ge=0)
    share: Share = 0.5
    ring: Times = Constant(15.0)
    answered: Share = 0.8
    attempts: int = Field(default=2, ge=1, le=20)
    again: Duration = Field(default=1800.0, ge=0)


class Conference(Part):
    """A share of callers for whom the agent asks a colleague into the talk, when their own talk is over.

    Parameters
    ----------
    with : str
        The queue whose agents are asked.
    share : share
        Share of the callers of this queue.
    talk : distribution
        How long all three talk.
    give_up : duration
        How long the agent and the caller wait for a colleague.
    """

    colleague: str = Field(alias="with")
    share: Share
    talk: Times
    give_up: Duration = Field(default=120.0, ge=0)


Estimator = Literal["queue_length", "head_of_line", "last_to_enter"]


class QueueTimes(Part):
    """What differs for one queue; times are a distribution or a list with one for each interval.

    Parameters
    ----------
    talk : distribution or list
        Talk time.
    after_call_work : distribution or list
        Work after the call before the agent is free.
    patience : distribution or list
        Wait after which callers hang up.
    by_group : dict of group to distribution or list
        Talk time when agents of this group answer.
    transfer : Transfer or list of Transfer
        Callers who go on to another queue after the talk.
    max_calls : int or None
        Most callers who may wait; default: what the flow states for the queue.
    expected_wait : str or None
        Estimator of the wait; default: that of the scenario.
    callback : CallBack or None
        The offer of a callback.
    service_level : QueueLevel or None
        Threshold and target of this queue, where they differ from the scenario's.
    conference : Conference or None
        Talks into which a colleague is asked.
    """

    talk: PerInterval | None = None
    after_call_work: PerInterval | None = None
    patience: Patience | None = None
    by_group: dict[str, PerInterval] = Field(default={}, description="talk time when agents of this group answer")
    transfer: tuple[Transfer, ...] = ()
    max_calls: int | None = Field(default=None, ge=0, le=1_000_000)
    expected_wait: Estimator | None = None
    callback: CallBack | None = None
    service_level: QueueLevel | None = None
    conference: Conference | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_transfer(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("transfer"), dict):
            return {**value, "transfer": [value["transfer"]]}
        return value

    @model_validator(mode="after")
    def _shares_fit(self) -> QueueTimes:
        if (total := sum(transfer.share for transfer in self.transfer)) > 1 + 1e-9:
            raise ValueError(f"the shares of transfers sum to {total:.6g}; together they are at most 1")
        return self


class Group(Part):
    """Agents with the same skills.

    Parameters
    ----------
    skills : list, or mapping of skill to level
        1 = best; in a list all are 1.
    agents : float or list of float
        Number on duty throughout, or in each interval; 3.4 is three, and a fourth on 40% of the days, by chance.
    shifts : list of Shift
        Instead of `agents`.
    talk : distribution or None
        Talk time of these agents, whatever the queue.
    breaks : list of Break
        Breaks of these agents.
    pauses : Pauses or None
        Short pauses, after a share of the calls or at any time.
    shrinkage : share
        Share of agents who are absent: each by chance, for a whole day.
    speed : float, distribution or list of float
        Talk and after-call work are divided by it: one value for all, a distribution over agents, or a value for each.
    cost_per_hour : float
        What an hour of one of these agents costs, in any unit; default: the `agent_hour` of the scenario's costs, or 1.
    end_of_shift : {"finish", "hand_over", "serve_queue"}
        What agents do at the end of a shift: finish the call and its wrap-up; hand the caller back to the front of the
        queue; or go on while calls that they may take are waiting.
    outbound : Outbound or None
        Calls that these agents make themselves when nobody waits for them.
    chats : Chatting or None
        Chats that these agents have in hand, several at once.
    """

    skills: Skills
    agents: tuple[Agents, ...] = ()
    shifts: tuple[Shift, ...] = ()
    talk: PerInterval | None = None
    breaks: tuple[Break, ...] = ()
    pauses: Pauses | None = None
    shrinkage: Annotated[Share, Field(lt=1)] = 0.0
    speed: Speed = Constant(1.0)
    cost_per_hour: Annotated[float, Field(gt=0, le=1_000_000)] = 1.0
    end_of_shift: Literal["finish", "hand_over", "serve_queue"] = "finish"
    outbound: Outbound | None = None
    chats: Chatting | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        value = dict(value)
        if isinstance(value.get("agents"), str | float | int):
            value["agents"] = [value["agents"]]
        return value

    @model_validator(mode="after")
    def _agents_or_shifts(self) -> Group:
        if bool(self.agents) == bool(self.shifts):
            raise ValueError(
                "a group has either agents or shifts; write agents: 12, agents: [8, 12, ...] or shifts: [...]"
            )
        if self.chats and self.outbound:
            raise ValueError("agents who chat make no outbound calls; state outbound of another group, or leave it out")
        return self

    @property
    def numbers(self) -> tuple[float, ...]:
        """The numbers of agents stated, by interval or by shift."""
        return self.agents or tuple(shift.agents for shift in self.shifts)

    @property
    def fractional(self) -> bool:
        """Whether some agent is there only on a share of the days."""
        return any(number % 1 for number in self.numbers)

    @property
    def most_agents(self) -> int:
        """How many different agents are there at some time."""
        numbers = [math.ceil(number) for number in self.numbers]
        return sum(numbers) if self.shifts else max(numbers, default=0)


class Precision(Part):
    """Run replications until a measure is known with a given precision.

    Parameters
    ----------
    measure : str
        A measure of the whole scenario, such as ``service_level`` or ``asa_s``.
    half_width : float
        Half-width of its confidence interval, in the unit of the measure; a share also as ``0.5%``, a time as ``1s``.
    at_most : int
        Most replications.
    """

    measure: str
    half_width: HalfWidth
    at_most: int = Field(default=10_000, ge=2, le=100_000)
