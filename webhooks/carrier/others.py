"""What a call at an exchange asks about the others there, and wants of them."""

from __future__ import annotations

from typing import Protocol

from webhooks.carrier.protocol import QueueState, Request

__all__ = ["Others"]


class Others(Protocol):
    """What a call asks about the others at its exchange."""

    def place(self, call_sid: str, queue: str) -> QueueState:
        """The state of a queue for this caller, who joins it with the first question."""
        ...

    def rings(self, call_sid: str, to: str, sid: str, timeout_s: float) -> None:
        """A telephone rings for this caller, by a call named `sid`; what becomes of it, they hear as `OtherParty`."""
        ...

    def dequeues(self, call_sid: str, queue: str, whisper_url: str) -> None:
        """This caller wants the first who waits in a queue, or the next to join."""
        ...

    def rings_no_more(self, call_sid: str) -> None:
        """This caller waits for no answer any more."""
        ...

    def parts(self, call_sid: str) -> None:
        """Who has answered this caller is not connected with them after all."""
        ...

    def peer(self, call_sid: str) -> str:
        """The call with which a dial has connected this one last; empty for none."""
        ...

    def recorded(self, sid: str, seconds: float, said: str, transcript: Request | None) -> None:
        """Keep a recording; `transcript`, if there is one to send, goes out a little later."""
        ...
