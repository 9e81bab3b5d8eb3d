"""Drives a call: carries out its requests, and hands it back whenever it waits for somebody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from webhooks.carrier.call import Call
from webhooks.carrier.protocol import Happened, OtherParty, Request, Steps, Transport, Until, Waits

__all__ = ["PATIENCE_S", "Driver"]

PATIENCE_S = 3_600.0
"""Nobody waits longer."""


@dataclass
class Driver:
    """A call being played, stopped at a wait.

    Parameters
    ----------
    call : Call
        Not yet begun.
    transport : Transport
    stops_at : callable
        At which waits control comes back.

    Attributes
    ----------
    waiting : Until or None
        Where the call stands; None before it is begun and once it is over.
    """

    call: Call
    transport: Transport
    stops_at: Callable[[Waits], bool]
    waiting: Until | None = field(default=None, init=False)
    _steps: Steps[None] = field(init=False)

    def __post_init__(self) -> None:
        self._steps = self.call.run()

    @property
    def waits(self) -> Waits | None:
        """What the call waits for."""
        return self.waiting.waits if self.waiting else None

    def play(self, happened: Happened | None = None) -> None:
        """Begin the call, or go on with what has happened (None: nothing did), up to the next wait."""
        answer: object = happened
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
        """Wait until the line itself ends the wait; who still waits after `PATIENCE_S` is taken out of the queue by the
        REST API.
        """
        kind, until_s = (self.waits.kind if self.waits else ""), self.call.now_s + PATIENCE_S
        while self.waits and self.waits.kind == kind and self.call.now_s < until_s:
            self.play()
        if self.waits and self.waits.kind == kind == "queue":
            self.play(Happened(self.call.now_s, OtherParty("leave")))
