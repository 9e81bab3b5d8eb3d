"""Documents that bring a caller and an agent together: whisper, conference, queue, another number.

Source: twilio.com/docs/voice/twiml (conference, dial, enqueue, gather).
"""

from __future__ import annotations

from collections.abc import Sequence

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse
from twilio.twiml.voice_response import Say as SayVerb

from webhooks.twilio.languages import spoken_tag
from webhooks.twilio.say_verbs import xml_text
from webhooks.twilio.twiml import queue_name

__all__ = ["dial_out", "enqueue", "go_on", "hang_up", "later", "nothing", "whisper", "with_each_other"]

_KEY_S = 8
_RING_S = 30


def whisper(texts: Sequence[str], language: str, key_url: str) -> bytes:
    """What an agent hears who has picked up, twice; a key goes to `key_url`, and so does silence.

    Examples
    --------
    >>> b'numDigits="1"' in whisper(["Billing."], "en-US", "/agent/key?c=x")
    True
    """
    out, tag = VoiceResponse(), spoken_tag(language)
    gather = Gather(
        input="dtmf",
        num_digits=1,
        action=key_url,
        method="POST",
        timeout=_KEY_S,
        action_on_empty_result=True,
        finish_on_key="",
    )
    for text in (*texts, *texts):
        gather.append(SayVerb(xml_text(text), language=tag))
    out.append(gather)
    return _bytes(out)


def with_each_other(
    conference: str, action_url: str, *, ends: bool, said: tuple[str, str] = ("", ""), record: bool = False
) -> bytes:
    """A party of a conversation; the conference is over when one leaves for whom `ends` is true.

    Parameters
    ----------
    conference, action_url : str
    ends : bool
    said : tuple of str
        What they hear first, and its language.
    record : bool
        Whether the conversation is recorded, from the beginning.
    """
    out, (text, language) = VoiceResponse(), said
    if text:
        out.say(xml_text(text), language=spoken_tag(language))
    dial = Dial(action=action_url, method="POST")
    dial.conference(
        conference,
        beep="false",
        start_conference_on_enter=True,
        end_conference_on_exit=ends,
        wait_url="",
        **({"record": "record-from-start"} if record else {}),
    )
    out.append(dial)
    return _bytes(out)


def enqueue(queue: str, action_url: str, wait_url: str) -> bytes:
    """A caller waits in a queue."""
    out = VoiceResponse()
    out.enqueue(queue_name(queue), action=action_url, method="POST", wait_url=wait_url, wait_url_method="POST")
    return _bytes(out)


def dial_out(number: str, action_url: str) -> bytes:
    """A caller is connected to a number or a SIP address."""
    out = VoiceResponse()
    dial = Dial(action=action_url, method="POST", timeout=_RING_S, answer_on_bridge=True)
    if number.startswith("sip:"):
        dial.sip(number)
    else:
        dial.number(number)
    out.append(dial)
    return _bytes(out)


def go_on(url: str) -> bytes:
    """The call goes on elsewhere."""
    out = VoiceResponse()
    out.redirect(url, method="POST")
    return _bytes(out)


def later(url: str) -> bytes:
    """A moment of silence, and then `url`: what is needed now is out of reach."""
    out = VoiceResponse()
    out.pause(length=1)
    out.redirect(url, method="POST")
    return _bytes(out)


def hang_up(text: str = "", language: str = "") -> bytes:
    """A sentence, and the end of the call."""
    out = VoiceResponse()
    if text:
        out.say(xml_text(text), language=spoken_tag(language))
    out.hangup()
    return _bytes(out)


def nothing() -> bytes:
    """An empty document, where the carrier does not follow one."""
    return _bytes(VoiceResponse())


def _bytes(response: VoiceResponse) -> bytes:
    return str(response).encode()
