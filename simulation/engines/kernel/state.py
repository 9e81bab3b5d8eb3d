"""The kernel's data: records of the run, queues, agents and calls, and arrays of them."""

from __future__ import annotations

from typing import NamedTuple, Protocol, get_type_hints

import numpy as np
import numpy.typing as npt

from simulation.engines.kernel.record_types import Record, RecordArray

__all__ = [
    "AGENT",
    "ALONE",
    "AWAY",
    "CHATS",
    "CONFERS",
    "DIALLED",
    "DIALS",
    "DONE",
    "FREE",
    "GROUP",
    "IDLE",
    "LANE",
    "MORE_ROOM",
    "NODE",
    "NUMBER",
    "PAIR",
    "QUEUE",
    "ROW",
    "RUN",
    "TALKS",
    "TOLD",
    "TOO_FAR",
    "WRAPS",
    "AgentRecord",
    "DialledRecord",
    "GroupRecord",
    "LaneRecord",
    "NodeRecord",
    "NumberRecord",
    "PairRecord",
    "QueueRecord",
    "RecordArray",
    "RowRecord",
    "RunRecord",
    "ToldRecord",
    "World",
    "layout",
]

Bools = npt.NDArray[np.uint8]
Int8s = npt.NDArray[np.int8]
Int16s = npt.NDArray[np.int16]
Int32s = npt.NDArray[np.int32]
Int64s = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class RunRecord(Record, Protocol):
    """The run as a whole."""

    # settings of the whole run
    horizon: int
    drain: int
    lines_limited: int
    retry_mask: int
    calls: int
    first_attempts: int
    later_slot: int
    urgencies: int
    talk_columns: int
    pause_columns: int
    keeps_estimates: int
    keeps_acw: int
    keeps_rules: int
    keeps_next: int
    keeps_patience: int
    keeps_answered: int
    keeps_keys: int
    agent_bits: int
    time_limit: int
    new_visits: int
    new_waits: int
    # the run
    now: int
    next_call: int
    next_slot: int
    free_lines: int
    pending: int
    staying: int
    endings: int
    last: int
    left_closed: int
    n_staff: int
    n_menu: int
    n_wait: int
    visits: int
    nodes: int
    free_node: int
    stop: int
    dials: int
    dialled: int
    confers: int
    asker: int
    chats: int
    more: int
    # the call that goes on: after the delay it joins leg `leg`, or ends if there is none
    call: int
    visit: int
    delay: int
    ending: int
    leg: int
    mode: int
    place: int
    patience: int
    work: int
    tries: int
    stays_pending: int
    # the agent who takes it; the agent who has become free, and how
    agent: int
    free_agent: int
    free_how: int


class QueueRecord(Record, Protocol):
    """A queue: its settings and its line."""

    waiting: int
    on_the_line: int
    last_wait: int
    on_duty: int
    duty_handle: int
    by_system_time: int
    priority: float
    weight: float
    plain: int
    capacity: int
    mean_handle: int
    announces: int
    estimator: int
    callback_above: int
    callback_share: float
    attempts: int
    again: int
    told_from: int
    told_to: int
    after_from: int
    after_to: int


class ToldRecord(Record, Protocol):
    """A step in how callers react when told the expected wait."""

    bound: int
    balk_share: float
    patience_factor: float


class GroupRecord(Record, Protocol):
    """An agent group and its idle agents.

    ``at_once``: chats that an agent may have in hand, 0 if they do not chat; ``n_idle``: agents who can take a call, of
    whom ``n_nothing`` have nothing in hand.
    """

    n_idle: int
    first: int
    last: int
    choice: int
    at_off: int
    talk_column: int
    pause_column: int
    stay_idle: int
    numbers_in_all: int
    numbers_known: int
    numbers_dialled: int
    at_once: int
    n_nothing: int


class NumberRecord(Record, Protocol):
    """A number that a group's agents dial."""

    ring: int
    reached: int
    talk: int
    acw: int


class DialledRecord(Record, Protocol):
    """A call that an agent made: OUTBOUND_COLUMNS of the results."""

    shift: int
    at: int
    ring: int
    reached: int
    talk: int
    acw: int


class PairRecord(Record, Protocol):
    """A queue and a group.

    ``by_rank``: for queue q, pairs[q, i].by_rank is its i-th group, NONE after the last; ``by_pull``: for group g,
    pairs[i, g].by_pull is its i-th queue. ``shared``: 0 if the group does not chat, else CHATS or ALONE.
    """

    may: int
    rank: int
    pull: int
    after: int
    reserve: int
    handle: int
    by_rank: int
    by_pull: int
    shared: int


class LaneRecord(Record, Protocol):
    """The waiting visits of one queue and urgency, by (place, call)."""

    first: int
    last: int
    priority: float


