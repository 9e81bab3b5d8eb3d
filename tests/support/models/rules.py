"""Routing, times and announcements of queues, from the words of docs/engines.md."""

from __future__ import annotations

from typing import Any

from tests.support.models.clock import Clock
from tests.support.models.walks import seconds, us

Cell = dict[tuple[str, str], Any]


class Rules:
    """What a scenario says about its queues and groups."""

    def __init__(self, flow: dict, scenario: dict):
        self.flow, self.scenario = flow, scenario
        self.stated: dict[str, dict] = scenario.get("queues", {})
        led_to = [node["queue"] for node in flow["nodes"].values() if node["type"] == "queue"]
        self.queues = list(dict.fromkeys([q for q in flow.get("queues", {}) if q in led_to] + led_to))
        self.groups = list(scenario["groups"])
        self.clock = Clock(scenario)
        self._routing()

    def _routing(self) -> None:
        given = self.scenario.get("routing", "longest_wait")
        routing = {"policy": given} if isinstance(given, str) else given
        policy = routing.get("policy", "longest_wait")
        self.rank: Cell = {}
        self.pull: Cell = {}
        self.after: Cell = {}
        self.own: Cell = {}
        for q in self.queues:
            for g in self.groups:
                skills = self.scenario["groups"][g]["skills"]
                levels = skills if isinstance(skills, dict) else dict.fromkeys(skills, 1)
                needed = self.flow.get("queues", {}).get(q, {}).get("skills") or [q]
                level = max(levels[s] for s in needed) if all(s in levels for s in needed) else None
                self.own[q, g] = level
                rank = (
                    level
                    if level is None or policy in ("longest_wait", "skill_priority")
                    else (0 if policy == "single_queue" else len(levels))
                )
                self.rank[q, g] = routing.get("rank", {}).get(q, {}).get(g, rank)
                if self.rank[q, g] == "never":
                    self.rank[q, g] = None
                pull = level if policy == "skill_priority" else 0
                self.pull[q, g] = routing.get("pull", {}).get(q, {}).get(g, pull)
                self.after[q, g] = us(seconds(routing.get("after", {}).get(q, {}).get(g, 0)))
        for g in self.groups:
            served = [self.own[q, g] for q in self.queues if self.rank[q, g] is not None and self.own[q, g] is not None]
            for q in self.queues:
                best = self.rank[q, g] is not None and self.own[q, g] is not None and self.own[q, g] == min(served)
                self.own[q, g] = q in routing["own"][g] if g in routing.get("own", {}) else best
        by_flow = policy in ("skill_priority", "specialists_first")
        self.priority = {
            q: (
                routing.get("priority", {}).get(
                    q, self.flow.get("queues", {}).get(q, {}).get("priority", 0) if by_flow else 0
                )
            )
            for q in self.queues
        }
        self.weight = {q: routing.get("weight_per_s", {}).get(q, 0) for q in self.queues}
        self.keep_idle = {g: routing.get("keep_idle", {}).get(g, 0) for g in self.groups}
        order = routing.get("order", {})
        self.order = {q: order if isinstance(order, str) else order.get(q, "time_in_queue") for q in self.queues}
        choice = routing.get("choice", "longest_idle")
        self.choice = {g: choice if isinstance(choice, str) else choice.get(g, "longest_idle") for g in self.groups}

    def _times(self, stated: Any) -> list[float]:
        return [seconds(one["constant"]) for one in (stated if isinstance(stated, list) else [stated])]

    def talk_s(self, queue: str, group: str) -> list[float]:
        """Talk by interval."""
        q, g = self.stated.get(queue, {}), self.scenario["groups"][group]
        for found in (q.get("by_group", {}).get(group), g.get("talk"), q.get("talk"), self.scenario.get("talk")):
            if found is not None:
                return self._times(found)
        raise AssertionError("no talk")

    def acw_s(self, queue: str) -> list[float]:
        """Wrap-up by interval."""
        return self._times(
            self.stated.get(queue, {}).get("after_call_work", self.scenario.get("after_call_work", {"constant": 0}))
        )

    def at(self, values: list[float], moment_us: int) -> int:
        """The value for the interval of a moment."""
        return us(values[self.clock.of_interval(moment_us, len(values))])

    def patience_us(self, queue: str, moment_us: int) -> int | None:
        """Patience of a caller who arrives at a moment; None for callers who never hang up."""
        stated = self.stated.get(queue, {}).get("patience", self.scenario.get("patience", "never"))
        return None if stated == "never" else self.at(self._times(stated), moment_us)

    def handle_s(self, queue: str, group: str) -> float:
        """Handle time of a group at speed 1."""
        talk, acw = self.talk_s(queue, group), self.acw_s(queue)
        chats = self.scenario["groups"][group].get("chats")
        alone = sum(talk) / len(talk) + sum(acw) / len(acw)
        if chats and queue in chats.get("queues", [queue]):
            return round(us(alone) * chats["slower"][-1] / chats["at_once"]) / 1_000_000
        return alone

    def room(self, queue: str) -> int | None:
        """How many callers may wait."""
        return self.stated.get(queue, {}).get("max_calls", self.flow.get("queues", {}).get(queue, {}).get("max_calls"))

    def announces(self, queue: str) -> bool:
        """Whether one of its nodes announces the expected wait."""
        return any(
            node.get("announce", {}).get("expected_wait")
            for node in self.flow["nodes"].values()
            if node["type"] == "queue" and node["queue"] == queue
        )

    def estimator(self, queue: str) -> str:
        """How its wait is estimated."""
        return self.stated.get(queue, {}).get("expected_wait", self.scenario.get("expected_wait", "queue_length"))

    def told(self, estimate_us: int) -> dict:
        """The step that applies to an announced wait."""
        steps = [
            step
            for step in self.scenario.get("behaviour", {}).get("told", [])
            if us(seconds(step["above"])) <= estimate_us
        ]
        return steps[-1] if steps else {}
