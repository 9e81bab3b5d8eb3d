"""Actions as TwiML: one document per turn, made with twilio's builder.

A turn is prompts and one action to wait for. Prompts that a key may interrupt go inside their Gather, all others
before it. Limits: a Say holds 3,000 characters (Polly voices), a document 64 kB (error 11750), a queue's name 64
characters. Characters that XML 1.0 does not allow are left out: the builder lets control characters through, and one of
them would end the call (error 12100).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import assert_never
from xml.sax.saxutils import escape

from twilio.twiml import TwiML
from twilio.twiml.voice_response import (
    Dial as DialVerb,
)
from twilio.twiml.voice_response import (
    Enqueue as EnqueueVerb,
)
from twilio.twiml.voice_response import (
    Gather,
    Hangup,
    Leave,
    Number,
    Pause,
    Play,
    Redirect,
    Reject,
    Sip,
    VoiceResponse,
)
from twilio.twiml.voice_response import (
    Record as RecordVerb,
)

from flows.analysis.leg_time import silences, whole_s
from flows.protocol.actions import (
    EFFECTS,
    Action,
    Ask,
    Book,
    Dial,
    Enqueue,
    Fetch,
    HangUp,
    Listen,
    Passed,
    Record,
    Say,
    Send,
)
from flows.speech import ssml
from flows.speech.timing import NO_MESSAGE_S
from webhooks.twilio.languages import spoken_tag, understood_tag
from webhooks.twilio.say_verbs import say_verbs

__all__ = ["MAX_DOCUMENT", "PUT_OFF_S", "apology", "busy", "document", "forget", "leaving", "queue_name", "waiting"]

MAX_DOCUMENT = 64_000
_NEXT_KEY_S = 3
"""Seconds between two keys in a queue, which has no `interdigit` of its own: the default of nodes."""
PUT_OFF_S = 2
"""Seconds of silence before an effect that was put off is tried again."""
_PUT_OFF = Book("", "", "", "", ())
"""Represents any effect that was put off: a cached document must hold nothing from a call."""
_MAX_ADDRESSES = 13_000  # a document names at most two, and a cursor ends at 6,000 characters
_MAX_QUEUE_NAME = 64
_MAX_HINTS = 500
_MAX_HINT = 100
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
# Placeholders for the addresses in a cached document. XML does not allow them, so no text contains them.
_ACTION, _WAIT = "\ufffe", "\uffff"
_ACTION_BYTES, _WAIT_BYTES = _ACTION.encode(), _WAIT.encode()


@dataclass(frozen=True)
class _Wait:
    """The parts of a waiting caller's document."""

    said: tuple[Say, ...]
    keys: tuple[str, ...]
    music: str
    plays: int
    pause_s: int
    recordings: tuple[tuple[str, str], ...]


def document(
    actions: Sequence[Action],
    *,
    action_url: str,
    wait_url: str,
    recording_url: Callable[[str], str] | None = None,
) -> bytes:
    """One turn of a call as TwiML.

    Parameters
    ----------
    actions : sequence of Action
        As `ivr.interpreter.step.step` returns them; the last one waits or ends the call. An effect there was put off:
        the caller hears silence until the next request.
    action_url : str
        Where Twilio sends the result of the last action.
    wait_url : str
        Where Twilio asks for the documents of a waiting caller.
    recording_url : callable, optional
        Gives the address of a recording by its name in the flow, or an empty string to speak its text.

    Returns
    -------
    bytes
        UTF-8, at most `MAX_DOCUMENT` long.

    Examples
    --------
    >>> print(document((Say("Goodbye.", "en-US"), HangUp("contained")), action_url="/voice", wait_url="/wait").decode())
    <?xml version="1.0" encoding="UTF-8"?><Response><Say language="en-US">Goodbye.</Say><Hangup /></Response>
    """
    heard = tuple([action for action in actions if not isinstance(action, Passed)])
    if heard and isinstance(heard[-1], EFFECTS):
        heard = (*heard[:-1], _PUT_OFF)
    return _fill(_turn(heard, _recordings_of(heard, recording_url)), action_url, wait_url)


