"""Checks that the queues, agent groups and lists of a scenario fit its flow."""

from __future__ import annotations

import math

from flows.nodes.queue import Queue
from flows.source.counted import counted
from flows.source.document import Path, value_at
from ivr.answering.check_routing import check_served, check_skills
from ivr.answering.routing import queue_specs
from ivr.routing import GroupSpec, QueueSpec, RoutingTable
from simulation.loading.checks import Checks
from simulation.scenario.duty import Break
from simulation.scenario.routing import group_specs, routing_table
from simulation.workload.build_staff_table import build_staff_table, speeds

__all__ = ["FloorChecks"]

LEAST_SPEED = 0.05
"""At a lower speed, a call of a few minutes takes hours."""
LEAST_OUTBOUND_S = 1.0
"""An agent who dials on and on in no time would never be done."""
MAX_AGENTS = 10_000
_HALF_A_DAY = 720


class FloorChecks(Checks):
    """Findings about who answers, family by family."""

    def queues(self) -> None:
        """Check queues and the groups that serve them."""
        scenario = self.scenario
        specs, groups = queue_specs(self.flow), group_specs(scenario)
        for name, times in scenario.queues.items():
            self.unknown("queue", name, (q.name for q in specs), ("queues", name))
            for group in times.by_group:
                self.unknown("group", group, scenario.groups, ("queues", name, "by_group", group))
            if times.conference:
                path = ("queues", name, "conference", "with")
                self.unknown("queue", times.conference.colleague, (q.name for q in specs), path, of_key=False)
        check_skills(self, specs, groups, lambda group: ("groups", group, "skills"))
        self._transfers([q.name for q in specs])
        self._room()
        for name in scenario.groups:
            self._speeds(name)
            self._breaks(name)
            self._breaks_of_shifts(name)
            self._outbound(name)
            self._chats(name, specs, groups)
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
        """Check for an exit where callers find a queue full, even if only the scenario limits the queue."""
        for name, times in self.scenario.queues.items():
            lost = [
                at
                for at, node in self.flow.nodes.items()
                if isinstance(node, Queue) and node.queue == name and "full" not in node.on
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
        """Check that transfers lead to other queues and never go round in a circle for ever."""
        before = len(self.found)
        always: dict[str, str] = {}
        for name, times in self.scenario.queues.items():
            listed = isinstance(value_at(self.document.data, ("queues", name, "transfer")), list)
            for i, transfer in enumerate(times.transfer):
                path: Path = ("queues", name, "transfer", *((i,) if listed else ()), "to")
                if not self.unknown("queue", transfer.to, queues, path, of_key=False) and transfer.to == name:
                    self.add("X005", f"{name!r} transfers callers to itself", path, hint="name another queue")
            if math.fsum(transfer.share for transfer in times.transfer) > 1 - 1e-9:
                always[name] = times.transfer[0].to
        for name in always if len(self.found) == before else ():
            path_of_queues = [name]
            while path_of_queues[-1] in always and always[path_of_queues[-1]] not in path_of_queues:
                path_of_queues.append(always[path_of_queues[-1]])
            if always.get(path_of_queues[-1]) == name:
                self.add(
                    "X005",
                    f"all callers are transferred in a circle: {' > '.join([*path_of_queues, name])}",
                    ("queues", name, "transfer"),
                    of_key=True,
                    hint="let a share of the callers of one of them be done after the talk",
                )
                return

    def _speeds(self, name: str) -> None:
        group = self.scenario.groups[name]
        wanted = group.most_agents
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
                    f"{name} has {counted(len(group.speed), 'speed')} and {counted(wanted, 'agent')}",
                    ("groups", name, "speed"),
                    hint="give one for each agent, or a distribution over them",
                )
            elif self.scenario.staff_factor != 1:
                self.add(
                    "X005",
                    "speeds are stated agent by agent, and staff_factor changes the number of agents",
                    ("groups", name, "speed"),
                    hint="state a distribution, or leave out staff_factor",
                )

    def _outbound(self, name: str) -> None:
        """Check that somebody can dial, and that a call takes some time."""
        group = self.scenario.groups[name]
        if (work := group.outbound) is None:
            return
        path: Path = ("groups", name, "outbound")
        agents = group.most_agents
        if agents and work.keep_idle >= agents:
            self.add(
                "X005",
                f"nobody in {name} ever dials: {work.keep_idle} of {counted(agents, 'agent')} must stay idle",
                (*path, "keep_idle"),
                hint=f"write keep_idle: {agents - 1}, or less",
            )
        mean_s = work.ring.mean + work.answered * (work.talk.mean + work.after_call_work.mean)
        if mean_s < LEAST_OUTBOUND_S:
            self.add(
                "X005",
                f"an outbound call of {name} takes {mean_s:.3g} s on average, so that calls never end",
                path,
                hint=f"state how long it rings, {LEAST_OUTBOUND_S:g} s or more: ring: {{constant: 15s}}",
            )

    def _chats(self, name: str, specs: tuple[QueueSpec, ...], groups: tuple[GroupSpec, ...]) -> None:
        """Check that a group serves the queues in which it chats, and that nobody asks its agents into a talk."""
        chats = self.scenario.groups[name].chats
        if chats is None:
            return
        [own] = [group for group in groups if group.name == name]
        served = [queue.name for queue in specs if own.level(queue) is not None]
        path: Path = ("groups", name, "chats")
        for i, queue in enumerate(chats.queues):
            self.unknown("queue that the group serves", queue, served, (*path, "queues", i), of_key=False)
        for queue in served:
            stated = self.scenario.queues.get(queue)
            if stated and stated.conference:
                self._no_conference(name, queue, path)
        for times in self.scenario.queues.values():
            if times.conference and times.conference.colleague in served:
                self._no_conference(name, times.conference.colleague, path)

    def _no_conference(self, name: str, queue: str, path: Path) -> None:
        self.add(
            "X005",
            f"{name} chats and serves {queue!r}, whose agents ask or join a colleague: agents who chat take no part in"
            " conferences",
            path,
            of_key=True,
            hint=f"let another group serve {queue!r}, or leave out the conference",
        )

    def _breaks(self, name: str) -> None:
        """Check that a break ends after it begins, and is shorter than half a day if it crosses midnight."""
        for i, pause in enumerate(self.scenario.groups[name].breaks):
            if pause.begin is None or pause.end is None or pause.end > pause.begin:
                continue
            minutes = _minutes(pause)
            if minutes > _HALF_A_DAY:
                self.add(
                    "X005",
                    f"a break of {name} begins at {_clock(pause.begin)} and ends at {_clock(pause.end)}: across"
                    f" midnight it would last {minutes / 60:g} h",
                    ("groups", name, "breaks", i, "to"),
                    hint="write a to that is later than its from; only breaks of less than 12 h may cross midnight",
                )

    def _breaks_of_shifts(self, name: str) -> None:
        """Check that the breaks of a shift lie within it."""
        for i, shift in enumerate(self.scenario.groups[name].shifts):
            length = (shift.end - shift.begin) % 1440 or 1440
            for k, pause in enumerate(shift.breaks):
                begin, end = ((edge or 0) - shift.begin for edge in (pause.begin, pause.end))
                if begin % 1440 + (end - begin) % 1440 > length:
                    self.add(
                        "X005",
                        f"a break from {_clock(pause.begin or 0)} to {_clock(pause.end or 0)} does not lie within its"
                        f" shift of {name}, from {_clock(shift.begin)} to {_clock(shift.end)}",
                        ("groups", name, "shifts", i, "breaks", k, "from"),
                        hint="write a from and a to between those of the shift",
                    )

    def staffed(self) -> None:
        """Check that someone who may serve each queue is on duty at some time; run only when all else is right."""
        table = routing_table(self.scenario, self.flow)
        check_served(self, table)
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
        for queue in table.queues:
            able = _serving(table, queue)
            if able and not on_duty & set(able):
                self.add(
                    "X004",
                    f"nobody who serves the queue {queue!r} is on duty at any time of the horizon",
                    ("groups", able[0]),
                    of_key=True,
                    hint=f"give {' or '.join(able)} agents, or the skill to others",
                )

    def lengths(self) -> None:
        """Check that lists are as long as the day has intervals."""
        scenario = self.scenario
        for what in ("talk", "after_call_work", "patience"):
            if getattr(scenario, what):
                self.fits_intervals(what, len(getattr(scenario, what)), (what,))
            for name, times in scenario.queues.items():
                if getattr(times, what):
                    self.fits_intervals(f"{what} of {name}", len(getattr(times, what)), ("queues", name, what))
        for name, times in scenario.queues.items():
            for by, talk in times.by_group.items():
                self.fits_intervals(f"talk of {name} by {by}", len(talk), ("queues", name, "by_group", by))
        for name, group in scenario.groups.items():
            if group.agents:
                self.fits_intervals(f"agents of {name}", len(group.agents), ("groups", name, "agents"))
            if group.talk:
                self.fits_intervals(f"talk of {name}", len(group.talk), ("groups", name, "talk"))


def _serving(table: RoutingTable, queue: str) -> list[str]:
    """The groups that can ever take calls of a queue."""
    ranks = table.rank[table.queues.index(queue)]
    return [group for group, rank in zip(table.groups, ranks, strict=True) if rank is not None]


def _minutes(pause: Break) -> int:
    """Length of a break by the clock, across midnight if it ends before it begins."""
    return ((pause.end or 0) - (pause.begin or 0)) % 1440


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
