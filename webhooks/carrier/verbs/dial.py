"""<Dial>: calls numbers, clients and SIP addresses, a queue, or a conference.

Source: twilio.com/docs/voice/twiml/dial, number, queue. Several numbers ring at once, and the first to answer is
connected; with ``sequential`` they ring one after the other. A dialled queue connects its first caller. For conferences
see `webhooks.carrier.steps.conference`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import CallerHungUp, CallRedirected, Goto, Next, OtherParty, Steps, Waits
from webhooks.carrier.steps.called_side import gets_through
from webhooks.carrier.steps.conference import confer
from webhooks.carrier.steps.dial_status import DialStatus
from webhooks.carrier.steps.parties import MAX_AT_ONCE, Party, parties, queue_sid
from webhooks.carrier.steps.talk import request_action_after_hangup, talk
from webhooks.carrier.steps.whisper import dequeuing_sid, others_whisper_s

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]

_TIMEOUT, _TIME_LIMIT = 30, 14_400
_STATUS = {"answer": "completed", "decline": "busy", "busy": "busy", "no-answer": "no-answer", "failed": "failed"}
"""How the call to a party ends by what they do; who declines a call that rings makes it busy."""


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Ring, connect, then go to the action; without an action the next verb follows."""
    dialled = _dialled(call, element)
    if element.get("answerOnBridge") != "true":
        call.answer()
    if not dialled:
        call.warn(element, "<Dial> has nobody to call", "add a number to it", code="12200")
        return _after(call, element, url, {"DialCallStatus": "failed"})
    star = "*" if element.get("hangupOnStar") == "true" else ""
    limit_s = call.whole_number(element, "timeLimit", _TIME_LIMIT)
    if dialled[0].kind == "conference":
        return (yield from _conference(call, element, url, dialled[0], limit_s, star))
    dial_status = DialStatus(call, url)
    try:
        status, party = yield from _reach(call, element, dialled, dial_status, url)
    except CallerHungUp:
        yield from request_action_after_hangup(
            call,
            _after(call, element, url, {"DialCallSid": dial_status.sid(dialled[0]), "DialCallStatus": "no-answer"}),
        )
        raise
    leg = {"DialCallSid": dial_status.sid(party)}
    if status == "declined":
        return _after(call, element, url, {**leg, "DialCallStatus": "completed", "DialBridged": "false"})
    if status != "completed":
        return _after(call, element, url, {**leg, "DialCallStatus": status})
    call.answer()
    yield from dial_status.answered(party)
    waited_s = yield from _connect(call, party, url)
    began_s = call.now_s

    def talked() -> Next:
        seconds = str(round(call.now_s - began_s))
        told = {"DialCallStatus": "completed", "DialCallDuration": seconds, "DialBridged": "true"}
        return _after(call, element, url, {**leg, **told, **_dequeued(call, party, waited_s, seconds)})

    try:
        yield from talk(call, party.name, limit_s, hangs_up_on=star)
    except (CallerHungUp, CallRedirected) as how:
        yield from dial_status.over(party, "completed", call.now_s - began_s)
        if isinstance(how, CallerHungUp):
            yield from request_action_after_hangup(call, talked())
        raise
    yield from dial_status.over(party, "completed", call.now_s - began_s)
    return talked()


def _dialled(call: Call, element: Element) -> tuple[Party, ...]:
    """The parties to call: all of the kind of the first, and at most `MAX_AT_ONCE`; the rest draw a warning."""
    found = parties(element)
    alike = tuple(party for party in found if party.kind == found[0].kind)
    several = MAX_AT_ONCE if alike and alike[0].kind == "person" else 1
    if len(found) > len(alike[:several]):
        left = ", ".join(party.name for party in found if party not in alike[:several])
        hint = f"dial up to {MAX_AT_ONCE} numbers, clients and SIP addresses, or one queue, or one conference"
        call.warn(element, f"<Dial> does not call {left}", hint)
    return alike[:several]


def _reach(
    call: Call, element: Element, dialled: Sequence[Party], dial_status: DialStatus, url: str
) -> Steps[tuple[str, Party]]:
    """The status of the dialled call, and the party it belongs to: the last one when nobody answers."""
    timeout_s = call.whole_number(element, "timeout", _TIMEOUT)
    rounds = [[party] for party in dialled] if element.get("sequential") == "true" else [list(dialled)]
    status, who = "no-answer", dialled[-1]
    for ringing in rounds:
        status, who = yield from _ring(call, ringing, timeout_s, dial_status, url)
        if status == "completed":
            break
    return status, who


