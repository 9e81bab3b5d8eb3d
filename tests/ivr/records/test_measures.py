"""Measures on a six-call table worked by hand."""

import doctest
from dataclasses import replace

import numpy as np
import pytest

import ivr.records.definitions.all_measures
import ivr.records.measures
from ivr.records.definitions.cost_measures import COSTS
from ivr.records.measures import MEASURES, QUANTILES, measures, sums, total
from ivr.records.schema import FIXED_NAMES, NONE, RESULTS
from ivr.records.tables import Records, concatenate, empty
from ivr.records.wait_bins import bins
from tests.support.record_tables import filled
from tests.support.six_calls import six_calls
from tests.support.units import S

WHOLE = {
    "arrived": 6,
    "blocked": 1,
    "contained": 1,
    "abandoned_in_menu": 0,
    "offered": 4,
    "handled": 3,
    "abandoned": 1,
    "short_abandoned": 1,
    "balked": 0,
    "full": 0,
    "handed_over": 0,
    "voicemail": 0,
    "callback": 0,
    "callbacks_promised": 0,
    "callback_attempts": 0,
    "callbacks_reached": 0,
    "conferences_asked": 0,
    "conferences_joined": 0,
    "outbound_made": 0,
    "outbound_reached": 0,
    "transferred_out": 0,
    "closed": 0,
    "failed": 0,
    "turned_away": 0,
    "rejected": 0,
    "zero_outs": 1,
    "retries": 0,
    "repeats": 0,
    "attempts": 1,  # six calls by six callers
    "blocking": 1 / 6,
    "containment": 1 / 5,  # five calls got a line
    "share_abandoned_in_menu": 0,
    "share_zero_out": 1 / 5,
    "menu_s": (10 + 20 + 30 + 40 + 25) / 5,
    "menu_and_wait_s": (125 + 0 + 30 + 4 + 20) / 5,
    "key_presses": 3 / 5,  # one by call 0, two by call 1, none by the others who got a line
    "service_level": 2 / 3,  # within 20 s: calls 0 and 3 (exactly 20 s); of 4 offered one hung up within 20 s
    "service_level_of_offered": 2 / 4,
    "service_level_of_handled": 2 / 3,
    "service_level_abandoned_count": 3 / 4,
    "abandonment": 1 / 4,
    "abandonment_without_short": 0 / 3,
    "wait_probability": 3 / 4,
    "asa_s": (0 + 30 + 20) / 3,
    "mean_wait_s": (0 + 30 + 4 + 20) / 4,
    "mean_wait_of_abandoned_s": 4,
    "max_wait_s": 30,
    "queue_length": 54 / 3600,
    "aht_s": (100 + 20 + 200 + 40 + 300) / 3,
    "talk_s": 200,
    "acw_s": 20,
    "occupancy": (300 + 60 + 300) / (1800 + 2700),
    "outbound_occupancy": 0,
    "staffed_agents": 4500 / 3600,
    "busy_agents": 660 / 3600,
    "paused_agents": 0,
    "wait_p50_s": 4,  # waits 0, 4, 20, 30: the second of four is the smallest that half do not exceed
    "wait_p80_s": 30,
    "wait_p95_s": 30,
}


def test_overall():
    found = measures(sums(six_calls(), interval_us=1800 * S))
    assert found == pytest.approx(WHOLE)
    assert list(found) == list(WHOLE)  # the order of the table is the order of reports


def test_every_measure_is_worked_by_hand_above():
    # 0 / 0 above; test_counting has six calls with callbacks and a hand-over; `ivr validate` has conferences, chats and
    # costs
    elsewhere = {"callback_reached_share", "callback_level", "callback_wait_s", "promise_wait_s", "handed_over_wait_s"}
    elsewhere |= {"conference_wait_s", "concurrency", "slot_occupancy"}
    elsewhere |= {measure.name for measure in COSTS}
    assert {*MEASURES, *QUANTILES} == {*WHOLE, *elsewhere}


def test_by_queue():
    of = sums(six_calls())
    billing, tech = measures(of, queue="billing"), measures(of, queue="tech")
    assert billing == pytest.approx(
        {
            "offered": 2,
            "handled": 2,
            "abandoned": 0,
            "short_abandoned": 0,
            "balked": 0,
            "full": 0,
            "handed_over": 0,
            "voicemail": 0,
            "callback": 0,
            "callbacks_promised": 0,
            "callback_attempts": 0,
            "callbacks_reached": 0,
            "conferences_asked": 0,
            "conferences_joined": 0,
            "closed": 0,
            "service_level": 1 / 2,
            "service_level_of_offered": 1 / 2,
            "service_level_of_handled": 1 / 2,
            "service_level_abandoned_count": 1 / 2,
            "abandonment": 0,
            "abandonment_without_short": 0,
            "wait_probability": 1 / 2,
            "asa_s": 15,
            "mean_wait_s": 15,
            "max_wait_s": 30,
            "queue_length": 30 / 3600,
            "aht_s": 180,
            "talk_s": 150,
            "acw_s": 30,
            "wait_p50_s": 0,
            "wait_p80_s": 30,
            "wait_p95_s": 30,
        }
    )
    assert tech["service_level"] == 1 / 1  # one handled within, and the other hung up within
    assert tech["service_level_of_offered"] == 1 / 2
    assert (tech["asa_s"], tech["mean_wait_s"], tech["aht_s"]) == (20, 12, 300)


