"""From a scenario to what engines read of the floor: queues, agents' shifts, and the routing table."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from zoneinfo import ZoneInfo

import numpy as np

from flows.model import Flow
from ivr.routing import GroupSpec, QueueSpec, RoutingTable, policies
from simulation.scenario import Group, Scenario
from simulation.tables import StaffTable

__all__ = ["group_specs", "queue_specs", "routing_table", "staff_table", "starts_at", "zone_of"]

US = 1_000_000


def queue_specs(flow: Flow) -> tuple[QueueSpec, ...]:
    """The queues that nodes of the flow lead to; without stated skills an agent needs the one named like the queue.

    Examples
    --------
    >>> from flows.load import load
    >>> queue_specs(load("northwind").flow)[0]
    QueueSpec(name='billing', skills=('billing',), priority=0)
    """
    used = [node.queue for node in flow.nodes.values() if node.type == "queue"]
    specs = []
    for name in dict.fromkeys([*(q for q in flow.queues if q in used), *used]):
        stated = flow.queues.get(name)
        specs.append(QueueSpec(name, (stated.skills if stated else ()) or (name,), stated.priority if stated else 0))
    return tuple(specs)


def group_specs(scenario: Scenario) -> tuple[GroupSpec, ...]:
    """The agent groups with their skill levels."""
    return tuple(GroupSpec(name, group.skills) for name, group in scenario.groups.items())


def zone_of(scenario: Scenario, flow: Flow) -> ZoneInfo:
    """The stated zone, else that of the flow's first opening hours, else UTC."""
    stated = scenario.zone or next((hours.zone for hours in flow.hours.values()), "UTC")
    return ZoneInfo(stated)


def starts_at(scenario: Scenario, flow: Flow) -> dt.datetime:
    """The moment at which the scenario starts, in UTC."""
    return scenario.start.replace(tzinfo=zone_of(scenario, flow)).astimezone(dt.timezone.utc)


def staff_table(scenario: Scenario) -> StaffTable:
    """One row an agent's shift.

    Numbers of agents are multiplied by ``staff_factor`` and rounded with what is left over carried to the next group
    (and shift), so that a tenth less of many small groups is a tenth less in all.
    """
    horizon_us = round(scenario.horizon * US)
    rows: list[tuple[int, int, int, int]] = []
    first = 0
    for code, (group, counts) in enumerate(zip(scenario.groups.values(), _scaled(scenario))):
        part = _shifts(group, counts, scenario, horizon_us) if group.shifts else _levels(counts, scenario, horizon_us)
        rows += [(first + agent, code, on, off) for agent, on, off in part]
        first += 1 + max((agent for agent, _, _ in part), default=-1)
    agent, code, on_us, off_us = np.array(rows, dtype=np.int64).reshape(-1, 4).T
    return StaffTable(agent=agent, group=code, on_us=on_us, off_us=off_us, groups=tuple(scenario.groups))


def _scaled(scenario: Scenario) -> list[list[int]]:
    """Per group its numbers of agents, by interval or by shift, after the staff factor."""
    factor = scenario.staff_factor
    levels, shifts = np.zeros(scenario.intervals), 0.0  # what is wanted so far, all groups before included
    given, given_shifts = np.zeros(scenario.intervals, dtype=np.int64), 0
    scaled = []
    for group in scenario.groups.values():
        if group.shifts:
            counts = []
            for shift in group.shifts:
                shifts += shift.agents * factor
                counts.append(int(shifts + 0.5 + 1e-9) - given_shifts)
                given_shifts += counts[-1]
        else:
            levels = levels + np.array(group.agents) * factor
            row = np.floor(levels + 0.5 + 1e-9).astype(np.int64) - given
            given = given + row
            counts = row.tolist()
        scaled.append(counts)
    return scaled


def _levels(counts: list[int], scenario: Scenario, horizon_us: int) -> list[tuple[int, int, int]]:
    if not any(counts):
        return []
    made = StaffTable.of_levels({"": counts}, interval_us=round(scenario.interval * US))
    off = np.minimum(made.off_us, horizon_us)
    return list(zip(made.agent.tolist(), made.on_us.tolist(), off.tolist()))


def _shifts(group: Group, counts: list[int], scenario: Scenario, horizon_us: int) -> list[tuple[int, int, int]]:
    """Shifts by the clock, every day of the horizon; one under way when the scenario starts or ends is cut there."""
    opening = scenario.start.hour * 60 + scenario.start.minute + scenario.start.second / 60
    days = range(-1, int(scenario.horizon // 86_400) + 2)
    rows, agent = [], 0
    for shift, count in zip(group.shifts, counts):
        length = (shift.end - shift.begin) % 1440 or 1440
        begins = [shift.begin - opening + 1440 * day for day in days]
        spans = [(max(0, round(b * 60 * US)), min(horizon_us, round((b + length) * 60 * US))) for b in begins]
        spans = [(on, off) for on, off in spans if on < off]
        for _ in range(count if spans else 0):
            rows += [(agent, on, off) for on, off in spans]
            agent += 1
    return rows


def routing_table(scenario: Scenario, flow: Flow) -> RoutingTable:
    """The table of the scenario's policy, with what the scenario changes in it.

    Raises
    ------
    RoutingError
        When the changes contradict each other.
    """
    wanted = scenario.routing
    table = policies()[wanted.policy](queue_specs(flow), group_specs(scenario))
    if wanted == type(wanted)(policy=wanted.policy):
        return table
    queues, groups = table.queues, table.groups
    rank = [list(row) for row in table.rank]
    pull = [list(row) for row in table.pull]
    after = [list(row) for row in table.after_us]
    for stated, cells in ((wanted.rank, rank), (wanted.pull, pull), (wanted.after, after)):
        for queue, row in stated.items():
            for group, value in row.items():
                cell = None if value == "never" else round(value * US) if cells is after else value
                cells[queues.index(queue)][groups.index(group)] = cell  # type: ignore[call-overload]
    choice = wanted.choice if isinstance(wanted.choice, dict) else dict.fromkeys(groups, wanted.choice)
    return replace(
        table, rank=tuple(map(tuple, rank)), pull=tuple(map(tuple, pull)), after_us=tuple(map(tuple, after)),
        priority=tuple(wanted.priority.get(q, p) for q, p in zip(queues, table.priority)),
        weight_per_s=tuple(wanted.weight_per_s.get(q, w) for q, w in zip(queues, table.weight_per_s)),
        keep_idle=tuple(wanted.keep_idle.get(g, k) for g, k in zip(groups, table.keep_idle)),
        choice=tuple(choice.get(g, c) for g, c in zip(groups, table.choice)))
