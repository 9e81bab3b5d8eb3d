"""Actions as TwiML: one document per turn, made with twilio's builder.

A turn is prompts and one action to wait for. Prompts that a key may interrupt go inside their Gather, all others
before it. Limits: a Say holds 3,000 characters (Polly voices), a document 64 kB (error 11750), a queue's name 64
characters. Characters that XML 1.0 does not allow are left out: the builder lets control characters through, and one of
them would end the call (error 12100).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from typing import NamedTuple, assert_never
from weakref import WeakKeyDictionary
from xml.etree.ElementTree import tostring

from twilio.twiml import TwiML
from twilio.twiml.voice_response import (
    Enqueue as EnqueueVerb,
)
from twilio.twiml.voice_response import (
    Gather,
    Hangup,
    Leave,
    Pause,
    Play,
    Redirect,
    Reject,
    Task,
)
from twilio.twiml.voice_response import (
    Record as RecordVerb,
)

from flows.analysis.leg_time import silences, whole_s
from flows.protocol.actions import (
    Action,
    Ask,
    Book,
    Dial,
    Enqueue,
    Fetch,
    HangUp,
    Listen,
    Passed,
    Pay,
    Record,
    Say,
    Send,
)
from flows.speech.timing import ACCEPT_S, NO_MESSAGE_S
from ivr.answering.taskrouter_names import language_name, plain_name
from webhooks.twilio.dial_verb import dial_verb
from webhooks.twilio.languages import spoken_tag, understood_tag
from webhooks.twilio.pay_verb import pay_verb
from webhooks.twilio.say_verbs import say_verbs, xml_text

__all__ = ["MAX_DOCUMENT", "PUT_OFF_S", "apology", "busy", "document", "for_called", "leaving", "queue_name", "waiting"]


class _Urls(NamedTuple):
    """Where Twilio sends the result of an action, asks for the documents of a queue and of those who are dialled, and
    sends a transcript.
    """

    action: str
    wait: str
    transcript: str
    called: str


RecordingUrl = Callable[[str], str]
"""Gives the address of a recording by its name in the flow, or an empty string to speak its text."""

MAX_DOCUMENT = 64_000
_NEXT_KEY_S = 3
"""Seconds between two keys in a queue, which has no `interdigit` of its own: the default of nodes."""
PUT_OFF_S = 2
"""Seconds of silence before an effect that was put off is tried again."""
_MAX_ADDRESSES = 13_000  # a document names at most two, and a cursor ends at 6,000 characters
_known: WeakKeyDictionary[Say, str] = WeakKeyDictionary()
"""Prompts as XML, for as long as somebody holds them: what a node says to everybody stays, as
`ivr.interpreter.action_cache` holds it; what has a caller's values in it goes with their turn."""
_MAX_QUEUE_NAME = 64
_MAX_HINTS = 500
_MAX_HINT = 100


