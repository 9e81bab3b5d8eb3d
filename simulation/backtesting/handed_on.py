"""The agents of other days in a scenario: what its groups keep, and what the days replace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["HANDED_ON", "REPLACED", "groups_of_days"]

HANDED_ON = ("talk", "speed", "cost_per_hour", "end_of_shift", "outbound", "chats")
"""What a group keeps when its agents are those of other days."""
REPLACED: Mapping[str, str] = {
    "skills": "levels stay where the days show no other skills; else they are those of the calls that were answered",
    "agents": "they are what is replaced",
    "shifts": "the days tell how many were on duty in each interval",
    "breaks": "who is on a break is not among those on duty",
    "shrinkage": "who is absent is not among those on duty",
    "pauses": "the days tell how soon agents were ready again",
}
"""What it does not keep, and why."""


def groups_of_days(stated: Mapping[str, Any], of_days: Mapping[str, Any]) -> dict[str, Any]:
    """The groups of other days, each with what it keeps of the scenario's group of its name, or else of its skills.

    Parameters
    ----------
    stated : mapping of str to dict
        The scenario's groups.
    of_days : mapping of str to dict
        Those that were estimated.

    Examples
    --------
    >>> groups_of_days({"desk": {"skills": {"a": 2}, "shifts": [], "speed": "1.2"}},
    ...     {"agents": {"skills": ["a"], "agents": ["4"], "pauses": "short"}})
    {'agents': {'skills': {'a': 2}, 'agents': ['4'], 'pauses': 'short', 'speed': '1.2'}}
    """
    return {name: _group(_alike(name, group, stated), group) for name, group in of_days.items()}


def _alike(name: str, group: Mapping[str, Any], stated: Mapping[str, Any]) -> Mapping[str, Any]:
    skills = set(group["skills"])
    alike: list[Mapping[str, Any]] = [one for one in stated.values() if set(one["skills"]) == skills]
    alike = [stated[name]] if name in stated else alike
    return alike[0] if len(alike) == 1 else {}


def _group(stated: Mapping[str, Any], of_days: Mapping[str, Any]) -> dict[str, Any]:
    known = stated.get("skills", ())
    made = {
        "skills": known if set(of_days["skills"]) <= set(known) else list(of_days["skills"]),
        "agents": list(of_days["agents"]),
    }
    made |= {"pauses": of_days["pauses"]} if "pauses" in of_days else {}
    kept = {key: stated[key] for key in HANDED_ON if key in stated}
    if isinstance(kept.get("speed"), list):
        del kept["speed"]  # one for each agent, and the days have other agents
    return made | kept
