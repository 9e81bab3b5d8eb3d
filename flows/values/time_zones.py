"""Checks time zone names, and suggests a zone for what people write instead: abbreviations, offsets, cities."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from flows.source.document import nearest

__all__ = ["keeps_winter_time", "zone_name"]

_CITIES = (
    "America/New_York",
    "America/Chicago",
    "America/Denver",
    "America/Los_Angeles",
    "America/Anchorage",
    "Pacific/Honolulu",
    "America/Halifax",
    "America/St_Johns",
    "America/Sao_Paulo",
    "Europe/London",
    "Europe/Lisbon",
    "Europe/Berlin",
    "Europe/Athens",
    "Europe/Moscow",
    "Asia/Dubai",
    "Asia/Karachi",
    "Asia/Kolkata",
    "Asia/Dhaka",
    "Asia/Jakarta",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "Australia/Adelaide",
    "Pacific/Auckland",
    "Asia/Jerusalem",
    "Asia/Hong_Kong",
    "Asia/Seoul",
    "Asia/Manila",
    "Australia/Perth",
    "Australia/Brisbane",
    "Africa/Johannesburg",
    "Africa/Lagos",
    "Africa/Nairobi",
    "Europe/Dublin",
    "America/Panama",
    "America/Phoenix",
)
"""Cities suggested for an abbreviation or an offset, most likely first."""
_SEASONS = (dt.datetime(2026, 1, 15, tzinfo=dt.UTC), dt.datetime(2026, 7, 15, tzinfo=dt.UTC))
_OFFSET = re.compile(r"(?:UTC|GMT|Z)?\s*([+-])\s*(\d{1,2})(?::?([0-5]\d))?", re.IGNORECASE)
_FIXED = re.compile(r"Etc/GMT([+-])(\d{1,2})")
_LIKE = "write one like America/New_York or Europe/Madrid"


def zone_name(name: str) -> str:
    """The name of an IANA time zone, unchanged.

    Raises
    ------
    ValueError
        If there is no such zone; the message suggests one.

    Examples
    --------
    >>> zone_name("Europe/Madrid")
    'Europe/Madrid'
    >>> zone_name("Madrid")
    Traceback (most recent call last):
    ...
    ValueError: 'Madrid' is not a time zone; did you mean 'Europe/Madrid'?
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"{name!r} is not a time zone; {_advice(name.strip())}") from None
    return name


def keeps_winter_time(zone: str) -> tuple[str, str]:
    """What is wrong with a zone that stays on winter time where clocks change, and what to write instead; empty
    strings if nothing is wrong.

    Examples
    --------
    >>> keeps_winter_time("EST")[1]
    "write 'America/New_York', or 'America/Panama' where clocks never change"
    >>> keeps_winter_time("America/Panama")
    ('', '')
    """
    if fixed := _FIXED.fullmatch(zone):
        hours, where = int(fixed[2]), "behind" if fixed[1] == "+" else "ahead of"
        return (
            f"is always {hours} h {where} UTC, in summer too (its sign is the other way round)",
            f"write the zone of a city there, {_like(fixed[1] == '-', hours * 60)}",
        )
    named = [city for city in _by_name().get(zone, ()) if zone.isupper()]
    changing = [city for city in named if _changes(city)]
    if not changing or _changes(zone):
        return "", ""
    steady = [city for city in named if city not in changing]
    rest = f", or {steady[0]!r} where clocks never change" if steady else ""
    return "keeps winter time all year: where clocks change, all summer is an hour late", f"write {changing[0]!r}{rest}"


def _advice(name: str) -> str:
    if offset := _OFFSET.fullmatch(name):
        minutes = int(offset[2]) * 60 + int(offset[3] or 0)
        near = _like(offset[1] == "+", minutes)
        return f"an offset says nothing about summer time: write the zone of a city there, {near}"
    named = _by_name().get(name.upper(), ())
    if len(named) > 1:
        return f"it stands for several: write {', '.join(map(repr, named[:-1]))} or {named[-1]!r}"
    meant = named[0] if named else "" if name.isupper() else _meant(name)
    return f"did you mean {meant!r}?" if meant else _LIKE


def _like(east: bool, minutes: int) -> str:
    """A city whose winter time is that many minutes ahead of (east) or behind Greenwich."""
    offset = dt.timedelta(minutes=minutes if east else -minutes)
    city = next((city for city in _CITIES if min(_offsets(city)) == offset), "")
    return f"such as {city!r}" if city else "such as 'America/New_York'"


def _offsets(zone: str) -> tuple[dt.timedelta, ...]:
    place = ZoneInfo(zone)
    return tuple(at.astimezone(place).utcoffset() or dt.timedelta() for at in _SEASONS)


def _changes(zone: str) -> bool:
    return len(set(_offsets(zone))) > 1


@cache
def _by_name() -> dict[str, tuple[str, ...]]:
    """The cities that use each time abbreviation, in winter or summer."""
    found: dict[str, list[str]] = {}
    for city in _CITIES:
        for name in dict.fromkeys(at.astimezone(ZoneInfo(city)).tzname() or "" for at in _SEASONS):
            same = [known for known in found.get(name, ()) if _offsets(known) == _offsets(city)]
            if not same:
                found.setdefault(name, []).append(city)
    return {name: tuple(cities) for name, cities in found.items()}


@cache
def _zones_by_city() -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for zone in sorted(available_timezones()):
        if "/" in zone and not zone.startswith("Etc/"):
            found.setdefault(_city(zone), []).append(zone)
    return found


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace(" ", "_").casefold()


def _meant(name: str) -> str:
    """The zone whose city is closest to the one written; people guess the region (US/New_York) but know the city."""
    cities = _zones_by_city()
    zones = cities.get(nearest(_city(name), list(cities)), [""])
    return nearest(name, zones) or zones[0]
