"""Times that a scenario takes from a column of a file, and what is said about files that do not have them."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from flows.source.finding import ScenarioError
from flows.source.yaml_reader import parse
from simulation.loading.load import load_scenario
from simulation.loading.observed_times import with_observed_times
from simulation.sampling.distributions import Empirical, Mixture
from tests.support.small_scenarios import QUEUE_CALLED, QUEUE_ONLY, one_queue, write

CALLS = """queue;outcome;talk;talk_ms
billing;handled;1:00;60000
billing;abandoned;;
billing;handled;2m;120000
tech;handled;0:10:00;600000
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "calls.csv").write_text(CALLS, encoding="utf-8")
    pq.write_table(pa.table({"talk_us": pa.array([60_000_000, None, 90_500_000])}), tmp_path / "talk.parquet")
    return tmp_path


def read(folder: Path, stated: str) -> object:
    document, notes = with_observed_times(parse(f"talk: {{empirical: {{{stated}}}}}", str(folder / "day.yaml")))
    assert not notes
    return document.data["talk"]["empirical"]


@pytest.mark.parametrize(
    ("stated", "times"),
    [
        ("file: calls.csv, column: talk", (60, 120, 600)),
        ("file: calls.csv, column: talk_ms", (60, 120, 600)),
        ("file: calls.csv, column: talk_ms, unit: s", (60_000, 120_000, 600_000)),
        ("file: calls.csv, column: talk, where: {queue: billing, outcome: handled}", (60, 120)),
        ("file: calls.csv, column: talk, where: {queue: [billing, tech]}", (60, 120, 600)),
        ("file: talk.parquet", (60, 90.5)),
    ],
)
def test_times_of_a_column(folder: Path, stated: str, times: tuple[float, ...]) -> None:
    assert read(folder, stated) == Empirical(times)


@pytest.mark.parametrize(
    ("stated", "code", "column", "message", "hint"),
    [
        ("file: call.csv, column: talk", "X001", 26, "'call.csv' cannot be read", "the path is relative to "),
        ("file: calls.csv, column: tolk", "X001", 45, "'calls.csv' has no column 'tolk'", "did you mean 'talk'?"),
        (
            "file: calls.csv",
            "F002",
            19,
            "'column' is missing",
            "add 'column: ...', one of queue, outcome, talk, talk_ms",
        ),
        ("column: talk", "F002", 19, "'file' is missing", "add 'file: calls.csv', the file that has the column"),
        ("file: calls.csv, colum: talk", "F001", 37, "unknown key 'colum'", "did you mean 'column'?"),
        ("file: calls.csv, column: talk, unit: m", "F003", 57, "'m' is not a unit", "write us, ms, s, min, h"),
        (
            "file: calls.csv, column: talk, where: {queue: biling}",
            "X001",
            66,
            "no row of column 'queue' is 'biling'",
            "did you mean 'billing'?",
        ),
        (
            "file: calls.csv, column: talk, where: {skill: 1}",
            "X001",
            59,
            "'calls.csv' has no column 'skill'",
            "there are queue, outcome, talk, talk_ms",
        ),
        (
            "file: calls.csv, column: talk, where: billing",
            "F003",
            58,
            "'billing' is not 'key: value' entries",
            "write {COLUMN: VALUE}, for example {queue: billing}",
        ),
        (
            "file: calls.csv, column: talk, where: {outcome: abandoned}",
            "X005",
            45,
            "column 'talk' of 'calls.csv' has no times",
            "name another column",
        ),
    ],
)
def test_what_is_stated_wrong(folder: Path, stated: str, code: str, column: int, message: str, hint: str) -> None:
    with pytest.raises(ScenarioError) as caught:
        read(folder, stated)
    [finding] = caught.value.findings
    assert (finding.code, finding.line, finding.column, finding.message) == (code, 1, column, message)
    assert finding.hint.startswith(hint)


def test_bad_rows_by_file_and_row(folder: Path) -> None:
    (folder / "bad.csv").write_text("talk\n1m\nsoon\n-5\n\n90\nlate\n1e99\n2m\nnever\n", encoding="utf-8")
    with pytest.raises(ScenarioError) as caught:
        read(folder, "file: bad.csv")
    assert [(f.code, Path(f.file).name, f.line, f.message) for f in caught.value.findings] == [
        ("X005", "bad.csv", 3, "'soon' in column 'talk' is not a time"),
        ("X005", "bad.csv", 4, "'-5' in column 'talk' is not a time"),
        ("X005", "bad.csv", 7, "'late' in column 'talk' is not a time"),
        ("X005", "bad.csv", 8, "cells of column 'talk' that are not times: 2 more, 5 in all"),
    ]
    assert caught.value.findings[0].hint == "write a time such as 200, 3m or 0:03:20, or leave the cell empty"


def test_wherever_a_distribution_stands(folder: Path) -> None:
    times = "{empirical: {file: calls.csv, column: talk}}"
    mix = "{mix: [{share: 0.5, empirical: {file: calls.csv, column: talk_ms}}, {share: 0.5, constant: 9s}]}"
    of = one_queue(folder, f"talk=[{times}, {mix}]", "horizon=2h", f"behaviour.retry={{share: 0.5, after: {times}}}")
    assert of.scenario.talk is not None
    assert of.scenario.talk[0] == Empirical((60, 120, 600))
    assert isinstance(of.scenario.talk[1], Mixture)
    assert of.scenario.behaviour.retry is not None
    assert of.scenario.behaviour.retry.after == Empirical((60, 120, 600))


def test_rows_that_do_not_fit_the_header_are_told(folder: Path) -> None:
    (folder / "holes.csv").write_text("queue,talk\na,60\na,60,7\n", encoding="utf-8")
    called = QUEUE_CALLED.replace("talk: {exponential: 3m}", "talk: {empirical: {file: holes.csv, column: talk}}")
    loaded = load_scenario(write(folder, QUEUE_ONLY, called))
    assert loaded.scenario.talk == (Empirical((60,)),)
    assert [(f.code, f.line, f.severity) for f in loaded.notes] == [("K003", 3, "warning")]
