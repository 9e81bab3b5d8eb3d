"""What a planner reads about runs in which callers are easily counted twice, or time after the end counts; worked out
by hand.
"""

from __future__ import annotations

import json

import numpy as np
import pytest

from ivr.__main__ import main
from ivr.records.measures import Sums, measures, sums
from ivr.records.schema import OUTCOMES, result_code
from ivr.routing import RoutingTable
from simulation.engines.contract import ENGINES, engine
from simulation.engines.kernel.measure_sums import sums as compiled_sums
from simulation.engines.results import records_of
from simulation.experiment.run import simulate
from simulation.loading.load import load_scenario
from simulation.tables.checks import CallTable, QueueRule, StaffTable
from tests.support.small_scenarios import QUEUE_ONLY, one_queue, write
from tests.support.texts import scenario
from tests.support.units import S

THERE = [name for name in ENGINES if hasattr(engine(name), "run")]
ROOM_FOR_NOBODY = """
ivr: 1
name: Our own people first
start: ours
nodes:
  ours: {type: queue, queue: ours, on: {full: theirs}}
  theirs: {type: queue, queue: theirs}
queues: {ours: {max_calls: 0}, theirs: {}}
"""
NOBODY_WAITS = scenario(
    "Another company has people in plenty",
    interval="1h",
    intents="{talk: {share: 1, goal: [ours, theirs]}}",
    talk="{exponential: 4m}",
    groups={"ours": "{skills: [ours], agents: 3}", "theirs": "{skills: [theirs], agents: 60}"},
)
CASES = scenario(
    "Cases that two shifts work on",
    start="2026-11-23 00:00",
    horizon="4d",
    interval="1d",
    arrivals="{kind: constant, per_hour: 3}",
    intents="{talk: {share: 1, goal: wait}}",
    talk="{constant: 40m}",
    groups={
        "early": '{skills: [calls], end_of_shift: hand_over, shifts: [{agents: 5, from: "06:00", to: "14:00"}]}',
        "late": '{skills: [calls], end_of_shift: hand_over, shifts: [{agents: 4, from: "14:00", to: "22:00"}]}',
    },
)


