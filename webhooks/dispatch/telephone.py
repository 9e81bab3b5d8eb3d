"""What the dispatcher asks of the carrier, and how that can fail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

__all__ = ["Gone", "Leg", "Refused", "Telephone", "Unknown"]


class Refused(Exception):  # noqa: N818 -- what has happened, not what is wrong with the program
    """The carrier has certainly not done it.

    Parameters
    ----------
    why : str
        For the log, without numbers of callers.
    again : bool
        Whether the same may work a little later: too many requests at once, or the carrier is out of order.
    after_s : float
        Seconds for which the carrier wants no more requests; 0 if it did not say.
    """

    def __init__(self, why: str, *, again: bool = False, after_s: float = 0.0) -> None:
        super().__init__(why)
        self.why, self.again, self.after_s = why, again, after_s


class Gone(Refused):
    """The call that it was about is over, or has left the queue."""


class Unknown(Exception):  # noqa: N818
    """The carrier may have done it: its answer was lost."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Leg:
    """A call that the carrier has placed for us.

    Parameters
    ----------
    call_sid : str
    status : str
        As the carrier names it: queued, ringing, in-progress, completed, busy, no-answer, failed or canceled.
    begun_us : int
    """

    call_sid: str
    status: str
    begun_us: int


class Telephone(Protocol):
    """Places and moves calls. Every method raises `Refused`, `Gone` or `Unknown` when it fails."""

    def ring(self, to: str, from_: str, *, url: str, status_url: str, timeout_s: int) -> str:
        """Call `to` (a number, ``sip:…`` or ``client:…``) and return the CallSid; `url` says what they hear."""
        ...

    def hang_up(self, call_sid: str) -> None:
        """End a call, also one that still rings."""
        ...

    def move_queued(self, queue_sid: str, call_sid: str, url: str) -> None:
        """Take a caller out of a queue of the carrier's; `url` says how their call goes on."""
        ...

    def move(self, call_sid: str, url: str) -> None:
        """Let a call in progress go on with `url`."""
        ...

    def calls_to(self, to: str, since_us: int) -> Sequence[Leg]:
        """The calls that were placed to `to` since then, latest first."""
        ...

    def status_of(self, call_sid: str) -> str:
        """How a call is, as the carrier names it; see `Leg`."""
        ...

    def send_message(self, to: str, from_: str, text: str) -> str:
        """Send a text message and return its sid."""
        ...
