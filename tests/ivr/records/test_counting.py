"""Who counts, and how often: six calls by hand, simulated and live, each with something that is easily counted
twice.
"""

from __future__ import annotations

import numpy as np
import pytest

from ivr.records.definitions.counting_rules import COUNTING
from ivr.records.measures import Sums, measures, sums
from ivr.records.schema import OUTCOMES, RESULTS, SOURCES
from ivr.records.tables import Records, empty_table
from simulation.engines.kernel import measure_sums as compiled
from tests.support.record_tables import filled
from tests.support.units import S
from webhooks.records.changes import TAKEN
from webhooks.records.from_database import build

HOUR_US = 3_600 * S
BOTH = {
    # Waits for an agent: 0 (10 s), 1 (30 + 10), 2 (0), 2 after the transfer (5), 3 (10), 5 (4 + 8, hangs up). Not 4.
    "offered": 6,
    "handled": 5,
    "abandoned": 1,
    "full": 1,
    "callbacks_promised": 1,
    "callback": 1,
    "arrived": 6,
    "service_level": 4 / 5,  # within 20 s: 0, 2, 2 again, 3; the one who hung up did within 20 s
    "service_level_of_offered": 4 / 6,
    "service_level_of_handled": 4 / 5,
    "service_level_abandoned_count": 5 / 6,
    "abandonment": 1 / 6,
    "abandonment_without_short": 1 / 6,
    "short_abandoned": 0,
    "wait_probability": 5 / 6,
    "asa_s": (10 + 40 + 0 + 5 + 10) / 5,
    "mean_wait_s": (10 + 40 + 0 + 5 + 10 + 12) / 6,
    "mean_wait_of_abandoned_s": 12,
    "max_wait_s": 40,
    "wait_p50_s": 10,
    "wait_p80_s": 12,
    "wait_p95_s": 40,  # of 0, 5, 10, 10, 12, 40: the third, fifth, sixth
    "talk_s": (100 + 60 + 50 + 40 + 120) / 5,
}
FRONT = {  # joined by 0 (full), 1 (30 s, overflowed), 2 (0 s), 3 (10 s), 5 (4 s, overflowed); 4 is promised a callback
    "offered": 5,
    "handled": 2,
    "abandoned": 0,
    "full": 1,
    "service_level": 2 / 5,
    "asa_s": 5,
    "mean_wait_s": (0 + 30 + 0 + 10 + 4) / 5,
    "callbacks_promised": 1,
    "talk_s": (50 + 120) / 2,
    "max_wait_s": 30,
}
BACK = {  # 0 (10 s), 1 (10 s), 2 (5 s), 5 (8 s, hangs up)
    "offered": 4,
    "handled": 3,
    "abandoned": 1,
    "full": 0,
    "service_level": 3 / 3,
    "asa_s": 25 / 3,
    "mean_wait_s": 33 / 4,
    "callbacks_promised": 0,
    "talk_s": (100 + 60 + 40) / 3,
    "max_wait_s": 10,
}


def _visit(call, seq, queue, offered, left, result, agent=None, **more):
    answered = {} if agent is None else {"answered_us": left * S, "agent": agent, "group": agent}
    times = {name: value * S if name.endswith("_us") else value for name, value in more.items()}
    return {
        "call_id": call,
        "seq": seq,
        "queue": queue,
        "offered_us": offered * S,
        "left_us": left * S,
        "result": RESULTS.index(result),
        **answered,
        **times,
    }


