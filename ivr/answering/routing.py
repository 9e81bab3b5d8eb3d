"""Routing as a file states it: a policy by name and changes to its table, of a scenario or of a line's agents."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from flows.model.flow import Flow
from flows.nodes.queue import Queue
from flows.values.scalars import Duration
from flows.values.units import US_PER_S
from ivr.routing import GroupSpec, QueueSpec, RoutingTable, own_queues, policies

__all__ = ["Routing", "Skills", "queue_specs", "table_of"]


def _levels(value: Any) -> Any:
    """A skill or a list of skills as a mapping to level 1."""
    if isinstance(value, str):
        value = [value]
    if isinstance(value, list | tuple):
        if not all(isinstance(skill, str) for skill in value):
            raise ValueError(
                "skills is a list of names or a mapping to levels; write [billing, sales] or {billing: 1, sales: 2}"
            )
        return dict.fromkeys(value, 1)
    return value


Skills = Annotated[dict[str, Annotated[int, Field(ge=1, le=1000)]], BeforeValidator(_levels)]
"""Skill to level, 1 = best; in a list all are 1."""


class Routing(BaseModel):
    """A routing policy by name, and changes to its table.

    Parameters
    ----------
    policy : str
    rank, pull : dict of queue to dict of group to int
        ``rank`` may be ``never``.
    after : dict of queue to dict of group to duration
        The group serves the queue only after a call has waited this long.
    priority, weight_per_s : dict of queue to float
    keep_idle : dict of group to int
    own : dict of group to list of queue
    choice : str or dict of group to str
    order : str or dict of queue to str
    policy
        Name of the policy.
    priority
        By queue; higher is served first.
    weight_per_s
        By queue: growth of priority for each second of waiting.
    keep_idle
        By group: agents held back for the group's own queues.
    own
        By group: its own queues; default: those at its best skill level.
    choice
        Which of the idle agents takes a call, for all groups or by group: longest_idle, fewest_calls, least_occupied or
        random.
    order
        What gives callers their place in line, for all queues or by queue: time_in_queue (since they joined the queue)
        or time_in_system (since their call began).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    policy: str = "longest_wait"
    rank: dict[str, dict[str, int | Literal["never"]]] = Field(default={})
    pull: dict[str, dict[str, int]] = Field(default={})
    after: dict[str, dict[str, Duration]] = Field(default={})
    priority: dict[str, float] = Field(default={})
    weight_per_s: dict[str, float] = Field(default={})
    keep_idle: dict[str, int] = Field(default={})
    own: dict[str, tuple[str, ...]] = Field(default={})
    choice: str | dict[str, str] = "longest_idle"
    order: str | dict[str, str] = "time_in_queue"

    @property
    def at_random(self) -> bool:
        """Whether some group chooses among its idle agents at random."""
        return "random" in (self.choice.values() if isinstance(self.choice, dict) else (self.choice,))

    @model_validator(mode="before")
    @classmethod
    def _name_alone(cls, value: Any) -> Any:
        return {"policy": value} if isinstance(value, str) else value


def queue_specs(flow: Flow) -> tuple[QueueSpec, ...]:
    """The queues that nodes of the flow lead to; without stated skills, agents need the skill named after the queue.

    Examples
    --------
    >>> from flows.model.load import load
    >>> queue_specs(load("northwind").flow)[0]
    QueueSpec(name='billing', skills=('billing',), priority=0)
    """
    used = [node.queue for node in flow.nodes.values() if isinstance(node, Queue)]
    specs = []
    for name in dict.fromkeys([*(q for q in flow.queues if q in used), *used]):
        stated = flow.queues.get(name)
        specs.append(QueueSpec(name, (stated.skills if stated else ()) or (name,), stated.priority if stated else 0))
    return tuple(specs)


def table_of(routing: Routing, queues: Sequence[QueueSpec], groups: Sequence[GroupSpec]) -> RoutingTable:
    """The routing table of a policy, with the changes that are stated.

    Parameters
    ----------
    routing : Routing
        Its names have been checked (``ivr.answering.check_routing``).
    queues : sequence of QueueSpec
    groups : sequence of GroupSpec

    Raises
    ------
    RoutingError
        When the changes contradict each other.

    Examples
    --------
    >>> queues, groups = [QueueSpec("a", ("x",))], [GroupSpec("front", {"x": 1}), GroupSpec("back", {"x": 2})]
    >>> table_of(Routing(policy="longest_wait", after={"a": {"back": "30s"}}), queues, groups).after_us
    ((0, 30000000),)
    """
    table = policies()[routing.policy](queues, groups)
    if routing == Routing(policy=routing.policy):
        return table
    names, of_groups = table.queues, table.groups
    rank = [list(row) for row in table.rank]
    pull = [list(row) for row in table.pull]
    after = [list(row) for row in table.after_us]
    for queue, ranks in routing.rank.items():
        for group, value in ranks.items():
            rank[names.index(queue)][of_groups.index(group)] = None if value == "never" else value
    for queue, pulls in routing.pull.items():
        for group, pulled in pulls.items():
            pull[names.index(queue)][of_groups.index(group)] = pulled
    for queue, delays in routing.after.items():
        for group, delay_s in delays.items():
            after[names.index(queue)][of_groups.index(group)] = round(delay_s * US_PER_S)
    own = [list(row) for row in own_queues(queues, groups, rank)]
    for group, own_of_group in routing.own.items():
        for row, queue in zip(own, names, strict=True):
            row[of_groups.index(group)] = queue in own_of_group
    choice = routing.choice if isinstance(routing.choice, dict) else dict.fromkeys(of_groups, routing.choice)
    order = routing.order if isinstance(routing.order, dict) else dict.fromkeys(names, routing.order)
    return replace(
        table,
        rank=tuple(map(tuple, rank)),
        pull=tuple(map(tuple, pull)),
        after_us=tuple(map(tuple, after)),
        priority=tuple(routing.priority.get(q, p) for q, p in zip(names, table.priority, strict=True)),
        weight_per_s=tuple(routing.weight_per_s.get(q, w) for q, w in zip(names, table.weight_per_s, strict=True)),
        keep_idle=tuple(routing.keep_idle.get(g, k) for g, k in zip(of_groups, table.keep_idle, strict=True)),
        choice=tuple(choice.get(g, c) for g, c in zip(of_groups, table.choice, strict=True)),
        order=tuple(order.get(q, o) for q, o in zip(names, table.order, strict=True)),
        own=tuple(map(tuple, own)),
    )
