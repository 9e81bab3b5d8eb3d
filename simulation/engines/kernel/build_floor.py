"""The floor at the beginning of a run: queues, groups, agents and their shifts, as records.

Replications share it: it is built once, and each of them begins with a copy of what changes.
"""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from ivr.records.schema import NONE
from ivr.routing import RoutingTable
from ivr.routing.table import CHOICES
from simulation.engines.kernel.plain_arrays import read_only
from simulation.engines.kernel.state import AGENT, ALONE, CHATS, GROUP, LANE, PAIR, QUEUE, ROW, TOLD
from simulation.tables.chats import Chats
from simulation.tables.queue_rules import ESTIMATORS, QueueRule
from simulation.tables.staff_table import AT_OFF, StaffTable
from simulation.tables.tie_rule import CLOSING, SHIFT_ON

__all__ = ["Asked", "Floor", "floor_of"]

Structs = npt.NDArray[np.void]


class Asked(NamedTuple):
    """What the floor follows from."""

    staff: StaffTable
    routing: RoutingTable
    rules: tuple[QueueRule, ...]
    urgencies: tuple[float, ...]
    talk_column: tuple[int, ...]
    pause_column: tuple[int, ...]
    estimates: bool
    closing_us: int | None


class Floor(NamedTuple):
    """The records of the floor. A run changes `queues`, `groups`, `lanes`, `rows`, `agents` and `staff_events`."""

    queues: Structs
    groups: Structs
    lanes: Structs
    rows: Structs
    agents: Structs
    staff_events: npt.NDArray[np.int64]
    told: Structs
    pairs: Structs
    overflows: npt.NDArray[np.int64]
    slower: npt.NDArray[np.float64]
    n_staff: int
    """How many of `staff_events` there are."""
    at_once: int
    """Most chats that an agent may have in hand; 0 without chats."""
    most_overflows: int
    """The most delays after which a queue has more groups."""

    def copied(self) -> Floor:
        """The same floor for one run to change."""
        return self._replace(
            queues=_copy(self.queues),
            groups=_copy(self.groups),
            lanes=_copy(self.lanes),
            rows=_copy(self.rows),
            agents=_copy(self.agents),
            staff_events=self.staff_events.copy(),
        )


def _copy(of: Structs) -> Structs:
    """A copy of records, all of whose fields take 8 bytes; NumPy would copy field by field, ten times as slowly."""
    return of.view(np.int64).copy().view(of.dtype)


@lru_cache(maxsize=16)
def floor_of(of: Asked) -> Floor:
    """Build the floor; do not change it."""
    staff, routing, rules = of.staff, of.routing, of.rules
    overflows, ranges = _overflows(routing)
    rows, agents = _staff(staff)
    staff_events, n_staff = _staff_events(rows, agents, closing_us=of.closing_us)
    slower, at_once = _slower(staff)
    return Floor(
        queues=_queues(routing, rules, ranges, of.estimates),
        groups=_groups(of),
        lanes=_lanes(of),
        rows=rows,
        agents=agents,
        staff_events=staff_events,
        told=_told(rules),
        pairs=_pairs(routing, rules, staff.chats),
        overflows=overflows,
        slower=slower,
        n_staff=n_staff,
        at_once=at_once,
        most_overflows=max((b - a for a, b in ranges), default=0),
    )


def _queues(
    routing: RoutingTable,
    rules: tuple[QueueRule, ...],
    overflow_ranges: tuple[tuple[int, int], ...],
    estimates: bool,
) -> Structs:
    queues = np.zeros(len(rules), QUEUE)
    queues["priority"], queues["weight"] = routing.priority, routing.weight_per_s
    queues["by_system_time"] = [order == "time_in_system" for order in routing.order]
    steps = 0
    for q, (rule, (start, stop)) in enumerate(zip(rules, overflow_ranges, strict=True)):
        queues[q]["plain"] = rule == QueueRule() and not estimates
        queues[q]["capacity"], queues[q]["mean_handle"] = rule.capacity, rule.mean_handle_us
        queues[q]["announces"], queues[q]["estimator"] = rule.announces, ESTIMATORS.index(rule.estimator)
        queues[q]["callback_above"], queues[q]["callback_share"] = rule.callback_above_us, rule.callback_share
        queues[q]["attempts"], queues[q]["again"] = rule.callback_attempts, rule.callback_again_us
        queues[q]["told_from"], queues[q]["told_to"] = steps, steps + len(rule.told_us)
        queues[q]["after_from"], queues[q]["after_to"] = start, stop
        steps += len(rule.told_us)
    return queues


def _told(rules: tuple[QueueRule, ...]) -> Structs:
    steps = [step for rule in rules for step in zip(rule.told_us, rule.balk_share, rule.patience_factor, strict=True)]
    return np.array([*steps, (0, 0.0, 1.0)], TOLD)


def _overflows(routing: RoutingTable) -> tuple[npt.NDArray[np.int64], tuple[tuple[int, int], ...]]:
    """The distinct delays of all queues in one array, and each queue's range in it."""
    delays: list[int] = []
    ranges: list[tuple[int, int]] = []
    for row in routing.after_us:
        distinct = sorted({us for us in row if us})
        ranges.append((len(delays), len(delays) + len(distinct)))
        delays += distinct
    return np.array([*delays, 0], "i8"), tuple(ranges)


