"""The states of all opening hours and switches over a horizon, including days when clocks change."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from flows.model.flow import Flow
from flows.model.opening_hours import Hours
from flows.model.switches import closing
from flows.values.units import US_PER_S
from simulation.arrays import Ints, Times
from simulation.clock.local_time import jumps

__all__ = ["OpeningStates", "opening_states", "switch_key"]

Switched = Mapping[str, Sequence[tuple[int, int]]]
NEVER: Switched = {}

AFTER_S = 6 * 3600
"""How long after the horizon a caller may still be in the menu."""


@dataclass(frozen=True)
class OpeningStates:
    """The state of all opening hours of a flow over time.

    Parameters
    ----------
    changes_us : numpy.ndarray
        i8, sorted: microseconds from the start at which something opens or closes.
    state_at : numpy.ndarray
        Index of `states` before the first change, then after each.
    states : tuple of dict of str to str
        Label of each opening hours by name, such as ``open``, and of each switch (`switch_key`), ``on`` or ``off``.
    """

    changes_us: Times
    state_at: Ints
    states: tuple[dict[str, str], ...]

    def at(self, at_us: Times) -> Ints:
        """Index of `states` at moments, microseconds from the start; a change takes effect at its own moment.

        Examples
        --------
        >>> opened = OpeningStates(np.array([10]), np.array([0, 1]), ({"office": "closed"}, {"office": "open"}))
        >>> opened.at(np.array([9, 10])).tolist()
        [0, 1]
        """
        state: Ints = self.state_at[np.searchsorted(self.changes_us, at_us, side="right")]
        return state


def switch_key(name: str) -> str:
    """The key of a switch among the labels of a state, which no opening hours have.

    Examples
    --------
    >>> switch_key("emergency")
    'switch emergency'
    """
    return f"switch {name}"


def opening_states(flow: Flow, start: dt.datetime, horizon_s: float, switched: Switched = NEVER) -> OpeningStates:
    """The opening states from `start` (with a zone) over a horizon, and a little beyond.

    Parameters
    ----------
    flow : Flow
    start : datetime
    horizon_s : float
    switched : mapping of str to list of (int, int)
        When each switch is on: from and to, in microseconds from the start.

    Examples
    --------
    >>> from flows.model.load import load
    >>> start = dt.datetime(2026, 11, 24, 12, tzinfo=dt.timezone.utc)
    >>> (opening_states(load("northwind").flow, start, 86_400).changes_us / 3.6e9).tolist()
    [1.0, 13.0, 25.0]
    """
    end = start + dt.timedelta(seconds=horizon_s + AFTER_S)
    turns = {start + dt.timedelta(microseconds=us) for rows in switched.values() for row in rows for us in row}
    found = {m for hours in flow.hours.values() for m in _candidates(hours, start, end)}
    moments = sorted(found | {moment for moment in turns if start < moment < end})
    labels = [_labels(flow, moment, start, switched) for moment in (start, *moments)]
    states: list[dict[str, str]] = []
    changes: list[int] = []
    state_at: list[int] = []
    for moment, now in zip((start, *moments), labels, strict=True):
        if now not in states:
            states.append(now)
        index = states.index(now)
        if not state_at or index != state_at[-1]:
            if state_at:
                changes.append(round((moment - start).total_seconds() * US_PER_S))
            state_at.append(index)
    return OpeningStates(np.array(changes, dtype=np.int64), np.array(state_at, dtype=np.int64), tuple(states))


def _labels(flow: Flow, moment: dt.datetime, start: dt.datetime, switched: Switched) -> dict[str, str]:
    at_us = round((moment - start).total_seconds() * US_PER_S)
    on = [name for name in flow.switches if any(begin <= at_us < end for begin, end in switched.get(name, ()))]
    hours = {
        name: "closed" if closing(flow.switches, on, name) else hours.label(moment)
        for name, hours in flow.hours.items()
    }
    return hours | {switch_key(name): "on" if name in on else "off" for name in flow.switches}


def _candidates(hours: Hours, start: dt.datetime, end: dt.datetime) -> list[dt.datetime]:
    """Moments at which a label can change: starts and ends of spans, midnights, and clock changes."""
    zone = ZoneInfo(hours.zone)
    first = start.astimezone(zone).date() - dt.timedelta(days=1)
    days = (end.astimezone(zone).date() - first).days + 2
    found = jumps(zone, start, end)
    for day in range(days):
        date = first + dt.timedelta(days=day)
        minutes = {0} | {minute for span in hours.spans_on(date) for minute in span}
        for minute in minutes:
            wall = dt.datetime.combine(date, dt.time()) + dt.timedelta(minutes=minute)
            for fold in (0, 1):
                found.append(wall.replace(tzinfo=zone, fold=fold).astimezone(dt.UTC))
    return [moment for moment in found if start < moment < end]