class NodeRecord(Record, Protocol):
    """A waiting visit.

    ``patience``: how long the caller would wait; ``work``: remaining talk of a call handed over, else NONE; ``tries``:
    attempts to call back, or NONE; ``asker``: the agent who asks for a colleague, or NONE.
    """

    visit: int
    call: int
    leg: int
    place: int
    patience: int
    work: int
    tries: int
    asker: int
    lane: int
    before: int
    after: int


class RowRecord(Record, Protocol):
    """A row of the staff table and its result."""

    agent: int
    group: int
    on: int
    off: int
    rest: int
    to_break: int
    next: int
    began: int
    left: int
    idle: int
    speed: float


class AgentRecord(Record, Protocol):
    """An agent, or a hand of an agent who chats.

    Hands follow the record of their agent, ``head``, which is that of an agent who does not chat itself. Only in the
    head: ``hands``, how many are in use; ``alone``, whether for a call that is taken alone; ``listed``, whether among
    those who can take a call; ``nothing_since``, since when none is in use.
    """

    id: int
    row: int
    coming: int
    group: int
    doing: int
    on: int
    off: int
    idle_since: int
    idle: int
    calls: int
    worked: int
    staying: int
    before: int
    after: int
    visit: int
    call: int
    leg: int
    tries: int
    asker: int
    conference: int
    reached: int
    place: int
    answered: int
    talk_end: int
    paused: int
    speed: float
    head: int
    hands: int
    alone: int
    listed: int
    nothing_since: int


def layout(record: type) -> np.dtype[np.void]:
    """The layout of a record: its fields in order, 8 bytes each."""
    return np.dtype([(name, "f8" if kind is float else "i8") for name, kind in get_type_hints(record).items()])


RUN, QUEUE, TOLD, GROUP, PAIR = map(layout, (RunRecord, QueueRecord, ToldRecord, GroupRecord, PairRecord))
LANE, NODE, ROW, AGENT = map(layout, (LaneRecord, NodeRecord, RowRecord, AgentRecord))
NUMBER, DIALLED = map(layout, (NumberRecord, DialledRecord))

DONE, MORE_ROOM, TOO_FAR = range(3)
"""Why the loop returns: the run is over; arrays must grow; a time does not fit into a key."""
AWAY, IDLE, TALKS, WRAPS, DIALS, CONFERS, FREE, PAUSES = range(8)
"""What an agent is doing; FREE only until the next step is decided, CONFERS from asking for a colleague on."""
CHATS, ALONE = 1, 2
"""How agents who chat take what waits in a queue: beside what they have in hand, or with nothing else."""


class World(NamedTuple):
    """Everything the compiled loop reads and writes. A column with one value for all rows has length 1."""

    # the call table, read only
    arrived_us: Int64s
    menu_us: Int64s
    ending: Int8s
    retry: Int64s
    retry_after_us: Int64s
    repeat_after_us: Int64s
    queue: Int16s
    patience_us: Int64s
    acw_us: Int64s
    urgency: Int8s
    limit_us: Int64s
    limit_delay_us: Int64s
    limit_ending: Int8s
    limit_next: Int64s
    full_delay_us: Int64s
    full_ending: Int8s
    full_next: Int64s
    talk_delay_us: Int64s
    talk_next: Int64s
    confer_next: Int64s
    limit_keys: Int16s
    full_keys: Int16s
    talk_keys: Int16s
    ring_us: Int64s
    reached_at: Int16s
    agent_draw: Int64s
    talk_us: Int64s
    pause_us: Int64s
    u: Floats
    slower: Floats
    # settings and state of queues, groups and agents
    run: RecordArray[RunRecord]
    queues: RecordArray[QueueRecord]
    told: RecordArray[ToldRecord]
    overflows: Int64s
    groups: RecordArray[GroupRecord]
    pairs: RecordArray[PairRecord]
    lanes: RecordArray[LaneRecord]
    rows: RecordArray[RowRecord]
    agents: RecordArray[AgentRecord]
    nodes: RecordArray[NodeRecord]
    numbers: RecordArray[NumberRecord]
    # future events
    due: Int64s
    staff_events: Int64s
    menu_events: Int64s
    wait_events: Int64s
    # results of calls and visits
    is_pending: Bools
    answered: Bools
    patience_left: Int64s
    outcome: Int8s
    ended_us: Int64s
    later_keys: Int32s
    later_arrived_us: Int64s
    visit_call: Int64s
    visit_queue: Int16s
    offered_us: Int64s
    left_us: Int64s
    result: Int8s
    shift: Int64s
    visit_talk_us: Int64s
    visit_acw_us: Int64s
    visit_pause_us: Int64s
    announced_us: Int64s
    called_back: Bools
    next_visit: Int64s
    estimates: Int64s
    expected: Int64s
    dialled: RecordArray[DialledRecord]
