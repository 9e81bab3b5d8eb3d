"""Talk, after-call work, patience and agents from columns of a planner's table.

That both engines use them: the hand-worked case ``columns`` of ``ivr validate``.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.__main__ import main
from simulation.loading.load import load_scenario
from simulation.sampling.distributions import Constant, Exponential, Lognormal
from simulation.scenario.model import Scenario
from tests.support.small_scenarios import TWO_STEPS, TWO_STEPS_CALLED, write

PLAN = """from;aht;wrap (min);sales;late;none;wrong
8:00;3m20s;0.5;2;0:03:20;;4
8:30;240;1;3;200;0;5
9:00;200;2;4;1h;200;x
9:30;210;1;0;9;9;7
"""


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write(tmp_path, TWO_STEPS, TWO_STEPS_CALLED)
    (tmp_path / "plan.csv").write_text(PLAN, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def scenario(*settings: str) -> Scenario:
    return load_scenario("scenario.yaml", settings=settings).scenario


def test_means_of_talk_become_distributions(folder: Path) -> None:
    found = scenario("talk={csv: {file: plan.csv, column: aht}}")
    assert found.talk == tuple(map(Exponential, (200.0, 240.0, 200.0, 210.0)))


def test_the_shape_is_stated_once(folder: Path) -> None:
    found = scenario("groups.helpers.talk={csv: {file: plan.csv, column: late, like: {lognormal: {cv: 0.8}}}}")
    assert found.groups["helpers"].talk == tuple(Lognormal(mean, 0.8) for mean in (200.0, 200.0, 3600.0, 9.0))


def test_the_name_of_a_column_says_its_unit(folder: Path) -> None:
    one = "{csv: {file: plan.csv, column: wrap (min), like: constant}}"
    found = scenario(f"after_call_work={one}", f"queues={{sales: {{patience: {one}, by_group: {{sellers: {one}}}}}}}")
    minutes = tuple(map(Constant, (30.0, 60.0, 120.0, 60.0)))
    assert found.after_call_work == minutes
    assert found.queues["sales"].patience == minutes
    assert found.queues["sales"].by_group["sellers"] == minutes
    assert scenario("talk={csv: {file: plan.csv, column: sales, unit: min}}".replace("sales", "wrap (min)")).talk


def test_agents_are_numbers_of_a_column(folder: Path) -> None:
    assert scenario("groups.sellers.agents={file: plan.csv, column: sales}").groups["sellers"].agents == (2, 3, 4, 0)


def test_small_numbers_without_a_unit_are_told(folder: Path) -> None:
    (folder / "short.csv").write_text("talk\n3\n4\n3\n5\n", encoding="utf-8")
    short = load_scenario("scenario.yaml", settings=["talk={csv: {file: short.csv, column: talk}}"])
    assert [note.message for note in short.notes] == [
        "the means of column 'talk' are at most 5 s: numbers without a unit are seconds"
    ]
    for unit in ("s", "min"):
        stated = f"talk={{csv: {{file: short.csv, column: talk, unit: {unit}}}}}"
        assert not load_scenario("scenario.yaml", settings=[stated]).notes


@pytest.mark.parametrize(
    ("setting", "told"),
    [
        ("talk={csv: {file: plan.csv, column: ath}}", "plan.csv:1:1: error X001 no column 'ath'"),
        ("talk={csv: {file: plan.csv, column: none}}", "plan.csv:2:26: error X005 '' in column 'none' is no time"),
        (
            "talk={csv: {file: plan.csv, column: none}}",
            "plan.csv:3:18: error X005 '0' in column 'none' is no time above 0",
        ),
        ("talk={csv: {file: plan.csv, column: wrong}}", "plan.csv:4:21: error X005 'x' in column 'wrong' is no time"),
        ("talk={csv: {file: plan.csv, column: aht, like: lognorml}}", "'lognorml' is not a distribution"),
        ("talk={csv: {file: plan.csv, column: aht, like: lognormal}}", "lognormal lacks cv"),
        ("talk={csv: {file: plan.csv, colum: aht}}", "unknown key 'colum'"),
        ("talk={csv: {file: plan.csv}}", "'column' is missing"),
        ("talk={csv: {file: plan.csv, column: aht, unit: minutes}}", "'minutes'"),
        ("talk={csv: {file: pln.csv, column: aht}}", "X001 'pln.csv' cannot be read"),
        ("groups.sellers.agents={file: plan.csv, column: wrong}", "plan.csv:4:21: error F003"),
        ("groups.sellers.agents={file: plan.csv, colum: sales}", "unknown key 'colum'"),
        ("groups.sellers.agents={file: plan.csv, column: aht}", "plan.csv:2:6: error F003"),
    ],
)
def test_what_is_wrong_is_told_with_its_row(
    folder: Path, capsys: pytest.CaptureFixture[str], setting: str, told: str
) -> None:
    assert main(["simulate", "scenario.yaml", "--set", setting]) == 1
    out, err = capsys.readouterr()
    assert out == ""
    assert told in err


def test_a_table_of_another_length_is_told_in_its_file(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "plan.csv").write_text("sales\n1\n2\n", encoding="utf-8")
    assert main(["simulate", "scenario.yaml", "--set", "groups.sellers.agents={file: plan.csv, column: sales}"]) == 1
    assert "plan.csv:1:1: error X003 agents of sellers has 2 values; the horizon has 4" in capsys.readouterr().err
