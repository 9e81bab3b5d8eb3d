"""Prompts: what the caller hears, for how long, and what interrupts it.

Times are estimates: `flows.speech.timing` gives those of speech, the number's settings those of recordings, which are
not fetched.
Source: twilio.com/docs/voice/twiml/say, play, pause.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from flows.speech.languages import supported
from flows.speech.ssml import pause_s, rate_in
from flows.speech.timing import speech_s
from flows.values.voices import primary_tag
from webhooks.carrier.protocol import (
    CallerHungUp,
    CallRedirected,
    Dequeued,
    Goto,
    Happened,
    Key,
    LineEvent,
    Steps,
    Waits,
)
from webhooks.carrier.twiml.document import Document, Element

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["MAX_SAY", "prompt", "said_s", "seconds_of", "uninterruptible"]

MAX_SAY = 4_096
_ENDLESS = 1_000
"""Repetitions for ``loop="0"``."""
_TONE_S, _TONE_PAUSE_S = 0.2, 0.5


def prompt(
    call: Call, element: Element, url: str, waits: Waits, stops: Callable[[LineEvent], bool]
) -> Steps[Happened | None]:
    """Play a Say, Play or Pause with its repetitions; returns the event that interrupted it, else None."""
    if element.name != "Pause":
        call.answer()
    text, seconds = _content(call, element, url)
    if element.name == "Say" and not text:
        call.warn(element, "<Say> has no words", "it is ignored", code="13520")
        return None
    for _ in range(call.whole_number(element, "loop", 1, 0) or _ENDLESS):
        call.heard(element, url, seconds, text)
        call.sounding = len(call.log) - 1
        end_s = call.now_s + seconds
        try:
            while happened := (yield from call.until(end_s, waits)):
                call.did(
                    Key("•") if call.paying and isinstance(happened.event, Key) else happened.event,
                    taken=stops(happened.event),
                )
                if stops(happened.event):
                    call.interrupted()
                    return happened
        except (CallerHungUp, Dequeued, CallRedirected):
            call.interrupted()
            raise
        finally:
            call.sounding = None
    return None


def uninterruptible(_: LineEvent) -> bool:
    """No event interrupts the prompt."""
    return False


def seconds_of(call: Call, document: Document, allowed: frozenset[str]) -> tuple[float, Goto | None]:
    """How long the prompts take in a document that the other party hears, and where it redirects to."""
    seconds = 0.0
    for verb in document.verbs:
        if verb.name not in allowed:
            hint = f"allowed: {', '.join(sorted(allowed))}"
            call.warn(verb, f"<{verb.name}> is not allowed in such a document", hint, code="12200")
        elif verb.name == "Redirect":
            return seconds, Goto(urljoin(document.url, verb.text), verb.method("method"))
        else:
            seconds += _content(call, verb, document.url)[1] * (call.whole_number(verb, "loop", 1, 0) or _ENDLESS)
    return seconds, None


def _content(call: Call, element: Element, url: str) -> tuple[str, float]:
    """The words or the address of a prompt, and its length in seconds."""
    if element.name == "Pause":
        return "", float(call.whole_number(element, "length", 1, 0))
    if element.name == "Play":
        tones = element.get("digits")
        if tones:
            return f"tones {tones}", sum(_TONE_PAUSE_S if tone in "wW" else _TONE_S for tone in tones)
        return urljoin(url, element.text), call.number.play_s
    text = " ".join(element.text.split())
    if len(text) > MAX_SAY:
        message = f"<Say> has {len(text):,} characters; only {MAX_SAY:,} are spoken"
        call.warn(element, message, "split it into several <Say>")
        text = text[:MAX_SAY]
    return text, said_s(text, element.get("language", "en-US")) / _rate(element) + _pauses_s(element)


def _pauses_s(element: Element) -> float:
    """The SSML pauses in a Say."""
    return sum(pause_s(part.get("time")) if part.name == "break" else _pauses_s(part) for part in element.children)


def _rate(element: Element) -> float:
    """How fast a voice speaks by the ``<prosody>`` around all of its words, as a share of normal."""
    rate, inside = 1.0, element
    while len(inside.children) == 1 and inside.children[0].name == "prosody":
        if inside.children[0].text.split() != inside.text.split():
            break
        inside = inside.children[0]
        rate *= rate_in(inside.get("rate"))
    return rate


def said_s(text: str, language: str) -> float:
    """Length of speech in seconds; a language of unknown rate is assumed as fast as English.

    Examples
    --------
    >>> said_s("For billing, press 1.", "en-US"), said_s("For billing, press 1.", "xx")
    (1.6, 1.6)
    """
    primary = primary_tag(language)
    return speech_s(text, primary if primary in supported() else "en-US")
