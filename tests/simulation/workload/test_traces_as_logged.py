"""Traces in the forms that logs have: each is read as the moment it means, or the ambiguous cell is reported."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from flows.source.finding import ScenarioError
from ivr.__main__ import main
from simulation.clock.local_time import local_clock
from simulation.workload.arrivals.csv_counts import CsvCounts
from simulation.workload.arrivals.trace import Trace

CLOCK = local_clock(dt.datetime(2024, 4, 30), "America/New_York", 86_400)
AT = 6 * 3_600 + 27 * 60 + 28
"""06:27:28 on 30 April in New York, which is 10:27:28 UTC (daylight saving time, four hours): 1,714,472,848 s since
1970.
"""
SCENARIO = """name: A day
flow: line.yaml
start: 2024-04-30 00:00
horizon: 24h
arrivals: {kind: trace, file: calls.csv, column: at%s}
intents: {help: {share: 1, goal: desk}}
talk: {exponential: 3m}
patience: {exponential: 2m}
groups: {all: {skills: [desk], shifts: [{agents: 4, from: "00:00", to: "24:00"}]}}
"""
LINE = (
    "ivr: 1\nname: Line\nstart: desk\nhours: {office: {zone: America/New_York, mon-fri: '00:00-24:00'}}\nnodes:\n "
    " desk: {type: queue, queue: desk}\n"
)


def seconds(path: Path, text: str, **stated: str) -> list[float]:
    path.write_text(text, encoding="utf-8")
    return (Trace(path, CLOCK, column="at", **stated).arrived_us / 1e6).tolist()  # type: ignore[arg-type]


def test_the_moment_of_these_tests() -> None:
    assert dt.datetime(2024, 4, 30, 10, 27, 28, tzinfo=dt.UTC).timestamp() == 1_714_472_848
    assert CLOCK.elapsed_us(dt.datetime(2024, 4, 30, 10, 27, 28, tzinfo=dt.UTC)) == AT * 1_000_000


@pytest.mark.parametrize(
    "cell",
    [
        "2024-04-30 06:27:28",
        "2024-04-30T10:27:28Z",
        "2024-04-30 06:27:28 -0400",
        "2024-04-30 10:27:28 UTC",
        "2024/04/30 06:27:28",
        "2024/4/30 6:27:28",
        "4/30/2024 6:27:28 AM",
        "04/30/2024 06:27:28",
        "4/30/2024, 6:27:28 a.m.",
        "30/4/2024 06:27:28",
        "30-04-2024 06:27:28",
        "30.4.2024 06:27:28",
        "30.04.2024 06:27:28,000",
        '"Tue, 30 Apr 2024 06:27:28 -0400"',
        '"Tue, 30 Apr 2024 10:27:28 GMT"',
        "30 Apr 2024 06:27:28 EDT",
        '"Tue, 30 Apr 2024 10:27:28 -0000"',
        "30 Apr 2024 06:27:28",
        "1714472848",
        "1714472848.0",
        "1714472848000",
        "1714472848000000",
    ],
)
def test_one_moment_in_every_form(cell: str, tmp_path: Path) -> None:
    quoted = cell if '"' in cell or "," not in cell else f'"{cell}"'
    assert seconds(tmp_path / "calls.csv", f"at\n{quoted}\n") == [AT]


@pytest.mark.parametrize(
    ("text", "stated", "expected"),
    [
        (
            "at\n4/5/2024 12:05:00 AM\n4/30/2024 12:05:00 PM\n",
            {},
            [-25 * 86_400 + 300, 43_500],
        ),  # the second row says that the month is first
        ("at\n5/4/2024 0:05\n30/4/2024 12:05\n", {}, [-25 * 86_400 + 300, 43_500]),  # and here the day
        ("at\n4/5/2024 0:05\n", {"format": "month_first"}, [-25 * 86_400 + 300]),  # 5 April
        ("at\n4/5/2024 0:05\n", {"format": "day_first"}, [4 * 86_400 + 300]),  # 4 May
        ("at\n4/4/2024 0:05\n", {}, [-26 * 86_400 + 300]),  # the same either way
        ("at\n4.5.2024 0:05\n", {}, [4 * 86_400 + 300]),  # with points the day is first
        ("at\n4/30/24 6:27:28\n", {"format": "month_first"}, [AT]),
        # years of two digits: no day is above 31 and no month above 12, and days change where years stay
        ("at\n4/30/24 6:27:28\n", {}, [AT]),
        ("at\n30.04.24 6:27:28\n29.04.24 6:27:28\n", {}, [AT - 86_400, AT]),
        ("at\n68/04/30 6:27:28\n", {}, [AT + 44 * 365 * 86_400 + 11 * 86_400]),  # 44 years, 11 of them leap years
        ("at\n99/04/30 6:27:28\n", {}, [AT - 25 * 365 * 86_400 - 7 * 86_400]),  # 1999; 2000, 04 ... 24 are leap years
        ("at\n4/30/99 6:27:28\n", {"format": "month_first"}, [AT - 25 * 365 * 86_400 - 7 * 86_400]),
        ("at\n30.04.24 06h27\n", {"format": "%d.%m.%y %Hh%M"}, [6 * 3_600 + 27 * 60]),
        ("at\n20240430062728\n", {"format": "%Y%m%d%H%M%S"}, [AT]),
        ("at\n1000000000\n0\n", {}, [0, 1_000_000_000]),  # not all of them count from 1970
        ("at\n90\n", {"format": "epoch"}, [90 - (1_714_472_848 - AT)]),
        ("clock;at;wants\n6:27:28 AM;4/30/2024;help\n", {"time_column": "clock", "intent": "wants"}, [AT]),
        ("at\twants\n2024-04-30 06:27:28\thelp, quickly\n", {"intent": "wants"}, [AT]),
        ("at|wants\n2024-04-30 06:27:28|help; quickly\n", {"intent": "wants"}, [AT]),
        ('"at",wants\n2024-04-30 06:27:28,"a; b | c"\n', {"intent": "wants"}, [AT]),
    ],
)
def test_columns_as_they_are_exported(text: str, stated: dict[str, str], expected: list[float], tmp_path: Path) -> None:
    assert seconds(tmp_path / "calls.csv", text, **stated) == expected


@pytest.mark.parametrize(
    ("text", "stated", "line", "column", "message", "hint"),
    [
        (
            "who,at\nann,4/5/2024 6:27\n",
            {},
            2,
            5,
            "'4/5/2024 6:27' in column 'at' is 5 April or 4 May, and no other cell decides",
            "write format: month_first or format: day_first under arrivals",
        ),
        (
            "at\n30/4/2024 6:27\n4/30/2024 6:27\n",
            {},
            3,
            1,
            "'4/30/2024 6:27' in column 'at' has day and month in another order than '30/4/2024 6:27'",
            "write format: month_first",
        ),
        (
            "at\n4/5/24 6:27\n",
            {},
            2,
            1,
            "has a two-digit year, so any of its numbers may be the year",
            "write format: month_first",
        ),
        (
            "at\n4/30/24 6:27\n99/4/30 6:27\n",
            {},
            3,
            1,
            "has the year in another place than '4/30/24 6:27'",
            "write dates",
        ),
        ("at\n4/30/24 6:27\n31/31/24 6:27\n", {}, 3, 1, "is not a date and time", "write dates"),
        (
            "at\n30/4/2024 6:27\n",
            {"format": "month_first"},
            2,
            1,
            "'30/4/2024 6:27' in column 'at' is not a date and time with the month first",
            "write dates with times",
        ),
        (
            'who;at\n"a;b";2024-04-30 06:27\n"c;;d";soon\n',
            {},
            3,
            8,
            "'soon' in column 'at' is not a date and time",
            "4/30/2024 6:27:28 AM",
        ),
        ('who,at\n"a\nb",2024-04-30 06:27\nc,soon\n', {}, 4, 3, "'soon' in column 'at' is not a date and time", ""),
        ("who,at\nann,\n", {}, 2, 5, "'' in column 'at' is not a date and time: the cell is empty", ""),
        ("at\n4/30/2024 13:27 PM\n", {}, 2, 1, "'4/30/2024 13:27 PM' in column 'at' is not a date and time", ""),
        (
            "at\n30 Apr 2024 06:27:28 IST\n",
            {},
            2,
            1,
            "'30 Apr 2024 06:27:28 IST' in column 'at' is not a date and time",
            "",
        ),  # India, Israel or Ireland
        (
            "at\n2024-04-30\n2024-05-01\n",
            {},
            2,
            1,
            "'2024-04-30' in column 'at' is a date without a time of day",
            "time_column:",
        ),
        (
            "at,clock\n2024-04-30,late\n",
            {"time_column": "clock"},
            2,
            1,
            "'2024-04-30 late' in columns 'at' and 'clock' is not a date and time",
            "",
        ),
        (
            "at\n2024-04-30 06:27\n",
            {"format": "%d.%m.%y %H.%M"},
            2,
            1,
            "is not a date and time of the form '%d.%m.%y %H.%M'",
            "",
        ),
        (
            "at\n2024-04-30 06:27\n",
            {"format": "epoch"},
            2,
            1,
            "'2024-04-30 06:27' in column 'at' is not a number of seconds since 1970",
            "leave out format: epoch",
        ),
        ("at,at\n1,2\n", {}, 1, 1, "two columns are called 'at'", "give each a name of its own"),
    ],
)
def test_a_cell_that_cannot_be_read_is_told_with_its_place(
    text: str,
    stated: dict[str, str],
    line: int,
    column: int,
    message: str,
    hint: str,
    tmp_path: Path,
) -> None:
    with pytest.raises(ScenarioError) as error:
        seconds(tmp_path / "calls.csv", text, **stated)
    (finding,) = error.value.findings
    assert (finding.file, finding.line, finding.column) == (str(tmp_path / "calls.csv"), line, column)
    assert message in finding.message
    assert hint in finding.hint


def test_counts_may_be_separated_by_others_too(tmp_path: Path) -> None:
    path = tmp_path / "counts.csv"
    path.write_text("from;calls;note\n9:00;12.5;a, b\n10:00;7;\n", encoding="utf-8")
    assert CsvCounts(path, interval_s=3_600).process.per_hour == (12.5, 7)
    path.write_text('from;calls\n"9;00";many\n', encoding="utf-8")
    with pytest.raises(ScenarioError) as error:
        CsvCounts(path, interval_s=3_600)
    assert (error.value.findings[0].line, error.value.findings[0].column) == (2, 8)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        (
            ", format: months_first",
            (
                "format 'months_first' is not known | write month_first, day_first, epoch, or a pattern like '%d.%m.%y"
                " %H.%M'"
            ),
        ),
        ("", "calls.csv:2:1: error X005 '4/5/2024 6:27' in column 'at' is 5 April or 4 May"),
    ],
)
def test_a_scenario_states_the_form(
    stated: str, message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "line.yaml").write_text(LINE)
    (tmp_path / "calls.csv").write_text("at\n4/5/2024 6:27\n4/6/2024 6:27\n")
    (tmp_path / "day.yaml").write_text(SCENARIO % stated)
    assert main(["simulate", "day.yaml"]) == 1
    said = capsys.readouterr().err
    assert all(part in said for part in message.split(" | "))


def test_what_lies_outside_the_horizon_is_counted_and_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of four calls one is the day before and one the day after."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "line.yaml").write_text(LINE)
    (tmp_path / "calls.csv").write_text(
        "at;who\n4/29/2024 11:59:59 PM;a\n4/30/2024 12:00:00 AM;b\n4/30/2024 6:27:28 AM;c\n5/1/2024 12:00:00 AM;d\n"
    )
    (tmp_path / "day.yaml").write_text(SCENARIO % "")
    assert main(["simulate", "day.yaml", "--replications", "1"]) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "2 calls arrived" in said
    assert "in 'calls.csv' 2 calls are left out of 4: 1 before the horizon, 1 after it" in said
