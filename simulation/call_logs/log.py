"""What is read from a call log: calls one by one, or counts by interval."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path

from flows.source.finding import Finding
from ivr.records.tables import Records
from simulation.arrays import Ints

__all__ = ["CallLog", "IntervalReport", "LoggedCall", "LoggedVisit", "Options", "ReportRow"]


@dataclass(frozen=True)
class LoggedVisit:
    """One wait for an agent, in seconds from the arrival of its call.

    Parameters
    ----------
    queue : str
    offered_s, wait_s : float
        When the caller joined the queue, and how long they waited.
    result : str
        One of ``ivr.records.schema.RESULTS``.
    agent : str
        Empty when unknown or when nobody answered.
    talk_s, acw_s : float
    """

    queue: str
    offered_s: float
    wait_s: float
    result: str
    agent: str = ""
    talk_s: float = 0.0
    acw_s: float = 0.0


@dataclass(frozen=True)
class LoggedCall:
    """One call of a log.

    Parameters
    ----------
    arrived : datetime
        On the log's own clock when it has no zone.
    outcome : str
        One of ``ivr.records.schema.OUTCOMES``.
    visits : tuple of LoggedVisit
    menu_s : float
        From arrival to the end of the menu.
    ended_s : float
        From arrival to the end of the call.
    intent, caller : str
        Empty when unknown.
    priority : int
    line : int
        Line of the file; in a spreadsheet or a table, its row.
    """

    arrived: dt.datetime
    outcome: str
    visits: tuple[LoggedVisit, ...] = ()
    menu_s: float = 0.0
    ended_s: float = 0.0
    intent: str = ""
    caller: str = ""
    priority: int = 0
    line: int = 0
    file: str = ""


@dataclass(frozen=True)
class CallLog:
    """A log of calls, as records.

    Parameters
    ----------
    name : str
    format : str
        Name of the format that was recognised.
    records : Records
        Dated, with a zone; they begin at a midnight of the log's clock and end at one.
    caller : numpy.ndarray
        i8[calls]. A number for each known caller, -1 where the caller is unknown.
    priority : numpy.ndarray
        i8[calls]. 0 where none is logged.
    known : frozenset of str
        What the log tells: ``agents``, ``waits``, ``talk``, ``menu``, ``after_call_work``, ``callers``, ``priority``.
    findings : tuple of Finding
        What is wrong with rows, each with file and line.
    counts : dict of str to int
        ``rows`` read, ``calls`` kept, and what was left out.
    proposed : dict or None
        The column map that was proposed or used, for saving.
    unused : tuple of str
        Columns of the table that the map does not name.
    left_out : tuple of (date, str), or None
        Days that the whole log shows to have holes, and why; None when this is not a part of a longer log.
    """

    name: str
    format: str
    records: Records
    caller: Ints
    priority: Ints
    known: frozenset[str]
    findings: tuple[Finding, ...] = ()
    counts: dict[str, int] = field(default_factory=dict)
    proposed: dict[str, object] | None = None
    unused: tuple[str, ...] = ()
    left_out: tuple[tuple[dt.date, str], ...] | None = None


@dataclass(frozen=True)
class ReportRow:
    """One interval of one queue, as an ACD reports it; None where a column is missing."""

    begins: dt.datetime
    queue: str
    offered: float
    abandoned: float | None = None
    talk_s: float | None = None
    acw_s: float | None = None
    agents: float | None = None
    line: int = 0


@dataclass(frozen=True)
class IntervalReport:
    """Counts by interval.

    Parameters
    ----------
    name : str
    format : str
    rows : tuple of ReportRow
        In order of time.
    interval_s : float
    zone : str
    findings : tuple of Finding
    proposed : dict or None
    """

    name: str
    format: str
    rows: tuple[ReportRow, ...]
    interval_s: float
    zone: str
    findings: tuple[Finding, ...] = ()
    proposed: dict[str, object] | None = None


@dataclass(frozen=True)
class Options:
    """How a log is to be read.

    Parameters
    ----------
    zone : str
        IANA zone of times without one; UTC takes them as they stand, without clock changes.
    map : dict or None
        A column map as read from a file; None lets one be proposed.
    name : str
        Of the log.
    paths : tuple of Path
        All files of the log; formats that hold one file get the first.
    """

    zone: str = "UTC"
    map: dict[str, object] | None = None
    name: str = "log"
    paths: tuple[Path, ...] = ()