def waiting(
    said: Sequence[Say],
    *,
    keys: Sequence[str],
    pause_s: int,
    wait_url: str,
    music: str = "",
    plays: int = 0,
    recording_url: Callable[[str], str] | None = None,
) -> bytes:
    """What a caller in a queue hears now: announcements, then music or silence during which keys are taken.

    Parameters
    ----------
    said : sequence of Say
    keys : sequence of str
        Keys that leave the queue.
    pause_s : int
        Seconds of silence at the end.
    wait_url : str
        Where Twilio sends a key, or the next request after the silence.
    music : str
        Name of a recording that is played before the silence.
    plays : int
        How often `music` is played.
    recording_url : callable, optional
        As for `document`.

    Examples
    --------
    >>> b"<Pause length=\\"20\\" />" in waiting((), keys=(), pause_s=20, wait_url="/wait")
    True
    """
    played = _recordings_of(said, recording_url)
    address = recording_url(music) if music and recording_url else ""
    return _fill(
        _waiting(_Wait(tuple(said), tuple(keys), address, plays if address else 0, pause_s, played)), "", wait_url
    )


def _recordings_of(said: Iterable[Action], recording_url: Callable[[str], str] | None) -> tuple[tuple[str, str], ...]:
    """The addresses of recordings, by name."""
    return tuple(
        (say.audio, recording_url(say.audio)) for say in said if isinstance(say, Say) and say.audio and recording_url
    )


def leaving() -> bytes:
    """Take the caller out of the queue; Twilio then sends a request to the Enqueue's action."""
    return _bytes([Leave()])


def busy() -> bytes:
    """Do not answer the call; the caller hears a busy tone. Only the first document of a call can do this.

    Examples
    --------
    >>> busy()[38:]
    b'<Response><Reject reason="busy" /></Response>'
    """
    return _bytes([Reject(reason="busy")])


def apology(text: str, language: str) -> bytes:
    """A sentence and the end of the call, for a caller whose call cannot go on."""
    return _bytes([*_spoken(Say(text, language), {}), Hangup()])


def forget() -> None:
    """Drop the cached documents, which may contain values of callers."""
    ssml.read.cache_clear()
    _turn.cache_clear()
    _waiting.cache_clear()


@lru_cache(maxsize=2_048)
def _turn(actions: tuple[Action, ...], recordings: tuple[tuple[str, str], ...]) -> bytes:
    spoken = tuple(a for a in actions if isinstance(a, Say))
    last = actions[-1] if actions and not isinstance(actions[-1], Say) else HangUp("")
    inside = _trailing(spoken) if isinstance(last, Listen) else 0
    before, nested = spoken[: len(spoken) - inside], spoken[len(spoken) - inside :]
    urls = dict(recordings)
    while True:
        outside = [verb for say in before for verb in _spoken(say, urls)]
        body = _bytes([*outside, *_last(last, [verb for say in nested for verb in _spoken(say, urls)])])
        # Nobody listens to an hour of speech without a key: drop prompts so that the call goes on.
        if len(body) <= MAX_DOCUMENT - _MAX_ADDRESSES or not (before or nested):
            return body
        before, nested = before[1:], nested if before else nested[1:]


@lru_cache(maxsize=512)
def _waiting(wait: _Wait) -> bytes:
    said = [verb for say in wait.said for verb in _spoken(say, dict(wait.recordings))]
    if wait.plays:
        said.append(Play(_plain(wait.music), loop=wait.plays))
    if wait.keys:
        finish = "" if "#" in "".join(wait.keys) else "#"
        longest = max(map(len, wait.keys))
        # A caller who presses the shorter of two keys must not wait until the silence ends.
        next_s = min(_NEXT_KEY_S, wait.pause_s) if longest > 1 else wait.pause_s
        gather = _gather(_WAIT, longest, finish, next_s)
        return _bytes([_with(gather, [*said, Pause(length=wait.pause_s - next_s)] if wait.pause_s > next_s else said)])
    silence = [Pause(length=wait.pause_s)] if wait.pause_s else []
    return _bytes([*said, *silence, Redirect(_WAIT, method="POST")])


