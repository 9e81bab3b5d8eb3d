"""Hints on files that cannot be read as a flow, or not as meant, followed to the letter: the result is as meant."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import yaml

from flows.lint.engine import lint
from flows.model.flow import Flow
from flows.model.load import load_text
from flows.model.opening_hours import DAYS
from flows.model.opening_hours_hints import as_nights
from flows.source.finding import Finding, FlowError, IvrError
from flows.source.yaml_reader import parse
from flows.values.scalars import seconds_of
from flows.values.time_zones import _CITIES, keeps_winter_time, zone_name
from ivr.__main__ import main
from simulation.loading.load import load_scenario
from tests.support.following import followed, followed_in_text
from tests.support.paths import DATA
from tests.support.small_scenarios import TWO_STEPS, TWO_STEPS_CALLED, two_steps, write
from tests.support.wrong_scenarios import WRONG
from tests.support.yaml_traps import HEAD, TRAPS

BY_HAND: dict[str, str] = yaml.safe_load((DATA / "advice" / "unread_by_hand.yaml").read_text("utf-8"))
UNCOVERED = {
    "bare # as a value": "the rest of the choice is still to be written",
    "brace closed twice at the end": "the flow is nothing but its version",
    "misspelt type": "that choices are missing cannot be told of no type",
    "key without a colon": "the flow has no name further down",
    "key without a space": "the same",
    "no-break space after a colon": "the same",
    "key without a colon, a comment between": "the same",
}
"""Traps that hide another fault, reported once the first is fixed."""


def complete(text: str) -> str:
    return text + "nodes:\n  main: {type: hangup}\n" if "nodes:" not in text and text.startswith(HEAD) else text


def wrong(text: str) -> tuple[Finding, ...]:
    try:
        load_text(text)
    except FlowError as error:
        return error.findings
    return ()


def after(finding: Finding, text: str) -> str | None:
    if (mended := followed_in_text(finding, text)) is not None:
        return mended
    try:
        return followed(finding, parse(text, "flow.yaml"))
    except FlowError:
        return None


@pytest.mark.parametrize("name", TRAPS)
def test_a_hint_on_a_trap_leads_out_of_it(name: str) -> None:
    text = complete(TRAPS[name][0])
    (finding,) = wrong(text)
    mended = after(finding, text) if finding.hint else None
    listed = [pattern for pattern in BY_HAND if re.search(pattern, f"{finding.message} | {finding.hint}")]
    if mended is None:
        assert len(listed) == 1 or not finding.hint, finding.hint
        return
    assert listed == [], finding.hint
    left = wrong(mended)
    assert finding.message not in [one.message for one in left]
    assert left == () or name in UNCOVERED


def test_what_is_listed_is_advised_somewhere() -> None:
    hints = [f"{finding.message} | {finding.hint}" for text, _ in TRAPS.values() for finding in wrong(complete(text))]
    assert [pattern for pattern in BY_HAND if not any(re.search(pattern, hint) for hint in hints)] == []


def wrong_scenario(folder: Path, text: str) -> list[Finding]:
    try:
        return list(load_scenario(write(folder, TWO_STEPS, text)).notes)
    except IvrError as error:
        return list(error.findings)


BY_PLANNER = {
    "^write (?:0 where|one like|a number|30s|for example|talk:)|^state |^give |^add 0|^take away|^name a queue": (
        "What is meant is not known."
    ),
    "^(?:there are|a path|the path|put the text|add 'phones'|add '(?:slower|length): )": (
        "Which one is meant, or whether it is wanted, is not known."
    ),
}
"""Hints on scenarios that no machine can follow, with the reason."""
OTHERWISE = {"flow: nortwind": "the scenario is written for another flow"}
"""Scenarios in which another fault comes to light."""


@pytest.mark.parametrize(
    ("old", "new"), [(wrong[0], wrong[1]) for wrong in WRONG], ids=[wrong[1][:40] for wrong in WRONG]
)
def test_a_hint_on_a_scenario_leads_to_a_better_one(tmp_path: Path, old: str, new: str) -> None:
    text = TWO_STEPS_CALLED.replace(old, new, 1)
    (finding,) = wrong_scenario(tmp_path, text)
    listed = [pattern for pattern in BY_PLANNER if re.search(pattern, finding.hint)]
    mended = after(finding, text) if finding.hint else None
    if mended is None:
        assert len(listed) == 1 or not finding.hint, finding.hint
        return
    assert listed == [], finding.hint
    left = wrong_scenario(tmp_path, mended)
    assert finding.message not in [one.message for one in left]
    assert left == [] or new in OTHERWISE


def test_the_zone_of_a_scenario_is_looked_at_too(tmp_path: Path) -> None:
    """July in New York is UTC-4, and EST is UTC-5 in July as in January."""
    for zone, code in (("EST", "X005"), ("America/New_York", "")):
        found = wrong_scenario(tmp_path, f"zone: {zone}\n{TWO_STEPS_CALLED}")
        assert [(one.code, one.severity) for one in found] == ([(code, "warning")] if code else [])
    (finding,) = wrong_scenario(tmp_path, f"zone: GMT-5\n{TWO_STEPS_CALLED}")
    assert (
        finding.hint
        == "an offset says nothing about summer time: write the zone of a city there, such as 'America/New_York'"
    )


def line(hours: str) -> str:
    nodes = (
        "nodes:\n  main: {type: hours, hours: bar, on: {open: in, closed: out}}\n  in: {type: hangup}\n  out: {type:"
        " hangup}\n"
    )
    return f"ivr: 1\nname: Bar\nstart: main\nhours:\n  bar: {{{hours}}}\n{nodes}"


def mended(text: str) -> Flow:
    """The flow after following every hint on its hours, one after another."""
    for _ in range(5):
        found = wrong(text) or tuple(f for f in lint(load_text(text), select=["R005"]))
        if not found:
            return load_text(text).flow
        text = followed(found[0], parse(text, "flow.yaml")) or pytest.fail(found[0].hint)
    raise AssertionError(text)


def open_at(flow: Flow, moments: str) -> str:
    """At moments of a week such as ``mon 00:30``, whether the bar is open (o) or closed (c)."""
    found = ""
    for moment in moments.split(", "):
        day, clock = moment.split()
        hour, minute = map(int, clock.split(":"))
        at = dt.datetime(
            2026, 11, 23 + DAYS.index(day), hour, minute, tzinfo=ZoneInfo(flow.hours["bar"].zone)
        )  # the 23rd is a Monday
        found += flow.hours["bar"].label(at)[0]
    return found


NIGHTS = "mon 00:30, mon 23:59, tue 00:30, tue 01:00, fri 00:30, fri 02:30, sat 02:30, sun 02:30, sun 03:00, sun 12:00"
"""Open from 17:00 to 1:00, on Friday and Saturday to 3:00, on Sunday from 10:00 to 14:00: closed at first, then
following the nights.
"""


@pytest.mark.parametrize(
    "week",
    [
        'mon-thu: "17:00-01:00", fri-sat: "17:00-03:00", sun: "10:00-14:00"',
        'mon-thu: "17:00-25:00", fri-sat: "17:00-27:00", sun: "10:00-14:00"',
        'mon-thu: "17:00-24:00, 00:00-01:00", fri-sat: "17:00-24:00, 00:00-03:00", sun: "10:00-14:00"',
    ],
)
def test_a_night_goes_on_into_the_next_day(week: str) -> None:
    flow = mended(line(f"zone: Europe/Berlin, {week}"))
    assert open_at(flow, NIGHTS) == "coococooco"
    assert as_nights(flow.hours["bar"].week) == {}


def test_what_is_meant_of_the_early_morning_is_left_alone() -> None:
    early = 'mon-fri: "00:00-01:00, 17:00-24:00"'
    assert open_at(mended(line(f"zone: UTC, {early}")), "mon 00:30, sat 00:30") == "oc"
    assert mended(line('zone: UTC, mon-sun: "22:00-24:00, 00:00-06:00"')).hours["bar"].week == {
        "mon-sun": "22:00-24:00, 00:00-06:00"
    }


@pytest.mark.parametrize(
    ("days", "read"),
    [
        ("monday", "occcccc"),
        ('"sun, tue, thu"', "cococco"),
        ("Mon-Fri", "ooooocc"),
        ("weekdays", "ooooocc"),
        ("weekend", "cccccoo"),
        ('"Sat & Sun"', "cccccoo"),
        ("mon to thurs", "ooooccc"),
        ("sta", "cccccoc"),
    ],
)
def test_days_are_read_as_people_name_them(days: str, read: str) -> None:
    flow = mended(line(f'zone: UTC, {days}: "09:00-17:00"'))
    assert open_at(flow, ", ".join(f"{day} 12:00" for day in DAYS)) == read


@pytest.mark.parametrize("days", ["lun", "jue", "someday"])
def test_a_day_that_nobody_knows_is_not_guessed(days: str) -> None:
    (finding,) = wrong(line(f'zone: UTC, {days}: "09:00-17:00"'))
    assert (
        finding.hint
        == "write one of mon, tue, wed, thu, fri, sat and sun, a range like mon-fri, or a list like mon, wed"
    )


@pytest.mark.parametrize("spans", ["9-17", "9am-5pm", "9:00 am to 5:00 pm", "9.00-17.00", "09:00-12:30, 12:00-17:00"])
def test_spans_are_read_as_people_write_them(spans: str) -> None:
    flow = mended(line(f'zone: UTC, mon: "{spans}"'))
    assert flow.hours["bar"].week == {"mon": "09:00-17:00"}


@pytest.mark.parametrize(
    ("zone", "offset_h"),
    [
        ("GMT-5", -5),
        ("UTC-5", -5),
        ("gmt+1", 1),
        ("UTC+05:30", 5.5),
        ("+2", 2),
        ("-03:00", -3),
        ("GMT +10", 10),
    ],
)
def test_an_offset_gets_a_zone_on_that_side_of_greenwich(zone: str, offset_h: float) -> None:
    """In winter, as people name it: January in the north, July in the south."""
    place = ZoneInfo(mended(line(f'zone: "{zone}", mon: "09:00-17:00"')).hours["bar"].zone)
    offsets = [dt.datetime(2026, month, 15, 12, tzinfo=place).utcoffset() for month in (1, 7)]
    assert min(filter(None, offsets)) == dt.timedelta(hours=offset_h)


@pytest.mark.parametrize(
    "name",
    [
        "EDT",
        "CST",
        "CDT",
        "MDT",
        "PST",
        "PDT",
        "IST",
        "BST",
        "CEST",
        "EEST",
        "MSK",
        "JST",
        "KST",
        "HKT",
        "AEST",
        "AEDT",
        "NZST",
        "SAST",
    ],
)
def test_an_abbreviation_gets_zones_whose_clocks_are_called_so(name: str) -> None:
    with pytest.raises(ValueError, match="/") as error:
        zone_name(name)
    offered = re.findall(r"'(\w+/\w+)'", str(error.value))
    assert offered
    for zone in offered:
        assert name in {dt.datetime(2026, month, 15, tzinfo=ZoneInfo(zone)).tzname() for month in (1, 7)}


def test_an_abbreviation_of_several_names_them_all() -> None:
    with pytest.raises(
        ValueError, match=r"it stands for several: write 'Asia/Kolkata', 'Asia/Jerusalem' or 'Europe/Dublin'$"
    ):
        zone_name("IST")
    with pytest.raises(ValueError, match=r"write one like America/New_York or Europe/Madrid$"):
        zone_name("XQT")


@pytest.mark.parametrize("zone", ["EST", "MST"])
def test_a_zone_that_stays_in_winter_is_told(zone: str) -> None:
    """EST is UTC-5 in July, when clocks in New York say UTC-4: nine o'clock comes an hour late."""
    assert [
        finding.code for finding in lint(load_text(line(f'zone: {zone}, mon: "09:00-17:00"')), select=["R005"])
    ] == ["R005"]
    place = ZoneInfo(mended(line(f'zone: {zone}, mon: "09:00-17:00"')).hours["bar"].zone)
    summer, winter = (dt.datetime(2026, month, 15, tzinfo=place).utcoffset() for month in (7, 1))
    assert summer != winter
    assert winter == dt.datetime(2026, 1, 15, tzinfo=ZoneInfo(zone)).utcoffset()


