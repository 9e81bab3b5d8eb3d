"""What passes between a call and the world: requests and waits go out, answers and what people do come in.

A call does no input or output of its own. Whoever drives it carries out each `Request`, and answers each `Until` with
what happened before that moment of the call's own clock, or with None: nothing did.
"""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

from webhooks.carrier.number import Number, QueueState

__all__ = [
    "Asked",
    "Dequeued",
    "Did",
    "Elsewhere",
    "Entry",
    "Failed",
    "Gone",
    "Goto",
    "HangUp",
    "Happened",
    "Heard",
    "Key",
    "Leave",
    "Limits",
    "Next",
    "Noted",
    "Noticed",
    "Number",
    "Other",
    "Over",
    "Problem",
    "QueueState",
    "Redirected",
    "Reply",
    "Request",
    "Response",
    "Steps",
    "Talk",
    "Thing",
    "Took",
    "Transport",
    "Until",
    "Waits",
    "Words",
]

T = TypeVar("T")

# --- Out: requests, and waiting ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Limits:
    """Time-outs of one request, in seconds: to connect, between two packets, in all."""

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
        Without fragment; the parameters of a GET are in it.
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
    kind : {"speaking", "gather", "joining", "queue", "dial", "talk", "record"}
    serial : int
        Tells two waits of one kind apart.
    name : str
        The queue or the number; empty for others.
    listens : bool
        Whether keys are taken.
    open : bool
        True when it is up to people: no prompt is being spoken.
    speech : bool
        Whether words are taken.
    digits : str
        What a Gather has taken so far.
    """

    kind: Literal["speaking", "gather", "joining", "queue", "dial", "talk", "record"]
    serial: int
    name: str = ""
    listens: bool = False
    open: bool = False
    speech: bool = False
    digits: str = ""


@dataclass(frozen=True)
class Until:
    """The call stays as it is until this moment, in seconds since it began, unless something happens before."""

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
        Names in small letters.
    body : bytes
        At most one byte more than a document may have.
    seconds : float
        How long it took, on the call's clock.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float = 0.0


@dataclass(frozen=True)
class Failed:
    """No HTTP answer; `kind` says how far it came, `seconds` how long it took."""

    kind: Literal["name", "connect", "read", "tls", "protocol"]
    seconds: float = 0.0
    detail: str = ""


Reply = Response | Failed


class Transport(Protocol):
    """Carries out requests."""

    def send(self, request: Request) -> Reply:
        """The answer; never raises for what a network can do."""
        ...

    def close(self) -> None:
        """Let go of what is kept for one call."""
        ...


@dataclass(frozen=True)
class Key:
    """One key is pressed: ``0`` to ``9``, ``*``, ``#``."""

    key: str


@dataclass(frozen=True)
class Words:
    """The caller begins to say something that a recogniser understands."""

    text: str
    seconds: float = 1.0
    confidence: float = 0.9


@dataclass(frozen=True)
class Talk:
    """The caller begins to speak into a recording, for so long."""

    seconds: float


@dataclass(frozen=True)
class HangUp:
    """The caller hangs up."""


@dataclass(frozen=True)
class OtherParty:
    """What the other side does.

    Parameters
    ----------
    what : str
        ``answer`` (an agent, or who is dialled), ``over`` (the other side hangs up); of who is dialled ``busy``,
        ``no-answer``, ``failed``; of a queue ``full``, ``error``, ``system-error`` (nobody gets in) and ``leave``
        (taken out by the REST API). In a conference ``answer`` is somebody who joins, and ``over`` its end.
    party : str
        Which of several who are dialled at once; empty for all of them.
    """

    what: str
    party: str = ""


@dataclass(frozen=True)
class Redirected:
    """The application changes the call by the REST API: it goes on with another document."""

    url: str


LineEvent = Key | Words | Talk | HangUp | OtherParty | Redirected


@dataclass(frozen=True)
class Happened:
    """Something happened, so many seconds after the call began."""

    at_s: float
    event: LineEvent


class CallerHungUp(Exception):
    """The caller has hung up; what a verb owes its action is still asked."""


class Dequeued(Exception):
    """Somebody took the caller out of the queue; the argument says what was done."""


class CallRedirected(Exception):
    """The call was redirected by the REST API; the argument is the address."""


Steps = Generator[Request | Until, Any, T]
"""Part of a call: gives requests and waits, takes their answers, and comes to something."""


# --- Where a verb leads --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Goto:
    """The call goes on with another document."""

    url: str
    method: str = "POST"
    form: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Over:
    """The line hangs up; `status` is what the call has come to."""

    status: str = "completed"


@dataclass(frozen=True)
class Leave:
    """The caller leaves the queue."""


Next = Goto | Over | Leave | None
"""What follows a verb; None is the next verb."""


# --- The log of a call ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Problem:
    """What Twilio's debugger would show.

    Parameters
    ----------
    code : str
        Twilio's error code; empty for what only this carrier has to say.
    message, hint : str
    severity : {"error", "warning"}
        A warning does not end the call.
    """

    code: str
    message: str
    hint: str = ""
    severity: Literal["error", "warning"] = "error"


@dataclass(frozen=True)
class Heard:
    """A prompt, or silence on purpose, as the caller hears it.

    Parameters
    ----------
    at_s, seconds : float
        When it began and how long it was heard.
    verb : {"Say", "Play", "Pause", "Tone"}
    text : str
        The words; of a recording its address.
    language : str
    place : str
        Where it is said: the node where a service in development tells it, else the path of the document.
    cut : bool
        True when the caller interrupted it.
    """

    at_s: float
    seconds: float
    verb: str
    text: str
    language: str
    place: str
    cut: bool = False


@dataclass(frozen=True)
class Asked:
    """A request and what came of it.

    Parameters
    ----------
    at_s : float
    request : Request
    reply : Response or Failed
    """

    at_s: float
    request: Request
    reply: Reply


@dataclass(frozen=True)
class Did:
    """Something people did, and whether it meant anything to the call at that moment."""

    at_s: float
    event: LineEvent
    taken: bool


@dataclass(frozen=True)
class Took:
    """What a Gather or a Record has come to; nothing came where all is empty.

    Parameters
    ----------
    at_s : float
    verb : {"Gather", "Record"}
    digits, words : str
        Input of a Gather.
    seconds : float
        Length of a recording.
    """

    at_s: float
    verb: Literal["Gather", "Record"]
    digits: str = ""
    words: str = ""
    seconds: float = 0.0


@dataclass(frozen=True)
class Noted:
    """Something done for the call that nobody on it hears: a message sent, a stream begun."""

    at_s: float
    text: str


@dataclass(frozen=True)
class Noticed:
    """A problem, when it was met."""

    at_s: float
    problem: Problem


Entry = Heard | Asked | Did | Took | Noted | Noticed
