"""Batches of queue visits that callers make in the same way, and what they share while they are drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from simulation.arrays import Flags, Floats, Ints, Times
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import Callers
from simulation.sampling.purposes import CALLER, STAYING, place, way_after
from simulation.sampling.streams import Streams
from simulation.scenario.model import Scenario
from simulation.tables.queue_rules import QueueRule

__all__ = ["Batch", "Drawing"]


@dataclass(frozen=True)
class Batch:
    """Queue visits with the same history. Arrays have one row per visit; a caller is in a batch at most once.

    Parameters
    ----------
    way : int
        The exits by which callers came here (``simulation.sampling.purposes.way_after``); 0 for first visits.
    depth : int
        Number of queues joined so far, this one included.
    caller : numpy.ndarray
        Row of the caller.
    queue : numpy.ndarray
        i2. Queue joined, -1 for callers who are not offered.
    position : numpy.ndarray
        Position in the menu chain where they wait; -1 for callers who are not offered.
    answered : numpy.ndarray
        Position from which they go on after the talk.
    urgency, patience_u : numpy.ndarray
        i1, f8. Code of the urgency, and the uniform of the patience.
    at_us : numpy.ndarray
        When they join the queue, if they do not wait before that.
    content : numpy.ndarray or bool
        Whether callers want nothing more, whatever this queue is.
    """

    way: int
    depth: int
    caller: Ints
    queue: Ints
    position: Ints
    answered: Ints
    urgency: Ints
    patience_u: Floats
    at_us: Times
    content: Flags | bool = False
    by_queue: list[Ints] = field(default_factory=list)

    def __len__(self) -> int:
        return len(self.caller)

    def rows_of(self, queues: int) -> list[Ints]:
        """The rows of each queue, looked up once."""
        if not self.by_queue:
            self.by_queue.extend(np.flatnonzero(self.queue == code) for code in range(queues))
        return self.by_queue

    def leaving_by(self, exit_name: str) -> int:
        """The `way` of the visits that follow these by an exit."""
        return way_after(self.way, exit_name)


@dataclass(frozen=True)
class Drawing:
    """What all batches of one attempt share.

    Parameters
    ----------
    scenario : Scenario
    model : CallerModel
    queue_rules : tuple of QueueRule
        Those of the scenario.
    streams : Streams
        Those of the replication.
    callers : Callers
        All callers; each draws by their own number.
    attempt : int
        Which of their calls it is, from 1.
    kept_us : numpy.ndarray, optional
        Patience that callers keep from an earlier call, or NONE.
    """

    scenario: Scenario
    model: CallerModel
    queue_rules: tuple[QueueRule, ...]
    streams: Streams
    callers: Callers
    attempt: int
    kept_us: Times | None

    @property
    def size(self) -> int:
        """Number of callers."""
        return len(self.callers.arrived_us)

    @cached_property
    def interval(self) -> Ints:
        """The interval whose distributions hold for each caller."""
        return self.scenario.cut.at(self.callers.arrived_us)

    @cached_property
    def urgency_code(self) -> Ints:
        """i1[position, intent]: index of ``urgencies``."""
        return np.searchsorted(self.model.urgencies, self.model.urgency).astype(np.int8)

    def uniforms(self, purpose: str, batch: Batch) -> Floats:
        """The four uniforms of the callers of a batch for one purpose, f8[visits, 4]."""
        return self._drawn(purpose, batch.way)[batch.caller]

    def staying(self, way: int) -> Floats:
        """The uniform of how long each caller stays in the menus after a way."""
        return self._drawn(CALLER, way)[:, STAYING]

    def _drawn(self, purpose: str, way: int) -> Floats:
        return self.streams.uniforms(purpose, self.callers.numbers, place=place(self.attempt, way))

    def urgency(self, position: Ints, caller: Ints) -> Ints:
        """The code of the urgency of callers who join a queue at a position."""
        if len(self.model.urgencies) == 1:
            return np.broadcast_to(np.int8(0), len(position))
        urgency: Ints = self.urgency_code[position, self.callers.intent[caller]]
        return urgency
