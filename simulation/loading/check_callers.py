"""Checks that the callers of a scenario fit its flow: arrivals, intents and behaviour."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path as FilePath

import numpy as np

from flows.nodes.base import Here
from flows.nodes.play import Play
from flows.nodes.queue import Queue
from flows.nodes.split import Split
from flows.protocol.actions import EFFECTS, Action
from flows.source.counted import counted
from flows.source.document import Path, nearest
from flows.source.finding import ScenarioError
from simulation.loading.checks import Checks
from simulation.scenario.callers import HUNG_UP
from simulation.workload.arrivals.trace import Trace
from simulation.workload.build_arrivals import read_counts, read_trace, surge_at_us
from simulation.workload.build_queue_rules import announcing
from simulation.workload.busy_days import correlations

__all__ = ["CallerChecks"]

MAX_CALLS = 5_000_000
_NO_DWELL = ("queue", "hangup")
_GOALS = ("queue", "play", "dial", "voicemail", "callback", "message", "hangup")


def _about(calls: float) -> str:
    return f"{calls:,.0f}" if calls < 1e15 else f"{calls:.3g}"


class CallerChecks(Checks):
    """Findings about who calls, family by family."""

    def arrivals(self) -> None:
        """Check rates, files of calls, weekdays, surges and busyness."""
        arrivals, expected = self.scenario.arrivals, 0.0
        for name in ("per_hour", "calls"):
            rates = getattr(arrivals, name)
            for i, rate in enumerate(rates):
                if not 0 <= rate < math.inf:
                    path = ("arrivals", name, i)
                    self.add(
                        "X005",
                        f"{name} is {rate:g}; a rate of calls is 0 or more",
                        path,
                        hint="write 0 where nobody calls",
                    )
            if arrivals.kind == "per_interval" and rates:
                self.fits_intervals(f"arrivals.{name}", len(rates), ("arrivals", name), one_for_all=False)
            hours = self.scenario.horizon_us / 1e6 if arrivals.kind == "constant" else self.scenario.interval
            expected += math.fsum(rates) * (hours / 3600 if name == "per_hour" else 1)
            if len(rates) == self.scenario.intervals_a_day and arrivals.kind == "per_interval":
                expected *= self.scenario.intervals / len(rates)
        if arrivals.kind in ("csv", "trace"):
            expected += self._file()
        self._weekdays_and_surges()
        self._busyness()
        expected = expected * max([1.0, *arrivals.weekdays.values()]) + math.fsum(
            surge.calls for surge in arrivals.surges
        )
        if expected > MAX_CALLS:
            self.add(
                "X005",
                f"{_about(expected)} calls a replication are more than {MAX_CALLS:,}",
                ("arrivals",),
                hint="simulate a shorter horizon",
            )

    def _file(self) -> float:
        """Expected calls from the file of arrivals."""
        scenario, arrivals = self.scenario, self.scenario.arrivals
        folder = FilePath(self.document.file).parent
        try:
            if arrivals.kind == "trace":
                return self._trace(read_trace(scenario, folder))
            rates = read_counts(scenario, folder).process.per_hour
        except ScenarioError as error:
            inside = [f for f in error.findings if f.line or (folder / arrivals.file).exists()]
            self.found.extend(inside)
            if not inside:
                self.add(
                    "X001",
                    f"{arrivals.file!r} cannot be read",
                    ("arrivals", "file"),
                    hint=f"the path is relative to {self.document.file}",
                )
            return 0.0
        self.fits_intervals(f"{arrivals.file}", len(rates), ("arrivals", "file"), one_for_all=False)
        return math.fsum(rates) * scenario.interval / 3600

    def _trace(self, trace: Trace) -> float:
        horizon_us, file, clock = self.scenario.horizon_us, self.scenario.arrivals.file, self.scenario.clock
        calls, all_calls = trace.expected_calls(horizon_us), len(trace.arrived_us)
        if not calls and all_calls:
            self.add(
                "X005",
                f"no call of {file!r} arrives within the horizon; "
                f"the first is at {clock.moment(trace.arrived_us[0]):%Y-%m-%d %H:%M}",
                ("arrivals", "file"),
                hint="let start and zone be those of the first call"
                + (", or write shift: to_start" if FilePath(trace.file).is_dir() else ""),
            )
        elif calls < all_calls:
            before, after = trace.outside(horizon_us)
            self.note(
                "X011",
                f"in {file!r} {counted(before + after, 'call is', 'calls are')} left out of {all_calls:,}:"
                f" {before:,} before the horizon, {after:,} after it",
                ("arrivals", "file"),
                hint="let start and horizon hold them all",
            )
        if trace.later_attempts:
            self.note(
                "X011",
                f"in {file!r} {counted(trace.later_attempts, 'call is', 'calls are')} left out: second or later"
                " attempts",
                ("arrivals", "file"),
                hint="state behaviour: {retry: ...} for callers who call again",
            )
        self._stamps(trace)
        for name in sorted(set(trace.wanted(horizon_us)) - {"", *self.scenario.intents}):
            near = nearest(name, list(self.scenario.intents))
            hint = f"did you mean {near!r}?" if near else "name it under intents, with its goal"
            self.add(
                "X001",
                f"callers of {self.scenario.arrivals.file!r} want {name!r}, which is not an intent of the scenario",
                ("arrivals", "file"),
                hint=hint,
            )
        return calls

    def _stamps(self, trace: Trace) -> None:
        """Report time stamps of a trace that do not name exactly one moment."""
        stamps, file = trace.stamps, self.scenario.arrivals.file
        hint = "write moments with their offset, like 2026-11-01 01:30-05:00"
        if stamps.twice:
            taken = "rows after the step back are the second" if stamps.ordered else "each is taken for the first"
            self.note(
                "X010",
                f"in {file!r} {counted(stamps.twice, 'call has a time', 'calls have times')} that the clock shows twice"
                f", from line {stamps.line}; {taken}",
                ("arrivals", "file"),
                hint=hint,
            )
        if stamps.skipped:
            self.note(
                "X010",
                f"in {file!r} {counted(stamps.skipped, 'call has a time', 'calls have times')} that the clock skips"
                f", from line {stamps.line}; each is taken for the moment at which clocks go forward",
                ("arrivals", "file"),
                hint=hint,
            )

    def _weekdays_and_surges(self) -> None:
        scenario = self.scenario
        for i, surge in enumerate(scenario.arrivals.surges):
            path: Path = ("arrivals", "surges", i)
            at_s = surge_at_us(scenario, surge) / 1e6
            if not 0 <= at_s < scenario.horizon_us / 1e6:
                end = scenario.clock.moment(scenario.horizon_us)
                self.add(
                    "X005",
                    "the surge begins outside the horizon",
                    (*path, "at"),
                    hint=f"choose a moment from {scenario.start:%Y-%m-%d %H:%M} to before {end:%Y-%m-%d %H:%M}",
                )
            for name in surge.intents:
                self.unknown("intent", name, scenario.intents, (*path, "intents", name))
            if surge.intents:
                self.sums_to_one("the surge's intents", surge.intents, (*path, "intents"))

    def _busyness(self) -> None:
        busyness, intents = self.scenario.arrivals.busyness, self.scenario.intents
        if busyness is None:
            return
        path: Path = ("arrivals", "busyness")
        before = len(self.found)
        for name in busyness.gamma if isinstance(busyness.gamma, dict) else ():
            self.unknown("intent", name, intents, (*path, "gamma", name))
        if isinstance(busyness.correlation, dict):
            for one, row in busyness.correlation.items():
                self.unknown("intent", one, intents, (*path, "correlation", one))
                for other in row:
                    self.unknown("intent", other, intents, (*path, "correlation", one, other))
                    if one == other:
                        self.add(
                            "X005",
                            f"{one!r} is correlated with itself",
                            (*path, "correlation", one, other),
                            of_key=True,
                            hint="name two different intents",
                        )
        if busyness.correlation is None or len(self.found) > before:
            return
        lowest = float(np.linalg.eigvalsh(correlations(busyness.correlation, tuple(intents))).min())
        if lowest < -1e-9:
            self.add(
                "X005",
                "days cannot be correlated like this: the matrix of correlations is not positive semidefinite",
                (*path, "correlation"),
                hint="weaken the correlations that pull apart; one for all pairs of k intents is at least -1/(k-1)",
            )

    def intents(self) -> None:
        """Check shares and goals of intents."""
        nodes = self.flow.nodes
        self._shares()
        for name, intent in self.scenario.intents.items():
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
                            "name a queue, a play with 'serves: true', a dial, voicemail, callback, message or hangup"
                            " node"
                        ),
                    )

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
        behaviour, nodes = self.scenario.behaviour, self.flow.nodes
        if behaviour.languages:
            for tag in behaviour.languages:
                self.unknown("language", tag, self.flow.languages, ("behaviour", "languages", tag))
            self.sums_to_one("languages", behaviour.languages, ("behaviour", "languages"))
        splits = [name for name, node in nodes.items() if isinstance(node, Split)]
        self._stated("splits", "split node", behaviour.splits, splits)
        served = [
            name for name, node in nodes.items() if any(isinstance(last, EFFECTS) for last in self._awaited(name))
        ]
        self._stated("lookups", "lookup, message or callback node", behaviour.lookups, served)
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

    def _stated(self, family: str, what: str, stated: Mapping[str, Mapping[str, float]], known: list[str]) -> None:
        """Check that shares of outcomes are stated for nodes of the right type."""
        for name, shares in stated.items():
            path = ("behaviour", family, name)
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
