"""The legs of calls: what each caller brings to every queue he may come to, drawn along all ways he may go.

A leg is followed by others: after the longest wait or a key (``limit``), where the queue is full (``full``), and after
the talk (``talk``, or ``transfer`` to another queue). Each way has a name, such as ``limit/transfer``, and its draws
come from streams of that name: ways that are added leave all others as they were.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np

from ivr.interpreter.chain import PASSED_ON
from ivr.records.schema import NEVER, NONE, outcome_code
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import Callers, Walk, may_hang_up, walk
from simulation.sampling.distributions import Distribution
from simulation.sampling.streams import Streams
from simulation.scenario.model import Scenario
from simulation.scenario.routing import first_queue_nodes
from simulation.tables.checks import OFFERED, microseconds
from simulation.tables.queue_rules import QueueRule

__all__ = ["MAX_QUEUES", "QueueVisits", "draw_queue_visits", "joined"]

MAX_QUEUES = 6
"""Queues that a call may join, one after the other; in the last the caller stays until he is served or hangs up."""
_CLOSED, _FAILED = outcome_code("closed"), outcome_code("failed")


@dataclass(frozen=True)
class _Batch:
    """The legs that lie on one way; arrays have a row a leg, and a caller is in a batch at most once.

    `position` is where in the menus they wait, for what the flow does then; `answered` the position from which they go
    on after the talk; `content` whether they want nothing more, whatever this queue is.
    """

    way: str
    depth: int
    caller: np.ndarray
    queue: np.ndarray
    position: np.ndarray
    answered: np.ndarray
    urgency: np.ndarray
    patience_u: np.ndarray
    at_us: np.ndarray
    content: np.ndarray | bool = False
    by_queue: list[np.ndarray] = field(default_factory=list)

    def rows_of(self, queues: int) -> list[np.ndarray]:
        """The rows of each queue, looked up once."""
        if not self.by_queue:
            self.by_queue.extend(np.flatnonzero(self.queue == code) for code in range(queues))
        return self.by_queue


@dataclass(frozen=True)
class QueueVisits:
    """Columns of the call table by name; the first row of each caller comes first, in the order of `callers`.

    `urgency` holds values and not codes; the ``*_next`` columns hold rows of these legs.
    """

    columns: dict[str, np.ndarray]
    callers: int

    def moved(self, *, further: int) -> dict[str, np.ndarray]:
        """The columns with further legs counted from row `further`."""

        def place(rows: np.ndarray) -> np.ndarray:
            if not any(rows.strides):  # nothing follows
                return rows
            return np.where(rows == NONE, NONE, rows - self.callers + further)

        return {name: place(values) if name.endswith("_next") else values for name, values in self.columns.items()}


def joined(parts: Sequence[np.ndarray]) -> np.ndarray:
    """The parts one after the other; one that stands alone as it is, also if it is one value for all.

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
    active: np.ndarray,
    joins: np.ndarray,
    position: np.ndarray,
    at_us: np.ndarray,
    patience_u: np.ndarray,
    prefix: str = "",
    kept_us: np.ndarray | None = None,
    walk: Walk = walk,
) -> QueueVisits:
    """Draw all legs of the callers that call.

    Parameters
    ----------
    scenario : Scenario
    model : CallerModel
    queue_rules : sequence of QueueRule
        Of the scenario.
    streams : Streams
        Of the replication.
    callers : Callers
        All of them; each has his own place in every stream.
    active : numpy.ndarray
        i8: those who call.
    joins : numpy.ndarray
        b1, for all callers: whether the menus end in a queue.
    position, at_us, patience_u : numpy.ndarray
        For all callers: where the menus ended, when, and the uniform of the patience.
    prefix : str
        Of the streams' names.
    kept_us : numpy.ndarray, optional
        i8, for all callers: the patience they bring from an earlier call, NONE of those who bring none.
    walk : callable
        Through the menus.
    """
    drawing = _Drawing(scenario, model, tuple(queue_rules), streams, callers, prefix, kept_us, walk)
    ended = position[active]
    queue = np.where(joins[active], model.queue[ended], NONE).astype(np.int16)
    drawing.draw(
        _Batch(
            "",
            1,
            active,
            queue,
            np.where(queue >= 0, ended, -1),
            ended,
            drawing.urgency(ended, active),
            patience_u[active],
            at_us[active],
        )
    )
    return QueueVisits({name: joined(parts) for name, parts in drawing.parts.items()}, len(active))


