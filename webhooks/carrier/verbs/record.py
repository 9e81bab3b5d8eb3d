"""<Record>: records the caller. Source: twilio.com/docs/voice/twiml/record.

It ends with a key of ``finishOnKey`` (default: any key), after ``timeout`` seconds of silence, after ``maxLength``
seconds, or when the caller hangs up. A silent recording is discarded: the next verb follows instead of the action.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import CallerHungUp, Key, Next, Request, Steps, Talk, Waits
from webhooks.carrier.requests.fetch import notify, prepared
from webhooks.carrier.steps.talk import request_action_after_hangup

if TYPE_CHECKING:
    from webhooks.carrier.call import Call
    from webhooks.carrier.twiml.document import Element

__all__ = ["perform"]

_ANY_KEY = "1234567890*#"
_TIMEOUT, _MAX_LENGTH = 5, 3_600


@dataclass
class _Tape:
    """What has been recorded so far."""

    began_s: float
    first_s: float | None = None
    last_s: float = 0.0
    key: str = ""
    said: list[str] = field(default_factory=list)

    def seconds(self, now_s: float, *, trimmed: bool) -> int:
        if self.first_s is None:
            return 0
        length = min(self.last_s, now_s) - self.first_s if trimmed else now_s - self.began_s
        return max(1, round(length))


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Record, then go to the action."""
    call.answer()
    tape = _Tape(call.now_s)
    trimmed = element.get("trim", "trim-silence") != "do-not-trim"
    try:
        yield from _record(call, element, tape)
    except CallerHungUp:
        if tape.first_s is not None:
            call.took("Record", seconds=tape.seconds(call.now_s, trimmed=trimmed))
            tape.key = "hangup"
            made = _made(call, element, url, tape, trimmed=trimmed)
            yield from request_action_after_hangup(call, call.goto(element, url, {**made, "Digits": tape.key}))
            yield from _announce(call, element, url, made)
        raise
    call.took("Record", seconds=tape.seconds(call.now_s, trimmed=trimmed))
    if tape.first_s is None:
        return None
    made = _made(call, element, url, tape, trimmed=trimmed)
    yield from _announce(call, element, url, made)
    return call.goto(element, url, {**made, "Digits": tape.key})


def _record(call: Call, element: Element, tape: _Tape) -> Steps[None]:
    timeout_s = call.whole_number(element, "timeout", _TIMEOUT)
    end_s = tape.began_s + call.whole_number(element, "maxLength", _MAX_LENGTH, 2)
    finish = element.get("finishOnKey", _ANY_KEY)
    quiet_from_s, waits = tape.began_s, Waits("record", call.serial(), open=True, listens=True)
    while happened := (yield from call.until(min(end_s, quiet_from_s + timeout_s), waits)):
        event = happened.event
        call.did(event, taken=isinstance(event, Talk) or (isinstance(event, Key) and event.key in finish))
        if isinstance(event, Talk):
            tape.first_s = call.now_s if tape.first_s is None else tape.first_s
            quiet_from_s = tape.last_s = call.now_s + event.seconds
            tape.said += [event.words] if event.words else []
        if isinstance(event, Key) and event.key in finish:
            tape.key = event.key
            return


def _made(call: Call, element: Element, url: str, tape: _Tape, *, trimmed: bool) -> dict[str, str]:
    """What the action is told of the recording, which the others at the exchange keep."""
    call.recordings += 1
    sid, seconds = _sid(call), tape.seconds(call.now_s, trimmed=trimmed)
    at = f"https://api.twilio.com/2010-04-01/Accounts/{call.number.account_sid}/Recordings/{sid}"
    made = {"RecordingUrl": at, "RecordingDuration": str(seconds)}
    if call.others:
        call.others.recorded(sid, seconds, " ".join(tape.said), _transcript(call, element, url, tape, made))
    return made


def _transcript(call: Call, element: Element, url: str, tape: _Tape, made: dict[str, str]) -> Request | None:
    """What is sent to the address for transcripts; None where none is wanted, or nobody wrote down what was said."""
    to = element.get("transcribeCallback")
    if not to or not tape.said:
        return None
    told = {"TranscriptionText": " ".join(tape.said), "TranscriptionStatus": "completed"}
    return prepared(call, urljoin(url, to), {**told, "RecordingSid": _sid(call), "RecordingUrl": made["RecordingUrl"]})


def _sid(call: Call) -> str:
    """The recording's: derived from the call, and from which of its recordings it is."""
    first = call.recordings <= 1
    return f"RE{call.sid[2:]}" if first else f"RE{sha256(f'{call.sid} {call.recordings}'.encode()).hexdigest()[:32]}"


def _announce(call: Call, element: Element, url: str, made: dict[str, str]) -> Steps[None]:
    """Send the status callback of the recording."""
    callback = element.get("recordingStatusCallback")
    if callback:
        told = {
            **made,
            "RecordingSid": _sid(call),
            "RecordingStatus": "completed",
            "RecordingChannels": "1",
            "RecordingSource": "RecordVerb",
        }
        yield from notify(call, urljoin(url, callback), told)
