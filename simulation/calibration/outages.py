"""Finds days on which a log has a hole, or far fewer calls than such days have, so that they can be left out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from simulation.arrays import Flags, Floats, Ints

__all__ = ["LeftOut", "days_left_out"]

_LEAST_EXPECTED = 25.0
"""A run of intervals without any call is a hole if at least this many calls were to be expected in it."""
_FEW = 0.4


@dataclass(frozen=True)
class LeftOut:
    """A day that is left out.

    Parameters
    ----------
    date : datetime.date
    why : str
        In words.
    """

    date: dt.date
    why: str


def days_left_out(dates: Sequence[dt.date], counts: Floats, interval_s: float) -> tuple[Flags, tuple[LeftOut, ...]]:
    """Judge each day by the others of the same day of the week.

    Parameters
    ----------
    dates : sequence of date
    counts : numpy.ndarray
        f8[days, intervals]. Calls.
    interval_s : float

    Returns
    -------
    numpy.ndarray
        b1[days]. Days that are kept.
    tuple of LeftOut
    """
    kept, found = np.ones(len(dates), dtype=bool), []
    weekday = np.array([date.weekday() for date in dates])
    for day, date in enumerate(dates):
        usual = _usual(weekday, counts, day)
        why = _why(counts[day], *usual, interval_s) if usual is not None else ""
        if why:
            kept[day] = False
            found.append(LeftOut(date, why))
    return kept, tuple(found)


def _usual(weekday: Ints, counts: Floats, day: int) -> tuple[Floats, bool] | None:
    """Calls that such a day has: the middle of the others of the same day of the week, by their totals.

    Where there is no other, that of all days; then only a hole between calls means anything (False).
    """
    same = np.flatnonzero((weekday == weekday[day]) & (np.arange(len(weekday)) != day))
    if len(same):
        return _middle(counts, same), True
    others = np.flatnonzero((np.arange(len(weekday)) != day) & (counts.sum(axis=1) > 0))
    return (_middle(counts, others), False) if len(others) >= 3 else None


def _middle(counts: Floats, days: Ints) -> Floats:
    third = len(days) // 3
    near = days[np.argsort(counts[days].sum(axis=1), kind="stable")][third : len(days) - third]
    return np.asarray(counts[near].mean(axis=0))


def _why(found: Floats, usual: Floats, alike: bool, interval_s: float) -> str:
    expected, total = float(usual.sum()), float(found.sum())
    if expected < _LEAST_EXPECTED or (not alike and not total):
        return ""
    if not alike:
        opened = np.flatnonzero(found)
        usual = np.where((np.arange(len(found)) > opened[0]) & (np.arange(len(found)) < opened[-1]), usual, 0.0)
    if not total:
        return f"no calls at all, where such days have about {expected:,.0f}"
    begin, lost = _longest_hole(found, usual)
    if lost >= max(_LEAST_EXPECTED, 0.05 * expected):
        length = _run(found, begin)
        until = "the end of the day" if begin + length == len(found) else _clock((begin + length) * interval_s)
        return f"no calls from {_clock(begin * interval_s)} to {until}, where about {lost:,.0f} are usual"
    if alike and total < _FEW * expected:
        return f"{total:,.0f} calls, where such days have about {expected:,.0f}"
    return ""


def _longest_hole(found: Floats, usual: Floats) -> tuple[int, float]:
    """The run of intervals without calls in which most calls were to be expected: where it begins, and how many."""
    best, begin, lost = (0, 0.0), 0, 0.0
    for i, (calls, expected) in enumerate(zip(found.tolist(), usual.tolist(), strict=True)):
        if calls:
            begin, lost = i + 1, 0.0
            continue
        lost += expected
        if lost > best[1]:
            best = (begin, lost)
    return best


def _run(found: Floats, begin: int) -> int:
    later = np.flatnonzero(found[begin:])
    return int(later[0]) if len(later) else len(found) - begin


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 3600:02d}:{int(seconds) % 3600 // 60:02d}"