@dataclass(frozen=True)
class _Exit:
    """Where the callers of a batch go by one exit: how long it takes, what the call comes to, or the queue they join;
    and keys.
    """

    delay_us: np.ndarray
    ending: np.ndarray
    position: np.ndarray
    keys: np.ndarray

    @property
    def goes_on(self) -> np.ndarray:
        return self.ending == OFFERED


class _Drawing:
    """The legs while they are drawn."""

    def __init__(
        self,
        scenario: Scenario,
        model: CallerModel,
        queue_rules: tuple[QueueRule, ...],
        streams: Streams,
        callers: Callers,
        prefix: str,
        kept_us: np.ndarray | None,
        walk: Walk,
    ) -> None:
        self.walk, self.kept_us = walk, kept_us
        self.scenario, self.model, self.streams, self.callers = scenario, model, streams, callers
        self.prefix, self.size = prefix, len(callers.arrived_us)
        self.urgencies = np.unique(model.urgency)
        self.rooms = np.array([rule.capacity for rule in queue_rules])
        self.chance = any(rule.needs_chance for rule in queue_rules)
        self.keys, self.nodes = keys_by_position(scenario, model), first_queue_nodes(model.chain.flow)
        answered = model.exit_to.get("answered"), model.exit_code.get("answered")
        self.talks_lead_on = answered[0] is not None and bool(
            np.any(answered[0] >= 0) or np.any(answered[1] == OFFERED)
        )
        self.parts: dict[str, list[np.ndarray]] = {}
        self.rows = 0

    def uniform(self, name: str, batch: _Batch) -> np.ndarray:
        """The callers' own draws for a purpose, on this way."""
        name = f"{self.prefix}{name}/{batch.way}" if batch.way else f"{self.prefix}{name}"
        return self.streams.generator(name).random(self.size)[batch.caller]

    @cached_property
    def interval(self) -> np.ndarray:
        """The interval whose distributions hold for each caller."""
        return self.scenario.cut.at(self.callers.arrived_us)

    def urgency(self, position: np.ndarray, caller: np.ndarray) -> np.ndarray:
        """How urgent the callers are who join a queue there."""
        if len(self.urgencies) == 1:
            return np.broadcast_to(self.urgencies[0], len(position))
        return self.model.urgency[position, self.callers.intent[caller]]

    def draw(self, batch: _Batch) -> None:
        """Put the legs of a batch into the columns, and after them those that follow."""
        self.rows += len(batch.caller)
        last = batch.depth == MAX_QUEUES
        limit_us, limited = self._limit(batch)
        if last:
            limit_us = np.where(limited.goes_on, NEVER, limit_us)
        filled = self._walked(
            batch,
            "full",
            (
                [("full", np.flatnonzero((batch.position >= 0) & (self.rooms[batch.queue] < NEVER)))]
                if self.rooms.min(initial=NEVER) < NEVER
                else []
            ),
        )
        to = self._transferred(batch) if not last else np.broadcast_to(NONE, len(batch.caller))
        spoken = self._walked(
            batch,
            "talk",
            [("answered", np.flatnonzero((batch.queue >= 0) & (to == NONE)))] if self.talks_lead_on else [],
        )
        patience_us = self._patience(batch)
        columns = {
            "queue": batch.queue,
            "urgency": batch.urgency,
            "patience_us": patience_us,
            "talk_us": self._talk(batch),
            "acw_us": self._times("after_call_work", batch, lambda: self.uniform("after_call_work", batch), default=0),
            "limit_us": limit_us,
            "limit_delay_us": limited.delay_us,
            "limit_ending": np.where(limited.goes_on, _CLOSED, limited.ending) if last else limited.ending,
            "full_delay_us": filled.delay_us,
            "full_ending": np.where(filled.goes_on, _FAILED, filled.ending) if last else filled.ending,
            "talk_delay_us": spoken.delay_us,
            "limit_keys": limited.keys,
            "full_keys": filled.keys,
            "talk_keys": spoken.keys,
            **self._calls_back(batch),
        }
        if self.chance:
            columns["u"] = np.stack([self.uniform("balk", batch), self.uniform("take_call_back", batch)], axis=1)
        for name, values in columns.items():
            self.parts.setdefault(name, []).append(values)
        ways = ("limit_next", "full_next", "talk_next")
        place = len(self.parts.setdefault(ways[0], []))
        for name in ways:
            self.parts.setdefault(name, []).append(np.broadcast_to(NONE, len(batch.caller)))
        if last:
            return
        waited = np.where(limit_us < NEVER, limit_us, 0) if any(limit_us.strides) else 0
        joins = [
            ("limit_next", self._joining(batch, "limit", limited, at_us=batch.at_us + waited)),
            ("full_next", self._joining(batch, "full", filled, at_us=batch.at_us)),
            ("talk_next", self._joining(batch, "talk", spoken, at_us=batch.at_us + columns["talk_us"][:, 0])),
            ("talk_next", self._passed_on(batch, to, at_us=batch.at_us + columns["talk_us"][:, 0])),
        ]
        for name, (rows, following) in joins:
            if len(rows):
                to_leg = self.parts[name][place] = self.parts[name][place].copy()
                to_leg[rows] = self.rows + np.arange(len(rows))
                self.draw(following)

    # What follows a leg

    def _limit(self, batch: _Batch) -> tuple[np.ndarray, _Exit]:
        """The longest wait, or until a key is pressed, and what follows."""
        count = len(batch.caller)
        if not self.keys and self.model.limit_us.min(initial=NEVER) >= NEVER:
            return np.broadcast_to(NEVER, count), self._walked(batch, "limit", [])
        waits = np.flatnonzero(batch.position >= 0)
        limit_us = np.full(len(batch.caller), NEVER)
        limit_us[waits] = np.where(batch.queue[waits] >= 0, self.model.limit_us[batch.position[waits]], NEVER)
        key = np.full(len(batch.caller), NONE)
        labels: list[str] = []
        if self.keys:
            pressed_u, after_u = self.uniform("waiting_key", batch), self.uniform("waiting_key_time", batch)
            for position, keys in self.keys.items():
                rows, low = np.flatnonzero(batch.position == position), 0.0
                for label, share, after in keys:
                    would = rows[(pressed_u[rows] >= low) & (pressed_u[rows] < low + share)]
                    low += share
                    at_us = microseconds(after.quantile(after_u[would]))
                    first = at_us < limit_us[would]
                    limit_us[would[first]], key[would[first]] = at_us[first], len(labels)
                    labels.append(label)
        ways = [(label, np.flatnonzero(key == code)) for code, label in enumerate(labels)]
        return limit_us, self._walked(
            batch, "limit", [*ways, ("timeout", np.flatnonzero((key == NONE) & (limit_us < NEVER)))]
        )

    def _walked(self, batch: _Batch, by: str, exits: list[tuple[str, np.ndarray]]) -> _Exit:
        """Callers walk on in the menus from an exit of the queue's node."""
        model, count = self.model, len(batch.caller)
        if not exits:
            return _Exit(
                np.broadcast_to(0, count),
                np.broadcast_to(np.int8(_CLOSED), count),
                np.broadcast_to(-1, count),
                _no_keys(count),
            )
        to, ending = np.full(self.size, -1, dtype=np.int32), np.full(count, _CLOSED, dtype=np.int8)
        keys = np.zeros(count, np.int16) if any(label.startswith("key ") for label, _ in exits) else _no_keys(count)
        for label, rows in exits:
            if len(rows):
                at = (batch.answered if by == "talk" else batch.position)[rows]
                to[batch.caller[rows]] = model.exit_to[label][at]
                ending[rows] = model.exit_code[label][at]
                if any(keys.strides):
                    keys[rows] = model.exit_keys[label][at]
        begins = to[batch.caller] >= 0
        if not begins.any():
            return _Exit(np.broadcast_to(0, count), ending, np.broadcast_to(-1, count), keys)
        way = f"{batch.way}/{by}".strip("/")
        at_us = np.zeros(self.size, dtype=np.int64)
        at_us[batch.caller] = batch.at_us
        staying = self.callers.staying
        if may_hang_up(model):
            staying = self.streams.generator(f"{self.prefix}staying/{way}").standard_exponential(self.size)
        callers = replace(self.callers, arrived_us=at_us, staying=staying, column=self._wants(batch, by))
        menus = self.walk(model, callers, self.streams, begin=to, stage=f"{self.prefix}after_{way}")
        return _Exit(
            np.where(begins, menus.menu_us[batch.caller], 0),
            np.where(begins, menus.ending[batch.caller], ending).astype(np.int8),
            menus.position[batch.caller],
            keys + np.where(begins, menus.key_presses[batch.caller], 0).astype(np.int16),
        )

    def _content(self, batch: _Batch, by: str) -> np.ndarray:
        """Who wants nothing more after this queue: whoever was served, or has waited for what they called for."""
        waited = self.model.goal_policy.is_goal[batch.position, self.callers.intent[batch.caller]] & (
            batch.position >= 0
        )
        return waited | batch.content | (by == "talk")

    def _wants(self, batch: _Batch, by: str) -> np.ndarray:
        """The column of the wishes in which each caller begins anew."""
        column = self.callers.intent.astype(np.int16)
        column[batch.caller[self._content(batch, by)]] = self.model.goal_policy.nothing
        return column

    def _joining(self, batch: _Batch, by: str, exit: _Exit, *, at_us: np.ndarray) -> tuple[np.ndarray, _Batch]:
        """Those whom an exit leads to another queue. After a talk their patience begins anew; else what is left of it
        goes along.
        """
        rows = np.flatnonzero(exit.goes_on) if any(exit.ending.strides) else np.zeros(0, np.int64)
        position, caller = exit.position[rows], batch.caller[rows]
        made = _Batch(
            f"{batch.way}/{by}".strip("/"),
            batch.depth + 1,
            caller,
            self.model.queue[position],
            position,
            position,
            self.urgency(position, caller),
            batch.patience_u[rows],
            at_us[rows] + exit.delay_us[rows],
            self._content(batch, by)[rows],
        )
        return rows, self._with_new_patience(made) if by == "talk" else made

    def _with_new_patience(self, batch: _Batch) -> _Batch:
        return replace(batch, patience_u=self.uniform("patience", batch)) if len(batch.caller) else batch

    def _transferred(self, batch: _Batch) -> np.ndarray:
        """The queue to which the agent transfers the caller after the talk; NONE for most."""
        stated = {
            self.model.queues.index(name): times.transfer
            for name, times in self.scenario.queues.items()
            if times.transfer
        }
        if not stated:
            return np.broadcast_to(NONE, len(batch.caller))
        to, u = np.full(len(batch.caller), NONE), self.uniform("transfer", batch)
        for queue, transfers in stated.items():
            low = 0.0
            for transfer in transfers:
                to[(batch.queue == queue) & (u >= low) & (u < low + transfer.share)] = self.model.queues.index(
                    transfer.to
                )
                low += transfer.share
        return to

    def _passed_on(self, batch: _Batch, to: np.ndarray, *, at_us: np.ndarray) -> tuple[np.ndarray, _Batch]:
        """Those whom agents transfer; they wait at the first node that leads to the other queue."""
        rows = np.flatnonzero(to != NONE) if any(to.strides) else np.zeros(0, np.int64)
        position = np.full(len(rows), -1)
        for queue in np.unique(to[rows]).tolist():
            there = to[rows] == queue
            position[there] = self.model.exit_to[PASSED_ON + self.nodes[self.model.queues[queue]]][
                batch.position[rows[there]]
            ]
        made = _Batch(
            f"{batch.way}/transfer".strip("/"),
            batch.depth + 1,
            batch.caller[rows],
            to[rows],
            position,
            batch.answered[rows],
            batch.urgency[rows],
            batch.patience_u[rows],
            at_us[rows],
            True,
        )
        return rows, self._with_new_patience(made)

    # What a caller brings to a queue

    def _patience(self, batch: _Batch) -> np.ndarray:
        """What a caller bears in this queue if their patience begins there; in the first, what they bring from an
        earlier call.
        """
        whole = self._times("patience", batch, lambda: batch.patience_u, default=NEVER)
        if batch.depth > 1 or self.kept_us is None:
            return whole
        kept = self.kept_us[batch.caller]
        return np.where((kept == NONE) | (batch.queue < 0), whole, kept)

    def _times(self, what: str, batch: _Batch, uniforms: Callable[[], np.ndarray], *, default: int) -> np.ndarray:
        """Times of the callers' queues; the uniforms are drawn only when a queue has such times."""
        stated = [self.scenario.times(what, queue) for queue in self.model.queues]  # type: ignore[arg-type]
        if not any(stated):
            return np.broadcast_to(default, len(batch.caller))
        u, times = uniforms(), np.full(len(batch.caller), default, dtype=np.int64)
        for of, rows in zip(stated, batch.rows_of(len(stated))):
            if of and len(rows):
                times[rows] = self._quantiles(of, u[rows], batch.caller, rows)
        return times

    def _talk(self, batch: _Batch) -> np.ndarray:
        """Talk times, a column for each way in which groups differ."""
        u, ways = self.uniform("talk", batch), talk_ways(self.scenario, self.model)[0]
        talk = np.zeros((len(u), len(ways)), dtype=np.int64)
        for column, way in enumerate(ways):
            for code, of in enumerate(way):
                rows = batch.rows_of(len(way))[code]
                if of and len(rows):
                    talk[rows, column] = self._quantiles(of, u[rows], batch.caller, rows)
        return talk

    def _quantiles(self, of: Sequence[Distribution], u: np.ndarray, caller: np.ndarray, rows: np.ndarray) -> np.ndarray:
        if len(of) == 1:
            return microseconds(of[0].quantile(u))
        interval, values = self.scenario.places(len(of))[self.interval[caller[rows]]], np.zeros(len(u), dtype=np.int64)
        for i in np.unique(interval):
            values[interval == i] = microseconds(of[i].quantile(u[interval == i]))
        return values

    def _calls_back(self, batch: _Batch) -> dict[str, np.ndarray]:
        """How long it rings when the caller is called back, and at which attempt he answers: attempts are
        independent.
        """
        count = len(batch.caller)
        offers = {
            self.model.queues.index(name): times.callback
            for name, times in self.scenario.queues.items()
            if times.callback
        }
        if not offers:
            return {"ring_us": np.broadcast_to(0, count), "reached_at": np.broadcast_to(1, count)}
        ring_us, reached_at = np.zeros(count, dtype=np.int64), np.ones(count, dtype=np.int16)
        ring_u, reached_u = self.uniform("call_back_ring", batch), self.uniform("call_back_reached", batch)
        for queue, offer in offers.items():
            rows = np.flatnonzero(batch.queue == queue)
            ring_us[rows] = microseconds(offer.ring.quantile(ring_u[rows]))
            # Not reached in k attempts with chance (1 - p)^k.
            missed = (1 - offer.answered) ** np.arange(1, offer.attempts + 1)
            at = (1 - reached_u[rows][:, None] <= missed).sum(axis=1) + 1
            reached_at[rows] = np.where(at > offer.attempts, 0, at)
        return {"ring_us": ring_us, "reached_at": reached_at}


def _no_keys(count: int) -> np.ndarray:
    return np.broadcast_to(np.int16(0), count)


def talk_ways(scenario: Scenario, model: CallerModel) -> tuple[list[tuple], tuple[int, ...]]:
    """The different ways in which groups talk, queue by queue, and the way of each group."""
    of_group = [tuple(scenario.talk_of(queue, group) for queue in model.queues) for group in scenario.groups]
    ways = list(dict.fromkeys(of_group))
    return ways, tuple(ways.index(way) for way in of_group)


def keys_by_position(scenario: Scenario, model: CallerModel) -> dict[int, list[tuple[str, float, Distribution]]]:
    """Who presses which key while waiting, by position: outcome, share and time."""
    stated = scenario.behaviour.while_waiting
    waiting = ((int(at), model.chain.states[at].node) for at in np.flatnonzero(model.queue >= 0)) if stated else ()
    return {
        at: [(f"key {key}", pressed.share, pressed.after) for key, pressed in stated[node].items()]
        for at, node in waiting
        if node in stated
    }
