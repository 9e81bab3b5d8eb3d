"""Whatever a file holds: findings, never a traceback, never a hang.

The short form tries a few thousand mutated inputs; ``IVR_FUZZ=100000`` tries as many as it says, and ``make fuzz`` does
so with a table of how far they got. A failure prints its number, which makes it again. What the inputs are is in
``mutations.py``, what is done with them in ``fuzz.py``.
"""

from __future__ import annotations

import os
from collections import Counter
from pathlib import Path

import pytest

from tests.support.fuzz import STAGES, Tally
from tests.support.mutations import FAMILIES, case_of

NUMBER = int(os.environ.get("IVR_FUZZ", "2500"))
SOME, BATCHES = 1000, 10
"""The first some tell how far inputs get; the others are tried in batches."""


@pytest.mark.parametrize("batch", range(BATCHES))
def test_any_input_gives_findings(batch: int, tmp_path: Path) -> None:
    tally = Tally()
    for number in range(SOME + batch, NUMBER, BATCHES):
        tally.one(number, tmp_path)
    assert tally.failures == []


def test_inputs_get_far(tmp_path: Path) -> None:
    """A generator of garbage proves nothing: inputs of every family are made, and end at every stage; of mutated flows
    at least half are flows still, and reach the rules."""
    tally = Tally()
    for number in range(SOME):
        tally.one(number, tmp_path)
    assert tally.failures == []
    stages = {family: tally.stages.get(family, Counter()) for family in FAMILIES}
    assert all(found.total() for found in stages.values()), stages
    assert set(stages["flow"]) == set(STAGES)
    assert stages["flow"]["found"] + stages["flow"]["clean"] >= stages["flow"].total() / 2
    assert all(stages[family]["found"] + stages[family]["clean"] for family in FAMILIES), stages


def test_a_number_makes_the_same_input_again() -> None:
    assert [case_of(number) for number in range(30)] == [case_of(number) for number in range(30)]
