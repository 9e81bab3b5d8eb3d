"""A conference with one person on this call; the others are whoever is said to join. Source:
twilio.com/docs/voice/twiml/conference.

It does not begin before a second one has joined; until then the ``waitUrl`` is heard (an empty one: nothing), again and
again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import Dequeued, Goto, Over, Steps, Waits
from webhooks.carrier.requests.requests import fetch
from webhooks.carrier.steps.talk import talk
from webhooks.carrier.twiml.document import Element

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["WHILE_ALONE", "confer"]

WHILE_ALONE = frozenset({"Play", "Say", "Pause", "Redirect"})
"""Verbs of its wait document."""


def confer(call: Call, room: Element, url: str, limit_s: float, star: str) -> Steps[None]:
    """Returns when the conference has ended, or the caller has left it by star; raises `Gone` when he has hung up."""
    call.answer()
    call.note(f"joins the conference {room.text}{_manner(room)}")
    if room.get("beep", "true") in ("true", "onEnter"):
        call.heard(Element("Tone", {}), url, 0.0, "beep")
    end_s = call.now_s + limit_s
    try:
        begins = yield from _alone(call, room, url, end_s)
        if begins:
            yield from talk(call, room.text, end_s - call.now_s, hangs_up_on=star)
    finally:
        call.note(
            "leaves the conference"
            f" {room.text}{', which ends it for all' if room.get('endConferenceOnExit') == 'true' else ''}"
        )


def _manner(room: Element) -> str:
    moderated = ", which somebody else must begin" if room.get("startConferenceOnEnter") == "false" else ""
    return f"{moderated}{', and is not heard' if room.get('muted') == 'true' else ''}"


def _alone(call: Call, room: Element, url: str, end_s: float) -> Steps[bool]:
    """Whether somebody else has joined; False when the conference has ended before."""
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
    """One wait document; without an address Twilio's own music, of which nothing is known."""
    waits = Waits("dial", call.serial(), room.text, open=True)
    method = "GET" if room.get("waitMethod").upper() == "GET" else "POST"
    goto: object = Goto(urljoin(url, room.get("waitUrl")), method) if room.get("waitUrl") else None
    while isinstance(goto, Goto):
        document = yield from fetch(call, goto, ends_call=False)
        goto = (yield from call.perform(document, WHILE_ALONE)) if document else Over()
        if goto is None:
            yield from call.until(call.now_s, waits)
            return
    while happened := (yield from call.until(end_s, waits)):
        call.did(happened.event, taken=False)
