"""Who answers, and how soon: what rules may know of a scenario, as plain data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

__all__ = ["ANSWERED_WITHIN_S", "Staffing", "staffing"]

ANSWERED_WITHIN_S = 180.0
"""Seconds that `Staffing.share_answered` is about: the three minutes of Spain's law."""


@dataclass(frozen=True)
class Staffing:
    """What a scenario says of agents, and what its simulation came to.

    Parameters
    ----------
    groups : mapping of str to frozenset of str
        The skills of each agent group that is ever on shift.
    share_answered : mapping of str to float
        By queue the simulated share of calls, 0..1, answered within `ANSWERED_WITHIN_S`; empty when nothing was
        simulated.
    """

    groups: Mapping[str, frozenset[str]] = field(default_factory=dict)
    share_answered: Mapping[str, float] = field(default_factory=dict)


def staffing(groups: Mapping[str, Any], share_answered: Mapping[str, float] | None = None) -> Staffing:
    """The staffing that the ``groups:`` of a scenario file state; groups with no agent at any time are left out.

    Examples
    --------
    >>> found = staffing({"desk": {"skills": ["tech"], "agents": "5"}, "night": {"skills": {"sales": 1}, "agents": [0, 0]}})
    >>> {name: sorted(skills) for name, skills in found.groups.items()}
    {'desk': ['tech']}
    """
    known: dict[str, frozenset[str]] = {}
    for name, group in groups.items():
        group = group if isinstance(group, Mapping) else {}
        agents = group.get("agents", 1)
        if any(str(number) != "0" for number in (agents if isinstance(agents, list | tuple) else [agents])):
            skills = group.get("skills") or ()
            known[name] = frozenset([skills] if isinstance(skills, str) else skills)
    return Staffing(known, dict(share_answered or {}))
