"""Who answers each queue, in which order, and after how long."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flows.display.numbers import duration
from flows.display.tables import table as aligned
from flows.values.units import US_PER_S
from ivr.answering.agents_file import AgentsFile
from ivr.routing import RoutingTable

__all__ = ["Turn", "turns", "turns_text"]


@dataclass(frozen=True)
class Turn:
    """A group whose turn it is to answer a queue.

    Parameters
    ----------
    queue : str
    turn : int
        1 for those who are asked first; groups of one turn are one pool.
    group : str
    after_s : float
        Seconds that a call must have waited.
    agents : tuple of str
        Short names.
    """

    queue: str
    turn: int
    group: str
    after_s: float
    agents: tuple[str, ...]


def turns(agents: AgentsFile, table: RoutingTable) -> Iterator[Turn]:
    """The turns of every queue, first turns first; groups without anybody are left out.

    Parameters
    ----------
    agents : AgentsFile
    table : RoutingTable
        That of the file (``parse_agents``).

    Examples
    --------
    >>> file = AgentsFile.model_validate({"agents": {"ana": {"name": "Ana", "skills": "billing", "browser": True}}})
    >>> list(turns(file, RoutingTable(queues=("billing",), groups=("ana",), rank=((3,),))))
    [Turn(queue='billing', turn=1, group='ana', after_s=0.0, agents=('ana',))]
    """
    of_group = {
        group: tuple(name for name in agents.agents if agents.group_of(name) == group) for group in table.groups
    }
    for q, queue in enumerate(table.queues):
        ranked = [(rank, g) for g, rank in enumerate(table.rank[q]) if rank is not None and of_group[table.groups[g]]]
        order = sorted({rank for rank, _ in ranked})
        for rank, g in sorted(ranked):
            group = table.groups[g]
            yield Turn(queue, order.index(rank) + 1, group, table.after_us[q][g] / US_PER_S, of_group[group])


def turns_text(agents: AgentsFile, table: RoutingTable) -> str:
    """A table of the turns, for people.

    Parameters
    ----------
    agents : AgentsFile
    table : RoutingTable
    """
    rows, before = [], ""
    for one in turns(agents, table):
        names = ", ".join(agents.agents[name].name for name in one.agents)
        waited = f"after {duration(one.after_s)}" if one.after_s else ""
        rows.append([one.queue if one.queue != before else "", str(one.turn), one.group, waited, names])
        before = one.queue
    lines = aligned(rows, head=["queue", "turn", "group", "waited", "agents"], left=5)
    people = [
        [agent.name, agents.group_of(name), agent.rings_at, ", ".join(agent.languages) or "all of the line"]
        for name, agent in agents.agents.items()
    ]
    lines += ["", *aligned(people, head=["agent", "group", "rings at", "speaks"], left=4)]
    return "\n".join(lines)
