"""``ivr sweep`` as a planner tries it."""

from __future__ import annotations

import csv
import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ivr.__main__ import main
from tests.support.paths import ROOT
from tests.support.small_sweeps import written

FAST = ["--engine", "reference", "--workers", "1"]
AGENTS = ["--vary", "groups.desk.agents=1..3"]


def run(capsys: pytest.CaptureFixture[str], *arguments: str, code: int = 0) -> tuple[str, str]:
    """What a command prints and says."""
    assert main(["sweep", *arguments]) == code
    out, err = capsys.readouterr()
    return out, err


def test_cells_are_written_as_tables_page_and_json(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    line, table, page = str(written(tmp_path)), tmp_path / "cells.csv", tmp_path / "page.html"
    out, err = run(capsys, line, *AGENTS, *FAST, "--output", str(table), "--report", str(page), "--json")
    told = json.loads(out)
    rows = list(csv.DictReader(table.read_text("utf-8").splitlines()))
    assert [row["groups.desk.agents"] for row in rows] == ["1", "2", "3"]
    assert [float(row["cost"]) for row in rows] == [15, 30, 45]
    levels = [cell["figures"]["service_level"]["mean"] for cell in told["cells"]]
    assert [float(row["service_level"]) for row in rows] == levels
    assert told["frontier"]["cells"] == [0, 1, 2]
    assert told["effects"]["cost"][0]["mean"] == pytest.approx(30)
    assert not (tmp_path / "cells.csv.journal").exists()
    text = page.read_text("utf-8")
    assert 'id="plot-frontier"' in text
    assert 'id="plot-tornado"' in text
    assert err.splitlines()[-2:] == [f"wrote {table}", f"wrote {page}"]


def test_the_text_tells_the_cheapest_cell_on_target(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, str(written(tmp_path)), "--vary", "groups.desk.agents=1,9", *FAST)
    assert "The cheapest cell that reaches 80 % within 20 s is groups.desk.agents=9: 4.5" in out
    assert "What matters for the service level" in out
    assert all(len(text) <= 80 for text in out.splitlines())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--frontier", "cost"], "name two figures"),
        (["--frontier", "cost,ocupancy"], "did you mean 'occupancy'?"),
        (["--frontier", "cost,occupancy"], "neither more nor less occupancy is better"),
        (["--tornado", "asa"], "did you mean 'asa_s'?"),
        (["--samples", "1"], "--samples is 1"),
        (["--workers", "0"], "0 workers"),
        (["--output", "cells.pdf"], "does not end in .csv or .parquet or .xlsx"),
    ],
)
def test_wrong_options_are_told(
    arguments: list[str], message: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [*AGENTS, "--engine", "reference", *arguments]
    assert message in run(capsys, str(written(tmp_path)), *given, code=2)[1]


@pytest.mark.parametrize(("stopped_by", "code"), [(signal.SIGKILL, -9), (signal.SIGINT, 130)])
def test_a_command_that_is_stopped_goes_on_where_it_was(
    stopped_by: signal.Signals, code: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """SIGKILL, or Ctrl-C to all its processes, after the first cells: the same command ends with the table of one that
    nobody stopped, byte by byte.
    """
    many = ["--vary", "groups.desk.agents=1..4", "--vary", "lines=2..4", "--replications", "5"]
    line, table, journal = str(written(tmp_path)), tmp_path / "cells.csv", tmp_path / "cells.csv.journal"
    stopped = subprocess.Popen(
        [sys.executable, "-m", "ivr", "sweep", line, *many, *FAST, "--output", str(table)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    deadline = time.monotonic() + 60
    # The first cells are kept as soon as they are known.
    while not journal.exists() or journal.read_bytes().count(b'["groups.desk.agents=') < 2:
        assert stopped.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(stopped.pid, stopped_by)
    said = stopped.communicate()[1]
    assert stopped.returncode == code
    if stopped_by == signal.SIGINT:
        cells = rf"stopped by Ctrl-C after \d+ of 12 cells; they are in {table}.journal; .*"
        assert re.fullmatch(rf"\n({cells}|interrupted)\n", said)  # interrupted: all cells were known by then
    assert not table.exists()
    assert journal.exists()
    run(capsys, line, *many, *FAST, "--output", str(table))
    whole = tmp_path / "whole.csv"
    run(capsys, line, *many, *FAST, "--output", str(whole))
    assert table.read_bytes() == whole.read_bytes()
    assert not journal.exists()
