"""The engines against a model of the floor, written from the documents, that shares no code with them.

On random days all times are constant and all shares 0 or 1, so nothing is left to chance: the documents then determine
every call, visit and agent to the microsecond.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from flows.source.finding import ScenarioError
from ivr.records.schema import OUTCOMES, RESULTS
from tests.support.models.floor import Floor
from tests.support.models.floor_compared import Rows, by_engine, by_model, first_difference
from tests.support.models.floor_days import Day, random_day
from tests.support.models.floor_features import FEATURES, without

DAYS = int(os.environ.get("IVR_DAYS", 500))
CHUNK = 25


def days_of(chunk: int, folder: Path, engine: str) -> Iterator[tuple[int, Day, Rows]]:
    """The valid days of a chunk, and the engine's results; the others are rejected by code."""
    for seed in range(chunk * 1_000, (chunk + 1) * 1_000):
        day = random_day(seed)
        try:
            yield seed, day, by_engine(day, folder, engine)
        except ScenarioError as error:
            if {finding.code for finding in error.findings if finding.severity == "error"} - {"X004", "X005"}:
                raise


def differences(chunk: int, folder: Path, engine: str) -> list[str]:
    """The first difference of each day of a chunk on which engine and model differ."""
    found = [
        (seed, first_difference(theirs, by_model(day)))
        for seed, day, theirs in islice(days_of(chunk, folder, engine), CHUNK)
    ]
    assert len(found) == CHUNK
    return [f"day {seed}: {difference}" for seed, difference in found if difference]


@pytest.mark.parametrize("chunk", range(DAYS // CHUNK))
def test_the_kernel_does_what_the_documents_say(chunk: int, tmp_path: Path) -> None:
    assert not differences(chunk, tmp_path, "kernel")


@pytest.mark.parametrize("chunk", range(DAYS // CHUNK // 5))
def test_the_reference_does_what_the_documents_say(chunk: int, tmp_path: Path) -> None:
    assert not differences(chunk, tmp_path, "reference")


def changes(feature: str) -> Iterator[int]:
    """Days that differ without a feature."""
    for seed in range(1_000):
        day = random_day(seed)
        if (bare := without(day, feature)) is not None and first_difference(by_model(day), by_model(bare)):
            yield seed


@pytest.mark.parametrize("feature", FEATURES)
def test_each_feature_happens_on_some_day(feature: str) -> None:
    assert len(list(islice(changes(feature), 2))) == 2


def test_calls_and_visits_end_in_every_way() -> None:
    outcomes, results, joined = Counter[str](), Counter[str](), 0
    for seed in range(200):
        rows = by_model(random_day(seed))
        outcomes.update(row[3] for row in rows["calls"])
        results.update(row[6] for row in rows["visits"])
        joined = max(joined, *Counter(row[0] for row in rows["visits"]).values())
    assert set(outcomes) == set(OUTCOMES) - {"rejected"}  # a call that is refused never comes to the floor
    assert set(results) == set(RESULTS)
    assert joined >= 6  # as many queues as a call may join, or one left for a callback


def test_a_fault_in_the_model_is_noticed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A caller who leaves a queue at its longest wait keeps the rest of their patience; here each queue starts afresh.
    go = Floor._go
    monkeypatch.setattr(Floor, "_go", lambda self, call, way, patience: go(self, call, way, "new"))
    found = differences(0, tmp_path, "kernel") + differences(1, tmp_path, "kernel")
    assert any("abandoned" in difference for difference in found)
