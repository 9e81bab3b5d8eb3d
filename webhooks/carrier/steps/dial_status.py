"""Status callbacks of dialled parties. Source: twilio.com/docs/voice/twiml/number (statusCallbackEvent), client, sip.

The events are initiated, ringing, answered and completed; only completed is sent unless ``statusCallbackEvent`` says
otherwise. The call does not wait for the answers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import Steps
from webhooks.carrier.requests.fetch import notify_in_background, timestamp
from webhooks.carrier.steps.parties import Party

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["DialStatus"]

_STATUS = {"initiated": "initiated", "ringing": "ringing", "answered": "in-progress"}


class DialStatus:
    """Sends the status callbacks of one <Dial>.

    Parameters
    ----------
    call : Call
    url : str
        Address of the document.
    """

    def __init__(self, call: Call, url: str) -> None:
        self.call, self.url = call, url
        self._sids: dict[int, str] = {}
        self._told: dict[int, int] = {}

    def sid(self, party: Party) -> str:
        """``DialCallSid`` of a dialled party."""
        return self._sids.setdefault(party.place, f"CA{self.call.sid[2:-4][::-1]}{self.call.serial():04x}")

    def begin(self, party: Party) -> Steps[None]:
        """The party's telephone rings."""
        yield from self._tell(party, "initiated", _STATUS["initiated"])
        yield from self._tell(party, "ringing", _STATUS["ringing"])

    def answered(self, party: Party) -> Steps[None]:
        """The party has answered."""
        yield from self._tell(party, "answered", _STATUS["answered"])

    def over(self, party: Party, status: str, seconds: float = 0.0) -> Steps[None]:
        """The call to the party is over: ``completed``, ``busy``, ``no-answer``, ``failed`` or ``canceled``."""
        yield from self._tell(party, "completed", status, {"CallDuration": str(round(seconds))})

    def _tell(self, party: Party, event: str, status: str, more: dict[str, str] | None = None) -> Steps[None]:
        noun, number = party.element, self._told.get(party.place, 0)
        self._told[party.place] = number + 1
        if noun.get("statusCallback") and event in noun.get("statusCallbackEvent", "completed").split():
            told = {
                "CallSid": self.sid(party),
                "ParentCallSid": self.call.sid,
                "To": party.name,
                "Called": party.name,
                "Direction": "outbound-dial",
                "CallStatus": status,
                "CallbackSource": "call-progress-events",
                "SequenceNumber": str(number),
                "Timestamp": timestamp(self.call),
                **(more or {}),
            }
            method = noun.method("statusCallbackMethod")
            yield from notify_in_background(self.call, urljoin(self.url, noun.get("statusCallback")), told, method)
