"""Both engines on cases small enough to work out by hand; every time is written out.

Times in the cases are whole seconds. A row of calls is (outcome, ended), a row
of visits (call, queue, offered, answered or -, left, result, agent or -).
"""

import sys

import numpy as np
import pytest

from flows.source.finding import ScenarioError
from ivr.records.schema import NEVER, NONE, OUTCOMES, RESULTS, outcome_code
from ivr.routing import RoutingTable
from simulation.engines.contract import ENGINES, engine
from simulation.tables.checks import OFFERED, CallTable, StaffTable
from tests.support.units import S

ONE = RoutingTable(queues=("queue",), groups=("agents",), rank=((0,),))
CONTAINED = outcome_code("contained")
simulate = engine("reference").simulate


@pytest.fixture(params=ENGINES, autouse=True)
def each_engine(request, monkeypatch):
    """Every case runs in every engine."""
    monkeypatch.setattr(sys.modules[__name__], "simulate", engine(request.param).simulate)


def seconds(values, *, never=NEVER):
    return [never if v is None else v * S for v in values]


def calls(arrived, talk, **columns):
    """A call table in seconds; None is NEVER."""
    scaled = {name: np.array(seconds(values)) if name.endswith("_us") else values for name, values in columns.items()}
    return CallTable.of(arrived_us=seconds(arrived), talk_us=np.array(talk) * S, **scaled)


def shifts(*rows, groups=("agents",)):
    """Staff from rows (agent, group, on, off) in seconds."""
    agent, group, on, off = zip(*rows, strict=True)
    return StaffTable(agent, group, seconds(on), seconds(off), groups)


def whole(value):
    assert value == NONE or value % S == 0
    return NONE if value == NONE else value // S


def call_rows(records):
    return [
        (OUTCOMES[o], whole(t))
        for o, t in zip(records.calls["outcome"].tolist(), records.calls["ended_us"].tolist(), strict=True)
    ]


def visit_rows(records):
    v = {name: values.tolist() for name, values in records.visits.items()}
    return [
        (call, queue, whole(offered), whole(answered), whole(left), RESULTS[result], agent)
        for call, queue, offered, answered, left, result, agent in zip(
            v["call_id"],
            v["queue"],
            v["offered_us"],
            v["answered_us"],
            v["left_us"],
            v["result"],
            v["agent"],
            strict=True,
        )
    ]


def agent_rows(records):
    a = {name: values.tolist() for name, values in records.agents.items()}
    return [
        (agent, *(whole(a[name][i]) for name in ("on_us", "off_us", "staffed_us", "busy_us", "wrap_us")))
        for i, agent in enumerate(a["agent"])
    ]


def test_eight_calls_lines_wrap_up_patience_and_a_menu():
    """One agent [0, 200), three lines, after-call work 5 s.

    call  arrives  menu  ending     talk  patience 0     0        10    offered    50    -          offered 10, answered
    10, talk to 60, wrap-up to 65 1     5        10    offered    20    40         offered 15, waits, leaves at 55 2
    8        20    contained  -     -          in the menu 8-28 3     20       5     offered    30    100        all 3
    lines held (0 talks, 1 waits, 2 in the menu): blocked 4     28       2     offered    30    100        2 left at 28,
    but menu end comes after arrival: blocked 5     29       11    offered    30    100        offered 40, answered at
    release 65, talk to 95, wrap-up to 100 6     56       1     offered    10    -          1 has left; offered 57,
    answered 100, talk to 110, wrap-up to 115 7     150      0     offered    25    0          agent idle since 115:
    answered at once, talk to 175, wrap-up to 180
    """
    table = calls(
        [0, 5, 8, 20, 28, 29, 56, 150],
        [50, 20, 0, 30, 30, 30, 10, 25],
        menu_us=[10, 10, 20, 5, 2, 11, 1, 0],
        patience_us=[None, 40, None, 100, 100, 100, None, 0],
        acw_us=[5] * 8,
        ending=[OFFERED, OFFERED, CONTAINED, OFFERED, OFFERED, OFFERED, OFFERED, OFFERED],
    )
    records = simulate(table, shifts((0, 0, 0, 200)), ONE, lines=3, horizon_us=200 * S)
    assert call_rows(records) == [
        ("handled", 60),
        ("abandoned", 55),
        ("contained", 28),
        ("blocked", 20),
        ("blocked", 28),
        ("handled", 95),
        ("handled", 110),
        ("handled", 175),
    ]
    assert visit_rows(records) == [
        (0, 0, 10, 10, 10, "handled", 0),
        (1, 0, 15, NONE, 55, "abandoned", NONE),
        (5, 0, 40, 65, 65, "handled", 0),
        (6, 0, 57, 100, 100, "handled", 0),
        (7, 0, 150, 150, 150, "handled", 0),
    ]
    # busy 50 + 30 + 10 + 25, wrap-up 4 * 5
    assert agent_rows(records) == [(0, 0, 200, 200, 115, 20)]
    assert records.calls["menu_us"].tolist() == seconds([10, 10, 20, 0, 0, 11, 1, 0])


