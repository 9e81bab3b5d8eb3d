"""The path of a caller through the nodes of a flow, from the words of docs/engines.md and docs/seconds.md.

Nothing is left to chance: shares are 0 or 1, times are constant, everyone keys ahead.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import ceil
from typing import Any

US = 1_000_000
GAP_S = 0.5
EMPTY_MESSAGE_S = 5.0


def seconds(value: Any) -> float:
    """A time as these days write it: ``"12.5s"`` or a number of seconds."""
    return float(str(value).removesuffix("s"))


def us(value: float) -> int:
    """Seconds as whole microseconds, half to even."""
    return round(value * US)


@dataclass(frozen=True)
class Leg:
    """One queue that a call joins, and the state of the call by then."""

    node: str
    own: str
    """The node the caller reached without being passed on: its exit `answered` applies."""
    urgency: float
    number: int
    settled: str | None = None
    unsettled: str | None = None


@dataclass(frozen=True)
class Way:
    """Time on the line, then a queue or an end."""

    delay_us: int
    keys: int
    leg: Leg | None = None
    ending: str | None = None


class Walks:
    """Paths through one flow under one scenario."""

    def __init__(self, flow: dict, scenario: dict):
        self.flow, self.scenario = flow, scenario
        self.nodes: dict[str, dict] = flow["nodes"]
        self.behaviour: dict = scenario.get("behaviour", {})

    def menu(self, intent: str) -> Way:
        """From the arrival on."""
        return self._walk(self.flow["start"], intent, Leg("", "", 0, 0))

    def limit_us(self, leg: Leg) -> tuple[int | None, str]:
        """The longest wait at a node and the exit after it."""
        node, exits = self.nodes[leg.node], []
        if "max_wait" in node:
            exits.append((us(seconds(node["max_wait"])), "timeout"))
        for key, use in self.behaviour.get("while_waiting", {}).get(leg.node, {}).items():
            if use["share"] == 1:
                exits.append((us(seconds(use["after"]["constant"])), key))
        first = min(exits, key=lambda e: e[0], default=(None, ""))  # of equals max_wait, which comes first
        if first[0] is not None and leg.number == 6 and self.after(leg, first[1], "").leg:
            return None, ""
        return first

    def after(self, leg: Leg, exit_: str, intent: str) -> Way:
        """What follows when a call leaves a queue node by timeout, full or a key."""
        node = self.nodes[leg.node]
        keys = 0 if exit_ in ("timeout", "full") else 1
        target = node["on"][exit_] if not keys else node["while_waiting"][exit_]
        way = self._walk(target, intent, replace(leg, unsettled="turned_away"))
        return replace(way, keys=way.keys + keys)

    def full(self, leg: Leg, intent: str) -> Way:
        """What follows when a queue is full."""
        way = self.after(leg, "full", intent)
        return replace(way, leg=None, ending="failed") if way.leg and leg.number == 6 else way

    def talk(self, leg: Leg, intent: str) -> Way:
        """What follows the talk."""
        served = replace(leg, settled="handled", unsettled=None)
        queue = self.nodes[leg.node]["queue"]
        for passed in self.scenario.get("queues", {}).get(queue, {}).get("transfer", []):
            if passed["share"] == 1 and leg.number < 6:
                first = next(
                    name
                    for name, node in self.nodes.items()
                    if node["type"] == "queue" and node["queue"] == passed["to"]
                )
                return Way(0, 0, replace(served, node=first, number=leg.number + 1))
        target = self.nodes[leg.own].get("on", {}).get("answered")
        if target is None:
            return Way(0, 0, ending="handled")
        way = self._walk(target, intent, served)
        return replace(way, leg=None, ending="handled") if way.leg is None or leg.number == 6 else way

    def _walk(self, name: str, intent: str, leg: Leg) -> Way:  # noqa: C901 - every kind of node, told once more
        took_s, keys = 0.0, 0
        while True:
            node = self.nodes[name]
            kind = node["type"]
            at_node = self.behaviour.get("nodes", {}).get(name, {})
            said_s = seconds(node["say"]["seconds"]) if "say" in node else 0.0
            following: str | None = node.get("next")
            dwell_s: float | None = None
            if "dwell" in at_node:
                dwell_s = seconds(at_node["dwell"]["constant"])
            if kind == "queue":
                urgency = node.get("urgency", 0) + self.scenario["intents"][intent].get("urgency", 0) if intent else 0
                joined = replace(leg, node=name, own=name, urgency=urgency, number=leg.number + 1)
                return Way(us(took_s + said_s), keys, joined)
            if kind == "hangup":
                return Way(
                    us(took_s + said_s), keys, ending=node.get("outcome") or leg.settled or leg.unsettled or "contained"
                )
            spent_s = said_s
            if kind == "play":
                if node.get("serves"):
                    leg = replace(leg, settled="contained")
                    if intent and self.scenario["intents"][intent]["goal"] == name:
                        following = None  # callers who have what they called for hang up at once
            elif kind == "menu":
                keys += 1
                spent_s = seconds(self.behaviour["reaction"]["constant"]) + GAP_S
                following = self._chosen(node, at_node, intent)
            elif kind == "voicemail":
                if self.behaviour["leave_message"] == 1:
                    leg = replace(leg, settled="voicemail")
                    spent_s += seconds(self.behaviour["message"]["constant"])
                else:
                    leg = replace(leg, unsettled="abandoned_in_menu")
                    spent_s += EMPTY_MESSAGE_S
                    following = node.get("otherwise", following)
            elif kind == "dial":
                if at_node["shares"].get("answered") == 1:
                    spent_s += min(seconds(self.behaviour["ring"]["constant"]), ceil(seconds(node["timeout"])))
                    leg, following = replace(leg, settled="transferred_out"), None
                else:
                    spent_s += ceil(seconds(node["timeout"]))  # carriers keep whole seconds
                    leg, following = replace(leg, unsettled="turned_away"), node["otherwise"]
            elif kind == "callback":
                keys += 1
                leg, following = replace(leg, settled="callback"), node["on"]["booked"]
            took_s += spent_s if dwell_s is None else dwell_s
            if following is None:
                return Way(us(took_s), keys, ending=leg.settled or leg.unsettled or "contained")
            name = following

    def _chosen(self, node: dict, at_node: dict, intent: str) -> str:
        stated = [key for key, share in at_node.get("shares", {}).items() if share == 1]
        by_key = {str(choice["key"]): choice["next"] for choice in node["choices"]}
        if stated:
            return by_key[stated[0]]
        goal = self.scenario["intents"][intent]["goal"]
        return next(target for target in by_key.values() if target == goal)
