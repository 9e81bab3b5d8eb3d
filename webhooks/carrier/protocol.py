"""What passes between a call and its driver: requests and waits go out, answers and events come in.

A call does no input or output of its own. The driver sends each `Request`, and answers each `Until` with the event that
happened before that time on the call's clock, or with None when nothing happened.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Literal, Protocol, TypeVar

__all__ = [
    "CallRedirected",
    "CallerHungUp",
    "Dequeued",
    "Failed",
    "Goto",
    "HangUp",
    "Happened",
    "Key",
    "Leave",
    "Limits",
    "LineEvent",
    "Next",
    "Number",
    "OtherParty",
    "Over",
    "QueueState",
    "Redirected",
    "Reply",
    "Request",
    "Response",
    "SideStream",
    "Spoken",
    "Steps",
    "Talk",
    "Transport",
    "Until",
    "Waits",
    "Words",
]

T = TypeVar("T")

# --- Out: requests, and waiting ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """Time-outs of one request, in seconds: to connect, between two packets, in total."""

    connect_s: float
    read_s: float
    total_s: float


@dataclass(frozen=True)
class Request:
    """One HTTP request, signed.

    Parameters
    ----------
    method : {"POST", "GET"}
    url : str
        Without fragment; includes the parameters of a GET.
    form : tuple of (name, value)
        Parameters of a POST.
    headers : mapping of str to str
    limits : Limits
    """

    method: str
    url: str
    form: tuple[tuple[str, str], ...]
    headers: Mapping[str, str]
    limits: Limits


@dataclass(frozen=True)
class Waits:
    """What the call is doing while it waits.

    Parameters
    ----------
    kind : {"speaking", "gather", "joining", "queue", "dial", "talk", "record", "ringing", "paying"}
    serial : int
        Distinguishes waits of the same kind.
    name : str
        The queue, the number, or the step of a payment; empty for other kinds.
    listens : bool
        Whether keys count.
    open : bool
        True when no prompt is playing, so that the next move is a person's.
    speech : bool
        Whether speech counts.
    digits : str
        The digits of a Gather so far.
    """

    kind: Literal["speaking", "gather", "joining", "queue", "dial", "talk", "record", "ringing", "paying"]
    serial: int
    name: str = ""
    listens: bool = False
    open: bool = False
    speech: bool = False
    digits: str = ""


@dataclass(frozen=True)
class Until:
    """Wait until this time, in seconds since the start of the call, or until something happens before it."""

    at_s: float
    waits: Waits


# --- In: answers, and what people do -------------------------------------------------------------------------------


@dataclass(frozen=True)
class Response:
    """An HTTP answer.

    Parameters
    ----------
    status : int
    headers : mapping of str to str
        Names in lower case.
    body : bytes
        At most one byte more than the largest document.
    seconds : float
        Duration on the call's clock.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0


@dataclass(frozen=True)
class Failed:
    """The lack of an HTTP answer; `kind` says how far the request got, `seconds` how long it took."""

    kind: Literal["name", "connect", "read", "tls", "protocol"]
    seconds: float = 0.0
    detail: str = ""


Reply = Response | Failed


class Transport(Protocol):
    """Sends requests."""

    def send(self, request: Request) -> Reply:
        """The answer; a network failure is an answer too, never an exception."""
        ...

    def close(self) -> None:
        """Release what is kept for one call."""
        ...


@dataclass(frozen=True)
class Key:
    """One key is pressed: ``0`` to ``9``, ``*``, ``#``."""

    key: str


@dataclass(frozen=True)
class Words:
    """The caller begins to say something that speech recognition understands."""

    text: str
    seconds: float = 1.0
    confidence: float = 0.9


@dataclass(frozen=True)
class Talk:
    """The caller begins to speak into a recording, for this long, in these words if somebody wrote them down."""

    seconds: float
    words: str = ""


@dataclass(frozen=True)
class HangUp:
    """The caller hangs up, or the REST API ends the call."""

    by: Literal["caller", "line"] = "caller"


