"""When a promised callback is due: by what the caller chose, in the time zone and opening hours of the line."""

from __future__ import annotations

import datetime as dt
import re
from zoneinfo import ZoneInfo

from flows.model.flow import Flow
from flows.model.opening_hours import Hours, zone_of_hours
from flows.nodes.callback import Callback
from flows.values.units import US_PER_S

__all__ = ["MOMENT", "due_us", "open_hours", "tries_of"]

MOMENT = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}")
"""An appointment, in the line's own time."""
_AFTER_S = {"now": 0, "hour": 30 * 60, "later": 2 * 3_600}
"""Within the hour: not before half of it is over. Later today: not before two hours have passed."""
_STEP = dt.timedelta(minutes=1)
_FAR = dt.timedelta(days=14)
_LAST = dt.timedelta(hours=1)
"""A callback for later today begins an hour before the line closes, if two hours from now is later than that."""


def due_us(flow: Flow, due: str, asked_us: int) -> int:
    """When a callback may first be offered to agents, microseconds since 1970.

    Parameters
    ----------
    flow : Flow
        Its opening hours give the time zone, and move what is due while the line is closed to when it opens.
    due : str
        ``now``, ``hour``, ``later``, or a moment like ``2026-12-01T15:30``.
    asked_us : int
        When the caller asked.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}},
    ...     "hours": {"office": {"zone": "America/New_York", "mon-fri": "08:00-20:00"}}})
    >>> monday_9 = 1_796_047_200_000_000  # in New York
    >>> [(due_us(flow, due, monday_9) - monday_9) // 60_000_000 for due in ("now", "hour", "later", "2026-11-30T15:30")]
    [0, 30, 120, 390]
    """
    hours = _hours(flow)
    zone = ZoneInfo(zone_of_hours(flow.hours) or "UTC")
    asked = dt.datetime.fromtimestamp(asked_us / US_PER_S, zone)
    if MOMENT.fullmatch(due):
        try:
            at = dt.datetime.fromisoformat(due).replace(tzinfo=zone)
        except ValueError:
            at = asked
        return max(asked_us, _open_us(hours, _us(at)))
    at_us = asked_us + _AFTER_S.get(due, 0) * US_PER_S
    if due == "later" and (closes := _closes(hours, asked)) is not None:
        at_us = max(asked_us, min(at_us, _us(closes - _LAST)))
    return _open_us(hours, at_us)


def open_hours(flow: Flow, at_us: int) -> int:
    """The moment itself if the line is open then, else when it opens next; without opening hours, the moment."""
    return _open_us(_hours(flow), at_us)


def _open_us(hours: Hours | None, at_us: int) -> int:
    if hours is None:
        return at_us
    at = dt.datetime.fromtimestamp(at_us / US_PER_S, dt.UTC)
    if hours.label(at) == "open":
        return at_us
    at, until = at.replace(second=0, microsecond=0) + _STEP, at + _FAR
    while at < until:
        if hours.label(at) == "open":
            return _us(at)
        at += _STEP
    return at_us  # it does not open in two weeks: somebody decides by hand


def tries_of(flow: Flow, node: str) -> tuple[int, int]:
    """How often a caller is called, and the microseconds from one try to the next, as the node that promised it says.

    A node that is no longer there, or none: as if it said nothing.
    """
    found = flow.nodes.get(node)
    stated = found if isinstance(found, Callback) else Callback.model_construct()
    return stated.tries, round(stated.again * US_PER_S)


def _hours(flow: Flow) -> Hours | None:
    """The hours in which callers are called: those of the line, if it has only one kind."""
    return next(iter(flow.hours.values())) if len(flow.hours) == 1 else None


def _closes(hours: Hours | None, at: dt.datetime) -> dt.datetime | None:
    """When the line closes on the day of a moment; None if it does not, or is closed."""
    if hours is None or hours.label(at) != "open":
        return None
    closing, midnight = at.replace(second=0, microsecond=0), at.date() + dt.timedelta(days=1)
    while closing.date() < midnight:
        closing += _STEP
        if hours.label(closing) != "open":
            return closing
    return None


def _us(moment: dt.datetime) -> int:
    return round(moment.timestamp() * US_PER_S)
