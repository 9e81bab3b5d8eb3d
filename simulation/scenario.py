"""The scenario: who calls, what they want, how they behave, and who answers.

Read by the same reader as a flow, with the same findings. What is wrong with one value is found here; what does not
fit the flow, in ``simulation.scenario_check``.
"""

from __future__ import annotations

import math
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from flows.scalars import Duration
from flows.timing import SHARE_HEAR_ALL, SHARE_KEY_AHEAD, SHARE_SILENT
from simulation.distributions import Constant, Distribution, Lognormal
from simulation.scenario_terms import Clock, Moment, Patience, PerInterval, Share, Times, Zone

__all__ = [
    "Arrivals", "Behaviour", "Group", "Intent", "NodeBehaviour", "QueueTimes", "Routing", "Scenario", "ServiceLevel", "Shift",
]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, populate_by_name=True)


class Busyness(_Part):
    """How much whole days differ: a gamma factor of mean 1 and this shape on every rate of a replication.

    Parameters
    ----------
    gamma
        Shape of the factor; its standard deviation is 1 / sqrt(gamma).
    """

    gamma: float = Field(gt=0, le=1e9)


class Arrivals(_Part):
    """Poisson arrivals.

    Parameters
    ----------
    kind : {"constant", "per_interval", "csv"}
    per_hour : float or list of float
        Calls an hour: one number (constant), or one for each interval.
    calls : list of float
        Expected calls in each interval, instead of `per_hour`.
    file, column : str
        For csv: a file with a header and one row an interval, and the column that holds the calls.
    busyness : Busyness or None
    kind
        One rate, one for each interval, or a CSV file.
    busyness
        How much whole days differ.
    """

    kind: Literal["constant", "per_interval", "csv"]
    per_hour: tuple[float, ...] = ()
    calls: tuple[float, ...] = ()
    file: str = ""
    column: str = "calls"
    busyness: Busyness | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_rate(cls, value: Any) -> Any:
        if isinstance(value, dict) and isinstance(value.get("per_hour"), str | int | float):
            return {**value, "per_hour": [value["per_hour"]]}
        return value

    @model_validator(mode="after")
    def _what_the_kind_needs(self) -> Arrivals:
        given = {name for name in ("per_hour", "calls", "file") if getattr(self, name)}
        needs = {"constant": ({"per_hour"},), "per_interval": ({"per_hour"}, {"calls"}), "csv": ({"file"},)}[self.kind]
        if given not in needs:
            wanted = " or ".join(" and ".join(sorted(n)) for n in needs)
            raise ValueError(f"arrivals of kind {self.kind} need {wanted}, and have {', '.join(sorted(given)) or 'none'}; state {wanted}")
        if self.kind == "constant" and len(self.per_hour) != 1:
            raise ValueError(f"constant arrivals have one rate, not {len(self.per_hour)}; write kind: per_interval for a list")
        return self


class Intent(_Part):
    """What a share of callers wants: `goal` is the node where they get it (a queue, a play that serves, a dial ...).

    Several nodes mean that any of them will do.

    Parameters
    ----------
    share
        Share of callers who want it, 0..1 or 12%.
    goal
        Node where they get it, or several of which any will do.
    """

    share: Share
    goal: tuple[str, ...] = Field(min_length=1)

    @model_validator(mode="before")
    @classmethod
    def _one_goal(cls, value: Any) -> Any:
        return {**value, "goal": [value["goal"]]} if isinstance(value, dict) and isinstance(value.get("goal"), str) else value


class NodeBehaviour(_Part):
    """How callers behave at one node; what is not stated is as in the rest of the flow.

    Parameters
    ----------
    shares : dict of outcome to share
        Measured: how often each outcome happens, whatever the caller wants. The answers to each question of a survey
        sum to 1 by themselves.
    dwell : distribution or None
        Measured: time from entering the node to leaving it, instead of the time computed from what is said.
    hear_all, key_ahead, wrong_key, no_input, zero_out, no_entry, wrong_entry, hang_up_per_minute
        As in `behaviour`, at this node.
    """

    shares: dict[str, Share] = {}
    dwell: Times | None = None
    hear_all: Share | None = None
    key_ahead: Share | None = None
    wrong_key: Share | None = None
    no_input: Share | None = None
    zero_out: Share | None = None
    no_entry: Share | None = None
    wrong_entry: Share | None = None
    hang_up_per_minute: float | None = Field(default=None, ge=0, le=60)