@dataclass(frozen=True)
class Spoken:
    """Somebody else on the line, shown as `by`, says something."""

    text: str
    by: str


@dataclass(frozen=True)
class OtherParty:
    """What the other party did.

    Parameters
    ----------
    what : str
        An agent or a dialled party: ``answer``, ``over`` (hangs up). A dialled party also: ``decline`` (does not accept
        the call), ``busy``, ``no-answer``, ``failed``. A queue: ``full``, ``error``, ``system-error`` (no one can
        join), ``leave`` (the REST API takes the caller out). A payment service: ``declined`` (the bank refuses the
        card), ``failed``. A conference: ``answer`` (somebody joins), ``over`` (it ends).
    party : str
        One of several dialled at once; empty for all of them. In a queue or a conference: who it is, as shown.
    """

    what: str
    party: str = ""


@dataclass(frozen=True)
class Redirected:
    """The application redirects the call to another document through the REST API."""

    url: str


LineEvent = Key | Words | Talk | HangUp | OtherParty | Redirected | Spoken


@dataclass(frozen=True)
class Happened:
    """An event, and its time in seconds since the start of the call."""

    at_s: float
    event: LineEvent


class CallerHungUp(Exception):  # noqa: N818 - a signal that unwinds the verbs, not an error
    """The caller has hung up; a verb may still request its action. The argument is who ended the call."""


class Dequeued(Exception):  # noqa: N818 - a signal that unwinds the verbs, not an error
    """The caller was taken out of the queue; the argument is what the other party did."""


class CallRedirected(Exception):  # noqa: N818 - a signal that unwinds the verbs, not an error
    """The REST API redirected the call; the argument is the address."""


Steps = Generator[Request | Until, Reply | Happened | None, T]
"""Part of a call: yields requests and waits, takes their answers, and returns a result."""


# --- Where a verb leads --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Goto:
    """The call continues with another document."""

    url: str
    method: str = "POST"
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Over:
    """The line hangs up; `status` is the final status of the call."""

    status: str = "completed"


@dataclass(frozen=True)
class Leave:
    """The caller leaves the queue."""


Next = Goto | Over | Leave | None
"""What follows a verb; None means the next verb."""


# --- The number called ----------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class QueueState:
    """The state of a queue, as the wait URL receives it.

    Parameters
    ----------
    position, size, most : int
        The caller's position, the callers waiting, and the most that may wait.
    average_s : int
        Average wait.
    """

    position: int = 1
    size: int = 1
    most: int = 1_000
    average_s: int = 60


@dataclass(frozen=True)
class Number:
    """A telephone number and its configuration.

    Parameters
    ----------
    url : str
        Of the first document; a fragment overrides time-outs and retries.
    method : {"POST", "GET"}
    fallback_url, fallback_method : str
        Used when a document cannot be fetched; empty for none.
    status_url : str
        Notified when the call is over; empty for none.
    auth_token : str
        Signs every request; empty sends them unsigned.
    account_sid : str
    queue : QueueState
    play_s : float
        Length of every recording, since recordings are not fetched.
    whisper_url : str
        What a queued caller hears before an agent: the ``url`` of the ``<Queue>`` that the agent dials; empty for
        nothing.
    headers : mapping of str to str
        Sent with every request, besides Twilio's own.
    """

    url: str
    method: str = "POST"
    fallback_url: str = ""
    fallback_method: str = "POST"
    status_url: str = ""
    auth_token: str = field(default="", repr=False)
    account_sid: str = "AC" + "0" * 32
    queue: QueueState = QueueState()
    play_s: float = 5.0
    whisper_url: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class SideStream:
    """Something that runs alongside the call: a stream, a recording or a transcription.

    Parameters
    ----------
    kind : str
        The noun, e.g. ``Stream``.
    callback, method : str
        Told when it starts and stops; empty for none.
    parameters : mapping of str to str
        Parameters that identify it in the callback.
    """

    kind: str
    callback: str
    method: str
    parameters: Mapping[str, str]
