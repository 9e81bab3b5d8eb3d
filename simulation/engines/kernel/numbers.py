"""The numbers that agents dial, as arrays that grow when the compiled loop asks for more, and the calls it made."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt

from simulation.engines.kernel.state import DIALLED, DONE, NUMBER, World
from simulation.engines.results import OUTBOUND_COLUMNS
from simulation.tables.staff_table import StaffTable

__all__ = ["first_numbers", "made", "with_more_numbers"]

Structs = npt.NDArray[np.void]
_AT_FIRST = 1024


def first_numbers(staff: StaffTable, groups: Structs) -> tuple[Structs, Structs]:
    """The first numbers of each group, and room for the calls; both with a row if nobody dials. Fills in `groups`."""
    if not any(staff.outbound):
        return np.zeros((1, 1), NUMBER), np.zeros(1, DIALLED)
    for g, work in enumerate(staff.outbound):
        if work is not None:
            groups[g]["stay_idle"], groups[g]["numbers_in_all"] = work.keep_idle, work.calls
    return _numbers(staff, groups, np.zeros((len(groups), 0), NUMBER), _AT_FIRST), np.zeros(_AT_FIRST, DIALLED)


def with_more_numbers(world: World, staff: StaffTable) -> World:
    """The same world, with twice the numbers if a group has dialled all that it knows, and room for more calls."""
    run: Any = world.run[0]
    run["stop"] = DONE
    groups: Any = world.groups
    numbers: Any = world.numbers
    dialled: Any = world.dialled
    waits = (groups["numbers_dialled"] == groups["numbers_known"]) & (
        groups["numbers_known"] < groups["numbers_in_all"]
    )
    if np.any(waits):
        numbers = _numbers(staff, groups, numbers, 2 * numbers.shape[1])
    if run["dialled"] == len(dialled):
        dialled = np.concatenate([dialled, np.zeros(len(dialled), DIALLED)])
    return world._replace(numbers=numbers, dialled=dialled)


def _numbers(staff: StaffTable, groups: Structs, known: Structs, size: int) -> Structs:
    """The numbers of each group up to `size`, or all that there are."""
    numbers = np.zeros((len(groups), size), NUMBER)
    before = known.shape[1]
    numbers[:, :before] = known
    for g, work in enumerate(staff.outbound):
        if work is None:
            continue
        begin, end = min(before, work.calls), min(size, work.calls)
        drawn = work.draw(begin, end)
        rows = numbers[g, begin:end]
        rows["ring"], rows["reached"], rows["talk"], rows["acw"] = (
            drawn.ring_us,
            drawn.reached,
            drawn.talk_us,
            drawn.acw_us,
        )
        groups[g]["numbers_known"] = end
    return numbers


def made(world: World) -> Mapping[str, npt.NDArray[Any]] | None:
    """The calls that agents made, as columns of the results; None without any."""
    number = int(world.run[0]["dialled"])
    if not number:
        return None
    rows: Any = world.dialled
    return {
        name: rows[field][:number].astype(dtype)
        for (name, dtype), field in zip(OUTBOUND_COLUMNS.items(), DIALLED.names or (), strict=True)
    }
