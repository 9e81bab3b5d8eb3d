"""R035 appointment-never: an appointment for which there is never a time."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.appointment import Appointment
from flows.source.counted import counted


def check(context: Context) -> Iterator[Problem]:
    """Find appointments that are longer than every span of their opening hours."""
    for name, node in context.nodes(Appointment):
        hours = context.flow.hours.get(node.hours)
        if hours is None:
            continue
        rows = [row.spans_on(row.begin) or () for row in hours.between]
        spans = [span for day in (*hours.spans, *(hours.spans_on(day) for day in hours.on), *rows) for span in day]
        longest = max((end - start for start, end in spans), default=0)
        minutes = round(node.length / 60)
        if minutes > longest:
            message = f"{node.hours!r} is never open for {counted(minutes, 'minute')}: no time is ever offered"
            hint = f"write a length of at most {longest}m, or longer hours"
            yield Problem(("nodes", name, "length"), message, hint)


RULE = Rule(
    code="R035",
    name="appointment-never",
    severity="error",
    check=check,
    summary="an appointment without a time",
    what="An 'appointment' node has a 'length' that fits into no span of its opening hours.",
    why="Every caller hears that no time is free.",
    example='hours: {desk: {zone: UTC, mon-fri: "09:00-09:30"}}\nwhen: {type: appointment, hours: desk, length: 1h}',
    better='hours: {desk: {zone: UTC, mon-fri: "09:00-09:30"}}\nwhen: {type: appointment, hours: desk, length: 10m}',
    source="Arithmetic: lengths compared",
)