def simulated() -> Records:
    """Six calls in an hour; agent 0 of the first group works 0-400 s, agent 1 of the second from 0 to beyond the hour.

    ====  =======================================================================================================
    call  what happens
    ====  =======================================================================================================
    0     0 s front, full; 5 s of apology; back, answered at 15 by 1, talk 100, ACW 10
    1     100 s front, 30 s, overflows; back, answered at 140 by 1, talk 60
    2     200 s front, answered at once by 0, talk 50; transferred: back, answered at 255 by 1, talk 40
    3     300 s front, answered at 310 by 0, who leaves at 400; waits 50 s again, answered at 450 by 1, talk 30, ACW 20
    4     500 s front, promised a callback; not reached at 900 (20 s), answers at 1600, talk and ringing 80, ACW 10
    5     600 s front, 4 s, leaves by a key; 2 s in a menu; back, 8 s, hangs up
    ====  =======================================================================================================
    """
    outcome = OUTCOMES.index
    ends = [
        ("handled", 0, 115),
        ("handled", 100, 200),
        ("handled", 200, 295),
        ("handled", 300, 480),
        ("callback", 500, 500),
        ("abandoned", 600, 614),
    ]
    calls = filled(
        "calls",
        [
            {"call_id": i, "arrived_us": at * S, "ended_us": over * S, "outcome": outcome(how)}
            for i, (how, at, over) in enumerate(ends)
        ],
    )

    visits = filled(
        "visits",
        [
            _visit(0, 0, 0, 0, 0, "full"),
            _visit(0, 1, 1, 5, 15, "handled", 1, talk_us=100, acw_us=10),
            _visit(1, 0, 0, 100, 130, "overflowed"),
            _visit(1, 1, 1, 130, 140, "handled", 1, talk_us=60),
            _visit(2, 0, 0, 200, 200, "handled", 0, talk_us=50),
            _visit(2, 1, 1, 250, 255, "handled", 1, talk_us=40),
            _visit(3, 0, 0, 300, 310, "handed_over", 0, talk_us=90),
            _visit(3, 1, 0, 400, 450, "handled", 1, talk_us=30, acw_us=20),
            _visit(4, 0, 0, 500, 500, "callback"),
            _visit(4, 1, 0, 500, 900, "unreached", 1, talk_us=20, called_back=True),
            _visit(4, 2, 0, 1500, 1600, "handled", 1, talk_us=80, acw_us=10, called_back=True),
            _visit(5, 0, 0, 600, 604, "overflowed"),
            _visit(5, 1, 1, 606, 614, "abandoned"),
        ],
    )
    agents = filled(
        "agents",
        [
            {"agent": 0, "group": 0, "on_us": 0, "off_us": 400 * S, "staffed_us": 400 * S, "busy_us": 140 * S},
            {
                "agent": 1,
                "group": 1,
                "on_us": 0,
                "off_us": 4000 * S,
                "staffed_us": 4000 * S,
                "busy_us": 330 * S,
                "wrap_us": 40 * S,
            },
        ],
    )
    return Records(
        calls,
        visits,
        empty_table("steps"),
        agents,
        horizon_us=HOUR_US,
        names={"queue": ("front", "back"), "group": ("first", "second")},
    )


def live() -> Records:
    """The same six calls as a service writes them down; a desk takes call 3 out of the queue by REST, and talks until
    430 s.

    Call 4 waits 15 s and presses the key of a callback; the carrier tells waits of answered calls in whole seconds.
    """
    ends = {  # outcome, arrival, end by the flow, end by the carrier
        0: ("handled", 0, 115, 115),
        1: ("handled", 100, 200, 200),
        2: ("handled", 200, 295, 295),
        3: ("handled", 300, 310, 430),
        4: ("callback", 500, 530, 530),
        5: ("abandoned", 600, None, 614),
    }
    calls = [
        {
            "call_sid": f"CA{i}",
            "arrived_us": at * S,
            "ended_us": None if over is None else over * S,
            "menu_left_us": at * S,
            "outcome": how,
            "language": "en-US",
            "zero_out": False,
            "attempt": 1,
            "key_presses": None,
            "last_us": (over or at) * S,
        }
        for i, (how, at, over, _) in ends.items()
    ]
    rows = [
        (0, 0, "front", 0, 0, "full", None),
        (0, 1, "back", 5, 115, "handled", 10),
        (1, 0, "front", 100, 130, "overflowed", None),
        (1, 1, "back", 130, 200, "handled", 10),
        (2, 0, "front", 200, 250, "handled", 0),
        (2, 1, "back", 250, 295, "handled", 5),
        (3, 0, "front", 300, 310, TAKEN, 10),
        (4, 0, "front", 500, 515, "abandoned", None),
        (5, 0, "front", 600, 604, "abandoned", None),
        (5, 1, "back", 606, 614, None, None),
    ]
    visits = [
        {
            "call_sid": f"CA{call}",
            "seq": seq,
            "queue": queue,
            "offered_us": offered * S,
            "left_us": left * S,
            "result": result,
            "waited_us": None if waited is None else waited * S,
            "announced_wait_us": None,
        }
        for call, seq, queue, offered, left, result, waited in rows
    ]
    endings = [{"call_sid": f"CA{i}", "at_us": over * S} for i, (_, _, _, over) in ends.items()]
    return build({"calls": calls, "visits": visits, "steps": [], "endings": endings})


