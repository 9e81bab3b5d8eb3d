"""The compiled sums against the readable ones: equal in every cell, on shipped scenarios and on tables with every
feature.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from ivr.records import measures
from ivr.records.schema import result_code
from ivr.records.tables import Records, concatenate
from simulation.engines import reference
from simulation.engines.kernel import measure_sums as compiled
from simulation.engines.results import records_of
from simulation.experiment.runner import Runner
from simulation.loading.load import load_scenario
from tests.support import random_tables
from tests.support.library import SHIPPED

PARTS = ("values", "waits", "longest_wait_us", "menu_times")
MINUTE_US = 60_000_000


def differences(records: Records, **asked: Any) -> list[str]:
    ours, theirs = (of.sums(records, **asked) for of in (compiled, measures))
    assert (ours.queues, ours.groups, ours.intervals) == (theirs.queues, theirs.groups, theirs.intervals)
    return [
        name
        for name in PARTS
        if getattr(ours, name).dtype != getattr(theirs, name).dtype
        or not np.array_equal(getattr(ours, name), getattr(theirs, name))
    ]


def keyed(records: Records) -> Records:
    """The records with some key presses for each call; every fifth call's number is unknown."""
    presses = (np.arange(len(records.calls["call_id"])) % 5 - 1).astype("i4")
    names = {key: value for key, value in records.names.items() if key not in ("source", "outcome", "result")}
    return replace(records, calls={**records.calls, "key_presses": presses}, names=names)


@pytest.mark.parametrize("name", SHIPPED)
def test_shipped_scenarios(name: str) -> None:
    runner = Runner.of(load_scenario(name), engine="kernel")
    records = runner.replication(runner.calls(3, 0, 0.5), runner.staff_of(3, 0))[1]
    for interval_us in (None, 15 * MINUTE_US, 29 * MINUTE_US + 1):  # the last leaves a shorter interval at the end
        for from_us in (0, 40 * MINUTE_US):
            assert not differences(keyed(records), interval_us=interval_us, from_us=from_us)


def from_tables(seed: int) -> Records:
    given = random_tables.scenario(seed)
    return records_of(reference.run(**given), given["calls"], given["staff"], horizon_us=given["horizon_us"])


def test_tables_with_every_feature() -> None:
    seen = {
        "overflowed": 0,
        "overflowed, and went on": 0,
        "called back": 0,
        "full": 0,
        "full, and went on": 0,
        "handed over": 0,
    }
    for seed in range(150):
        records = from_tables(seed)
        for interval_us, from_us in (
            (None, 0),
            (3 * MINUTE_US, 0),
            (7 * MINUTE_US + 13, 4 * MINUTE_US),
            (None, 5 * MINUTE_US),
        ):
            asked = {"interval_us": interval_us, "from_us": from_us, "threshold_us": MINUTE_US}
            own = {records.names["queue"][-1]: 3 * MINUTE_US, records.names["queue"][0]: 0}
            assert not differences(keyed(records), **asked, own_threshold_us=own), seed
        over = records.visits["result"] == result_code("overflowed")
        seen["overflowed"] += int(over.sum())
        seen["overflowed, and went on"] += int((over[:-1] & (np.diff(records.visits["call_id"]) == 0)).sum())
        seen["called back"] += int(records.visits["called_back"].sum())
        full = records.visits["result"] == result_code("full")
        seen["full"] += int(full.sum())
        seen["full, and went on"] += int((full[:-1] & (np.diff(records.visits["call_id"]) == 0)).sum())
        seen["handed over"] += int((records.visits["result"] == result_code("handed_over")).sum())
    assert all(seen.values()), seen


def test_several_replications_together_are_left_to_the_readable_sums() -> None:
    records = keyed(from_tables(1))
    both = concatenate([records, records])
    assert not differences(both, interval_us=3 * MINUTE_US)
    assert compiled.sums(both).column("replications") == 2


def test_a_fault_is_seen() -> None:
    """A visit with another ending is a difference: the comparison checks what it should."""
    records = from_tables(2)
    visits = dict(records.visits)
    visits["result"] = np.where(
        visits["result"] == result_code("handled"), result_code("timeout"), visits["result"]
    ).astype("i1")
    changed = Records(
        calls=records.calls,
        visits=visits,
        steps=records.steps,
        agents=records.agents,
        horizon_us=records.horizon_us,
        names={key: value for key, value in records.names.items() if key not in ("source", "outcome", "result")},
    )
    ours = compiled.sums(changed)
    theirs = measures.sums(records)
    assert ours.column("handled") == 0 < theirs.column("handled")
