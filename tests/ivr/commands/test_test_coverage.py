"""``ivr test`` with ``--coverage``, ``--fail-under`` and ``--junit``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.__main__ import main
from tests.support.tried_in_part import CALLS, LINE


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("line.yaml").write_text(LINE)
    Path("line.calls").write_text(CALLS)


def test_the_table_names_what_no_call_tried(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "line.yaml", "--coverage"]) == 0
    text = capsys.readouterr().out
    assert "exits                   5   8  62.5 %" in text
    assert "Exits that no call tried\n  which (es-US), open (closed), desk (closed)\n" in text
    assert "main (a wrong key)" in text


@pytest.mark.parametrize(("least", "code"), [("62.5%", 0), ("0.6", 0), ("63%", 1)])
def test_fail_under_is_a_share_of_the_exits(least: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "line.yaml", "--fail-under", least]) == code
    told = "5 of 8 exits tried (62.5 %), less than 63 %" in capsys.readouterr().err
    assert told == bool(code)


def test_json_has_the_coverage(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "line.yaml", "--coverage", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)["coverage"]
    assert found["languages"] == {"tried": 1, "number": 2, "share": 0.5, "untried": [["es-US"]]}


def test_a_junit_report_is_written_also_when_calls_fail(capsys: pytest.CaptureFixture[str]) -> None:
    Path("line.calls").write_text(CALLS.replace("ends handled", "ends contained"))
    assert main(["test", "line.yaml", "--junit", "report.xml"]) == 1
    assert 'failures="1"' in Path("report.xml").read_text("utf-8")
    assert "report.xml: 2 calls" in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--coverage"], ["--fail-under", "90%"], ["--junit", "x.xml"]])
def test_several_flows_at_once_have_no_coverage(option: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "--beside", "line.yaml", *option]) == 2
    assert "--beside plays several flows" in capsys.readouterr().err


def test_a_wrong_share(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["test", "line.yaml", "--fail-under", "120%"]) == 2
    assert "120%" in capsys.readouterr().err
