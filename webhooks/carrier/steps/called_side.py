"""What a dialled party hears after picking up, before they are connected: the ``url`` of <Number>, <Client> or <Sip>.

Source: twilio.com/docs/voice/twiml/number (url), twilio.com/docs/glossary/call-whisper. The caller hears it ringing
meanwhile; the document runs on the leg of the called party, and may hold anything but <Dial>. When it ends they are
connected; <Hangup> ends their leg only. Who accepts presses 1 where a key is asked for; who declines, and a mailbox,
presses nothing. Assumed, because it is not stated there: a party who does not get past the document leaves the others
ringing, and is reported as ``completed`` with ``DialBridged=false``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import Goto, Next, Steps, Waits
from webhooks.carrier.requests.fetch import fetch
from webhooks.carrier.steps.parties import Party
from webhooks.carrier.steps.prompts import seconds_of
from webhooks.carrier.twiml.document import Document, Element

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["gets_through"]

_HEARD = frozenset({"Play", "Say", "Pause"})
_ACCEPTS = "1"
_DECIDES_S = 1
_TIMEOUT = 5
_MAX_DOCUMENTS = 20


def gets_through(call: Call, party: Party, leg_sid: str, url: str, *, accepts: bool) -> Steps[bool]:
    """Whether a party who has picked up is connected, after what their document says.

    Parameters
    ----------
    call : Call
        The caller's.
    party : Party
        With a ``url``.
    leg_sid : str
        CallSid of their leg.
    url : str
        Of the document that dials them.
    accepts : bool
        Whether they press 1 where they are asked for a key.
    """
    leg = {
        "CallSid": leg_sid,
        "ParentCallSid": call.sid,
        "Direction": "outbound-dial",
        "To": party.name,
        "Called": party.name,
        "CallStatus": "in-progress",
    }
    goto: Goto | None = Goto(urljoin(url, party.element.get("url")), party.element.method("method"))
    for _ in range(_MAX_DOCUMENTS):
        assert goto is not None
        document = yield from fetch(call, replace(goto, form={**leg, **goto.form}), ends_call=False)
        if document is None:
            return False
        stays, goto = yield from _hears(call, party, document, accepts=accepts)
        if goto is None:
            return stays
    return False


def _hears(call: Call, party: Party, document: Document, *, accepts: bool) -> Steps[tuple[bool, Goto | None]]:
    """Whether the party stays on the line after a document, and where it leads."""
    for verb in document.verbs:
        match verb.name:
            case "Hangup":
                return False, None
            case "Redirect":
                return True, Goto(urljoin(document.url, verb.text), verb.method("method"))
            case "Gather":
                yield from _listens(call, party, document, verb.children)
                yield from _passes(call, party, _DECIDES_S if accepts else call.whole_number(verb, "timeout", _TIMEOUT))
                after = _pressed(call, verb, document.url, accepts=accepts)
                if isinstance(after, Goto):
                    return True, after
            case name if name in _HEARD:
                yield from _listens(call, party, document, [verb])
            case name:
                call.warn(verb, f"<{name}> is not carried out on the leg of a dialled party", "it is ignored")
    return True, None


def _pressed(call: Call, gather: Element, url: str, *, accepts: bool) -> Next:
    if not accepts and gather.get("actionOnEmptyResult") != "true":
        return None
    call.note(f"the called side presses {_ACCEPTS}" if accepts else "the called side presses nothing")
    return call.goto(gather, url, {"Digits": _ACCEPTS if accepts else ""})


def _listens(call: Call, party: Party, document: Document, prompts: Sequence[Element]) -> Steps[None]:
    words = " ".join(" ".join(prompt.text.split()) for prompt in prompts if prompt.name == "Say")
    if words:
        call.note(f"{party.name} hears “{words}”")
    seconds, _ = seconds_of(call, replace(document, verbs=tuple(prompts)), _HEARD)
    yield from _passes(call, party, seconds)


def _passes(call: Call, party: Party, seconds: float) -> Steps[None]:
    """The caller hears it ringing, whatever they press."""
    end_s, waits = call.now_s + seconds, Waits("dial", call.serial(), party.name)
    while happened := (yield from call.until(end_s, waits)):
        call.did(happened.event, taken=False)
