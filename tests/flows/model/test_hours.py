"""Opening hours: by the wall clock of their zone, through changes of the clock, and what is refused."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo, available_timezones

import pytest
from pydantic import ValidationError

from flows.model.load import load_text
from flows.model.opening_hours import Hours
from flows.source.finding import FlowError


def hours(**written: object) -> Hours:
    data = {"zone": "America/New_York", **{name.replace("_", "-"): value for name, value in written.items()}}
    return Hours.model_validate(data)


def label(office: Hours, moment: str) -> str:
    return office.label(dt.datetime.fromisoformat(moment))


OFFICE = hours(mon_fri="08:00-20:00", sat="09:00-17:00", closed=["2026-12-25"])


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # 2026-11-23 is a Monday; New York is five hours behind UTC in winter
        ("2026-11-23T12:59:59+00:00", "closed"),  # 07:59:59
        ("2026-11-23T13:00:00+00:00", "open"),  # 08:00, the start belongs to it
        ("2026-11-24T00:59:59+00:00", "open"),  # 19:59:59
        ("2026-11-24T01:00:00+00:00", "closed"),  # 20:00, the end does not
        ("2026-11-28T13:30:00+00:00", "closed"),  # Saturday 08:30
        ("2026-11-28T14:30:00+00:00", "open"),  # Saturday 09:30
        ("2026-11-22T16:00:00+00:00", "closed"),  # Sunday
        ("2026-12-25T16:00:00+00:00", "closed"),  # a Friday that is closed
        ("2026-12-26T03:00:00+00:00", "closed"),  # Friday 22:00 there: still the 25th
        ("2026-12-25T04:00:00+00:00", "closed"),  # Thursday the 24th, 23:00
        ("2026-12-24T16:00:00+00:00", "open"),
        ("2026-07-06T12:00:00+00:00", "open"),  # 08:00 in summer, four hours behind
        ("2026-07-06T11:59:00+00:00", "closed"),
        ("2026-11-23T22:00:00+09:00", "open"),  # asked from Tokyo: 08:00 in New York
    ],
)
def test_open_by_the_wall_clock_of_the_zone(moment: str, expected: str) -> None:
    assert label(OFFICE, moment) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # New York goes from 02:00 to 03:00 on 2026-03-08: 06:59 UTC is 01:59, 07:00 UTC is 03:00
        ("2026-03-08T06:29:00+00:00", "closed"),  # 01:29
        ("2026-03-08T06:30:00+00:00", "open"),  # 01:30
        ("2026-03-08T06:59:00+00:00", "open"),  # 01:59
        ("2026-03-08T07:00:00+00:00", "open"),  # 03:00
        ("2026-03-08T07:30:00+00:00", "closed"),  # 03:30
    ],
)
def test_the_hour_that_is_skipped_in_spring(moment: str, expected: str) -> None:
    assert label(hours(sun="01:30-03:30"), moment) == expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        # and from 02:00 back to 01:00 on 2026-11-01: 05:00 UTC and 06:00 UTC are both 01:00
        ("2026-11-01T04:59:00+00:00", "closed"),  # 00:59
        ("2026-11-01T05:00:00+00:00", "open"),  # 01:00, summer time
        ("2026-11-01T06:00:00+00:00", "open"),  # 01:00 again, winter time
        ("2026-11-01T06:59:00+00:00", "open"),
        ("2026-11-01T07:00:00+00:00", "closed"),  # 02:00
    ],
)
def test_the_hour_that_comes_twice_in_autumn(moment: str, expected: str) -> None:
    assert label(hours(sun="01:00-02:00"), moment) == expected


@pytest.mark.parametrize(("week", "minutes"), [("2026-03-08", 60), ("2026-06-07", 120), ("2026-11-01", 180)])
def test_minutes_open_on_the_sundays_of_a_year(week: str, minutes: int) -> None:
    """01:00 to 03:00 is one hour on the day that loses one, three on the day that gains one."""
    night = hours(sun="01:00-03:00")
    start = dt.datetime.fromisoformat(f"{week}T00:00:00+00:00")
    assert sum(night.label(start + dt.timedelta(minutes=m)) == "open" for m in range(24 * 60)) == minutes


def transitions(zone: ZoneInfo) -> list[tuple[dt.datetime, int]]:
    """Moments of 2026 at which a zone's offset changes, to the minute, and by how many minutes."""
    found = []
    at, end = dt.datetime(2026, 1, 1, tzinfo=dt.UTC), dt.datetime(2027, 1, 1, tzinfo=dt.UTC)
    while at < end:
        low, high = 0, 24 * 60
        before, after = (
            ((at + dt.timedelta(minutes=m)).astimezone(zone).utcoffset() or dt.timedelta()) for m in (low, high)
        )
        if before != after:
            while high - low > 1:
                middle = (low + high) // 2
                low, high = (
                    (middle, high)
                    if (at + dt.timedelta(minutes=middle)).astimezone(zone).utcoffset() == before
                    else (low, middle)
                )
            found.append((at + dt.timedelta(minutes=high), int((after - before).total_seconds()) // 60))
        at += dt.timedelta(days=1)
    return found


def test_every_change_of_the_clock_on_earth() -> None:
    """A line open all of the day on which clocks change is open for 1,440 minutes, less those that are skipped, plus
    those that come twice.
    """
    met: dict[tuple[tuple[dt.datetime, int], ...], str] = {}
    for name in sorted(available_timezones()):
        if changes := tuple(transitions(ZoneInfo(name))):
            met.setdefault(changes, name)
    assert (
        sum(map(len, met)) >= 20
    )  # America, Europe, Australia (Lord Howe: half an hour), New Zealand, Chile, Egypt, ...
    for changes, name in met.items():
        for moment, minutes in changes:
            day = moment.astimezone(ZoneInfo(name)).date()
            if day != (moment - dt.timedelta(minutes=1)).astimezone(ZoneInfo(name)).date():
                continue  # at midnight: two days have a part in it
            week = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[day.weekday()]
            line = Hours.model_validate({"zone": name, week: "00:00-24:00"})
            start = moment - dt.timedelta(hours=26)
            open_minutes = sum(line.label(start + dt.timedelta(minutes=m)) == "open" for m in range(52 * 60))
            assert open_minutes == 24 * 60 - minutes, (name, moment)


def test_an_end_of_midnight() -> None:
    for end in ("24:00", "00:00"):
        late = hours(mon=f"18:00-{end}")
        assert label(late, "2026-11-24T04:59:00+00:00") == "open"  # Monday 23:59
        assert label(late, "2026-11-24T05:00:00+00:00") == "closed"  # Tuesday 00:00


def test_hours_over_midnight_are_two_spans() -> None:
    night = hours(mon_sun="22:00-24:00, 00:00-06:00")
    assert [label(night, f"2026-11-23T{h:02d}:00:00-05:00") for h in (5, 6, 21, 22, 23)] == [
        "open",
        "closed",
        "closed",
        "open",
        "open",
    ]
    assert night.spans[0] == ((0, 360), (1320, 1440))  # sorted, whatever the order of the file


def test_around_the_clock() -> None:
    always = hours(mon_sun="00:00-24:00")
    start = dt.datetime(2026, 10, 31, tzinfo=dt.UTC)
    assert {always.label(start + dt.timedelta(minutes=17 * i)) for i in range(300)} == {"open"}


def test_a_range_goes_around_the_end_of_the_week() -> None:
    assert [bool(spans) for spans in hours(sat_mon="09:00-12:00").spans] == [
        True,
        False,
        False,
        False,
        False,
        True,
        True,
    ]


@pytest.mark.parametrize(
    ("written", "message"),
    [
        ({"mon": "08:00-08:00"}, "'08:00-08:00' ends where it begins; write 00:00-24:00 for the whole day"),
        ({"mon": "08:00-12:00, 11:00-17:00"}, "spans overlap"),
        ({"mon": "9-17"}, "'9-17' is not a span of time"),
        ({"mon": "08:00-25:00"}, "'08:00-25:00' has an hour above 24:00; did you mean '08:00-01:00'?"),
        ({"mon": "22:00-06:00, 05:00-07:00, 21:00-23:00"}, "spans overlap; did you mean '05:00-07:00, 21:00-06:00'?"),
        ({"mon, tue, mon": "08:00-09:00"}, "mon is given twice, in 'mon, tue, mon'; leave it out of one of them"),
        ({"sun tue": "08:00-09:00"}, "'sun tue' is not a day"),
        ({"sun": "closed"}, "'closed' is not a span of time"),
        ({"mon": "08:00-09:00", "on": {"2026-12-24": "morning"}}, "'morning' is not a span of time"),
        ({"mon": "08:00-09:00", "on": {"24.12.2026": "closed"}}, "24.12.2026"),
        (
            {"mon": "08:00-09:00", "on": {"2026-12-24": "closed"}, "closed": ["2026-12-24"]},
            "2026-12-24 has other hours here and is in closed: too; leave it out of one of them",
        ),
        (
            {"mon": "08:00-09:00", "between": [{"from": "2026-12-24", "to": "2026-12-23", "mon": "closed"}]},
            "2026-12-23 is before 2026-12-24; write the earlier day under from:",
        ),
        (
            {"mon": "08:00-09:00", "between": [{"from": "2026-12-24", "to": "2026-12-25"}]},
            "no day has other hours",
        ),
        (
            {
                "mon": "08:00-09:00",
                "between": [
                    {"from": "2026-12-01", "to": "2026-12-24", "mon": "closed"},
                    {"from": "2026-12-10", "to": "2026-12-31", "tue": "closed"},
                    {"from": "2026-12-20", "to": "2026-12-31", "mon-wed": "closed"},
                ],
            },
            "2026-12-21 has other hours in two rows; let one end before the other begins, or use on:",  # a Monday
        ),
        ({"mon": "08:60-09:00"}, "minute above 59"),
        ({"mon_fri": "08:00-17:00", "fri": "08:00-12:00"}, "fri is given twice"),
        ({"monday": "08:00-17:00"}, "'monday' is not a day"),
        ({"mon_tues": "08:00-17:00"}, "'mon-tues' is not a day"),
        ({}, "no day has hours"),
        ({"zone": "New York", "mon": "08:00-17:00"}, "'New York' is not a time zone"),
        ({"zone": "../../etc/passwd", "mon": "08:00-17:00"}, "is not a time zone"),
        ({"closed": ["25.12.2026"], "mon": "08:00-17:00"}, "25.12.2026"),
    ],
)
def test_what_is_refused(written: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError) as error:
        hours(**written)
    assert message in str(error.value)


def test_a_moment_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        OFFICE.label(dt.datetime(2026, 11, 23, 9))


def test_a_file_says_where_hours_are_wrong() -> None:
    text = (
        'ivr: 1\nname: L\nstart: a\nhours:\n  office:\n    zone: UTC\n    mon: "22:00-06:00"\n    on:\n'
        '      2026-12-24: "8-12"\nnodes:\n  a: {type: hangup}\n'
    )
    with pytest.raises(FlowError) as error:
        load_text(text)
    (finding,) = error.value.findings
    assert (finding.code, finding.line, finding.column) == ("F003", 9, 19)
    assert finding.message == "'8-12' is not a span of time"
    assert finding.hint == "did you mean '08:00-12:00'?"


BAR = hours(mon_thu="17:00-01:00", **{"fri, sat": "17:00-03:00"}, closed=["2026-11-26"])
"""Closed on Thursday the 26th, so the night from Thursday to Friday is closed too, but not that from Wednesday."""


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-23T00:30:00-05:00", "closed"),  # Monday: the night from Sunday, on which it is closed
        ("2026-11-23T16:59:00-05:00", "closed"),
        ("2026-11-23T17:00:00-05:00", "open"),
        ("2026-11-24T00:59:00-05:00", "open"),  # still Monday's night
        ("2026-11-24T01:00:00-05:00", "closed"),
        ("2026-11-26T00:30:00-05:00", "open"),  # Wednesday's night goes on into the closed day
        ("2026-11-26T18:00:00-05:00", "closed"),
        ("2026-11-27T00:30:00-05:00", "closed"),  # the night of the closed day
        ("2026-11-28T02:59:00-05:00", "open"),  # Friday's night
        ("2026-11-28T03:00:00-05:00", "closed"),
        ("2026-11-29T02:59:00-05:00", "open"),  # Saturday's
        ("2026-11-29T17:30:00-05:00", "closed"),  # Sunday
    ],
)
def test_a_night_belongs_to_the_day_on_which_it_begins(moment: str, expected: str) -> None:
    assert label(BAR, moment) == expected


