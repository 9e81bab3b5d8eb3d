"""What a forecast rests on: calls by day and interval, and which days count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from flows.source.counted import counted
from flows.source.finding import Finding, IvrError
from simulation.arrays import Flags, Floats, Ints
from simulation.calibration.first_calls import first_calls
from simulation.calibration.log_days import LogDays
from simulation.calibration.outages import LeftOut, days_left_out
from simulation.call_logs.log import CallLog, IntervalReport
from simulation.call_logs.report_counts import report_counts

__all__ = ["LEAST_DAYS", "History", "history_of"]

LEAST_DAYS = 21
"""Two weeks to learn from and one to test on."""
_WINDOW = 91
"""Days that are judged together for outages: volumes grow, so a year is not of one size."""


@dataclass(frozen=True)
class History:
    """Calls by day and interval.

    Parameters
    ----------
    name : str
    dates : tuple of datetime.date
        Every day, without holes.
    counts : numpy.ndarray
        f8[days, intervals]. Calls.
    interval_s : float
    kept : numpy.ndarray
        b1[days]. Days without an outage.
    left_out : tuple of LeftOut
    holiday : numpy.ndarray
        b1[days].
    zone : str
    of_report : bool
        Whether it is a report by intervals, which has an interval of its own.
    closed_after : int
        So many of the last days are not in the log: the line is closed on such days of the week.
    """

    name: str
    dates: tuple[dt.date, ...]
    counts: Floats
    interval_s: float
    kept: Flags
    left_out: tuple[LeftOut, ...]
    holiday: Flags
    zone: str
    of_report: bool = False
    closed_after: int = 0

    @property
    def told(self) -> tuple[dt.date, ...]:
        """The dates that the log tells about."""
        return self.dates[: len(self.dates) - self.closed_after]

    @property
    def days_told(self) -> int:
        """How many of them are not left out."""
        return int(self.kept[: len(self.told)].sum())

    @cached_property
    def totals(self) -> Floats:
        """f8[days]. Calls of whole days."""
        return np.asarray(self.counts.sum(axis=1))

    @cached_property
    def usual(self) -> Flags:
        """b1[days]. Days that are neither left out nor holidays."""
        return np.asarray(self.kept & ~self.holiday)

    @cached_property
    def weekday(self) -> Ints:
        """i8[days]. Monday = 0."""
        return np.array([date.weekday() for date in self.dates], dtype=np.int64)

    def before(self, day: int) -> History:
        """The first `day` days; which days count stays as the whole history shows."""
        return replace(
            self,
            dates=self.dates[:day],
            counts=self.counts[:day],
            kept=self.kept[:day],
            holiday=self.holiday[:day],
        )


def history_of(
    log: CallLog | IntervalReport,
    *,
    interval_s: float = 1800.0,
    holidays: Collection[dt.date] = (),
    from_: dt.date | None = None,
    to: dt.date | None = None,
) -> History:
    """The history that a log or a report tells.

    Parameters
    ----------
    log : CallLog or IntervalReport
        First attempts of callers who did not hear a busy signal count, as in ``ivr calibrate``.
    interval_s : float
        Length of an interval; a report has its own.
    holidays : collection of date
        Days that are no days like others, and no outages either.
    from_, to : date, optional
        The days to use, both included.

    Raises
    ------
    IvrError
        K012, when it covers fewer than `LEAST_DAYS` days.

    Notes
    -----
    A history that ends on a Friday, of a line to which nobody ever calls at weekends, ends with the Sunday after it: so
    three working weeks are three weeks, and the forecast begins when the line opens.
    """
    if isinstance(log, IntervalReport):
        _, dates, by_queue = report_counts(log)
        counts = by_queue.sum(axis=0)
        interval_s, zone = log.interval_s, log.zone or "UTC"
    else:
        days = LogDays(log.records, interval_s)
        dates, counts = days.dates, days.counts(log.records.calls["arrived_us"][first_calls(log)])
        zone = log.records.zone or "UTC"
    chosen = [i for i, date in enumerate(dates) if (not from_ or date >= from_) and (not to or date <= to)]
    part, weekly = len(chosen) < len(dates), _closed_weekdays(dates, counts)
    inside = slice(chosen[0], chosen[-1] + 1) if chosen else slice(0)
    dates, counts, closed_after = _until_open(dates[inside], counts[inside], weekly)
    if len(dates) < LEAST_DAYS:
        raise _too_short(log.name, len(chosen), part=part)
    holiday = np.array([date in holidays for date in dates], dtype=bool)
    kept, left_out = _without_outages(dates, counts, interval_s, holiday)
    if not counts[kept].sum():
        raise _too_short(log.name, 0, part=False)
    of_report = isinstance(log, IntervalReport)
    return History(log.name, dates, counts, interval_s, kept, left_out, holiday, zone, of_report, closed_after)


def _closed_weekdays(dates: tuple[dt.date, ...], counts: Floats) -> frozenset[int]:
    """The days of the week on which nobody ever calls, of those that came more than once."""
    calls: dict[int, list[float]] = {}
    for date, total in zip(dates, counts.sum(axis=1).tolist(), strict=True):
        calls.setdefault(date.weekday(), []).append(total)
    return frozenset(weekday for weekday, totals in calls.items() if len(totals) > 1 and not any(totals))


def _until_open(
    dates: tuple[dt.date, ...], counts: Floats, closed: frozenset[int]
) -> tuple[tuple[dt.date, ...], Floats, int]:
    """The same days, and those that follow on which the line is closed; and how many these are."""
    later = list(dates[-1:])
    while later and len(later) < 7 and (later[-1] + dt.timedelta(days=1)).weekday() in closed:
        later.append(later[-1] + dt.timedelta(days=1))
    more = len(later[1:])
    return (*dates, *later[1:]), np.pad(counts, ((0, more), (0, 0))), more


def _without_outages(
    dates: tuple[dt.date, ...], counts: Floats, interval_s: float, holiday: Flags
) -> tuple[Flags, tuple[LeftOut, ...]]:
    """Judge the days that are no holidays, a quarter of a year at a time."""
    kept = np.ones(len(dates), dtype=bool)
    found: list[LeftOut] = []
    plain = np.flatnonzero(~holiday)
    starts = list(range(0, max(len(plain) - _WINDOW // 2, 1), _WINDOW))
    for begin, end in zip(starts, [*starts[1:], len(plain)], strict=True):
        rows = plain[begin:end]
        ok, left_out = days_left_out([dates[row] for row in rows.tolist()], counts[rows], interval_s)
        kept[rows] = ok
        found += left_out
    return kept, tuple(found)


def _too_short(name: str, days: int, *, part: bool) -> IvrError:
    short = f"{counted(days, 'day')} of calls" + (" in the period" if part else "")
    return IvrError(
        Finding(
            code="K012",
            severity="error",
            file=name,
            message=f"a forecast cannot rest on {short}; it takes {LEAST_DAYS}: two weeks to learn from, one to test",
            hint="name a longer history"
            + (", or a longer period" if part else "")
            + "; until there is one, ivr calibrate makes a scenario of the days there are",
        )
    )