@pytest.mark.parametrize("records", [simulated(), live()], ids=["simulated", "live"])
def test_six_calls_by_hand(records: Records) -> None:
    of = sums(records, interval_us=1800 * S)
    for place, expected in (({}, BOTH), ({"queue": "front"}, FRONT), ({"queue": "back"}, BACK)):
        found = measures(of, **place)
        assert {name: found[name] for name in expected} == pytest.approx(expected), place
    early = measures(of, interval=0)  # all of them
    assert {name: early[name] for name in expected_by_interval()} == pytest.approx(expected_by_interval())


def expected_by_interval() -> dict[str, float]:
    return {name: value for name, value in BOTH.items() if not name.startswith("wait_p") or name == "wait_probability"}


def test_what_only_a_simulation_knows() -> None:
    of = sums(simulated(), interval_us=1800 * S)
    whole = measures(of)
    assert (whole["handed_over"], whole["handed_over_wait_s"], whole["promise_wait_s"]) == (1, 50, 0)
    assert whole["queue_length"] == pytest.approx(
        (77 + 50) / 3600
    )  # every wait on the line, that after the hand-over too
    assert (whole["callback_attempts"], whole["callbacks_reached"], whole["callback_reached_share"]) == (2, 1, 1)
    assert (whole["callback_wait_s"], whole["callback_level"]) == (1100, 1)
    assert measures(sums(simulated(), callback_us=1099 * S))["callback_level"] == 0
    assert whole["aht_s"] == pytest.approx(
        (370 + 30) / 5
    )  # the talk with the caller who was called back is no part of it
    first, second = measures(of, group="first"), measures(of, group="second")
    assert (first["handled"], first["talk_s"]) == (1, 50 + 90)  # call 3 is handled in the group that finishes it
    assert (second["handled"], second["asa_s"]) == (4, (10 + 10 + 5 + 10) / 4)
    assert second["aht_s"] == (100 + 60 + 40 + 30 + 10 + 20) / 4
    # agents' time within the hour: 0 works 400 s, 1 all of it, though to 4000 s on duty; with ringing and talks to who
    # is called back
    assert whole["occupancy"] == pytest.approx((140 + 330 + 40) / (400 + 3600))
    assert (first["occupancy"], second["occupancy"]) == pytest.approx((140 / 400, 370 / 3600))


def test_what_only_live_records_know() -> None:
    whole = measures(sums(live()))
    assert whole["promise_wait_s"] == 15
    assert whole["queue_length"] == pytest.approx((77 + 15) / 3600)
    assert "callback_reached_share" not in whole  # who calls back, and whether, is not in these records
    records = live()
    assert records.calls["ended_us"].tolist()[3] == 430 * S  # the desk's talk ends when the carrier says so
    assert [RESULTS[code] for code in records.visits["result"]] == [
        "full",
        "handled",
        "overflowed",
        "handled",
        "handled",
        "handled",
        "handled",
        "callback",
        "overflowed",
        "abandoned",
    ]
    assert SOURCES[records.calls["source"][0]] == "live"


def test_a_call_that_a_desk_has_taken_is_in_progress_until_the_carrier_says_otherwise() -> None:
    call = {
        "call_sid": "CA1",
        "arrived_us": 0,
        "ended_us": 20 * S,
        "menu_left_us": 5 * S,
        "outcome": "handled",
        "language": "en-US",
        "zero_out": False,
        "attempt": 1,
        "key_presses": None,
        "last_us": 20 * S,
    }
    visit = {
        "call_sid": "CA1",
        "seq": 0,
        "queue": "q",
        "offered_us": 5 * S,
        "left_us": 20 * S,
        "result": TAKEN,
        "waited_us": 15 * S,
        "announced_wait_us": None,
    }
    rows = {"calls": [call], "visits": [visit], "steps": [], "endings": []}
    assert len(build(rows, now_us=60 * S).calls["call_id"]) == 0
    over = build({**rows, "endings": [{"call_sid": "CA1", "at_us": 80 * S}]}, now_us=90 * S)
    assert (over.visits["talk_us"].tolist(), over.calls["ended_us"].tolist()) == ([60 * S], [80 * S])


