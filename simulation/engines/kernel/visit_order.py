"""Visits in the order of the records. Compiled."""

from __future__ import annotations

from ivr.records.schema import NONE
from simulation.engines.kernel.calls import at
from simulation.engines.kernel.jit import apart
from simulation.engines.kernel.state import Int64s, World
from simulation.tables.call_table import OFFERED

__all__ = ["order_of_visits"]


@apart
def order_of_visits(w: World, rows: Int64s) -> int:
    """Put the rows of all visits into `rows`, by call and then in the order they began; return their number."""
    s = w.run[0]
    slot, n = 0, 0
    for call in range(s.calls):
        if call >= s.first_attempts:
            visit = s.later_slot + call - s.first_attempts
        elif at(w.ending, call) == OFFERED:
            visit = slot
            slot += 1
        else:
            continue
        if w.result[visit] == NONE:  # it never reached its queue
            continue
        while visit != NONE:
            rows[n] = visit
            n += 1
            visit = w.next_visit[visit] if s.keeps_next else NONE
    return n
