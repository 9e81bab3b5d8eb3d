"""One run of the compiled engine, from tables to results."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from ivr.records.schema import NONE
from ivr.routing import RoutingTable
from simulation.engines.kernel.build_world import build_world
from simulation.engines.kernel.numbers import made, with_more_numbers
from simulation.engines.kernel.state import DONE, TOO_FAR, World
from simulation.engines.results import EngineResult
from simulation.tables.call_table import wrong
from simulation.tables.checks import CallTable, QueueRule, StaffTable, require_tables_fit

__all__ = ["run"]

_PER_VISIT = (
    "visit_call",
    "visit_queue",
    "offered_us",
    "left_us",
    "result",
    "shift",
    "visit_talk_us",
    "visit_acw_us",
    "visit_pause_us",
    "announced_us",
    "called_back",
    "next_visit",
    "estimates",
)
_FILL = {"result": NONE, "announced_us": NONE, "next_visit": NONE, "estimates": NONE}


def run(
    calls: CallTable,
    staff: StaffTable,
    routing: RoutingTable,
    *,
    horizon_us: int,
    lines: int | None = None,
    at_end: Literal["drain", "clear"] = "drain",
    queue_rules: Sequence[QueueRule] = (),
    estimates: bool = False,
) -> EngineResult:
    """Run the tables; parameters and result as in ``simulation.engines.contract.Run``.

    Examples
    --------
    >>> calls = CallTable.of(arrived_us=[0, 10], talk_us=30)
    >>> routing = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))
    >>> run(calls, StaffTable.constant({"agents": 1}, 0, 60), routing, horizon_us=60, estimates=True).estimates.tolist()
    [[-1, -1, -1], [0, 0, 0]]
    """
    from simulation.engines.kernel.cached import run_on

    require_tables_fit(
        calls, staff, routing, horizon_us=horizon_us, lines=lines, at_end=at_end, queue_rules=queue_rules
    )
    world = build_world(
        calls,
        staff,
        routing,
        horizon_us=horizon_us,
        lines=lines,
        at_end=at_end,
        queue_rules=queue_rules,
        estimates=estimates,
    )
    while (why := run_on(world)) != DONE:
        if why == TOO_FAR:
            years = int(world.run[0]["time_limit"]) / (365.25 * 24 * 3600 * 1e6)
            raise wrong(
                f"an agent is busy beyond {years:.3g} years; with {len(world.agents)} agents the kernel cannot count"
                " further",
                hint="give a shorter horizon or shorter talk times, or run the reference engine",
            )
        world = with_more_numbers(_with_more_room(world), staff)
    return _found(world, calls, estimates=estimates)


def _with_more_room(world: World) -> World:
    """The same world, with the nearly full arrays doubled in size."""
    s = world.run[0]
    longer = {
        name: _longer(getattr(world, name), 2 * len(getattr(world, name)))
        for name, used, need in (
            ("menu_events", s["n_menu"], 4),
            ("wait_events", s["n_wait"], s["new_waits"]),
            ("nodes", s["nodes"], 1),
        )
        if used + need > len(getattr(world, name))
    }
    if s["visits"] + s["new_visits"] > len(world.visit_call):
        rows = len(world.visit_call)
        for name in _PER_VISIT:
            if len(getattr(world, name)) == rows:
                longer[name] = _longer(
                    getattr(world, name), rows + rows // 4 + 1024 + int(s["new_visits"]), fill=_FILL.get(name, 0)
                )
    return world._replace(**longer)


def _pauses(world: World) -> dict[str, npt.NDArray[np.int64]]:
    """The pauses after calls: each follows the work of its visit."""
    used = int(world.run[0]["visits"]) if world.run[0]["pause_columns"] else 0
    paused = np.flatnonzero(world.visit_pause_us[:used])
    began_us = world.left_us[paused] + world.visit_talk_us[paused]
    if world.run[0]["keeps_acw"]:
        began_us += world.visit_acw_us[paused]
    return {
        "shift": world.shift[paused],
        "began_us": began_us,
        "ended_us": began_us + world.visit_pause_us[paused],
    }


def _longer(array: npt.NDArray[Any], rows: int, *, fill: int = 0) -> npt.NDArray[Any]:
    longer = np.full((rows, *array.shape[1:]), fill, array.dtype)
    longer[: len(array)] = array
    return longer


def _found(world: World, calls: CallTable, *, estimates: bool) -> EngineResult:
    s = world.run[0]
    n, first, used = len(calls), calls.first_attempts, int(s["visits"])
    columns: dict[str, npt.NDArray[Any] | None] = {
        "call": world.visit_call,
        "queue": world.visit_queue,
        "offered_us": world.offered_us,
        "left_us": world.left_us,
        "result": world.result,
        "shift": world.shift,
        "talk_us": world.visit_talk_us,
        "acw_us": world.visit_acw_us if s["keeps_acw"] else None,
        "announced_us": world.announced_us if s["keeps_rules"] else None,
        "called_back": world.called_back.view("?") if s["keeps_rules"] else None,
    }
    rows: slice | npt.NDArray[np.int64] = slice(used)
    length = used
    if used > s["later_slot"] or np.any(world.result[:used] == NONE):
        from simulation.engines.kernel.cached import order_of_visits

        in_order = np.empty(used, np.int64)
        length = order_of_visits(world, in_order)
        rows = in_order[:length]
    neutral: dict[str, np.generic] = {
        "acw_us": np.int64(0),
        "announced_us": np.int64(NONE),
        "called_back": np.False_,
    }
    visits = {
        name: np.broadcast_to(neutral[name], length) if values is None else values[rows]
        for name, values in columns.items()
    }
    return EngineResult(
        arrived_us=(
            calls.arrived_us if n == first else np.concatenate([calls.arrived_us[:first], world.later_arrived_us])
        ),
        outcome=world.outcome,
        ended_us=world.ended_us,
        key_presses=calls.key_presses + world.later_keys if s["keeps_keys"] else calls.key_presses,
        visits=visits,
        on_us=world.rows["began"].copy(),
        off_us=world.rows["left"].copy(),
        idle_us=world.rows["idle"].copy(),
        endings=int(s["endings"]),
        pauses=_pauses(world),
        estimates=world.estimates[rows] if estimates else None,
        outbound=made(world),
    )
