"""What callers hear who are called back."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping

from flows.model.flow import Flow
from flows.speech.languages import language as language_of
from webhooks.dispatch.callbacks import CallbackWork
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.guest_legs import NOT_REACHED
from webhooks.dispatch.leg_addresses import LegAddresses
from webhooks.dispatch.leg_endpoints import Answer, Way, leg_endpoints
from webhooks.twilio import leg_twiml

__all__ = ["CallbackLegs"]

_log = logging.getLogger("ivr.floor")


class CallbackLegs:
    """Answers the carrier's requests about the legs of callers who are called back.

    Parameters
    ----------
    floor : Floor
    callbacks : CallbackWork
    addresses : LegAddresses
    flow : callable
        Gives the flow as it is now.
    """

    def __init__(
        self, floor: Floor, callbacks: CallbackWork, addresses: LegAddresses, flow: Callable[[], Flow]
    ) -> None:
        self._floor, self._callbacks, self._addresses, self._flow = floor, callbacks, addresses, flow

    def endpoints(self) -> Mapping[str, Answer]:
        """What answers each path; each raises `webhooks.security.sealed_cursor.CursorError` for a forged address."""
        ways: Mapping[str, Way] = {
            "/callback": self._answered,
            "/callback/over": self._over,
            "/callback/status": self._status,
        }
        return leg_endpoints(self._addresses, ways)

    def _answered(self, offer: str, form: Mapping[str, str]) -> bytes:
        """The caller has picked up, and is brought to the agent."""
        self._callbacks.taken(offer)
        one = self._floor.offer(offer)
        if one is None or one.state != "connected":
            return leg_twiml.hang_up()  # the agent has gone: they are called again
        self._callbacks.reached(offer)
        call, flow = self._floor.call(one.call_sid) or {}, self._flow()
        tag = call.get("language") or flow.languages[0]
        text = language_of(tag).called_back.format(name=flow.name)
        return leg_twiml.with_each_other(
            offer, self._addresses.of("/callback/over", offer), ends=True, said=(text, tag)
        )

    def _over(self, offer: str, form: Mapping[str, str]) -> bytes:
        self._callbacks.over(offer)
        return leg_twiml.hang_up()

    def _status(self, offer: str, form: Mapping[str, str]) -> bytes:
        if not self.ended(offer, form.get("CallStatus", "")) and form.get("CallSid"):
            self._callbacks.rings(offer, form["CallSid"])
        return b""

    def ended(self, offer: str, status: str) -> bool:
        """The call of somebody who is called back is over, if this status of the carrier's says so."""
        if status in NOT_REACHED:
            self._callbacks.not_reached(offer, NOT_REACHED[status])
        elif status == "completed":
            self._callbacks.over(offer)
        return status == "completed" or status in NOT_REACHED