def test_priorities_groups_and_preferences():
    """Two queues: gold (priority 1) and any. Group experts serves both, group novices only `any`, at rank 0.

    Agents: 0 expert, 1 novice, both [0, 100).
    call  queue  arrives  talk
    0     any    0        30    novice is of the lower rank: agent 1, to 30
    1     any    1        20    only the expert is idle: agent 0, to 21
    2     any    2        10    waits
    3     gold   3        10    waits
    4     any    4        10    waits
         21: the expert is free, gold goes first although call 2 has waited longer: call 3, to 31
         30: the novice is free: call 2 (longest-waiting), to 40;  31: the expert: call 4, to 41
    5     gold   35       5     waits for the expert to 41 although the novice is free at 40: to 46
    """
    routing = RoutingTable(
        queues=("any", "gold"), groups=("experts", "novices"), rank=((1, 0), (0, None)), priority=(0, 1)
    )
    table = calls([0, 1, 2, 3, 4, 35], [30, 20, 10, 10, 10, 5], queue=[0, 0, 0, 1, 0, 1], queues=("any", "gold"))
    staff = shifts((0, 0, 0, 100), (1, 1, 0, 100), groups=("experts", "novices"))
    records = simulate(table, staff, routing, horizon_us=100 * S)
    assert visit_rows(records) == [
        (0, 0, 0, 0, 0, "handled", 1),
        (1, 0, 1, 1, 1, "handled", 0),
        (2, 0, 2, 30, 30, "handled", 1),
        (3, 1, 3, 21, 21, "handled", 0),
        (4, 0, 4, 31, 31, "handled", 0),
        (5, 1, 35, 41, 41, "handled", 0),
    ]
    assert agent_rows(records) == [(0, 0, 100, 100, 20 + 10 + 10 + 5, 0), (1, 0, 100, 100, 30 + 10, 0)]


def test_talk_time_depends_on_the_group():
    table = CallTable.of(arrived_us=[0, 1 * S], talk_us=[[10 * S, 40 * S]] * 2, talk_column=(1, 0))
    staff = shifts((0, 0, 0, 100), (1, 1, 0, 100), groups=("slow", "fast"))
    routing = RoutingTable(queues=("queue",), groups=("slow", "fast"), rank=((0, 1),))
    records = simulate(table, staff, routing, horizon_us=100 * S)
    assert call_rows(records) == [("handled", 40), ("handled", 11)]
    assert records.visits["talk_us"].tolist() == [40 * S, 10 * S]


