"""Which features matter on a day, by removing each: a feature has happened if the day differs without it."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from tests.support.models.floor_days import Day

Without = Callable[[dict[str, Any], dict[str, Any]], None]
"""Takes a feature out of a flow and a scenario."""


def _places(flow: dict[str, Any], scenario: dict[str, Any], path: tuple[str, ...]) -> list[dict[str, Any]]:
    """The value at a path of the scenario, or of the flow if the path begins with ``flow``; ``*`` is every entry."""
    places: list[Any] = [flow if path[:1] == ("flow",) else scenario]
    for name in path[path[:1] == ("flow",) :]:
        found = [
            inner
            for place in places
            if isinstance(place, dict)
            for inner in (place.values() if name == "*" else [place.get(name)])
        ]
        places = [one for inner in found for one in (inner if isinstance(inner, list) else [inner])]
    return [place for place in places if isinstance(place, dict)]


def _drop(*path: str) -> Without:
    """Remove the value at a path."""

    def taken(flow: dict[str, Any], scenario: dict[str, Any]) -> None:
        for place in _places(flow, scenario, path[:-1]):
            place.pop(path[-1], None)

    return taken


def _instead(value: Any, other: Any, *path: str) -> Without:
    """Replace the value at a path."""

    def changed(flow: dict[str, Any], scenario: dict[str, Any]) -> None:
        for place in _places(flow, scenario, path[:-1]):
            if place.get(path[-1]) == value:
                place[path[-1]] = other

    return changed


def _breaks(kind: str) -> Without:
    def taken(flow: dict[str, Any], scenario: dict[str, Any]) -> None:
        for group in scenario["groups"].values():
            group["breaks"] = [pause for pause in group.get("breaks", []) if kind not in pause]

    return taken


def _first_value(key: str) -> Without:
    """One time for all intervals."""

    def taken(flow: dict[str, Any], scenario: dict[str, Any]) -> None:
        for place in (scenario, *scenario["queues"].values(), *scenario["groups"].values()):
            if isinstance(place.get(key), list):
                place[key] = place[key][0]

    return taken


def _speeds(kind: type) -> Without:
    def taken(flow: dict[str, Any], scenario: dict[str, Any]) -> None:
        for group in scenario["groups"].values():
            if isinstance(group.get("speed"), kind):
                del group["speed"]

    return taken


def _alike(flow: dict[str, Any], scenario: dict[str, Any]) -> None:
    for group in scenario["groups"].values():
        group["skills"] = list(group["skills"])


FEATURES: dict[str, Without] = {
    "lines": _drop("lines"),
    "clear": _instead("clear", "drain", "at_end"),
    "drain": _instead("drain", "clear", "at_end"),
    "hand_over": _instead("hand_over", "finish", "groups", "*", "end_of_shift"),
    "serve_queue": _instead("serve_queue", "finish", "groups", "*", "end_of_shift"),
    "finish": _instead("finish", "hand_over", "groups", "*", "end_of_shift"),
    "pauses": _drop("groups", "*", "pauses"),
    "chats": _drop("groups", "*", "chats"),
    "chats.queues": _drop("groups", "*", "chats", "queues"),
    "breaks by the clock": _breaks("from"),
    "breaks by the shift": _breaks("after"),
    "days of shifts": _drop("groups", "*", "shifts", "days"),
    "levels of skill": _alike,
    "several skills": _drop("flow", "queues", "*", "skills"),
    **{
        policy: _instead(policy, "longest_wait" if policy != "longest_wait" else "skill_priority", "routing", "policy")
        for policy in ("single_queue", "longest_wait", "skill_priority", "specialists_first")
    },
    **{
        f"routing.{name}": _drop("routing", name)
        for name in ("rank", "pull", "after", "priority", "weight_per_s", "keep_idle", "own", "order")
    },
    **{
        choice: _instead(choice, other, "routing", "choice")
        for choice, other in (
            ("fewest_calls", "longest_idle"),
            ("least_occupied", "longest_idle"),
            ("longest_idle", "fewest_calls"),
        )
    },
    "priority of queues": _drop("flow", "queues", "*", "priority"),
    "urgency of nodes": _drop("flow", "nodes", "*", "urgency"),
    "urgency of intents": _drop("intents", "*", "urgency"),
    "max_wait": _drop("flow", "nodes", "*", "max_wait"),
    "keys while waiting": _drop("behaviour", "while_waiting"),
    "room in the flow": _drop("flow", "queues", "*", "max_calls"),
    "room in the scenario": _drop("queues", "*", "max_calls"),
    "transfer": _drop("queues", "*", "transfer"),
    "what follows a talk": _drop("flow", "nodes", "*", "on", "answered"),
    "announcements": _drop("flow", "nodes", "*", "announce"),
    "balking": _instead(1, 0, "behaviour", "told", "leave"),
    "told": _drop("behaviour", "told"),
    **{
        f"{how}{where[0]}": _instead(how, "queue_length" if how != "queue_length" else "head_of_line", *where[1])
        for how in ("head_of_line", "last_to_enter")
        for where in ((" of the scenario", ("expected_wait",)), (" of a queue", ("queues", "*", "expected_wait")))
    },
    "callback": _drop("queues", "*", "callback"),
    "callbacks nobody answers": _instead(0, 1, "queues", "*", "callback", "answered"),
    "retry": _drop("behaviour", "retry"),
    "redraw": _instead("redraw", "keep", "behaviour", "retry", "patience"),
    "conference": _drop("queues", "*", "conference"),
    "conference.give_up": _drop("queues", "*", "conference", "give_up"),
    "outbound": _drop("groups", "*", "outbound"),
    "outbound.keep_idle": _drop("groups", "*", "outbound", "keep_idle"),
    "outbound.calls": _drop("groups", "*", "outbound", "calls"),
    "outbound calls nobody answers": _instead(0, 1, "groups", "*", "outbound", "answered"),
    "speeds of agents": _speeds(list),
    "spread speeds": _speeds(dict),
    "one speed": _speeds(float),
    "staff_factor": _drop("staff_factor"),
    "talk by group and queue": _drop("queues", "*", "by_group"),
    "talk by group": _drop("groups", "*", "talk"),
    "talk by interval": _first_value("talk"),
    "patience by interval": _first_value("patience"),
    "wrap-up by interval": _first_value("after_call_work"),
    "agents by interval": _first_value("agents"),
    "wrap-up": _drop("after_call_work"),
    "patience": _drop("patience"),
    "zone": _drop("zone"),
}
"""How to remove each feature."""


def without(day: Day, feature: str) -> Day | None:
    """The day without a feature; None if it does not have it."""
    flow, scenario = copy.deepcopy((day.flow, day.scenario))
    FEATURES[feature](flow, scenario)
    return None if (flow, scenario) == (day.flow, day.scenario) else Day(flow, scenario, day.arrivals)