def _screened(
    call: Call, party: Party, ringing: Sequence[Party], dial_status: DialStatus, url: str, *, accepts: bool
) -> Steps[str]:
    """``completed`` for a party who has picked up and stays until they are connected, else ``declined``.

    The others ring on meanwhile; a caller who hangs up ends all of it.
    """
    began_s = call.now_s
    try:
        through = yield from gets_through(call, party, dial_status.sid(party), url, accepts=accepts)
    except (CallerHungUp, CallRedirected):
        yield from dial_status.over(party, "completed", call.now_s - began_s)
        yield from _all_over(dial_status, [other for other in ringing if other is not party], "canceled")
        raise
    if not through:
        if call.others:
            call.others.parts(call.sid)
        yield from dial_status.over(party, "completed", call.now_s - began_s)
    return "completed" if through else "declined"


def _ring(
    call: Call, ringing: list[Party], timeout_s: float, dial_status: DialStatus, url: str
) -> Steps[tuple[str, Party]]:
    """Ring until somebody answers, nobody is left, or time is up."""
    end_s, serial = call.now_s + timeout_s, call.serial()
    for party in ringing:
        yield from dial_status.begin(party)
        if call.others and party.kind == "queue":
            whisper = party.element.get("url")
            call.others.dequeues(call.sid, party.name, urljoin(dial_status.url, whisper) if whisper else "")
        elif call.others:
            call.others.rings(call.sid, party.name, dial_status.sid(party), timeout_s)
    try:
        return (yield from _answered(call, ringing, end_s, serial, dial_status, url))
    finally:
        if call.others:
            call.others.rings_no_more(call.sid)


def _answered(
    call: Call, ringing: list[Party], end_s: float, serial: int, dial_status: DialStatus, url: str
) -> Steps[tuple[str, Party]]:
    """What becomes of the ringing."""
    status, who = "no-answer", ringing[-1]
    while ringing and status != "completed":
        try:
            happened = yield from call.until(
                end_s, Waits("dial", serial, ", ".join(party.name for party in ringing), open=True)
            )
        except (CallerHungUp, CallRedirected):
            yield from _all_over(dial_status, ringing, "canceled")
            raise
        if happened is None:
            yield from _all_over(dial_status, ringing, "no-answer")
            return "no-answer", ringing[-1]
        event = happened.event
        meant = [p for p in ringing if isinstance(event, OtherParty) and event.party in ("", p.name)]
        taken = isinstance(event, OtherParty) and event.what in _STATUS and bool(meant)
        call.did(event, taken=taken)
        if isinstance(event, OtherParty) and taken:
            status, who = _STATUS[event.what], meant[0]
            if event.what in ("answer", "decline") and who.kind == "person" and who.element.get("url"):
                meant, accepts = meant[:1], event.what == "answer"
                status = yield from _screened(call, who, ringing, dial_status, url, accepts=accepts)
            elif status != "completed":
                yield from _all_over(dial_status, meant, status)
            ringing = [party for party in ringing if party not in (meant if status != "completed" else meant[:1])]
    yield from _all_over(dial_status, ringing, "canceled")
    return status, who


def _all_over(dial_status: DialStatus, parties_: Sequence[Party], status: str) -> Steps[None]:
    for party in parties_:
        yield from dial_status.over(party, status)


def _conference(call: Call, element: Element, url: str, room: Party, limit_s: float, star: str) -> Steps[Next]:
    """A conference; its action receives ``answered``, but no call and no duration."""
    after = _after(call, element, url, {"DialCallStatus": "answered"})
    try:
        yield from confer(call, room.element, url, limit_s, star)
    except CallerHungUp:
        yield from request_action_after_hangup(call, after)
        raise
    return after


def _connect(call: Call, party: Party, url: str) -> Steps[int]:
    """Connect with the party, after the whisper to a queued caller; the seconds that caller has waited."""
    waited_s = call.number.queue.average_s
    noun = party.element
    if party.kind == "queue" and noun.get("url") and not call.others:  # at an exchange, that one hears it
        form = {
            "QueueSid": queue_sid(call, party.name),
            "CallSid": dequeuing_sid(call),
            "QueueTime": str(waited_s),
            "DequeingCallSid": call.sid,
        }
        method = noun.method("method")
        end_s = call.now_s + (yield from others_whisper_s(call, Goto(urljoin(url, noun.get("url")), method, form)))
        waits = Waits("dial", call.serial(), party.name)
        while happened := (yield from call.until(end_s, waits)):
            call.did(happened.event, taken=False)
    return waited_s


def _dequeued(call: Call, party: Party, waited_s: int, seconds: str) -> dict[str, str]:
    if party.kind != "queue":
        return {}
    return {
        "QueueSid": queue_sid(call, party.name),
        "DequeueResult": "bridged",
        "DequeuedCallSid": dequeuing_sid(call),
        "DequeuedCallQueueTime": str(waited_s),
        "DequeuedCallDuration": seconds,
    }


def _after(call: Call, element: Element, url: str, form: dict[str, str]) -> Next:
    return call.goto(element, url, form) if element.get("action") else None
