"""What opening hours can answer, and when they first do."""

from __future__ import annotations

import datetime as dt

from flows.model.flow import Flow
from flows.model.switches import closing
from flows.nodes.hours import Hours
from ivr.phone.call_time import DEFAULT_AT, zone_of

__all__ = ["can_happen", "first_moments"]

_PLAIN = ("10:00", "02:30", "20:30", "12:30")
"""A morning, a night, an evening and a lunch break: tried before every other half hour of a day."""
_HALF_HOURS = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 24 * 60, 30))
_DAYS = 370
_LABELS = ("open", "closed", "holiday")


def first_moments(flow: Flow, name: str) -> dict[str, dt.datetime]:
    """For each answer that opening hours give within a year, a moment when they do: the usual one, if it is one.

    Examples
    --------
    >>> from flows.model.load import load
    >>> {label: f"{moment:%a %d %b %H:%M}" for label, moment in first_moments(load("northwind").flow, "office").items()}
    {'open': 'Mon 23 Nov 10:00', 'closed': 'Mon 23 Nov 02:30'}
    """
    hours, zone = flow.hours[name], zone_of(flow)
    usual = DEFAULT_AT.replace(tzinfo=zone)
    found = {hours.label(usual): usual}
    for day in (usual.date() + dt.timedelta(days=day) for day in range(_DAYS)):
        if len(found) == len(_LABELS):
            break
        for clock in dict.fromkeys((*_PLAIN, *_HALF_HOURS)):
            moment = dt.datetime.combine(day, dt.time.fromisoformat(clock), zone)
            found.setdefault(hours.label(moment), moment)
    return found


def can_happen(flow: Flow, name: str, outcome: str) -> bool:
    """Whether a node may be left by an exit, as far as opening hours decide it: an office may never close.

    Examples
    --------
    >>> from flows.model.load import load
    >>> can_happen(load("northwind").flow, "office_hours", "closed")
    True
    """
    node = flow.nodes[name]
    if not isinstance(node, Hours) or node.hours not in flow.hours:
        return True
    if outcome == "closed" and any(closing(flow.switches, [switch], node.hours) for switch in flow.switches):
        return True
    answers = first_moments(flow, node.hours)
    return outcome in answers or (outcome == "closed" and "holiday" in answers)
