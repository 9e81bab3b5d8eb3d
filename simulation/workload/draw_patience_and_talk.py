"""Draws the times of queue visits: patience, talk, after-call work, and the ringing of callbacks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np

from ivr.records.schema import NEVER, NONE
from simulation.arrays import Floats, Ints, Times
from simulation.menus.caller_model import CallerModel
from simulation.sampling.distributions import Distribution
from simulation.sampling.purposes import PAUSE_LENGTH, PAUSE_SHARE, REACHED, RING, TALK, VISIT, WRAP_UP
from simulation.scenario.duty import Pauses
from simulation.scenario.model import Scenario
from simulation.tables.call_table import microseconds
from simulation.workload.visit_batch import Batch, Drawing

__all__ = ["callbacks", "patience_us", "pause_columns", "pauses_us", "quantiles_us", "talk_and_work_us", "talk_columns"]

TalkTimes = tuple[tuple[Distribution, ...] | None, ...]
"""Talk time by queue, shared by one or more groups."""


def patience_us(drawing: Drawing, batch: Batch) -> Times:
    """Patience of callers if it begins in this queue; in the first queue, what they keep from an earlier call."""
    whole = _times(drawing, "patience", batch, batch.patience_u, default=NEVER)
    if batch.depth > 1 or drawing.kept_us is None:
        return whole
    kept = drawing.kept_us[batch.caller]
    return np.where((kept == NONE) | (batch.queue < 0), whole, kept)


def talk_and_work_us(drawing: Drawing, batch: Batch) -> tuple[Times, Times]:
    """Talk times and after-call work of each visit; of talk, a column for each set of groups with the same times."""
    u = drawing.uniforms(VISIT, batch)
    return _talk_us(drawing, batch, u[:, TALK]), _times(drawing, "after_call_work", batch, u[:, WRAP_UP], default=0)


def _talk_us(drawing: Drawing, batch: Batch, u: Floats) -> Times:
    columns = talk_columns(drawing.scenario, drawing.model)[0]
    talk = np.zeros((len(u), len(columns)), dtype=np.int64)
    for column, by_queue in enumerate(columns):
        for code, of in enumerate(by_queue):
            rows = batch.rows_of(len(by_queue))[code]
            if of and len(rows):
                talk[rows, column] = quantiles_us(drawing, of, u[rows], batch.caller[rows])
    return talk


def talk_columns(scenario: Scenario, model: CallerModel) -> tuple[list[TalkTimes], tuple[int, ...]]:
    """The distinct talk times by queue, and which of them each group has."""
    of_group: list[TalkTimes] = [
        tuple(scenario.talk_of(queue, group) for queue in model.queues) for group in scenario.groups
    ]
    columns = list(dict.fromkeys(of_group))
    return columns, tuple(columns.index(talk) for talk in of_group)


def pause_columns(scenario: Scenario) -> tuple[list[Pauses], tuple[int, ...]]:
    """The distinct pauses of agents, and which of them each group has, or -1; no columns if nobody pauses."""
    stated = (group.pauses for group in scenario.groups.values())
    of_group = [pauses if pauses and pauses.after_calls else None for pauses in stated]
    columns = list(dict.fromkeys(pauses for pauses in of_group if pauses))
    return columns, tuple(columns.index(pauses) if pauses else NONE for pauses in of_group) if columns else ()


def pauses_us(columns: Sequence[Pauses], batch: Batch, u: Floats) -> Times:
    """How long the agent pauses after each visit, by the uniforms of the purpose AGENT; 0 = not at all."""
    lasts = np.zeros((len(batch), len(columns)), dtype=np.int64)
    for column, pauses in enumerate(columns):
        rows = np.flatnonzero((batch.queue >= 0) & (u[:, PAUSE_SHARE] < pauses.after_calls))
        lasts[rows, column] = microseconds(pauses.length.draw(u[rows, PAUSE_LENGTH]))
    return lasts


def callbacks(drawing: Drawing, batch: Batch, u: Floats | None) -> dict[str, Times | Ints]:
    """How long a callback rings, and at which attempt the caller answers, by the uniforms of the purpose FLOOR.

    Attempts are independent.
    """
    count = len(batch)
    offers = {
        drawing.model.queues.index(name): times.callback
        for name, times in drawing.scenario.queues.items()
        if times.callback
    }
    if not offers or u is None:
        return {"ring_us": np.broadcast_to(0, count), "reached_at": np.broadcast_to(1, count)}
    ring_us, reached_at = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.int16)
    ring_u, reached_u = u[:, RING], u[:, REACHED]
    for queue, offer in offers.items():
        rows = np.flatnonzero(batch.queue == queue)
        ring_us[rows] = microseconds(offer.ring.draw(ring_u[rows]))
        # Not reached in k attempts with chance (1 - p)^k.
        missed = (1 - offer.answered) ** np.arange(1, offer.attempts + 1)
        at = (1 - reached_u[rows][:, None] <= missed).sum(axis=1) + 1
        reached_at[rows] = np.where(at > offer.attempts, 0, at)
    return {"ring_us": ring_us, "reached_at": reached_at}


def _times(
    drawing: Drawing,
    what: Literal["after_call_work", "patience"],
    batch: Batch,
    u: Floats,
    *,
    default: int,
) -> Times:
    """Times by queue."""
    stated = [drawing.scenario.times(what, queue) for queue in drawing.model.queues]
    if not any(stated):
        return np.broadcast_to(default, len(batch))
    times = np.full(len(batch), default, dtype=np.int64)
    for of, rows in zip(stated, batch.rows_of(len(stated)), strict=True):
        if of and len(rows):
            times[rows] = quantiles_us(drawing, of, u[rows], batch.caller[rows])
    return times


def quantiles_us(drawing: Drawing, of: Sequence[Distribution], u: Floats, caller: Ints) -> Times:
    """Quantiles of a single distribution, or of the one for each caller's interval."""
    if len(of) == 1:
        return microseconds(of[0].draw(u))
    interval = drawing.scenario.places(len(of))[drawing.interval[caller]]
    values = np.zeros(len(u), dtype=np.int64)
    for i in np.unique(interval):
        values[interval == i] = microseconds(of[i].draw(u[interval == i]))
    return values
