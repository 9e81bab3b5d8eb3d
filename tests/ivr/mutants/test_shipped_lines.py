"""The calls of shipped lines, with those made from the flow, notice nearly every mistake in it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from flows.model.load import LIBRARY
from ivr.__main__ import main
from tests.support.tried_in_part import CALLS, LINE


@pytest.mark.parametrize("name", ["northwind", "power_outage"])
def test_95_of_100_mistakes_are_noticed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Of those left, each is told with what a caller would find different."""
    monkeypatch.chdir(tmp_path)
    assert main(["paths", name, "--output", "all.calls"]) == 0
    capsys.readouterr()
    own = str(LIBRARY / f"{name}.calls")
    assert main(["test", name, own, "all.calls", "--mutate", "--fail-under", "95%", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    found = told["mistakes"]
    assert {call["ok"] for call in told["calls"]} == {True}
    assert found["made"] > 200
    assert found["noticed"] / found["made"] == found["share"] >= 0.95
    assert (
        found["noticed"] + len(found["missed"])
        == found["made"]
        == sum(kind["made"] for kind in found["kinds"].values())
    )
    assert all(one["change"] is not None and one["calls"] for one in found["missed"])


def test_what_no_call_notices_is_told_with_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("line.yaml").write_text(LINE)
    Path("line.calls").write_text(CALLS)
    assert main(["test", "line.yaml", "--mutate", "--fail-under", "50%"]) == 1
    done = capsys.readouterr()
    assert "swapped keys" in done.out
    assert "line 7, which: keys 1 and 2 swapped" in done.out
    assert "less than 50 %" in done.err


def test_mistakes_are_made_only_in_a_flow_whose_calls_go_as_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("line.yaml").write_text(LINE)
    Path("line.calls").write_text(CALLS.replace("ends handled", "ends closed"))
    assert main(["test", "line.yaml", "--mutate"]) == 1
    assert "mend those first" in capsys.readouterr().err
