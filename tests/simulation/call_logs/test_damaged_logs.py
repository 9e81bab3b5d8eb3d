"""Damaged logs give findings with file and row, and all that is sound is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.source.finding import IvrError
from simulation.call_logs.log import CallLog, IntervalReport
from simulation.call_logs.read import read_log

HEAD = "arrived,queue,wait_seconds,talk_seconds,agent,outcome"


def log_of(path: Path, lines: list[str], *, zone: str = "UTC", raw: bytes | None = None) -> CallLog:
    path.write_bytes(raw if raw is not None else ("\n".join([HEAD, *lines]) + "\n").encode())
    log = read_log([path], zone=zone)
    assert isinstance(log, CallLog)
    return log


def places(log: CallLog | IntervalReport) -> list[tuple[str, int, str]]:
    return [(finding.code, finding.line, finding.message) for finding in log.findings]


SOUND = [f"2026-03-{day:02d} 09:0{minute}:00,billing,{minute},60,anna,answered" for day in (2, 13) for minute in (0, 5)]


def test_times_below_0_and_of_many_hours_are_left_out(tmp_path: Path) -> None:
    log = log_of(
        tmp_path / "a.csv",
        [
            *SOUND,
            "2026-03-02 10:00:00,billing,-30,60,anna,answered",
            "2026-03-02 11:00:00,billing,5,90000,anna,answered",
        ],
    )
    assert places(log) == [
        ("K002", 6, "the wait lasts -30 s"),
        ("K002", 7, "the talk lasts 25.0 h; more than 6 h is taken for a fault"),
    ]
    assert log.counts == {"rows": 6, "calls": 4, "damaged": 2}
    assert {finding.file for finding in log.findings} == {str(tmp_path / "a.csv")}


def test_duplicates_are_read_once(tmp_path: Path) -> None:
    log = log_of(tmp_path / "a.csv", [*SOUND, SOUND[0]])
    assert places(log) == [("K004", 6, "the row is the same as one before")]
    assert log.counts["calls"] == 4


def test_rows_that_cannot_be_read(tmp_path: Path) -> None:
    log = log_of(
        tmp_path / "a.csv",
        [
            *SOUND,
            "yesterday,billing,5,60,anna,answered",
            "2026-03-13 10:00:00,billing,soon,60,anna,answered",
            "2026-03-13 11:00:00,billing,1,60,anna,answered,and,more",
            "2026-03-13 12:00:00",
        ],
    )
    assert places(log) == [
        ("K003", 8, "8 cells; the header names 6"),
        ("K003", 9, "1 cell; the header names 6"),
        ("K003", 7, "'soon' in column 'wait_seconds' is not a length (wait_seconds)"),
        ("K003", 6, "'yesterday' in column 'arrived' is not a date and time"),
    ]
    assert log.counts["calls"] == 5  # the wait that cannot be read counts as none


def test_an_unknown_outcome_is_said_and_judged_by_its_times(tmp_path: Path) -> None:
    log = log_of(tmp_path / "a.csv", [*SOUND, "2026-03-02 10:00:00,billing,5,0,,verwählt"])
    assert places(log) == [("K007", 6, "outcome 'verwählt' is unknown; the row is judged by its times")]


def test_an_agent_in_two_calls_at_once(tmp_path: Path) -> None:
    """anna talks from 10:00:00 to 10:01:40, and answers another call at 10:01:00: 40 s too early."""
    log = log_of(
        tmp_path / "a.csv",
        ["2026-03-13 10:00:00,billing,0,100,anna,answered", "2026-03-13 10:01:00,billing,0,60,anna,answered"],
    )
    assert places(log) == [("K008", 3, "agent anna answers 40 s before the talk before it ends")]


def test_lines_in_a_second_encoding(tmp_path: Path) -> None:
    head = b"arrived,queue,wait_seconds,talk_seconds,agent\n"
    utf8 = "2026-03-13 10:00:00,Störung,1,60,anna\n".encode()
    cp1252 = "2026-03-13 11:00:00,Störung,1,60,anna\n".encode("cp1252")
    log = log_of(tmp_path / "a.csv", [], raw=head + utf8 + cp1252)
    assert places(log) == [("K006", 3, "the line is not UTF-8 as others are; it is read as Windows-1252")]
    assert log.records.names["queue"] == ("Störung",)  # one queue, not two


def test_an_hour_that_the_clock_shows_twice(tmp_path: Path) -> None:
    """On 1 November 2026 clocks in New York go from 2:00 EDT back to 1:00 EST; the rows are in order."""
    lines = [f"2026-11-01 {clock}:00,billing,0,60,anna,answered" for clock in ("00:30", "01:50", "01:10", "02:30")]
    log = log_of(tmp_path / "a.csv", lines, zone="America/New_York")
    assert places(log) == [
        ("K005", 3, "2 times are in an hour that the clock shows twice; the order of the rows tells which")
    ]
    # 0:30 EDT, 1:50 EDT, 1:10 EST and 2:30 EST are 30, 110, 130 and 210 minutes after midnight.
    assert (log.records.calls["arrived_us"] / 60e6).tolist() == [30, 110, 130, 210]


def test_a_clock_that_goes_back_in_a_log_without_a_zone(tmp_path: Path) -> None:
    lines = [f"2026-11-01 {clock}:00,billing,0,60,anna,answered" for clock in ("00:30", "01:50", "01:00", "02:30")]
    log = log_of(tmp_path / "a.csv", lines)
    assert places(log) == [("K005", 4, "the clock goes back from 01:50 to 01:00, as when clocks change")]


def test_only_the_first_places_of_a_kind_are_shown(tmp_path: Path) -> None:
    log = log_of(tmp_path / "a.csv", [*SOUND, *(f"2026-03-13 10:{s:02d}:00,b,-9,60,x,answered" for s in range(10))])
    assert [finding.line for finding in log.findings] == [6, 7, 8, 8]
    assert log.findings[-1].message == "times below 0: 7 more, 10 in all"


def test_a_hole_and_a_duplicate_in_a_report_by_intervals(tmp_path: Path) -> None:
    rows = ["08:00,10", "08:30,12", "09:00,9", "09:30,8", "11:00,7", "11:30,6", "12:00,5", "12:00,5"]
    (tmp_path / "a.csv").write_text("date,interval,calls,aht\n" + "".join(f"2026-03-02,{row},60\n" for row in rows))
    report = read_log([tmp_path / "a.csv"])
    assert isinstance(report, IntervalReport)
    assert places(report) == [
        ("K004", 9, "the interval 2026-03-02 12:00 of 'calls' is there already"),
        ("K010", 6, "calls: no row between 2026-03-02 09:30 and 11:00"),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "the file is empty"),
        ("1,2,3\n4,5,6\n", "no line names the columns"),
        ("name,age\nanna,30\nbob,40\n", "no column holds dates with times; there are name, age"),
        ("date,calls\n2026-03-02,x\n2026-03-13,y\n", "column 'date' has dates, and no column has times of day"),
        ("arrived,wait\n4/5/2026 9:00,1\n5/6/2026 9:00,2\n", "'4/5/2026 9:00' in column 'arrived' is 5 April or 4 May"),
        (
            f"{HEAD}\n2026-03-13 10:00:00,a,-99,1,b,answered\n",
            "none of 1 rows is a call; the first: the wait lasts -99 s",
        ),
    ],
)
def test_what_is_no_log_is_refused_in_words(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(IvrError) as error:
        read_log([tmp_path / "a.csv"])
    (finding,) = error.value.findings
    assert finding.code == "K001"
    assert finding.message.startswith(said)
    assert finding.hint


def test_a_flow_is_no_log(tmp_path) -> None:
    (tmp_path / "line.yaml").write_text("ivr: 1\nname: Line\nstart: bye\nnodes: {bye: {type: hangup}}\n", "utf-8")
    with pytest.raises(IvrError) as caught:
        read_log([tmp_path / "line.yaml"])
    assert [(f.code, f.message) for f in caught.value.findings] == [("K001", "this is a flow, not a log")]
