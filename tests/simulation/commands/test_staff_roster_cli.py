"""``ivr staff --shifts`` as a planner tries it."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import pytest

from flows.source import yaml_reader as native
from ivr.__main__ import main
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY, write

FEW = ["--days", "10", "--fresh-days", "10", "--target", "80%/20s"]
SHIFTS = (
    "shifts: {day: {length: 1h..2h, start: '08:00..09:00', every: 1h, breaks: {length: 15m, after: 30m..1h, over: 1h}}}"
)


@pytest.fixture
def line(tmp_path: Path) -> str:
    """A queue of 100 callers an hour of 3 minutes, for two hours from 08:00, in half hours."""
    text = QUEUE_CALLED.replace("horizon: 10h", "horizon: 2h").replace("interval: 1h", "interval: 30m")
    return str(write(tmp_path, QUEUE_ONLY, text))


def staff(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    """What the command prints and says."""
    assert main(["staff", *arguments]) == code
    out, err = capsys.readouterr()
    return out, err


def test_the_roster_that_is_written_is_the_one_that_was_simulated(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shifts, rows, made = tmp_path / "shifts.yaml", tmp_path / "roster.csv", tmp_path / "made.yaml"
    shifts.write_text(SHIFTS, "utf-8")
    out, err = staff(
        capsys, line, *FEW, "--shifts", str(shifts), "--roster", str(rows), "--output", str(made), "--json"
    )
    assert "wrote" in err
    told: dict[str, Any] = json.loads(out)
    roster = told["roster"]
    assert roster["keeps_the_promise"]
    with rows.open(encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert [(row["start"], row["end"], row["breaks"]) for row in written] == [
        (shift["start"], shift["end"], shift["breaks"]) for shift in roster["shifts"]
    ]
    # An unpaid break of a quarter of an hour in two hours; none in one.
    assert {(row["end"], float(row["paid_hours"])) for row in written if row["start"] == "08:00"} <= {
        ("10:00", 1.75),
        ("09:00", 1.0),
    }
    assert sum(float(row["paid_hours"]) for row in written) == pytest.approx(roster["cost"])
    assert sum(int(shift["agents"]) for shift in native.read(made).data["groups"]["agents"]["shifts"]) == len(written)
    assert main(["lint", str(made), str(shifts)]) == 0


def test_a_bar_is_drawn_for_each_shift_with_its_break(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shifts = tmp_path / "shifts.yaml"
    shifts.write_text("shifts: {all day: {length: 2h, start: '08:00', breaks: {length: 15m, after: 30m..1h}}}", "utf-8")
    out, _ = staff(capsys, line, *FEW, "--shifts", str(shifts))
    bars = [row.split("  ")[-1].strip() for row in out.splitlines() if "08:00–10:00" in row]
    # Eight quarters of an hour, the third, fourth or fifth of which is the break.
    assert bars
    assert set(bars) <= {"██·█████", "███·████", "████·███"}
    assert "keep the promise on" in out.partition("Roster")[2]


def test_what_cannot_be_covered_says_what_to_relax_and_that_works(
    line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shifts = tmp_path / "shifts.yaml"
    shifts.write_text("shifts: {day: {length: 1h, start: '08:30..09:00', every: 30m}}", "utf-8")
    _, err = staff(capsys, line, *FEW, "--shifts", str(shifts), code=1)
    assert "error Q005 no roster has" in err
    assert 'of agents between 08:00 and 08:30 and start "08:30..09:00" of day' in err
    assert '= hint: write start: "08:00..09:00" in day' in err


def test_a_roster_needs_kinds_of_shifts(line: str, capsys: pytest.CaptureFixture[str]) -> None:
    _, err = staff(capsys, line, "--roster", "roster.csv", code=2)
    assert "X005 --roster needs kinds of shifts, and none are stated" in err
    _, err = staff(capsys, line, "--roster", "roster.pdf", code=2)
    assert "X008 --roster 'roster.pdf' does not end in .csv or .xlsx" in err
