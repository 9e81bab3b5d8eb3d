"""Simulated records carry the steps of callers, and a scenario made of them sends as many to each queue."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.records.files import write
from simulation.backtesting.retimed import as_scenario
from simulation.calibration.calibration import Calibration, calibrate
from simulation.calibration.choices import pooled
from simulation.calibration.scenario_data import scenario_data
from simulation.call_logs.log import CallLog
from simulation.call_logs.read import read_log
from simulation.experiment.run import simulate
from simulation.loading.load import load_scenario

LINES = ("credit_union", "northwind", "power_outage", "city_services")
AGAIN = 6


def calibrated(name: str, folder: Path) -> tuple[Calibration, dict[str, int], list[dict[str, int]]]:
    """One day of a shipped scenario, what is told of it, and callers by queue: of that day, and of days made of it."""
    truth = load_scenario(name)
    day = simulate(truth, replications=1, keep_calls=True).records
    assert day is not None
    write(day, folder / name)
    log = read_log([folder / name])
    assert isinstance(log, CallLog)
    found = calibrate(log, interval_s=truth.scenario.interval, flow=truth.flow)
    data = scenario_data(found, name=name, flow_file=f"{name}.yaml", flow=truth.flow)
    made = as_scenario(data.data, str(folder / "made.scenario.yaml"), truth.flow)
    days = simulate(made, replications=AGAIN, keep_calls=True).records
    assert days is not None
    return found, _joined(day), [_joined(days, k) for k in range(AGAIN)]


def _joined(records, replication: int | None = None) -> dict[str, int]:
    """Calls by the queue that they join first."""
    visits = records.visits
    rows = (visits["seq"] == 0) & (np.True_ if replication is None else visits["replication"] == replication)
    counts = np.bincount(visits["queue"][rows], minlength=len(records.names["queue"]))
    return dict(zip(records.names["queue"], counts.tolist(), strict=True))


@pytest.mark.parametrize("name", LINES)
def test_a_line_made_of_its_own_records_has_the_same_callers_in_each_queue(name: str, tmp_path: Path) -> None:
    """A count of n on one day is off by sqrt(n) by chance, and what was estimated from that day by as much again."""
    _, real, days = calibrated(name, tmp_path)
    for queue, count in real.items():
        said = np.mean([day[queue] for day in days])
        assert abs(said - count) <= 2.6 * np.sqrt(2 * count), (queue, count, said)


def test_menu_behaviour_is_what_the_scenario_states(tmp_path: Path) -> None:
    """The credit union: 6 % of prompts for a number have no entry, 8 % of PINs are wrong, all else is usual."""
    found, _, _ = calibrated("credit_union", tmp_path)
    behaviour = load_scenario("credit_union").scenario.behaviour
    told = pooled(found.choices)
    stated = [
        (told["wrong_key"], behaviour.wrong_key),
        (told["no_input"], behaviour.no_input),
        (told["zero_out"], behaviour.zero_out),
        (told["no_entry"], 0.06),
        (found.choices["ask_account"].shares["wrong_entry"], behaviour.wrong_entry),
        (found.choices["ask_pin"].shares["wrong_entry"], 0.08),
    ]
    for one, truth in stated:
        assert abs(one.value - truth) <= 0.75 * (one.high - one.low), (one, truth)  # 99.7 %
    assert found.hanging_up is not None
    assert found.hanging_up.low * 0.8 <= behaviour.hang_up_per_minute <= found.hanging_up.high * 1.2


@pytest.mark.parametrize("engine", ["reference", "kernel"])
def test_steps_are_those_of_the_path(engine: str) -> None:
    """Each path names the choices of its steps, in order; every step is within its call's time in the menu."""
    records = simulate(load_scenario("credit_union"), replications=1, keep_calls=True, engine=engine).records
    assert records is not None
    steps, calls = records.steps, records.calls
    node, label = records.names["node"], records.names["step_outcome"]
    said: dict[int, list[str]] = {}
    for call, n, outcome in zip(
        steps["call_id"].tolist(), steps["node"].tolist(), steps["outcome"].tolist(), strict=True
    ):
        said.setdefault(call, []).append(f"{node[n]} {label[outcome]}")
    for call, path in zip(calls["call_id"].tolist()[:300], calls["path"].tolist()[:300], strict=True):
        words = [word for word in records.names["path"][path].split(" > ") if " " in word] if path >= 0 else []
        left = iter(said.get(call, []))
        assert all(word in left for word in words), (call, words, said.get(call))
    at = steps["at_us"] - calls["arrived_us"][steps["call_id"]]
    assert at.min() >= 0
    assert np.all(at <= calls["menu_us"][steps["call_id"]])
    blocked = calls["outcome"] == 2
    assert not np.isin(steps["call_id"], calls["call_id"][blocked]).any()


def test_keeping_steps_moves_no_caller() -> None:
    """The measures of a day are the same with its calls kept, drawn readably, or not, drawn compiled."""
    scenario = load_scenario("credit_union")
    kept, lean = (simulate(scenario, replications=1, keep_calls=keep) for keep in (True, False))
    assert {name: one.mean for name, one in kept.measures.items()} == {
        name: one.mean for name, one in lean.measures.items()
    }
