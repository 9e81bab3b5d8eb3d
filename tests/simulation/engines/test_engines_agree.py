"""The compiled kernel against the readable reference: random tables over the whole feature space, equal in every
cell.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import fields, replace
from functools import cache

import numpy as np
import pytest

from ivr.records.schema import NEVER, NONE, OUTCOMES, RESULTS, SCHEMA
from ivr.routing import CHOICES
from simulation.engines import kernel, reference
from simulation.engines.conservation import ConservationError
from simulation.engines.kernel import engine
from simulation.engines.kernel.build_world import build_world
from simulation.engines.results import PAUSE_COLUMNS, VISIT_COLUMNS, EngineResult, records_of
from tests.support.random_tables import scenario

SCENARIOS = int(os.environ.get("IVR_SCENARIOS", 1_000))
BATCH = 100
COLUMNS = ("arrived_us", "outcome", "ended_us", "key_presses", "on_us", "off_us", "idle_us")


def of_reference(given: dict) -> EngineResult:
    """The reference's result, with its visits sorted by call."""
    found = reference.run(**given)
    order = np.argsort(found.visits["call"], kind="stable")
    return replace(
        found,
        visits={name: values[order] for name, values in found.visits.items()},
        estimates=None if found.estimates is None else found.estimates[order],
    )


def first_difference(ours: EngineResult, theirs: EngineResult) -> str:
    """The earliest cell in which two results differ, or nothing."""
    tables = [
        ("", {name: getattr(r, name) for name in COLUMNS} | {"endings": np.array([r.endings])}, r)
        for r in (ours, theirs)
    ]
    for kind, pairs in (
        (
            "visits",
            [(name, ours.visits[name], theirs.visits[name]) for name in VISIT_COLUMNS]
            + ([] if theirs.estimates is None else [("estimates", ours.estimates, theirs.estimates)]),
        ),
        ("run", [(name, tables[0][1][name], tables[1][1][name]) for name in tables[0][1]]),
    ):
        rows = [
            (int(np.argmax(np.any(np.atleast_2d((a != b).T), axis=0))), name, a, b)
            for name, a, b in pairs
            if a.shape == b.shape and np.any(a != b)
        ]
        lengths = {(len(a), len(b)) for _, a, b in pairs if a.shape != b.shape}
        if rows:
            row, name, a, b = min(rows, key=lambda found: found[:2])
            return f"{kind} {name}[{row}]: kernel {a[row]}, reference {b[row]}{f'; rows {lengths}' if lengths else ''}"
        if lengths:
            return f"{kind}: rows of kernel and reference {lengths}"
    return ""


def shrunk(given: dict) -> str:
    """The smallest number of calls that still differ, and the difference then."""
    calls = given["calls"]
    if len(calls) != calls.queue_visits or calls.first_attempts != len(calls):
        return ""
    for n in range(1, len(calls)):
        few = replace(
            calls,
            **{
                f.name: getattr(calls, f.name)[:n]
                for f in fields(calls)
                if isinstance(getattr(calls, f.name), np.ndarray)
            },
        )
        less = given | {"calls": few}
        difference = first_difference(kernel.run(**less), of_reference(less))
        if difference:
            return f"; with the first {n} calls: {difference}"
    return ""


@cache
def batch(number: int) -> Counter:
    """Compare a batch of scenarios; returns what happened in them."""
    seen: Counter = Counter()
    for seed in range(number * BATCH, min((number + 1) * BATCH, SCENARIOS)):
        given = scenario(seed)
        ours, theirs = kernel.run(**given), of_reference(given)
        difference = first_difference(ours, theirs)
        assert not difference, f"scenario({seed}): {difference}{shrunk(given)}"
        records = records_of(ours, given["calls"], given["staff"], horizon_us=given["horizon_us"])
        expected = records_of(theirs, given["calls"], given["staff"], horizon_us=given["horizon_us"])
        for table in SCHEMA:
            for name, values in getattr(records, table).items():
                assert np.array_equal(values, getattr(expected, table)[name]), (
                    f"scenario({seed}): records {table}.{name}"
                )
        assert_same_pauses(ours, theirs, seed)
        seen += happened(given, theirs)
    return seen


def assert_same_pauses(ours: EngineResult, theirs: EngineResult, seed: int) -> None:
    by_row = [
        sorted(zip(*(found.pauses[name].tolist() for name in PAUSE_COLUMNS), strict=True)) for found in (ours, theirs)
    ]
    assert by_row[0] == by_row[1], f"scenario({seed}): pauses"


