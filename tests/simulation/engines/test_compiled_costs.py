"""The compiled costs against the readable ones: equal in every cell, on shipped scenarios and on random tables."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from ivr.records import costs as readable
from ivr.records.costs import Prices
from ivr.records.measures import interval_edges
from ivr.records.schema import OUTCOMES
from ivr.records.tables import Records
from ivr.records.visits import of_colleagues
from simulation.engines import reference
from simulation.engines.kernel import cost_sums as compiled
from simulation.engines.kernel.measure_sums import sums
from simulation.engines.results import records_of
from simulation.experiment.runner import Runner
from simulation.loading.load import load_scenario
from tests.support import random_tables

MINUTE_US = 60_000_000
LOST = {name: 1 + code / 8 for code, name in enumerate(OUTCOMES)}


def differ(records: Records, **asked: Any) -> bool:
    prices = Prices(
        agent_hour={name: 7.3 + code for code, name in enumerate(records.names["group"])},
        overtime_factor=1.7,
        lost_call=LOST,
        trunk_minute=0.0137,
        self_service_minute=0.021,
        handled_call=9.5,
        contained_call=2.25,
    )
    ours, theirs = (of.priced(sums(records), records, prices, **asked).values for of in (compiled, readable))
    assert ours.dtype == theirs.dtype
    return not np.array_equal(ours, theirs)


@pytest.mark.parametrize("name", ["northwind_busy", "credit_union"])
def test_shipped_scenarios(name: str) -> None:
    runner = Runner.of(load_scenario(name), engine="kernel")
    staff = runner.staff_of(3, 0)
    records = runner.replication(runner.calls(3, 0, 0.5), staff)[1]
    for from_us in (0, 40 * MINUTE_US):
        edges_us = interval_edges(records.horizon_us, 29 * MINUTE_US, from_us)
        assert not differ(records, edges_us=edges_us, from_us=from_us, shift_ends_us=staff.shift_ends_us)


def test_tables_with_every_feature() -> None:
    called_back = asked = 0
    for seed in range(100):
        given = random_tables.scenario(seed)
        records = records_of(reference.run(**given), given["calls"], given["staff"], horizon_us=given["horizon_us"])
        called_back += int(records.visits["called_back"].sum())
        asked += int(of_colleagues(records.visits).sum())
        for from_us in (0, 4 * MINUTE_US):
            edges_us = interval_edges(records.horizon_us, 7 * MINUTE_US + 13, from_us)
            assert not differ(
                records, edges_us=edges_us, from_us=from_us, shift_ends_us=given["staff"].shift_ends_us
            ), seed
    assert min(called_back, asked) > 0
