"""One run of the reference engine, from tables to results."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Literal

import numpy as np

from ivr.routing import RoutingTable
from simulation.engines.reference.agent_events import on_release, on_shift_off, on_shift_on, on_talk_end
from simulation.engines.reference.call_events import (
    close,
    offer_in_order,
    on_abandonment,
    on_arrival,
    on_call_back_again,
    on_closing,
    on_limit,
    on_menu_end,
    on_overflow,
)
from simulation.engines.reference.dialled import dialled_columns
from simulation.engines.reference.floor import Floor
from simulation.engines.reference.schedule import at
from simulation.engines.reference.state import Handlers, State
from simulation.engines.reference.visit import estimate_rows, visit_columns
from simulation.engines.results import PAUSE_COLUMNS, EngineResult
from simulation.tables.checks import CallTable, StaffTable, require_tables_fit
from simulation.tables.queue_rules import QueueRule
from simulation.tables.tie_rule import ARRIVAL, CLOSING, SHIFT_ON

__all__ = ["run"]


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
    """Run the tables and return the engine's result.

    Parameters
    ----------
    calls, staff, routing, horizon_us, lines, at_end, queue_rules
        As in ``simulation.engines.contract.Engine.simulate``.
    estimates : bool
        Whether to keep each visit's expected wait by each estimator.

    Examples
    --------
    >>> calls = CallTable.of(arrived_us=[0, 10], talk_us=30)
    >>> routing = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))
    >>> run(calls, StaffTable.constant({"agents": 1}, 0, 60), routing, horizon_us=60, estimates=True).estimates.tolist()
    [[-1, -1, -1], [0, 0, 0]]
    """
    require_tables_fit(
        calls, staff, routing, horizon_us=horizon_us, lines=lines, at_end=at_end, queue_rules=queue_rules
    )
    state = State.of(
        calls,
        staff,
        routing,
        floor=Floor,
        lines=lines,
        horizon_us=horizon_us,
        drain=at_end == "drain",
        queue_rules=queue_rules,
        estimates=estimates,
    )
    state.on = _handlers(state)
    _schedule_first(state)
    state.env.run()
    # Calls that nobody is left to serve are closed at the time of the last event.
    close(state, max([state.horizon_us, state.last_us, *state.ended]))
    state.env.run()
    return _result(state, estimates=estimates)


def _handlers(state: State) -> Handlers:
    """The event handlers, bound to this run."""
    return Handlers(
        closing=partial(on_closing, state),
        talk_end=partial(on_talk_end, state),
        release=partial(on_release, state),
        shift_on=partial(on_shift_on, state),
        shift_off=partial(on_shift_off, state),
        arrival=partial(on_arrival, state),
        menu_end=partial(on_menu_end, state),
        overflow=partial(on_overflow, state),
        call_back_again=partial(on_call_back_again, state),
        limit=partial(on_limit, state),
        abandonment=partial(on_abandonment, state),
    )


def _schedule_first(state: State) -> None:
    """Schedule the initial events: shifts, the first call, closing."""
    for agent in state.agents.values():
        at(state.env, state.shift_on[agent.rows[-1]], SHIFT_ON + agent.turn, state.on.shift_on, agent)
    if not state.lines_limited:
        offer_in_order(state)
    elif state.arrived:
        at(state.env, state.arrived[0], ARRIVAL, state.on.arrival, 0)
    if not state.drain:
        at(state.env, state.horizon_us, CLOSING, state.on.closing, None)


def _result(state: State, *, estimates: bool) -> EngineResult:
    return EngineResult(
        arrived_us=np.array(state.arrived, dtype="i8"),
        outcome=np.array(state.outcome, dtype="i1"),
        ended_us=np.array(state.ended, dtype="i8"),
        key_presses=np.array(state.keys, dtype="i4"),
        visits=visit_columns(state.visits),
        on_us=np.array(state.actual_on, dtype="i8"),
        off_us=np.array(state.actual_off, dtype="i8"),
        idle_us=np.array(state.idle_us, dtype="i8"),
        endings=state.endings,
        pauses=dict(zip(PAUSE_COLUMNS, np.array(state.pauses, dtype="i8").reshape(-1, 3).T, strict=True)),
        estimates=estimate_rows(state.visits) if estimates else None,
        outbound=dialled_columns(state.outbound),
    )