def test_by_group():
    of = sums(six_calls())
    assert measures(of, group="front") == pytest.approx(
        {
            "handled": 2,
            "asa_s": 15,
            "aht_s": 180,
            "talk_s": 150,
            "acw_s": 30,
            "occupancy": 360 / 1800,
            "staffed_agents": 0.5,
            "busy_agents": 0.1,
            "paused_agents": 0,
            "outbound_made": 0,
            "outbound_reached": 0,
            "outbound_occupancy": 0,
        }
    )
    assert measures(of, group="second")["occupancy"] == pytest.approx(300 / 2700)


def test_by_interval():
    of = sums(six_calls(), interval_us=1800 * S)
    early, late = measures(of, interval=0), measures(of, interval=1)
    assert (early["arrived"], late["arrived"]) == (4, 2)  # by arrival: call 3 at 1790 s is early
    assert (early["offered"], late["offered"]) == (3, 1)  # by offer: call 3 at 1830 s is late
    assert (early["blocked"], late["blocked"], late["contained"]) == (0, 1, 1)
    assert early["menu_s"] == pytest.approx((10 + 20 + 30 + 40) / 4)
    assert (early["service_level"], late["service_level"]) == (1 / 2, 1)
    assert (early["asa_s"], late["asa_s"]) == (15, 20)
    # agent 0 works 0..1800 s, agent 1 from 900 s; the talk of call 3 is 1850..2150 s, all in the second interval
    assert early["occupancy"] == pytest.approx(360 / (1800 + 900))
    assert late["occupancy"] == pytest.approx(300 / 1800)
    assert (early["staffed_agents"], late["staffed_agents"]) == (1.5, 1)


def test_pauses_are_neither_work_nor_time_to_work_in():
    """Agent 1, on duty 900..3600 s, pauses 1700..1850 s: 100 s in the first half-hour, 50 s in the second."""
    pauses = filled("pauses", [{"agent": 1, "group": 1, "began_us": 1700 * S, "ended_us": 1850 * S}])
    of = sums(replace(six_calls(), pauses=pauses), interval_us=1800 * S)
    assert measures(of)["occupancy"] == pytest.approx(660 / (4500 - 150))
    assert measures(of, group="second")["occupancy"] == pytest.approx(300 / (2700 - 150))
    assert measures(of, group="front")["occupancy"] == pytest.approx(360 / 1800)
    assert measures(of)["paused_agents"] == pytest.approx(150 / 3600)
    assert measures(of)["staffed_agents"] == pytest.approx(4500 / 3600)  # who pauses is on duty
    early, late = measures(of, interval=0), measures(of, interval=1)
    assert (early["paused_agents"], late["paused_agents"]) == pytest.approx((100 / 1800, 50 / 1800))
    assert (early["occupancy"], late["occupancy"]) == pytest.approx((360 / (2700 - 100), 300 / (1800 - 50)))
    warm = sums(replace(six_calls(), pauses=pauses), from_us=1750 * S)
    assert warm.column("paused_us", 0) == 100 * S


def test_outbound_calls_are_part_of_the_occupancy_also_where_agents_pause():
    """Agent 1 pauses 150 s, and dials at 2,200 s for 60 s: of the 2,550 s that are left, 300 go to the caller."""
    pauses = filled("pauses", [{"agent": 1, "group": 1, "began_us": 1700 * S, "ended_us": 1850 * S}])
    call = {"agent": 1, "group": 1, "dialled_us": 2200 * S, "ring_us": 10 * S, "reached": 1, "talk_us": 40 * S}
    of = sums(replace(six_calls(), pauses=pauses, outbound=filled("outbound", [call | {"acw_us": 10 * S}])))
    assert measures(of, group="second")["occupancy"] == pytest.approx((300 + 60) / (2700 - 150))
    assert measures(of, group="second")["outbound_occupancy"] == pytest.approx(60 / (2700 - 150))
    assert measures(of)["outbound_occupancy"] == pytest.approx(60 / (4500 - 150))


