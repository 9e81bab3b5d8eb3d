"""The nodes that callers pass in the menus, one row for each, when calls are kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.records.tables import no_rows
from simulation.arrays import Flags, Ints, Times

__all__ = ["MenuSteps", "steps_table"]


@dataclass(frozen=True)
class MenuSteps:
    """Steps of all calls of a call table until their first queue, by call and time.

    Parameters
    ----------
    call : numpy.ndarray
        i8[steps]. Row of the call table.
    node, outcome : numpy.ndarray
        i4[steps]. Indices into `nodes` and `outcomes`; one row for each attempt.
    after_us : numpy.ndarray
        i8[steps]. From the call's arrival to entering the node.
    nodes, outcomes : tuple of str
    """

    call: Ints
    node: Ints
    outcome: Ints
    after_us: Times
    nodes: tuple[str, ...]
    outcomes: tuple[str, ...]


def steps_table(of: MenuSteps | None, row: Ints, arrived_us: Times, entered: Flags) -> Mapping[str, npt.NDArray[Any]]:
    """The steps of the calls that came, as records have them.

    Parameters
    ----------
    of : MenuSteps or None
    row : numpy.ndarray
        i8[calls]. The row of the call table of each call that came, ascending.
    arrived_us : numpy.ndarray
        i8[calls]. When each of them arrived.
    entered : numpy.ndarray
        b1[calls]. Whether they got in; a blocked call has no steps.

    Examples
    --------
    Of two calls the second came, at 1,000, and passed one node 20 later.

    >>> steps = MenuSteps(np.array([0, 1]), np.zeros(2, int), np.zeros(2, int), np.array([0, 20]), ("hi",), ("done",))
    >>> table = steps_table(steps, np.array([1]), np.array([1000]), np.array([True]))
    >>> table["call_id"].tolist(), table["seq"].tolist(), table["at_us"].tolist()
    ([0], [0], [1020])
    """
    if of is None or not len(of.call):
        return no_rows("steps")
    at = np.searchsorted(row, of.call)
    there = np.minimum(at, len(row) - 1) if len(row) else at
    came = (row[there] == of.call) & entered[there] if len(row) else np.zeros(len(of.call), bool)
    call = there[came].astype(np.int64)
    rows = np.arange(len(call))
    begins = np.append(True, call[1:] != call[:-1])[: len(call)]
    return {
        "call_id": call,
        "seq": (rows - np.maximum.accumulate(np.where(begins, rows, 0))).astype(np.int16),
        "node": of.node[came].astype(np.int32),
        "outcome": of.outcome[came].astype(np.int32),
        "at_us": arrived_us[call] + of.after_us[came],
    }
