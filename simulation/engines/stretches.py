"""The stretches in which agents who chat have the same number in hand, from what a run determined."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.records.integer_sums import exact_sums
from ivr.records.schema import NONE
from ivr.records.tables import empty_table
from simulation.tables.staff_table import StaffTable

__all__ = ["in_hand", "share_out"]

Array = npt.NDArray[Any]
_COUNTS = ("in_hand", "talking", "taken", "there")


def in_hand(
    visits: Mapping[str, Array],
    pauses: Mapping[str, Array],
    on_us: Array,
    off_us: Array,
    staff: StaffTable,
    queues: tuple[str, ...],
) -> tuple[dict[str, Array], Array]:
    """The table ``in_hand``, by row of the staff table and time, and the row of each stretch.

    Parameters
    ----------
    visits, pauses : mapping of str to numpy.ndarray
        Columns VISIT_COLUMNS and PAUSE_COLUMNS of an engine's result.
    on_us, off_us : numpy.ndarray
        By row of the staff table.
    staff : StaffTable
    queues : tuple of str
    """
    at_once = np.array([chats.at_once if chats else 0 for chats in staff.chats])
    slots = np.array([[0 if c is None else 1 if c.covers(q) else c.at_once for c in staff.chats] for q in queues])
    rows = np.flatnonzero(at_once[staff.group] > 0)
    taken = np.flatnonzero(visits["shift"] != NONE)
    taken = taken[np.isin(visits["shift"][taken], rows)]
    shift, answered = visits["shift"][taken], visits["left_us"][taken]
    talked = answered + visits["talk_us"][taken]
    of_slots = slots[visits["queue"][taken], staff.group[shift]]
    paused = np.isin(pauses["shift"], rows)
    events: list[tuple[Array, Array, dict[str, Any]]] = [
        (rows, on_us[rows], {"there": 1}),
        (rows, off_us[rows], {"there": -1}),
        (pauses["shift"][paused], pauses["began_us"][paused], {"there": -1}),
        (pauses["shift"][paused], pauses["ended_us"][paused], {"there": 1}),
        (shift, answered, {"in_hand": 1, "talking": 1, "taken": of_slots}),
        (shift, talked, {"talking": -1}),
        (shift, talked + visits["acw_us"][taken], {"in_hand": -1, "taken": -of_slots}),
    ]
    of = np.concatenate([row for row, _, _ in events])
    at_us = np.concatenate([when for _, when, _ in events])
    order = np.lexsort((at_us, of))
    of, at_us = of[order], at_us[order]
    # All changes of a row add up to nothing, so sums may run on from row to row.
    now = {
        name: np.cumsum(
            np.concatenate([np.broadcast_to(change.get(name, 0), len(row)) for row, _, change in events])[order]
        )
        for name in _COUNTS
    }
    kept = np.flatnonzero((of[1:] == of[:-1]) & (at_us[1:] > at_us[:-1]) & (now["there"][:-1] > 0))
    table = empty_table("in_hand", len(kept))
    row = of[kept]
    table["agent"][:], table["group"][:] = staff.agent[row], staff.group[row]
    table["began_us"][:], table["ended_us"][:] = at_us[kept], at_us[kept + 1]
    for name in ("in_hand", "talking", "taken"):
        table[name][:] = now[name][kept]
    table["slots"][:] = at_once[staff.group[row]]
    return table, row


def share_out(agents: dict[str, Array], table: Mapping[str, Array], row: Array, staff: StaffTable) -> None:
    """Put the time of agents who chat into the table of agents: talk if any goes on, else after-call work."""
    size, length = len(staff.agent), table["ended_us"] - table["began_us"]
    chats = np.array([of is not None for of in staff.chats])[staff.group]
    talking = table["talking"] > 0
    for name, counts in (("busy_us", talking), ("wrap_us", (table["in_hand"] > 0) & ~talking)):
        agents[name][chats] = exact_sums(row, np.where(counts, length, 0), size)[chats]
