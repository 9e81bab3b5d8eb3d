"""Turns an engine's result into records, the same for every engine."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from ivr.records.integer_sums import exact_sums
from ivr.records.schema import NONE, outcome_code
from ivr.records.tables import Records, empty_table, no_rows
from simulation.engines.conservation import check_conservation
from simulation.engines.stretches import in_hand, share_out
from simulation.tables.checks import CallTable, StaffTable
from simulation.tables.menu_steps import steps_table

__all__ = [
    "OUTBOUND_COLUMNS",
    "PAUSE_COLUMNS",
    "VISIT_COLUMNS",
    "EngineResult",
    "Finish",
    "finish",
    "outbound_times",
    "records_of",
]

VISIT_COLUMNS = {
    "call": "i8",
    "queue": "i2",
    "offered_us": "i8",
    "left_us": "i8",
    "result": "i1",
    "shift": "i8",
    "talk_us": "i8",
    "acw_us": "i8",
    "announced_us": "i8",
    "called_back": "b1",
}
"""What an engine reports about a visit; ``shift`` is the row of the staff table that answered, or NONE."""

OUTBOUND_COLUMNS = {
    "shift": "i8",
    "dialled_us": "i8",
    "ring_us": "i8",
    "reached": "b1",
    "talk_us": "i8",
    "acw_us": "i8",
}
"""What an engine reports about a call that an agent made; ``shift`` is the row of the staff table."""


PAUSE_COLUMNS = ("shift", "began_us", "ended_us")


@dataclass(frozen=True)
class EngineResult:
    """What a run determined; everything else is in its tables.

    Parameters
    ----------
    arrived_us : numpy.ndarray
        i8[n]. When the call arrived; NEVER for a retry that did not happen.
    outcome : numpy.ndarray
        i1[n]. Per call, a code of OUTCOMES; NONE for a call that did not happen.
    ended_us : numpy.ndarray
        i8[n]. When the call ended for the caller.
    key_presses : numpy.ndarray
        i4[n]. Keys the caller pressed, including those after waits and talks.
    visits : mapping of str to numpy.ndarray
        Columns VISIT_COLUMNS; the visits of one call are in the order in which they began.
    on_us, off_us, idle_us : numpy.ndarray
        i8[rows]. Per row of the staff table, when it actually began and ended, and the idle time in it, added up
        during the run.
    endings : int
        How many times a call ended, counted during the run.
    pauses : mapping of str to numpy.ndarray
        Short pauses, in any order: ``shift`` is the row of the staff table, ``began_us`` and ``ended_us`` say when.
    estimates : numpy.ndarray or None
        i8[visits, 3]. The expected wait by each of ESTIMATORS, NONE where the call did not have to wait.
    outbound : mapping of str to numpy.ndarray or None
        Columns OUTBOUND_COLUMNS, in the order in which the calls were dialled; None without any.
    """

    arrived_us: npt.NDArray[np.int64]
    outcome: npt.NDArray[np.int8]
    ended_us: npt.NDArray[np.int64]
    key_presses: npt.NDArray[np.integer[Any]]
    visits: Mapping[str, npt.NDArray[Any]]
    on_us: npt.NDArray[np.int64]
    off_us: npt.NDArray[np.int64]
    idle_us: npt.NDArray[np.int64]
    endings: int
    pauses: Mapping[str, npt.NDArray[np.int64]] = field(
        default_factory=lambda: {name: np.zeros(0, np.int64) for name in PAUSE_COLUMNS}
    )
    estimates: npt.NDArray[np.int64] | None = None
    outbound: Mapping[str, npt.NDArray[Any]] | None = None


class Finish(Protocol):
    """Makes the tables of visits and agents, and tells whether they are known to conserve calls and time."""

    def __call__(
        self, found: EngineResult, staff: StaffTable, came: npt.NDArray[np.int64] | slice, *, horizon_us: int
    ) -> tuple[dict[str, npt.NDArray[Any]], dict[str, npt.NDArray[Any]], bool]:
        """Make them of a result, for the calls that came."""
        ...


def finish(
    found: EngineResult, staff: StaffTable, came: npt.NDArray[np.int64] | slice, *, horizon_us: int
) -> tuple[dict[str, npt.NDArray[Any]], dict[str, npt.NDArray[Any]], bool]:
    """The tables of visits and agents, not yet checked (the kernel has a compiled version that does)."""
    return _visits(found, staff, came), _agents(found, staff), False


def records_of(
    found: EngineResult, calls: CallTable, staff: StaffTable, *, horizon_us: int, finish: Finish = finish
) -> Records:
    """Return the records of one replication, checked for conservation.

    Parameters
    ----------
    found : EngineResult
    calls : CallTable
    staff : StaffTable
    horizon_us : int
    finish : callable
        Makes the tables of visits and agents: the readable function or the compiled one.

    Returns
    -------
    Records
        With a ``visits`` row for each time a call joined a queue, in order of call id.

    Raises
    ------
    ConservationError
        If the engine lost a call or an agent's time, or counted it twice: a bug in the engine.
    """
    came = slice(None) if calls.first_attempts == len(calls) else np.flatnonzero(found.outcome != NONE)
    outcome, arrived = found.outcome[came], found.arrived_us[came]
    blocked = outcome == outcome_code("blocked")
    path, menu_us, zero_out = calls.path[came], calls.menu_us[came], calls.zero_out[came]
    keys = found.key_presses[came]
    if np.any(blocked):
        keys = np.where(blocked, 0, keys)
        path, menu_us, zero_out = np.where(blocked, NONE, path), np.where(blocked, 0, menu_us), zero_out & ~blocked
    visits, agents, sound = finish(found, staff, came, horizon_us=horizon_us)
    held = no_rows("in_hand")
    if any(staff.chats):
        held, rows = in_hand(found.visits, found.pauses, found.on_us, found.off_us, staff, calls.queues)
        share_out(agents, held, rows, staff)
        sound = False  # the compiled check knows one call at a time
    records = Records(
        calls={
            "call_id": np.arange(len(outcome)),
            "source": np.broadcast_to(np.int8(0), len(outcome)),
            "arrived_us": arrived,
            "intent": calls.intent[came],
            "language": calls.language[came],
            "path": path,
            "menu_us": menu_us,
            "key_presses": keys,
            "outcome": outcome,
            "zero_out": zero_out,
            "attempt": calls.attempt[came],
            "ended_us": found.ended_us[came],
            "repeat": _after_a_handled_call(calls, found.outcome)[came],
        },
        visits=visits,
        steps=steps_table(calls.steps, np.arange(len(calls)) if isinstance(came, slice) else came, arrived, ~blocked),
        agents=agents,
        outbound=_outbound(found, staff),
        pauses=_pauses(found, staff),
        in_hand=held,
        horizon_us=horizon_us,
        names={
            "intent": calls.intents,
            "language": calls.languages,
            "path": calls.paths,
            "queue": calls.queues,
            "group": staff.groups,
            **({"node": calls.steps.nodes, "step_outcome": calls.steps.outcomes} if calls.steps else {}),
        },
    )
    if not sound:
        check_conservation(records, endings=found.endings, idle_us=found.idle_us)
    return records


def _after_a_handled_call(calls: CallTable, outcome: npt.NDArray[np.int8]) -> npt.NDArray[np.bool_]:
    """b1[n]: whether the call before was handled, for callers who call again."""
    if not calls.uses("repeat_after_us"):
        return np.broadcast_to(np.False_, len(outcome))
    repeat = np.zeros(len(outcome), bool)
    again = np.flatnonzero(calls.retry != NONE)
    repeat[calls.retry[again]] = outcome[again] == outcome_code("handled")
    return repeat


def _visits(found: EngineResult, staff: StaffTable, came: npt.NDArray[np.int64] | slice) -> dict[str, npt.NDArray[Any]]:
    given = dict(found.visits)
    if np.any(given["call"][1:] < given["call"][:-1]):
        order = np.argsort(given["call"], kind="stable")
        given = {name: values[order] for name, values in given.items()}
    call, shift = given["call"], given["shift"]
    taken = shift != NONE

    def of_row(column: npt.NDArray[Any]) -> npt.NDArray[np.integer[Any]]:
        return np.where(taken, column[shift], NONE) if len(column) else np.full(len(call), NONE)

    # Use the engine's arrays without copying: copies would take half the time and a third of the memory.
    return {
        "call_id": call if isinstance(came, slice) else np.searchsorted(came, call),
        "seq": _seq(call),
        "answered_us": np.where(taken, given["left_us"], NONE),
        "agent": of_row(staff.agent),
        "group": of_row(staff.group),
        "announced_wait_us": given["announced_us"],
        **{
            name: given[name]
            for name in ("queue", "offered_us", "left_us", "result", "talk_us", "acw_us", "called_back")
        },
    }


def _pauses(found: EngineResult, staff: StaffTable) -> Mapping[str, npt.NDArray[Any]]:
    """The table of pauses, by agent and time."""
    row, began = found.pauses["shift"], found.pauses["began_us"]
    if not len(row):
        return no_rows("pauses")
    order = np.lexsort((began, staff.agent[row]))
    return {
        "agent": staff.agent[row][order],
        "group": staff.group[row][order],
        "began_us": began[order],
        "ended_us": found.pauses["ended_us"][order],
    }


def _outbound(found: EngineResult, staff: StaffTable) -> Mapping[str, npt.NDArray[Any]]:
    """The table of the calls that agents made."""
    if found.outbound is None:
        return no_rows("outbound")
    shift = found.outbound["shift"]
    kept = {name: values for name, values in found.outbound.items() if name != "shift"}
    return {"agent": staff.agent[shift], "group": staff.group[shift], **kept}


def _seq(call: npt.NDArray[np.int64]) -> npt.NDArray[np.integer[Any]]:
    """Position of each visit within its call; the visits of a call are adjacent."""
    if not len(call):
        return call
    begins = np.r_[True, call[1:] != call[:-1]]
    if np.all(begins):
        return np.broadcast_to(np.int16(0), len(call))
    rows = np.arange(len(call))
    return rows - np.maximum.accumulate(np.where(begins, rows, 0))


def _agents(found: EngineResult, staff: StaffTable) -> dict[str, npt.NDArray[Any]]:
    agents = empty_table("agents", len(staff.agent))
    agents["agent"][:], agents["group"][:] = staff.agent, staff.group
    agents["on_us"][:], agents["off_us"][:] = found.on_us, found.off_us
    agents["staffed_us"][:] = found.off_us - found.on_us
    answered = np.flatnonzero(found.visits["shift"] != NONE)
    rows = found.visits["shift"][answered]
    for name, of in (("busy_us", "talk_us"), ("wrap_us", "acw_us")):
        agents[name][:] = exact_sums(rows, found.visits[of][answered], len(staff.agent))
    if found.outbound is not None:
        for name, values in outbound_times(found.outbound, len(staff.agent)).items():
            agents[name] += values
    return agents


def outbound_times(outbound: Mapping[str, npt.NDArray[Any]], rows: int) -> dict[str, npt.NDArray[np.int64]]:
    """The time of each row of the staff table that goes to the calls that agents made."""
    shift = outbound["shift"]
    return {
        "busy_us": exact_sums(shift, outbound["ring_us"] + outbound["talk_us"], rows),
        "wrap_us": exact_sums(shift, outbound["acw_us"], rows),
    }