@pytest.mark.parametrize(
    ("end", "opened"),
    [
        # New York, 2026-11-01: clocks go from 02:00 back to 01:00 at 06:00 UTC. From 17:00 (21:00 UTC) to:
        ("00:30", 450),  # 00:30 = 04:30 UTC, before the hour that comes twice
        ("01:00", 480),  # 05:00 UTC
        ("01:30", 510),  # the first 01:30 = 05:30 UTC; it does not open again for the second 01:00 to 01:30
        ("02:00", 600),  # 02:00 is shown once, after both: 07:00 UTC
        ("03:00", 660),  # 08:00 UTC
    ],
)
def test_the_night_that_is_an_hour_longer(end: str, opened: int) -> None:
    bar = hours(sat=f"17:00-{end}")
    start = dt.datetime(2026, 10, 31, 21, tzinfo=dt.UTC)
    assert [bar.label(start + dt.timedelta(minutes=m)) for m in range(14 * 60)] == ["open"] * opened + ["closed"] * (
        840 - opened
    )


@pytest.mark.parametrize(
    ("end", "opened"),
    [
        # New York, 2026-03-08: clocks go from 02:00 to 03:00 at 07:00 UTC. From 17:00 (22:00 UTC) to:
        ("02:00", 540),  # 07:00 UTC
        ("02:30", 540),  # never shown: it ends when clocks go past it
        ("03:00", 540),
        ("03:30", 570),
    ],
)
def test_the_night_that_is_an_hour_shorter(end: str, opened: int) -> None:
    bar = hours(sat=f"17:00-{end}")
    start = dt.datetime(2026, 3, 7, 22, tzinfo=dt.UTC)
    assert sum(bar.label(start + dt.timedelta(minutes=m)) == "open" for m in range(14 * 60)) == opened


