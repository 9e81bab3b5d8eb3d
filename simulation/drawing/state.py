"""The data of the compiled drawing: what a scenario states, as records, and the columns that are drawn."""

from __future__ import annotations

from typing import NamedTuple, Protocol

from simulation.engines.kernel.record_types import Record
from simulation.engines.kernel.state import (
    Floats,
    Int8s,
    Int16s,
    Int32s,
    Int64s,
    RecordArray,
    layout,
)

__all__ = [
    "EDGE",
    "LAW",
    "LEG",
    "OPTION",
    "PLACE",
    "QUEUE",
    "RUN",
    "EdgeRecord",
    "Floats",
    "Int64s",
    "LawRecord",
    "LegRecord",
    "OptionRecord",
    "PlaceRecord",
    "QueueRecord",
    "RecordArray",
    "RunRecord",
    "World",
]


class LawRecord(Record, Protocol):
    """A distribution (``simulation.drawing.quantiles``)."""

    kind: int
    first: int
    count: int
    a: float
    b: float


class PlaceRecord(Record, Protocol):
    """A position in the menu chain: how callers behave there, and where the exits of a queue lead."""

    kind: int
    drawn: int
    outcomes: int
    silence: int
    asked: int
    zero_edge: int
    digits: int
    miss: int
    hung_up: int
    whole_s: float
    rate_per_s: float
    quits: float
    silent: float
    zero: float
    wrong: float
    hear_all: float
    key_ahead_from: float
    door: int
    at_end: int
    queue: int
    language: int
    limit: int
    timeout_to: int
    timeout_ending: int
    timeout_keys: int
    full_to: int
    full_ending: int
    full_keys: int
    answered_to: int
    answered_ending: int
    keys_from: int
    keys_to: int


class EdgeRecord(Record, Protocol):
    """An outcome at a position."""

    to: int
    extra: int
    keys: int
    ending: int
    chance: float
    rest_s: float
    first_s: float
    hear_all_s: float
    ahead_s: float


class OptionRecord(Record, Protocol):
    """A key that some callers press while they wait, or a queue to which agents transfer some of them."""

    law: int
    to: int
    ending: int
    keys: int
    share: float


class QueueRecord(Record, Protocol):
    """A queue."""

    limited: int
    ring: int
    attempts: int
    missed: int
    transfer_from: int
    transfer_to: int


class RunRecord(Record, Protocol):
    """The run: what the scenario is like, how far the drawing is, and the caller who is drawn now."""

    start: int
    nothing: int
    listens: int
    hangs_up: int
    several_intents: int
    several_languages: int
    attempts: int
    keeps_patience: int
    # where `values` has, of each intent, below which uniform callers not served try again, from which on those who were
    # handled call again, and the laws of both times
    again: int
    has_repeat: int
    intervals: int
    talk_columns: int
    pause_columns: int
    pause_laws: int
    pause_shares: int
    # keys of the generator, as 64 bits each: of the replication and of the purposes
    replication: int
    of_caller: int
    of_menu: int
    of_visit: int
    of_waiting: int
    of_floor: int
    of_again: int
    of_agent: int
    # columns of `at`: the edge wanted by goal column, and by language; the edge of each key, and by opening state; the
    # urgency, whether it is the goal, and whether it serves, by intent; whether it leads to the goal, by goal column
    want: int
    want_language: int
    key_edge: int
    clock_edge: int
    urgency: int
    is_goal: int
    serves: int
    leads: int
    # where `links` has the column after a refusal, the position after a transfer, and the law of a time
    told_no: int
    asked: int
    passed_on: int
    positions: int
    shares: int
    times: int
    # where `moments` has the changes of opening hours, the states between them, and the edges of intervals
    changes: int
    states: int
    edges: int
    language_share: int
    # which columns are drawn
    has_urgency: int
    has_limit: int
    has_full: int
    has_talk_exit: int
    has_transfer: int
    has_chance: int
    has_ring: int
    has_pick: int
    has_patience: int
    has_work: int
    has_talk: int
    # whether callers draw who they are, whether times have normal quantiles, the law that most
    # steps in menus have or -1, and for which calls they are known
    meets: int
    scores: int
    menu_law: int
    ahead_from: int
    ahead_to: int
    # how far
    attempt: int
    turn: int
    row: int
    calls: int
    rows: int
    # the caller
    number: int
    ahead: int
    intent: int
    language: int
    shares_from: int
    interval: int
    arrived: int
    place: int
    kind_u: float
    staying: float


class LegRecord(Record, Protocol):
    """A queue visit while it is drawn, or one that is to be drawn."""

    way: int
    depth: int
    position: int
    answered: int
    queue: int
    urgency: int
    at: int
    content: int
    patience_u: float
    patience: int
    talk: int
    work: int
    limit: int
    limit_delay: int
    limit_ending: int
    limit_position: int
    limit_keys: int
    full_delay: int
    full_ending: int
    full_position: int
    full_keys: int
    talk_delay: int
    talk_ending: int
    talk_position: int
    talk_keys: int
    transfer: int
    from_row: int
    from_exit: int


LAW, PLACE, EDGE, OPTION, QUEUE = map(layout, (LawRecord, PlaceRecord, EdgeRecord, OptionRecord, QueueRecord))
RUN, LEG = map(layout, (RunRecord, LegRecord))


class World(NamedTuple):
    """Everything the pass over the callers reads and writes, in few arrays: each one makes compiling slower."""

    run: RecordArray[RunRecord]
    legs: RecordArray[LegRecord]
    # the scenario
    laws: RecordArray[LawRecord]
    values: Floats
    places: RecordArray[PlaceRecord]
    edges: RecordArray[EdgeRecord]
    at: Int8s
    links: Int32s
    moments: Int64s
    queues: RecordArray[QueueRecord]
    options: RecordArray[OptionRecord]
    # the replication
    intent_share: Floats
    of_caller: Int16s
    callers: Int64s
    who: Int64s
    # the draws of a block of calls: ``simulation.drawing.ahead``
    ahead: Floats
    score: Floats
    time: Floats
    # what is drawn: a row for each of the columns named in ``simulation.drawing.columns``
    whole: Int64s
    short: Int16s
    code: Int8s
    u: Floats
