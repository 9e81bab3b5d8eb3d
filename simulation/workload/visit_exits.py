"""Draws where callers go after a queue visit: after a time-out or a key, from a full queue, and after the talk."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from ivr.interpreter.chain import PASSED_ON
from ivr.records.schema import NEVER, NONE, outcome_code
from simulation.arrays import Flags, Ints, Times
from simulation.menus.caller_model import CallerModel
from simulation.menus.sampled_walk import may_hang_up, walk
from simulation.sampling.distributions import Distribution
from simulation.sampling.elementary import log
from simulation.sampling.purposes import PATIENCE, TRANSFER, VISIT, WAITING, WAITING_KEY, WAITING_TIME, place
from simulation.scenario.model import Scenario
from simulation.scenario.routing import first_queue_nodes
from simulation.tables.call_table import OFFERED, microseconds
from simulation.workload.visit_batch import Batch, Drawing

__all__ = ["CLOSED", "Exit", "Exits", "keys_by_position", "talks_lead_on"]

CLOSED = outcome_code("closed")


@dataclass(frozen=True)
class Exit:
    """Where the callers of a batch go by one exit.

    Parameters
    ----------
    delay_us : numpy.ndarray
        Time on the line until the end or the next queue.
    ending : numpy.ndarray
        i1. Outcome of the call, or OFFERED if it joins another queue.
    position : numpy.ndarray
        Position in the menu chain of that queue.
    keys : numpy.ndarray
        i2. Keys pressed.
    """

    delay_us: Times
    ending: Ints
    position: Ints
    keys: Ints

    @property
    def goes_on(self) -> Flags:
        """Who joins another queue."""
        return np.asarray(self.ending == OFFERED)


class Exits:
    """Draws the exits of batches.

    Parameters
    ----------
    drawing : Drawing
    """

    def __init__(self, drawing: Drawing) -> None:
        self.drawing, self.model = drawing, drawing.model
        self.rooms = np.array([rule.capacity for rule in drawing.queue_rules])
        self.keys = keys_by_position(drawing.scenario, drawing.model)
        self.nodes = first_queue_nodes(drawing.model.chain.flow)
        self.talks_lead_on = talks_lead_on(drawing.model)

    def limit(self, batch: Batch) -> tuple[Times, Exit]:
        """The longest wait, or the wait until a key is pressed, and what follows."""
        count = len(batch)
        if not self.keys and self.model.limit_us.min(initial=NEVER) >= NEVER:
            return np.broadcast_to(NEVER, count), self._walk_on(batch, "limit", [])
        waits = np.flatnonzero(batch.position >= 0)
        limit_us = np.full(count, NEVER)
        limit_us[waits] = np.where(batch.queue[waits] >= 0, self.model.limit_us[batch.position[waits]], NEVER)
        key = np.full(count, NONE)
        labels: list[str] = []
        if self.keys:
            u = self.drawing.uniforms(WAITING, batch)
            pressed_u, after_u = u[:, WAITING_KEY], u[:, WAITING_TIME]
            for position, keys in self.keys.items():
                rows, low = np.flatnonzero(batch.position == position), 0.0
                for label, share, after in keys:
                    would = rows[(pressed_u[rows] >= low) & (pressed_u[rows] < low + share)]
                    low += share
                    at_us = microseconds(after.draw(after_u[would]))
                    first = at_us < limit_us[would]
                    limit_us[would[first]], key[would[first]] = at_us[first], len(labels)
                    labels.append(label)
        pressed = [(label, np.flatnonzero(key == code)) for code, label in enumerate(labels)]
        timed_out = ("timeout", np.flatnonzero((key == NONE) & (limit_us < NEVER)))
        return limit_us, self._walk_on(batch, "limit", [*pressed, timed_out])

    def full(self, batch: Batch) -> Exit:
        """What follows where the queue is full."""
        if self.rooms.min(initial=NEVER) >= NEVER:
            return self._walk_on(batch, "full", [])
        rows = np.flatnonzero((batch.position >= 0) & (self.rooms[batch.queue] < NEVER))
        return self._walk_on(batch, "full", [("full", rows)])

    def talk(self, batch: Batch, to: Ints) -> Exit:
        """What follows the talk of callers who are not transferred."""
        if not self.talks_lead_on:
            return self._walk_on(batch, "talk", [])
        return self._walk_on(batch, "talk", [("answered", np.flatnonzero((batch.queue >= 0) & (to == NONE)))])

    def transfer(self, batch: Batch) -> Ints:
        """The queue to which the agent transfers the caller after the talk; NONE for most."""
        queues = self.model.queues
        stated = {
            queues.index(name): times.transfer for name, times in self.drawing.scenario.queues.items() if times.transfer
        }
        if not stated:
            return np.broadcast_to(NONE, len(batch))
        to, u = np.full(len(batch), NONE), self.drawing.uniforms(VISIT, batch)[:, TRANSFER]
        for queue, transfers in stated.items():
            low = 0.0
            for transfer in transfers:
                to[(batch.queue == queue) & (u >= low) & (u < low + transfer.share)] = queues.index(transfer.to)
                low += transfer.share
        return to

    def joining(self, batch: Batch, by: str, exit_: Exit, *, at_us: Times) -> tuple[Ints, Batch]:
        """The callers whom an exit takes to another queue.

        After a talk their patience begins anew; otherwise they keep what is left of it.
        """
        rows = np.flatnonzero(exit_.goes_on) if any(exit_.ending.strides) else np.zeros(0, np.int64)
        position, caller = exit_.position[rows], batch.caller[rows]
        following = Batch(
            way=batch.leaving_by(by),
            depth=batch.depth + 1,
            caller=caller,
            queue=self.model.queue[position],
            position=position,
            answered=position,
            urgency=self.drawing.urgency(position, caller),
            patience_u=batch.patience_u[rows],
            at_us=at_us[rows] + exit_.delay_us[rows],
            content=self._content(batch, by)[rows],
        )
        return rows, self._with_new_patience(following) if by == "talk" else following

    def transferred(self, batch: Batch, to: Ints, *, at_us: Times) -> tuple[Ints, Batch]:
        """The callers whom agents transfer; they wait at the first node that leads to the other queue."""
        rows = np.flatnonzero(to != NONE) if any(to.strides) else np.zeros(0, np.int64)
        position = np.full(len(rows), -1)
        for queue in np.unique(to[rows]).tolist():
            there = to[rows] == queue
            after = self.model.exit_to[PASSED_ON + self.nodes[self.model.queues[queue]]]
            position[there] = after[batch.position[rows[there]]]
        following = Batch(
            way=batch.leaving_by("transfer"),
            depth=batch.depth + 1,
            caller=batch.caller[rows],
            queue=to[rows],
            position=position,
            answered=batch.answered[rows],
            urgency=batch.urgency[rows],
            patience_u=batch.patience_u[rows],
            at_us=at_us[rows],
            content=True,
        )
        return rows, self._with_new_patience(following)

    def _with_new_patience(self, batch: Batch) -> Batch:
        return replace(batch, patience_u=self.drawing.uniforms(VISIT, batch)[:, PATIENCE]) if len(batch) else batch

    def _walk_on(self, batch: Batch, by: str, exits: list[tuple[str, Ints]]) -> Exit:
        """Walk callers on through the menus, from the exits of their queue's node."""
        model, drawing, count = self.model, self.drawing, len(batch)
        if not exits:
            none = np.broadcast_to(np.int8(CLOSED), count)
            return Exit(np.broadcast_to(0, count), none, np.broadcast_to(-1, count), _no_keys(count))
        to, ending = np.full(drawing.size, -1, dtype=np.int32), np.full(count, CLOSED, dtype=np.int8)
        presses = any(label.startswith("key ") for label, _ in exits)
        keys: Ints = np.zeros(count, np.int16) if presses else _no_keys(count)
        for label, rows in exits:
            if len(rows):
                at = (batch.answered if by == "talk" else batch.position)[rows]
                to[batch.caller[rows]] = model.exit_to[label][at]
                ending[rows] = model.exit_code[label][at]
                if presses:
                    keys[rows] = model.exit_keys[label][at]
        begins = to[batch.caller] >= 0
        if not begins.any():
            return Exit(np.broadcast_to(0, count), ending, np.broadcast_to(-1, count), keys)
        path = batch.leaving_by(by)
        at_us = np.zeros(drawing.size, dtype=np.int64)
        at_us[batch.caller] = batch.at_us
        staying = drawing.callers.staying
        if may_hang_up(model):
            staying = -log(1.0 - drawing.staying(path))
        callers = replace(drawing.callers, arrived_us=at_us, staying=staying, column=self._wants(batch, by))
        menus = walk(model, callers, drawing.streams, begin=to, place=place(drawing.attempt, path))
        return Exit(
            np.where(begins, menus.menu_us[batch.caller], 0),
            np.where(begins, menus.ending[batch.caller], ending).astype(np.int8),
            menus.position[batch.caller],
            keys + np.where(begins, menus.key_presses[batch.caller], 0).astype(np.int16),
        )

    def _content(self, batch: Batch, by: str) -> Flags:
        """Who wants nothing more after this queue: callers who were served, or who waited for what they wanted."""
        is_goal = self.model.goal_policy.is_goal[batch.position, self.drawing.callers.intent[batch.caller]]
        return np.asarray((is_goal & (batch.position >= 0)) | batch.content | (by == "talk"))

    def _wants(self, batch: Batch, by: str) -> Ints:
        """The column of the goal policy in which each caller begins anew."""
        column: Ints = self.drawing.callers.intent.astype(np.int16)
        column[batch.caller[self._content(batch, by)]] = self.model.goal_policy.nothing
        return column


def talks_lead_on(model: CallerModel) -> bool:
    """Whether anything follows a talk anywhere."""
    to, code = model.exit_to.get("answered"), model.exit_code.get("answered")
    return to is not None and code is not None and bool(np.any(to >= 0) or np.any(code == OFFERED))


def _no_keys(count: int) -> Ints:
    return np.broadcast_to(np.int16(0), count)


def keys_by_position(scenario: Scenario, model: CallerModel) -> dict[int, list[tuple[str, float, Distribution]]]:
    """Keys pressed while waiting, by position: outcome, share of callers and time."""
    stated = scenario.behaviour.while_waiting
    waiting = ((int(at), model.chain.states[at].node) for at in np.flatnonzero(model.queue >= 0)) if stated else ()
    return {
        at: [(f"key {key}", pressed.share, pressed.after) for key, pressed in stated[node].items()]
        for at, node in waiting
        if node in stated
    }
