"""What is known of the number that is called."""

from __future__ import annotations

from dataclasses import dataclass, field

__all__ = ["Number", "QueueState"]


@dataclass(frozen=True)
class QueueState:
    """What the wait URL is told of a queue.

    Parameters
    ----------
    position, size, most : int
        The caller's place, how many wait, and how many may.
    average_s : int
        Average time that callers wait.
    """

    position: int = 1
    size: int = 1
    most: int = 1_000
    average_s: int = 60


@dataclass(frozen=True)
class Number:
    """A telephone number as it is configured.

    Parameters
    ----------
    url : str
        Asked for the first document; a fragment overrides time-outs and retries.
    method : {"POST", "GET"}
    fallback_url, fallback_method : str
        Asked when a document cannot be had; empty for none.
    status_url : str
        Told that the call is over; empty for nobody.
    auth_token : str
        Signs every request; empty to send them unsigned.
    account_sid : str
    queue : QueueState
    play_s : float
        Length of a recording, which is not fetched.
    whisper_url : str
        What a caller from a queue hears before he is connected: the ``url`` of the ``<Queue>`` that an agent dials;
        empty for nothing.
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
