"""The times that an appointment node offers: in the opening hours, with a place left."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from zoneinfo import ZoneInfo

from flows.model.flow import Flow
from flows.model.opening_hours import Hours, skipped, zone_of_hours
from flows.nodes.appointment import Appointment

__all__ = ["Taken", "free_slots"]

Taken = Mapping[str, int]
"""How many have each time already, by its text such as 2026-12-01T15:30."""


def free_slots(flow: Flow, node: Appointment, now: dt.datetime, taken: Taken) -> tuple[str, ...]:
    """The first free times from now on, as many as the node offers; on the clock of the line.

    Parameters
    ----------
    flow : Flow
    node : Appointment
    now : datetime
        With a time zone.
    taken : mapping of str to int

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}},
    ...     "hours": {"desk": {"zone": "UTC", "mon-fri": "08:00-09:30"}}})
    >>> node = Appointment.model_validate({"type": "appointment", "hours": "desk", "pages": 1, "length": "30m"})
    >>> tuesday = dt.datetime(2026, 12, 1, 7, 15, tzinfo=dt.timezone.utc)  # the first may be an hour later
    >>> free_slots(flow, node, tuesday, {"2026-12-01T09:00": 1})
    ('2026-12-01T08:30', '2026-12-02T08:00', '2026-12-02T08:30')
    """
    hours = flow.hours.get(node.hours)
    if hours is None:
        return ()
    line = ZoneInfo(zone_of_hours(flow.hours))
    first, last = now + dt.timedelta(seconds=node.notice), now + dt.timedelta(seconds=node.horizon)
    found: list[str] = []
    for moment in _moments(hours, node.length, first, last):
        slot = f"{moment.astimezone(line):%Y-%m-%dT%H:%M}"
        if slot not in found and taken.get(slot, 0) < node.capacity:
            found.append(slot)
        if len(found) == node.offers * node.pages:
            break
    return tuple(found)


def _moments(hours: Hours, length_s: float, first: dt.datetime, last: dt.datetime) -> Iterator[dt.datetime]:
    """The moments at which times begin, in order; one that clocks skip is left out."""
    zone, minutes = ZoneInfo(hours.zone), round(length_s / 60)
    day, end = first.astimezone(zone).date() - dt.timedelta(days=1), last.astimezone(zone).date()
    while day <= end:
        midnight = dt.datetime.combine(day, dt.time(), tzinfo=zone)
        for begin, close in hours.spans_on(day):
            for minute in range(begin, close - minutes + 1, minutes):
                moment = midnight + dt.timedelta(minutes=minute)
                if first <= moment <= last and not skipped(moment):
                    yield moment
        day += dt.timedelta(days=1)
