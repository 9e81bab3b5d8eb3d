"""Live and simulated calls share one report: the same calls, worked out by hand, give the same measures from any
source.
"""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path

import pytest

from flows.protocol.actions import Keys, Outcome
from ivr.__main__ import main
from ivr.records.files import write
from tests.support.four_calls import by_hand, four_calls, measured
from tests.support.live_line import NINE, Line


def test_the_same_calls_give_the_same_measures_from_database_export_and_hand(
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("webhooks.store.preflight.time_ns", lambda: (int(NINE.timestamp()) + 6 * 3_600) * 1_000_000_000)
    four_calls(database)
    found = measured(database, capsys)
    # by hand: 3 offered, 2 handled within 20 s, 1 hung up after 60 s (beyond 20 s, so it counts): 2 / 3
    assert found["outcomes"] == {"handled": 2, "abandoned": 1, "abandoned_in_menu": 1}
    expected = {
        "arrived": 4,
        "offered": 3,
        "handled": 2,
        "abandoned": 1,
        "service_level": 2 / 3,
        "asa_s": 3.0,
        "mean_wait_s": 22.0,
        "abandonment": 1 / 3,
        "aht_s": 42.0,
        "menu_s": 7.25,
        "share_zero_out": 0.75,
    }
    assert {name: found["measures"][name] for name in expected} == pytest.approx(expected)  # type: ignore[index]
    assert [part["measures"]["arrived"] for part in found["by_interval"]] == [3, 1]  # type: ignore[attr-defined]
    for form in ("parquet", "csv"):
        exported = tmp_path / f"exported-{form}"
        assert main(["data", "export", str(exported), "--database", database, "--format", form]) == 0
        assert measured(str(exported), capsys) == found | {"records": exported.name}
    write(by_hand(), tmp_path / "hand")
    assert measured(str(tmp_path / "hand"), capsys) == found | {"records": "hand"}


def test_calls_in_progress_are_left_out(
    database: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("webhooks.store.preflight.time_ns", lambda: (int(NINE.timestamp()) + 60) * 1_000_000_000)
    line = Line(database)
    line.call(1).then(5, Keys("0")).then(10, Outcome("answered"))
    line.call(2).then(5, Keys("0"))
    line.journal.flush()
    assert measured(database, capsys)["calls"] == 1
    line.store.close()


def test_the_page_and_the_text_say_what_they_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(by_hand(), tmp_path / "monday")
    page = tmp_path / "monday.html"
    assert main(["report", str(tmp_path / "monday"), "--report", str(page), "--within", "30", "--target", "0.6"]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("monday\nLive calls · 4 calls · Tue 24 Nov 2026 09:00 to 10:00 (UTC)\n")
    assert re.search(r"\n  Service level +66\.7 %\n", said.out)
    assert said.out.endswith(
        "Service level: handled within 30 s, of all who did not hang up by then.\nThe target of 60 % is met.\n"
    )
    assert said.err == f"wrote {page}\n"
    html = page.read_text("utf-8")
    assert "Live calls · 4 calls" in html
    assert "✓ meets" in html


def test_simulated_calls_go_the_same_way(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = str(tmp_path / "day")
    assert main(["simulate", "northwind", "--replications", "1", "--records", folder, "--json"]) == 0
    simulated = json.loads(capsys.readouterr().out)
    found = measured(folder, capsys, "--within", str(simulated["threshold_s"]))
    assert found["source"] == "simulated"
    both = set(found["measures"]) & set(simulated["measures"])  # type: ignore[arg-type]
    assert {"arrived", "service_level", "asa_s", "abandonment", "occupancy", "menu_s", "containment"} <= both
    assert {name: found["measures"][name] for name in both} == pytest.approx(
        {name: simulated["measures"][name]["mean"] for name in both}
    )  # type: ignore[index]


@pytest.mark.parametrize(
    ("at", "options", "code", "message"),
    [
        ("none", [], 2, "error Y002 there is no folder and no database 'none'"),
        (
            "empty",
            [],
            2,
            (
                "empty: error Y002 there are no records in the folder 'empty'\n  = hint: name the database"
                " (calls.sqlite) or an exported folder"
            ),
        ),
        (".", [], 2, "error Y002 there are no records in the folder '.'"),
        ("odd", [], 1, "error records does not say names, format and horizon_us"),
        (
            "line.yaml",
            [],
            2,
            "line.yaml: error Y002 this is a flow, not records\n  = hint: name the database of a service",
        ),
        ("text.sqlite", [], 1, "cannot be used: file is not a database"),
        ("other.sqlite", [], 1, "error W003 the database 'other.sqlite' has no calls of this program"),
        ("mysql://ivr:hidden@127.0.0.1/ivr", [], 2, "neither SQLite nor PostgreSQL"),
        ("hand", ["--report", "day.pdf"], 2, "error X008 --report 'day.pdf' does not end in .html or .htm"),
        ("hand", ["--target", "80"], 2, "--target"),
        ("hand", ["--interval", "1"], 2, "--interval"),
    ],
)
def test_what_is_no_record_is_a_finding(
    at: str,
    options: list[str],
    code: int,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / "records.json").write_text("[]")
    (tmp_path / "line.yaml").write_text("ivr: 1\nname: Line\nstart: bye\nnodes: {bye: {type: hangup}}\n", "utf-8")
    (tmp_path / "text.sqlite").write_text("this is no database, but it is long enough to look like one\n" * 100)
    with sqlite3.connect(tmp_path / "other.sqlite") as other:
        other.execute("create table theirs (x)")
    other.close()
    before = (tmp_path / "other.sqlite").read_bytes()
    write(by_hand(), tmp_path / "hand")
    assert main(["report", at, *options]) == code
    assert message in capsys.readouterr().err
    assert (tmp_path / "other.sqlite").read_bytes() == before  # nothing is created in a database of another program