def test_clocks_that_go_back_at_midnight() -> None:
    """In Beirut on 2026-10-25 clocks go from 00:00 back to 23:00, still of the 24th: at 21:00 UTC."""
    beirut = Hours.model_validate({"zone": "Asia/Beirut", "sat": "22:00-23:30", "sun": "00:00-01:00"})
    opened = [beirut.label(dt.datetime(2026, 10, 24, 19, tzinfo=dt.UTC) + dt.timedelta(minutes=m)) for m in range(300)]
    # 22:00 to the first 23:30 is 19:00 to 20:30 UTC; 00:00 to 01:00 is 22:00 to 23:00 UTC
    assert opened == ["open"] * 90 + ["closed"] * 90 + ["open"] * 60 + ["closed"] * 60


SHOP = hours(
    mon_fri="09:00-17:00",
    sat="09:00-12:00",
    closed=["2026-12-26"],
    holidays=["2026-12-24", "2026-12-25"],
    on={"2026-12-24": "09:00-12:00", "2026-12-20": "13:00-18:00", "2026-12-31": "closed"},
    between=[{"from": "2026-12-21", "to": "2027-01-03", "mon-fri": "10:00-15:00", "sun": "closed"}],
)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-12-20T13:00:00-05:00", "open"),  # a Sunday with hours of its own
        ("2026-12-18T09:30:00-05:00", "open"),  # Friday before
        ("2026-12-21T09:30:00-05:00", "closed"),  # Monday, the first day of the range
        ("2026-12-21T14:59:00-05:00", "open"),
        ("2026-12-21T15:00:00-05:00", "closed"),
        ("2026-12-24T11:00:00-05:00", "open"),  # a holiday with hours of its own
        ("2026-12-24T12:00:00-05:00", "holiday"),  # after them it is a holiday still
        ("2026-12-25T11:00:00-05:00", "holiday"),
        ("2026-12-26T11:00:00-05:00", "closed"),
        ("2026-12-31T11:00:00-05:00", "closed"),
        ("2027-01-02T11:00:00-05:00", "open"),  # Saturday: the range says nothing of it
        ("2027-01-01T14:59:00-05:00", "open"),  # Friday, in the range
        ("2027-01-04T16:00:00-05:00", "open"),  # Monday after
    ],
)
def test_other_hours_on_one_day_and_between_two_dates(moment: str, expected: str) -> None:
    assert label(SHOP, moment) == expected


