"""<Dial> for a dial node: whom it calls, and what the called side hears before they are connected.

Source: twilio.com/docs/voice/twiml/dial, number, sip, client.
"""

from __future__ import annotations

from twilio.twiml import TwiML
from twilio.twiml.voice_response import Client, Number, Sip
from twilio.twiml.voice_response import Dial as DialVerb

from flows.analysis.leg_time import whole_s
from flows.protocol.actions import Dial

__all__ = ["ACCEPTED", "dial_verb"]

ACCEPTED = "1"
"""The key by which the called side accepts a call."""
_RECORDED = "record-from-answer-dual"


def dial_verb(dial: Dial, action_url: str, called_url: str) -> TwiML:
    """The verb.

    Parameters
    ----------
    dial : Dial
    action_url : str
        Where Twilio sends how it went.
    called_url : str
        Gives what the called side hears when they pick up.

    Examples
    --------
    >>> str(dial_verb(Dial(("client:anna",), 20.0, ()), "/voice", "/called"))[38:]
    '<Dial action="/voice" answerOnBridge="true" method="POST" timeout="20"><Client>anna</Client></Dial>'
    """
    verb = DialVerb(
        action=action_url,
        method="POST",
        timeout=round(whole_s(dial.timeout_s)),
        answer_on_bridge=True,
        **({"sequential": True} if dial.in_turn else {}),
        **({"caller_id": dial.caller_id} if dial.caller_id else {}),
        **({"time_limit": round(whole_s(dial.time_limit_s))} if dial.time_limit_s is not None else {}),
        **({"record": _RECORDED} if dial.record else {}),
    )
    aside = {"url": called_url, "method": "POST"} if dial.whisper or dial.accept else {}
    for party in dial.parties:
        kind, _, name = party.partition(":")
        if kind == "client":
            verb.append(Client(name, **aside))
        elif kind == "sip":
            verb.append(Sip(party, **aside))
        else:
            verb.append(Number(party, **aside, **({"send_digits": dial.send_digits} if dial.send_digits else {})))
    return verb
