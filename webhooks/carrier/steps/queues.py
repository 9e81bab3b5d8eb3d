"""What is known of a queue from its name."""

from __future__ import annotations

from hashlib import md5
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["queue_sid"]


def queue_sid(call: Call, name: str) -> str:
    """``QueueSid``: the same for all calls of an account."""
    return "QU" + md5(f"{call.number.account_sid} {name}".encode(), usedforsecurity=False).hexdigest()
