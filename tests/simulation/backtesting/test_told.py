"""A log that tells no waits is not compared: nobody knows whether they were nought."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.__main__ import main

FIRST = "Date,Time,Queue,{more}\n"


def log(days: range, more: str, value: str) -> str:
    """A call every half hour from nine to five, on some days of March 2026."""
    rows = [
        f"2026-03-{day:02},{9 + half // 2:02}:{half % 2 * 30:02}:07,desk,{value}\n"
        for day in days
        for half in range(16)
    ]
    return FIRST.format(more=more) + "".join(rows)


def test_arrivals_alone_are_refused_in_words_and_so_are_records_made_of_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("calls.csv").write_text(log(range(2, 14), "Colour", "red"))
    assert main(["calibrate", "calls.csv", "--out", "made", "--no-check"]) == 0
    capsys.readouterr()
    for records in ("calls.csv", "made/records"):
        assert main(["backtest", "made/calls.scenario.yaml", records, "--replications", "2"]) == 1
        done = capsys.readouterr()
        assert "K013 the log does not say how long callers waited" in done.err
        assert "All days together" not in done.out
    assert main(["backtest", "made/calls.scenario.yaml", "calls.csv"]) == 1
    assert "Colour is not used" in capsys.readouterr().err


def test_waits_without_talk_are_compared_and_talk_is_not(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("calls.csv").write_text(log(range(2, 14), "Wait,Agent,Outcome", "12,ana,answered"))
    assert main(["calibrate", "calls.csv", "--out", "made", "--no-check"]) == 0
    capsys.readouterr()
    main(["backtest", "made/calls.scenario.yaml", "calls.csv", "--replications", "2"])
    done = capsys.readouterr()
    assert "Mean wait" in done.out
    assert "their talk" not in done.out
    assert "talk was" not in done.out


def test_waits_that_are_all_alike_are_estimated_without_a_fall(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Everybody gives up after 12 s: the search for a law goes where scales are no floats any more."""
    monkeypatch.chdir(tmp_path)
    Path("calls.csv").write_text(log(range(2, 14), "Wait", "12"))
    assert main(["calibrate", "calls.csv", "--out", "made", "--no-check"]) == 0
    assert "mean patience" in capsys.readouterr().out
