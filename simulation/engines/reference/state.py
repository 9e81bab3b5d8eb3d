"""The state of one run: the tables as plain lists, and the state of calls, shifts and queues so far."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
import simpy

from ivr.records.schema import NONE
from ivr.routing import RoutingTable
from simulation.engines.reference.dialled import Dialled
from simulation.engines.reference.floor import Floor
from simulation.engines.reference.people import Agent, Hand, Holder
from simulation.engines.reference.schedule import Happening
from simulation.engines.reference.visit import Visit
from simulation.tables.chats import Chats
from simulation.tables.checks import OFFERED, CallTable, StaffTable
from simulation.tables.outbound import Numbers
from simulation.tables.queue_rules import QueueRule

__all__ = ["Handlers", "State"]


@dataclass(slots=True, frozen=True)
class Handlers:
    """The handler of each kind of event, for the code that schedules events."""

    closing: Callable[[Happening[None]], None]
    talk_end: Callable[[Happening[Holder]], None]
    release: Callable[[Happening[Holder]], None]
    shift_on: Callable[[Happening[Agent]], None]
    shift_off: Callable[[Happening[tuple[Agent, int]]], None]
    """The agent, and the row of the staff table that ends."""
    arrival: Callable[[Happening[int]], None]
    menu_end: Callable[[Happening[int]], None]
    overflow: Callable[[Happening[Visit]], None]
    call_back_again: Callable[[Happening[int]], None]
    limit: Callable[[Happening[Visit]], None]
    abandonment: Callable[[Happening[Visit]], None]


@dataclass(slots=True, eq=False, kw_only=True)
class State:
    """Everything that a run reads and changes.

    Lists by call, leg or row are those of the call table and the staff table: plain lists, because reading one number
    of a NumPy array takes three times as long.
    """

    env: simpy.Environment = field(default_factory=simpy.Environment)
    on: Handlers = field(init=False)
    """Set once, before the run begins."""

    # Inputs of the run.
    table: CallTable
    staff: StaffTable
    rules: tuple[QueueRule, ...]
    """By queue."""
    plain: tuple[bool, ...]
    """By queue, whether joining it is just waiting: unlimited room, nothing said, offered or estimated."""
    overflow_us: list[list[int]]
    """By queue, the waits after which more groups may serve it, ascending."""
    horizon_us: int
    drain: bool
    """Whether callers waiting at the horizon are still served; otherwise they are sent away."""
    lines_limited: bool

    # By call, from the call table.
    first_attempts: int
    """How many calls are first attempts; those after them are retries."""
    menu: list[int]
    ending: list[int]
    retry: list[int]

    # By leg, from the call table.
    queue: list[int]
    patience: list[int]
    limit: list[int]
    acw: list[int]
    urgency: list[int]
    agent_draw: list[int]
    talk_delay: list[int]
    talk_next: list[int]
    confer_next: list[int]
    talk: list[list[int]]
    """By group and leg."""
    pause: list[list[int]]
    """By group, how long its agents pause after each leg; empty for groups that do not."""

    # By row of the staff table.
    shift_on: list[int]
    shift_off: list[int]
    speed: list[float]
    rest: list[int]
    to_break: list[bool]

    # Calls.
    arrived: list[int]
    """By call; for a retry, set when it happens."""
    outcome: list[int]
    """By call, NONE until it has ended."""
    ended: list[int]
    """By call."""
    keys: list[int]
    """By call, the keys pressed so far."""
    answered: bytearray
    """By call, whether a talk with the caller was completed, that is, not handed over."""
    leg: list[int]
    """By call, the leg it is in."""
    onward: dict[int, tuple[int, int]] = field(default_factory=dict)
    """By call, the ending and leg that follow the time on the line after a queue."""
    patience_left: dict[int, int] = field(default_factory=dict)
    """By call, while it moves from one queue to another."""
    work_left: dict[int, int] = field(default_factory=dict)
    """By call handed over, the remaining talk, at speed 1."""
    attempts: dict[int, int] = field(default_factory=dict)
    """By call, how often an agent has called back."""
    is_pending: bytearray
    """By call, whether agents stay for it after their shift (see ``docs/engines.md``, "What keeps agents")."""
    pending: int
    """How many calls are pending."""
    offers: Iterator[tuple[int, int]] = field(default_factory=lambda: iter(()))
    """(Menu end, call) of the first attempts still to be offered, in order; empty with a limit on lines."""
    visits: list[Visit] = field(default_factory=list)
    """In the order in which they began."""
    free_lines: int
    endings: int = 0
    """How many calls have ended."""

    # Agents.
    agents: dict[int, Agent]
    """By id."""
    floor: Floor
    past_shift: list[Agent] = field(default_factory=list)
    """Agents who are idle after the end of their shift and stay while calls are pending."""
    actual_on: list[int]
    actual_off: list[int]
    """By row, when it actually began and ended."""
    idle_us: list[int]
    """By row, the time spent idle."""
    pauses: list[tuple[int, int, int]] = field(default_factory=list)
    """Row of the staff table, begin and end of each pause that is over."""

    outbound: list[Dialled] = field(default_factory=list)
    """The calls that agents made, in the order in which they dialled."""
    dialled_of: list[int]
    """By group, how many numbers have been dialled."""
    numbers: dict[int, list[Numbers]] = field(default_factory=dict)
    """By group, the numbers drawn so far, in equal blocks."""

    last_us: int = 0
    """When something last happened."""

    @classmethod
    def of(
        cls,
        calls: CallTable,
        staff: StaffTable,
        routing: RoutingTable,
        *,
        floor: Callable[[RoutingTable, tuple[float, ...], Sequence[QueueRule], Sequence[Chats | None]], Floor],
        lines: int | None,
        horizon_us: int,
        drain: bool,
        queue_rules: Sequence[QueueRule],
        estimates: bool,
    ) -> State:
        """The initial state."""
        n, rows = len(calls), len(staff.agent)
        rules = tuple(queue_rules) or (QueueRule(),) * len(calls.queues)
        talk: list[list[int]] = calls.talk_us.T.tolist()
        pause: list[list[int]] = [*calls.pause_us.T.tolist(), []]  # the last for column -1
        is_pending = bytearray(calls.ending == OFFERED)
        is_pending[calls.first_attempts :] = bytes(n - calls.first_attempts)
        return cls(
            table=calls,
            staff=staff,
            rules=rules,
            plain=tuple(rule == QueueRule() and not estimates for rule in rules),
            overflow_us=[sorted({us for us in row if us}) for row in routing.after_us],
            horizon_us=horizon_us,
            drain=drain,
            lines_limited=lines is not None,
            first_attempts=calls.first_attempts,
            menu=calls.menu_us.tolist(),
            ending=calls.ending.tolist(),
            retry=calls.retry.tolist(),
            queue=calls.queue.tolist(),
            patience=calls.patience_us.tolist(),
            limit=calls.limit_us.tolist(),
            acw=calls.acw_us.tolist(),
            urgency=calls.urgency.tolist(),
            agent_draw=calls.agent_draw.tolist(),
            talk_delay=calls.talk_delay_us.tolist(),
            talk_next=calls.talk_next.tolist(),
            confer_next=calls.confer_next.tolist(),
            talk=[talk[column] for column in calls.talk_column or (0,) * len(routing.groups)],
            pause=[pause[column] for column in calls.pause_column or (-1,) * len(routing.groups)],
            shift_on=staff.on_us.tolist(),
            shift_off=staff.off_us.tolist(),
            speed=np.asarray(staff.speed).tolist(),
            rest=np.asarray(staff.rest_us).tolist(),
            to_break=np.asarray(staff.to_break).tolist(),
            arrived=calls.arrived_us.tolist(),
            outcome=[NONE] * n,
            ended=[0] * n,
            keys=calls.key_presses.tolist(),
            answered=bytearray(n),
            leg=list(range(n)),
            is_pending=is_pending,
            pending=sum(is_pending),
            free_lines=lines or 0,
            agents=_agents(staff),
            floor=floor(routing, calls.urgencies, rules, staff.chats),
            actual_on=staff.on_us.tolist(),
            actual_off=staff.on_us.tolist(),
            idle_us=[0] * rows,
            dialled_of=[0] * len(staff.groups),
        )


def _agents(staff: StaffTable) -> dict[int, Agent]:
    """All agents by id, with their rows of the staff table, the first one last, and as many hands as they need."""
    agents: dict[int, Agent] = {}
    turn = 0
    for id, group in sorted(set(zip(staff.agent.tolist(), staff.group.tolist(), strict=True))):
        if id not in agents:
            agents[id] = Agent(id, turn)
            turn += 1
        chats, hands = staff.chats[group], agents[id].hands
        for _ in range(len(hands), chats.at_once if chats else 0):
            hands.append(Hand(agents[id], turn))
            turn += 1
    for row in np.lexsort((staff.on_us, staff.agent))[::-1].tolist():
        agents[int(staff.agent[row])].rows.append(row)
    return agents
