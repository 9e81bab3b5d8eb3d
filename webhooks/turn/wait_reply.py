"""The document that a caller in a queue hears next."""

from __future__ import annotations

from flows.protocol.actions import Enqueue
from webhooks.turn.addresses import Addresses
from webhooks.turn.queue_wait import QueueWait
from webhooks.turn.request import CallRequest
from webhooks.twilio import twiml

__all__ = ["wait_document"]


def wait_document(queue: Enqueue, wait: QueueWait, request: CallRequest, addresses: Addresses) -> bytes:
    """What happens next in a queue, as TwiML.

    Parameters
    ----------
    queue : Enqueue
    wait : QueueWait
        What happens next.
    request : CallRequest
        Its cursor goes into the address of the next request: a caller who waits stays where they are.
    addresses : Addresses
    """
    if wait.leaves:
        return twiml.leaving()
    return twiml.waiting(
        wait.said,
        keys=queue.keys,
        music=queue.music,
        plays=wait.plays,
        pause_s=wait.pause_s,
        wait_url=addresses.request("/wait", request.cursor),
        recording_url=addresses.recording,
    )
