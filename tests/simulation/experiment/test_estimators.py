"""Errors of the estimators of the wait, by hand and in order of the evidence."""

from __future__ import annotations

import json

import numpy as np
import pytest

from ivr.__main__ import main
from ivr.routing import RoutingTable
from simulation.engines.contract import engine
from simulation.experiment.wait_estimators import error_sums, measure_estimators
from simulation.tables.checks import CallTable, QueueRule, StaffTable
from tests.support.small_scenarios import one_queue
from tests.support.units import S


def test_errors_of_three_calls_by_hand() -> None:
    """One agent, talk 100 s; calls at 0, 10, 30, 40 (hangs up at 50): waits 0, 90, 170. Mean handle time stated: 50 s.

    Estimates: call 1: 50, 0, 0; call 2: 100, 20, 0. Errors (estimate - wait): queue length -40, -70; head of line -90,
    -150; last to enter -90, -170. More than a minute late: queue length 1 of 2, the others both.
    """
    calls = CallTable.of(
        arrived_us=np.array([0, 10, 30, 40]) * S, talk_us=100 * S, patience_us=np.array([1000, 1000, 1000, 10]) * S
    )
    routing = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))
    found = engine("reference").run(
        calls,
        StaffTable.constant({"agents": 1}, 0, 400 * S),
        routing,
        horizon_us=400 * S,
        queue_rules=(QueueRule(mean_handle_us=50 * S),),
        estimates=True,
    )
    [sums] = error_sums(found, queues=1).tolist()
    assert sums == [
        [2, 260, -110, 40**2 + 70**2, 110, 1],
        [2, 260, -240, 90**2 + 150**2, 240, 2],
        [2, 260, -260, 90**2 + 170**2, 260, 2],
    ]


def test_the_best_comes_first_and_the_json_is_stable(tmp_path, capsys) -> None:
    result = measure_estimators(one_queue(tmp_path), replications=2, engine="reference")
    [errors] = result.by_queue.values()
    assert sorted(errors, key=lambda e: e.rmse_s) == list(errors)
    assert {e.estimator for e in errors} == {"queue_length", "head_of_line", "last_to_enter"}
    for e in errors:
        assert e.rmse_s >= e.absolute_s >= abs(e.bias_s)  # Jensen
    assert main(["estimators", "power_outage", "--engine", "reference", "--replications", "1", "--json"]) == 0
    [row, *_] = json.loads(capsys.readouterr().out)["by_queue"]["outage"]
    assert set(row) == {"estimator", "waits", "mean_wait_s", "bias_s", "rmse_s", "absolute_s", "share_late"}


def test_a_table_for_people(capsys) -> None:
    assert main(["estimators", "power_outage", "--engine", "reference", "--replications", "1"]) == 0
    out = capsys.readouterr().out
    assert "queue length" in out
    assert max(map(len, out.splitlines())) <= 80


@pytest.mark.parametrize(("option", "value"), [("--replications", "0"), ("--workers", "0"), ("--seed", "-1")])
def test_options_that_cannot_be_meant(option: str, value: str, capsys) -> None:
    assert main(["estimators", "power_outage", "--engine", "reference", option, value]) == 2
    assert "X005" in capsys.readouterr().err
