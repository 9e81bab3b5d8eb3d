"""Drives a call: sends its requests, and returns control at the waits that others decide."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from webhooks.carrier.call import Call
from webhooks.carrier.protocol import Happened, OtherParty, Reply, Request, Steps, Transport, Until, Waits
from webhooks.carrier.run_call import run

__all__ = ["PATIENCE_S", "Driver", "play"]

PATIENCE_S = 3_600.0
"""The longest wait that `Driver.outlast` waits out."""


@dataclass
class Driver:
    """A call that stops at a wait.

    Parameters
    ----------
    call : Call
        Not begun yet.
    transport : Transport
    stops_at : callable
        Whether to return control at a wait.
    course : callable
        The course of the call; default: that of a call to the number.

    Attributes
    ----------
    waiting : Until or None
        What the call is waiting for; None before it begins and after it ends.
    """

    call: Call
    transport: Transport
    stops_at: Callable[[Waits], bool]
    course: Callable[[Call], Steps[None]] = run
    waiting: Until | None = field(default=None, init=False)
    _steps: Steps[None] = field(init=False)

    def __post_init__(self) -> None:
        self._steps = self.course(self.call)

    @property
    def waits(self) -> Waits | None:
        """What the call waits for."""
        return self.waiting.waits if self.waiting else None

    def play(self, happened: Happened | None = None) -> None:
        """Begin the call, or continue with what has happened (None: nothing), up to the next wait."""
        answer: Reply | Happened | None = happened
        try:
            while True:
                asked = self._steps.send(answer)
                if isinstance(asked, Request):
                    answer = self.transport.send(asked)
                elif self.stops_at(asked.waits):
                    self.waiting = asked
                    return
                else:
                    answer = None
        except StopIteration:
            self.waiting = None

    def outlast(self) -> None:
        """Wait until the line ends the wait itself; after `PATIENCE_S` the REST API takes the caller out of a queue."""
        kind, until_s = (self.waits.kind if self.waits else ""), self.call.now_s + PATIENCE_S
        while self.waits and self.waits.kind == kind and self.call.now_s < until_s:
            self.play()
        if self.waits and self.waits.kind == kind == "queue":
            self.play(Happened(self.call.now_s, OtherParty("leave")))


def play(call: Call, transport: Transport, happenings: Sequence[Happened] = ()) -> Call:
    """Play a whole call in which people act at stated times; after the last action the caller stays silent on the line.

    Parameters
    ----------
    call : Call
        Not begun yet.
    transport : Transport
    happenings : sequence of Happened
        In order of time. An event that falls within a request happens right after it.

    Returns
    -------
    Call
        The same call, ended: see its ``log`` and ``status``.
    """
    left = deque(happenings)
    driver = Driver(call, transport, lambda waits: True)
    driver.play()
    while driver.waiting:
        driver.play(left.popleft() if left and left[0].at_s <= driver.waiting.at_s else None)
    return call
