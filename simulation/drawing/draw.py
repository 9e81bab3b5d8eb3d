"""Draws the calls of one replication with the compiled pass over the callers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.records.schema import NEVER, NONE
from simulation.arrays import Floats, Times
from simulation.drawing.columns import AHEAD, BLOCK, CALLERS, CODES, KNOWN, SCORED, SHARES, SHORTS, WHOLES
from simulation.drawing.plan import Plan, cumulative, cumulative_rows, plan, signed
from simulation.drawing.state import LEG, World
from simulation.sampling.purposes import AGAIN, ARRIVALS, CALLER, INTENT
from simulation.sampling.streams import Streams
from simulation.tables.call_table import CallTable
from simulation.workload.arrivals.base import Expected
from simulation.workload.build_call_table import Prepared
from simulation.workload.busy_days import BusyU
from simulation.workload.draw_callers import known_intents, numbers_of_surge, surge_purposes, wants_and_busyness

__all__ = ["Drawing", "drawing"]

Array = npt.NDArray[Any]
_MOST_LEGS = 32
"""Visits on the stack while a call is drawn: each of five depths leaves at most two, and the next puts three on top."""
_OF_CALLS = {
    "menu_us",
    "retry",
    "retry_after_us",
    "repeat_after_us",
    "intent",
    "language",
    "key_presses",
    "ending",
    "zero_out",
}
"""The columns with a row for each call; the others have one for each visit."""
_OF_RETRIES = {"retry", "retry_after_us", "repeat_after_us"}
"""The columns that say who calls again."""


def drawing(prepared: Prepared) -> Drawing | None:
    """The compiled drawing of a scenario; None if it cannot draw a distribution or conferences."""
    found = plan(prepared)
    return None if found is None else Drawing(found)


@dataclass(frozen=True)
class Drawing:
    """Draws the calls of any replication of a scenario.

    Parameters
    ----------
    plan : Plan
    """

    plan: Plan

    def __call__(self, streams: Streams, *, busy_u: BusyU | None = None) -> CallTable:
        """Draw the calls of one replication: those of ``build_call_table``, without paths."""
        return _table(self.plan, _drawn(self.plan, streams, _callers(self.plan, streams, busy_u)))

    def load(self) -> None:
        """Load the compiled functions, or compile them."""
        _poisson_us(Streams(0), ARRIVALS, Expected(np.array([0, 1]), np.zeros(2)), 1)
        nobody = np.zeros((len(CALLERS), 0), np.int64)
        shares = np.ones((1, len(self.plan.prepared.model.intents)))
        _drawn(
            self.plan,
            Streams(0),
            {"callers": nobody, "of_caller": np.zeros((2, 1), np.int16), "intent_share": shares},
            again=True,
        )


def _drawn(of: Plan, streams: Streams, callers: dict[str, Array], *, again: bool = False) -> World:
    from simulation.drawing.cached import call_again, draw_on
    from simulation.drawing.callers import DONE, MOST_FURTHER

    run = of.run.copy()
    s = run[0]
    replication, key = streams.key(AGAIN)
    s["replication"] = signed(replication)
    attempts, n = int(s["attempts"]), callers["callers"].shape[1]
    who = np.zeros(attempts + 1 + n * (attempts - 1), np.int64)
    who[1 : attempts + 1] = n
    if attempts > 1 or again:
        shares = _shares_of_calling_again(of, streams, callers)
        call_again(callers["callers"], np.uint64(replication), np.uint64(key), attempts, shares, who)
    calls = int(who[attempts])
    s["attempt"], s["calls"], s["rows"] = 1, calls, calls
    rows = calls + (MOST_FURTHER + 64 + calls if of.may_go_on() else 0)
    world = World(
        run=run,
        legs=np.zeros(_MOST_LEGS, LEG),
        **of.tables,
        **callers,
        who=who,
        ahead=np.empty((AHEAD, BLOCK)),
        score=np.empty((len(SCORED), BLOCK)),
        time=np.empty((2, BLOCK)),
        whole=np.empty((len(WHOLES) - 1 + int(s["talk_columns"] + s["pause_columns"]), rows), np.int64),
        short=np.empty((len(SHORTS), rows), np.int16),
        code=np.empty((len(CODES), rows), np.int8),
        u=np.empty((rows, 2) if s["has_chance"] else (1, 2)),
    )
    while draw_on(world) != DONE:
        world = _with_more_room(world)
    return world


def _shares_of_calling_again(of: Plan, streams: Streams, callers: dict[str, Array]) -> Floats:
    """f8[callers, 3], or one row if all are alike: see ``call_again``."""
    stated = [(one.share, one.handled_from, float(one.attempts)) for one in of.again]
    rows: Floats = np.array(stated or [(0.0, 1.0, 1.0)], np.float64)
    if (rows == rows[0]).all():
        return rows[:1]
    of_caller, shares = callers["of_caller"], callers["intent_share"]
    u = streams.uniforms(CALLER, callers["callers"][CALLERS.index("number")])[:, INTENT]
    drawn = (u[:, None] >= shares[np.broadcast_to(of_caller[SHARES], len(u)), :-1]).sum(axis=1)
    return np.asarray(rows[np.where(of_caller[KNOWN] >= 0, of_caller[KNOWN], drawn)])


def _callers(of: Plan, streams: Streams, busy_u: BusyU | None) -> dict[str, Array]:
    """When the callers come, in this order, their numbers, and how their intents are drawn."""
    prepared = of.prepared
    arrivals, model, horizon_us = prepared.arrivals, prepared.model, of.horizon_us
    shares, expected = of.on_usual_days
    wants, busyness = wants_and_busyness(arrivals, model, streams, busy_u=busy_u)
    if arrivals.busyness:
        shares = cumulative_rows(wants.share)
        expected = of.expected(busyness)
    tables = [*shares]
    if expected is None:
        times_us = arrivals.process.times_us(streams.generator(ARRIVALS), horizon_us, busyness=busyness)
    else:
        times_us = _poisson_us(streams, ARRIVALS, expected, horizon_us)
    share_row: Array = np.zeros(1, np.int16)
    if len(shares) > 1:
        share_row = wants.period(times_us).astype(np.int16)
    wanted = known_intents(arrivals, model, streams, horizon_us)
    known: Array = np.full(1, NONE, np.int16) if wanted is None else wanted
    number: Array = np.zeros(1, np.int64)
    if arrivals.surges:
        parts = [times_us]
        numbers = [np.arange(len(times_us))]
        rows = [np.broadcast_to(share_row, len(times_us))]
        for (surge, wanted_by), purpose in zip(arrivals.surges, surge_purposes(arrivals), strict=True):
            of_surge = _poisson_us(streams, purpose, surge.expected(), surge.over_us) + surge.at_us
            of_surge = of_surge[of_surge < horizon_us]
            own = model.intent_share
            if wanted_by:
                own = np.array([wanted_by.get(name, 0.0) for name in model.intents])
            rows.append(np.full(len(of_surge), len(tables), np.int16))
            tables.append(cumulative(own))
            parts.append(of_surge)
            numbers.append(numbers_of_surge(purpose, len(of_surge)))
        times_us = np.concatenate(parts)
        order = np.argsort(times_us, kind="stable")
        times_us, number, share_row = times_us[order], np.concatenate(numbers)[order], np.concatenate(rows)[order]
        if wanted is not None:
            known = np.concatenate([known, np.full(len(order) - len(known), NONE, np.int16)])[order]
    if arrivals.surges or of.run[0]["attempts"] > 1:
        callers = np.zeros((len(CALLERS), len(times_us)), np.int64)
        callers[CALLERS.index("arrived")] = times_us
        callers[CALLERS.index("number")] = number if arrivals.surges else np.arange(len(times_us))
        callers[CALLERS.index("kept")] = NONE
    else:
        callers = times_us[None]
    of_caller = np.full((2, max(len(share_row), len(known), 1)), NONE, np.int16)
    if len(times_us):
        of_caller[SHARES], of_caller[KNOWN] = share_row, known
    return {"callers": callers, "of_caller": of_caller, "intent_share": np.stack(tables)}


def _poisson_us(streams: Streams, purpose: str, of: Expected, horizon_us: int) -> Times:
    from simulation.drawing.cached import arrive

    room, (replication, key) = of.enough, streams.key(purpose)
    while True:
        times_us = np.empty(room, np.int64)
        count = arrive(times_us, np.uint64(replication), np.uint64(key), of.edges_us, of.calls, horizon_us)
        if count >= 0:
            return times_us[:count]
        room *= 2


def _with_more_room(world: World) -> World:
    """The same world with longer columns."""

    def longer(columns: Array, axis: int) -> Array:
        more = [(0, 0)] * columns.ndim
        more[axis] = (0, columns.shape[axis])
        return np.pad(columns, more)

    return world._replace(
        whole=longer(world.whole, 1),
        short=longer(world.short, 1),
        code=longer(world.code, 1),
        u=longer(world.u, 0) if len(world.u) > 1 else world.u,
    )


def _table(of: Plan, world: World) -> CallTable:
    s = world.run[0]
    model = of.prepared.model
    calls, rows, n = int(s["calls"]), int(s["rows"]), world.callers.shape[1]
    columns: dict[str, Any] = {}
    for name, field, row in of.drawn:
        if calls > n or name not in _OF_RETRIES:
            columns[name] = getattr(world, field)[row, : calls if name in _OF_CALLS else rows]
    columns["zero_out"] = columns["zero_out"].view(np.bool_)
    arrived_us = world.callers[0]
    if calls > n:
        columns["attempt"] = np.repeat(np.arange(1, int(s["attempts"]) + 1), np.diff(world.who[: s["attempts"] + 1]))
        columns["attempt"] = columns["attempt"].astype(np.int16)
        arrived_us = np.concatenate([arrived_us, np.full(calls - n, NEVER)])
    talk, pauses = len(WHOLES) - 1, len(WHOLES) - 1 + int(s["talk_columns"])
    talk_us = world.whole[talk:pauses, :rows] if s["has_talk"] else np.zeros((s["talk_columns"], rows), np.int64)
    return CallTable.known_to_fit(
        arrived_us=arrived_us,
        **columns,
        talk_us=np.ascontiguousarray(talk_us.T),
        pause_us=np.ascontiguousarray(world.whole[pauses:, :rows].T),
        pause_column=of.pause_column,
        u=world.u[:rows] if s["has_chance"] else np.zeros((rows, 0)),
        retry_outcomes=of.retry_outcomes,
        talk_column=of.talk_column,
        urgencies=of.urgencies,
        intents=model.intents,
        languages=model.languages,
        paths=(),
        queues=model.queues,
    )
