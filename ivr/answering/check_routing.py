"""Checks that routing names known policies, queues, groups and choices, wherever it is stated."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from flows.source.checks import Checks
from flows.source.document import Path, value_at
from ivr.answering.routing import Routing, table_of
from ivr.routing import CHOICES, ORDERS, GroupSpec, QueueSpec, RoutingError, RoutingTable, policies

__all__ = ["check_routing", "check_served", "check_skills"]


def check_routing(
    found: Checks, routing: Routing, queues: Sequence[QueueSpec], groups: Sequence[GroupSpec]
) -> RoutingTable | None:
    """Check the routing of a file, at its key ``routing``.

    Parameters
    ----------
    found : Checks
        Collects what is wrong.
    routing : Routing
    queues : sequence of QueueSpec
        Those of the flow.
    groups : sequence of GroupSpec
        Those of the file.

    Returns
    -------
    RoutingTable or None
        None if something is wrong.
    """
    names, of_groups = [queue.name for queue in queues], [group.name for group in groups]
    unknown = [
        found.unknown("routing policy", routing.policy, policies(), ("routing", "policy"), of_key=False),
        *_names(found, routing, names, of_groups),
        *_one_or_each(found, "choice", routing.choice, "choice of agents", CHOICES, "group", of_groups),
        *_one_or_each(found, "order", routing.order, "order of callers", ORDERS, "queue", names),
    ]
    if any(unknown):
        return None
    try:
        return table_of(routing, queues, groups)
    except RoutingError as error:
        for finding in error.findings:
            found.add("X005", finding.message, ("routing",), hint=finding.hint)
        return None


def _names(found: Checks, routing: Routing, queues: Sequence[str], groups: Sequence[str]) -> Iterable[bool]:
    for name in ("rank", "pull", "after"):
        for queue, row in getattr(routing, name).items():
            yield found.unknown("queue", queue, queues, ("routing", name, queue))
            for group in row:
                yield found.unknown("group", group, groups, ("routing", name, queue, group))
    for name, known, what in (
        ("priority", queues, "queue"),
        ("weight_per_s", queues, "queue"),
        ("keep_idle", groups, "group"),
        ("own", groups, "group"),
    ):
        for key in getattr(routing, name):
            yield found.unknown(what, key, known, ("routing", name, key))
    for group, own in routing.own.items():
        for i, queue in enumerate(own):
            yield found.unknown("queue", queue, queues, ("routing", "own", group, i), of_key=False)


def _one_or_each(
    found: Checks,
    field: str,
    stated: str | dict[str, str],
    what: str,
    allowed: Sequence[str],
    of: str,
    known: Sequence[str],
) -> Iterable[bool]:
    """Check what is stated for all groups or by group, or for all queues or by queue."""
    if isinstance(stated, str):
        yield found.unknown(what, stated, allowed, ("routing", field), of_key=False)
        return
    for key, name in stated.items():
        yield found.unknown(of, key, known, ("routing", field, key))
        yield found.unknown(what, name, allowed, ("routing", field, key), of_key=False)


def check_skills(
    found: Checks, queues: Sequence[QueueSpec], groups: Sequence[GroupSpec], place: Callable[[str], Path]
) -> None:
    """Check that a queue needs each skill of a group, and that each queue has a group with its skills.

    Parameters
    ----------
    found : Checks
    queues : sequence of QueueSpec
    groups : sequence of GroupSpec
    place : callable of name to path
        Where the skills of a group are stated.
    """
    needed = {skill for queue in queues for skill in queue.skills}
    for group in groups:
        stated = place(group.name)
        listed = isinstance(value_at(found.document.data, stated), list)
        for i, skill in enumerate(group.skills):
            found.unknown("queue that needs the skill", skill, sorted(needed), (*stated, i if listed else skill))
    for queue in queues:
        if all(group.level(queue) is None for group in groups):
            lacking = [s for s in queue.skills if not any(s in g.skills for g in groups)]
            why = (
                f"no group has the skill {lacking[0]!r}"
                if lacking
                else f"no group has all of {', '.join(queue.skills)}"
            )
            found.add(
                "X004",
                f"nobody serves the queue {queue.name!r}: {why}",
                ("groups",),
                of_key=True,
                hint=f"add {queue.skills[0]!r} to the skills of a group",
            )


def check_served(found: Checks, table: RoutingTable) -> None:
    """Check that no queue has only groups that are ranked ``never``; the skills are right."""
    for queue in table.unserved_queues():
        found.add(
            "X004",
            f"nobody serves the queue {queue!r}: every group with its skills is ranked never",
            ("routing", "rank", queue),
            of_key=True,
            hint="rank one of them with a number, or give the skill to another group",
        )