class Behaviour(_Part):
    """How callers walk through the menus. Every default is an assumption without field evidence, and reports say so.

    Parameters
    ----------
    hear_all, key_ahead : share of callers
        Who hear a whole menu before they press; who know it and press at once. The rest press on hearing their option.
    wrong_key : share of presses
        That hit another key than meant, any of the other eleven alike.
    no_input : share of prompts
        After which the caller stays silent.
    zero_out : share of prompts
        After which the caller presses 0 for the operator, where 0 is bound, without listening.
    no_entry, wrong_entry : share of prompts for digits, share of entries
        After which nothing is entered (the number is not at hand); that are no such number.
    hang_up_per_minute : float
        Rate of hanging up in the menu.
    reaction : distribution
        From hearing the option to pressing its key.
    languages : dict of language to share
        What callers speak; default: all speak the flow's first.
    splits : dict of node to dict of case to share
        Outcomes of split nodes; default: ``otherwise``, and of splits by shares those of the flow.
    lookups : dict of node to dict of outcome to share
        What lookups, text messages and bookings of call backs come to; default: what was hoped for (found, sent, booked).
    lookup : distribution
        Time until a lookup answers.
    leave_message, message : share, distribution
        Who leave a message at a voicemail, and how long it is.
    ring : distribution
        Time until a dialled number answers, is busy or fails.
    nodes : dict of node to NodeBehaviour
    nodes
        What differs at a node.
    """

    hear_all: Share = SHARE_HEAR_ALL
    key_ahead: Share = SHARE_KEY_AHEAD
    wrong_key: Share = 0.01
    no_input: Share = SHARE_SILENT
    zero_out: Share = 0.02
    no_entry: Share = 0.05
    wrong_entry: Share = 0.03
    hang_up_per_minute: float = Field(default=0.02, ge=0, le=60)
    reaction: Times = Lognormal(1.0, 0.5)
    languages: dict[str, Share] = {}
    splits: dict[str, dict[str, Share]] = {}
    lookups: dict[str, dict[str, Share]] = {}
    lookup: Times = Constant(1.0)
    leave_message: Share = 0.7
    message: Times = Lognormal(30.0, 0.5)
    ring: Times = Constant(10.0)
    nodes: dict[str, NodeBehaviour] = {}

    @model_validator(mode="after")
    def _shares_fit(self) -> Behaviour:
        for parts in (("hear_all", "key_ahead"), ("no_input", "zero_out"), ("no_entry", "zero_out")):
            total = sum(getattr(self, part) for part in parts)
            if total > 1 + 1e-9:
                raise ValueError(f"{' + '.join(parts)} is {total:.6g}; together they are at most 1")
        return self


class QueueTimes(_Part):
    """What differs for one queue; each a distribution or a list with one for each interval.

    Parameters
    ----------
    talk
        Talk time.
    after_call_work
        Work after the call before the agent is free.
    patience
        Wait after which callers hang up.
    """

    talk: PerInterval | None = None
    after_call_work: PerInterval | None = None
    patience: Patience | None = None
    by_group: dict[str, PerInterval] = Field(default={}, description="talk time when agents of this group answer")


class Shift(_Part):
    """So many agents from one time of day to another; an end before the begin is on the next day.

    Parameters
    ----------
    agents
        How many.
    from
        Time of day they begin, such as "08:00".
    to
        Time of day they end.
    """

    agents: int = Field(ge=0, le=100_000)
    begin: Clock = Field(alias="from")
    end: Clock = Field(alias="to")


class Group(_Part):
    """Agents with the same skills.

    Parameters
    ----------
    skills : list, or mapping of skill to level
        1 = best; in a list all are 1.
    agents : int or list of int
        On duty throughout, or in each interval.
    shifts : list of Shift
        Instead of `agents`.
    talk : distribution or None
        Talk time of these agents, whatever the queue.
    """

    skills: dict[str, Annotated[int, Field(ge=1, le=1000)]]
    agents: tuple[Annotated[int, Field(ge=0, le=100_000)], ...] = ()
    shifts: tuple[Shift, ...] = ()
    talk: PerInterval | None = None

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        value = dict(value)
        if isinstance(value.get("skills"), str):
            value["skills"] = [value["skills"]]
        if isinstance(value.get("skills"), list | tuple):
            if not all(isinstance(s, str) for s in value["skills"]):
                raise ValueError("skills is a list of names or a mapping to levels; write [billing, sales] or {billing: 1, sales: 2}")
            value["skills"] = dict.fromkeys(value["skills"], 1)
        if isinstance(value.get("agents"), str | int):
            value["agents"] = [value["agents"]]
        return value

    @model_validator(mode="after")
    def _agents_or_shifts(self) -> Group:
        if bool(self.agents) == bool(self.shifts):
            raise ValueError("a group has either agents or shifts; write agents: 12, agents: [8, 12, ...] or shifts: [...]")
        return self