def _groups(of: Asked) -> Structs:
    staff, routing = of.staff, of.routing
    groups = np.zeros(len(staff.groups), GROUP)
    groups["first"] = groups["last"] = NONE
    groups["choice"] = [CHOICES.index(choice) for choice in routing.choice]
    groups["at_off"] = [AT_OFF.index(mode) for mode in staff.at_off]
    groups["talk_column"] = of.talk_column or 0
    groups["pause_column"] = of.pause_column or NONE
    groups["at_once"] = [chats.at_once if chats else 0 for chats in staff.chats]
    return groups


def _pairs(routing: RoutingTable, rules: tuple[QueueRule, ...], chats: tuple[Chats | None, ...]) -> Structs:
    n_queues, n_groups = len(routing.queues), len(routing.groups)
    pairs = np.zeros((n_queues, n_groups), PAIR)
    pairs["by_rank"] = pairs["by_pull"] = NONE
    for q, (row, rule) in enumerate(zip(routing.rank, rules, strict=True)):
        ranks = {g: rank for g, rank in enumerate(row) if rank is not None}
        levels = sorted(set(ranks.values()))
        for g, rank in ranks.items():
            reserve = 0 if routing.own[q][g] else routing.keep_idle[g]
            pairs[q, g]["may"], pairs[q, g]["rank"], pairs[q, g]["reserve"] = 1, levels.index(rank), reserve
            pairs[q, g]["after"], pairs[q, g]["handle"] = routing.after_us[q][g], rule.handle_of(g, 1)
        pairs["by_rank"][q, : len(ranks)] = sorted(ranks, key=ranks.__getitem__)
    for g in range(n_groups):
        may = [q for q in range(n_queues) if routing.rank[q][g] is not None]
        pulls = sorted({routing.pull[q][g] for q in may})
        for q in may:
            pairs[q, g]["pull"] = pulls.index(routing.pull[q][g])
        pairs["by_pull"][: len(may), g] = sorted(may, key=[row[g] for row in routing.pull].__getitem__)
        if (of := chats[g]) is not None:
            pairs["shared"][:, g] = [CHATS if of.covers(queue) else ALONE for queue in routing.queues]
    return pairs


def _lanes(of: Asked) -> Structs:
    lanes = np.zeros(len(of.routing.queues) * len(of.urgencies), LANE)
    lanes["first"] = lanes["last"] = NONE
    lanes["priority"] = [priority + urgency for priority in of.routing.priority for urgency in of.urgencies]
    return lanes


def _slower(staff: StaffTable) -> tuple[npt.NDArray[np.float64], int]:
    """How much longer each chat takes, by group and number in hand in one array, and how many numbers a group has."""
    most = max((chats.at_once for chats in staff.chats if chats), default=0)
    slower = np.ones((len(staff.groups), max(most, 1)))
    for of, chats in zip(slower, staff.chats, strict=True):
        if chats:
            of[: chats.at_once] = chats.slower
    return read_only(slower.reshape(-1)), most


def _staff(staff: StaffTable) -> tuple[Structs, Structs]:
    """The rows, each linked to its agent's next row, and the agents in order of id, their hands behind them."""
    rows = np.zeros(len(staff.agent), ROW)
    ids, of = np.unique(staff.agent, return_inverse=True)
    rows["group"], rows["on"], rows["off"], rows["speed"], rows["rest"], rows["to_break"] = (
        staff.group,
        staff.on_us,
        staff.off_us,
        staff.speed,
        staff.rest_us,
        staff.to_break,
    )
    rows["next"] = NONE
    hands = np.zeros(len(ids), int)
    np.maximum.at(hands, of, np.array([chats.at_once if chats else 0 for chats in staff.chats], int)[staff.group])
    head = np.arange(len(ids)) + np.cumsum(hands) - hands
    rows["agent"] = head[of]
    agents = np.zeros(len(ids) + int(hands.sum()), AGENT)
    agents["id"], agents["head"] = np.repeat(ids, 1 + hands), np.repeat(head, 1 + hands)
    agents["row"], agents["asker"], agents["coming"] = NONE, NONE, NONE
    order = np.lexsort((staff.on_us, staff.agent))
    same = staff.agent[order][1:] == staff.agent[order][:-1]
    rows["next"][order[:-1][same]] = order[1:][same]
    if len(order):
        agents["coming"][head] = order[np.r_[True, ~same]]
    return rows, agents


def _staff_events(rows: Structs, agents: Structs, *, closing_us: int | None) -> tuple[npt.NDArray[np.int64], int]:
    """The initial heap of shift and closing events; a sorted array is already a heap."""
    heads = np.flatnonzero(agents["coming"] != NONE)
    at, codes = rows["on"][agents["coming"][heads]], SHIFT_ON | heads
    if closing_us is not None:
        at, codes = np.append(at, closing_us), np.append(codes, CLOSING)
    order = np.lexsort((codes, at))
    events = np.zeros((2 * len(agents) + 2, 4), "i8")
    events[: len(order), 0], events[: len(order), 1] = at[order], codes[order]
    return events, len(order)