def test_shifts_overtime_and_the_next_shift_begins_late():
    """Agent 0 works [0, 10), [10, 20) and [30, 40); agent 1 works [50, 60). Drain, horizon 100.

    call  arrives  talk 0     5        7     answered 5, to 12: overtime of the first shift, the second begins at 12 1
    11       4     waits for 12, to 16 2     19       15    answered 19, to 34: overtime to 34; the third shift begins
    at 34 3     33       1     waits for 34, to 35 4     45       2     nobody: waits for agent 1 at 50, to 52 5     59
    3     answered 59, to 62: overtime
    """
    table = calls([5, 11, 19, 33, 45, 59], [7, 4, 15, 1, 2, 3])
    staff = shifts((0, 0, 0, 10), (0, 0, 10, 20), (0, 0, 30, 40), (1, 0, 50, 60))
    records = simulate(table, staff, ONE, horizon_us=100 * S)
    assert [row[3] for row in visit_rows(records)] == [5, 12, 19, 34, 50, 59]
    assert agent_rows(records) == [
        (0, 0, 12, 12, 7, 0),
        (0, 12, 34, 22, 4 + 15, 0),
        (0, 34, 40, 6, 1, 0),
        (1, 50, 62, 12, 2 + 3, 0),
    ]


def test_a_shift_swallowed_by_overtime_has_no_length():
    table = calls([5], [50])
    records = simulate(table, shifts((0, 0, 0, 10), (0, 0, 20, 30)), ONE, horizon_us=10 * S)
    assert agent_rows(records) == [(0, 0, 55, 55, 50, 0), (0, 55, 55, 0, 0, 0)]


def test_an_agent_may_change_group_between_shifts():
    table = calls([0, 5, 25], [1, 1, 1], queue=[0, 1, 1], queues=("a", "b"))
    staff = shifts((0, 0, 0, 20), (0, 1, 20, 40), groups=("first", "second"))
    routing = RoutingTable(queues=("a", "b"), groups=("first", "second"), rank=((0, None), (None, 0)))
    records = simulate(table, staff, routing, horizon_us=40 * S)
    assert [row[3] for row in visit_rows(records)] == [0, 20, 25]
    assert records.visits["group"].tolist() == [0, 1, 1]


# Two agents [0, 60), horizon 60: call 0 talks 0-100, call 1 0-70, 2 is offered at 50, 3 at 65, 4 and 5 after it.
END = {
    "arrived": [0, 0, 50, 55, 58, 59],
    "talk": [100, 70, 20, 5, 10, 10],
    "menu_us": [0, 0, 0, 10, 20, 30],
    "ending": [OFFERED] * 5 + [CONTAINED],
}


def test_at_the_end_drained():
    """Agent 1 (call 1) is free at 70, past the shift: stays, since calls wait: call 2 to 90, then call 3 (offered 65)
    to 95, then call 4 (offered 78) to 105; the last call is answered at 95, so agent 0 leaves at once at 100.
    """
    records = simulate(calls(**END), shifts((0, 0, 0, 60), (1, 0, 0, 60)), ONE, horizon_us=60 * S, at_end="drain")
    assert visit_rows(records) == [
        (0, 0, 0, 0, 0, "handled", 0),
        (1, 0, 0, 0, 0, "handled", 1),
        (2, 0, 50, 70, 70, "handled", 1),
        (3, 0, 65, 90, 90, "handled", 1),
        (4, 0, 78, 95, 95, "handled", 1),
    ]
    assert call_rows(records)[5] == ("contained", 89)
    assert agent_rows(records) == [(0, 0, 100, 100, 100, 0), (1, 0, 105, 105, 70 + 20 + 5 + 10, 0)]


def test_at_the_end_cleared():
    """At 60 call 2 is closed in its queue; 3 and 4 end their menu at 65 and 78 and are closed there."""
    records = simulate(calls(**END), shifts((0, 0, 0, 60), (1, 0, 0, 60)), ONE, horizon_us=60 * S, at_end="clear")
    assert call_rows(records) == [
        ("handled", 100),
        ("handled", 70),
        ("closed", 60),
        ("closed", 65),
        ("closed", 78),
        ("contained", 89),
    ]
    assert visit_rows(records)[2:] == [(2, 0, 50, NONE, 60, "closed", NONE)]
    assert agent_rows(records) == [(0, 0, 100, 100, 100, 0), (1, 0, 70, 70, 70, 0)]


