"""Reads the calls of records or of a log, and those of a period of it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from flows.source.finding import usage_error

if TYPE_CHECKING:
    from simulation.call_logs.log import CallLog

__all__ = ["calls_of", "date_of_option", "in_period", "zone_of_option"]


def calls_of(at: str, map_file: str | None, zone: str | None, since: str | None, until: str | None) -> CallLog:
    """The calls of a folder of records or of a log, in a period.

    Raises
    ------
    UsageError
        When it counts calls by interval instead.
    IvrError
        When it cannot be read.
    """
    from simulation.call_logs.column_map import read_map
    from simulation.call_logs.log import IntervalReport
    from simulation.call_logs.read import read_log

    log = read_log([at], zone=zone_of_option(zone), map=read_map(map_file) if map_file else None)
    if isinstance(log, IntervalReport):
        raise usage_error(
            "X005",
            f"{at} is a report by intervals, which has no waits to compare",
            "name a log with a row a call, or the records that ivr calibrate wrote",
        )
    return in_period(log, since, until)


def in_period(log: CallLog, since: str | None, until: str | None) -> CallLog:
    """The calls from one day to another."""
    if since is None and until is None:
        return log
    from simulation.calibration.calibration import part
    from simulation.report.period import period_of

    return part(log, *period_of(log.records, log.records.zone or "UTC", since, until))


def date_of_option(option: str, text: str | None) -> dt.date | None:
    """The date stated as an option."""
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise usage_error("X005", f"{option} {text!r} is not a date", f"for example {option} 2026-03-01") from None


def zone_of_option(name: str | None) -> str:
    """The zone stated as an option; UTC, which takes times as they stand, when there is none."""
    from simulation.scenario.field_types import zone_named

    try:
        return zone_named(name) if name else "UTC"
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        raise usage_error("X005", f"--zone: {message}", hint) from None
