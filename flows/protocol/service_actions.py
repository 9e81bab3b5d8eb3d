"""Actions that a service carries out and answers: lookups, text messages, promised callbacks."""

from __future__ import annotations

from dataclasses import dataclass

from flows.protocol.wanted import Condition, ListOf

__all__ = ["Book", "Fetch", "Send"]


@dataclass(frozen=True)
class Fetch:
    """Ask another service over HTTP; `flows.protocol.http_answer.read_answer` turns its answer into an `Outcome`.

    Parameters
    ----------
    name : str
        The node that asks.
    method, url : str
    headers : tuple of (name, value)
        ``$IVR_SECRET_NAME`` in a value stands for that variable in the driver's environment.
    body : str
        JSON, or empty.
    timeout_s : float
        For the whole exchange; then the label is ``timeout``.
    conditions : tuple of Condition
        Tried in order; the first match counts.
    into : tuple of (value, path)
        Values to take from the JSON of a 2xx answer.
    labels : tuple of str
        The labels of the conditions, plus ``failure`` and ``timeout``.
    repeatable : bool
        Whether the request can safely be sent twice.
    lists : tuple of ListOf
    """

    name: str
    method: str
    url: str
    headers: tuple[tuple[str, str], ...]
    body: str
    timeout_s: float
    conditions: tuple[Condition, ...]
    into: tuple[tuple[str, str], ...]
    labels: tuple[str, ...]
    repeatable: bool = False
    lists: tuple[ListOf, ...] = ()


@dataclass(frozen=True)
class Send:
    """Send a text message to a mobile phone, now or later; labels sent, failed, no_mobile (also when `to` is empty),
    and stopped, for numbers that want no messages.

    Parameters
    ----------
    name : str
        The node that sends.
    to : str
    text : str
        What is sent; with a template, what it says in the flow's own words.
    language : str
    labels : tuple of str
    channel : {"sms", "whatsapp"}
    template : str
        Sid of a content template of the carrier; empty for the text itself.
    variables : tuple of (name, text)
        What the template's placeholders stand for.
    after_s : float
        Seconds from now until it is sent; 0 for at once.
    within : tuple of (int, int)
        Minutes of the day, on the clock of the line, within which a later message is sent.
    """

    name: str
    to: str
    text: str
    language: str
    labels: tuple[str, ...]
    channel: str = "sms"
    template: str = ""
    variables: tuple[tuple[str, str], ...] = ()
    after_s: float = 0.0
    within: tuple[int, int] = (0, 1440)


@dataclass(frozen=True)
class Book:
    """Promise a callback; labels booked, failed, and taken where the time has no place left.

    Parameters
    ----------
    name : str
        The node that books.
    number : str
    window : str
        ``now``, ``hour``, ``later``, or a time on the clock of the line, such as ``2026-12-01T15:30``.
    queue : str
        Queue whose agents call back; may be empty.
    labels : tuple of str
    capacity : int
        How many may have the same time; 0 for any number.
    """

    name: str
    number: str
    window: str
    queue: str
    labels: tuple[str, ...]
    capacity: int = 0
