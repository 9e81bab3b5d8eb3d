"""Lines that are closed at the hour at which somebody tries them: which hours, and the next open moment."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from flows.model.load import load_text
from ivr.phone.call_time import moment_of
from ivr.phone.closed_now import closed_now

NEW_YORK = ZoneInfo("America/New_York")
LINE = """
ivr: 1
name: Line
start: first
hours:
  office: {zone: America/New_York, mon-fri: "08:00-12:00, 13:00-17:00", closed: [2026-11-26]}
  shop: {zone: America/Los_Angeles, mon-sat: "09:00-18:00"}
  unused: {zone: UTC, sun: "10:00-11:00"}
nodes:
  first: {type: hours, hours: office, on: {open: second, closed: bye}}
  second: {type: hours, hours: shop, on: {open: bye, closed: bye}}
  bye: {type: hangup}
"""


@pytest.mark.parametrize(
    ("now", "hours", "opens"),
    [
        ("2026-11-24T13:30", None, ""),  # 10:30 in Los Angeles: both are open
        ("2026-11-24T12:30", ("office",), "2026-11-24T13:00"),  # over lunch; the shop has been open since 12:00 here
        ("2026-11-24T09:00", ("shop",), "2026-11-24T13:00"),  # the shop opens at 12:00, when the office has lunch
        ("2026-11-25T22:00", ("office", "shop"), "2026-11-27T13:00"),  # Thursday is a closed day of the office
        ("2026-11-28T13:00", ("office",), "2026-11-30T13:00"),  # Saturday: the shop is open until 21:00 here
    ],
)
def test_what_is_closed_and_when_everything_is_open(now: str, hours: tuple[str, ...] | None, opens: str) -> None:
    flow = load_text(LINE, "line.yaml").flow
    found = closed_now(flow, moment_of(flow, now))
    assert (found.hours if found else None) == hours
    assert (found.at if found else "") == opens
    if found:
        assert closed_now(flow, moment_of(flow, found.at)) is None  # as the hint says


def test_hours_that_never_meet_have_the_moment_at_which_the_closed_ones_open() -> None:
    text = LINE.replace('"09:00-18:00"', '"22:00-23:00"')  # 01:00 to 02:00 of the next day in New York
    found = closed_now(load_text(text, "line.yaml").flow, dt.datetime(2026, 11, 24, 18, tzinfo=NEW_YORK))
    assert found is not None
    assert (found.hours, found.opens) == (("office", "shop"), None)
    found = closed_now(load_text(text, "line.yaml").flow, dt.datetime(2026, 11, 24, 9, tzinfo=NEW_YORK))
    assert found is not None
    assert (found.hours, found.at) == (("shop",), "2026-11-25T01:00")


def test_a_line_that_does_not_open_within_two_weeks_names_no_moment() -> None:
    days = ", ".join(str(dt.date(2026, 12, 1) + dt.timedelta(days=i)) for i in range(20))
    text = LINE.replace("[2026-11-26]", f"[{days}]")
    found = closed_now(load_text(text, "line.yaml").flow, dt.datetime(2026, 12, 1, 14, tzinfo=NEW_YORK))
    assert found is not None
    assert (found.at, found.text) == ("", "Callers hear at this hour that the line is closed (office).")


def test_a_line_without_opening_hours_is_never_closed() -> None:
    flow = load_text("{ivr: 1, name: L, start: b, nodes: {b: {type: hangup}}}", "l.yaml").flow
    assert closed_now(flow, dt.datetime(2026, 12, 1, tzinfo=dt.UTC)) is None
