"""Staffings that are known, from logs that do not state them: hours on duty, and how soon agents are ready again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from ivr.records.tables import Records, empty_table
from simulation.calibration.calibration import calibrate
from simulation.call_logs.log import CallLog
from simulation.experiment.run import simulate
from simulation.loading.load import load_scenario

S = 1_000_000
AHT_S = 260
"""4 min of talk and 20 s of work."""
STAFFINGS: dict[str, tuple[float, list[int]]] = {
    "hardly busy": (0.45, [6] * 18),
    "more calls than they can take": (1.0, [6] * 18),
    "many": (0.8, [20] * 18),
    "steps": (0.75, [3, 3, 5, 6, 6, 6, 6, 6, 6, 6, 5, 5, 5, 5, 3, 3, 3, 3]),
    "nobody for half an hour": (0.7, [8] * 8 + [0, 4] + [8] * 8),
}
"""Of each: how busy they are on average, and how many are on duty in the half hours from 8:00 to 17:00."""


def log_of(load: float, agents: list[int], folder: Path) -> CallLog:
    """Two weeks in whole seconds, a row a call: who answered, when, after how long a wait."""
    day = np.zeros(48)
    day[16:34] = agents
    calls = load * 1800 / AHT_S * np.where(day == 0, 4, day) * (np.arange(48) >= 16) * (np.arange(48) < 34)
    (folder / "desk.yaml").write_text("{ivr: 1, name: Desk, start: desk, nodes: {desk: {type: queue, queue: desk}}}")
    (folder / "truth.yaml").write_text(
        f"""
name: Truth
flow: desk.yaml
start: 2026-03-02 00:00
zone: UTC
horizon: 14d
interval: 30m
arrivals: {{kind: per_interval, calls: {np.round(calls, 3).tolist()}}}
intents: {{talk: {{share: 1, goal: desk}}}}
talk: {{lognormal: {{mean: 4m, cv: 0.9}}}}
after_call_work: {{exponential: 20s}}
patience: {{exponential: 5m}}
groups: {{desk: {{skills: [desk], agents: {day.astype(int).tolist()}}}}}
"""
    )
    found = simulate(load_scenario(folder / "truth.yaml"), replications=1, keep_calls=True).records
    assert isinstance(found, Records)
    visits = {name: np.array(column) for name, column in found.visits.items()}
    ends = visits["left_us"] + visits["talk_us"]
    for name in ("offered_us", "left_us"):
        visits[name] = visits[name] // S * S
    visits["answered_us"] = np.where(visits["answered_us"] >= 0, visits["left_us"], visits["answered_us"])
    visits["talk_us"] = ends // S * S - visits["left_us"]
    visits["group"] = np.full_like(visits["group"], -1)
    records = replace(found, visits=visits, agents=empty_table("agents"))
    none = np.full(len(found.calls["call_id"]), -1, dtype=np.int64)
    return CallLog("log", "table", records, none, none + 1, frozenset({"waits", "agents", "talk"}))


@pytest.mark.parametrize("name", STAFFINGS)
def test_hours_and_work_are_found_again(name: str, tmp_path: Path) -> None:
    """Hours of a day to 1 %; each half hour to half an agent, of many to 5 %; 20 s of work to three standard errors.

    The first and last answers alone gave 51.1 of 54 hours where agents are hardly busy, and 17.8 s (17.5 to 18.1) of
    work where they are many: who is ready sooner takes the next call.
    """
    load, agents = STAFFINGS[name]
    staff = calibrate(log_of(load, agents, tmp_path)).staff
    found = np.sum(staff.on_duty, axis=0).mean(axis=0)
    assert found.sum() == pytest.approx(sum(agents), rel=0.01)
    inside = found[16:34] - agents
    assert np.abs(inside).max() <= max(0.55, 0.05 * max(agents)), np.round(found[15:36], 2)
    assert found[:16].sum() + found[34:].sum() < 0.3
    ready = staff.pauses
    assert ready is not None
    assert abs(ready.mean.value - 20) <= 1.5 * (ready.mean.high - ready.mean.low) / 2