def test_intervals_add_up_to_the_whole():
    of = sums(six_calls(), interval_us=1000 * S)  # four intervals, the last of 600 s
    assert of.intervals == 4
    for i, name in enumerate(ivr.records.definitions.all_measures.COLUMNS):
        if name == "longest_wait_us":
            assert of.values[-4:, i].max() == of.values[0, i]
        elif name != "replications":
            assert of.values[-4:, i].sum() == of.values[0, i], name


def test_talk_across_an_edge_is_split():
    # call 1 talks 110..310 s and wraps up 310..350 s: with intervals of 200 s it gives 90 s, then 110 s + 40 s
    of = sums(six_calls(), interval_us=200 * S)
    assert of.column("busy_us", of.cell(interval=0)) == (100 + 90) * S
    assert of.column("busy_us", of.cell(interval=1)) == 110 * S
    assert of.column("wrap_us", of.cell(interval=0)) == 20 * S  # call 0: 110..130 s
    assert of.column("wrap_us", of.cell(interval=1)) == 40 * S


def test_calls_whose_keys_are_not_known_are_left_out():
    base = six_calls()

    def with_keys(*keys):
        calls = {**base.calls, "key_presses": np.array(keys, dtype="i4")}
        return Records(
            calls,
            base.visits,
            base.steps,
            base.agents,
            {k: v for k, v in base.names.items() if k not in FIXED_NAMES},
            base.horizon_us,
        )

    # calls 0 to 4 got a line; of call 2 it is not known, call 5 was blocked
    assert measures(sums(with_keys(1, 2, NONE, 1, 3, 9)))["key_presses"] == 7 / 4
    assert "key_presses" not in measures(sums(with_keys(*[NONE] * 6)))


def test_overflow_is_one_visit_overall_and_two_by_queue():
    # 15 s in billing, overflow to tech, 10 s more, handled: overall one offered call that waited 25 s
    base = six_calls()
    visits = filled(
        "visits",
        [
            {
                "call_id": 4,
                "seq": 1,
                "queue": 1,
                "offered_us": 40 * S,
                "answered_us": 50 * S,
                "left_us": 50 * S,
                "result": RESULTS.index("handled"),
                "talk_us": 60 * S,
                "agent": 1,
                "group": 1,
            },
            {
                "call_id": 4,
                "seq": 0,
                "queue": 0,
                "offered_us": 25 * S,
                "left_us": 40 * S,
                "result": RESULTS.index("overflowed"),
            },
        ],
    )
    records = Records(base.calls, visits, base.steps, base.agents, base.names, base.horizon_us)
    of = sums(records)
    whole, billing, tech = measures(of), measures(of, queue="billing"), measures(of, queue="tech")
    assert (whole["offered"], whole["asa_s"], whole["service_level"], whole["wait_p95_s"]) == (1, 25, 0, 25)
    assert (billing["offered"], billing["mean_wait_s"], billing["handled"]) == (1, 15, 0)
    assert (tech["offered"], tech["asa_s"], tech["service_level"]) == (1, 10, 1)
    assert of.column("overflowed", of.cell(queue="billing")) == 1
    assert of.column("overflowed") == 1


def test_a_visit_that_overflowed_and_was_never_continued_is_one_offer():
    # 15 s in billing, sent on, and the doors closed while the caller was in the menu between the queues
    base = six_calls()
    visits = filled(
        "visits",
        [
            {"call_id": 3, "queue": 0, "offered_us": 25 * S, "left_us": 40 * S, "result": RESULTS.index("overflowed")},
            {
                "call_id": 4,
                "queue": 1,
                "offered_us": 60 * S,
                "left_us": 70 * S,
                "answered_us": 70 * S,
                "agent": 1,
                "group": 1,
                "result": RESULTS.index("handled"),
            },
        ],
    )
    whole = measures(sums(Records(base.calls, visits, base.steps, base.agents, base.names, base.horizon_us)))
    assert (whole["offered"], whole["handled"], whole["asa_s"], whole["mean_wait_s"]) == (2, 1, 10, 12.5)


