"""Chats: one at a time they are calls, in both engines; what a fault does; the formula; what explain-call says."""

from dataclasses import replace

import numpy as np
import pytest

from flows.source.finding import LimitError, ScenarioError
from ivr.records.costs import Prices, priced
from ivr.records.count_records import interval_edges
from ivr.records.measures import measures, sums
from ivr.records.one_call import one_call
from ivr.records.schema import NEVER
from ivr.routing import RoutingTable
from simulation.engines import contract
from simulation.engines import results as engine_results
from simulation.engines.conservation import ConservationError
from simulation.engines.contract import ENGINES
from simulation.report.call_text import call_text
from simulation.tables.chats import Chats
from simulation.tables.checks import CallTable, StaffTable
from simulation.theory import chatting_mmn, erlang_a, erlang_c
from tests.support.small_scenarios import one_queue
from tests.support.units import S

ROUTING = RoutingTable(queues=("chat", "call"), groups=("desk", "night"), rank=((0, 0), (0, 1)), pull=((0, 1), (0, 0)))


def busy_day(seed: int, *, choice: str) -> dict:
    """Two groups with breaks, pauses, hand-overs, wrap-up and patience."""
    rng = np.random.default_rng(seed)
    calls = CallTable.of(
        arrived_us=np.sort(rng.integers(0, 600 * S, 80)),
        queue=rng.integers(0, 2, 80),
        queues=("chat", "call"),
        talk_us=rng.integers(0, 90 * S, 80),
        acw_us=rng.integers(0, 20 * S, 80),
        patience_us=rng.integers(5 * S, 300 * S, 80),
        agent_draw=rng.integers(0, 2**53, 80),
        pause_us=(rng.integers(0, 30 * S, 80) * rng.integers(0, 2, 80)).reshape(-1, 1),
        pause_column=(0, 0),
    )
    staff = StaffTable(
        agent=np.array([0, 0, 1, 2, 3]),
        group=np.array([0, 0, 0, 1, 1]),
        on_us=np.array([0, 330 * S, 50 * S, 0, 200 * S]),
        off_us=np.array([300 * S, 600 * S, 500 * S, 450 * S, 600 * S]),
        groups=("desk", "night"),
        speed=np.array([1, 1, 0.7, 1.3, 1]),
        rest_us=np.array([0, 20 * S, 0, 0, 0]),
        to_break=np.array([True, False, False, False, False]),
        at_off=("hand_over", "serve_queue"),
    )
    return {
        "calls": calls,
        "staff": staff,
        "routing": replace(ROUTING, choice=(choice, choice)),
        "horizon_us": 600 * S,
        "at_end": "clear" if seed % 2 else "drain",
    }


def columns(records) -> dict:
    return {
        (table, name): values.tolist()
        for table in ("calls", "visits", "agents", "pauses")
        for name, values in getattr(records, table).items()
    }


@pytest.mark.parametrize("choice", ["longest_idle", "fewest_calls", "least_occupied", "random"])
def test_one_chat_at_a_time_is_a_call(choice) -> None:
    """Every column, to the microsecond, in both engines, although the engines keep chats in other structures."""
    for seed in range(4):
        day = busy_day(seed, choice=choice)
        one = day | {"staff": replace(day["staff"], chats=(Chats(1, (1,)),) * 2)}
        wanted = columns(contract.engine("reference").simulate(**day))
        for engine in ENGINES:
            found = contract.engine(engine).simulate(**one)
            assert columns(found) == wanted
            assert measures(sums(found))["concurrency"] == 1


@pytest.mark.parametrize("choice", ["longest_idle", "fewest_calls", "least_occupied", "random"])
def test_the_engines_agree_about_several(choice) -> None:
    several = (Chats(3, (1, 1.3, 1.7), ("chat",)), Chats(2, (1, 1)))
    for seed in range(4):
        day = busy_day(seed, choice=choice)
        day |= {"staff": replace(day["staff"], chats=several)}
        one, other = (contract.engine(engine).simulate(**day) for engine in ENGINES)
        assert columns(one) == columns(other)
        assert {n: v.tolist() for n, v in one.in_hand.items()} == {n: v.tolist() for n, v in other.in_hand.items()}
        assert one.in_hand["in_hand"].max() == 3


def two_at_once(**changes) -> dict:
    """A chat of 60 s at 0 s and one at 30 s; half as long again with two in hand."""
    return {
        "calls": CallTable.of(arrived_us=[0, 30 * S], talk_us=60 * S),
        "staff": replace(StaffTable.constant({"desk": 1}, 0, 200 * S), chats=(Chats(2, (1, 1.5)),)),
        "routing": RoutingTable(queues=("queue",), groups=("desk",), rank=((0,),)),
        "horizon_us": 200 * S,
    } | changes


def test_a_call_is_explained_by_what_is_in_hand() -> None:
    """The second finds the agent with the first in hand: 75 s and 75 s (30 x 1.5 more; then 30 alone)."""
    records = contract.engine("reference").simulate(**two_at_once())
    assert records.visits["talk_us"].tolist() == [75 * S, 75 * S]
    text = " ".join(call_text(one_call(records, 1), records, title="Call 1").split())
    assert "joins queue: nobody is waiting; 1 of 1 busy in desk with 1 in hand" in text


