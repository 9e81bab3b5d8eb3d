"""A caller comes back from a queue or a conversation: how their call goes on.

The carrier asks for that when a caller leaves a queue for any reason, and when a conference or a dialled number is
over. What has happened is read from the floor, and only what the floor does not know from the carrier's words.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from webhooks.dispatch import guests
from webhooks.dispatch.calls import leave
from webhooks.dispatch.offers import offer_of_call, over
from webhooks.dispatch.rows import Rows
from webhooks.store.floor_tables import OFFERS
from webhooks.twilio.events import is_over

__all__ = ["ANSWERED", "AS_BEFORE", "ELSEWHERE", "IGNORED", "returns"]

AS_BEFORE = "as_before"
"""The floor does not know the call, or it left the queue without an agent: the carrier's words say why."""
ANSWERED = "answered"
"""They have talked to an agent, and the flow goes on."""
ELSEWHERE = "elsewhere"
"""They belong to an agent or in a queue, and are taken there."""
IGNORED = "ignored"
"""They are being moved to an agent, and the carrier does not follow an answer."""
_MOVED = "redirected"
_TALKED = ("completed", "answered")


def returns(rows: Rows, call_sid: str, visit: int, form: Mapping[str, str], wrap_up_us: int, now_us: int) -> str:
    """How the call goes on: one of the four words above.

    Parameters
    ----------
    rows : Rows
    call_sid : str
    visit : int
        Which of the queues that the call has joined.
    form : mapping of str to str
        The carrier's request.
    wrap_up_us, now_us : int
    """
    known = rows.call(call_sid)
    if known is None or known["visit"] != visit:
        return AS_BEFORE
    result, offer = form.get("QueueResult", ""), offer_of_call(rows, call_sid)
    if is_over(form) or result == "hangup":
        waited = known["state"] == "waiting"
        leave(rows, call_sid, "hung up", wrap_up_us, now_us)
        return ANSWERED if _talks(rows, call_sid, visit, "connected_us") and not waited else AS_BEFORE
    if result == _MOVED and _talks(rows, call_sid, visit, "accepted_us"):
        return IGNORED
    if offer is not None and offer.state == "accepted":
        return ELSEWHERE
    if result:
        leave(rows, call_sid, result, wrap_up_us, now_us)
        return AS_BEFORE
    if offer is not None:
        over(rows, offer, wrap_up_us, now_us)
    return _after_talk(rows, call_sid, visit, form, wrap_up_us, now_us)


def _after_talk(rows: Rows, call_sid: str, visit: int, form: Mapping[str, str], wrap_up_us: int, now_us: int) -> str:
    """A conversation is over for a caller who is still on the line."""
    known = rows.call(call_sid) or {}
    if known["state"] == "taken" and guests.is_live(known):
        return ELSEWHERE  # the agent has left them to somebody outside, who is there or is being called
    told = json.loads(known["told"] or "{}")
    if known["state"] == "left" and told.pop("to", "") and form.get("DialCallStatus", "") not in _TALKED:
        # Nobody was there at the number to which the agent has sent them: they wait on, and for longest.
        text = json.dumps(told, ensure_ascii=False)
        rows.change_call(call_sid, state="waiting", since_us=now_us, left_us=None, until_us=None, told=text)
        return ELSEWHERE
    offer = offer_of_call(rows, call_sid)
    if known["state"] == "waiting" or (offer is not None and offer.state == "accepted"):
        return ELSEWHERE  # handed over
    leave(rows, call_sid, "talk over", wrap_up_us, now_us)
    return ANSWERED if _talks(rows, call_sid, visit, "connected_us") else AS_BEFORE


def _talks(rows: Rows, call_sid: str, visit: int, what: str) -> bool:
    """Whether an agent has come so far with the call in this visit."""
    mine = (OFFERS.c.call_sid == call_sid, OFFERS.c.visit == visit, OFFERS.c[what].is_not(None))
    return bool(rows.offers(*mine))
