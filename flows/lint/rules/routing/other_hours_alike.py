"""R031 other-hours-alike: other hours that are the usual ones, or that never apply."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.model.opening_hours import Between, Hours


def check(context: Context) -> Iterator[Problem]:
    """Find other hours without which every day would be the same."""
    for name, hours in context.flow.hours.items():
        for day in hours.on:
            without = hours.model_copy(update={"on": {one: text for one, text in hours.on.items() if one != day}})
            if Hours.model_validate(without.model_dump(by_alias=True)).spans_on(day) == hours.spans_on(day):
                message = f"{day} has the same hours without this"
                yield Problem(
                    ("hours", name, "on", day.isoformat()), message, "remove it, or write other hours", of_key=True
                )
        for index, row in enumerate(hours.between):
            if not any(_changes(hours, row, row.begin + dt.timedelta(days=n)) for n in range(_days(row))):
                message = f"from {row.begin} to {row.end} every day of {name!r} has the same hours without this"
                hint = "remove it, or name the days that differ"
                yield Problem(("hours", name, "between", index), message, hint)


_MOST_DAYS = 366
"""Days of a row that are looked at; after a year each day of the week and each date has come."""


def _days(row: Between) -> int:
    return min((row.end - row.begin).days + 1, _MOST_DAYS)


def _changes(hours: Hours, row: Between, day: dt.date) -> bool:
    """Whether a day has other hours by the row than it would have by its day of the week."""
    own = row.spans_on(day)
    return own is not None and hours.spans_on(day) == own != hours.spans[day.weekday()]


RULE = Rule(
    code="R031",
    name="other-hours-alike",
    severity="warning",
    check=check,
    summary="other hours that are the usual ones",
    what=(
        "A day under 'on:' has the hours that it would have anyway, or no day of a row of 'between:' differs from the "
        "week: the row names days that do not fall into it, or days that are closed by 'closed:' or 'holidays:', which "
        "count more than 'between:'."
    ),
    why="Somebody wanted other hours on these days, and callers meet the usual ones.",
    example=(
        'hours: {shop: {zone: UTC, mon-fri: "09:00-17:00", between: [{from: 2026-12-24, to: 2026-12-24, fri: closed}]}}'
    ),
    better='hours: {shop: {zone: UTC, mon-fri: "09:00-17:00", on: {2026-12-24: closed}}}  # it is a Thursday',
    source="Arithmetic: the spans of every day compared",
)
