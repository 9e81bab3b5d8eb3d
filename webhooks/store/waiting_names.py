"""The name under which a promised callback waits for an agent."""

from __future__ import annotations

import hashlib

__all__ = ["waiting_sid"]


def waiting_sid(call_sid: str, seq: int) -> str:
    """The name under which a callback waits: the call in which it was promised may have waited too.

    Parameters
    ----------
    call_sid : str
    seq : int
        Row of the steps table in which it was promised.

    Examples
    --------
    >>> len(waiting_sid("CA1", 4)), waiting_sid("CA1", 4)[:2]
    (34, 'CB')
    """
    return "CB" + hashlib.sha256(f"callback {call_sid} {seq}".encode()).hexdigest()[:32]
