"""The period of a report, stated in the records' clock time."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from flows.source.finding import UsageError, usage_error
from flows.values.units import MICROSECOND
from ivr.records.tables import Records
from simulation.clock.local_time import EPOCH, local_clock

__all__ = ["date_of", "period_of", "when_of"]

_FARTHEST = dt.timedelta(days=366)
_LIKE = "write a date, a time, or both: 2026-11-23, 09:30, '2026-11-23 09:30'"


def period_of(records: Records, zone: str, since: str | None, until: str | None) -> tuple[int, int]:
    """Return a period's start and end in microseconds from the start of the records; default: all of the records.

    Parameters
    ----------
    records : Records
    zone : str
        Time zone in which the period is stated.
    since, until : str or None
        A date, a time, or both. A date alone means the whole date. A time alone means that time on the only date with
        arrivals.

    Raises
    ------
    UsageError
        If one cannot be read, a time alone is ambiguous between dates, or the period ends before it begins.

    Examples
    --------
    >>> from ivr.records.tables import empty
    >>> from dataclasses import replace
    >>> day = replace(empty(horizon_us=86_400_000_000), begins_us=1_795_392_000_000_000)
    >>> [at / 3.6e9 for at in period_of(day, "UTC", "2026-11-23 09:00", "2026-11-23")]
    [9.0, 24.0]
    """
    if records.begins_us is None:
        raise _wrong(
            "the records are not dated, so a period cannot be selected",
            "leave out --from and --to",
        )
    begins = EPOCH + dt.timedelta(microseconds=records.begins_us)
    dates = _dates(records, begins, zone)
    from_us = 0 if since is None else (_moment("--from", since, zone, dates) - begins) // MICROSECOND
    to_us = (
        records.horizon_us if until is None else (_moment("--to", until, zone, dates, end=True) - begins) // MICROSECOND
    )
    if from_us >= to_us:
        stated = (
            f"--from {since}" if until is None else f"--to {until}" if since is None else f"--from {since} --to {until}"
        )
        shown = f"{dates[0]:%Y-%m-%d}" if dates[0] == dates[1] else f"{dates[0]:%Y-%m-%d} to {dates[1]:%Y-%m-%d}"
        raise _wrong(
            f"{stated} is an empty period; the calls arrived on {shown}",
            "choose a period that begins before it ends and includes calls",
        )
    return from_us, to_us


def date_of(option: str, text: str | None) -> dt.date | None:
    """A date as an option states it; None where it states none.

    Raises
    ------
    UsageError
        When it is not a date.

    Examples
    --------
    >>> date_of("--from", "2026-03-01")
    datetime.date(2026, 3, 1)
    """
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise _wrong(f"{option} {text!r} is not a date", f"for example {option} 2026-03-01") from None


def when_of(option: str, text: str, date: dt.date) -> dt.datetime:
    """A date, a time, or both, as an option states it; a time alone is on `date`.

    Raises
    ------
    UsageError
        When it is none of these.

    Examples
    --------
    >>> when_of("--from", "9:30", dt.date(2026, 11, 23)).isoformat()
    '2026-11-23T09:30:00'
    """
    text = text.strip()
    try:
        if ":" in text[:3]:
            return dt.datetime.combine(date, dt.time.fromisoformat(text.zfill(5)))
        return dt.datetime.fromisoformat(text)
    except ValueError:
        raise _wrong(f"{option} {text!r} is neither a date nor a time", _LIKE) from None


def _moment(option: str, text: str, zone: str, dates: tuple[dt.date, dt.date], *, end: bool = False) -> dt.datetime:
    """A stated time in UTC; with `end`, a date alone means its end."""
    text = text.strip()
    time_alone = ":" in text[:3]
    stated = when_of(option, text, dates[0])
    if abs(stated.date() - dates[0 if not end else 1]) > _FARTHEST:
        raise _wrong(
            f"{option} {text} is more than a year from the calls, which arrived from {dates[0]:%Y-%m-%d} to"
            f" {dates[1]:%Y-%m-%d}",
            _LIKE,
        )
    if time_alone and dates[0] != dates[1]:
        raise _wrong(
            f"{option} {text} could be on any date from {dates[0]:%Y-%m-%d} to {dates[1]:%Y-%m-%d}",
            f"write the date too: '{dates[0]:%Y-%m-%d} {text}'",
        )
    if stated.tzinfo is not None:
        return stated.astimezone(dt.UTC)
    if end and _is_date(text):
        stated += dt.timedelta(days=1)
    return local_clock(stated, zone, 1.0).utc


def _is_date(text: str) -> bool:
    try:
        dt.date.fromisoformat(text)
    except ValueError:
        return False
    return True


def _dates(records: Records, begins: dt.datetime, zone: str) -> tuple[dt.date, dt.date]:
    arrived = records.calls["arrived_us"]
    ends = (int(arrived.min()), int(arrived.max())) if len(arrived) else (0, 0)
    first, last = ((begins + at * MICROSECOND).astimezone(ZoneInfo(zone)).date() for at in ends)
    return first, last


def _wrong(message: str, hint: str) -> UsageError:
    return usage_error("X005", message, hint)