@pytest.mark.parametrize("zone", ["Etc/GMT+5", "Etc/GMT-10"])
def test_a_sign_that_is_the_other_way_round_is_told(zone: str) -> None:
    (finding,) = lint(load_text(line(f'zone: {zone}, mon: "09:00-17:00"')), select=["R005"])
    assert ("behind" if "+" in zone else "ahead of") in finding.message
    city = mended(line(f'zone: {zone}, mon: "09:00-17:00"')).hours["bar"].zone
    january = dt.datetime(2026, 1, 15, 12), dt.datetime(2026, 7, 15, 12)
    assert dt.datetime.utcoffset(january[0].replace(tzinfo=ZoneInfo(zone))) in [
        at.replace(tzinfo=ZoneInfo(city)).utcoffset() for at in january
    ]


@pytest.mark.parametrize(
    "zone", ["UTC", "HST", "CET", "EST5EDT", "Singapore", "Europe/Madrid", "America/Phoenix", *_CITIES]
)
def test_zones_that_keep_their_clocks_right_are_left_alone(zone: str) -> None:
    assert zone_name(zone) == zone
    assert keeps_winter_time(zone) == ("", "")


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("15 minutes", 900), ("90 secs", 90), ("2 hours", 7200), ("1 hour", 3600), ("1.5 min.", 90), ("2 days", 172_800)],
)
def test_a_duration_that_is_spelt_out_gets_its_short_form(text: str, seconds: float) -> None:
    try:
        assert seconds_of(text) == seconds
    except ValueError as error:
        meant = re.search(r"did you mean '([^']+)'\?", str(error))
        assert meant
        assert seconds_of(meant[1]) == seconds


@pytest.mark.parametrize(("horizon", "least"), [("366d", "1h"), ("200d", "30m")])
def test_an_interval_that_is_advised_is_long_enough(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], horizon: str, least: str
) -> None:
    """A year of half hours is 17,568 intervals, of hours 8,784; at most 10,000 are allowed."""
    two_steps(tmp_path)
    arguments = [
        "simulate",
        str(tmp_path / "scenario.yaml"),
        "--set",
        f"horizon={horizon}",
        "--set",
        "arrivals={kind: constant, per_hour: 0.1}",
        "--replications",
        "1",
    ]
    assert main([*arguments, "--set", "interval=5m"]) == 1
    assert f"= hint: write 'interval: {least}', or a longer one" in capsys.readouterr().err
    main([*arguments, "--set", f"interval={least}"])
    assert "cuts the horizon" not in capsys.readouterr().err