@pytest.mark.parametrize("name", THERE)
def test_who_finds_one_queue_full_and_joins_another_is_one_caller(tmp_path, capsys, name: str) -> None:
    """Nobody ever waits: callers who find their own group busy are answered at once by the other. So all are within
    any threshold.
    """
    path = write(tmp_path, ROOM_FOR_NOBODY, NOBODY_WAITS)
    result = simulate(load_scenario(path), replications=3, engine=name)
    found = result.measures
    assert found["offered"].mean == found["arrived"].mean == found["handled"].mean
    assert found["service_level"].mean == found["service_level_of_offered"].mean == 1
    assert found["full"].mean > 0
    folder = tmp_path / "records"
    assert main(["simulate", str(path), "--engine", name, "--replications", "2", "--records", str(folder)]) == 0
    capsys.readouterr()
    assert main(["report", str(folder), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)["measures"]
    assert told["service_level"] == 1
    assert told["offered"] == told["arrived"]


@pytest.mark.parametrize("name", THERE)
def test_a_case_that_two_shifts_work_on_is_handled_once(tmp_path, name: str) -> None:
    """Each takes 40 min of work, in any number of parts. No agents are there from 22:00, so the last cases are still
    open at the end.
    """
    result = simulate(load_scenario(write(tmp_path, QUEUE_ONLY, CASES)), replications=2, engine=name, keep_calls=True)
    records, found = result.records, result.measures
    assert records is not None
    calls, visits = records.calls, records.visits
    assert (visits["result"] == result_code("handed_over")).sum() > 10
    key = visits["call_id"] + (visits["replication"].astype("i8") << 40)
    worked = dict.fromkeys(key.tolist(), 0)
    for call, talk_us in zip(key.tolist(), visits["talk_us"].tolist(), strict=True):
        worked[call] += talk_us
    done = [
        call
        for call, outcome in zip(
            (calls["call_id"] + (calls["replication"].astype("i8") << 40)).tolist(), calls["outcome"], strict=True
        )
        if OUTCOMES[outcome] == "handled"
    ]
    assert {worked[call] for call in done} == {2400 * S}
    assert found["handled"].mean == len(done) / 2 <= found["arrived"].mean == found["offered"].mean
    begun_us = sum(worked.values()) - 2400 * S * len(done)  # of cases still open
    assert found["talk_s"].mean == pytest.approx(2400 + begun_us * 1e-6 / len(done))
    assert result.by_queue["calls"]["offered"].mean == found["offered"].mean
    assert sum(of["handled"].mean for of in result.by_group.values()) == found["handled"].mean
    # Little's law: callers waiting, or worked on, on average = arrivals x time; the busy part is talk alone
    busy = found["busy_agents"].mean * 4 * 86_400
    assert busy == pytest.approx(sum(worked.values()) * 1e-6 / 2, rel=1e-9)


def both(records, **asked) -> list[Sums]:
    return [sums(records, **asked), compiled_sums(records, **asked)]


@pytest.mark.parametrize("name", THERE)
def test_time_after_the_horizon_is_neither_staffed_nor_busy(name: str) -> None:
    """Two agents from 0 to the horizon, 100 s. Calls at 90 and 95, 60 s each, for agent 0 alone: talks 90-150 and
    150-210.

    Agent 1 idles to 150, when no call is pending any more, agent 0 works to 210. Within the horizon: staffed 2 x 100 s,
    busy 10 s.
    """
    calls = CallTable.of(arrived_us=np.array([90, 95]) * S, talk_us=60 * S)
    routing = RoutingTable(queues=("queue",), groups=("serves", "idles"), rank=((0, None),))
    staff = StaffTable(agent=[0, 1], group=[0, 1], on_us=[0, 0], off_us=[100 * S, 100 * S], groups=("serves", "idles"))
    found = engine(name).run(calls, staff, routing, horizon_us=100 * S)
    records = records_of(found, calls, staff, horizon_us=100 * S)
    assert records.agents["off_us"].tolist() == [210 * S, 150 * S]
    for of in both(records, interval_us=30 * S) + both(records):
        assert (of.column("staffed_us"), of.column("busy_us")) == (200 * S, 10 * S)
        whole = measures(of)
        assert (whole["occupancy"], whole["staffed_agents"], whole["busy_agents"]) == pytest.approx((0.05, 2, 0.1))
        assert [measures(of, group=group)["occupancy"] for group in of.groups] == [0.1, 0]
        if of.intervals:
            assert [measures(of, interval=i)["occupancy"] for i in range(4)] == pytest.approx([0, 0, 0, 10 / 20])


def test_occupancy_stands_beside_the_exact_one(tmp_path) -> None:
    """M/M/6+M at 1.2 times its capacity for 10 hours: occupancy is that of Erlang A but for the start from empty, some
    0.001.
    """
    settings = ("arrivals.per_hour=144", "patience={exponential: 3m}", "interval=2h")
    result = simulate(one_queue(tmp_path, *settings), replications=60)
    value = result.measures["occupancy"]
    assert value.exact is not None
    assert value.half_width is not None
    assert abs(value.mean - value.exact) <= value.half_width + 0.003
    parts = result.parts
    whole, by_interval = (
        sum(part.values[cells].sum(axis=0) for part in parts)
        for cells in ([0], [parts[0].cell(interval=i) for i in range(parts[0].intervals)])
    )
    assert np.array_equal(whole[-3:], by_interval[-3:])  # staffed, busy, wrap-up


@pytest.mark.parametrize("name", THERE)
def test_a_promised_callback_is_not_missed(name: str) -> None:
    """One agent, talks of 100 s. Call 1 comes at 10 s, when 100 s of wait are expected: without an offer it waits 90 s
    and is missed.

    With one it is promised a callback: of the one caller who is offered, one is answered in time. The callback comes at
    100 s.
    """
    calls = CallTable.of(arrived_us=np.array([0, 10]) * S, talk_us=100 * S, reached_at=1, u=np.zeros((2, 2)))
    routing = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))
    staff = StaffTable.constant({"agents": 1}, 0, 400 * S)
    levels = []
    for rules in (
        (),
        (QueueRule(mean_handle_us=100 * S, callback_above_us=30 * S, callback_share=1.0, callback_attempts=1),),
    ):
        records = records_of(
            engine(name).run(calls, staff, routing, horizon_us=400 * S, queue_rules=rules),
            calls,
            staff,
            horizon_us=400 * S,
        )
        for of in both(records):
            levels.append((measures(of)["service_level"], measures(of)["offered"], measures(of)["callbacks_promised"]))
    assert levels == [(0.5, 2, 0)] * 2 + [(1, 1, 1)] * 2
    assert (measures(of)["callback_wait_s"], measures(of)["callback_level"]) == (90, 1)


def test_comparisons_print_what_becomes_of_callbacks(tmp_path, capsys) -> None:
    path = write(
        tmp_path,
        QUEUE_ONLY,
        NOBODY_WAITS.replace("[ours, theirs]", "wait")
        .replace("ours: {skills: [ours], agents: 3}", "few: {skills: [calls], agents: 9}")
        .replace("  theirs: {skills: [theirs], agents: 60}\n", "patience: {exponential: 3m}\nreplications: 20\n"),
    )
    offer = "queues.calls.callback={above: 30s, share: 60%}"
    assert main(["compare", str(path), "--set", f"with callbacks: {offer}", "--json"]) == 0
    level = json.loads(capsys.readouterr().out)["differences"]["with callbacks"]["service_level"]
    assert (
        level["verdict"] == "better"
    )  # the same agents have fewer callers waiting, and those called back are not missed
    assert main(["compare", str(path), "--set", f"with callbacks: {offer}"]) == 0
    out = capsys.readouterr().out
    assert "Callbacks" in out
    assert "Promised" in out
    assert "In time" in out
    assert main(["simulate", str(path), "--set", offer]) == 0
    out = capsys.readouterr().out
    assert "Callbacks promised" in out
    assert "Callbacks in time" in out
    assert "Wait for the callback" in out
