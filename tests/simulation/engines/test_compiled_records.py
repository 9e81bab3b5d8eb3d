"""The compiled tables of visits and agents against the readable ones, on random tables; faults are seen by both."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from ivr.records.schema import NONE, result_code
from simulation.engines import kernel
from simulation.engines.conservation import ConservationError
from simulation.engines.kernel.record_visits import finish
from simulation.engines.results import EngineResult, records_of
from tests.support.random_tables import scenario

SEEDS = range(150)


def both(given: dict, found: EngineResult) -> tuple:
    tables = given["calls"], given["staff"]
    return tuple(records_of(found, *tables, horizon_us=given["horizon_us"], **how) for how in ({}, {"finish": finish}))


@pytest.mark.parametrize("seed", SEEDS)
def test_equal_in_every_cell(seed: int) -> None:
    given = scenario(seed)
    readable, compiled = both(given, kernel.run(**given))
    for table in ("calls", "visits", "agents"):
        theirs, ours = getattr(readable, table), getattr(compiled, table)
        assert theirs.keys() == ours.keys()
        for name in theirs:
            assert np.array_equal(theirs[name], ours[name]), (table, name)


def test_what_is_sound_is_not_checked_again(monkeypatch) -> None:
    def refuse(*_records, **_counts) -> None:
        raise AssertionError("checked again")

    monkeypatch.setattr("simulation.engines.results.check_conservation", refuse)
    for seed in SEEDS:
        given = scenario(seed)
        found = kernel.run(**given)
        records_of(found, given["calls"], given["staff"], horizon_us=given["horizon_us"], finish=finish)


def visits(found: EngineResult, **columns) -> EngineResult:
    return replace(found, visits={**found.visits, **columns})


def moved(values, row: int, by: int):
    values = np.array(values)
    values[row] += by
    return values


def answered(found: EngineResult) -> int:
    return int(np.flatnonzero((found.visits["result"] == result_code("handled")) & ~found.visits["called_back"])[0])


def waited(found: EngineResult) -> int:
    row = answered(found)
    return int(found.visits["left_us"][row] - found.visits["offered_us"][row])


FAULTS = {
    "talk": lambda f: visits(f, talk_us=moved(f.visits["talk_us"], answered(f), 1)),
    "after-call work": lambda f: visits(f, acw_us=moved(f.visits["acw_us"], answered(f), 1)),
    "left before joining": lambda f: visits(f, left_us=moved(f.visits["left_us"], answered(f), -waited(f) - 1)),
    "nobody answered": lambda f: visits(
        f, shift=np.where(np.arange(len(f.visits["shift"])) == answered(f), NONE, f.visits["shift"])
    ),
    "an ending too many": lambda f: replace(f, endings=f.endings + 1),
    "no ending": lambda f: replace(
        f, outcome=np.where(np.arange(len(f.outcome)) == f.visits["call"][answered(f)], 99, f.outcome).astype("i1")
    ),
    "ended early": lambda f: replace(f, ended_us=np.where(f.arrived_us < 2**61, f.arrived_us - 1, f.ended_us)),
    "idle": lambda f: replace(f, idle_us=moved(f.idle_us, 0, 1)),
    "not handled": lambda f: visits(
        f,
        result=np.where(
            np.arange(len(f.visits["result"])) == answered(f), result_code("abandoned"), f.visits["result"]
        ).astype("i1"),
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_faults_are_seen(fault: str) -> None:
    seen = 0
    for seed in SEEDS:
        given = scenario(seed)
        found = kernel.run(**given)
        if not np.any((found.visits["result"] == result_code("handled")) & ~found.visits["called_back"]):
            continue
        broken = FAULTS[fault](found)
        for how in ({}, {"finish": finish}):
            with pytest.raises(ConservationError):
                records_of(broken, given["calls"], given["staff"], horizon_us=given["horizon_us"], **how)
        seen += 1
        if seen == 10:
            return
    raise AssertionError("no day to break")


def test_two_calls_at_a_time_are_seen() -> None:
    """The same agent answers two calls that overlap; busy, wrap-up and idle time still add up."""
    seen = 0
    for seed in SEEDS:
        given = scenario(seed)
        found = kernel.run(**given)
        staff = given["staff"]
        shift, left, talk = (found.visits[name] for name in ("shift", "left_us", "talk_us"))
        pairs = [
            (i, j)
            for i in np.flatnonzero(shift != NONE).tolist()
            for j in np.flatnonzero(shift != NONE).tolist()
            if staff.agent[shift[i]] != staff.agent[shift[j]] and left[i] < left[j] < left[i] + talk[i] and talk[j]
        ]
        if not pairs:
            continue
        i, j = pairs[0]
        worked = int(talk[j] + found.visits["acw_us"][j])
        idle = moved(moved(found.idle_us, shift[j], worked), shift[i], -worked)
        broken = replace(visits(found, shift=np.where(np.arange(len(shift)) == j, shift[i], shift)), idle_us=idle)
        for how in ({}, {"finish": finish}):
            with pytest.raises(ConservationError, match="two calls"):
                records_of(broken, given["calls"], staff, horizon_us=given["horizon_us"], **how)
        seen += 1
        if seen == 5:
            return
    raise AssertionError("no day to break")
