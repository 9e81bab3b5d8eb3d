"""Streams, recordings and transcriptions of a call: logged, with status callbacks. None is really opened.

Source: twilio.com/docs/voice/twiml/stream (StreamSid, StreamName, StreamEvent, Timestamp).
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import SideStream, Steps
from webhooks.carrier.requests.fetch import notify, timestamp
from webhooks.carrier.twiml.document import Element

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["begin", "end", "stream_of"]


def stream_of(call: Call, noun: Element, url: str) -> SideStream:
    """The stream, recording or transcription that a noun describes."""
    callback = urljoin(url, noun.get("statusCallback")) if noun.get("statusCallback") else ""
    sid = f"MZ{call.sid[2:-4]}{call.serial():04x}"
    named = {"StreamSid": sid, "StreamName": noun.get("name") or sid} if noun.name == "Stream" else {}
    return SideStream(noun.name, callback, noun.method("statusCallbackMethod"), named)


def begin(call: Call, noun: Element, url: str) -> Steps[None]:
    """Log that it starts; the status callback of a <Stream> is sent."""
    stream = stream_of(call, noun, url)
    call.side_streams[noun.get("name") or noun.name] = stream
    call.note(f"starts {noun.name} {noun.get('name') or noun.get('url')}".rstrip())
    yield from _told(call, stream, "stream-started")


def end(call: Call, name: str) -> Steps[None]:
    """Log that it ends; the status callback of a <Stream> is sent."""
    stream = call.side_streams.pop(name)
    call.note(f"ends {stream.kind} {name if name != stream.kind else ''}".rstrip())
    yield from _told(call, stream, "stream-stopped")


def _told(call: Call, stream: SideStream, event: str) -> Steps[None]:
    if stream.callback and stream.kind == "Stream":
        yield from notify(
            call,
            stream.callback,
            {**stream.parameters, "StreamEvent": event, "Timestamp": timestamp(call)},
            stream.method,
        )
