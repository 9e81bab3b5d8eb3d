"""R005 hours-gap-or-overlap: a slip in the opening hours."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from functools import cache
from zoneinfo import ZoneInfo

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.model.opening_hours import DAYS, Hours
from flows.model.opening_hours_hints import as_nights, in_words
from flows.nodes.base import END
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.hours import Hours as HoursNode
from flows.nodes.queue import Queue
from flows.source.counted import counted
from flows.values.time_zones import keeps_winter_time

GAP_MIN = Option("gap_min", 5, "Minutes up to which a gap counts as a slip.")
YEAR = 2026
"""The year whose clock changes are checked; they are on the same days of the week every year."""
_DAY_MIN, _WEEK_MIN = 1440, 10_080
_TWO = 2
_WEEK = (1 << _WEEK_MIN) - 1
_SEASONS = (dt.datetime(YEAR, 1, 15, tzinfo=dt.UTC), dt.datetime(YEAR, 7, 15, tzinfo=dt.UTC))


def check(context: Context) -> Iterator[Problem]:
    """Check every table of hours, and tables that a call checks one after another."""
    gap_min = context.option("R005", GAP_MIN)
    tables = context.flow.hours
    masks = {name: (_mask(hours, _SEASONS[0]), _mask(hours, _SEASONS[1])) for name, hours in tables.items()}
    asked = {name: node for name, node in context.nodes(HoursNode) if node.hours in masks}
    possible = _possible(context, masks) if len({node.hours for node in asked.values()}) > 1 else {}
    asking_on = _asking_on(context, asked)
    told: set[str] = set()
    for name, node in asked.items():
        here = possible.get(name, (_WEEK, _WEEK))
        if all(here) and not any(mask & at for mask, at in zip(masks[node.hours], here, strict=True)):
            message = (
                f"{node.hours!r} is never open here: on every path to {name!r}, hours that were checked before"
                " exclude it"
            )
            yield Problem(
                ("nodes", name, "hours"),
                message,
                "check the wider hours first, or swap 'open' and 'closed'",
            )
        elif name not in asking_on:
            for start, minutes in _gaps(gap_min, here[0] & ~masks[node.hours][0] & _WEEK):
                local = (start + _offset_min(tables[node.hours], _SEASONS[0])) % _WEEK_MIN
                when = f"{DAYS[local // _DAY_MIN]} {_clock(local)}"
                if f"{node.hours} {_clock(local)}" not in told:
                    told.add(f"{node.hours} {_clock(local)}")
                    most = counted(minutes, "minute")
                    hint = "let the next hours begin when these end; write 24:00 for midnight"
                    if here[0] == _WEEK:
                        yield Problem(
                            ("hours", node.hours),
                            f"{node.hours!r} is closed for {most} from {when}, and then open again",
                            hint,
                            of_key=True,
                        )
                    else:
                        message = (
                            f"for {most} from {when} neither {node.hours!r} nor the hours checked before it are open"
                        )
                        yield Problem(("nodes", name, "hours"), message, hint)
    for name, hours in tables.items():
        yield from _skipped(name, hours)
        yield from _misread(name, hours)


def _mask(hours: Hours, season: dt.datetime) -> int:
    """The open minutes of a week in UTC, starting on Monday, as bits."""
    bits = 0
    for day, spans in enumerate(hours.spans):
        for start, end in spans:
            bits |= ((1 << (end - start)) - 1) << (day * _DAY_MIN + start)
    bits = bits & _WEEK | bits >> _WEEK_MIN  # the night after Sunday
    shift = -_offset_min(hours, season) % _WEEK_MIN
    return (bits << shift | bits >> (_WEEK_MIN - shift)) & _WEEK


def _offset_min(hours: Hours, at: dt.datetime) -> int:
    return int(_offset_at(ZoneInfo(hours.zone), at).total_seconds() // 60)


def _possible(context: Context, masks: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    """The minutes of the week at which a call can be at each node; after a queue, any."""
    nodes = context.flow.nodes
    at: dict[str, tuple[int, int]] = dict.fromkeys(nodes, (0, 0))
    at[context.flow.start] = (_WEEK, _WEEK)
    todo = dict.fromkeys([context.flow.start] if context.flow.start in nodes else [])
    while todo:
        name = next(iter(todo))  # oldest first, as more has accumulated there
        del todo[name]
        node = nodes[name]
        for edge in context.graph.edges[name]:
            if edge.target == END:
                continue
            here = at[name] if not isinstance(node, Queue) else (_WEEK, _WEEK)
            if isinstance(node, HoursNode) and node.hours in masks:
                mask = masks[node.hours]
                opened, closed = (here[0] & mask[0], here[1] & mask[1]), (here[0] & ~mask[0], here[1] & ~mask[1])
                here = opened if edge.outcome == "open" else closed
            before = at[edge.target]
            after = (before[0] | here[0], before[1] | here[1])
            if after != before:
                at[edge.target] = after
                todo[edge.target] = None
    return at


def _asking_on(context: Context, asked: Iterable[str]) -> set[str]:
    """Those of `asked` whose `closed` leads to another of them without asking the caller."""
    nodes, edges = context.flow.nodes, context.graph.edges
    sources: dict[str, list[str]] = {}
    for name, node in nodes.items():
        for edge in edges[name] if not isinstance(node, Dialogue | Queue) else ():
            sources.setdefault(edge.target, []).append(name)
    ahead = {
        name: {name} for name in asked
    }  # at most two of those each node leads to: enough to tell whether there is another
    todo = [(name, name) for name in ahead]
    while todo:
        at, one = todo.pop()
        for source in sources.get(at, ()):
            known = ahead.setdefault(source, set())
            if one not in known and len(known) < _TWO:
                known.add(one)
                todo.append((source, one))
    return {
        name
        for name in asked
        for edge in edges[name]
        if edge.outcome == "closed" and ahead.get(edge.target, set()) - {name}
    }


def _gaps(gap_min: float, bits: int) -> Iterator[tuple[int, int]]:
    """First minute and length of each short gap in a cyclic week."""
    if bits in (0, _WEEK):
        return
    edges = bits & ~(bits << 1 | bits >> (_WEEK_MIN - 1)) & _WEEK
    while edges:
        start = (edges & -edges).bit_length() - 1
        edges &= edges - 1
        turned = (bits >> start | bits << (_WEEK_MIN - start)) & _WEEK
        length = (~turned & (turned + 1)).bit_length() - 1
        if length <= gap_min:
            yield start, length


def _clock(minute: int) -> str:
    return f"{minute % _DAY_MIN // 60:02}:{minute % 60:02}"


def _skipped(name: str, hours: Hours) -> Iterator[Problem]:
    """Find spans that lie entirely within the hour that clocks skip in spring."""
    for day, start, end in _left_out(hours.zone):
        for a, b in hours.spans[day.weekday()]:
            if start <= a and b <= end:  # a night never falls into it
                message = (
                    f"{name!r} is not open at all on the {DAYS[day.weekday()]} in spring when clocks go from"
                    f" {_clock(start)} to {_clock(end)}"
                )
                yield Problem(
                    ("hours", name), message, "let the span begin earlier or end later", of_key=True, severity="warning"
                )


def _misread(name: str, hours: Hours) -> Iterator[Problem]:
    """Find hours that do not mean what they seem to: nights cut at midnight, zones without summer time."""
    wrong, hint = keeps_winter_time(hours.zone)
    if wrong:
        yield Problem(("hours", name, "zone"), f"{hours.zone!r} {wrong}", hint, severity="warning")
    nights = as_nights(hours.week)
    if nights:
        message = f"{name!r} opens after midnight at the start of the listed days, not in the night that follows them"
        hint = f"write {in_words(nights)}; or the early hours first, where they are meant so"
        yield Problem(("hours", name), message, hint, of_key=True, severity="warning")


@cache
def _left_out(zone: str) -> tuple[tuple[dt.date, int, int], ...]:
    """The days and local minutes that clocks skip in spring."""
    place = ZoneInfo(zone)
    first = dt.datetime(YEAR, 1, 1, tzinfo=dt.UTC)
    found = []
    for day in range(366):
        early = first + dt.timedelta(days=day)
        if _offset_at(place, early + dt.timedelta(days=1)) > (usual := _offset_at(place, early)):
            at = next(n for n in range(1, 1441) if _offset_at(place, early + dt.timedelta(minutes=n)) != usual)
            before, after = ((early + dt.timedelta(minutes=n)).astimezone(place) for n in (at - 1, at))
            found.append((after.date(), before.hour * 60 + before.minute + 1, after.hour * 60 + after.minute))
    return tuple(found)


def _offset_at(place: ZoneInfo, moment: dt.datetime) -> dt.timedelta:
    return moment.astimezone(place).utcoffset() or dt.timedelta()


RULE = Rule(
    code="R005",
    name="hours-gap-or-overlap",
    severity="error",
    check=check,
    summary="a slip in the opening hours",
    what=(
        "Hours that close for a few minutes and open again (17:59 to 18:00, 23:59 for midnight), in one table or "
        "between tables checked one after the other; hours that can never be open where they are checked, because "
        "other hours were checked before; and, as warnings, a span that falls entirely into the hour that clocks skip "
        "in spring, hours after midnight written after those before it ('17:00-24:00, 00:00-01:00'), which open in "
        "the morning before, and zones that stay on winter time all year (EST, Etc/GMT+5). Overlapping spans of a day "
        "are rejected when the file is read (F003)."
    ),
    why=(
        "For one minute a night, or one day a year, callers are told that nobody is there although everyone is. "
        "Nobody ever finds out why."
    ),
    example='hours: {desk: {zone: UTC, mon-sun: "00:00-23:59"}}',
    better='hours: {desk: {zone: UTC, mon-sun: "00:00-24:00"}}',
    options="All 168 hours of the week are compared, in winter and in summer time.",
    settings=(GAP_MIN,),
    source="Arithmetic: the minutes of a week as sets; IANA time zone database",
)
