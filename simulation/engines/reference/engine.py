"""One run of the reference engine, from tables to what became of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ivr.records.schema import NONE
from ivr.routing import RoutingTable
from simulation.engines.reference.agents import Agents
from simulation.engines.reference.calls import Calls
from simulation.engines.reference.floor import Agent, Floor
from simulation.engines.reference.schedule import Schedule
from simulation.engines.reference.visit import Visit, estimate_rows, visit_columns
from simulation.engines.results import EngineResult
from simulation.tables.checks import OFFERED, CallTable, StaffTable, require_tables_fit
from simulation.tables.queue_rules import QueueRule
from simulation.tables.tie_rule import ARRIVAL, CLOSING, SHIFT_ON

__all__ = ["Engine", "run"]


class Engine(Calls, Agents, Schedule):
    """One run: the state of calls and agents, its beginning and its end."""

    def __init__(
        self,
        calls: CallTable,
        staff: StaffTable,
        routing: RoutingTable,
        *,
        lines: int | None,
        horizon_us: int,
        drain: bool,
        queue_rules: Sequence[QueueRule],
        estimates: bool,
    ) -> None:
        super().__init__()
        n = len(calls)
        self.table, self.staff, self.horizon_us, self.drain = calls, staff, horizon_us, drain
        self.lines_limited = lines is not None
        self.free_lines = lines or 0
        self.rules = tuple(queue_rules) or (QueueRule(),) * len(calls.queues)
        self.plain = tuple(rule == QueueRule() and not estimates for rule in self.rules)
        self.visits: list[Visit] = []
        self.floor = Floor(routing, calls.urgencies, self.rules)
        # Plain lists: reading one number of a NumPy array costs three times as much.
        self.arrived, self.menu, self.ending = calls.arrived_us.tolist(), calls.menu_us.tolist(), calls.ending.tolist()
        self.queue, self.patience, self.limit = (
            calls.queue.tolist(),
            calls.patience_us.tolist(),
            calls.limit_us.tolist(),
        )
        self.acw, self.urgency, self.talk_next = calls.acw_us.tolist(), calls.urgency.tolist(), calls.talk_next.tolist()
        self.talk_delay, self.retry = calls.talk_delay_us.tolist(), calls.retry.tolist()
        columns = calls.talk_us.T.tolist()
        self.talk = [columns[c] for c in calls.talk_column or (0,) * len(routing.groups)]
        self.overflow_us = [sorted({us for us in row if us}) for row in routing.after_us]
        self.agents = {int(id): Agent(int(id)) for id in staff.agent}
        self.shift_on, self.shift_off = staff.on_us.tolist(), staff.off_us.tolist()
        self.speed, self.rest, self.to_break = staff.speed.tolist(), staff.rest_us.tolist(), staff.to_break.tolist()
        # What becomes of calls and shifts.
        self.outcome, self.ended, self.endings = [NONE] * n, [0] * n, 0
        self.keys = calls.key_presses.tolist()
        self.leg = list(range(n))  # where each call is
        self.onward: dict[int, tuple[int, int]] = {}  # what follows the present menu stage, unless it is the first
        self.patience_left: dict[int, int] = {}  # of calls on their way from one queue to another
        self.answered = bytearray(n)  # whether a talk with the caller has ended, and was not handed over
        self.work_left: dict[int, int] = {}  # of calls handed over, at speed 1
        self.attempts: dict[int, int] = {}  # to call back
        self.actual_on, self.actual_off = self.shift_on[:], self.shift_on[:]
        self.idle_us = [0] * len(self.shift_on)
        self.is_pending = bytearray(calls.ending == OFFERED)
        self.is_pending[calls.first_attempts :] = bytes(n - calls.first_attempts)
        self.pending = sum(self.is_pending)
        self.lingering: list[Agent] = []
        self.last_us = 0  # when anything happened last

    def go(self) -> None:
        for row in np.lexsort((self.staff.on_us, self.staff.agent))[::-1].tolist():
            self.agents[int(self.staff.agent[row])].rows.append(row)
        for agent in self.agents.values():
            self.at(self.shift_on[agent.rows[-1]], SHIFT_ON + agent.id, self.on_shift_on, agent)
        if self.lines_limited:
            if self.arrived:
                self.at(self.arrived[0], ARRIVAL, self.on_arrival, 0)
        else:
            self.take_offers_in_order()
        if not self.drain:
            self.at(self.horizon_us, CLOSING, self.on_closing, None)
        self.env.run()
        self.close_what_is_left()
        self.env.run()

    def close_what_is_left(self) -> None:
        """Close calls that nobody is left to serve, at the last moment at which anything happened."""
        self.close(max([self.horizon_us, self.last_us, *self.ended]))

    def found(self, *, estimates: bool) -> EngineResult:
        return EngineResult(
            arrived_us=np.array(self.arrived, dtype="i8"),
            outcome=np.array(self.outcome, dtype="i1"),
            ended_us=np.array(self.ended, dtype="i8"),
            key_presses=np.array(self.keys, dtype="i4"),
            visits=visit_columns(self.visits),
            on_us=np.array(self.actual_on, dtype="i8"),
            off_us=np.array(self.actual_off, dtype="i8"),
            idle_us=np.array(self.idle_us, dtype="i8"),
            endings=self.endings,
            estimates=estimate_rows(self.visits) if estimates else None,
        )


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
    """Run the tables and return what the engine found out; parameters as of ``simulation.engines.contract.Engine.simulate``.

    Parameters
    ----------
    estimates : bool
        Whether to keep the expected wait of every visit by every estimator.

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
    made = Engine(
        calls,
        staff,
        routing,
        lines=lines,
        horizon_us=horizon_us,
        drain=at_end == "drain",
        queue_rules=queue_rules,
        estimates=estimates,
    )
    made.go()
    return made.found(estimates=estimates)
