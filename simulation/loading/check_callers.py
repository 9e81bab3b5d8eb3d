"""Checks that the callers of a scenario fit its flow: intents and behaviour."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from flows.nodes.base import Here
from flows.nodes.play import Play
from flows.nodes.queue import Queue
from flows.nodes.split import Split
from flows.protocol.actions import EFFECTS, Action
from flows.source.document import Path
from simulation.loading.check_intents import gives_up, values_fit
from simulation.loading.checks import Checks
from simulation.scenario.callers import HUNG_UP, Behaviour, Intent
from simulation.workload.build_queue_rules import announcing

__all__ = ["CallerChecks"]

_NO_DWELL = ("queue", "hangup")
_GOALS = ("queue", "play", "dial", "voicemail", "callback", "appointment", "message", "pay", "hangup")


class CallerChecks(Checks):
    """Findings about who calls, family by family."""

    def intents(self) -> None:
        """Check shares and goals of intents."""
        nodes = self.flow.nodes
        self._shares()
        for name, intent in self.scenario.intents.items():
            gives_up(self, name, intent)
            self._splits_and_lookups(intent, ("intents", name))
            values_fit(self, name, intent)
            for i, goal in enumerate(intent.goal):
                path = ("intents", name, "goal", i)
                if self.unknown("node", goal, nodes, path, of_key=False):
                    continue
                node = nodes[goal]
                if node.type not in _GOALS or (isinstance(node, Play) and not node.serves):
                    self.add(
                        "X001",
                        f"{goal!r} cannot be a goal: it is a {node.type} node",
                        path,
                        hint=(
                            "name a queue, a play with 'serves: true', a dial, voicemail, callback, message, pay or"
                            " hangup node"
                        ),
                    )

    @cached_property
    def _served(self) -> list[str]:
        """The nodes that wait for a service."""
        return [name for name in self.flow.nodes if any(isinstance(last, EFFECTS) for last in self._awaited(name))]

    def _splits_and_lookups(self, of: Intent | Behaviour, path: Path) -> None:
        nodes = self.flow.nodes
        splits = [name for name, node in nodes.items() if isinstance(node, Split)]
        self._stated("splits", "split node", of.splits, splits, path)
        self._stated("lookups", "lookup, message or callback node", of.lookups, self._served, path)

    def _shares(self) -> None:
        """Check that every intent has a share, and that shares sum to 1 in every interval."""
        intents, before = self.scenario.intents, len(self.found)
        for name, intent in intents.items():
            path = ("intents", name, "share")
            if intent.share:
                self.fits_intervals(f"share of {name}", len(intent.share), path)
            else:
                self.add(
                    "F002",
                    f"'share' of {name!r} is missing",
                    ("intents", name),
                    hint="add 'share: 30%', or its calls under arrivals: {calls: {INTENT: [...]}}",
                )
        if len(self.found) > before:
            return
        if all(len(intent.share) == 1 for intent in intents.values()):
            self.sums_to_one("intents", {name: of.share[0] for name, of in intents.items()}, ("intents",))
            return
        spread = {name: self.scenario.spread(of.share) for name, of in intents.items()}
        for i, label in zip(range(self.scenario.intervals), self.scenario.labels_of_all, strict=False):
            if not self.sums_to_one(f"intents from {label} on", {k: v[i] for k, v in spread.items()}, ("intents",)):
                return

    def behaviour(self) -> None:
        """Check languages, splits, lookups, single nodes, keys while waiting and reactions to announcements."""
        behaviour = self.scenario.behaviour
        if behaviour.languages:
            for tag in behaviour.languages:
                self.unknown("language", tag, self.flow.languages, ("behaviour", "languages", tag))
            self.sums_to_one("languages", behaviour.languages, ("behaviour", "languages"))
        self._splits_and_lookups(behaviour, ("behaviour",))
        self._nodes()
        self._keys_while_waiting()
        if behaviour.told and not announcing(self.flow):
            self.add(
                "X001",
                "no caller of this flow is told an expected wait",
                ("behaviour", "told"),
                of_key=True,
                hint="write announce: {expected_wait: true} at a queue node of the flow",
            )

    def _stated(
        self, family: str, what: str, stated: Mapping[str, Mapping[str, float]], known: list[str], within: Path
    ) -> None:
        """Check that shares of outcomes are stated for nodes of the right type."""
        for name, shares in stated.items():
            path = (*within, family, name)
            if not self.unknown(what, name, known, path):
                self._outcomes(name, shares, path)

    def _nodes(self) -> None:
        nodes = self.flow.nodes
        for name, stated in self.scenario.behaviour.nodes.items():
            path = ("behaviour", "nodes", name)
            if self.unknown("node", name, nodes, path):
                continue
            if stated.shares:
                self._outcomes(name, stated.shares, (*path, "shares"))
            if stated.dwell is not None and nodes[name].type in _NO_DWELL:
                self.add(
                    "X005",
                    f"{name!r} is a {nodes[name].type} node; its time cannot be stated",
                    (*path, "dwell"),
                    of_key=True,
                    hint="remove dwell; waits follow from agents, talk and patience, and a goodbye is heard",
                )

    def _keys_while_waiting(self) -> None:
        queues = {name: node for name, node in self.flow.nodes.items() if isinstance(node, Queue)}
        for name, keys in self.scenario.behaviour.while_waiting.items():
            path = ("behaviour", "while_waiting", name)
            for key in keys if not self.unknown("queue node", name, queues, path) else ():
                known = queues[name].while_waiting
                if key not in known:
                    hint = (
                        f"it offers {', '.join(known)}" if known else "write while_waiting: {1: NODE} in the flow first"
                    )
                    self.add("X001", f"{name!r} does not offer key {key} to waiting callers", (*path, key), hint=hint)

    def _outcomes(self, name: str, shares: Mapping[str, float], path: Path) -> None:
        node, here = self.flow.nodes[name], Here(self.flow, name, self.flow.languages[0])
        parts = [node.outcomes(replace(here, phase=phase)) for phase in node.phases()]
        known = dict.fromkeys([*(label for part in parts for label in part), HUNG_UP])
        wrong = [self.unknown(f"outcome of {name!r}", label, known, (*path, label)) for label in shares]
        for part in parts if not any(wrong) else ():
            stated = {
                label: share
                for label, share in shares.items()
                if label in part or (label == HUNG_UP and len(parts) == 1)
            }
            if stated:
                self.sums_to_one(f"{name!r}", stated, path)

    def _awaited(self, name: str) -> list[Action]:
        """What each part of a node's dialogue waits for."""
        node, here = self.flow.nodes[name], Here(self.flow, name, self.flow.languages[0], values=None)
        return [action for phase in node.phases() for action in node.enter(replace(here, phase=phase))[-1:]]
