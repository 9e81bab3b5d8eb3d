"""A queue with a threshold or a target of its own: in every command, each queue by its own, and the total is their sum.

The scenario is that of the hand-worked case ``own_levels``: three callers, one answered at once in the first queue
(threshold 10 s), one after 50 s and one gone after 55 s, both in the second (threshold 60 s).
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import simulation
from ivr.__main__ import main
from ivr.records.files import write
from ivr.records.measures import sums
from simulation.experiment.advice import Plan, advice
from simulation.experiment.estimates import Estimate
from simulation.experiment.queue_levels import QueueLevel
from simulation.report.of_result import report_page
from simulation.validation.by_hand import SCENARIOS

OWN = str(SCENARIOS / "own_levels.yaml")


@pytest.fixture(scope="module")
def result() -> simulation.Result:
    return simulation.simulate(simulation.load_scenario(OWN), engine="reference", keep_calls=True)


def words(text: str) -> str:
    return " ".join(text.replace("\N{NO-BREAK SPACE}", " ").split())


def test_the_terminal_says_each_threshold_and_judges_each_target(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", OWN, "--engine", "reference"]) == 0
    shown = words(capsys.readouterr().out)
    assert "Service level 100 % handled within the threshold of their queue" in shown
    assert "target of first, 80 % within 10 s: missed" in shown  # 1 of 3
    assert "target of second, 50 % within 1 min: met" in shown  # 1 of 1, as one hangs up in time
    assert "first 10 s 3 33.3 %" in shown
    assert "second 1 min 2 100 %" in shown


def test_the_json_has_thresholds_targets_and_verdicts(result: simulation.Result) -> None:
    assert result.as_dict()["queue_levels"] == {
        "first": {"threshold_s": 10.0, "target": 0.8, "judged": "missed"},
        "second": {"threshold_s": 60.0, "target": 0.5, "judged": "met"},
    }


def test_the_page_and_the_notebook_judge_each_queue(result: simulation.Result) -> None:
    page = report_page(result)
    assert '10 s<br><span class="missed">✗ misses</span> 80 %' in page
    assert '1 min<br><span class="met">✓ meets</span> 50 %' in page
    assert "within 10 s (first), 1 min (second)" in words(page)
    assert "first: 80 % within 10 s missed. second: 50 % within 1 min met." in result._repr_html_()


def test_records_are_measured_by_the_same_thresholds(
    result: simulation.Result, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert result.records is not None
    write(result.records, tmp_path / "records")
    own = ["--within", "first=10s", "--within", "second=60s", "--target", "first=80%", "--target", "second=50%"]
    assert main(["report", str(tmp_path / "records"), *own, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["queue_levels"] == result.as_dict()["queue_levels"]
    assert found["measures"]["service_level"] == 1.0
    assert found["by_queue"]["first"]["service_level"] == pytest.approx(1 / 3)
    assert main(["report", str(tmp_path / "records"), *own]) == 0
    shown = words(capsys.readouterr().out)
    assert "handled within 10 s (first), 1 min (second), of all" in shown
    assert "target of first, 80 % within 10 s: missed" in shown
    assert main(["report", str(tmp_path / "records"), "--within", "frist=10s"]) == 2
    assert words(capsys.readouterr().err) == "error X005 no call joined a queue 'frist' = hint: did you mean 'first'?"


def test_sums_by_other_thresholds_cannot_be_added(result: simulation.Result) -> None:
    assert result.records is not None
    with pytest.raises(ValueError, match="thresholds_us"):
        _ = sums(result.records) + sums(result.records, own_threshold_us={"first": 1})


def test_other_thresholds_leave_the_callers_as_they_are() -> None:
    looser = simulation.load_scenario(OWN, settings=["queues.first.service_level.threshold=40s"])
    found = simulation.compare([("own", simulation.load_scenario(OWN)), ("looser", looser)], engine="reference")
    assert found.same_callers


def plan(name: str, whole: float, first: float, hours: float) -> Plan:
    own = QueueLevel("first", Estimate(first, 0.01), 10.0, own_threshold=True, target=0.9)
    return Plan(name, Estimate(whole, 0.01), 20.0, hours, (own,), 2)


def test_a_plan_must_meet_the_targets_of_queues_too() -> None:
    today, lean = plan("today", 0.95, 0.95, 8.0), plan("lean", 0.9, 0.7, 7.0)
    assert advice([today, lean], target=0.8) == (
        "today is the cheapest that meets 80 % within 20 s (first: 10 s) and 90 % within 10 s in first:"
        " 95 % (first 95 %) with 8 agent-hours. lean saves 1 agent-hour and misses it with 90 % (first 70 %)."
    )
    assert advice([lean, plan("more", 0.95, 0.85, 9.0)], target=None).startswith(
        "No scenario meets 90 % within 10 s in first; more comes closest, with 95 % (first 85 %)"
    )


@pytest.mark.parametrize(
    ("level", "message"),
    [
        ("{}", "states neither threshold nor target\n  = hint: write {threshold: 60s, target: 90%} or leave it out"),
        ("{threshold: -1}", "-1"),
        ("{target: 2}", "2"),
    ],
)
def test_what_is_wrong_with_a_level(level: str, message: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", OWN, "--set", f"queues.first.service_level={level}"]) in (1, 2)
    assert message in capsys.readouterr().err
