"""How calls may begin: the moment, the numbers, what is known of the caller, switches, and what chance picks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flows.model.flow import Flow
from flows.nodes.hours import Hours
from flows.nodes.split import Split
from ivr.phone.call_time import DEFAULT_AT, zone_of

__all__ = ["beginnings"]

_NUMBERS = {"ani": "from", "dnis": "to"}
_PLAIN = ("10:00", "02:30", "20:30", "12:30")
"""A morning, a night, an evening and a lunch break: tried before every other half hour of a day."""
_HALF_HOURS = tuple(f"{minute // 60:02}:{minute % 60:02}" for minute in range(0, 24 * 60, 30))
_DAYS = 370
_LABELS = ("open", "closed", "holiday")


def beginnings(flow: Flow) -> Iterator[tuple[str, ...]]:
    """The settings at the top of call scripts, plainest first: none, then one for each thing that decides a branch.

    Examples
    --------
    >>> from flows.model.load import load
    >>> list(beginnings(load("northwind").flow))[:3]
    [(), ('at 2026-11-23 02:30',), ('to +18005550160',)]
    """
    yield ()
    yield from ((line,) for line in _moments(flow))
    yield from ((f"switch {name} = on",) for name in flow.switches)
    for name, node in flow.nodes.items():
        if isinstance(node, Split) and node.shares:
            yield from ((f"draw {name} = {case}",) for case in node.shares)
        elif isinstance(node, Split) and node.value in _NUMBERS:
            yield from ((f"{_NUMBERS[node.value]} {_whole(case)}",) for case in node.cases)
        elif isinstance(node, Split) and node.value and node.value != "language":
            yield from ((f"given {node.value} = {_whole(case)}",) for case in node.cases)


def _whole(case: str) -> str:
    """A value that fits a case: of ``7*``, eight digits that begin so."""
    return f"{case[:-1]:1<8}" if case.endswith("*") else case


def _moments(flow: Flow) -> Iterator[str]:
    """A moment for each answer of each opening hours that the usual moment does not give."""
    zone, told = zone_of(flow), set()
    asked = {node.hours for node in flow.nodes.values() if isinstance(node, Hours) and node.hours in flow.hours}
    for name in flow.hours:
        if name not in asked:
            continue
        hours = flow.hours[name]
        known = {hours.label(DEFAULT_AT.replace(tzinfo=zone))}
        for day in (DEFAULT_AT.date() + dt.timedelta(days=day) for day in range(_DAYS)):
            if len(known) == len(_LABELS):
                break
            for clock in dict.fromkeys((*_PLAIN, *_HALF_HOURS)):
                moment = dt.datetime.combine(day, dt.time.fromisoformat(clock), zone)
                if (label := hours.label(moment)) not in known:
                    known.add(label)
                    line = f"at {moment:%Y-%m-%d %H:%M}"
                    if line not in told:
                        told.add(line)
                        yield line