def document(
    actions: Sequence[Action],
    *,
    action_url: str,
    wait_url: str,
    recording_url: RecordingUrl | None = None,
    transcript_url: str = "",
    called_url: str = "",
    workflow: str = "",
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
        See `RecordingUrl`; without it, texts are spoken.
    transcript_url : str
        Where Twilio sends what a caller said in a message; empty to ask for no transcripts.
    called_url : str
        Where Twilio asks what those hear who are dialled and pick up.
    workflow : str
        SID of the TaskRouter workflow that callers join in place of a queue; empty for a queue.

    Returns
    -------
    bytes
        UTF-8, at most `MAX_DOCUMENT` long.

    Examples
    --------
    >>> print(document((Say("Goodbye.", "en-US"), HangUp("contained")), action_url="/voice", wait_url="/wait").decode())
    <?xml version="1.0" encoding="UTF-8"?><Response><Say language="en-US">Goodbye.</Say><Hangup /></Response>
    """
    heard = [action for action in actions if not isinstance(action, Passed)]
    spoken = [action for action in heard if isinstance(action, Say)]
    last = heard[-1] if heard and not isinstance(heard[-1], Say) else HangUp("")
    inside = _trailing(spoken) if isinstance(last, Listen) else 0
    before, nested = spoken[: len(spoken) - inside], spoken[len(spoken) - inside :]
    # What is said has the same room in every turn, as rule T003 counts it.
    room = MAX_DOCUMENT - _MAX_ADDRESSES + len(action_url) + len(wait_url)
    while True:
        waits = _last(
            last, _said(nested, recording_url), _Urls(action_url, wait_url, transcript_url, called_url), workflow
        )
        body = _bytes(_said(before, recording_url) + waits)
        # Nobody listens to an hour of speech without a key: drop prompts so that the call goes on.
        if len(body) <= room or not (before or nested):
            return body
        before, nested = before[1:], nested if before else nested[1:]


def waiting(
    said: Sequence[Say],
    *,
    keys: Sequence[str],
    pause_s: int,
    wait_url: str,
    music: str = "",
    plays: int = 0,
    recording_url: RecordingUrl | None = None,
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
    heard = _said(said, recording_url)
    if address := recording_url(music) if music and plays and recording_url else "":
        heard += _xml(Play(xml_text(address), loop=plays))
    if keys:
        finish = "" if "#" in "".join(keys) else "#"
        longest = max(map(len, keys))
        # A caller who presses the shorter of two keys must not wait until the silence ends.
        next_s = min(_NEXT_KEY_S, pause_s) if longest > 1 else pause_s
        return _bytes(_xml(_gather(wait_url, longest, finish, next_s), heard + _pause(pause_s - next_s)))
    return _bytes(heard + _pause(pause_s) + _xml(Redirect(wait_url, method="POST")))


def for_called(dial: Dial, key_url: str, *, recording_url: RecordingUrl | None = None) -> bytes:
    """What those hear who are dialled and have picked up: a whisper, and whether they accept the call.

    Their key, or their silence, goes to `key_url`. A document that ends connects them with the caller.

    Examples
    --------
    >>> for_called(Dial(("+14155550100",), 30.0, (), whisper=Say("Sales.", "en-US")), "/called/key")[38:]
    b'<Response><Say language="en-US">Sales.</Say></Response>'
    """
    said = _said([say for say in (dial.whisper, dial.accept) if say], recording_url)
    return _bytes(_xml(_gather(key_url, 1, "", round(ACCEPT_S)), said) if dial.accept else said)


def leaving() -> bytes:
    """Take the caller out of the queue; Twilio then sends a request to the Enqueue's action."""
    return _bytes(_xml(Leave()))


def busy() -> bytes:
    """Do not answer the call; the caller hears a busy tone. Only the first document of a call can do this.

    Examples
    --------
    >>> busy()[38:]
    b'<Response><Reject reason="busy" /></Response>'
    """
    return _bytes(_xml(Reject(reason="busy")))


def apology(text: str, language: str) -> bytes:
    """A sentence and the end of the call, for a caller whose call cannot go on."""
    return _bytes(_said([Say(text, language)], None) + _xml(Hangup()))


def _trailing(spoken: Sequence[Say]) -> int:
    count = 0
    while count < len(spoken) and spoken[-1 - count].barge_in:
        count += 1
    return count


def _last(action: Action, nested: str, urls: _Urls, workflow: str) -> str:
    """The verb that waits, or ends the call."""
    action_url, wait_url, transcript_url, called_url = urls
    match action:
        case Listen():
            hints = _hints(action.hints)
            speech = (
                {"hints": hints, "speech_timeout": "auto", "language": understood_tag(action.language)} if hints else {}
            )
            first_s, next_s = (round(seconds) for seconds in silences(action))
            gather = _gather(action_url, action.max_digits, action.finish_key, next_s, **speech)
            # Gather has one time-out for every key; the first one gets more time by a pause.
            return _xml(gather, nested + _pause(first_s - next_s))
        case Enqueue():
            waits = {"action": action_url, "method": "POST", "wait_url": wait_url, "wait_url_method": "POST"}
            if not workflow:
                return _xml(EnqueueVerb(queue_name(action.queue), **waits))
            return _xml(EnqueueVerb(workflow_sid=workflow, **waits), _xml(Task(_task(action))))
        case Dial():
            return _xml(dial_verb(action, action_url, called_url))
        case Record():
            wanted = action.transcribe and transcript_url
            # When the caller says nothing, Twilio skips the action and goes on to the next verb.
            record = RecordVerb(
                action=action_url,
                method="POST",
                max_length=round(whole_s(action.max_s)),
                finish_on_key=action.finish_key,
                timeout=round(NO_MESSAGE_S),
                play_beep=True,
                **({"transcribe": True, "transcribe_callback": transcript_url} if wanted else {}),
            )
            return _xml(record) + _xml(Redirect(action_url, method="POST"))
        case Pay():
            return _xml(pay_verb(action, action_url))
        case HangUp():
            return _xml(Hangup())
        case Fetch() | Send() | Book():
            return _pause(PUT_OFF_S) + _xml(Redirect(action_url, method="POST"))
        case Say() | Ask() | Passed():
            raise TypeError(f"a turn cannot end in {type(action).__name__}")
        case _:
            assert_never(action)


@lru_cache(maxsize=1024)
def _hints(phrases: tuple[str, ...]) -> str:
    """The phrases of a menu as the attribute `hints`, whose entries end with a comma."""
    plain = (" ".join(xml_text(phrase).replace(",", " ").split())[:_MAX_HINT] for phrase in phrases[:_MAX_HINTS])
    return ",".join(phrase for phrase in plain if phrase)


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


def _said(prompts: Iterable[Say], recording_url: RecordingUrl | None) -> str:
    """Prompts as their recordings, else as speech."""
    return "".join([_prompt(say, recording_url) for say in prompts])


def _prompt(say: Say, recording_url: RecordingUrl | None) -> str:
    if url := recording_url(say.audio) if say.audio and recording_url else "":
        return _xml(Play(xml_text(url)))
    spoken = _known.get(say)
    if spoken is None:
        spoken = _known[say] = "".join(map(_xml, say_verbs(say, spoken_tag(say.language))))
    return spoken


def _pause(length_s: int) -> str:
    return _xml(Pause(length=length_s)) if length_s > 0 else ""


def _task(queue: Enqueue) -> str:
    """What a task of TaskRouter says about a caller: queue and language, as ``ivr export taskrouter`` expects them, and
    the values that the flow hands to agents.
    """
    told = {"values": dict(queue.told)} if queue.told else {}
    return json.dumps({"queue": plain_name(queue.queue), "language": language_name(queue.language), **told})


def queue_name(name: str) -> str:
    """A queue's name for the carrier: at most 64 characters, and different for different queues."""
    name = xml_text(name)
    if len(name) <= _MAX_QUEUE_NAME:
        return name
    return f"{name[:51]} {hashlib.sha256(name.encode()).hexdigest()[:12]}"


def _xml(verb: TwiML, nested: str = "") -> str:
    """A verb around what is nested in it."""
    alone = tostring(verb.xml(), "unicode", short_empty_elements=not nested)
    if not nested:
        return alone
    closing = f"</{verb.name}>"
    return f"{alone.removesuffix(closing)}{nested}{closing}"


def _bytes(verbs: str) -> bytes:
    return f'<?xml version="1.0" encoding="UTF-8"?><Response>{verbs}</Response>'.encode()