def _trailing(spoken: Sequence[Say]) -> int:
    count = 0
    while count < len(spoken) and spoken[-1 - count].barge_in:
        count += 1
    return count


def _last(action: Action, nested: list[TwiML]) -> list[TwiML]:
    """The verb that waits, or ends the call."""
    match action:
        case Listen():
            phrases = (" ".join(_plain(h).replace(",", " ").split())[:_MAX_HINT] for h in action.hints[:_MAX_HINTS])
            hints = ",".join(phrase for phrase in phrases if phrase)
            speech = (
                {"hints": hints, "speech_timeout": "auto", "language": understood_tag(action.language)} if hints else {}
            )
            first_s, next_s = (round(seconds) for seconds in silences(action))
            gather = _gather(_ACTION, action.max_digits, action.finish_key, next_s, **speech)
            # Gather has one time-out for every key; the first one gets more time by a pause.
            return [_with(gather, [*nested, Pause(length=first_s - next_s)] if first_s > next_s else nested)]
        case Enqueue():
            queue = EnqueueVerb(
                queue_name(action.queue), action=_ACTION, method="POST", wait_url=_WAIT, wait_url_method="POST"
            )
            return [queue]
        case Dial():
            dial = DialVerb(
                action=_ACTION, method="POST", timeout=round(whole_s(action.timeout_s)), answer_on_bridge=True
            )
            dial.append(Sip(action.number) if action.number.startswith("sip:") else Number(action.number))
            return [dial]
        case Record():
            # When the caller says nothing, Twilio skips the action and goes on to the next verb.
            record = RecordVerb(
                action=_ACTION,
                method="POST",
                max_length=round(whole_s(action.max_s)),
                finish_on_key=action.finish_key,
                timeout=round(NO_MESSAGE_S),
                play_beep=True,
            )
            return [record, Redirect(_ACTION, method="POST")]
        case HangUp():
            return [Hangup()]
        case Fetch() | Send() | Book():
            return [Pause(length=PUT_OFF_S), Redirect(_ACTION, method="POST")]
        case Say() | Ask() | Passed():
            raise TypeError(f"a turn cannot end in {type(action).__name__}")
        case _:
            assert_never(action)


def _gather(url: str, digits: int, finish: str, timeout_s: int, **speech: str) -> Gather:
    return Gather(
        input="dtmf speech" if speech else "dtmf",
        action=url,
        method="POST",
        action_on_empty_result=True,
        num_digits=digits,
        finish_on_key=finish,
        timeout=max(1, timeout_s),
        **speech,
    )


def _spoken(say: Say, recordings: dict[str, str]) -> list[TwiML]:
    url = recordings.get(say.audio, "")
    if url:
        return [Play(_plain(url))]
    return say_verbs(replace(say, text=_plain(say.text), ssml=_plain(say.ssml)), spoken_tag(say.language))


def queue_name(name: str) -> str:
    """A queue's name for the carrier: at most 64 characters, and different for different queues."""
    name = _plain(name)
    if len(name) <= _MAX_QUEUE_NAME:
        return name
    return f"{name[:51]} {hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _plain(text: str) -> str:
    return _NOT_XML.sub("", text)


def _with(verb: TwiML, nested: Sequence[TwiML]) -> TwiML:
    for each in nested:
        verb.append(each)
    return verb


def _bytes(verbs: Sequence[TwiML]) -> bytes:
    return str(_with(VoiceResponse(), verbs)).encode()


def _fill(body: bytes, action_url: str, wait_url: str) -> bytes:
    if _WAIT_BYTES in body:
        body = body.replace(_WAIT_BYTES, escape(wait_url).encode())
    return body.replace(_ACTION_BYTES, escape(action_url).encode())
