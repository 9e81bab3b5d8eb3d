"""The menu stage of many callers: ``simulation.menus.sampled_walk`` compiled, with the same draws, bit for bit.

A test compares the two on every shipped flow. Times that a distribution adds are drawn by NumPy, as are its quantiles.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from flows.values.units import US_PER_S
from ivr.records.schema import outcome_code
from simulation.engines.kernel.cached import arrive_at_ends, choose, go_on
from simulation.menus import sampled_walk as readable
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import MAX_STEPS, Callers, Menus
from simulation.sampling.streams import Streams
from simulation.tables.call_table import OFFERED

__all__ = ["walk"]

_WALKING = -2
_CONTAINED, _FAILED = outcome_code("contained"), outcome_code("failed")


def walk(
    model: CallerModel,
    callers: Callers,
    streams: Streams,
    *,
    begin: npt.NDArray[Any] | None = None,
    stage: str = "menu",
    record: bool = False,
) -> Menus:  # over 60 lines: half of them name the arrays the compiled steps read
    """Walk all callers to the end of their menus, like ``simulation.menus.sampled_walk.walk`` but without its steps."""
    if record:
        return readable.walk(model, callers, streams, begin=begin, stage=stage, record=True)
    chain, n = model.chain, len(callers.arrived_us)
    position = np.full(n, chain.start, dtype=np.int32) if begin is None else begin.astype(np.int32)
    time_s, used = np.zeros(n), np.zeros(n)
    ending = np.full(n, _WALKING, dtype=np.int8)
    ending[position < 0] = _CONTAINED
    presses, zero_out = np.zeros(n, dtype=np.int16), np.zeros(n, dtype=np.bool_)
    active = np.flatnonzero(position >= 0)
    tables, wishes, column = _tables(model), model.goal_policy, callers.columns()
    edge, extra = np.empty(n, np.int16), np.empty(n, np.int16)
    leg = np.empty(n)
    for step in range(MAX_STEPS):
        active = active[: arrive_at_ends(active, position, time_s, ending, chain.kind, model.whole_s, model.at_end)]
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
                leg[rows] += model.extras[code].quantile(time_u[rows])
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
                model.quits,
                model.rate_per_s,
                model.keys,
                model.zero_edge,
                model.serves,
                chain.to,
                model.hung_up,
                model.end_code,
                column,
                wishes.asked,
                wishes.told_no,
                wishes.leads,
                wishes.door,
                wishes.is_goal,
            )
        ]
    ending[ending == _WALKING] = _FAILED
    queue = np.where(ending == OFFERED, model.queue[position], -1)
    return Menus(
        menu_us=np.rint(time_s * US_PER_S).astype(np.int64),
        ending=ending,
        queue=queue.astype(np.int16),
        position=position,
        key_presses=presses,
        zero_out=zero_out,
        heard_language=model.heard_language[position],
    )


def _tables(model: CallerModel) -> tuple[npt.NDArray[Any], ...]:
    """The columns that a choice reads, each of a fixed type so that the code is compiled once."""
    chain, openings = model.chain, model.opening_states
    return (
        chain.kind.astype(np.int8, copy=False),
        model.hear_all.astype(float, copy=False),
        model.key_ahead.astype(float, copy=False),
        model.silent.astype(float, copy=False),
        model.zero.astype(float, copy=False),
        model.wrong.astype(float, copy=False),
        model.quits.astype(float, copy=False),
        model.drawn.astype(np.bool_, copy=False),
        model.digits.astype(np.bool_, copy=False),
        model.chance.astype(float, copy=False),
        model.goal_policy.want,
        model.want_language.astype(np.int8, copy=False),
        model.silence.astype(np.int8, copy=False),
        model.zero_edge.astype(np.int8, copy=False),
        model.miss.astype(np.int8, copy=False),
        model.clock_edge.astype(np.int8, copy=False),
        chain.key_edge.astype(np.int8, copy=False),
        model.heard_s.astype(float, copy=False),
        model.rest_s.astype(float, copy=False),
        model.extra.astype(np.int16, copy=False),
        openings.changes_us.astype(np.int64, copy=False),
        openings.state_at.astype(np.int64, copy=False),
    )
