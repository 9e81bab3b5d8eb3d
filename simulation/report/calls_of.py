"""Reads the calls of records or of a log, and those of a period of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flows.source.finding import usage_error
from simulation.calibration.calibration import part
from simulation.call_logs.column_map import read_map
from simulation.call_logs.log import CallLog, IntervalReport
from simulation.call_logs.read import read_log
from simulation.report.period import period_of
from simulation.scenario.field_types import zone_named

__all__ = ["calls_of", "in_period", "log_of", "volumes_of"]


def log_of(
    files: Sequence[str | Path], map_file: str | Path | None, zone: str | None, form: str = ""
) -> CallLog | IntervalReport:
    """A log as its files, a column map and a zone tell it.

    Parameters
    ----------
    files : sequence of str or Path
    map_file : str or Path, optional
        A column map.
    zone : str, optional
        Whose clock the log shows; None takes times as they stand.
    form : str
        The format of the log; empty lets the file tell.

    Raises
    ------
    UsageError
        When there is no such zone or format.
    IvrError
        When the log cannot be read.
    """
    return read_log(files, zone=_zone(zone), map=read_map(map_file) if map_file else None, format=form)


def calls_of(
    at: str | Path, map_file: str | Path | None, zone: str | None, since: str | None, until: str | None
) -> CallLog:
    """The calls of a folder of records or of a log, in a period.

    Raises
    ------
    UsageError
        When it counts calls by interval instead.
    IvrError
        When it cannot be read.
    """
    log = log_of([at], map_file, zone)
    if isinstance(log, IntervalReport):
        raise usage_error(
            "X005",
            f"{at} is a report by intervals, which has no waits to compare",
            "name a log with a row a call, or the records that ivr calibrate wrote",
        )
    return in_period(log, since, until)


def in_period(log: CallLog, since: str | None, until: str | None) -> CallLog:
    """The calls from one day to another; the log itself if neither is stated."""
    if since is None and until is None:
        return log
    return part(log, *period_of(log.records, log.records.zone or "UTC", since, until))


def volumes_of(
    file: str | Path | None, zone: str | None, log: CallLog | IntervalReport, *, option: str = "--volumes"
) -> IntervalReport | None:
    """A report by intervals that says how many call, beside a log; None if no file is named.

    Raises
    ------
    UsageError
        When it is no such report, or the log is one itself.
    """
    if file is None:
        return None
    if isinstance(log, IntervalReport):
        raise usage_error(
            "X005",
            f"{option}: {log.name} is a report by intervals itself, which tells how many call",
            f"leave {option} out, or name a log with a row a call",
        )
    found = read_log([file], zone=_zone(zone))
    if not isinstance(found, IntervalReport):
        raise usage_error(
            "X005",
            f"{option}: {file} is a log with a row a call, not a report by intervals",
            "name a table with a row for each interval: date, from, calls",
        )
    return found


def _zone(name: str | None) -> str:
    """The zone stated; UTC, which takes times as they stand, when there is none."""
    try:
        return zone_named(name) if name else "UTC"
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        raise usage_error("X005", f"--zone: {message}", hint) from None
