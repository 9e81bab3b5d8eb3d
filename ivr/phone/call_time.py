"""The moment of a call, as a person writes it: in the zone of the line, unless they name another."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flows.model.flow import Flow
from flows.model.opening_hours import skipped

__all__ = ["DEFAULT_AT", "moment_of", "read_moment", "zone_of"]

DEFAULT_AT = dt.datetime(2026, 11, 23, 10, 0)
"""When a scripted call begins that states no time: on a Monday at ten, in the zone of the line."""


def zone_of(flow: Flow) -> dt.tzinfo:
    """The time zone of a line: that of its first opening hours, else UTC.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}}})
    >>> str(zone_of(flow))
    'UTC'
    """
    return next((ZoneInfo(hours.zone) for hours in flow.hours.values()), dt.UTC)


def read_moment(text: str) -> dt.datetime:
    """A date and time as it is written, with a zone only if it names one.

    Raises
    ------
    ValueError
        When `text` is not a date and time; the message says what to write.

    Examples
    --------
    >>> read_moment("2026-11-23 10:00").isoformat()
    '2026-11-23T10:00:00'
    >>> read_moment("noon")
    Traceback (most recent call last):
    ValueError: 'noon' is not a date and time; write it like 2026-11-23T10:00
    """
    try:
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date and time; write it like 2026-11-23T10:00") from None


def moment_of(flow: Flow, text: str) -> dt.datetime:
    """A moment with its time zone.

    Parameters
    ----------
    flow : Flow
        Its zone applies if `text` names none.
    text : str
        As ISO 8601 writes it: ``2026-11-23T10:00``.

    Raises
    ------
    ValueError
        When `text` is not a date and time, or clocks skip it; the message says what to write.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}},
    ...     "hours": {"office": {"zone": "America/New_York", "mon-fri": "08:00-20:00"}}})
    >>> moment_of(flow, "2026-11-23T10:00").isoformat()
    '2026-11-23T10:00:00-05:00'
    """
    zone, moment = zone_of(flow), read_moment(text)
    moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
    try:
        gone = skipped(moment)
    except OverflowError:
        raise ValueError(
            f"{text!r} is too close to the first or the last year that can be counted; write one like 2026-11-23T10:00"
        ) from None
    if gone:
        raise ValueError(
            f"{text!r} does not exist in {zone}: clocks go forward over it; write a time before or after the jump"
        )
    return moment
