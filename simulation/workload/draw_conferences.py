"""Draws whom agents ask into a talk: a row of the call table for the colleague, as if the call joined their queue."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from ivr.records.schema import NEVER, outcome_code
from simulation.arrays import Ints
from simulation.sampling.purposes import CONFER_PICK, CONFER_SHARE, CONFER_TALK, CONFER_WORK, CONFERENCE
from simulation.tables.call_table import Column, microseconds
from simulation.workload.draw_patience_and_talk import quantiles_us
from simulation.workload.visit_batch import Batch, Drawing

__all__ = ["conferences"]

_NOTHING = ("full_delay_us", "limit_delay_us", "talk_delay_us", "limit_keys", "full_keys", "talk_keys", "ring_us")
_CLOSED = outcome_code("closed")


def conferences(drawing: Drawing, batch: Batch, columns: Mapping[str, Column]) -> tuple[Ints, dict[str, Column]]:
    """Return the rows of a batch whose agent asks a colleague, and the columns of the colleagues' rows.

    Parameters
    ----------
    drawing : Drawing
    batch : Batch
    columns : mapping of str to numpy.ndarray
        Those of the batch; what is not said of a colleague is taken from them.
    """
    model, scenario = drawing.model, drawing.scenario
    stated = {model.queues.index(name): of.conference for name, of in scenario.queues.items() if of.conference}
    if not stated or not len(batch):
        return np.zeros(0, np.int64), {}
    u = drawing.uniforms(CONFERENCE, batch)
    share = np.zeros(len(model.queues) + 1)  # the last is that of callers who are not offered
    for code, of in stated.items():
        share[code] = of.share
    asked = np.flatnonzero(u[:, CONFER_SHARE] < share[batch.queue])
    queue, u = batch.queue[asked], u[asked]
    made = {name: np.array(values[asked]) for name, values in columns.items()}
    for name in _NOTHING:
        made[name] = np.zeros(len(asked), columns[name].dtype)
    made["patience_us"] = np.full(len(asked), NEVER)
    made["limit_ending"] = np.full(len(asked), _CLOSED, np.int8)
    made["full_ending"] = made["limit_ending"]
    made["reached_at"] = np.ones(len(asked), columns["reached_at"].dtype)
    made["acw_us"] = np.zeros(len(asked), np.int64)
    for code, of in stated.items():
        rows = np.flatnonzero(queue == code)
        made["queue"][rows] = model.queues.index(of.colleague)
        made["limit_us"][rows] = microseconds(of.give_up)
        made["talk_us"][rows] = microseconds(of.talk.draw(u[rows, CONFER_TALK]))[:, None]
        if work := scenario.times("after_call_work", of.colleague):
            made["acw_us"][rows] = quantiles_us(drawing, work, u[rows, CONFER_WORK], batch.caller[asked][rows])
    if "pause_us" in made:
        made["pause_us"] = np.zeros_like(made["pause_us"])
    if "agent_draw" in made:
        made["agent_draw"] = (u[:, CONFER_PICK] * 2.0**53).astype(np.int64)
    return asked, made
