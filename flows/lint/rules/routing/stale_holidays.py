"""R009 stale-holidays: the list of holidays has run out."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule

AHEAD_DAYS = Option("ahead_days", 30, "Days before the last closed day from which an info is reported.")


def check(context: Context) -> Iterator[Problem]:
    """Find tables of hours whose closed days are all past, or soon will be."""
    ahead_days = context.option("R009", AHEAD_DAYS)
    if context.today is None:
        return
    for name, hours in context.flow.hours.items():
        if not hours.closed:
            continue
        last = max(hours.closed)
        path = ("hours", name, "closed")
        ahead = (last - context.today).days
        if ahead < 0:
            message = f"the last closed day of {name!r} was {last}: every holiday since is treated as a working day"
            yield Problem(path, message, "add the holidays of the next year", of_key=True)
        elif ahead < ahead_days:
            message = f"the closed days of {name!r} end on {last}"
            yield Problem(path, message, "add the holidays of the next year", of_key=True, severity="info")


RULE = Rule(
    code="R009",
    name="stale-holidays",
    severity="warning",
    check=check,
    summary="the list of holidays has run out",
    what=(
        "Opening hours list closed days, and all of them are in the past. Shortly before the last one, an info is "
        "reported. Hours without closed days are not checked."
    ),
    why="On the next holiday callers join queues that nobody serves.",
    example='hours: {office: {zone: UTC, mon-fri: "09:00-17:00", closed: [2021-12-25]}}',
    better='hours: {office: {zone: UTC, mon-fri: "09:00-17:00", closed: [2026-12-25, 2027-01-01]}}',
    options="Compared with today, or with '--today'.",
    settings=(AHEAD_DAYS,),
    source="Arithmetic: dates compared",
)