def happened(given: dict, found: EngineResult) -> Counter:
    """Which parts of the feature space occurred in a run."""
    visits, staff, horizon_us = found.visits, given["staff"], given["horizon_us"]
    seen = Counter({f"result {name}": int(np.sum(visits["result"] == i)) for i, name in enumerate(RESULTS)})
    seen += Counter({f"outcome {name}": int(np.sum(found.outcome == i)) for i, name in enumerate(OUTCOMES)})
    further = np.r_[False, visits["call"][1:] == visits["call"][:-1]]
    answered = visits["shift"] != NONE
    late = found.off_us > staff.off_us
    seen["retries"] = int(np.sum(found.arrived_us[given["calls"].first_attempts :] < NEVER))
    seen["further visits"] = int(np.sum(further))
    seen["announced"] = int(np.sum(visits["announced_us"] != NONE))
    seen["called back and answered"] = int(np.sum(visits["called_back"] & (visits["result"] == 0)))
    seen["after-call work"] = int(np.sum(visits["acw_us"] > 0))
    seen["beginnings put off"] = int(np.sum((found.on_us > staff.on_us) & (found.off_us > found.on_us)))
    seen["rows skipped"] = int(np.sum(found.on_us == found.off_us))
    seen["stayed to drain"] = int(np.sum(late & (staff.off_us >= horizon_us)))
    lasted = found.pauses["ended_us"] - found.pauses["began_us"]
    stated = found.pauses["ended_us"][:, None] == found.off_us[found.pauses["shift"]][:, None]
    seen["pauses"] = len(lasted)
    seen["pauses cut short by the end of a row"] = int(np.sum(stated))
    for mode in set(staff.at_off):
        of_mode = np.array(staff.at_off)[staff.group] == mode if len(staff.agent) else np.zeros(0, bool)
        seen[f"late by {mode}"] = int(np.sum(late & of_mode & (staff.off_us < horizon_us)))
    same = further & answered & np.r_[False, answered[:-1]]
    seen["handed over"] = int(
        np.sum(
            same
            & np.r_[False, (visits["left_us"] + visits["talk_us"])[:-1] == visits["offered_us"][1:]]
            & np.r_[False, visits["queue"][1:] == visits["queue"][:-1]]
        )
    )
    seen["waited on an idle floor"] = int(np.sum(answered & (visits["left_us"] > visits["offered_us"])))
    return seen


@pytest.mark.parametrize("number", range(-(-SCENARIOS // BATCH)))
def test_both_engines_leave_the_same_records(number):
    batch(number)


def test_every_feature_came_about():
    seen = sum((batch(number) for number in range(-(-SCENARIOS // BATCH))), Counter())
    rare = {name: count for name, count in seen.items() if count < SCENARIOS / 100}
    assert rare == {}, "the sample shows too little of these"
    shown = set(OUTCOMES) - {"rejected"}  # a call that is refused never comes to the floor, which the sample is about
    assert {f"result {name}" for name in RESULTS} | {f"outcome {name}" for name in shown} <= set(seen)
    assert {"late by finish", "late by serve_queue", "late by hand_over", "handed over", "stayed to drain"} <= set(seen)


def test_time_that_an_agent_loses_trips_conservation():
    given = next(
        given for given in map(scenario, range(50)) if len(given["staff"].agent) > 2 and len(given["calls"]) > 30
    )
    found = kernel.run(**given)
    idle_us = found.idle_us.copy()
    idle_us[0] += 1
    with pytest.raises(ConservationError, match=r"busy \d+ \+ wrap-up \d+ \+ idle \d+ us is not the staffed"):
        records_of(replace(found, idle_us=idle_us), given["calls"], given["staff"], horizon_us=given["horizon_us"])


@pytest.mark.parametrize(
    ("array", "field", "by"),
    [
        ("rows", "off", 1_000_000),
        ("lanes", "priority", -np.arange(16.0)),
        ("pairs", "reserve", 1),
        ("queues", "weight", 5.0),
        ("groups", "choice", 1),
    ],
)
def test_a_fault_planted_between_tables_and_loop_is_seen(monkeypatch, array, field, by):
    def faulty(*tables, **options):
        world = build_world(*tables, **options)
        values = getattr(world, array)
        values[field] += by[: len(values)] if np.ndim(by) else by
        if field == "choice":
            values[field] %= len(CHOICES)
        return world

    monkeypatch.setattr(engine, "build_world", faulty)
    assert any(first_difference(kernel.run(**given), of_reference(given)) for given in map(scenario, range(40)))
