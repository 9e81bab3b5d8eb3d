"""``ivr diff``: as text, as JSON, with a scenario; exit codes and wrong usage."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.__main__ import main
from tests.support.texts import SURE, flow, scenario

LINE = flow("""\
  main:
    type: menu
    choices: [{key: 1, label: sales, next: desk}, {key: 2, label: news, next: news}]
    otherwise: desk
  news: {type: play, serves: true, say: Nothing is new., next: bye}
  desk: {type: queue, queue: desk}
  bye: {type: hangup, say: Goodbye.}
""")
DAY = scenario(
    flow="old.yaml",
    intents={"buy": "{share: 0.75, goal: desk}", "hear": "{share: 0.25, goal: news}"},
    behaviour=SURE,
    talk="{exponential: 3m}",
    patience="{exponential: 2m}",
    groups={"desk": "{skills: [desk], agents: 6}"},
)


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("old.yaml").write_text(LINE)
    Path("new.yaml").write_text(LINE.replace("label: sales", "label: sales and orders").replace("Nothing", "Much"))
    Path("same.yaml").write_text("# A note.\n" + LINE)
    Path("day.yaml").write_text(DAY)


def test_the_text_says_what_differs_where(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "old.yaml", "new.yaml"]) == 1
    text = capsys.readouterr().out
    assert "main: en-US: “For sales, press 1.” → “For sales and orders, press 1.”" in text
    assert "news: en-US: “Nothing is new.” → “Much is new.” [2]" in text
    assert "desk     1  1    3.1 s  3.9 s" in text


def test_nothing_that_callers_feel(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", "old.yaml", "same.yaml"]) == 0
    assert capsys.readouterr().out == "Line: no caller finds a difference.\n"


def test_json_with_a_scenario_has_the_same_callers_on_both(capsys: pytest.CaptureFixture[str]) -> None:
    """Three of four callers hear 0.8 s more before they press 1, and one 0.8 s more before 2: each 0.8 s more."""
    assert main(["diff", "old.yaml", "new.yaml", "--scenario", "day.yaml", "--json"]) == 1
    data = json.loads(capsys.readouterr().out)
    assert [(one["kind"], one["node"]) for one in data["changes"]] == [("words", "main"), ("words", "news")]
    before, after = (data["scenario"][side]["menu_s"]["mean"] for side in ("before", "after"))
    assert after - before == pytest.approx(0.8, abs=1e-3)  # times are whole microseconds


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["old.yaml"], 2, "Missing argument 'NEW'"),
        (["old.yaml", "none.yaml"], 2, "none.yaml"),
        (["old.yaml", "day.yaml"], 1, "this is a scenario, not a flow"),
        (["old.yaml", "new.yaml", "--scenario", "none.yaml"], 2, "none.yaml"),
    ],
)
def test_wrong_usage(arguments: list[str], code: int, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["diff", *arguments]) == code
    assert told in capsys.readouterr().err
