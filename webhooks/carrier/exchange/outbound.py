"""The course of a call that the REST API makes: it rings, is answered or not, and its creator is told.

Source: twilio.com/docs/voice/api/call-resource (statuscallback, statuscallbackevent). Assumed, because it is not stated
there: who declines a ringing call makes it ``busy``.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from webhooks.carrier.call import Call
from webhooks.carrier.exchange.leg import OutboundOrder
from webhooks.carrier.protocol import CallerHungUp, OtherParty, Steps, Waits
from webhooks.carrier.requests.fetch import notify_in_background, timestamp
from webhooks.carrier.run_call import run

__all__ = ["outbound", "rings"]

_ENDS = {"busy": "busy", "no-answer": "no-answer", "failed": "failed"}


def outbound(order: OutboundOrder) -> Callable[[Call], Steps[None]]:
    """The course of such a call, for a driver."""

    def course(call: Call) -> Steps[None]:
        tell = _Told(call, order)
        call.status = "initiated"
        yield from tell.event("initiated")
        call.status = "ringing"
        yield from tell.event("ringing")
        call.status = yield from rings(call, order)
        if call.status == "in-progress":
            order.answered_s = call.now_s
            call.answer()
            yield from tell.event("answered")
            yield from run(call)
        else:
            call.ended_by = "line"
        yield from tell.over()

    return course


def rings(call: Call, order: OutboundOrder) -> Steps[str]:
    """The status of the call when it has stopped ringing."""
    end_s, waits = call.now_s + order.timeout_s, Waits("ringing", call.serial(), order.to, open=True)
    try:
        while happened := (yield from call.until(end_s, waits)):
            event = happened.event
            taken = isinstance(event, OtherParty) and (event.what == "answer" or event.what in _ENDS)
            call.did(event, taken=taken)
            if isinstance(event, OtherParty) and taken:
                return _ENDS.get(event.what, "in-progress")
    except CallerHungUp:
        return "canceled"
    return "no-answer"


class _Told:
    """Status callbacks, in order."""

    def __init__(self, call: Call, order: OutboundOrder) -> None:
        self._call, self._order, self._sent = call, order, 0

    def event(self, event: str) -> Steps[None]:
        """One of the events, if it is asked for."""
        yield from self._send(event, {})

    def over(self) -> Steps[None]:
        """The last one, with the length of the call in seconds and in begun minutes."""
        began_s = self._order.answered_s
        seconds = 0 if began_s is None else round(self._call.now_s - began_s)
        duration = {"CallDuration": str(seconds)}
        if began_s is not None:
            duration["Duration"] = str(ceil(seconds / 60))
        yield from self._send("completed", duration)

    def _send(self, event: str, more: dict[str, str]) -> Steps[None]:
        order = self._order
        if order.status_url and event in order.status_events:
            number, self._sent = self._sent, self._sent + 1
            told = {
                "CallbackSource": "call-progress-events",
                "SequenceNumber": str(number),
                "Timestamp": timestamp(self._call),
                **more,
            }
            yield from notify_in_background(self._call, order.status_url, told, order.status_method)