def test_idle_agents_stay_while_a_call_is_in_the_menu_and_leave_together():
    """Both idle at 60; a call is offered at 80 and lasts to 90: agent 0 leaves after it, agent 1 when it is
    answered.
    """
    table = calls([50], [10], menu_us=[30])
    records = simulate(table, shifts((0, 0, 0, 60), (1, 0, 0, 60), (2, 0, 0, 59)), ONE, horizon_us=60 * S)
    assert agent_rows(records) == [(0, 0, 90, 90, 10, 0), (1, 0, 80, 80, 0, 0), (2, 0, 59, 59, 0, 0)]


def test_calls_that_nobody_is_left_to_serve_are_closed_when_all_else_is_over():
    """Queue b has no agent. The last thing to happen is the release at 45 (talk 20-40, wrap-up 5)."""
    table = calls([0, 20, 25], [1, 20, 1], queue=[1, 0, 1], queues=("a", "b"), acw_us=[5] * 3)
    routing = RoutingTable(queues=("a", "b"), groups=("agents",), rank=((0,), (None,)))
    records = simulate(table, shifts((0, 0, 0, 30)), routing, horizon_us=30 * S)
    assert call_rows(records) == [("closed", 45), ("handled", 40), ("closed", 45)]
    # The agent's shift reaches the horizon and calls wait: the agent stays to the end.
    assert agent_rows(records) == [(0, 0, 45, 45, 20, 5)]


def test_limits_of_the_flow():
    """Agent busy 0-100. Offered at 0: limits and patience 10/20, 20/10, 10/10 (the limit comes first), 10/none."""
    voicemail, callback, out = (outcome_code(name) for name in ("voicemail", "callback", "transferred_out"))
    table = calls(
        [0, 0, 0, 0, 0, 0],
        [100] * 6,
        patience_us=[None, 20, 10, 10, None, None],
        limit_us=[None, 10, 20, 10, 10, 30],
        limit_ending=[voicemail, voicemail, voicemail, callback, out, outcome_code("closed")],
    )
    records = simulate(table, shifts((0, 0, 0, 200)), ONE, horizon_us=200 * S)
    assert call_rows(records) == [
        ("handled", 100),
        ("voicemail", 10),
        ("abandoned", 10),
        ("callback", 10),
        ("transferred_out", 10),
        ("closed", 30),
    ]
    assert [row[5] for row in visit_rows(records)] == [
        "handled",
        "voicemail",
        "abandoned",
        "callback",
        "timeout",
        "closed",
    ]


def test_overflow_after_a_delay():
    """Group back may help after 20 s. Agent 0 (front) is busy 0-100; agent 1 (back) is idle.

    Call 1 is offered at 5, overflows at 25; call 2 at 10, but agent 1 talks to 65: answered then.
    Call 3 abandons at 24 before its overflow at 32; call 4, offered at 70, overflows at 90.
    """
    routing = RoutingTable(queues=("queue",), groups=("front", "back"), rank=((0, 1),), after_us=((0, 20 * S),))
    table = calls([0, 5, 10, 12, 70], [100, 40, 5, 5, 5], patience_us=[None, None, None, 12, None])
    staff = shifts((0, 0, 0, 200), (1, 1, 0, 200), groups=("front", "back"))
    records = simulate(table, staff, routing, horizon_us=200 * S)
    assert visit_rows(records) == [
        (0, 0, 0, 0, 0, "handled", 0),
        (1, 0, 5, 25, 25, "handled", 1),
        (2, 0, 10, 65, 65, "handled", 1),
        (3, 0, 12, NONE, 24, "abandoned", NONE),
        (4, 0, 70, 90, 90, "handled", 1),
    ]


def test_no_calls_and_no_lines():
    records = simulate(calls([], np.zeros(0)), shifts((0, 0, 0, 60)), ONE, horizon_us=60 * S)
    assert call_rows(records) == []
    assert agent_rows(records) == [(0, 0, 60, 60, 0, 0)]
    records = simulate(calls([0, 1], [5, 5]), shifts((0, 0, 0, 60)), ONE, lines=0, horizon_us=60 * S)
    assert call_rows(records) == [("blocked", 0), ("blocked", 1)]


# The tie rule. Each case happens at one instant, 10 s; one agent unless said.


