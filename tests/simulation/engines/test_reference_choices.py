"""Every decision of the engine against the pure choices, and conservation with faults planted."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ivr.records.schema import NEVER, OUTCOMES, outcome_code
from ivr.routing import CHOICES, RoutingTable, agent_for_call, call_for_agent
from simulation.engines import contract as engines
from simulation.engines import results
from simulation.engines.conservation import ConservationError
from simulation.engines.reference import agent_events, agents, call_events, calls, engine
from simulation.engines.reference.floor import Floor
from simulation.tables.checks import OFFERED, CallTable, StaffTable
from tests.support.units import S

simulate = engines.engine("reference").simulate


class CheckedFloor(Floor):
    """A floor that also asks the pure functions at every decision."""

    decisions = 0

    def agent_for(self, queue, waited_us, draw, now_us):
        chosen = super().agent_for(queue, waited_us, draw, now_us)
        idle = self.idle_agents(now_us)
        pure = agent_for_call(self.routing, queue=queue, waited_us=waited_us, idle=idle, draw=draw)
        assert pure == (None if chosen is None else chosen.id)
        CheckedFloor.decisions += 1
        return chosen

    def visit_for(self, group, now_us, in_hand=0):
        idle = sum(a.group == group for a in self.idle_agents(now_us)) + 1
        chosen = super().visit_for(group, now_us, in_hand)
        pure = call_for_agent(
            self.routing, group=group, idle_in_group=idle, now_us=now_us, waiting=self.waiting_calls()
        )
        assert pure == (None if chosen is None else chosen.call)
        CheckedFloor.decisions += 1
        return chosen


@st.composite
def worlds(draw):
    """A small, crowded floor on a coarse clock, so that ties abound."""
    n_queues, n_groups = draw(st.integers(1, 3)), draw(st.integers(1, 3))

    def matrix(values):
        return tuple(tuple(draw(values) for _ in range(n_groups)) for _ in range(n_queues))

    seconds = st.integers(0, 6).map(lambda s: s * S)
    routing = RoutingTable(
        queues=tuple("abc"[:n_queues]),
        groups=tuple("xyz"[:n_groups]),
        rank=matrix(st.sampled_from([0, 0, 1, 2, None])),
        pull=matrix(st.integers(0, 1)),
        after_us=matrix(st.sampled_from([0, 0, 0, 2 * S, 5 * S])),
        priority=tuple(draw(st.integers(0, 2)) for _ in range(n_queues)),
        weight_per_s=tuple(draw(st.sampled_from([0, 0, 0.3, 0.5])) for _ in range(n_queues)),
        keep_idle=tuple(draw(st.sampled_from([0, 0, 1])) for _ in range(n_groups)),
        own=tuple(tuple(draw(st.booleans()) for _ in range(n_groups)) for _ in range(n_queues)),
        choice=(draw(st.sampled_from(CHOICES)),) * n_groups,
    )
    n = draw(st.integers(1, 25))

    def column(values):
        return np.array([draw(values) for _ in range(n)], dtype=np.int64)

    contained = column(st.sampled_from([0, 0, 0, 1])).astype(bool)
    queue = np.where(contained, -1, column(st.integers(0, n_queues - 1)))
    never = st.just(NEVER)
    calls = CallTable.of(
        arrived_us=np.sort(column(st.integers(0, 29).map(lambda s: s * S))),
        menu_us=column(seconds),
        queue=queue,
        ending=np.where(contained, outcome_code("contained"), OFFERED),
        queues=routing.queues,
        talk_us=column(seconds),
        acw_us=column(st.sampled_from([0, 0, S, 3 * S])),
        patience_us=column(st.one_of(seconds, never)),
        limit_us=column(st.one_of(never, never, seconds)),
        agent_draw=column(st.integers(0, 2**53 - 1)),
    )
    rows = []
    for agent in range(draw(st.integers(0, 5))):
        edges = sorted(draw(st.sets(st.integers(0, 40), min_size=2, max_size=4)))
        if draw(st.booleans()) and len(edges) == 3:
            edges.insert(1, edges[1])  # two shifts that touch
        rows += [
            (agent, draw(st.integers(0, n_groups - 1)), a * S, b * S)
            for a, b in zip(edges[::2], edges[1::2], strict=False)
        ]
    staff = StaffTable(*np.array(rows, dtype=np.int64).reshape(-1, 4).T, groups=routing.groups)
    return {
        "calls": calls,
        "staff": staff,
        "routing": routing,
        "horizon_us": 30 * S,
        "lines": draw(st.sampled_from([None, None, 1, 4])),
        "at_end": draw(st.sampled_from(["drain", "clear"])),
    }


@settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(world=worlds())
def test_every_decision_is_that_of_the_pure_choices(world):
    original = engine.Floor
    engine.Floor = CheckedFloor
    try:
        records = simulate(**world)
    finally:
        engine.Floor = original
    assert_true(records, world)


def assert_true(records, world):
    """What holds for any records, checked without the engine: waits, ends, skills, lines and shifts."""
    calls, visits, given_calls = records.calls, records.visits, world["calls"]
    outcome = np.array([OUTCOMES[code] for code in calls["outcome"]])
    answered = visits["agent"] >= 0
    patience = given_calls.patience_us[visits["call_id"]]
    waited = visits["left_us"] - visits["offered_us"]
    assert np.all(waited <= np.minimum(patience, given_calls.limit_us[visits["call_id"]]))
    assert np.all(waited[visits["result"] == 1] == patience[visits["result"] == 1])
    assert np.all(
        calls["ended_us"][visits["call_id"][answered]] == (visits["answered_us"] + visits["talk_us"])[answered]
    )
    ranks = [
        world["routing"].rank[q][g] for q, g in zip(visits["queue"][answered], visits["group"][answered], strict=True)
    ]
    assert None not in ranks
    if world["lines"] is not None:
        held = outcome != "blocked"
        changes = sorted([(t, 1) for t in calls["arrived_us"][held]] + [(t, -1) for t in calls["ended_us"][held]])
        assert max(np.cumsum([change for _, change in changes]), default=0) <= world["lines"]
    # No agent begins before their shift.
    for agent in range(len(records.agents["agent"])):
        on, off = records.agents["on_us"][agent], records.agents["off_us"][agent]
        planned_on = world["staff"].on_us[agent]
        assert planned_on <= on <= off


def test_the_property_test_saw_real_decisions():
    """The checked floor itself fails when a structure is wrong (here: the newest call first)."""

    class Wrong(CheckedFloor):
        def add_waiting(self, visit, urgency):
            super().add_waiting(visit, urgency)
            self.lanes[visit.queue][urgency].rotate(1)

    original, engine.Floor = engine.Floor, Wrong
    try:
        with pytest.raises(AssertionError):
            simulate(**busy_day())
    finally:
        engine.Floor = original
    before = CheckedFloor.decisions
    original, engine.Floor = engine.Floor, CheckedFloor
    try:
        simulate(**busy_day())
    finally:
        engine.Floor = original
    # Each of 40 calls is one decision at its offer; each of 3 shift starts and each of the releases is another.
    assert CheckedFloor.decisions - before >= 80


def busy_day():
    """Forty calls, a second apart, 4 s of talk and 1 s of wrap-up: three agents cannot keep up."""
    return {
        "calls": CallTable.of(arrived_us=np.arange(40) * S, talk_us=4 * S, acw_us=S),
        "staff": StaffTable.constant({"agents": 3}, 0, 60 * S),
        "routing": RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),)),
        "horizon_us": 60 * S,
    }


def plant(monkeypatch, name, fault):
    """Replace a function of the engine by one with a fault; `fault` gets the true function first."""
    modules = [module for module in (agents, calls, agent_events, call_events) if hasattr(module, name)]
    true = getattr(modules[0], name)
    for module in modules:
        monkeypatch.setattr(module, name, partial(fault, true))


def ends_twice(true, state, call, outcome, now):
    true(state, call, outcome, now)
    if call == 7:
        true(state, call, outcome, now)


def never_ends(true, state, call, outcome, now):
    if call != 7:
        true(state, call, outcome, now)


def ends_early(true, state, call, outcome, now):
    true(state, call, outcome, -1 if call == 7 else now)


def wrong_outcome(true, state, call, outcome, now):
    true(state, call, outcome_code("abandoned") if call == 7 else outcome, now)


def released_early(true, state, agent, visit, now):
    """The agent who answers call 7 also counts as idle: another call will go to the same agent."""
    true(state, agent, visit, now)
    if visit.call == 7:
        state.floor.add_idle(agent, now)


def idle_not_counted(true, state, agent, now):
    row = agent.row
    true(state, agent, now)
    state.idle_us[row] -= agent.id == 1


@pytest.mark.parametrize(
    ("method", "fault", "message"),
    [
        ("end", ends_twice, "40 calls arrived, 41 endings were counted and 0 calls never ended"),
        ("end", never_ends, "40 calls arrived, 39 endings were counted and 1 calls never ended"),
        ("end", ends_early, "call 7 ended before it arrived"),
        ("end", wrong_outcome, "call 7 was answered last and its outcome is abandoned"),
        ("answer", released_early, r"calls arrived, \d+ endings were counted and \d+ calls never ended"),
        ("leave", idle_not_counted, r"agent 1: busy \d+ \+ wrap-up \d+ \+ idle \d+ us is not the staffed \d+ us"),
    ],
)
def test_a_planted_fault_trips_conservation(monkeypatch, method, fault, message):
    plant(monkeypatch, method, fault)
    with pytest.raises(ConservationError, match=message) as error:
        simulate(**busy_day())
    assert "fault of the simulation engine" in error.value.findings[0].hint


@pytest.mark.parametrize(
    ("change", "message"),
    [
        # Two calls of one agent at the same time, all sums right: agent 0's second call answered as early as the first.
        ({"left_us": [0, 0]}, "agent 0 serves two calls at the same time"),
        ({"left_us": [0, -5 * S]}, "a call left its queue before it joined"),
        ({"shift": [0, -1]}, "a call was handled without an agent"),
        ({"shift": [0, -1], "result": [0, 1]}, "call 1 was not answered and its outcome is handled"),
    ],
)
def test_impossible_results_trip_conservation(monkeypatch, change, message):
    true = engine._result

    def tampered(state, **options):
        found = true(state, **options)
        return replace(found, visits={**found.visits, **{name: np.array(values) for name, values in change.items()}})

    monkeypatch.setattr(engine, "_result", tampered)
    world = busy_day() | {
        "calls": CallTable.of(arrived_us=[0, 0], talk_us=4 * S),
        "staff": StaffTable.constant({"agents": 1}, 0, 60 * S),
    }
    with pytest.raises(ConservationError, match=message):
        simulate(**world)


def test_busy_time_of_the_agents_table_is_checked(monkeypatch):
    true = results._agents

    def tampered(*args):
        agents = true(*args)
        return {**agents, "busy_us": agents["busy_us"] + 1}

    monkeypatch.setattr(results, "_agents", tampered)
    with pytest.raises(ConservationError, match="busy or wrap-up time is not that of the calls"):
        simulate(**busy_day())
