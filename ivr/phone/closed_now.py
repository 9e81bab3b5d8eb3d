"""Whether callers hear that a line is closed, and when they would hear it open: for those who try it in the evening."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flows.model.flow import Flow
from flows.model.opening_hours import Hours
from flows.nodes.hours import Hours as HoursNode
from ivr.phone.call_time import zone_of

__all__ = ["ClosedNow", "closed_now"]

_DAYS = 14
"""How far ahead an open moment is looked for."""


@dataclass(frozen=True)
class ClosedNow:
    """Opening hours of a line that are over, or have not begun.

    Parameters
    ----------
    hours : tuple of str
        The names of those that are closed.
    opens : datetime or None
        When all hours of the line are open next, on its clock; when the closed ones are, if that is never; None if
        that is far away too.

    Examples
    --------
    >>> monday = dt.datetime(2026, 11, 23, 8, tzinfo=ZoneInfo("America/New_York"))
    >>> ClosedNow(("office",), monday).text
    'Callers hear at this hour that the line is closed (office), until Monday 23 November, 08:00.'
    """

    hours: tuple[str, ...]
    opens: dt.datetime | None

    @property
    def text(self) -> str:
        """What a person who tries the line should know."""
        until = f", until {self.opens:%A} {self.opens.day} {self.opens:%B, %H:%M}" if self.opens else ""
        return f"Callers hear at this hour that the line is closed ({', '.join(self.hours)}){until}."

    @property
    def at(self) -> str:
        """The open moment as ``--at`` reads it; empty if there is none."""
        return f"{self.opens:%Y-%m-%dT%H:%M}" if self.opens else ""


def closed_now(flow: Flow, now: dt.datetime) -> ClosedNow | None:
    """Which opening hours that callers meet are closed at a moment; None if all are open, or there are none.

    Parameters
    ----------
    flow : Flow
    now : datetime
        With its time zone.

    Examples
    --------
    >>> from flows.model.load import load
    >>> evening = dt.datetime(2026, 11, 23, 22, tzinfo=ZoneInfo("America/New_York"))
    >>> closed_now(load("power_outage").flow, evening).at, closed_now(load("power_outage").flow, evening).hours
    ('2026-11-24T07:00', ('office',))
    """
    met = {node.hours: flow.hours[node.hours] for node in flow.nodes.values() if isinstance(node, HoursNode)}
    closed = {name: hours for name, hours in met.items() if hours.label(now) != "open"}
    if not closed:
        return None
    opens = _opens(tuple(met.values()), now) or _opens(tuple(closed.values()), now)
    return ClosedNow(tuple(closed), opens.astimezone(zone_of(flow)) if opens else None)


def _opens(hours: Sequence[Hours], now: dt.datetime) -> dt.datetime | None:
    """The first moment after now at which all of them are open."""
    begins = sorted(moment for one in hours for moment in _begins(one, now) if moment > now)
    return next((moment for moment in begins if all(one.label(moment) == "open" for one in hours)), None)


def _begins(hours: Hours, now: dt.datetime) -> Iterator[dt.datetime]:
    """When the spans of the next days begin."""
    zone = ZoneInfo(hours.zone)
    today = now.astimezone(zone).date()
    for day in (today + dt.timedelta(days=i) for i in range(_DAYS + 1)):
        for start, _ in hours.spans[day.weekday()]:
            yield dt.datetime.combine(day, dt.time(start // 60, start % 60), zone)
