"""Who works on the floor, as the floor needs to know it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from ivr.answering.agents_file import Agent, AgentsFile
from ivr.routing import RoutingTable

__all__ = ["FixedPeople", "People", "rings_at"]


class People(Protocol):
    """The people and their routing table as they are now; read at each use."""

    @property
    def agents(self) -> AgentsFile: ...
    @property
    def table(self) -> RoutingTable: ...


@dataclass(frozen=True)
class FixedPeople:
    """People who never change."""

    agents: AgentsFile
    table: RoutingTable


def rings_at(name: str, agent: Agent) -> str:
    """Where the carrier rings for an agent.

    Examples
    --------
    >>> rings_at("ana", Agent(name="Ana", group="office", browser=True))
    'client:ana'
    """
    return f"client:{name}" if agent.browser else agent.phone or agent.sip or ""
