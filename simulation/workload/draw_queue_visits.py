"""Draws the queue visits of calls: what each caller brings to every queue that they may join.

Other visits may follow a visit: after the longest wait or a key (``limit``), when the queue is full (``full``), and
after the talk (``talk``, or ``transfer`` to another queue). Each way there has a number, and draws at the place of that
number, so that adding a way leaves all others unchanged.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain

import numpy as np

from ivr.records.schema import NEVER, NONE, outcome_code
from simulation.arrays import Flags, Floats, Ints, Times
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import Callers
from simulation.sampling.purposes import AGENT, BALK, CALL_BACK, FLOOR, PICK
from simulation.sampling.streams import Streams
from simulation.scenario.model import Scenario
from simulation.tables.call_table import Column
from simulation.tables.queue_rules import QueueRule
from simulation.workload.draw_conferences import conferences
from simulation.workload.draw_patience_and_talk import (
    callbacks,
    patience_us,
    pause_columns,
    pauses_us,
    talk_and_work_us,
)
from simulation.workload.visit_batch import Batch, Drawing
from simulation.workload.visit_exits import CLOSED, Exit, Exits

__all__ = ["MAX_QUEUES", "QueueVisits", "draw_queue_visits", "joined"]

MAX_QUEUES = 6
"""Most queues that a call may join in succession; in the last, callers stay until they are served or hang up."""
_FAILED = outcome_code("failed")
_NEXT = ("limit_next", "full_next", "talk_next", "confer_next")


@dataclass(frozen=True)
class QueueVisits:
    """Columns of the call table by name; the first visit of each caller comes first, in the order of the callers.

    Further visits come after them: caller by caller, and of one caller those after the limit, after a full queue and
    after the talk. The ``*_next`` columns hold rows of these visits.

    Parameters
    ----------
    columns : dict of str to numpy.ndarray
    callers : int
        Number of callers.
    """

    columns: dict[str, Column]
    callers: int

    def moved(self, *, further: int) -> dict[str, Column]:
        """The columns, with further visits counted from row `further`."""

        def place(rows: Column) -> Column:
            if not any(rows.strides):  # nothing follows
                return rows
            return np.where(rows == NONE, NONE, rows - self.callers + further)

        return {name: place(values) if name.endswith("_next") else values for name, values in self.columns.items()}


def joined(parts: Sequence[Column]) -> Column:
    """The parts one after the other; a single part as it is, even if it is one value for all rows.

    >>> joined([np.array([1, 2]), np.array([3])]).tolist()
    [1, 2, 3]
    """
    filled = [part for part in parts if len(part)] or parts[:1]
    return filled[0] if len(filled) == 1 else np.concatenate(filled)


def draw_queue_visits(
    scenario: Scenario,
    model: CallerModel,
    queue_rules: Sequence[QueueRule],
    streams: Streams,
    callers: Callers,
    *,
    active: Ints,
    joins: Flags,
    position: Ints,
    at_us: Times,
    patience_u: Floats,
    attempt: int = 1,
    kept_us: Times | None = None,
) -> QueueVisits:
    """Draw all queue visits of the callers who call.

    Parameters
    ----------
    scenario : Scenario
    model : CallerModel
    queue_rules : sequence of QueueRule
        Those of the scenario.
    streams : Streams
        Those of the replication.
    callers : Callers
        All callers; each draws by their own number.
    active : numpy.ndarray
        i8. Rows of the callers who call.
    joins : numpy.ndarray
        b1, for all callers: whether their menus end in a queue.
    position, at_us, patience_u : numpy.ndarray
        For all callers: where their menus ended, when, and the uniform of their patience.
    attempt : int
        Which of their calls it is, from 1.
    kept_us : numpy.ndarray, optional
        i8, for all callers: the patience they keep from an earlier call, or NONE.
    """
    drawing = Drawing(scenario, model, tuple(queue_rules), streams, callers, attempt, kept_us)
    ended = position[active]
    queue = np.where(joins[active], model.queue[ended], NONE).astype(np.int16)
    visits = _Visits(drawing)
    visits.add(
        Batch(
            way=0,
            depth=1,
            caller=active,
            queue=queue,
            position=np.where(queue >= 0, ended, -1),
            answered=ended,
            urgency=drawing.urgency(ended, active),
            patience_u=patience_u[active],
            at_us=at_us[active],
        )
    )
    return QueueVisits(visits.by_caller(), len(active))


class _Visits:
    """The columns of queue visits while they are drawn, batch by batch."""

    def __init__(self, drawing: Drawing) -> None:
        self.drawing, self.exits = drawing, Exits(drawing)
        self.needs_chance = any(rule.needs_chance for rule in drawing.queue_rules)
        self.at_random = drawing.scenario.routing.at_random
        self.pauses = pause_columns(drawing.scenario)[0]
        self.parts: dict[str, list[Column]] = {}
        self.callers: list[Ints] = []
        self.rows = 0

    def by_caller(self) -> dict[str, Column]:
        """All columns, with the further visits caller by caller."""
        columns = {name: joined(parts) for name, parts in self.parts.items()}
        first = self.callers[0]
        if self.rows == len(first):
            return columns
        turn = np.empty(self.drawing.size, np.int64)
        turn[first] = np.arange(len(first))
        further = np.fromiter(chain.from_iterable(self.callers[1:]), np.int64)
        order = np.concatenate([np.arange(len(first)), len(first) + np.argsort(turn[further], kind="stable")])
        row = np.empty(self.rows, np.int64)
        row[order] = np.arange(self.rows)
        columns = {name: values[order] if any(values.strides) else values for name, values in columns.items()}
        for name in _NEXT:
            after = columns[name]
            columns[name] = np.where(after == NONE, NONE, row[after]) if any(after.strides) else after
        return columns

    def add(self, batch: Batch) -> None:
        """Add the visits of a batch, and after them those that follow."""
        self.rows += len(batch)
        self.callers.append(batch.caller)
        last = batch.depth == MAX_QUEUES
        limit_us, limit = self.exits.limit(batch)
        if last:
            limit_us = np.where(limit.goes_on, NEVER, limit_us)
        full = self.exits.full(batch)
        to = np.broadcast_to(NONE, len(batch)) if last else self.exits.transfer(batch)
        talk = self.exits.talk(batch, to)
        columns = self._columns(batch, limit_us, limit, full, talk, last=last)
        for name, values in columns.items():
            self.parts.setdefault(name, []).append(values)
        place = len(self.parts.setdefault(_NEXT[0], []))
        for name in _NEXT:
            self.parts.setdefault(name, []).append(np.broadcast_to(NONE, len(batch)))
        asked, colleagues = conferences(self.drawing, batch, columns)
        if len(asked):
            self._follow("confer_next", place, asked)
            self.rows += len(asked)
            self.callers.append(batch.caller[asked])
            for name, values in colleagues.items():
                self.parts[name].append(values)
            for name in _NEXT:
                self.parts[name].append(np.broadcast_to(NONE, len(asked)))
        if last:
            return
        waited = np.where(limit_us < NEVER, limit_us, 0) if any(limit_us.strides) else 0
        talked = batch.at_us + columns["talk_us"][:, 0]
        following = [
            ("limit_next", self.exits.joining(batch, "limit", limit, at_us=batch.at_us + waited)),
            ("full_next", self.exits.joining(batch, "full", full, at_us=batch.at_us)),
            ("talk_next", self.exits.joining(batch, "talk", talk, at_us=talked)),
            ("talk_next", self.exits.transferred(batch, to, at_us=talked)),
        ]
        for name, (rows, next_batch) in following:
            if len(rows):
                self._follow(name, place, rows)
                self.add(next_batch)

    def _follow(self, name: str, place: int, rows: Ints) -> None:
        """Let the next visits follow some rows of a batch."""
        next_row = self.parts[name][place] = self.parts[name][place].copy()
        next_row[rows] = self.rows + np.arange(len(rows))

    def _columns(
        self, batch: Batch, limit_us: Times, limit: Exit, full: Exit, talk: Exit, *, last: bool
    ) -> dict[str, Column]:
        drawing = self.drawing
        talk_us, acw_us = talk_and_work_us(drawing, batch)
        floor_u = drawing.uniforms(FLOOR, batch) if self.needs_chance else None
        columns: dict[str, Column] = {
            "queue": batch.queue,
            "urgency": batch.urgency,
            "patience_us": patience_us(drawing, batch),
            "talk_us": talk_us,
            "acw_us": acw_us,
            "limit_us": limit_us,
            "limit_delay_us": limit.delay_us,
            "limit_ending": np.where(limit.goes_on, CLOSED, limit.ending) if last else limit.ending,
            "full_delay_us": full.delay_us,
            "full_ending": np.where(full.goes_on, _FAILED, full.ending) if last else full.ending,
            "talk_delay_us": talk.delay_us,
            "limit_keys": limit.keys,
            "full_keys": full.keys,
            "talk_keys": talk.keys,
            **callbacks(drawing, batch, floor_u),
        }
        if floor_u is not None:
            columns["u"] = np.where(batch.queue[:, None] >= 0, floor_u[:, [BALK, CALL_BACK]], 0.0)
        agent_u = drawing.uniforms(AGENT, batch) if self.at_random or self.pauses else None
        if agent_u is not None and self.at_random:
            pick = (agent_u[:, PICK] * 2.0**53).astype(np.int64)
            columns["agent_draw"] = np.where(batch.queue >= 0, pick, NONE)
        if agent_u is not None and self.pauses:
            columns["pause_us"] = pauses_us(self.pauses, batch, agent_u)
        return columns
