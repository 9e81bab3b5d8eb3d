"""The telephone of the dispatcher: Twilio's REST API through Twilio's own client.

Sources: twilio.com/docs/voice/api/call-resource, .../queue-resource (members), .../messaging/api/message-resource.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING

from flows.values.units import US_PER_S
from webhooks.dispatch.telephone import Leg, Refused, Unknown

if TYPE_CHECKING:
    from twilio.http import HttpClient

__all__ = ["TwilioTelephone"]

_EVENTS = ["initiated", "ringing", "answered", "completed"]
_SKEW_US = 2 * US_PER_S
"""Twilio's times are whole seconds, of another clock."""
_LISTED = 50
_LONGEST_MESSAGE = 1_600


class TwilioTelephone:
    """Places and moves calls through an account with Twilio.

    Parameters
    ----------
    account_sid : str
    secret : str
        The account's auth token, or the secret of `api_key`.
    api_key : str
        The SID of an API key; empty to use the account itself.
    http_client : twilio.http.HttpClient, optional
        Carries the requests; by default to Twilio, each answered within `timeout_s`.
    timeout_s : float
        Seconds.

    Every method raises `Refused` when it was certainly not done, `Gone` when the call is over, `Unknown` when it may
    have been done.
    """

    def __init__(
        self,
        account_sid: str,
        secret: str,
        *,
        api_key: str = "",
        http_client: HttpClient | None = None,
        timeout_s: float = 8.0,
    ) -> None:
        from twilio.rest import Client  # slow to load, and not wanted where no calls are placed

        from webhooks.dispatch.rest_http import CarefulHttp, DeadlineHttp

        http = CarefulHttp(http_client or DeadlineHttp(timeout_s))
        self._client = Client(api_key or account_sid, secret, account_sid, http_client=http)

    def ring(self, to: str, from_: str, *, url: str, status_url: str, timeout_s: int) -> str:
        """Call `to` and return the CallSid; `url` says what they hear, `status_url` is told how it goes."""
        call = self._client.calls.create(
            to=to,
            from_=from_,
            url=url,
            method="POST",
            status_callback=status_url,
            status_callback_event=_EVENTS,
            status_callback_method="POST",
            timeout=timeout_s,
        )
        return _sid(call.sid)

    def hang_up(self, call_sid: str) -> None:
        """End a call, also one that still rings."""
        self._client.calls(call_sid).update(status="completed")

    def move_queued(self, queue_sid: str, call_sid: str, url: str) -> None:
        """Take a caller out of a queue; `url` says how their call goes on."""
        self._client.queues(queue_sid).members(call_sid).update(url=url, method="POST")

    def move(self, call_sid: str, url: str) -> None:
        """Let a call in progress go on with `url`."""
        self._client.calls(call_sid).update(url=url, method="POST")

    def calls_to(self, to: str, since_us: int) -> Sequence[Leg]:
        """The calls that were placed to `to` since then, latest first; what is asked may be asked again.

        Those that a <Dial> has made are not among them: no order is answered by one.
        """
        try:
            calls = self._client.calls.list(to=to, limit=_LISTED, page_size=_LISTED)
        except Unknown as error:
            raise Refused(error.why, again=True) from None
        ours = [call for call in calls if call.direction != "outbound-dial"]
        legs = [Leg(call.sid or "", str(call.status or ""), _us(call.date_created)) for call in ours]
        return [leg for leg in legs if leg.call_sid and leg.begun_us >= since_us - _SKEW_US]

    def status_of(self, call_sid: str) -> str:
        """How a call is, as Twilio names it; what is asked may be asked again."""
        try:
            return str(self._client.calls(call_sid).fetch().status or "")
        except Unknown as error:
            raise Refused(error.why, again=True) from None

    def send_message(self, to: str, from_: str, text: str) -> str:
        """Send a text message and return its sid."""
        return _sid(self._client.messages.create(to=to, from_=from_, body=text[:_LONGEST_MESSAGE]).sid)


def _sid(sid: str | None) -> str:
    if not sid:
        raise Unknown("an answer without a sid")
    return sid


def _us(moment: dt.datetime | None) -> int:
    """Microseconds since 1970; a call that has no time yet was placed just now."""
    moment = moment or dt.datetime.now(dt.UTC)
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return round(moment.timestamp() * US_PER_S)
