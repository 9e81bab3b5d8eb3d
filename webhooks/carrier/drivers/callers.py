"""Who drives a call: requests go to a transport, and a caller who acts at stated times decides the rest."""

from __future__ import annotations

from collections.abc import Sequence

from webhooks.carrier.call import Call
from webhooks.carrier.protocol import Happened, Request, Transport

__all__ = ["play"]


def play(call: Call, transport: Transport, happenings: Sequence[Happened] = ()) -> Call:
    """A whole call in which people act at stated moments; whoever has nothing left to do stays on the line and is
    silent.

    Parameters
    ----------
    call : Call
        Not yet begun.
    transport : Transport
    happenings : sequence of Happened
        In the order of their moments. What comes due while the line is busy with a request happens after it.

    Returns
    -------
    Call
        The same, ended: see its ``log`` and ``status``.
    """
    steps, left = call.run(), list(happenings)
    answer: object = None
    while True:
        try:
            asked = steps.send(answer)
        except StopIteration:
            return call
        if isinstance(asked, Request):
            answer = transport.send(asked)
        else:
            answer = left.pop(0) if left and left[0].at_s <= asked.at_s else None
