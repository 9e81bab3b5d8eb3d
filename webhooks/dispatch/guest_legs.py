"""What the carrier hears about guests: people outside whom an agent has asked into a conversation."""

from __future__ import annotations

from collections.abc import Mapping

from webhooks.dispatch.floor import Floor
from webhooks.dispatch.leg_addresses import LegAddresses
from webhooks.dispatch.leg_endpoints import Answer, leg_endpoints
from webhooks.twilio import leg_twiml
from webhooks.twilio.events import is_over

__all__ = ["NOT_REACHED", "GuestLegs"]

NOT_REACHED = {"busy": "busy", "no-answer": "no answer", "failed": "could not be called", "canceled": "not called"}
"""Why somebody who was dialled is not there, by the carrier's word."""


class GuestLegs:
    """Answers the carrier's requests about guests, and about callers who were left to them.

    Parameters
    ----------
    floor : Floor
    addresses : LegAddresses
    """

    def __init__(self, floor: Floor, addresses: LegAddresses) -> None:
        self._floor, self._addresses = floor, addresses

    def endpoints(self) -> Mapping[str, Answer]:
        """What answers each path; each raises `webhooks.security.sealed_cursor.CursorError` for a forged address."""
        ways = {
            "/guest": self._here,
            "/guest/over": self._over,
            "/guest/status": self._status,
            "/guest/caller": self._caller,
        }
        return leg_endpoints(self._addresses, ways)

    def _here(self, offer: str, form: Mapping[str, str]) -> bytes:
        self._floor.guest_rings(offer, form.get("CallSid", ""))
        return self._joined(offer, again=False)

    def _joined(self, offer: str, *, again: bool) -> bytes:
        conference, ends = self._floor.guest_joins(offer, again=again)
        if not conference:
            return leg_twiml.hang_up()
        return leg_twiml.with_each_other(conference, self._addresses.of("/guest/over", offer), ends=ends)

    def _over(self, offer: str, form: Mapping[str, str]) -> bytes:
        """The conference is over for the guest: the agent has left them to the caller, or one of them has hung up."""
        if is_over(form):
            self._floor.guest_ends(offer, "has left")
            return leg_twiml.nothing()
        return self._joined(offer, again=True)

    def _status(self, offer: str, form: Mapping[str, str]) -> bytes:
        if not self.ended(offer, form.get("CallStatus", "")) and form.get("CallSid"):
            self._floor.guest_rings(offer, form["CallSid"])
        return b""

    def ended(self, offer: str, status: str) -> bool:
        """The call of a guest is over, if this status of the carrier's says so."""
        if status in NOT_REACHED:
            self._floor.guest_ends(offer, NOT_REACHED[status])
        elif status == "completed":
            self._floor.guest_ends(offer, "has left")
        return status == "completed" or status in NOT_REACHED

    def _caller(self, offer: str, form: Mapping[str, str]) -> bytes:
        """The caller's talk with the guest is over: their call goes on in the flow."""
        call_sid = form.get("CallSid", "")
        known = self._floor.call(call_sid)
        self._floor.call_left(call_sid, "hung up" if is_over(form) else "talk over")
        if known is None:
            return leg_twiml.hang_up()
        return leg_twiml.go_on(self._addresses.call("/voice", known["continues"] or ""))
