"""Whether a scenario's floor fits its flow: queues, groups, lists as long as the day, routing."""

from __future__ import annotations

import math

from flows.source.document import Path
from ivr.routing import CHOICES, RoutingError, policies
from simulation.loading.checks import Checks
from simulation.scenario.routing import group_specs, queue_specs, routing_table
from simulation.workload.build_staff_table import build_staff_table, speeds

__all__ = ["FloorChecks"]

LEAST_SPEED = 0.05
"""Slower than this, a call of a few minutes lasts for hours."""
MAX_AGENTS = 10_000


class FloorChecks(Checks):
    """Findings about who answers, family by family."""

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
                why = (
                    f"no group has the skill {lacking[0]!r}"
                    if lacking
                    else f"no group has all of {', '.join(queue.skills)}"
                )
                self.add(
                    "X004",
                    f"nobody serves the queue {queue.name!r}: {why}",
                    ("groups",),
                    of_key=True,
                    hint=f"add {queue.skills[0]!r} to the skills of a group",
                )
        self._transfers([q.name for q in specs])
        self._room()
        for name in scenario.groups:
            self._agents(name)
        silent = [
            queue.name
            for queue in specs
            if not all(scenario.talk_of(queue.name, group.name) for group in groups if group.level(queue) is not None)
        ]
        if silent:
            self.add(
                "X005",
                f"no talk time is stated for {', '.join(silent)}",
                (),
                hint="write talk: {lognormal: {mean: 4m, cv: 0.8}} at the top for all queues, or under queues:",
            )

    def _room(self) -> None:
        """Whoever finds a queue full has a way on in the flow; the scenario may state room for a queue that the flow
        gives none.
        """
        for name, times in self.scenario.queues.items():
            lost = [
                at
                for at, node in self.flow.nodes.items()
                if node.type == "queue" and node.queue == name and "full" not in node.on
            ]
            if times.max_calls is not None and lost:
                self.note(
                    "X012",
                    f"callers who find {name!r} full have no way on at {', '.join(lost)}: they go where 0 leads, or the"
                    " call fails",
                    ("queues", name, "max_calls"),
                    hint=f"lead them on in the flow, at {lost[0]}: on: {{full: NODE}}",
                )

    def _transfers(self, queues: list[str]) -> None:
        """Transfers lead to other queues, and nobody is transferred in a circle for ever."""
        before = len(self.found)
        sure: dict[str, str] = {}
        for name, times in self.scenario.queues.items():
            for i, transfer in enumerate(times.transfer):
                as_list = ("queues", name, "transfer", i) in self.document.marks
                path: Path = ("queues", name, "transfer", *((i,) if as_list else ()), "to")
                if not self.unknown("queue", transfer.to, queues, path, of_key=False) and transfer.to == name:
                    self.add("X005", f"{name!r} transfers callers to itself", path, hint="name another queue")
            if math.fsum(transfer.share for transfer in times.transfer) > 1 - 1e-9:
                sure[name] = times.transfer[0].to
        for name in sure if len(self.found) == before else ():
            way = [name]
            while way[-1] in sure and sure[way[-1]] not in way:
                way.append(sure[way[-1]])
            if sure.get(way[-1]) == name:
                self.add(
                    "X005",
                    f"everybody is transferred in a circle: {' > '.join([*way, name])}",
                    ("queues", name, "transfer"),
                    of_key=True,
                    hint="let a share of the callers of one of them be done after the talk",
                )
                return

    def _agents(self, name: str) -> None:
        group = self.scenario.groups[name]
        wanted = sum(shift.agents for shift in group.shifts) or max(group.agents, default=0)
        slowest = min(speeds(group, min(wanted, MAX_AGENTS)), default=1.0)
        if slowest < LEAST_SPEED:
            self.add(
                "X005",
                f"the slowest agent of {name} works at a speed of {slowest:.2g}",
                ("groups", name, "speed"),
                hint="choose a distribution that keeps away from 0, such as {uniform: {low: 0.8, high: 1.2}}",
            )
        if isinstance(group.speed, tuple):
            if len(group.speed) != wanted:
                self.add(
                    "X003",
                    f"{name} has {len(group.speed)} speeds and {wanted} agents",
                    ("groups", name, "speed"),
                    hint="give one for each agent, or a distribution over them",
                )
            elif self.scenario.staff_factor != 1:
                self.add(
                    "X005",
                    "speeds are stated agent by agent and staff_factor changes how many there are",
                    ("groups", name, "speed"),
                    hint="state a distribution, or leave out staff_factor",
                )

    def staffed(self) -> None:
        """Somebody who may serve a queue works at some time."""
        staff = build_staff_table(self.scenario)
        on_duty = {staff.groups[code] for code in staff.group.tolist()}
        if not on_duty:
            self.add(
                "X004",
                "no agent is on duty at any time of the horizon",
                ("groups",),
                of_key=True,
                hint="check agents, shifts and their days, breaks, and staff_factor",
            )
            return
        groups = [group for group in group_specs(self.scenario) if group.name in on_duty]
        for queue in queue_specs(self.flow):
            if all(group.level(queue) is None for group in groups):
                able = [group.name for group in group_specs(self.scenario) if group.level(queue) is not None]
                self.add(
                    "X004",
                    f"nobody who serves the queue {queue.name!r} is on duty at any time of the horizon",
                    ("groups", able[0]),
                    of_key=True,
                    hint=f"give {' or '.join(able)} agents, or the skill to others",
                )

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
        self.unknown(
            "routing policy",
            routing.policy,
            policies(),
            ("routing", "policy") if ("routing", "policy") in self.document.marks else ("routing",),
            of_key=False,
        )
        for name in ("rank", "pull", "after"):
            for queue, row in getattr(routing, name).items():
                self.unknown("queue", queue, queues, ("routing", name, queue))
                for group in row:
                    self.unknown("group", group, groups, ("routing", name, queue, group))
        for name, known, what in (
            ("priority", queues, "queue"),
            ("weight_per_s", queues, "queue"),
            ("keep_idle", groups, "group"),
            ("own", groups, "group"),
        ):
            for key in getattr(routing, name):
                self.unknown(what, key, known, ("routing", name, key))
        for group, own in routing.own.items():
            for i, queue in enumerate(own):
                self.unknown("queue", queue, queues, ("routing", "own", group, i), of_key=False)
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
