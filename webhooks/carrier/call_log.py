"""The log of a call: what was heard, requested, done and noticed, in order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from webhooks.carrier.protocol import LineEvent, Reply, Request

__all__ = ["Asked", "Did", "Entry", "Heard", "Noted", "Noticed", "Problem", "Took"]


@dataclass(frozen=True)
class Problem:
    """A problem, as Twilio's debugger would show it.

    Parameters
    ----------
    code : str
        Twilio's error code; empty for a problem that only this carrier reports.
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
    """A prompt or a Pause, as the caller hears it.

    Parameters
    ----------
    at_s, seconds : float
        Start, and how long it was heard.
    verb : {"Say", "Play", "Pause", "Tone"}
    text : str
        The words; the address of a recording.
    language : str
    place : str
        The node, where a service in development states it; else the path of the document.
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
    """A request and its answer.

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
    """A line event, and whether it had an effect on the call."""

    at_s: float
    event: LineEvent
    taken: bool


@dataclass(frozen=True)
class Took:
    """The result of a Gather or a Record; all empty when there was no input.

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
    """Something that nobody on the call hears: a message sent, a stream started."""

    at_s: float
    text: str


@dataclass(frozen=True)
class Noticed:
    """A problem, and when it occurred."""

    at_s: float
    problem: Problem


Entry = Heard | Asked | Did | Took | Noted | Noticed
