"""What runs beside a call: streams, recordings, transcriptions. They are noted, and their status callbacks are told.

Source: twilio.com/docs/voice/twiml/stream (StreamSid, StreamName, StreamEvent, Timestamp). No stream is opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from webhooks.carrier.protocol import Steps
from webhooks.carrier.requests.requests import notify, timestamp
from webhooks.carrier.twiml.document import Element

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["Beside", "begin", "end", "stream_of"]


@dataclass(frozen=True)
class SideStream:
    """Something that runs.

    Parameters
    ----------
    kind : str
        The noun, e.g. ``Stream``.
    callback, method : str
        Told that it begins and ends; empty for nobody.
    parameters : mapping of str to str
        What says which it is.
    """

    kind: str
    callback: str
    method: str
    parameters: Mapping[str, str]


def stream_of(call: Call, noun: Element, url: str) -> SideStream:
    """A stream, or what else a noun names."""
    callback = urljoin(url, noun.get("statusCallback")) if noun.get("statusCallback") else ""
    sid = f"MZ{call.sid[2:-4]}{call.serial():04x}"
    named = {"StreamSid": sid, "StreamName": noun.get("name") or sid} if noun.name == "Stream" else {}
    return SideStream(
        noun.name, callback, "GET" if noun.get("statusCallbackMethod").upper() == "GET" else "POST", named
    )


def begin(call: Call, noun: Element, url: str) -> Steps[None]:
    """Note that it begins; a <Stream>'s status callback is told."""
    stream = stream_of(call, noun, url)
    call.side_streams[noun.get("name") or noun.name] = stream
    call.note(f"begins {noun.name} {noun.get('name') or noun.get('url')}".rstrip())
    yield from _told(call, stream, "stream-started")


def end(call: Call, name: str) -> Steps[None]:
    """Note that it ends."""
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