def test_overtime_with_several_chats_is_paid_once() -> None:
    """The shift ends at 50 s, with two in hand until 75 s and one until 105 s: 55 s, at twice 1 a second."""
    staff = replace(StaffTable.constant({"desk": 1}, 0, 50 * S), chats=(Chats(2, (1, 1.5)),))
    records = contract.engine("reference").simulate(**two_at_once(staff=staff))
    prices = Prices(agent_hour={"desk": 3600.0}, overtime_factor=2.0)
    edges = interval_edges(200 * S, 100 * S)
    paid = priced(sums(records), records, prices, edges_us=edges, shift_ends_us=staff.shift_ends_us)
    assert paid.column("overtime_us") == 55 * S
    assert (measures(paid)["cost_agents"], measures(paid)["cost_overtime"]) == (50, 110)


def test_a_pause_that_made_a_caller_wait_is_named() -> None:
    calls = CallTable.of(arrived_us=[0, 70 * S], talk_us=60 * S, pause_us=np.full((2, 1), 30 * S), pause_column=(0,))
    staff = StaffTable.constant({"desk": 1}, 0, 200 * S)
    records = contract.engine("reference").simulate(**two_at_once(calls=calls, staff=staff))
    text = " ".join(call_text(one_call(records, 1), records, title="Call 1").split())
    assert "0 of 1 busy in desk, 1 on a short pause" in text
    assert "answers after 20 s" in text


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"talk_us": [75 * S, 100 * S]}, "agent 0: busy"),  # the engine counted the idle time after 75 s
        ({"left_us": [0, 130 * S]}, "has chats in hand while they are not there"),  # beyond the shift
    ],
)
def test_impossible_chats_trip_conservation(monkeypatch, change, message) -> None:
    from simulation.engines.reference import engine

    true = engine._result

    def tampered(state, **options):
        found = true(state, **options)
        return replace(found, visits={**found.visits, **{name: np.array(values) for name, values in change.items()}})

    monkeypatch.setattr(engine, "_result", tampered)
    with pytest.raises(ConservationError, match=message):
        contract.engine("reference").simulate(**two_at_once())


def test_more_chats_than_slots_trip_conservation(monkeypatch) -> None:
    true = engine_results.in_hand

    def tampered(*given):
        table, rows = true(*given)
        return {**table, "slots": np.minimum(table["slots"], 1)}, rows

    monkeypatch.setattr(engine_results, "in_hand", tampered)
    with pytest.raises(ConservationError, match="agent 0 has too many chats in hand"):
        contract.engine("reference").simulate(**two_at_once())


@pytest.mark.parametrize(
    ("chats", "message"),
    [
        ((2, (1,)), "slower has 1 values; it needs one for each of 1 to 2 in hand"),
        ((2, (1.5, 2)), r"slower is \(1.5, 2\); it must begin with 1 and not fall"),
        ((3, (1, 2, 1.5)), r"slower is \(1, 2, 1.5\); it must begin with 1 and not fall"),
    ],
)
def test_wrong_factors_are_refused(chats, message) -> None:
    with pytest.raises(ScenarioError, match=message):
        Chats(*chats)


def test_the_formula_for_one_at_a_time_is_erlangs() -> None:
    floor = {"arrivals_per_hour": 60, "aht_s": 300, "agents": 6}
    alone = chatting_mmn(**floor, slower=(1,), patience_s=120)
    erlang = erlang_a(**floor, patience_s=120)
    assert alone.wait_probability == pytest.approx(erlang.wait_probability)
    assert alone.abandonment == pytest.approx(erlang.abandonment)
    assert alone.occupancy == alone.slot_occupancy == pytest.approx(erlang.occupancy)
    assert alone.concurrency == pytest.approx(1)
    assert chatting_mmn(**floor, slower=(1,)).mean_wait_s == pytest.approx(erlang_c(**floor).mean_wait_s)


def test_slots_that_gain_nothing_gain_nothing() -> None:
    """Two at once, each twice as long: one agent works at the same rate as with one, so the number of callers in the
    system is that of M/M/1, weights 1/2, 1/4, 1/8 ... at a load of 1/2; those who find two there wait.
    """
    shared = chatting_mmn(arrivals_per_hour=1, aht_s=1800, agents=1, slower=(1, 2))
    assert shared.wait_probability == pytest.approx(1 / 4)
    assert shared.occupancy == pytest.approx(1 / 2)
    assert shared.mean_wait_s + shared.aht_s == pytest.approx(3600)  # a mean of one in the system, by Little
    with pytest.raises(LimitError):
        chatting_mmn(arrivals_per_hour=3, aht_s=1800, agents=1, slower=(1, 1.5))


@pytest.mark.parametrize("engine", ENGINES)
def test_tables_in_which_who_chats_is_asked_into_a_talk_are_refused(engine) -> None:
    calls = CallTable.of(
        arrived_us=[0], talk_us=[60 * S, 10 * S], queue=[0, 0], limit_us=[NEVER, S], confer_next=[1, -1]
    )
    with pytest.raises(ScenarioError, match="the agents of desk chat and serve queue, whose agents ask or join"):
        contract.engine(engine).simulate(**two_at_once(calls=calls))


def test_a_scenario_in_which_who_chats_is_asked_into_a_talk_is_refused(tmp_path) -> None:
    with pytest.raises(ScenarioError) as caught:
        one_queue(
            tmp_path,
            "groups.agents={skills: [calls], agents: 6, chats: {at_once: 2, slower: [1, 1.5]}}",
            "queues.calls={conference: {with: calls, share: 10%, talk: {exponential: 1m}}}",
        )
    finding = caught.value.findings[0]
    assert finding.code == "X005"
    assert "agents who chat take no part in conferences" in finding.message