def test_tie_talk_end_comes_before_arrival():
    # One line: the talk ends at 10 and frees it for the call arriving at 10.
    records = simulate(calls([0, 10], [10, 1]), shifts((0, 0, 0, 60)), ONE, lines=1, horizon_us=60 * S)
    assert call_rows(records) == [("handled", 10), ("handled", 11)]


def test_tie_arrival_comes_before_menu_end():
    # One line: call 0 ends in the menu at 10, after call 1 has been refused.
    table = calls([0, 10], [0, 1], menu_us=[10, 0], ending=[CONTAINED, OFFERED])
    records = simulate(table, shifts((0, 0, 0, 60)), ONE, lines=1, horizon_us=60 * S)
    assert call_rows(records) == [("contained", 10), ("blocked", 10)]


@pytest.mark.parametrize(("acw", "answered"), [(0, 10), (4, 10)])
def test_tie_service_comes_before_abandonment(acw, answered):
    # Call 1 is offered at 5 with patience 5; the agent is free at 10, by talk end or by release.
    table = calls([0, 5], [10 - acw, 1], patience_us=[None, 5], acw_us=[acw, 0])
    records = simulate(table, shifts((0, 0, 0, 60)), ONE, horizon_us=60 * S)
    assert visit_rows(records)[1] == (1, 0, 5, answered, answered, "handled", 0)


def test_tie_shift_on_comes_before_abandonment_and_limit():
    table = calls(
        [5, 6], [1, 1], patience_us=[5, None], limit_us=[None, 4], limit_ending=[outcome_code("voicemail")] * 2
    )
    records = simulate(table, shifts((0, 0, 10, 60), (1, 0, 10, 60)), ONE, horizon_us=60 * S)
    assert [row[3] for row in visit_rows(records)] == [10, 10]


def test_tie_shift_off_comes_before_an_offer():
    # [0, 10): the agent is not offered the call of 10 s; no other agent comes before 20.
    records = simulate(calls([10], [1]), shifts((0, 0, 0, 10), (1, 0, 20, 60)), ONE, horizon_us=60 * S)
    assert visit_rows(records) == [(0, 0, 10, 20, 20, "handled", 1)]


def test_tie_talk_end_at_the_end_of_the_shift_takes_no_call():
    records = simulate(calls([0, 5], [10, 1]), shifts((0, 0, 0, 10), (1, 0, 20, 60)), ONE, horizon_us=60 * S)
    assert visit_rows(records)[1] == (1, 0, 5, 20, 20, "handled", 1)


def test_tie_talk_end_then_release_then_shift_on():
    """At 10: agent 2 ends a talk, agent 1 a wrap-up, agent 0 comes on; calls 2, 3, 4 wait in this order.

    Talk end first: agent 2 gets call 2; then release: agent 1 call 3; then shift on: agent 0 call 4.
    """
    table = calls([0, 0, 1, 2, 3], [8, 10, 5, 5, 5], acw_us=[2, 0, 0, 0, 0])
    staff = shifts((0, 0, 10, 60), (1, 0, 0, 60), (2, 0, 0, 60))
    records = simulate(table, staff, ONE, horizon_us=60 * S)
    assert [(row[0], row[3], row[6]) for row in visit_rows(records)] == [
        (0, 0, 1),
        (1, 0, 2),
        (2, 10, 2),
        (3, 10, 1),
        (4, 10, 0),
    ]


def test_tie_same_kind_goes_by_id():
    # Agents 0 and 1 end a talk at 10; two calls wait. Agents 0 and 1 idle since 0: call 0 goes to agent 0.
    table = calls([0, 0, 5, 5], [10, 10, 1, 1])
    records = simulate(table, shifts((0, 0, 0, 60), (1, 0, 0, 60)), ONE, horizon_us=60 * S)
    assert [(row[0], row[3], row[6]) for row in visit_rows(records)] == [(0, 0, 0), (1, 0, 1), (2, 10, 0), (3, 10, 1)]


