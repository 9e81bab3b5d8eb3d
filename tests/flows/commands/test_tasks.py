"""``ivr tasks``: the table, the same as JSON, exit codes and wrong usage."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.__main__ import main
from tests.support.texts import SURE, flow, scenario

LINE = flow("""\
  main:
    type: menu
    choices:
      - {key: 1, label: bills, next: bills}
      - {key: 2, label: repairs, next: repairs}
    otherwise: bye
  bills: {type: queue, queue: bills}
  repairs: {type: queue, queue: repairs}
  bye: {type: hangup, say: Goodbye.}
""")
TASKS = "tasks:\n  pay: {want: My bill, ends: bills}\n  mend: {want: A broken tap, ends: repairs}\n"
DAY = scenario(
    intents={"pay": "{share: 0.75, goal: bills}", "mend": "{share: 0.25, goal: repairs}"},
    behaviour={**SURE, "nodes": "{main: {shares: {1: 0.9, 2: 0.1}}}"},
    talk="{exponential: 3m}",
    patience="{exponential: 2m}",
    groups={"desk": "{skills: [bills, repairs], agents: 5}"},
)


Run = Callable[..., tuple[int, str]]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "flow.yaml").write_text(LINE)
    (tmp_path / "flow.tasks.yaml").write_text(TASKS)
    (tmp_path / "day.yaml").write_text(DAY)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> tuple[int, str]:
        code = main(["tasks", *arguments])
        told = capsys.readouterr()
        return code, told.out + told.err

    return run


def test_the_table_is_worst_first_and_says_why(run: Run) -> None:
    code, text = run("flow.yaml")
    assert code == 0
    assert text.startswith("Line: 2 tasks, 1 clear, 1 a guess\n")
    rows = [line.split()[0] for line in text.splitlines()[2:5]]
    assert rows == ["task", "mend", "pay"]
    assert "menu main: 2 'repairs' has none of these words" in text


def test_json_says_the_same_in_the_order_of_the_file(run: Run) -> None:
    code, text = run("flow.yaml", "--scenario", "day.yaml", "--json")
    found = json.loads(text)
    assert code == 0
    assert [one["task"] for one in found["tasks"]] == ["pay", "mend"]
    pay, mend = found["tasks"]
    assert (pay["verdict"], pay["end"], pay["presses"], pay["turns"][0]["key"]) == ("clear", "bills", 1, "1")
    assert pay["turns"][0]["labels"][0] == {
        "key": "1",
        "words": "bills",
        "likeness": 1.0,
        "shared": ["bill"],
        "right": True,
        "misleads": False,
    }
    # `shares` says what is pressed, whatever is wanted: nine in ten press 1, and one in ten presses 2.
    assert [(one["intents"], one["share_calls"]) for one in (pay, mend)] == [(["pay"], 0.75), (["mend"], 0.25)]
    assert [one["share_arrive"] for one in (pay, mend)] == pytest.approx([0.9, 0.1])


def test_a_label_that_misleads_and_a_task_without_a_way_fail(run: Run) -> None:
    Path("more.yaml").write_text("tasks: {mend: {want: 'My bill: a broken tap', ends: repairs}}")
    code, text = run("flow.yaml", "more.yaml")
    assert code == 1
    assert "menu main: 1 'bills' has 'bill'; right is 2 'repairs'" in text
    Path("more.yaml").write_text("tasks: {end: {want: Goodbye, ends: bye}}")
    code, text = run("flow.yaml", "more.yaml")
    assert code == 1
    assert "no announced option leads there" in text


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("none.yaml",), "none.yaml"),
        (("flow.yaml", "none.yaml"), "none.yaml"),
        (("flow.yaml", "--language", "fr-FR"), "fr-FR"),
        (("flow.yaml", "--scenario", "none.yaml"), "none.yaml"),
    ],
)
def test_wrong_usage(run: Run, arguments: tuple[str, ...], told: str) -> None:
    code, text = run(*arguments)
    assert code == 2
    assert told in text
    assert "Traceback" not in text


def test_tasks_that_are_not_beside_the_flow_are_asked_for(run: Run) -> None:
    Path("flow.tasks.yaml").unlink()
    code, text = run("flow.yaml")
    assert code == 2
    assert "flow.tasks.yaml is not beside the flow" in text


def test_an_intent_that_the_scenario_does_not_have(run: Run) -> None:
    Path("more.yaml").write_text("tasks: {pay: {want: My bill, ends: bills, intents: paying}}")
    code, text = run("flow.yaml", "more.yaml", "--scenario", "day.yaml")
    assert code == 2
    assert "'paying', which day.yaml does not have" in text
    assert "there are pay, mend" in text


def test_another_kind_of_file_is_named(run: Run) -> None:
    code, text = run("flow.yaml", "flow.yaml")
    assert code == 1
    assert "this is a flow, not a file of tasks" in text
