"""Random days of a contact centre in which only the day itself is random: all times constant, all shares 0 or 1."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

from tests.support.models.clock import Clock


@dataclass(frozen=True)
class Day:
    """A flow, a scenario on it, and the calls: microseconds from the start and the intent."""

    flow: dict[str, Any]
    scenario: dict[str, Any]
    arrivals: list[tuple[int, str]]


class _Dice:
    """Choices of one day. On some days all times are multiples of half a minute, so that many things happen at once."""

    def __init__(self, seed: int):
        self.random = random.Random(seed)
        self.step_ms = self.random.choice((1, 1, 30_000))

    def may(self, chance: float) -> bool:
        return self.random.random() < chance

    def one(self, *values: Any) -> Any:
        return self.random.choice(values)

    def s(self, low: float, high: float) -> str:
        """A time between two numbers of seconds."""
        ms = self.random.uniform(low, high) * 1000
        return f"{max(1, round(ms / self.step_ms)) * self.step_ms / 1000:.3f}s"

    def time(self, low: float, high: float) -> dict[str, str]:
        return {"constant": "0s" if self.may(0.03) else self.s(low, high)}


def random_day(seed: int) -> Day:
    """The day of a seed."""
    dice = _Dice(seed)
    zone, start, hours, interval_s, intervals = _when(dice)
    queues = [f"q{i}" for i in range(dice.one(1, 2, 2, 3, 4))]
    nodes = _nodes(dice, queues)
    queue_nodes = [name for name, node in nodes.items() if node.get("type") == "queue"]
    goals = [name for name in queue_nodes if name.startswith("first")] + [
        name for name in ("told", "left") if dice.may(0.2)
    ]
    nodes["main"] = {
        "type": "menu",
        "attempts": 1,
        "otherwise": "bye",
        "choices": [{"key": i + 1, "label": f"option {goal}", "next": goal} for i, goal in enumerate(goals)],
    }
    flow: dict[str, Any] = {
        "ivr": 1,
        "name": "A day",
        "start": "main",
        "nodes": nodes,
        "queues": _flow_queues(dice, queues),
    }
    intents: dict[str, Any] = {goal: {"share": 1 / len(goals), "goal": goal} for goal in goals}
    for goal in goals:
        if goal in queue_nodes and dice.may(0.2):
            intents[goal]["urgency"] = dice.one(-1, 1, 1.5, 2)
    groups = _groups(dice, flow["queues"], queues, start, hours, intervals)
    scenario: dict[str, Any] = {
        "name": "A day",
        "flow": "flow.yaml",
        "start": start,
        "horizon": f"{hours * 3600}s",
        "interval": f"{interval_s}s",
        "arrivals": {"kind": "trace", "file": "calls.csv", "column": "arrived_us", "intent": "intent"},
        "intents": intents,
        "behaviour": _behaviour(dice, nodes, queue_nodes),
        "talk": _times(dice, 60, 400, intervals),
        "queues": _queues(dice, queues, list(groups), intervals),
        "groups": groups,
    }
    if zone:
        scenario["zone"] = zone
    if dice.may(0.7):
        scenario["after_call_work"] = _times(dice, 1, 120, intervals)
    scenario["patience"] = _times(dice, 20, 900, intervals) if dice.may(0.75) else "never"
    scenario["routing"] = _routing(dice, flow["queues"], queues, groups)
    if not any(isinstance(group.get("speed"), list) for group in groups.values()) and dice.may(0.2):
        scenario["staff_factor"] = dice.one(0.5, 0.75, 1.25, 1.5)
    if dice.may(0.3):
        scenario["expected_wait"] = dice.one("queue_length", "head_of_line", "last_to_enter")
    if dice.may(0.3):
        scenario["lines"] = dice.one(3, 6, 10)
    scenario["at_end"] = dice.one("drain", "drain", "clear")
    calls = dice.random.randrange(10, 30) * min(hours, 4)
    moments = [
        dice.random.randrange(0, hours * 3600 * 1000 // dice.step_ms) * dice.step_ms * 1000 for _ in range(calls)
    ]
    if dice.may(0.7):
        moments.sort()
    within_us = Clock(scenario).horizon_us
    arrivals = [(at, dice.one(*goals)) for at in moments if at < within_us]
    _outbound(dice, groups)  # last, so that all else is as it is without
    _conferences(dice, queues, scenario["queues"])
    _chats(dice, groups, queues, flow["queues"], scenario["queues"])
    return Day(flow, scenario, arrivals)


def _when(dice: _Dice) -> tuple[str | None, str, int, int, int]:
    """Zone, start, hours, length of an interval, and how many intervals a list has."""
    if dice.may(0.7):
        hours = dice.one(1, 2, 3)
        return (
            dice.one(None, "America/New_York"),
            dice.one("2026-11-24 08:00", "2026-11-23 09:30", "2026-11-27 22:30"),
            hours,
            1800,
            hours * 2,
        )
    if dice.may(0.4):  # two days; lists are those of a day, or of both
        return (
            dice.one(None, "Europe/Berlin"),
            dice.one("2026-11-24 08:00", "2026-10-24 00:00", "2026-03-28 18:00"),
            48,
            7200,
            12,
        )
    zone, start = dice.one(
        ("America/New_York", "2026-11-01 00:00"),
        ("Europe/Berlin", "2026-03-29 00:30"),
        ("Australia/Sydney", "2026-04-04 23:00"),
        ("Australia/Sydney", "2026-10-04 01:00"),
    )
    interval_s = dice.one(1800, 3600)
    return (
        zone,
        start,
        5,
        interval_s,
        len(Clock({"zone": zone, "start": start, "horizon": "18000s", "interval": interval_s}).edges),
    )


def _times(dice: _Dice, low: float, high: float, intervals: int) -> Any:
    """One time, or one for each interval."""
    return [dice.time(low, high) for _ in range(intervals)] if dice.may(0.15) else dice.time(low, high)


def _said(dice: _Dice) -> dict[str, Any]:
    return {"text": "One moment.", "seconds": float(dice.s(1, 20)[:-1])}


def _nodes(dice: _Dice, queues: list[str]) -> dict[str, Any]:
    nodes: dict[str, Any] = {
        "main": {},
        "bye": {"type": "hangup", "say": _said(dice)} if dice.may(0.5) else {"type": "hangup"},
        "shut": {"type": "hangup", "outcome": dice.one("closed", "failed", "contained")},
        "info": {"type": "play", "serves": True, "say": _said(dice), "next": "bye"},
        "sorry": {"type": "play", "say": _said(dice), "next": dice.one("bye", "bye", "shut", "box")},
        "box": {"type": "voicemail", "box": "messages", "next": dice.one("bye", "thanks"), "otherwise": "bye"},
        "thanks": {"type": "play", "say": _said(dice), "next": "bye"},
        "outside": {
            "type": "dial",
            "number": "+14155550100",
            "timeout": dice.s(20, 40),
            "otherwise": dice.one("bye", "sorry"),
        },
        "told": {"type": "play", "serves": True, "say": _said(dice), "next": "bye"},
        "left": {"type": "voicemail", "box": "messages", "next": dice.one("bye", "thanks"), "otherwise": "bye"},
        "promise": {"type": "callback", "attempts": 1, "otherwise": "bye", "on": {"booked": "bye"}},
    }
    # Exits of queues do not lead to what the menu offers, so that each intent has only one path.
    names = [(f"first_{queue}", queue) for queue in queues] + [
        (f"further_{queue}", queue) for queue in queues if dice.may(0.7)
    ]
    dice.random.shuffle(names)
    targets = [
        "bye",
        "shut",
        "info",
        "sorry",
        "box",
        "outside",
        "promise",
        "choice",
        *[name for name, _ in names if name.startswith("further")] * 3,
    ]
    nodes["choice"] = {
        "type": "menu",
        "attempts": 1,
        "otherwise": "bye",
        "choices": [
            {"key": 1, "label": "the first", "next": dice.one(*[t for t in targets if t != "choice"])},
            {"key": 2, "label": "the end", "next": "bye"},
        ],
    }
    for name, queue in names:
        node: dict[str, Any] = {"type": "queue", "queue": queue, "on": {"full": dice.one(*targets), "closed": "shut"}}
        if dice.may(0.4):
            node["say"] = _said(dice)
        if dice.may(0.3):
            node["urgency"] = dice.one(1, 2, -1)
        if dice.may(0.5):
            node["max_wait"] = dice.s(10, 400)
            node["on"]["timeout"] = dice.one(*targets)
        if dice.may(0.3):
            node["on"]["answered"] = dice.one(*targets)
        if dice.may(0.4):
            node["announce"] = {"expected_wait": True}
        if dice.may(0.3):
            node["while_waiting"] = {"2": dice.one(*targets)}
        nodes[name] = node
    return nodes


def _flow_queues(dice: _Dice, queues: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for queue in queues:
        stated: dict[str, Any] = {}
        if dice.may(0.3):
            stated["skills"] = dice.random.sample(["red", "blue", "green"], dice.one(1, 1, 2))
        if dice.may(0.3):
            stated["priority"] = dice.one(1, 2, -1)
        if dice.may(0.3):
            stated["max_calls"] = dice.one(0, 1, 2, 4)
        found[queue] = stated
    return found


def _behaviour(dice: _Dice, nodes: dict[str, Any], queue_nodes: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "hear_all": 0,
        "key_ahead": 1,
        "wrong_key": 0,
        "no_input": 0,
        "zero_out": 0,
        "no_entry": 0,
        "wrong_entry": 0,
        "hang_up_per_minute": 0,
        "reaction": dice.time(1, 5),
        "leave_message": dice.one(0, 1),
        "message": dice.time(5, 60),
        "ring": {"constant": dice.s(5, 30)},
        "nodes": {
            "choice": {"shares": {"1": 1}},
            "outside": {"shares": {dice.one("answered", "no_answer"): 1}},
            "promise": {"dwell": dice.time(5, 30)},
        },
    }
    if dice.may(0.3) or dice.step_ms > 1:  # the half second of a menu would separate events
        found["nodes"]["main"] = {"dwell": dice.time(1, 40)}
        found["nodes"]["choice"]["dwell"] = dice.time(1, 40)
    keys = {
        name: {"2": {"share": dice.one(0, 1, 1), "after": dice.time(10, 300)}}
        for name in queue_nodes
        if "while_waiting" in nodes[name]
    }
    if keys:
        found["while_waiting"] = keys
    if any("announce" in nodes[name] for name in queue_nodes) and dice.may(0.8):
        found["told"] = [{"above": dice.s(1, 60), "leave": 0, "patience": dice.one(0.5, 1.1, 2)}]
        if dice.may(0.6):
            found["told"].append(
                {
                    "above": f"{float(found['told'][0]['above'][:-1]) + 120}s",
                    "leave": dice.one(0, 1),
                    "patience": dice.one(1.5, 3),
                }
            )
    if dice.may(0.5):
        found["retry"] = {
            "share": dice.one(0, 1, 1, 1),
            "after": dice.time(30, 1200),
            "attempts": dice.one(2, 3, 4),
            "patience": dice.one("keep", "redraw"),
            "on": dice.random.sample(
                ["blocked", "abandoned", "turned_away", "closed", "failed", "voicemail", "abandoned_in_menu"], 5
            ),
        }
    return found


def _queues(dice: _Dice, queues: list[str], groups: list[str], intervals: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for queue in queues:
        stated: dict[str, Any] = {}
        if dice.may(0.4):
            stated["talk"] = _times(dice, 30, 600, intervals)
        if dice.may(0.3):
            stated["after_call_work"] = _times(dice, 1, 90, intervals)
        if dice.may(0.4):
            stated["patience"] = _times(dice, 10, 600, intervals) if dice.may(0.8) else "never"
        if dice.may(0.3):
            stated["by_group"] = {dice.one(*groups): _times(dice, 30, 600, intervals)}
        if (further := queues[queues.index(queue) + 1 :]) and dice.may(
            0.4
        ):  # in a cycle they would be passed on forever
            stated["transfer"] = [{"to": dice.one(*further), "share": dice.one(0, 1, 1)}]
        if dice.may(0.2):
            stated["max_calls"] = dice.one(0, 1, 3)
        if dice.may(0.2):
            stated["expected_wait"] = dice.one("queue_length", "head_of_line", "last_to_enter")
        if dice.may(0.35):
            stated["callback"] = {
                "above": dice.s(30, 200),
                "share": dice.one(0, 1, 1),
                "ring": dice.time(1, 30) if dice.may(0.8) else {"constant": "0s"},
                "answered": dice.one(0, 1, 1),
                "attempts": dice.one(1, 2, 3),
                "again": dice.s(30, 900),
            }
        if stated:
            found[queue] = stated
    return found


def _groups(
    dice: _Dice, flow_queues: dict[str, Any], queues: list[str], start: str, hours: int, intervals: int
) -> dict[str, Any]:
    skills = sorted({s for q in queues for s in flow_queues[q].get("skills") or [q]})
    first = int(start[11:13]) * 60 + int(start[14:16])

    def clock(minutes: float) -> str:
        at = round(first + minutes) % 1440
        return f"{at // 60:02d}:{at % 60:02d}"

    found: dict[str, Any] = {}
    for i in range(dice.one(1, 2, 2, 3, 4)):
        mine = skills if i == 0 else dice.random.sample(skills, dice.random.randint(1, len(skills)))
        group: dict[str, Any] = {"skills": {s: dice.one(1, 1, 2, 3) for s in mine} if dice.may(0.7) else list(mine)}
        span = hours * 60
        if dice.may(0.3):
            group["agents"] = dice.one(1, 2, 3, [dice.one(0, 1, 2, 3) for _ in range(intervals)])
            number = group["agents"] if isinstance(group["agents"], int) else max(group["agents"])
        else:
            group["shifts"] = []
            for _ in range(dice.one(1, 1, 2, 3)):
                begin = dice.random.randrange(-60, span - 5, 5)
                group["shifts"].append(
                    {
                        "agents": dice.one(1, 1, 2, 3),
                        "from": clock(begin),
                        "to": clock(begin + dice.random.randrange(15, span + 60, 5)),
                    }
                )
                if dice.may(0.2):
                    group["shifts"][-1]["days"] = dice.random.sample(["mon", "tue", "fri", "sat"], 2)
            number = sum(shift["agents"] for shift in group["shifts"])
        if dice.may(0.3):
            group["talk"] = _times(dice, 40, 500, intervals)
        if dice.may(0.3):
            group["speed"] = dice.one(
                1.25,
                0.8,
                2,
                {"uniform": {"low": 0.5, "high": 1.5}},
                [dice.one(0.5, 0.9, 1, 1.3) for _ in range(number)] or 1,
            )
        if dice.may(0.5):
            group["breaks"] = [_break(dice, clock, span) for _ in range(dice.one(1, 1, 2, 3))]
        if dice.may(0.35):
            pauses = {"after_calls": dice.one(0, 1, 1), "length": dice.time(5, 400)}
            group |= {"pauses": pauses} if pauses["after_calls"] else {}
        group["end_of_shift"] = dice.one("finish", "hand_over", "serve_queue")
        found[f"g{i}"] = group
    return found


def _conferences(dice: _Dice, queues: list[str], stated: dict[str, Any]) -> None:
    """Agents of some queues ask a colleague."""
    for queue in queues:
        if dice.may(0.15):
            stated.setdefault(queue, {})["conference"] = {
                "with": dice.one(*queues),
                "share": dice.one(0, 1, 1, 1),
                "talk": dice.time(5, 200),
                "give_up": dice.s(5, 300),
            }


def _chats(
    dice: _Dice, groups: dict[str, Any], queues: list[str], flow_queues: dict[str, Any], stated: dict[str, Any]
) -> None:
    """On some days, groups that neither dial nor are asked into talks have several chats at once."""
    if not dice.may(0.3):
        return
    asked = {q for name, of in stated.items() if "conference" in of for q in (name, of["conference"]["with"])}
    for group in groups.values():
        served = [q for q in queues if all(s in group["skills"] for s in flow_queues[q].get("skills") or [q])]
        if "outbound" in group or asked & set(served) or not served or dice.may(0.3):
            continue
        at_once = dice.one(1, 2, 3, 4)
        slower = [1.0]
        for _ in range(at_once - 1):
            slower.append(slower[-1] + dice.one(0, 0.1, 0.25, 0.37, 0.5))
        group["chats"] = {"at_once": at_once, "slower": slower}
        if dice.may(0.5):
            group["chats"]["queues"] = dice.random.sample(served, dice.random.randint(1, len(served)))


def _outbound(dice: _Dice, groups: dict[str, Any]) -> None:
    """Some groups dial when nobody waits."""
    for group in groups.values():
        if dice.may(0.2):
            work: dict[str, Any] = {
                "ring": {"constant": dice.s(5, 30)},
                "answered": dice.one(0, 1, 1),
                "talk": dice.time(20, 400),
                "keep_idle": dice.one(0, 0, 1),
            }
            if dice.may(0.5):
                work["calls"] = dice.one(1, 3, 10)
            if dice.may(0.5):
                work["after_call_work"] = dice.time(1, 60)
            group["outbound"] = work


def _break(dice: _Dice, clock: Any, span: int) -> dict[str, Any]:
    if dice.may(0.5):
        return {"length": dice.s(60, 1500), "after": dice.s(120, 3600), "spread": dice.s(30, 1800)}
    begin, length = dice.random.randrange(-10, span, 5), dice.random.randrange(5, 60, 5)
    stated = {"from": clock(begin), "to": clock(begin + length)}
    return {**stated, "length": dice.s(60, length * 60)} if dice.may(0.5) else stated


def _routing(dice: _Dice, flow_queues: dict[str, Any], queues: list[str], groups: dict[str, Any]) -> Any:
    policy = dice.one("single_queue", "longest_wait", "skill_priority", "specialists_first")
    if dice.may(0.2):
        return policy
    found: dict[str, Any] = {"policy": policy}
    served = [
        (q, g)
        for q in queues
        for g in groups
        if all(s in groups[g]["skills"] for s in flow_queues[q].get("skills") or [q])
    ]

    def some(chance: float, value: Any) -> dict[str, Any]:
        cells: dict[str, Any] = {}
        for q, g in served:
            if dice.may(chance):
                cells.setdefault(q, {})[g] = value()
        return cells

    for name, chance, value in (
        ("rank", 0.15, lambda: dice.one(0, 1, 2, "never")),
        ("pull", 0.15, lambda: dice.one(0, 1, 2)),
        ("after", 0.25, lambda: dice.s(10, 200)),
    ):
        if cells := some(chance, value):
            found[name] = cells
    for name, value in (("priority", lambda: dice.one(-1, 1, 3)), ("weight_per_s", lambda: dice.one(0.01, 0.05))):
        if stated := {q: value() for q in queues if dice.may(0.2)}:
            found[name] = stated
    if stated := {g: dice.one(1, 1, 2) for g in groups if dice.may(0.3)}:
        found["keep_idle"] = stated
    own = {
        g: dice.random.sample(may, dice.random.randint(1, len(may)))
        for g in groups
        if dice.may(0.15) and (may := [q for q, h in served if h == g])
    }
    if own:
        found["own"] = own
    if stated := {q: "time_in_system" for q in queues if dice.may(0.2)}:
        found["order"] = dice.one(stated, stated, "time_in_system")
    choices = ("longest_idle", "fewest_calls", "least_occupied")
    found["choice"] = dice.one(*choices) if dice.may(0.8) else {g: dice.one(*choices) for g in groups}
    return found