def test_a_list_of_days() -> None:
    surgery = hours(**{"sun, tue-wed,fri": "08:00-09:00"})
    assert [bool(spans) for spans in surgery.spans] == [False, True, True, False, True, False, True]


def test_flows_without_other_hours_keep_their_digest() -> None:
    text = "ivr: 1\nname: L\nstart: a\nhours: {office: {zone: UTC, mon: '09:00-17:00'}}\nnodes: {a: {type: hangup}}\n"
    flow = load_text(text).flow
    assert flow.model_dump(mode="json", by_alias=True, exclude_defaults=True)["hours"] == {
        "office": {"zone": "UTC", "week": {"mon": "09:00-17:00"}}
    }
    kept = Hours.model_validate(SHOP.model_dump(mode="json", by_alias=True, exclude_defaults=True))
    assert kept == SHOP  # a version of the flow is kept in the database and read again


def test_what_is_no_date_among_holidays_is_a_finding_with_its_place() -> None:
    hours = "{o: {zone: UTC, mon: '08:00-09:00', holidays: %s}}"
    text = f"{{ivr: 1, name: L, start: b, hours: {hours}, nodes: {{b: {{type: hangup}}}}}}"
    for wrong in ("[[2027-01-01]]", "[{a: [b]}]"):
        with pytest.raises(FlowError) as raised:
            load_text(text % wrong)
        assert [(one.code, one.line, one.column) for one in raised.value.findings] == [("F003", 1, 83)]
