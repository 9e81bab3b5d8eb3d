"""The menu stage of many callers: what ``simulation.menus.sampled_walk`` does, compiled, draw for draw and bit for bit.

A test compares the two on every shipped flow. Times that a distribution adds are drawn by NumPy, as are its quantiles.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.records.schema import outcome_code
from simulation.engines.kernel.cached import arrive_at_ends, choose, go_on
from simulation.menus import sampled_walk as readable
from simulation.menus.caller_model import Rules
from simulation.menus.sampled_walk import MAX_STEPS, Callers, Menus
from simulation.sampling.streams import Streams
from simulation.tables.call_table import OFFERED

__all__ = ["walk"]

_WALKING = -2
_CONTAINED, _FAILED = outcome_code("contained"), outcome_code("failed")
_US = 1_000_000


def walk(
    rules: Rules,
    callers: Callers,
    streams: Streams,
    *,
    begin: npt.NDArray[np.int32] | None = None,
    stage: str = "menu",
    record: bool = False,
) -> Menus:  # over 60 lines: half of them name the arrays that the compiled steps read
    """Walk all callers to the end of their menus; as ``simulation.menus.sampled_walk.walk``, which also keeps steps."""
    if record:
        return readable.walk(rules, callers, streams, begin=begin, stage=stage, record=True)
    chain, n = rules.chain, len(callers.arrived_us)
    position = np.full(n, chain.start, dtype=np.int32) if begin is None else begin.astype(np.int32)
    time_s, used = np.zeros(n), np.zeros(n)
    ending = np.full(n, _WALKING, dtype=np.int8)
    ending[position < 0] = _CONTAINED
    presses, zero_out = np.zeros(n, dtype=np.int16), np.zeros(n, dtype=np.bool_)
    active = np.flatnonzero(position >= 0)
    tables, wishes, column = _tables(rules), rules.wishes, callers.columns()
    edge, extra = np.empty(n, np.int16), np.empty(n, np.int16)
    leg = np.empty(n)
    for step in range(MAX_STEPS):
        active = active[: arrive_at_ends(active, position, time_s, ending, chain.kind, rules.whole_s, rules.at_end)]
        if not len(active):
            break
        u = streams.generator(f"{stage}/choice/{step}").random(n)
        timed = choose(
            active,
            position,
            u,
            callers.arrived_us,
            column,
            callers.language,
            callers.kind_u,
            time_s,
            edge,
            leg,
            extra,
            *tables,
        )
        if timed:
            time_u = streams.generator(f"{stage}/time/{step}").random(n)
            time_u = time_u if len(active) == n else time_u[active]
            codes = extra[: len(active)]
            counts = np.bincount(codes)
            for code in np.flatnonzero(counts[1:]) + 1:
                rows = slice(len(active)) if counts[code] == len(active) else np.flatnonzero(codes == code)
                leg[rows] += rules.extras[code].quantile(time_u[rows])
        active = active[
            : go_on(
                active,
                position,
                u,
                callers.staying,
                callers.intent,
                time_s,
                used,
                ending,
                presses,
                zero_out,
                edge,
                leg,
                rules.quits,
                rules.rate_per_s,
                rules.keys,
                rules.zero_edge,
                rules.serves,
                chain.to,
                rules.hung_up,
                rules.end_code,
                column,
                wishes.asked,
                wishes.told_no,
                wishes.leads,
                wishes.door,
                wishes.is_goal,
            )
        ]
    ending[ending == _WALKING] = _FAILED
    queue = np.where(ending == OFFERED, rules.queue[position], -1)
    return Menus(
        menu_us=np.rint(time_s * _US).astype(np.int64),
        ending=ending,
        queue=queue.astype(np.int16),
        position=position,
        key_presses=presses,
        zero_out=zero_out,
        heard_language=rules.heard_language[position],
    )


def _tables(rules: Rules) -> tuple[npt.NDArray[Any], ...]:
    """The columns that a choice reads, each of one type, so that the code is compiled once."""
    chain, openings = rules.chain, rules.openings
    return (
        chain.kind.astype(np.int8, copy=False),
        rules.hear_all.astype(float, copy=False),
        rules.key_ahead.astype(float, copy=False),
        rules.silent.astype(float, copy=False),
        rules.zero.astype(float, copy=False),
        rules.wrong.astype(float, copy=False),
        rules.quits.astype(float, copy=False),
        rules.drawn.astype(np.bool_, copy=False),
        rules.digits.astype(np.bool_, copy=False),
        rules.chance.astype(float, copy=False),
        rules.wishes.want,
        rules.want_language.astype(np.int8, copy=False),
        rules.silence.astype(np.int8, copy=False),
        rules.zero_edge.astype(np.int8, copy=False),
        rules.miss.astype(np.int8, copy=False),
        rules.clock_edge.astype(np.int8, copy=False),
        chain.key_edge.astype(np.int8, copy=False),
        rules.heard_s.astype(float, copy=False),
        rules.rest_s.astype(float, copy=False),
        rules.extra.astype(np.int16, copy=False),
        openings.changes_us.astype(np.int64, copy=False),
        openings.clock_at.astype(np.int64, copy=False),
    )