def test_tie_offers_go_by_call_id_not_by_arrival_at_the_queue():
    # Calls 0 and 1 both end their menu at 10; one agent: call 0 first, although call 1 was scheduled later.
    table = calls([0, 8], [5, 5], menu_us=[10, 2])
    records = simulate(table, shifts((0, 0, 0, 60)), ONE, horizon_us=60 * S)
    assert [row[3] for row in visit_rows(records)] == [10, 15]


def test_tie_offer_comes_before_overflow():
    """Queue a may go to the back group after 10 s; queue b always. The back agent is idle, the front one busy.

    At 10 call 2 is offered to b and takes the back agent; the overflow of call 1 then finds no agent until 15.
    """
    routing = RoutingTable(
        queues=("a", "b"), groups=("front", "back"), rank=((0, 1), (None, 0)), after_us=((0, 10 * S), (0, 0))
    )
    table = calls([0, 0, 10], [50, 5, 5], queue=[0, 0, 1], queues=("a", "b"))
    staff = shifts((0, 0, 0, 60), (1, 1, 0, 60), groups=("front", "back"))
    records = simulate(table, staff, routing, horizon_us=60 * S)
    assert [(row[0], row[3], row[6]) for row in visit_rows(records)] == [(0, 0, 0), (1, 15, 1), (2, 10, 1)]


def test_tie_overflow_comes_before_abandonment():
    routing = RoutingTable(queues=("queue",), groups=("front", "back"), rank=((0, 1),), after_us=((0, 10 * S),))
    table = calls([0, 0], [50, 5], patience_us=[None, 10])
    staff = shifts((0, 0, 0, 60), (1, 1, 0, 60), groups=("front", "back"))
    records = simulate(table, staff, routing, horizon_us=60 * S)
    assert visit_rows(records)[1] == (1, 0, 0, 10, 10, "handled", 1)


def test_tie_closing_comes_before_everything_of_the_horizon():
    # Horizon 10: the talk ends at 10, but call 1 is closed first; call 2 would be offered at 10: closed too.
    table = calls([0, 5, 8], [10, 1, 1], menu_us=[0, 0, 2])
    records = simulate(table, shifts((0, 0, 0, 60)), ONE, horizon_us=10 * S, at_end="clear")
    assert call_rows(records) == [("handled", 10), ("closed", 10), ("closed", 10)]


def test_tie_no_patience_and_an_idle_agent_is_served():
    records = simulate(calls([0, 0], [5, 5], patience_us=[0, 0]), shifts((0, 0, 0, 60)), ONE, horizon_us=60 * S)
    assert call_rows(records) == [("handled", 5), ("abandoned", 0)]


def test_tie_chain_of_zero_talks_at_one_instant():
    # Talks of no length: agent 0 serves calls 0, 1 and 2 one after the other at 0, before call 3 loses patience.
    table = calls([0, 0, 0, 0], [0, 0, 0, 0], patience_us=[0, 0, 0, 0])
    records = simulate(table, shifts((0, 0, 0, 60)), ONE, horizon_us=60 * S)
    assert call_rows(records) == [("handled", 0)] * 4


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"routing": RoutingTable(queues=("other",), groups=("agents",), rank=((0,),))},
            "the routing table has queues other; the tables have queue",
        ),
        (
            {"routing": RoutingTable(queues=("queue",), groups=("a",), rank=((0,),))},
            "the routing table has groups a; the tables have agents",
        ),
        ({"horizon_us": 5}, "a call arrives at 5000000 us, not before the horizon of 5 us"),
        ({"lines": -1}, "lines is -1; it must be 0 or more"),
        ({"at_end": "stop"}, "at_end is 'stop'; it must be drain or clear"),
        (
            {"calls": CallTable.of(arrived_us=[0], talk_us=1, talk_column=(0, 0))},
            "talk_column has 2 values; it needs one for each of 1 groups",
        ),
    ],
)
def test_tables_that_do_not_fit_are_findings(change, message):
    given = {"calls": calls([5], [1]), "staff": shifts((0, 0, 0, 60)), "routing": ONE, "horizon_us": 60 * S} | change
    with pytest.raises(ScenarioError, match=message):
        simulate(given.pop("calls"), given.pop("staff"), given.pop("routing"), **given)
