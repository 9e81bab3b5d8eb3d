"""A conference of the caller and whoever else joins. Source: twilio.com/docs/voice/twiml/conference.

It starts when a second participant joins; until then the ``waitUrl`` plays in a loop (an empty one is silent).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import Dequeued, Goto, Next, Over, Steps, Waits
from webhooks.carrier.requests.fetch import fetch
from webhooks.carrier.steps.talk import talk
from webhooks.carrier.twiml.document import Element

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["WHILE_ALONE", "confer"]

WHILE_ALONE = frozenset({"Play", "Say", "Pause", "Redirect"})
"""Verbs allowed in its wait document."""


def confer(call: Call, room: Element, url: str, limit_s: float, star: str) -> Steps[None]:
    """Returns when the conference ends or the caller leaves it with star; raises `CallerHungUp` when they hang up."""
    call.answer()
    moderated = ", which somebody else must start" if room.get("startConferenceOnEnter") == "false" else ""
    muted = ", muted" if room.get("muted") == "true" else ""
    call.note(f"joins the conference {room.text}{moderated}{muted}")
    if room.get("beep", "true") in ("true", "onEnter"):
        call.heard(Element("Tone", {}), url, 0.0, "beep")
    end_s = call.now_s + limit_s
    call.room = room
    try:
        begins = yield from _alone(call, room, url, end_s)
        if begins:
            yield from talk(call, room.text, end_s - call.now_s, hangs_up_on=star)
    finally:
        call.room = None
        ends = ", which ends it for everyone" if room.get("endConferenceOnExit") == "true" else ""
        call.note(f"leaves the conference {room.text}{ends}")


def _alone(call: Call, room: Element, url: str, end_s: float) -> Steps[bool]:
    """Whether somebody else joins; False when the conference ends first."""
    call.queued, call.held = room.text, "dial"
    try:
        while call.now_s < end_s:
            try:
                yield from _music(call, room, url, end_s)
            except Dequeued as how:
                if str(how) in ("answer", "over"):
                    return str(how) == "answer"
    finally:
        call.queued, call.held = "", "queue"
    return False


def _music(call: Call, room: Element, url: str, end_s: float) -> Steps[None]:
    """Play one wait document; without an address, Twilio's own music."""
    waits = Waits("dial", call.serial(), room.text, open=True)
    method = room.method("waitMethod")
    goto: Next = Goto(urljoin(url, room.get("waitUrl")), method) if room.get("waitUrl") else None
    while isinstance(goto, Goto):
        document = yield from fetch(call, goto, ends_call=False)
        goto = (yield from call.perform(document, WHILE_ALONE)) if document else Over()
        if goto is None:
            yield from call.until(call.now_s, waits)
            return
    while happened := (yield from call.until(end_s, waits)):
        call.did(happened.event, taken=False)
