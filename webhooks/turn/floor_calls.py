"""Calls of a line whose queues are answered by people of ours: what the floor is told of them, and what it says."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from flows.nodes.queue import Queue
from flows.protocol.actions import Enqueue, Say
from flows.speech.timing import say_s
from flows.values.units import US_PER_S
from ivr.dispatch.places import Place
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.legs import Legs
from webhooks.dispatch.returning import ANSWERED, AS_BEFORE, ELSEWHERE, IGNORED
from webhooks.dispatch.rows import WaitingRow
from webhooks.security.caller_numbers import CallerNumbers
from webhooks.store.database import UNREACHABLE
from webhooks.store.failure_reason import failure_reason
from webhooks.turn.queue_wait import QueueWait
from webhooks.turn.request import CallRequest
from webhooks.turn.secret_vault import masked
from webhooks.turn.turn import Turn
from webhooks.twilio import leg_twiml
from webhooks.twilio.events import whole_number

__all__ = ["FloorCalls"]

_log = logging.getLogger("ivr.floor")
_NAMES = ("name", "caller_name", "customer_name")
"""Values that hold the caller's name."""
_LONGEST_VALUE = 200


@dataclass(frozen=True)
class FloorCalls:
    """Tells the floor of callers in queues.

    Parameters
    ----------
    floor : Floor
    legs : Legs
    numbers : CallerNumbers
        What agents may see of callers' numbers.
    """

    floor: Floor
    legs: Legs
    numbers: CallerNumbers

    def waits(self, turn: Turn, queue: Enqueue, wait: QueueWait, request: CallRequest) -> None:
        """A caller waits, and hears `wait` now."""
        row = self._row(turn, queue, request)
        until_us = self.floor.now_us + round((_length_s(queue, wait) + self.floor.times.slack_s) * US_PER_S)
        try:
            self.floor.call_waits(replace(row, until_us=until_us))
        except UNREACHABLE as error:
            _warn(error)

    def place(self, turn: Turn, queue: Enqueue, request: CallRequest) -> Place:
        """What a caller may be told of their place and wait, which the carrier does not know: calls are not answered
        in the order of its queue.
        """
        if not (queue.announce_position or queue.announce_expected_wait):
            return Place()
        try:
            return self.floor.announced(self._row(turn, queue, request))
        except UNREACHABLE as error:
            _warn(error)
            return Place()

    def _row(self, turn: Turn, queue: Enqueue, request: CallRequest) -> WaitingRow:
        now_us = self.floor.now_us
        waited_us = (whole_number(request.form.get("QueueTime")) or 0) * US_PER_S
        session = turn.before.session
        return WaitingRow(
            turn.call_sid,
            queue.queue,
            began_us=now_us - waited_us,
            joined_us=now_us - waited_us,
            visit=turn.before.visits - 1,
            queue_sid=request.form.get("QueueSid", "")[:64],
            urgency=_urgency(turn),
            language=session.language,
            continues=request.cursor,
            told=self._told(turn, queue),
        )

    def returns(self, turn: Turn, request: CallRequest) -> tuple[str, bytes]:
        """How a call goes on that comes from a queue, one of the words of `webhooks.dispatch.returning`; and the
        document, if the call does not go on in the flow.
        """
        sid = turn.call_sid
        try:
            word = self.floor.caller_returns(sid, turn.before.visits - 1, request.form)
            known = self.floor.call(sid) if word == ELSEWHERE else None
            if known is not None:
                return word, self.legs.where(sid, known)
            return word, leg_twiml.nothing() if word == IGNORED else b""
        except UNREACHABLE as error:
            _warn(error)
            return (AS_BEFORE if request.form.get("QueueResult") else ANSWERED), b""

    def over(self, call_sid: str) -> None:
        """The carrier reports that a call is over; raises what the database raises, so that it reports it again."""
        self.floor.call_left(call_sid, "hung up")

    def _told(self, turn: Turn, queue: Enqueue) -> Mapping[str, Any]:
        """What agents see of a caller: secrets are masked, and of the number what is kept of it. What they hear before
        they take the call, and whether the conversation is recorded.
        """
        session, secrets = turn.before.session, turn.flow.secrets
        node = turn.flow.nodes.get(session.node)
        wanted = node.tell if isinstance(node, Queue) else None
        values = {
            name: masked(value) if name in secrets else value[:_LONGEST_VALUE]
            for name, value in session.values
            if name not in ("ani", "dnis", *_NAMES) and (wanted is None or name in wanted)
        }
        name = next((session.value(key) for key in _NAMES if session.value(key) and key not in secrets), "")
        name = name if wanted is None or set(wanted) & set(_NAMES) else ""
        whisper = queue.whisper.text if queue.whisper else ""
        shown = {"whisper": whisper, "record": queue.record}
        told = {**shown, "caller": self.numbers.kept(session.value("ani"))[1], "name": name, "values": values}
        return {key: value for key, value in told.items() if value}


def _urgency(turn: Turn) -> float:
    node = turn.flow.nodes.get(turn.before.session.node)
    return float(node.urgency_of(dict(turn.before.session.values))) if isinstance(node, Queue) else 0.0


def _length_s(queue: Enqueue, wait: QueueWait) -> float:
    said: tuple[Say, ...] = wait.said
    return sum(say_s(say) for say in said) + wait.plays * queue.music_s + wait.pause_s


def _warn(error: Exception) -> None:
    _log.warning("the floor is out of reach (%s); calls go on without", failure_reason(error))
