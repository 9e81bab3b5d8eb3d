"""R030 other-hours-over: other hours that are over."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule


def check(context: Context) -> Iterator[Problem]:
    """Find rows of other hours that are over."""
    if context.today is None:
        return
    for name, hours in context.flow.hours.items():
        past = [day for day in hours.on if day < context.today]
        if past and len(past) == len(hours.on):
            message = f"the last day of {name!r} with hours of its own was {max(past)}"
            yield Problem(("hours", name, "on"), message, "remove it, or write the days to come", of_key=True)
        for index, row in enumerate(hours.between):
            if row.end < context.today:
                message = f"these hours of {name!r} ended on {row.end}"
                hint = "remove it, or write the dates of the next time"
                yield Problem(("hours", name, "between", index), message, hint)


RULE = Rule(
    code="R030",
    name="other-hours-over",
    severity="info",
    check=check,
    summary="other hours that are over",
    what="Hours of single days ('on:') are all in the past, or a row of 'between:' has ended.",
    why=(
        "Summer hours and Christmas Eve come again every year, on other dates: where last year's are still in the "
        "file, nobody has written this year's."
    ),
    example='hours: {office: {zone: UTC, mon-fri: "09:00-17:00", on: {2021-12-24: "09:00-12:00"}}}',
    better='hours: {office: {zone: UTC, mon-fri: "09:00-17:00", on: {2026-12-24: "09:00-12:00"}}}',
    options="Compared with today, or with '--today'.",
    source="Arithmetic: dates compared",
)
