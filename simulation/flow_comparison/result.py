"""What a new menu does beside the old one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from simulation.experiment.estimates import Estimate

__all__ = ["CAUSES", "AgentsSaved", "FlowComparison"]

CAUSES = {
    "seconds": "seconds in the menus",
    "leaves": "who leaves in the menus",
    "routes": "where callers go",
    "floor": "agents and routing",
}
"""What can differ, in the order in which it is told."""


@dataclass(frozen=True)
class AgentsSaved:
    """The agents with which the new menu gives the old service.

    Parameters
    ----------
    hours_before, hours_needed : float
        Agent-hours of the old scenario, and those with which the new menu serves as well.
    factor : float
        The factor on all numbers of agents that makes them.
    level_before : float
        Service level of the old menu, which the new one has with these agents; 0..1.
    cost : Estimate or None
        What the new menu with these agents costs more than the old; None without prices.
    half_width : float or None
        Of the agent-hours: that of the difference in service with the old agents, divided by what an agent-hour adds.
    replications : int
        On which this was looked for.
    """

    hours_before: float
    hours_needed: float
    factor: float
    level_before: float
    cost: Estimate | None
    replications: int
    half_width: float | None = None

    @property
    def saved(self) -> float:
        """Agent-hours saved; negative if the new menu needs more."""
        return self.hours_before - self.hours_needed

    def as_dict(self) -> dict[str, Any]:
        """The JSON of this."""
        return {
            "agent_hours": self.hours_before,
            "agent_hours_needed": self.hours_needed,
            "agent_hours_saved": self.saved,
            "half_width": self.half_width,
            "staff_factor": self.factor,
            "service_level": self.level_before,
            "cost": self.cost.as_dict() if self.cost else None,
            "replications": self.replications,
        }


@dataclass(frozen=True)
class FlowComparison:
    """A new menu beside the old one.

    Parameters
    ----------
    old, new : str
        The scenarios.
    before, after : mapping of str to Estimate
        Measures of both.
    causes : mapping of str to mapping of str to Estimate
        For each cause that differs, what it adds to each measure; the causes add up to the whole difference.
    agents : AgentsSaved or None
    refused : str
        Why causes cannot be told; empty if they can.
    hint : str
        What to do about it.
    """

    old: str
    new: str
    before: Mapping[str, Estimate]
    after: Mapping[str, Estimate]
    causes: Mapping[str, Mapping[str, Estimate]]
    agents: AgentsSaved | None = None
    refused: str = ""
    hint: str = ""

    def as_dict(self) -> dict[str, Any]:
        """The JSON of this."""
        if self.refused:
            return {"refused": self.refused, "hint": self.hint}
        return {
            "order": "averaged over all orders of change",
            "causes": {
                cause: {name: value.as_dict() for name, value in of.items()} for cause, of in self.causes.items()
            },
            "agents": self.agents.as_dict() if self.agents else None,
        }
