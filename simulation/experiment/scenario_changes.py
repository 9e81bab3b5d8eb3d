"""How one scenario differs from another, value by value, and the agent-hours on its roster."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from simulation.scenario.model import Scenario
from simulation.workload.build_staff_table import Staff

__all__ = ["agent_hours", "changes"]

_SAYS_NOTHING = frozenset({"name", "description", "scenario", "replications", "seed", "precision"})
"""Keys that do not affect a simulated day; every scenario uses the baseline's replications and seed."""
_MOST = 48


def changes(base: Mapping[str, Any], other: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the values that `other` states differently from `base`.

    Parameters
    ----------
    base, other : mapping
        Scenarios as plain data.

    Examples
    --------
    >>> changes({"groups": {"desk": {"agents": "5"}}}, {"groups": {"desk": {"agents": "6"}}, "lines": "30"})
    ('groups.desk.agents: 5 → 6', 'lines: 30 (was not stated)')
    """
    return tuple(_differences("", _whole(base), _whole(other)))


def agent_hours(scenario: Scenario) -> float:
    """Return the hours of all agents on the roster, without breaks, absence or overtime; 3.4 agents count as 3.4.

    Examples
    --------
    >>> from simulation.loading.load import load_scenario
    >>> desk = "groups={desk: {skills: [general, permits], agents: 3}}"
    >>> agent_hours(load_scenario("city_services", settings=[desk]).scenario)  # from eight to six
    30.0
    """
    return Staff.of(scenario).hours


def _whole(document: Mapping[str, Any]) -> dict[str, Any]:
    routing = document.get("routing")  # a policy name is short for a mapping
    short = {"routing": {"policy": routing}} if isinstance(routing, str) else {}
    return {key: value for key, value in document.items() if key not in _SAYS_NOTHING} | short


def _differences(path: str, base: Any, other: Any) -> Iterator[str]:
    if base == other:
        return
    if isinstance(base, dict) and isinstance(other, dict):
        for key in dict.fromkeys((*base, *other)):
            inner = f"{path}.{key}" if path else str(key)
            if key not in other:
                yield f"{inner}: not stated (was {_short(base[key])})"
            elif key not in base:
                yield f"{inner}: {_short(other[key])} (was not stated)"
            else:
                yield from _differences(inner, base[key], other[key])
    else:
        yield f"{path}: {_short(base)} → {_short(other)}"


def _short(value: Any) -> str:
    text = _text(value)
    return text if len(text) <= _MOST else text[: _MOST - 1] + "…"


def _text(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_text(item)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(map(_text, value)) + "]" if isinstance(value, list) else str(value)
