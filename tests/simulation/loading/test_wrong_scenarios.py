"""Mistakes or attacks by a planner: a finding that says what to do, in bounded work, and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.__main__ import main
from tests.support.small_scenarios import TWO_STEPS, TWO_STEPS_CALLED, write


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, TWO_STEPS, TWO_STEPS_CALLED)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """The message of a refused run; stdout is empty."""
    assert main(["simulate", "scenario.yaml", *arguments]) in (1, 2)
    out, err = capsys.readouterr()
    assert out == ""
    assert "Traceback" not in err
    return err


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("groups={all: {skills: [sales, phones], shifts: []}}", "a group has either agents or shifts"),
        ("groups={all: {skills: [nothing], agents: 3}}", "there is no queue that needs the skill 'nothing'"),
        (
            "groups={helpers: {skills: [sales, phones], agents: 0}}",
            "X004 no agent is on duty at any time of the horizon",
        ),
        ("staff_factor=0", "X004 no agent is on duty at any time of the horizon"),
        ("talk={exponential: 0}", "exponential: mean is 0.0"),
        ("talk={exponential: -3m}", "'-3m' is not a duration"),
        ("talk={exponential: inf}", "'inf' is not a duration"),
        ("talk={constant: 36500d}", "constant: a mean of 876,000 h is longer than a year"),
        ("patience={exponential: 367d}", "(callers who never hang up: patience: never)"),
        ("talk={lognormal: {mean: 3m, cv: 1e9}}", "lognormal: cv is 1000000000.0"),
        ("talk={lognormal: {mean: 3m, cv: 1e200}}", "it must be at most 100"),
        ("talk={lognormal: {mean: 3m, cv: inf}}", "lognormal: cv is inf"),
        ("talk={lognormal: {mean: 3m, cv: nan}}", "lognormal: cv is nan"),
        ("talk={gamma: {mean: 3m, cv: 1e9}}", "it must be at least 0.0001, which is a cv of 100"),
        ("talk={weibull: {mean: 3m, shape: 0.001}}", "it must be from 0.1 to 1,000"),
        ("talk={weibull: {mean: 3m, shape: 1e9}}", "it must be from 0.1 to 1,000"),
        ("talk={erlang: {mean: 3m, phases: inf}}", "it must be a whole number from 1 to 1,000,000"),
        ("talk={erlang: {mean: 3m, phases: 1e21}}", "it must be a whole number from 1 to 1,000,000"),
        ("horizon=36500d", "a horizon of 876,000 h is not between a second and a year"),
        ("warm_up=2h", "a warm-up of 2 h leaves nothing of a horizon of 2 h"),
        (
            "arrivals={kind: constant, per_hour: 1000000000}",
            "2,000,000,000 calls a replication are more than 5,000,000",
        ),
        ("arrivals={kind: constant, per_hour: 1e300}", "2e+300 calls a replication are more than 5,000,000"),
        ("arrivals.busyness={gamma: 1e-12}", "'1e-12' must be at least 0.1"),
        ("confidence=0.9999999999999999", "must be at most 0.9999"),
        ("start=9999-12-31 23:00", "the year 9999 is not between 1900 and 2200"),
        ("start=0001-01-01 00:00", "the year 1 is not between 1900 and 2200"),
        ("precision={measure: lines, half_width: 1%}", "there is no measure 'lines'"),
    ],
)
def test_values(folder: Path, capsys: pytest.CaptureFixture[str], setting: str, told: str) -> None:
    assert told in refused(capsys, "--set", setting)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "calls.csv:1:1: error X001 no column 'calls'; the first line names no columns"),
        (b"calls\n", "the file has a first line but no counts"),
        (
            b"hour,calls\n8,10\n9,\n10,3\n11,3\n",
            "calls.csv:3:3: error X005 '' in column 'calls' is not a number of calls, 0 or more",
        ),
        (b"hour,calls\n8,10\n9\n10,3\n11,3\n", "= hint: fill in what is missing; write 0 where nobody calls"),
        (b"calls\n1,5\n3\n3\n3\n", "calls.csv:2:1: error X005 2 cells; the first line names 1"),
        (b"calls\n-5\n3\n3\n3\n", "'-5' in column 'calls' is not a number of calls"),
        (b"calls\nnan\n3\n3\n3\n", "'nan' in column 'calls' is not a number of calls"),
        (b"calls\n1e300\n3\n3\n3\n", "1e+300 calls a replication are more than 5,000,000"),
        (b"calls\n3\n", "calls.csv has 1 value; the horizon has 4 intervals"),
        (
            b"calls\n" + b"1\n" * 20_000,
            "calls.csv:10002:1: error X005 more than 10,000 rows; a horizon has at most that many intervals",
        ),
        (
            "heure,été,calls\n".encode("latin-1"),
            "the file of call counts is not UTF-8 text\n  = hint: save it again as UTF-8",
        ),
        ("calls\n5\n".encode("utf-16"), "the file of call counts is not UTF-8 text"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value[-40:],
)
def test_files_of_counts(folder: Path, capsys: pytest.CaptureFixture[str], text: bytes, told: str) -> None:
    (folder / "calls.csv").write_bytes(text)
    assert told in refused(capsys, "--set", "arrivals={kind: csv, file: calls.csv}")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (b"", "no column 'arrived_us'; there are none"),
        (b"arrived_us\n", "the file names its columns but has no calls"),
        (b"arrived_us\n5\n\n7\n", "calls.csv:3:1: error X005 0 cells; the first line names 1 column"),
        (b"arrived_us\n5\nsoon\n", "calls.csv:3:1: error X005 'soon' in column 'arrived_us' is not a date and time"),
        (
            b"arrived_us\n99999999999999999999999\n",
            "calls.csv:2:1: error X005 '99999999999999999999999' in column 'arrived_us' is not a date and time",
        ),
        (b"arrived_us\n9000000000000000\n", "no call of 'calls.csv' arrives within the horizon"),
        ("arrived_us,été\n".encode("latin-1"), "the trace is not UTF-8 text"),
    ],
    ids=lambda value: None if isinstance(value, bytes) else value[-40:],
)
def test_traces(folder: Path, capsys: pytest.CaptureFixture[str], text: bytes, told: str) -> None:
    (folder / "calls.csv").write_bytes(text)
    assert told in refused(capsys, "--set", "arrivals={kind: trace, file: calls.csv}")


@pytest.mark.parametrize("kind", ["csv", "trace"])
def test_files_larger_than_any_day_are_not_read(folder: Path, capsys: pytest.CaptureFixture[str], kind: str) -> None:
    with (folder / "calls.csv").open("wb") as file:
        file.truncate(1_000_000_001)  # a hole: nothing is written
    assert "larger than 1,000,000,000 bytes" in refused(capsys, "--set", f"arrivals={{kind: {kind}, file: calls.csv}}")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (["--replications", "1000000"], "X005 1000000 replications; run from 1 to 100,000"),
        (["--precision", "lines=1"], "X005 there is no measure 'lines'"),
        (["--precision", "service_level=0"], "a half-width of '0' cannot be reached"),
        (["--precision", "service_level"], "'service_level' is not of the form MEASURE=HALF_WIDTH"),
        (["--time-budget", "never"], "--time-budget: 'never' is not a duration"),
        (["--workers", "0"], "X005 0 workers; there must be at least one"),
    ],
)
def test_options(folder: Path, capsys: pytest.CaptureFixture[str], options: list[str], told: str) -> None:
    assert told in refused(capsys, *options)


def test_a_very_narrow_half_width_ends_with_the_replications_allowed(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(
        [
            "simulate",
            "scenario.yaml",
            "--engine",
            "reference",
            "--set",
            "precision={measure: service_level, half_width: 0.0001%, at_most: 4}",
            "--replications",
            "2",
        ]
    )
    assert (code, capsys.readouterr().out.splitlines()[1:3]) == (
        0,
        [
            "Tue 24 Nov 2026 08:00 to 10:00 · 4 replications · seed 1",
            "replication limit reached before the requested half-width",
        ],
    )


def test_a_measure_that_never_varies_is_precise_at_once(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        main(
            ["simulate", "scenario.yaml", "--engine", "reference", "--replications", "2", "--precision", "blocking=1%"]
        )
        == 0
    )
    assert " 2 replications " in capsys.readouterr().out


def test_a_measure_that_never_occurs_is_not_waited_for(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """From 50 replications to 100, where it gives up; nobody is ever called back here."""
    assert (
        main(
            [
                "simulate",
                "scenario.yaml",
                "--engine",
                "reference",
                "--replications",
                "50",
                "--precision",
                "callback_wait_s=1s",
            ]
        )
        == 1
    )
    out, err = capsys.readouterr()
    assert "100 replications" in out
    assert "stopped because no replication has the requested measure" in out
    assert "error X005 none of 100 replications has callback_wait_s; no more are run for it" in err


def test_hours_without_agents_end_with_the_horizon(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No agents from the second interval on: callers still waiting then hang up, and the run ends."""
    setting = "groups={all: {skills: [sales, phones], agents: [3, 0, 0, 0]}}"
    assert main(["simulate", "scenario.yaml", "--engine", "reference", "--replications", "2", "--set", setting]) == 0
    last = [line for line in capsys.readouterr().out.splitlines() if line.startswith("  09:30")]
    assert last[0].split()[-4:] == ["–", "100", "%", "–"]
