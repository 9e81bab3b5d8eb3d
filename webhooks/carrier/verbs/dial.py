"""<Dial>: source twilio.com/docs/voice/twiml/dial. Whoever is dialled is one person, however many are rung."""

from __future__ import annotations

from typing import TYPE_CHECKING

from webhooks.carrier.protocol import Gone, Next, Other, Problem, Steps, Waits
from webhooks.carrier.talk import farewell, talk

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.document import Element

__all__ = ["perform"]

_TIMEOUT, _TIME_LIMIT = 30, 14_400


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Rings, connects, and asks the action when it is over; without an action the next verb follows."""
    targets = [element.text] if not element.children else [child.text for child in element.children]
    name = ", ".join(target for target in targets if target)
    leg = {"DialCallSid": "CA" + call.sid[2:][::-1]}
    if element.get("answerOnBridge") != "true":
        call.answer()
    if not name:
        call.notice(Problem("12200", f"line {element.line}: <Dial> has nobody to call", "name a number in it", "warning"))
        return _after(call, element, url, {"DialCallStatus": "failed"})
    try:
        status = yield from _ring(call, name, call.whole(element, "timeout", _TIMEOUT))
    except Gone:
        yield from farewell(call, _after(call, element, url, {**leg, "DialCallStatus": "no-answer"}))
        raise
    if status != "completed":
        return _after(call, element, url, {**leg, "DialCallStatus": status})
    call.answer()
    began_s = call.now_s
    try:
        star = "*" if element.get("hangupOnStar") == "true" else ""
        yield from talk(call, name, call.whole(element, "timeLimit", _TIME_LIMIT), hangs_up_on=star)
    except Gone:
        yield from farewell(call, _after(call, element, url, {**leg, **_talked(call.now_s - began_s)}))
        raise
    return _after(call, element, url, {**leg, **_talked(call.now_s - began_s)})


def _ring(call: Call, name: str, timeout_s: float) -> Steps[str]:
    end_s, waits = call.now_s + timeout_s, Waits("dial", call.serial(), name, open=True)
    while happened := (yield from call.until(end_s, waits)):
        taken = isinstance(happened.thing, Other) and happened.thing.what in ("answer", "busy", "no-answer", "failed")
        call.did(happened.thing, taken=taken)
        if isinstance(happened.thing, Other) and taken:
            return "completed" if happened.thing.what == "answer" else happened.thing.what
    return "no-answer"


def _talked(seconds: float) -> dict[str, str]:
    return {"DialCallStatus": "completed", "DialCallDuration": str(round(seconds)), "DialBridged": "true"}


def _after(call: Call, element: Element, url: str, form: dict[str, str]) -> Next:
    return call.goto(element, url, form) if element.get("action") else None
