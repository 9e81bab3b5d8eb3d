"""What records add to an engine's visits and agents, compiled: as ``simulation.engines.results`` does, and checked."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.records.integer_sums import exact_sums
from ivr.records.schema import NONE
from ivr.records.tables import empty_table
from simulation.engines.kernel.cached import calls_are_sound, fill_visits, times_are_sound
from simulation.engines.kernel.plain_arrays import plain
from simulation.engines.results import EngineResult, outbound_times
from simulation.tables.checks import StaffTable

__all__ = ["finish"]

Array = npt.NDArray[Any]


def finish(
    found: EngineResult, staff: StaffTable, came: Array | slice, *, horizon_us: int
) -> tuple[dict[str, Array], dict[str, Array], bool]:
    """The tables of visits and agents, and whether they conserve calls and time; if not, the readable check says why.

    Parameters
    ----------
    found : EngineResult
    staff : StaffTable
    came : numpy.ndarray or slice
        The calls that came.
    horizon_us : int
    """
    visits = {name: plain(values) for name, values in found.visits.items()}
    rows, agents = len(visits["call"]), empty_table("agents", len(staff.agent))
    number: Array = np.zeros(0, np.int64)
    calls = len(found.outcome)
    if not isinstance(came, slice):
        number = np.full(calls, NONE)
        number[came] = np.arange(len(came))
        calls = len(came)
    agent_of, group_of = plain(staff.agent.astype(np.int64)), plain(staff.group.astype(np.int16))
    made = {name: np.empty(rows, np.int64) for name in ("call_id", "seq", "answered_us", "agent")}
    made["group"] = np.empty(rows, np.int16)
    busy_us, wrap_us = np.zeros(len(staff.agent), np.int64), np.zeros(len(staff.agent), np.int64)
    flags = np.zeros(calls, np.uint8)
    given = ("call", "queue", "offered_us", "left_us", "result", "shift", "talk_us", "acw_us", "called_back")
    sound = fill_visits(
        *(visits[name] for name in given),
        number,
        agent_of,
        group_of,
        *made.values(),
        busy_us,
        wrap_us,
        flags,
    )
    agents["agent"][:], agents["group"][:] = staff.agent, staff.group
    agents["on_us"][:], agents["off_us"][:] = found.on_us, found.off_us
    agents["staffed_us"][:] = found.off_us - found.on_us
    busy: list[Array] = [made["agent"], made["answered_us"], visits["talk_us"], visits["acw_us"]]
    if found.outbound is not None:
        of = found.outbound
        for name, us in outbound_times(of, len(staff.agent)).items():
            (busy_us if name == "busy_us" else wrap_us)[:] += us
        dialled = (agent_of[of["shift"]], of["dialled_us"], of["ring_us"] + of["talk_us"], of["acw_us"])
        busy = [np.concatenate(pair) for pair in zip(busy, dialled, strict=True)]
    agents["busy_us"][:], agents["wrap_us"][:] = busy_us, wrap_us
    sound = (
        sound
        and found.endings == calls
        and calls_are_sound(
            *(plain(values[came]) for values in (found.arrived_us, found.ended_us, found.outcome)), flags, horizon_us
        )
        and times_are_sound(
            *map(plain, busy),
            agent_of,
            busy_us,
            wrap_us,
            _with_pauses(found),
            found.off_us - found.on_us,
            int(staff.agent.max(initial=-1)) + 1,
        )
    )
    kept = ("queue", "offered_us", "left_us", "result", "talk_us", "acw_us", "called_back")
    table = {name: found.visits[name] for name in kept} | {"announced_wait_us": found.visits["announced_us"]}
    return table | made, agents, bool(sound)


def _with_pauses(found: EngineResult) -> Array:
    """By row of the staff table, the time neither busy nor in wrap-up: idle, or paused."""
    row = found.pauses["shift"]
    if not len(row):
        return found.idle_us
    return found.idle_us + exact_sums(row, found.pauses["ended_us"] - found.pauses["began_us"], len(found.idle_us))
