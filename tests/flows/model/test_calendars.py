"""Holidays by country: resolved when a flow is read, a label of their own where wired, right on days when clocks
change.
"""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from flows.lint.engine import lint
from flows.model import holidays as calendars
from flows.model.flow import Flow
from flows.model.load import load_text
from flows.model.opening_hours import Hours
from flows.source.finding import FlowError
from ivr.phone.terminal_phone import Phone
from simulation.menus.opening_states import opening_states
from tests.support.paths import ROOT

LINE = """\
ivr: 1
name: Line
start: clock
hours:
  office: {zone: America/New_York, mon-sun: "01:00-20:00", closed: [2026-12-24], holidays: US-NY}
nodes:
  clock: {type: hours, hours: office, on: {open: day, closed: night, holiday: feast}}
  day: {type: hangup, say: We are open.}
  night: {type: hangup, say: We are closed.}
  feast: {type: hangup, say: Happy holidays.}
"""
PLAIN = LINE.replace(", holiday: feast", "").replace("  feast: {type: hangup, say: Happy holidays.}\n", "")
MOMENTS = [
    ("2026-12-25T12:00:00-05:00", "holiday"),  # Christmas
    ("2026-12-25T23:00:00-05:00", "holiday"),  # all day, also outside the spans
    ("2026-12-24T12:00:00-05:00", "closed"),  # closed wins over open
    ("2026-12-26T03:00:00+00:00", "holiday"),  # still the 25th in New York
    ("2026-12-25T04:00:00+00:00", "closed"),  # still the 24th
    ("2026-07-03T12:00:00-04:00", "holiday"),  # the 4th is a Saturday: observed on Friday
    ("2026-02-12T12:00:00-05:00", "holiday"),  # Lincoln's birthday, in New York
    ("2026-11-24T12:00:00-05:00", "open"),
]


@pytest.mark.parametrize(("moment", "label"), MOMENTS)
def test_holidays_of_a_region(moment: str, label: str) -> None:
    assert load_text(LINE).flow.hours["office"].label(dt.datetime.fromisoformat(moment)) == label


@pytest.mark.parametrize(("moment", "label"), MOMENTS)
def test_the_phone_takes_the_way_of_a_holiday_or_that_of_closed(moment: str, label: str) -> None:
    for text, wanted in ((LINE, label), (PLAIN, "closed" if label == "holiday" else label)):
        phone = Phone(load_text(text).flow, dt.datetime.fromisoformat(moment))
        phone.dial()
        said = " ".join(say.text for turn in phone.turns for _, say in turn.said)
        assert (
            said.strip() == {"open": "We are open.", "closed": "We are closed.", "holiday": "Happy holidays."}[wanted]
        )


def test_the_simulation_opens_and_closes_at_the_midnights_of_a_holiday() -> None:
    """From the 25th at 00:00 (05:00 UTC) to the 26th at 00:00, then closed until 01:00, open until 20:00."""
    flow = load_text(LINE).flow
    start = dt.datetime(2026, 12, 25, 0, tzinfo=dt.UTC)
    opened = opening_states(flow, start, 48 * 3600)
    assert [
        (us / 3.6e9, opened.states[i]["office"]) for us, i in zip((0, *opened.changes_us), opened.state_at, strict=True)
    ] == [
        (0, "closed"),
        (5, "holiday"),
        (29, "closed"),
        (30, "open"),
        (49, "closed"),
        (54 - 0, "open"),
    ][:5]


@pytest.mark.parametrize(("day", "hours"), [("2026-03-08", 23), ("2026-06-07", 24), ("2026-11-01", 25)])
def test_a_holiday_is_as_long_as_its_day(day: str, hours: int) -> None:
    """New York loses an hour on 8 March 2026 and gains one on 1 November."""
    office = Hours.model_validate({"zone": "America/New_York", "mon-sun": "00:00-24:00", "holidays": [day]})
    flow = Flow.model_validate({"ivr": "1", "name": "L", "start": "b", "nodes": {"b": {"type": "hangup"}}}).model_copy(
        update={"hours": {"office": office}}
    )
    start = dt.datetime.fromisoformat(f"{day}T00:00:00+00:00")
    opened = opening_states(flow, start, 36 * 3600)
    first, last = opened.changes_us / 3.6e9
    assert last - first == hours
    minutes = sum(office.label(start + dt.timedelta(minutes=m)) == "holiday" for m in range(36 * 60))
    assert minutes == hours * 60


def test_calendars_and_dates_together() -> None:
    flow = load_text(LINE.replace("holidays: US-NY", "holidays: [ES-MD, 2026-11-27]")).flow
    days = flow.hours["office"].holidays
    assert dt.date(2026, 11, 27) in days
    assert dt.date(2026, 1, 6) in days
    assert dt.date(2026, 7, 3) not in days
    assert days == tuple(sorted(days))


def test_a_flow_kept_as_data_needs_no_calendar() -> None:
    flow = load_text(LINE).flow
    again = Flow.model_validate(flow.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    assert again.hours == flow.hours
    assert again.digest == flow.digest


@pytest.mark.parametrize(
    ("written", "message", "hint"),
    [
        ("US-NYC", "US has no region 'NYC'", "did you mean 'US-NY'?"),
        (
            "USX",
            "no holidays are known of 'USX'",
            "did you mean 'US'? codes are those of ISO 3166: US, US-NY, ES-MD, GB-SCT",
        ),
        ("QQ", "no holidays are known of 'QQ'", "codes are those of ISO 3166: US, US-NY, ES-MD, GB-SCT"),
        ("ES-MAD", "ES has no region 'MAD'", "did you mean 'ES-MD'?"),
        ("2026-13-45", "'2026-13-45' is not a date like 2026-12-25", "write a date like 2026-12-25"),
    ],
)
def test_an_unknown_calendar_is_a_finding(written: str, message: str, hint: str) -> None:
    with pytest.raises(FlowError) as error:
        load_text(LINE.replace("holidays: US-NY", f"holidays: {written}"))
    (finding,) = error.value.findings
    code = "F003" if "13-45" in written else "F006"
    assert (finding.code, finding.line, finding.column, finding.message, finding.hint) == (code, 5, 92, message, hint)


@pytest.mark.parametrize("calendar", ["US", "us-ny", "GB-SCT", "DE-BY", "ES-MD", "IN", "MX", "VN", "CN", "XNYS"])
def test_calendars_have_days_in_every_year_near(calendar: str) -> None:
    found = calendars.days(calendar)
    assert {2025, 2026, 2027, 2028} <= {day.year for day in found}
    assert min(found).year >= calendars.YEARS[0]


def test_closed_and_holiday_both_count_as_asked_for_the_hours() -> None:
    text = LINE.replace("say: Happy holidays.", "say: Happy holidays.")
    assert [f.code for f in lint(load_text(text)) if f.severity == "error"] == []


def test_the_package_is_loaded_only_when_a_flow_asks(tmp_path: Path) -> None:
    import subprocess
    import sys

    code = (
        "import sys; from flows.model.load import load; load('northwind');"
        " assert 'holidays' not in sys.modules and 'polib' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, cwd=ROOT)
