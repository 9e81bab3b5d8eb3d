"""Sweeps of a small line: the numbers of single runs, in any order, from any process, in one go or in several."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest

from flows.source.finding import ScenarioError, UsageError
from simulation.experiment.compare import compare
from simulation.experiment.run import simulate
from simulation.experiment.same_tables import same_tables
from simulation.loading.load import load_scenario
from simulation.sweeping import run as sweeping
from simulation.sweeping.cell_sums import CellSums
from simulation.sweeping.result import SweepResult
from tests.support.small_sweeps import half_an_hour

VARY = ["groups.desk.agents=1..3", "lines=2,30", "patience={exponential: 1m},{exponential: 2m}"]


def swept(folder: Path, *vary: str, **options: object) -> SweepResult:
    given = {"engine": "reference", "workers": 1} | options
    return sweeping.sweep(half_an_hour(folder), vary, **given)[0]  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> SweepResult:
    """All twelve cells, in one process."""
    return swept(tmp_path_factory.mktemp("whole"), *VARY)


def packed(found: SweepResult) -> dict[int, bytes]:
    return {cell: of.packed() for cell, of in found.sums.items()}


def test_a_cell_has_the_numbers_of_a_run_of_its_own(whole: SweepResult, tmp_path: Path) -> None:
    for cell in (0, 5, 11):
        alone = simulate(half_an_hour(tmp_path, *whole.plan.settings(cell)), engine="reference")
        found = whole.figures[cell]
        measures = {name: replace(of, exact=None) for name, of in alone.measures.items()}
        assert {name: found[name] for name in measures} == measures
    # one to three agents for half an hour, at 30 an hour
    assert [whole.figures[cell]["agent_hours"].mean for cell in (0, 4, 8)] == [0.5, 1.0, 1.5]
    assert [whole.figures[cell]["cost"].mean for cell in (0, 4, 8)] == [15, 30, 45]


def test_a_cell_that_is_kept_is_the_same_when_it_is_read(whole: SweepResult) -> None:
    for of in whole.sums.values():
        assert CellSums.unpacked(of.packed()).packed() == of.packed()


def test_a_sweep_that_was_stopped_goes_on(whole: SweepResult, tmp_path: Path) -> None:
    """Ctrl-C after five cells: they are kept, and only the other seven are simulated."""
    journal = tmp_path / "cells.journal"

    def stop(done: int, total: int) -> None:
        if done == 5:
            raise KeyboardInterrupt

    first = swept(tmp_path, *VARY, journal=journal, progress=stop)
    assert (first.stopped, len(first.sums)) == ("interrupted", 5)
    known: list[int] = []
    second, finished = sweeping.sweep(
        half_an_hour(tmp_path), VARY, engine="reference", workers=1, journal=journal,
        progress=lambda done, total: known.append(done),
    )  # fmt: skip
    assert known == [5, *range(6, 13)]
    assert packed(second) == packed(whole)
    finished()
    assert not journal.exists()


def test_cells_of_another_scenario_are_refused_with_what_has_changed(tmp_path: Path) -> None:
    journal = tmp_path / "cells.journal"
    vary = ["groups.desk.agents=1,2"]

    def go(**options: object) -> SweepResult:
        given = {"engine": "reference", "workers": 1, "journal": journal, "replications": 1}
        return sweeping.sweep(load_scenario(tmp_path / "scenario.yaml"), vary, **(given | options))[0]  # type: ignore[arg-type]

    half_an_hour(tmp_path)
    go()
    text = (tmp_path / "scenario.yaml").read_text("utf-8")
    (tmp_path / "scenario.yaml").write_text(text.replace("agents: 2,", "agents: 2, shrinkage: 10%,"), "utf-8")
    with pytest.raises(UsageError, match=r"2 finished cells of another sweep: groups.desk.shrinkage: 10%") as raised:
        go()
    assert "--restart" in raised.value.findings[0].hint
    (tmp_path / "scenario.yaml").write_text(text, "utf-8")
    with pytest.raises(UsageError, match="of another sweep: seed: 3 → 4"):
        go(seed=4)
    (tmp_path / "calls.csv").write_text("calls\n21\n", "utf-8")
    with pytest.raises(UsageError, match=r"the file calls.csv has changed"):
        go()
    flow = (tmp_path / "flow.yaml").read_text("utf-8")
    (tmp_path / "flow.yaml").write_text(flow.replace("wait}", "wait}").replace("queue: calls}", "queue: calls, max_wait: 90s, on: {timeout: bye}}\n  bye: {type: hangup}"), "utf-8")  # fmt: skip # noqa: E501
    with pytest.raises(UsageError, match="the flow has changed"):
        go()
    assert len(go(afresh=True).sums) == 2


def test_a_journal_that_is_in_use_or_none_is_refused(tmp_path: Path) -> None:
    journal = tmp_path / "cells.journal"
    journal.write_text("no database, and longer than its header would be" * 40, "utf-8")
    with pytest.raises(UsageError, match="is not the journal of a sweep"):
        swept(tmp_path, "lines=2,3", journal=journal)
    journal.unlink()
    with sqlite3.connect(journal) as base:
        base.execute("CREATE TABLE study (told TEXT)")
    base.execute("BEGIN EXCLUSIVE")
    with pytest.raises(UsageError, match="is in use by another sweep"):
        swept(tmp_path, "lines=2,3", journal=journal)
    base.close()


def test_a_value_that_does_not_fit_is_told_before_the_first_cell(tmp_path: Path) -> None:
    with pytest.raises(ScenarioError) as raised:
        swept(tmp_path, "lines=0..5")
    assert raised.value.findings[0].file == "--vary lines=0..5"
    with pytest.raises(ScenarioError) as raised:
        swept(tmp_path, "groups.dsk.agents=1,2")
    assert raised.value.findings[0].hint == "did you mean 'desk'?"
    with pytest.raises(ScenarioError) as raised:
        swept(tmp_path, "patience=1m,2m")
    vary = "patience={exponential: 1m},{exponential: 2m}"  # as in VARY, which is swept
    assert raised.value.findings[0].hint == f'write --vary "{vary}", or another distribution'


def test_a_cell_that_cannot_be_simulated_says_why_and_the_others_are(tmp_path: Path) -> None:
    """Each value fits by itself; a warm-up as long as the horizon does not."""
    line = half_an_hour(tmp_path, "arrivals={kind: constant, per_hour: 40}", "interval=10m")
    vary = ["horizon=30m,20m", "warm_up=0s,20m"]
    found, _ = sweeping.sweep(line, vary, engine="reference", workers=1, replications=1)
    assert sorted(found.figures) == [0, 1, 2]
    (problem,) = found.problems[3]
    assert "warm" in problem.message
    assert [row.get("problem") for row in found.rows] == [None, None, None, problem.message]


def test_a_place_that_changes_nothing_is_told(tmp_path: Path) -> None:
    found = swept(tmp_path, "lines=500,600", "groups.desk.agents=1,2", replications=1)
    assert [note.message for note in found.notes] == [
        "lines changes nothing: all cells that differ only in it have the same results"
    ]
    found = swept(tmp_path, "groups.desk.skills=calls,[calls]", replications=1)
    assert [note.message for note in found.notes] == [
        "groups.desk.skills changes nothing: the scenario is the same with all of its values"
    ]


@pytest.mark.parametrize(
    ("setting", "same"),
    [
        ("groups.desk.agents=5", True),
        ("groups.desk.shrinkage=20%", True),
        ("groups.desk.speed=2", True),
        ("lines=3", True),
        ("routing=specialists_first", True),
        ("staff_factor=2", True),
        ("costs={lost_call: 3}", True),
        ("service_level.threshold=60s", True),
        ("groups.desk.pauses={after_calls: 80%, length: {exponential: 5m}}", False),
        ("routing.choice=random", False),
        ("patience={exponential: 1m}", False),
        ("groups.desk.talk={exponential: 2m}", False),
        ("queues.calls.max_calls=3", False),
    ],
)
def test_tables_are_shared_only_if_the_same_would_be_drawn(setting: str, same: bool, tmp_path: Path) -> None:
    """A variant that shares the baseline's tables has the numbers of a run of its own, and so has one that does not."""
    plain, other = half_an_hour(tmp_path), half_an_hour(tmp_path, setting)
    assert same_tables(plain, other) is same
    both = compare([("plain", plain), ("other", other)], replications=1, engine="reference")
    alone = simulate(other, replications=1, engine="reference")
    assert both.results["other"].measures == alone.measures
