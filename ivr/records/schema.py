"""The schema of records: every table, column, outcome and result, and what it means.

Kept apart from ``ivr.records.tables`` so that code which only needs the vocabulary
(a live service, a report) need not import NumPy.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

__all__ = [
    "FIXED_NAMES",
    "NAME_KEYS",
    "NEVER",
    "NONE",
    "OUTCOMES",
    "REPLICATION",
    "RESULTS",
    "SCHEMA",
    "SOMETIMES",
    "SOURCES",
    "UNANSWERED",
    "Column",
    "outcome_code",
    "result_code",
]

NEVER = 2**62
"""Microseconds that never pass: infinite patience, no limit (146,000 years)."""

NONE = -1
"""The value of a column that does not apply to this row."""

SOURCES = ("simulated", "live")

OUTCOMES = (
    "contained",
    "abandoned_in_menu",
    "blocked",
    "handled",
    "abandoned",
    "voicemail",
    "callback",
    "transferred_out",
    "closed",
    "failed",
    "turned_away",
    "rejected",
)
"""How a call ended; the position is the code. Turned away: the line ended the call before anyone answered. Rejected:
the flow refused it unanswered."""
UNANSWERED = ("blocked", "rejected")
"""Outcomes of calls that the line did not answer: they do not count among the calls that got a line."""

RESULTS = (
    "handled",
    "abandoned",
    "overflowed",
    "callback",
    "voicemail",
    "timeout",
    "full",
    "closed",
    "unreached",
    "handed_over",
    "joined",
    "unjoined",
)
"""How a visit to a queue ended; the position is the code, and new ones are added at the end. Unreached: an agent called
back, and nobody answered. Handed over: an agent answered and left before the talk was over, which goes on in the call's
next visit, to the same queue. Joined, unjoined: the agent of the visit before asked for a colleague of this queue, who
came into the talk, or did not within the limit; the caller talks to the first agent all the while."""


@dataclass(frozen=True)
class Column:
    """One documented column of a table.

    Parameters
    ----------
    name : str
        The column's name, with its unit (``_us``) where it has one.
    dtype : str
        NumPy type code, for example ``"i8"``.
    unit : str
        ``"us"`` (microseconds), ``"code"`` (index into names), ``"id"``, ``"count"`` or ``"yes/no"``.
    meaning : str
        One sentence.
    names : str
        For a code: the key in ``Records.names`` whose tuple the code indexes.
    optional : bool
        Whether it may be ``NONE``, which means "does not apply".
    later : bool
        Whether records may lack it, because they were written before there was such a column; it is 0 then.
    """

    name: str
    dtype: str
    unit: str
    meaning: str
    names: str = ""
    optional: bool = False
    later: bool = False


def _us(name: str, meaning: str, optional: bool = False) -> Column:
    return Column(name, "i8", "us", meaning, optional=optional)


def _code(name: str, dtype: str, names: str, meaning: str, optional: bool = False) -> Column:
    return Column(name, dtype, "code", meaning, names=names, optional=optional)


_CALL_ID = Column("call_id", "i8", "id", "The call; unique within a replication.")
_SEQ = Column("seq", "i2", "count", "Position of the row within its call, from 0.")

SCHEMA: Mapping[str, tuple[Column, ...]] = MappingProxyType(
    {
        "calls": (
            _CALL_ID,
            _code("source", "i1", "source", "Where the row came from: simulated or live."),
            _us("arrived_us", "When the call arrived at the line."),
            _code("intent", "i2", "intent", "What the caller wants.", True),
            _code("language", "i2", "language", "The language the caller chose.", True),
            _code("path", "i4", "path", "The path through the menu.", True),
            _us("menu_us", "Time from arrival to the end of the menu stage; 0 for a blocked call."),
            Column(
                "key_presses",
                "i4",
                "count",
                "Key presses during the whole call, after a wait or a talk too; a number that is entered is one.",
                optional=True,
            ),
            _code("outcome", "i1", "outcome", "How the call ended: one of OUTCOMES."),
            Column("zero_out", "b1", "yes/no", "Whether the caller asked for the operator to leave the menu."),
            Column("attempt", "i2", "count", "1 for a caller's first call, 2 for the next, and so on."),
            _us("ended_us", "When the call ended for the caller: end of talk, hang-up, or refusal."),
            Column("repeat", "b1", "yes/no", "Whether the caller's call before this one was handled.", later=True),
        ),
        "visits": (
            _CALL_ID,
            _SEQ,
            _code("queue", "i2", "queue", "The queue that was joined."),
            _us("offered_us", "When the call joined the queue."),
            _us("answered_us", "When an agent answered.", True),
            _us("left_us", "When the call stopped waiting: answered_us if an agent answered, else when it left."),
            _code("result", "i1", "result", "How the visit ended: one of RESULTS."),
            Column("agent", "i4", "id", "The agent who answered.", optional=True),
            _code("group", "i2", "group", "The group of the agent who answered.", True),
            _us("talk_us", "Talk time, including the ringing of a callback; 0 if not answered."),
            _us("acw_us", "After-call work; 0 if not answered."),
            _us("announced_wait_us", "The wait that was announced to the caller.", True),
            Column(
                "called_back",
                "b1",
                "yes/no",
                "Whether this is the place kept for a caller to be called back, with nobody on the line.",
            ),
        ),
        "steps": (
            _CALL_ID,
            _SEQ,
            _code("node", "i4", "node", "The node visited."),
            _code("outcome", "i4", "step_outcome", "The outcome label by which the node was left.", True),
            _us("at_us", "When the node was entered."),
        ),
        "agents": (
            Column("agent", "i4", "id", "The agent; there is one row for each of their shifts."),
            _code("group", "i2", "group", "The agent's group."),
            _us("on_us", "When the shift began."),
            _us("off_us", "When the agent actually left, after finishing the last call."),
            _us("staffed_us", "Time on duty."),
            _us("busy_us", "Of it, ringing or talking, in outbound calls too."),
            _us("wrap_us", "Of it, in after-call work, that of outbound calls too."),
        ),
        "outbound": (
            Column("agent", "i4", "id", "The agent who dialled."),
            _code("group", "i2", "group", "The agent's group."),
            _us("dialled_us", "When the agent dialled."),
            _us("ring_us", "How long it rang."),
            Column("reached", "b1", "yes/no", "Whether somebody answered."),
            _us("talk_us", "Talk time; 0 if nobody answered."),
            _us("acw_us", "After-call work; 0 if nobody answered."),
        ),
        "pauses": (
            Column("agent", "i4", "id", "The agent who paused for a short time while on duty."),
            _code("group", "i2", "group", "The agent's group."),
            _us("began_us", "When the pause began."),
            _us("ended_us", "When it ended."),
        ),
        "in_hand": (
            Column("agent", "i4", "id", "An agent who chats, on duty and not paused."),
            _code("group", "i2", "group", "The agent's group."),
            _us("began_us", "When the agent began to have so many in hand."),
            _us("ended_us", "When that changed."),
            Column("in_hand", "i2", "count", "Chats in hand, or a call; until the work after it is over."),
            Column("talking", "i2", "count", "Of them, those still in talk."),
            Column("taken", "i2", "count", "Slots that they take: one each, or all of them for a call taken alone."),
            Column("slots", "i2", "count", "Most chats that the agent may have in hand."),
        ),
    }
)
"""Every table and its columns, in file order."""

SOMETIMES = ("outbound", "pauses", "in_hand")
"""Tables that have a file only if they have rows."""

REPLICATION = Column("replication", "i4", "count", "The replication, from 0; only after concatenate.")

FIXED_NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {"source": SOURCES, "outcome": OUTCOMES, "result": RESULTS}
)
"""Names that are the same in all records."""

NAME_KEYS = tuple(dict.fromkeys(c.names for columns in SCHEMA.values() for c in columns if c.names))
"""The keys of ``Records.names``."""


def outcome_code(name: str) -> int:
    """Return the code of a call's outcome.

    >>> outcome_code("handled")
    3
    """
    return OUTCOMES.index(name)


def result_code(name: str) -> int:
    """Return the code of a visit's result.

    >>> result_code("abandoned")
    1
    """
    return RESULTS.index(name)