@pytest.mark.parametrize("add_up", [sums, compiled.sums], ids=["readable", "compiled"])
def test_a_full_queue_whose_caller_is_promised_a_callback(add_up) -> None:
    """Two callers: one is answered at once, one finds the queue full, hears an apology and books a callback. One is
    offered, of one.
    """
    calls = filled(
        "calls",
        [{"call_id": 0, "outcome": OUTCOMES.index("handled")}, {"call_id": 1, "outcome": OUTCOMES.index("callback")}],
    )
    visits = filled(
        "visits",
        [
            {"call_id": 0, "answered_us": 0, "result": RESULTS.index("handled"), "agent": 0, "group": 0, "talk_us": S},
            {"call_id": 1, "offered_us": S, "left_us": S, "result": RESULTS.index("full")},
        ],
    )
    records = Records(
        calls, visits, empty_table("steps"), empty_table("agents"), {"queue": ("q",), "group": ("g",)}, HOUR_US
    )
    of: Sums = add_up(records)
    for found in (measures(of), measures(of, queue="q")):
        assert (found["offered"], found["service_level"], found["callbacks_promised"], found["full"]) == (1, 1, 1, 1)


@pytest.mark.parametrize("add_up", [sums, compiled.sums], ids=["readable", "compiled"])
def test_a_refused_call_did_not_get_a_line(add_up) -> None:
    """Four calls: one finds all lines busy, one is refused unanswered, one is served by the menu in 30 s, one hangs up
    there after 10 s. Two of four got a line, of whom one was contained: 1/2, with (30 + 10) / 2 s in the menu.
    """
    ends = [("blocked", 0), ("rejected", 1), ("contained", 30), ("abandoned_in_menu", 10)]
    calls = filled(
        "calls",
        [
            {"call_id": i, "outcome": OUTCOMES.index(how), "menu_us": at * S, "ended_us": at * S}
            for i, (how, at) in enumerate(ends)
        ],
    )
    tables = (empty_table(name) for name in ("visits", "steps", "agents"))
    found = measures(add_up(Records(calls, *tables, {"queue": ("q",), "group": ("g",)}, HOUR_US)))
    counted = [found[name] for name in ("arrived", "blocked", "rejected", "contained", "abandoned_in_menu")]
    assert counted == [4, 1, 1, 1, 1]
    assert (found["containment"], found["blocking"], found["menu_s"]) == (1 / 2, 1 / 4, 20)


@pytest.mark.parametrize("add_up", [sums, compiled.sums], ids=["readable", "compiled"])
def test_who_hangs_up_after_a_hand_over_has_waited_all_of_it(add_up) -> None:
    """Answered after 5 s, handed over, 25 s more, hangs up: after 30 s, not within 20 s, so it counts against the
    service level.
    """
    calls = filled("calls", [{"call_id": 0, "outcome": OUTCOMES.index("abandoned")}])
    visits = filled(
        "visits",
        [
            {
                "call_id": 0,
                "left_us": 5 * S,
                "answered_us": 5 * S,
                "result": RESULTS.index("handed_over"),
                "agent": 0,
                "group": 0,
                "talk_us": 60 * S,
            },
            {"call_id": 0, "seq": 1, "offered_us": 65 * S, "left_us": 90 * S, "result": RESULTS.index("abandoned")},
        ],
    )
    records = Records(
        calls, visits, empty_table("steps"), empty_table("agents"), {"queue": ("q",), "group": ("g",)}, HOUR_US
    )
    of: Sums = add_up(records)
    for found in (measures(of), measures(of, queue="q")):
        assert (found["offered"], found["handled"], found["abandoned"], found["service_level"]) == (1, 0, 1, 0)
        assert (found["mean_wait_s"], found["mean_wait_of_abandoned_s"], found["handed_over_wait_s"]) == (5, 30, 25)
        assert found["queue_length"] == pytest.approx(30 / 3600)


def test_both_ways_of_adding_up_agree_on_the_six_calls() -> None:
    for asked in ({}, {"interval_us": 250 * S}, {"from_us": 200 * S, "interval_us": 1800 * S}):
        ours, theirs = (of(simulated(), **asked) for of in (compiled.sums, sums))
        assert np.array_equal(ours.values, theirs.values)
        assert np.array_equal(ours.waits, theirs.waits)


def test_every_result_of_a_visit_is_in_the_table_of_what_counts() -> None:
    told = " ".join(row.result for row in COUNTING)
    assert [result for result in RESULTS if result not in told] == []


def test_old_codes_are_read_as_they_were() -> None:
    assert RESULTS[:9] == (
        "handled",
        "abandoned",
        "overflowed",
        "callback",
        "voicemail",
        "timeout",
        "full",
        "closed",
        "unreached",
    )
