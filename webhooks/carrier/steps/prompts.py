"""What is played to a caller, how long it takes, and what ends it early.

Times are estimates: of words by `flows.speech.timing`, of recordings as the number is configured, since they are not fetched.
Source: twilio.com/docs/voice/twiml/say, play, pause.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from flows.speech.languages import supported
from flows.speech.ssml import pause_s
from flows.speech.timing import speech_s
from webhooks.carrier.protocol import (
    CallerHungUp,
    CallRedirected,
    Dequeued,
    Goto,
    Happened,
    Key,
    LineEvent,
    Problem,
    Steps,
    Waits,
)
from webhooks.carrier.twiml.document import Document, Element

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["MAX_SAY", "nothing", "prompt", "said_s", "seconds_of"]

MAX_SAY = 4_096
_ENDLESS = 1_000
"""Repetitions of ``loop="0"``."""
_TONE_S, _TONE_PAUSE_S = 0.2, 0.5


def prompt(
    call: Call, element: Element, url: str, waits: Waits, stops: Callable[[LineEvent], bool]
) -> Steps[Happened | None]:
    """Say, Play or Pause, with its repetitions; what ended it early, if anything did."""
    if element.name != "Pause":
        call.answer()
    text, seconds = _content(call, element, url)
    if element.name == "Say" and not text:
        call.notice(Problem("13520", f"line {element.line}: <Say> has no words", "it is left out", "warning"))
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
    """What ends a prompt during which nothing can be done: no thing a caller does."""
    return False


def seconds_of(call: Call, document: Document, allowed: frozenset[str]) -> tuple[float, Goto | None]:
    """How long the prompts of a document take that somebody else hears, and where it redirects to."""
    seconds = 0.0
    for verb in document.verbs:
        if verb.name not in allowed:
            hint = f"allowed: {', '.join(sorted(allowed))}"
            call.notice(
                Problem("12200", f"line {verb.line}: <{verb.name}> may not stand in such a document", hint, "warning")
            )
        elif verb.name == "Redirect":
            return seconds, Goto(
                urljoin(document.url, verb.text), "GET" if verb.get("method").upper() == "GET" else "POST"
            )
        else:
            seconds += _content(call, verb, document.url)[1] * (call.whole_number(verb, "loop", 1, 0) or _ENDLESS)
    return seconds, None


def _content(call: Call, element: Element, url: str) -> tuple[str, float]:
    """The words or the address of a prompt, and its seconds."""
    if element.name == "Pause":
        return "", float(call.whole_number(element, "length", 1, 0))
    if element.name == "Play":
        tones = element.get("digits")
        if tones:
            return f"tones {tones}", sum(_TONE_PAUSE_S if tone in "wW" else _TONE_S for tone in tones)
        return urljoin(url, element.text), call.number.play_s
    text = " ".join(element.text.split())
    if len(text) > MAX_SAY:
        message = f"line {element.line}: <Say> has {len(text):,} characters; {MAX_SAY:,} are spoken"
        call.notice(Problem("", message, "say it in parts", "warning"))
        text = text[:MAX_SAY]
    return text, said_s(text, element.get("language", "en-US")) + _pauses_s(element)


def _pauses_s(element: Element) -> float:
    """The pauses that SSML states within a Say."""
    return sum(pause_s(part.get("time")) if part.name == "break" else _pauses_s(part) for part in element.children)


def said_s(text: str, language: str) -> float:
    """Seconds of speech; a language whose rate is not known is taken to be as quick as English.

    Examples
    --------
    >>> said_s("For billing, press 1.", "en-US"), said_s("For billing, press 1.", "xx")
    (1.6, 1.6)
    """
    return speech_s(text, language if language.partition("-")[0].lower() in supported() else "en-US")
