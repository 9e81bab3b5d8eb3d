"""Keys pressed after a caller has joined a queue count for the call: by hand, in both engines, and in the records."""

from __future__ import annotations

import numpy as np
import pytest

from ivr.records.measures import measures, sums
from ivr.records.schema import NONE, RESULTS
from simulation.engines import kernel, reference
from simulation.engines.results import records_of
from simulation.experiment.run import simulate
from simulation.experiment.runner import Runner
from simulation.sampling.streams import Streams
from simulation.tables.checks import CallTable, RoutingTable, StaffTable
from simulation.workload.build_call_table import build_call_table, prepare
from tests.support.small_scenarios import FEATURES, features
from tests.support.units import S

# After the talk three are asked for a number from 0 to 10 and whether it is settled; after 90 s they choose with two
# keys.
ASKING = FEATURES.replace(
    "thanks: {type: play, say: {text: Thanks., seconds: 5}, next: bye}",
    """thanks:
    type: survey
    say: {text: Thanks., seconds: 5}
    questions: [{kind: nps}, {kind: resolved}]
    next: bye""",
).replace(
    "sorry: {type: play, say: {text: Sorry., seconds: 4}, next: second_queue}",
    """sorry:
    type: menu
    prompt: {text: To wait on press 22., seconds: 4}
    attempts: 1
    choices: [{key: 22, label: waiting, next: second_queue}]
    otherwise: bye""",
)
ALWAYS_TEN = "behaviour.nodes={thanks: {shares: {nps 10: 1, resolved yes: 1}}}"


def test_the_legs_of_the_call_table_say_the_keys_of_each_way(tmp_path) -> None:
    """Key 1 in the menu; then a survey of 10 and 1: two presses; 22: one; the full queue's message: none; pound:
    one.
    """
    waiting = "behaviour.while_waiting={help_queue: {pound: {share: 0.5, after: {constant: 1s}}}}"
    calls = build_call_table(prepare(features(tmp_path, ALWAYS_TEN, flow=ASKING)), Streams(3))
    help = np.flatnonzero((calls.queue[: len(calls)] == 0) & (calls.limit_next[: len(calls)] != NONE))
    assert len(help) > 50
    assert set(calls.key_presses.tolist()) == {1}
    for name, keys in (("talk_keys", 2), ("limit_keys", 1), ("full_keys", 0)):
        assert set(getattr(calls, name)[help].tolist()) == {keys}, name
    pressing = build_call_table(prepare(features(tmp_path, ALWAYS_TEN, waiting, flow=ASKING)), Streams(3))
    left = pressing.limit_us == S
    assert 0.4 < left[help].mean() < 0.6
    assert set(pressing.limit_keys[left].tolist()) == {1}  # the voicemail box asks for none


@pytest.mark.parametrize("engine", [reference.run, kernel.run], ids=["reference", "kernel"])
def test_an_engine_adds_the_keys_of_the_ways_that_are_taken(engine) -> None:
    """One agent talks for 100 s. The first call is answered (1 + 3 keys), the second waits in vain for 10 s and goes to
    another queue, which is free (1 + 2 + 30), the third hangs up after 5 s (1), and the fourth, blocked, has none.
    """
    calls = CallTable.of(
        arrived_us=np.array([0, 1, 2, 3]) * S,
        talk_us=100 * S,
        queue=[0, 0, 0, 0, 1],
        key_presses=[1, 1, 1, 1],
        patience_us=np.array([500, 500, 5, 500, 500]) * S,
        limit_us=[2**62, 10 * S, 2**62, 2**62, 2**62],
        limit_next=[-1, 4, -1, -1, -1],
        limit_keys=2,
        full_keys=700,
        talk_keys=[3, 3, 3, 3, 30],
        queues=("one", "other"),
    )
    staff = StaffTable.constant({"first": 1, "second": 1}, 0, 1000 * S)
    routing = RoutingTable(queues=("one", "other"), groups=("first", "second"), rank=((0, None), (None, 0)))
    found = engine(calls, staff, routing, horizon_us=1000 * S, lines=3)
    assert found.key_presses.tolist()[:3] == [4, 33, 1]
    records = records_of(found, calls, staff, horizon_us=1000 * S)
    assert records.calls["key_presses"].tolist() == [4, 33, 1, 0]
    assert measures(sums(records))["key_presses"] == pytest.approx((4 + 33 + 1) / 3)


def test_the_mean_of_a_run_counts_them(tmp_path) -> None:
    """With agents for all nobody waits: 3/4 (help) are asked afterwards, 1 + 2 presses; the others press once."""
    loaded = features(tmp_path, ALWAYS_TEN, "groups.first.agents=200", "replications=1", flow=ASKING)
    result = simulate(loaded)
    runner = Runner.of(loaded)
    part, records = runner.replication(runner.calls(1, 0, 0.5))
    surveyed = (records.calls["intent"] == 0).mean()
    assert measures(part)["key_presses"] == pytest.approx(1 + 2 * surveyed)
    assert set(records.visits["result"].tolist()) == {RESULTS.index("handled")}
    # how many are asked depends on the floor: no exact value
    assert result.measures["key_presses"].exact is None


def test_keys_have_an_exact_value_where_none_is_asked_for_after_a_queue(tmp_path) -> None:
    assert simulate(features(tmp_path, "replications=1")).measures["key_presses"].exact == pytest.approx(1)
