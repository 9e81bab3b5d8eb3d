"""From what an engine found out about each call and shift to records: the same way for every engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from ivr.record_schema import NONE, outcome_code
from ivr.records import Records, empty_table
from simulation.tables import CallTable, StaffTable

__all__ = ["EngineResult", "records_of"]


@dataclass(frozen=True)
class EngineResult:
    """What a run decided; everything else is in the tables it read.

    Parameters
    ----------
    outcome : numpy.ndarray
        i1[n]. Per call, a code of OUTCOMES.
    ended_us : numpy.ndarray
        i8[n]. When the caller's part ended.
    result : numpy.ndarray
        i1[n]. A code of RESULTS; NONE for a call that never joined a queue.
    left_us : numpy.ndarray
        i8[n]. When the call was answered or left its queue.
    shift : numpy.ndarray
        i8[n]. Row of the staff table that answered, or NONE.
    on_us, off_us : numpy.ndarray
        i8[m]. Per row of the staff table, when the shift began and ended in fact.
    """

    outcome: np.ndarray
    ended_us: np.ndarray
    result: np.ndarray
    left_us: np.ndarray
    shift: np.ndarray
    on_us: np.ndarray
    off_us: np.ndarray


def records_of(found: EngineResult, calls: CallTable, staff: StaffTable, *, horizon_us: int) -> Records:
    """Return the records of one replication.

    Parameters
    ----------
    found : EngineResult
    calls : CallTable
    staff : StaffTable
    horizon_us : int

    Returns
    -------
    Records
        A ``visits`` row for each call that joined a queue, in order of call id.
    """
    blocked = found.outcome == outcome_code("blocked")
    visits = _visits(found, calls, staff)
    return Records(
        calls={
            "call_id": np.arange(len(calls)), "source": np.zeros(len(calls), "i1"), "arrived_us": calls.arrived_us,
            "intent": calls.intent, "language": calls.language, "path": np.where(blocked, NONE, calls.path),
            "menu_us": np.where(blocked, 0, calls.menu_us), "outcome": found.outcome,
            "zero_out": calls.zero_out & ~blocked, "attempt": np.ones(len(calls), "i2"), "ended_us": found.ended_us,
        },
        visits=visits, steps=empty_table("steps"), agents=_agents(found, staff, visits), horizon_us=horizon_us,
        names={"intent": calls.intents, "language": calls.languages, "path": calls.paths,
               "queue": calls.queues, "group": staff.groups},
    )


def _visits(found: EngineResult, calls: CallTable, staff: StaffTable) -> dict[str, np.ndarray]:
    joined = np.flatnonzero(found.result != NONE)
    answered = np.flatnonzero(found.shift[joined] != NONE)
    call, shift = joined[answered], found.shift[joined[answered]]
    visits = empty_table("visits", len(joined))
    visits["call_id"][:] = joined
    visits["queue"][:] = calls.queue[joined]
    visits["offered_us"][:] = (calls.arrived_us + calls.menu_us)[joined]
    visits["left_us"][:] = found.left_us[joined]
    visits["result"][:] = found.result[joined]
    visits["answered_us"][answered] = found.left_us[call]
    visits["agent"][answered] = staff.agent[shift]
    visits["group"][answered] = staff.group[shift]
    column = np.array(calls.talk_column or (0,) * len(staff.groups), dtype=np.int64)
    visits["talk_us"][answered] = calls.talk_us[call, column[staff.group[shift]]]
    visits["acw_us"][answered] = calls.acw_us[call]
    return visits


def _agents(found: EngineResult, staff: StaffTable, visits: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    answered = visits["answered_us"] != NONE
    shift = found.shift[visits["call_id"][answered]]
    agents = empty_table("agents", len(staff.agent))
    agents["agent"][:], agents["group"][:] = staff.agent, staff.group
    agents["on_us"][:], agents["off_us"][:] = found.on_us, found.off_us
    agents["staffed_us"][:] = found.off_us - found.on_us
    np.add.at(agents["busy_us"], shift, visits["talk_us"][answered])
    np.add.at(agents["wrap_us"], shift, visits["acw_us"][answered])
    return agents