class Routing(_Part):
    """A policy by name, and what to change in its table.

    Parameters
    ----------
    policy : str
    rank, pull : dict of queue to dict of group to int
        ``rank`` may be ``never``.
    after : dict of queue to dict of group to duration
        The group serves the queue only after the call has waited so long.
    priority, weight_per_s : dict of queue to float
    keep_idle : dict of group to int
    choice : str or dict of group to str
    policy
        Name of the policy.
    priority
        By queue; higher is served first.
    weight_per_s
        By queue: growth of its priority for each second of waiting.
    keep_idle
        By group: agents held back for their own queue.
    choice
        Which of the idle agents takes a call, for all groups or by group.
    """

    policy: str = "longest_wait"
    rank: dict[str, dict[str, int | Literal["never"]]] = {}
    pull: dict[str, dict[str, int]] = {}
    after: dict[str, dict[str, Duration]] = {}
    priority: dict[str, float] = {}
    weight_per_s: dict[str, float] = {}
    keep_idle: dict[str, int] = {}
    choice: str | dict[str, str] = "longest_idle"

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: Any) -> Any:
        return {"policy": value} if isinstance(value, str) else value


class ServiceLevel(_Part):
    """Answered within `threshold`, wanted for a share `target`.

    Parameters
    ----------
    target
        Share of calls wanted, 0..1 or 80%.
    """

    threshold: Duration = Field(default=20.0, ge=0, le=86_400)
    target: Share | None = None


class Scenario(_Part):
    """One period of calls on one flow. Field by field in ``docs/planning.md``."""

    scenario: Literal["1"] = Field(default="1", description="version of the scenario format")
    name: str = Field(min_length=1, description="What is simulated, for people.")
    description: str = Field(default="", description="For people.")
    flow: str = Field(min_length=1, description="a flow file beside the scenario, or a shipped flow")
    start: Moment = Field(description="Date and wall-clock time, such as 2026-11-24 08:00.")
    zone: Zone | None = Field(default=None, description="IANA time zone; default: that of the flow's opening hours.")
    horizon: Duration = Field(gt=0, description="How long calls arrive.")
    interval: Duration = Field(default=1800.0, gt=0, description="Length of an interval of the day.")
    arrivals: Arrivals = Field(description="How many calls, and when.")
    intents: dict[str, Intent] = Field(min_length=1, description="What callers want, by name; the shares sum to 1.")
    behaviour: Behaviour = Field(default=Behaviour(), description="How callers walk through the menus.")
    talk: PerInterval | None = Field(default=None, description="Talk time; one distribution, or one for each interval.")
    after_call_work: PerInterval = Field(default=(Constant(0.0),), description="Work after the call before the agent is free.")
    patience: Patience | None = Field(default=None, description="Wait after which callers hang up, or never.")
    queues: dict[str, QueueTimes] = Field(default={}, description="What differs for a queue.")
    groups: dict[str, Group] = Field(min_length=1, description="Who answers, by name.")
    staff_factor: float = Field(default=1.0, ge=0, le=100, description="factor on all numbers of agents, rounded")
    routing: Routing = Field(default=Routing(), description="Which call goes to which agent: a policy by name, or with changes.")
    lines: int | None = Field(default=None, ge=1, le=1_000_000, description="Telephone lines; a call beyond them hears a busy signal.")
    at_end: Literal["drain", "clear"] = Field(default="drain", description="After the horizon: finish the calls that are there (drain), or stop (clear).")
    service_level: ServiceLevel = Field(default=ServiceLevel(), description="What is to be reached.")
    replications: int = Field(default=10, ge=1, le=100_000, description="Days simulated.")
    seed: int = Field(default=1, ge=0, le=2**63, description="Number that makes the same days again.")
    confidence: float = Field(default=0.95, gt=0, lt=1, description="Level of the intervals, such as 0.95.")

    @property
    def intervals(self) -> int:
        """Number of intervals; the last may be shorter."""
        return max(1, math.ceil(self.horizon / self.interval - 1e-9))

    def times(self, what: Literal["talk", "after_call_work", "patience"], queue: str) -> tuple[Distribution, ...] | None:
        """The distributions of a time for a queue: one, or one for each interval; None when not stated."""
        own = self.queues.get(queue)
        return (getattr(own, what) if own else None) or getattr(self, what)

    def talk_of(self, queue: str, group: str) -> tuple[Distribution, ...] | None:
        """Talk time of a group's agents with callers of a queue."""
        own = self.queues.get(queue)
        if own and group in own.by_group:
            return own.by_group[group]
        return self.groups[group].talk or self.times("talk", queue)
