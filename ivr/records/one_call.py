"""One call out of many: what happened when, and how busy queues and agents were at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from ivr.records.columns import Columns
from ivr.records.outbound import outbound_spans
from ivr.records.schema import NONE, OUTCOMES, RESULTS
from ivr.records.selection import of_replication
from ivr.records.tables import Records, RecordsError

__all__ = ["Floor", "OneCall", "Visit", "one_call"]


@dataclass(frozen=True, kw_only=True)
class Floor:
    """What a caller met when they joined a queue.

    Parameters
    ----------
    waiting : int
        Callers who were already waiting in that queue, on the line.
    busy, on_duty : Mapping[str, int]
        By agent group: agents who talked or did after-call work, and agents on duty; of groups that answered callers of
        this queue at any time.
    in_hand, paused : Mapping[str, int]
        By those of these groups that have any: chats that agents had in hand, and agents who paused.
    """

    waiting: int
    busy: Mapping[str, int]
    on_duty: Mapping[str, int]
    in_hand: Mapping[str, int] = field(default_factory=dict)
    paused: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Visit:
    """One visit of the call to a queue; times in microseconds from the beginning of the records.

    Parameters
    ----------
    queue, result, group : str
        `group` is empty if nobody answered.
    agent : int
        NONE if nobody answered.
    offered_us, left_us, talk_us, acw_us, announced_wait_us : int
        As in the table ``visits``.
    called_back : bool
        Whether it is the place kept for a caller to be called back.
    met : Floor
    """

    queue: str
    result: str
    group: str
    agent: int
    offered_us: int
    left_us: int
    talk_us: int
    acw_us: int
    announced_wait_us: int
    called_back: bool
    met: Floor


@dataclass(frozen=True, kw_only=True)
class OneCall:
    """One call: its row, the nodes it passed with the moment and outcome of each, and its visits."""

    arrived_us: int
    menu_us: int
    ended_us: int
    intent: str
    language: str
    path: str
    outcome: str
    attempt: int
    repeat: bool
    key_presses: int
    steps: tuple[tuple[int, str, str], ...]
    visits: tuple[Visit, ...]


def one_call(records: Records, call_id: int, replication: int = 0) -> OneCall:
    """Return what is known about one call.

    Parameters
    ----------
    records : Records
    call_id : int
        As in the table ``calls``.
    replication : int
        Of several replications, from 0.

    Raises
    ------
    RecordsError
        If there is no such call or replication.

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> one_call(empty(), 7)
    Traceback (most recent call last):
    ivr.records.tables.RecordsError: records there is no call 7; there are no calls
    """
    if not 0 <= replication < records.replications:
        raise RecordsError(
            f"there is no replication {replication}; there are {records.replications}",
            hint=f"write a number from 0 to {records.replications - 1}",
        )
    own = of_replication(records, replication)
    ids = own.calls["call_id"]
    at = np.flatnonzero(ids == call_id)
    if not len(at):
        known = f"their numbers go from {ids.min()} to {ids.max()}" if len(ids) else "there are no calls"
        raise RecordsError(f"there is no call {call_id}; {known}", hint="ivr simulate --calls FILE lists them")
    call = {name: int(values[at[0]]) for name, values in own.calls.items()}
    named = own.names
    return OneCall(
        arrived_us=call["arrived_us"],
        menu_us=call["menu_us"],
        ended_us=call["ended_us"],
        intent=_name(named["intent"], call["intent"]),
        language=_name(named["language"], call["language"]),
        path=_name(named["path"], call["path"]),
        outcome=OUTCOMES[call["outcome"]],
        attempt=call["attempt"],
        repeat=bool(call["repeat"]),
        key_presses=call["key_presses"],
        steps=tuple(
            (row["at_us"], _name(named["node"], row["node"]), _name(named["step_outcome"], row["outcome"]))
            for row in _rows(own.steps, call_id)
        ),
        visits=tuple(_visit(own, row) for row in _rows(own.visits, call_id)),
    )


def _name(names: tuple[str, ...], code: int) -> str:
    return names[code] if code != NONE else ""


def _rows(table: Columns, call_id: int) -> list[dict[str, int]]:
    """The rows of one call, in order."""
    at = np.flatnonzero(table["call_id"] == call_id)
    at = at[np.argsort(table["seq"][at], kind="stable")]
    return [{name: int(values[i]) for name, values in table.items()} for i in at]


def _visit(records: Records, row: Mapping[str, int]) -> Visit:
    return Visit(
        queue=records.names["queue"][row["queue"]],
        result=RESULTS[row["result"]],
        group=_name(records.names["group"], row["group"]),
        agent=row["agent"],
        offered_us=row["offered_us"],
        left_us=row["left_us"],
        talk_us=row["talk_us"],
        acw_us=row["acw_us"],
        announced_wait_us=row["announced_wait_us"],
        called_back=bool(row["called_back"]),
        met=_floor(records, row),
    )


def _floor(records: Records, row: Mapping[str, int]) -> Floor:
    """The queue and the agents as the call met them: what began at the same instant, or later, is not counted."""
    visits, agents, at_us = records.visits, records.agents, row["offered_us"]
    ahead = (visits["queue"] == row["queue"]) & (visits["offered_us"] < at_us) & (visits["left_us"] > at_us)
    on_duty = (agents["on_us"] <= at_us) & (agents["off_us"] > at_us)
    ends_us = visits["answered_us"] + visits["talk_us"] + visits["acw_us"]
    busy = (visits["answered_us"] != NONE) & (visits["answered_us"] < at_us) & (ends_us > at_us)
    dialled, dials_end_us, _ = outbound_spans(records.outbound)["outbound_us"]
    dials = records.outbound["group"][(dialled < at_us) & (dials_end_us > at_us)]
    served_by = set(visits["group"][(visits["queue"] == row["queue"]) & (visits["answered_us"] != NONE)].tolist())
    groups = {code: name for code, name in enumerate(records.names["group"]) if code in served_by}
    pauses, held = records.pauses, records.in_hand
    paused = pauses["group"][(pauses["began_us"] < at_us) & (pauses["ended_us"] > at_us)]
    chats = {
        name: int((visits["group"][busy] == code).sum())
        for code, name in groups.items()
        if len(held["group"]) and code in held["group"]
    }
    return Floor(
        waiting=int((ahead & ~visits["called_back"]).sum()),
        busy={
            name: len(np.unique(visits["agent"][busy & (visits["group"] == code)])) + int((dials == code).sum())
            for code, name in groups.items()
        },
        on_duty={name: int((agents["group"][on_duty] == code).sum()) for code, name in groups.items()},
        in_hand={name: number for name, number in chats.items() if number},
        paused={name: number for code, name in groups.items() if (number := int((paused == code).sum()))},
    )
