"""Batches of queue visits that callers make in the same way, and what they share while they are drawn."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from simulation.arrays import Flags, Floats, Ints, Times
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import Callers, Walk
from simulation.sampling.streams import Streams
from simulation.scenario.model import Scenario
from simulation.tables.queue_rules import QueueRule

__all__ = ["Batch", "Drawing"]


@dataclass(frozen=True)
class Batch:
    """Queue visits with the same history. Arrays have one row per visit; a caller is in a batch at most once.

    Parameters
    ----------
    way : str
        The exits by which callers came here, such as ``limit/transfer``; empty for first visits.
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
        f8. Urgency, and the uniform of the patience.
    at_us : numpy.ndarray
        When they join the queue, if they do not wait before that.
    content : numpy.ndarray or bool
        Whether callers want nothing more, whatever this queue is.
    """

    way: str
    depth: int
    caller: Ints
    queue: Ints
    position: Ints
    answered: Ints
    urgency: Floats
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

    def leaving_by(self, exit_name: str) -> str:
        """The `way` of the visits that follow these by an exit."""
        return f"{self.way}/{exit_name}".strip("/")


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
        All callers; each has their own place in every stream.
    prefix : str
        Prefix of the streams' names.
    kept_us : numpy.ndarray, optional
        Patience that callers keep from an earlier call, or NONE.
    walk : callable
        Walks callers through the menus.
    """

    scenario: Scenario
    model: CallerModel
    queue_rules: tuple[QueueRule, ...]
    streams: Streams
    callers: Callers
    prefix: str
    kept_us: Times | None
    walk: Walk

    @property
    def size(self) -> int:
        """Number of callers."""
        return len(self.callers.arrived_us)

    @cached_property
    def interval(self) -> Ints:
        """The interval whose distributions hold for each caller."""
        return self.scenario.cut.at(self.callers.arrived_us)

    @cached_property
    def urgencies(self) -> Floats:
        """The different urgencies of callers anywhere."""
        return np.unique(self.model.urgency)

    def uniform(self, name: str, batch: Batch) -> Floats:
        """The draws of the callers of a batch for one purpose."""
        name = f"{self.prefix}{name}/{batch.way}" if batch.way else f"{self.prefix}{name}"
        drawn: Floats = self.streams.generator(name).random(self.size)[batch.caller]
        return drawn

    def urgency(self, position: Ints, caller: Ints) -> Floats:
        """The urgency of callers who join a queue at a position."""
        if len(self.urgencies) == 1:
            return np.broadcast_to(self.urgencies[0], len(position))
        urgency: Floats = self.model.urgency[position, self.callers.intent[caller]]
        return urgency
