"""A line's routing table as a configuration of Twilio's TaskRouter: queues, workflow and workers.

Who is asked first becomes a step of the workflow that is left at once when nobody is free; an overflow delay becomes
the time-out of a step. What TaskRouter cannot do is told. Sources: twilio.com/docs/taskrouter: workflow-configuration,
expression-syntax, worker-presence (``skip_if``), api/task-queue (order of assignment).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from flows.values.units import US_PER_S
from ivr.answering.agents_file import Agent, AgentsFile
from ivr.answering.taskrouter_names import language_name, plain_name
from ivr.routing import RoutingTable

__all__ = ["losses", "taskrouter"]

_RESERVATION_S = 20
_NOBODY_FREE = "workers.available == 0"
_NOBODY = "1 == 2"
_SPEAKS = "worker.any_language == true OR worker.languages HAS task.language"


def taskrouter(name: str, people: AgentsFile, table: RoutingTable) -> dict[str, Any]:
    """The resources of a workspace, in the order in which they are made, with the parameters of Twilio's API.

    Parameters
    ----------
    name : str
        The line's.
    people : AgentsFile
    table : RoutingTable

    Returns
    -------
    dict
        ``workspace``, ``activities``, ``task_queues``, ``workflow``, ``workers``. Targets name their task queues; who
        makes the workflow writes the SIDs in place of the names.

    Examples
    --------
    >>> people = AgentsFile.model_validate(
    ...     {
    ...         "groups": {"office": {"skills": ["billing"]}},
    ...         "agents": {"ana": {"name": "Ana", "group": "office", "browser": True}},
    ...     }
    ... )
    >>> table = RoutingTable(queues=("billing",), groups=("office",), rank=((0,),))
    >>> made = taskrouter("Line", people, table)
    >>> made["task_queues"]
    [{'FriendlyName': 'billing', 'TargetWorkers': 'group IN ["office"]', 'TaskOrder': 'FIFO'}]
    """
    queues: dict[str, dict[str, Any]] = {}
    filters = [_filter(people, table, q, queues) for q, row in enumerate(table.rank) if any(r is not None for r in row)]
    routing: dict[str, Any] = {"filters": filters}
    if filters:
        routing["default_filter"] = {"queue": filters[0]["targets"][-1]["queue"]}
    return {
        "workspace": {"FriendlyName": name, "MultiTaskEnabled": False},
        "activities": [
            {"FriendlyName": "Available", "Available": True},
            {"FriendlyName": "Unavailable", "Available": False},
        ],
        "task_queues": list(queues.values()),
        "workflow": {
            "FriendlyName": name,
            "TaskReservationTimeout": _RESERVATION_S,
            "Configuration": {"task_routing": routing},
        },
        "workers": [_worker(short, agent, people) for short, agent in people.agents.items()],
    }


def losses(table: RoutingTable) -> tuple[str, ...]:
    """What of a routing table TaskRouter cannot do, a sentence each.

    Examples
    --------
    >>> losses(RoutingTable(queues=("q",), groups=("g",), rank=((0,),), keep_idle=(2,)))
    ("group 'g' keeps 2 agents back for its own queues; TaskRouter gives any free worker a task",)
    """
    return tuple(_losses(table))


def _losses(table: RoutingTable) -> Iterator[str]:
    for group, kept in zip(table.groups, table.keep_idle, strict=True):
        if kept:
            agents = "1 agent" if kept == 1 else f"{kept} agents"
            yield f"group '{group}' keeps {agents} back for its own queues; TaskRouter gives any free worker a task"
    for group, choice in zip(table.groups, table.choice, strict=True):
        if choice != "longest_idle":
            yield f"group '{group}' chooses by {choice}; TaskRouter takes the worker who has been idle longest"
    for queue, weight in zip(table.queues, table.weight_per_s, strict=True):
        if weight:
            yield f"the priority of queue '{queue}' grows by {weight:g} a second; TaskRouter's stays"
    for queue, order in zip(table.queues, table.order, strict=True):
        if order != "time_in_queue":
            yield f"queue '{queue}' counts from when the call began; TaskRouter counts from when it joined the queue"
    if _pulls(table) is None:
        yield "groups prefer different queues (pull); TaskRouter has one priority for all workers, that of the queues"


def _pulls(table: RoutingTable) -> list[int] | None:
    """The preference among queues that all groups share; None if they differ."""
    pulls: list[int] = []
    for ranks, row in zip(table.rank, table.pull, strict=True):
        stated = {pull for rank, pull in zip(ranks, row, strict=True) if rank is not None}
        if len(stated) > 1:
            return None
        pulls.append(next(iter(stated), 0))
    return pulls


def _priority(table: RoutingTable, queue: int) -> int:
    """The priority of a queue as a whole number from 1, in the order of the table."""
    pulls = _pulls(table) or [0] * len(table.queues)
    keys = [(-pull, priority) for pull, priority in zip(pulls, table.priority, strict=True)]
    return sorted(set(keys)).index(keys[queue]) + 1


def _filter(people: AgentsFile, table: RoutingTable, queue: int, made: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The steps of one queue. In each period between two overflow delays: those of each rank in turn, while somebody of
    it is free; then everybody, until the next delay is over.
    """
    name, ranks, delays = table.queues[queue], table.rank[queue], table.after_us[queue]
    able = [g for g, rank in enumerate(ranks) if rank is not None]
    starts = sorted({0, *(delays[g] for g in able)})
    targets: list[dict[str, Any]] = []
    for start, end in zip(starts, [*starts[1:], None], strict=True):
        open_to = [g for g in able if delays[g] <= start]
        for rank in sorted({ranks[g] or 0 for g in open_to})[:-1]:
            groups = [g for g in open_to if ranks[g] == rank]
            targets.append({**_target(people, table, queue, groups, made), "timeout": 1, "skip_if": _NOBODY_FREE})
        last = _target(people, table, queue, open_to or able, made)
        if not open_to:
            last["expression"] = _NOBODY
        targets.append(last if end is None else {**last, "timeout": max(1, round((end - start) / US_PER_S))})
    return {"filter_friendly_name": name, "expression": f'queue == "{plain_name(name)}"', "targets": targets}


def _target(
    people: AgentsFile, table: RoutingTable, queue: int, groups: Sequence[int], made: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    """A step for some groups, and the task queue that it needs."""
    name = table.queues[queue]
    whole = [g for g, rank in enumerate(table.rank[queue]) if rank is not None]
    friendly = name if list(groups) == whole else f"{name}: {', '.join(table.groups[g] for g in groups)}"
    listed = json.dumps([plain_name(table.groups[g]) for g in groups])
    made.setdefault(friendly, {"FriendlyName": friendly, "TargetWorkers": f"group IN {listed}", "TaskOrder": "FIFO"})
    target: dict[str, Any] = {"queue": friendly, "priority": _priority(table, queue)}
    if any(agent.languages for agent in people.agents.values()):
        target["expression"] = _SPEAKS
    return target


def _worker(short: str, agent: Agent, people: AgentsFile) -> dict[str, Any]:
    group = people.group_of(short)
    skills: Mapping[str, int] = people.skills_by_group()[group]
    attributes = {
        "group": plain_name(group),
        "skills": [plain_name(skill) for skill in skills],
        "levels": {plain_name(skill): level for skill, level in skills.items()},
        "languages": [language_name(tag) for tag in agent.languages],
        "any_language": not agent.languages,
        "contact_uri": f"client:{short}" if agent.browser else agent.rings_at,
        "full_name": agent.name,
    }
    return {"FriendlyName": short, "Attributes": attributes}
