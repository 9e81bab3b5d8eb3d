"""Whether a scenario fits its flow: names that exist, shares that sum to 1, lists as long as the day."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path as FilePath

from flows.document import Document, Path, nearest
from flows.errors import Finding, ScenarioError
from flows.figures import duration
from flows.model import Flow
from flows.nodes.base import Here
from flows.protocol import EFFECTS, Action
from ivr.measure_table import MEASURES
from ivr.routing import CHOICES, RoutingError, policies
from simulation.arrivals import processes
from simulation.plan import group_specs, queue_specs, routing_table
from simulation.scenario import Scenario

__all__ = ["HUNG_UP", "check"]

HUNG_UP = "hung_up"
"""Outcome of a measured node: the caller hangs up there."""
MAX_HORIZON_S = 366 * 86_400
MAX_INTERVALS = 10_000
MAX_CALLS = 5_000_000
_GOALS = ("queue", "play", "dial", "voicemail", "callback", "message", "hangup")


class _Checks:
    """Findings of one scenario, gathered family by family."""

    def __init__(self, scenario: Scenario, flow: Flow, document: Document) -> None:
        self.scenario, self.flow, self.document = scenario, flow, document
        self.found: list[Finding] = []

    def add(self, code: str, message: str, path: Path, *, hint: str = "", of_key: bool = False) -> None:
        self.found.append(self.document.finding(code, message, path, hint=hint, of_key=of_key))

    def unknown(self, what: str, name: str, known: Iterable[str], path: Path, *, of_key: bool = True) -> bool:
        names = list(known)
        if name in names:
            return False
        near = nearest(name, names)
        hint = f"did you mean {near!r}?" if near else f"there are {', '.join(names)}" if names else "there are none"
        self.add("X001", f"there is no {what} {name!r}", path, hint=hint, of_key=of_key)
        return True

    def sums_to_one(self, what: str, shares: Mapping[str, float], path: Path) -> None:
        total = math.fsum(shares.values())
        if abs(total - 1) > 1e-6:
            self.add("X002", f"the shares of {what} sum to {total:.6g}, not to 1", path, of_key=True,
                     hint=f"{'add' if total < 1 else 'take away'} {abs(1 - total):.6g} somewhere")

    def fits_intervals(self, what: str, length: int, path: Path, *, one_for_all: bool = True) -> None:
        intervals = self.scenario.intervals
        if length != intervals and not (one_for_all and length == 1):
            self.add("X003", f"{what} has {length} values; the horizon has {intervals} intervals of "
                             f"{self.scenario.interval / 60:g} min", path, hint=f"give {intervals} values")

    def horizon(self) -> None:
        scenario = self.scenario
        if not 1 <= scenario.horizon <= MAX_HORIZON_S:
            self.add("X005", f"a horizon of {duration(scenario.horizon)} is not between a second and a year", ("horizon",),
                     hint="write for example horizon: 12h; several days are better run as replications")
        elif scenario.interval < 1 or scenario.horizon / max(scenario.interval, 1e-9) > MAX_INTERVALS:
            self.add("X005", f"an interval of {scenario.interval:g} s cuts the horizon into more than {MAX_INTERVALS:,}",
                     ("interval",), hint="write for example interval: 30m")

    def estimation(self) -> None:
        scenario = self.scenario
        if scenario.warm_up >= scenario.horizon:
            self.add("X005", f"a warm-up of {duration(scenario.warm_up)} leaves nothing of a horizon of {duration(scenario.horizon)}",
                     ("warm_up",), hint="write a shorter warm-up or a longer horizon")
        if scenario.precision:
            self.unknown("measure", scenario.precision.measure, MEASURES, ("precision", "measure"), of_key=False)

    def arrivals(self) -> None:
        arrivals, expected = self.scenario.arrivals, 0.0
        for name in ("per_hour", "calls"):
            rates = getattr(arrivals, name)
            for i, rate in enumerate(rates):
                if not 0 <= rate < math.inf:
                    path = ("arrivals", name, i)
                    self.add("X005", f"{name} is {rate:g}; a rate of calls is 0 or more", path, hint="write 0 where nobody calls")
            if arrivals.kind == "per_interval" and rates:
                self.fits_intervals(f"arrivals.{name}", len(rates), ("arrivals", name), one_for_all=False)
            hours = self.scenario.horizon if arrivals.kind == "constant" else self.scenario.interval
            expected += math.fsum(rates) * (hours / 3600 if name == "per_hour" else 1)
        if arrivals.kind == "csv":
            file = FilePath(self.document.file).parent / arrivals.file
            try:
                made = processes()["csv_counts"](file=file, interval_s=self.scenario.interval, column=arrivals.column)
            except ScenarioError as error:
                inside = [f for f in error.findings if f.line]
                self.found.extend(inside)
                if not inside:
                    self.add("X001", f"{arrivals.file!r} cannot be read", ("arrivals", "file"), hint=f"the path is relative to {self.document.file}")
            else:
                rates = made.process.per_hour
                self.fits_intervals(f"{arrivals.file}", len(rates), ("arrivals", "file"), one_for_all=False)
                expected += math.fsum(rates) * self.scenario.interval / 3600
        if expected > MAX_CALLS:
            self.add("X005", f"{expected:,.0f} calls a replication are more than {MAX_CALLS:,}", ("arrivals",),
                     hint="simulate a shorter horizon")

    def intents(self) -> None:
        nodes = self.flow.nodes
        self.sums_to_one("intents", {k: v.share for k, v in self.scenario.intents.items()}, ("intents",))
        for name, intent in self.scenario.intents.items():
            for i, goal in enumerate(intent.goal):
                path = ("intents", name, "goal", i)
                if self.unknown("node", goal, nodes, path, of_key=False):
                    continue
                node = nodes[goal]
                if node.type not in _GOALS or (node.type == "play" and not node.serves):
                    self.add("X001", f"nobody calls for {goal!r}, a {node.type} node", path,
                             hint="name a queue, a play with 'serves: true', a dial, voicemail, callback, message or hangup node")

    def behaviour(self) -> None:
        behaviour, nodes = self.scenario.behaviour, self.flow.nodes
        if behaviour.languages:
            for tag in behaviour.languages:
                self.unknown("language", tag, self.flow.languages, ("behaviour", "languages", tag))
            self.sums_to_one("languages", behaviour.languages, ("behaviour", "languages"))
        splits = [name for name, node in nodes.items() if node.type == "split"]
        for name, shares in behaviour.splits.items():
            path = ("behaviour", "splits", name)
            if not self.unknown("split node", name, splits, path):
                self._outcomes(name, shares, path)
        served = [name for name, node in nodes.items() if any(isinstance(last, EFFECTS) for last in self._awaited(name))]
        for name, shares in behaviour.lookups.items():
            path = ("behaviour", "lookups", name)
            if not self.unknown("lookup, message or callback node", name, served, path):
                self._outcomes(name, shares, path)
        for name, node in behaviour.nodes.items():
            path = ("behaviour", "nodes", name)
            if not self.unknown("node", name, nodes, path) and node.shares:
                self._outcomes(name, node.shares, (*path, "shares"))

    def _outcomes(self, name: str, shares: Mapping[str, float], path: Path) -> None:
        node, here = self.flow.nodes[name], Here(self.flow, name, self.flow.languages[0])
        parts = [node.outcomes(replace(here, phase=phase)) for phase in node.phases()]
        known = dict.fromkeys([*(label for part in parts for label in part), HUNG_UP])
        wrong = [self.unknown(f"outcome of {name!r}", label, known, (*path, label)) for label in shares]
        for part in parts if not any(wrong) else ():
            stated = {label: share for label, share in shares.items() if label in part or (label == HUNG_UP and len(parts) == 1)}
            if stated:
                self.sums_to_one(f"{name!r}", stated, path)

    def _awaited(self, name: str) -> list[Action]:
        """What each part of a node's dialogue waits for."""
        node, here = self.flow.nodes[name], Here(self.flow, name, self.flow.languages[0])
        return [action for phase in node.phases() for action in node.enter(replace(here, phase=phase))[-1:]]

    def queues(self) -> None:
        scenario = self.scenario
        specs, groups = queue_specs(self.flow), group_specs(scenario)
        for name, times in scenario.queues.items():
            self.unknown("queue", name, (q.name for q in specs), ("queues", name))
            for group in times.by_group:
                self.unknown("group", group, scenario.groups, ("queues", name, "by_group", group))
        needed = {skill for queue in specs for skill in queue.skills}
        for group in groups:
            for i, skill in enumerate(group.skills):
                as_list = ("groups", group.name, "skills", i) in self.document.marks
                path = ("groups", group.name, "skills", i if as_list else skill)
                self.unknown("queue that needs the skill", skill, sorted(needed), path)
        for queue in specs:
            if all(group.level(queue) is None for group in groups):
                lacking = [s for s in queue.skills if not any(s in g.skills for g in groups)]
                why = f"no group has the skill {lacking[0]!r}" if lacking else f"no group has all of {', '.join(queue.skills)}"
                self.add("X004", f"nobody serves the queue {queue.name!r}: {why}", ("groups",), of_key=True,
                         hint=f"add {queue.skills[0]!r} to the skills of a group")
        silent = [queue.name for queue in specs if not all(
            scenario.talk_of(queue.name, group.name) for group in groups if group.level(queue) is not None)]
        if silent:
            self.add("X005", f"no talk time is stated for {', '.join(silent)}", (),
                     hint="write talk: {lognormal: {mean: 4m, cv: 0.8}} at the top for all queues, or under queues:")

    def lengths(self) -> None:
        scenario = self.scenario
        for what in ("talk", "after_call_work", "patience"):
            if getattr(scenario, what):
                self.fits_intervals(what, len(getattr(scenario, what)), (what,))
            for name, times in scenario.queues.items():
                if getattr(times, what):
                    self.fits_intervals(f"{what} of {name}", len(getattr(times, what)), ("queues", name, what))
        for name, times in scenario.queues.items():
            for group, talk in times.by_group.items():
                self.fits_intervals(f"talk of {name} by {group}", len(talk), ("queues", name, "by_group", group))
        for name, group in scenario.groups.items():
            if group.agents:
                self.fits_intervals(f"agents of {name}", len(group.agents), ("groups", name, "agents"))
            if group.talk:
                self.fits_intervals(f"talk of {name}", len(group.talk), ("groups", name, "talk"))

    def routing(self) -> None:
        routing, before = self.scenario.routing, len(self.found)
        queues, groups = [q.name for q in queue_specs(self.flow)], self.scenario.groups
        self.unknown("routing policy", routing.policy, policies(),
                     ("routing", "policy") if ("routing", "policy") in self.document.marks else ("routing",), of_key=False)
        for name in ("rank", "pull", "after"):
            for queue, row in getattr(routing, name).items():
                self.unknown("queue", queue, queues, ("routing", name, queue))
                for group in row:
                    self.unknown("group", group, groups, ("routing", name, queue, group))
        for name, known, what in (("priority", queues, "queue"), ("weight_per_s", queues, "queue"), ("keep_idle", groups, "group")):
            for key in getattr(routing, name):
                self.unknown(what, key, known, ("routing", name, key))
        stated = routing.choice if isinstance(routing.choice, dict) else {"": routing.choice}
        for group, choice in stated.items():
            path = ("routing", "choice", group) if group else ("routing", "choice")
            if group:
                self.unknown("group", group, groups, path)
            self.unknown("choice of agents", choice, CHOICES, path, of_key=False)
        if len(self.found) == before:
            try:
                routing_table(self.scenario, self.flow)
            except RoutingError as error:
                for finding in error.findings:
                    self.add("X005", finding.message, ("routing",), hint=finding.hint)


def check(scenario: Scenario, flow: Flow, document: Document) -> tuple[Finding, ...]:
    """What does not fit; empty when the scenario can be simulated.

    Parameters
    ----------
    scenario : Scenario
    flow : Flow
    document : Document
        The scenario as read, for line and column.

    Returns
    -------
    tuple of Finding
        X001 an unknown name, X002 shares that do not sum to 1, X003 a list of the wrong length, X004 a queue nobody
        serves, X005 a value out of range.
    """
    checks = _Checks(scenario, flow, document)
    checks.horizon()
    if checks.found:  # what follows counts intervals
        return tuple(checks.found)
    for part in (checks.estimation, checks.arrivals, checks.intents, checks.behaviour, checks.queues, checks.lengths, checks.routing):
        part()
    return tuple(checks.found)