def test_callers_who_are_called_back_wait_off_the_line():
    # Call 0 gives up the line at 10 s; they miss the callback at 100 s and answer at 400 s: 390 s after the
    # promise. Call 1 is promised one at 20 s and never reached. Call 2 is told an expected wait and leaves at once;
    # call 3 finds the queue full. Calls 4 and 5 are second and third attempts.
    base = six_calls()
    calls = {name: column.copy() for name, column in base.calls.items()}
    calls["attempt"][4:] = 2, 3

    def visit(call, seq, offered, left, result, **more):
        code = RESULTS.index(result)
        answered = {"answered_us": left * S, "agent": 0, "group": 0} if result in ("handled", "unreached") else {}
        return {
            "call_id": call,
            "seq": seq,
            "offered_us": offered * S,
            "left_us": left * S,
            "result": code,
            **answered,
            **more,
        }

    visits = filled(
        "visits",
        [
            visit(0, 0, 10, 10, "callback"),
            visit(0, 1, 10, 100, "unreached", called_back=True, talk_us=20 * S),
            visit(0, 2, 390, 400, "handled", called_back=True, talk_us=80 * S, acw_us=10 * S),
            visit(1, 0, 20, 20, "callback"),
            visit(1, 1, 20, 500, "unreached", called_back=True, talk_us=20 * S),
            visit(2, 0, 30, 30, "abandoned", announced_wait_us=120 * S),
            visit(3, 0, 40, 40, "full"),
        ],
    )
    of = sums(Records(calls, visits, base.steps, base.agents, base.names, base.horizon_us), interval_us=300 * S)
    for found in (measures(of), measures(of, queue="billing"), measures(of, interval=0)):
        assert (found["offered"], found["handled"], found["mean_wait_s"], found["balked"], found["full"]) == (
            2,
            0,
            0,
            1,
            1,
        )
        assert (found["callbacks_promised"], found["callback_attempts"], found["callbacks_reached"]) == (2, 3, 1)
        assert (found["callback_reached_share"], found["callback_wait_s"]) == (1 / 2, 390)
    assert measures(of)["retries"] == 2
    assert measures(of)["attempts"] == 6 / 4
    # agents ring and talk: 20 s at 100 s, 80 s and 10 s of wrap-up at 400 s, 20 s at 500 s
    assert [of.column("busy_us", of.cell(interval=i)) for i in (0, 1)] == [20 * S, (80 + 20) * S]


def test_blocked_calls_have_no_time_in_the_menu():
    base = six_calls()
    calls = {name: column.copy() for name, column in base.calls.items()}
    calls["menu_us"][5] = 99 * S
    records = Records(calls, base.visits, base.steps, base.agents, base.names, base.horizon_us)
    assert measures(sums(records))["menu_s"] == 25


def test_waits_beyond_the_bins():
    of = sums(six_calls(waits_s=(0, 7201, 4, 611)))
    # 611 s counts up to 620 s; beyond two hours the longest wait stands
    assert measures(of)["wait_p95_s"] == 7201
    assert measures(of, queue="tech")["wait_p95_s"] == 611  # never more than the longest
    assert ivr.records.measures.WAIT_BOUNDS_S[np.flatnonzero(of.waits[2])].tolist() == [4, 620]


def test_menu_times_are_counted_in_bins():
    of = sums(six_calls())
    assert of.menu_times[[10, 20, 30, 40, 25]].tolist() == [1] * 5
    assert of.menu_times.sum() == 5


def test_no_calls_at_all():
    found = measures(sums(empty(horizon_us=3600 * S), interval_us=1800 * S))
    assert found["arrived"] == 0
    assert found["queue_length"] == 0
    assert "service_level" not in found
    assert "occupancy" not in found


def test_replications_are_added_and_ratios_are_ratios_of_averages():
    slow = six_calls(waits_s=(50, 30, 4, 20))
    together = measures(total([sums(six_calls()), sums(slow)]))
    assert together["arrived"] == 6  # a count is per replication
    assert together["service_level"] == (2 + 1) / (3 + 3)
    assert together["asa_s"] == pytest.approx((50 + 100) / 6)
    assert together["max_wait_s"] == (30 + 50) / 2  # the mean of the two longest waits, whatever road the records took
    joined = sums(concatenate([six_calls(), slow]))
    assert measures(joined) == pytest.approx(together)


def test_sums_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="threshold_us"):
        sums(six_calls()) + sums(six_calls(), threshold_us=1)
    with pytest.raises(ValueError, match="both must be above 0"):
        sums(six_calls(), interval_us=0)
    of = sums(six_calls())
    with pytest.raises(ValueError, match="not several"):
        of.cell(queue="tech", group="front")
    with pytest.raises(ValueError, match="not in tuple"):
        of.cell(queue="sales")
    with pytest.raises(ValueError, match="interval 0"):
        of.cell(interval=0)


@pytest.mark.parametrize("module", [ivr.records.definitions.all_measures, ivr.records.measures])
def test_examples_in_the_docstrings(module):
    assert doctest.testmod(module).failed == 0


def test_bins_are_those_of_a_search_in_the_bounds() -> None:
    at = np.array(
        [
            0,
            1,
            999_999,
            1_000_000,
            1_000_001,
            599_999_999,
            600_000_000,
            600_000_001,
            610_000_000,
            610_000_001,
            7_199_000_000,
            7_200_000_000,
            7_200_000_001,
            10**15,
        ]
    )
    assert (
        bins(at).tolist() == np.searchsorted(ivr.records.measures.WAIT_BOUNDS_S * 1_000_000, at, side="left").tolist()
    )
