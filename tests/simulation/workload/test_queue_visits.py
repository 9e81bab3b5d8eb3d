"""What the tables hold for calls that continue: limits, keys, full queues, talks, transfers, callbacks, retries."""

import itertools

import numpy as np
import pytest

from flows.nodes.base import Here
from ivr.records.schema import NEVER, NONE, OUTCOMES, outcome_code
from simulation.sampling.streams import Streams
from simulation.tables.checks import OFFERED
from simulation.workload.build_call_table import build_call_table, prepare
from simulation.workload.build_queue_rules import build_queue_rules
from simulation.workload.draw_queue_visits import MAX_QUEUES
from tests.support.small_scenarios import features
from tests.support.units import S


def drawn(tmp_path, *settings, **changed):
    return build_call_table(prepare(features(tmp_path, *settings, **changed)), Streams(3))


def rows_of(calls, queue, urgency=0.0):
    """First legs of calls to a queue with an urgency."""
    code = calls.urgencies.index(urgency)
    return np.flatnonzero(
        (calls.queue == calls.queues.index(queue))
        & (calls.urgency == code)
        & (np.arange(calls.queue_visits) < len(calls))
    )


def values(calls, rows, *names):
    """The values that columns take in rows; those of one row when all are alike."""
    found = set(zip(*(getattr(calls, name)[rows].tolist() for name in names), strict=True))
    assert len(found) == 1
    return found.pop()


def test_a_time_out_leads_to_another_queue_with_what_is_left_of_the_patience(tmp_path):
    calls = drawn(tmp_path, "queues.second={patience: {constant: 5m}}")
    help = rows_of(calls, "help")
    # 90 s, then "Sorry." for 4 s, then the second queue; of 100 s of patience 10 s are left, as the call computes it:
    # if the talk there were handed over, the patience would restart with the second queue's 300 s.
    assert values(calls, help, "patience_us", "limit_us", "limit_delay_us", "limit_ending") == (
        100 * S,
        90 * S,
        4 * S,
        OFFERED,
    )
    second = calls.limit_next[help]
    assert np.array_equal(second, len(calls) + np.arange(len(help)))
    assert values(calls, second, "queue", "patience_us", "limit_us", "limit_next") == (
        calls.queues.index("second"),
        300 * S,
        NEVER,
        NONE,
    )


def test_a_full_queue_leads_to_the_voicemail(tmp_path):
    calls = drawn(tmp_path)
    # "Busy." 3 s, "Speak." 2 s, a message of 10 s
    assert values(calls, rows_of(calls, "help"), "full_delay_us", "full_ending", "full_next") == (
        15 * S,
        outcome_code("voicemail"),
        NONE,
    )
    assert [rule.capacity for rule in prepare(features(tmp_path)).queue_rules] == [3, NEVER]
    assert (
        build_queue_rules(features(tmp_path, "queues.help.max_calls=7").scenario, features(tmp_path).flow)[0].capacity
        == 7
    )


def test_after_the_talk_the_flow_goes_on(tmp_path):
    calls = drawn(tmp_path)
    assert values(calls, rows_of(calls, "help"), "talk_delay_us", "talk_next") == (5 * S, NONE)
    assert values(calls, rows_of(calls, "help", 2.0), "talk_delay_us", "talk_next") == (0, NONE)


def test_after_the_talk_a_caller_may_be_led_to_another_queue(tmp_path):
    from tests.support.small_scenarios import FEATURES

    calls = drawn(tmp_path, flow=FEATURES.replace("seconds: 5}, next: bye", "seconds: 5}, next: second_queue"))
    help = rows_of(calls, "help")
    assert set(calls.talk_delay_us[help].tolist()) == {5 * S}
    # once served, they are as patient as at first
    assert values(calls, calls.talk_next[help], "queue", "patience_us") == (1, 100 * S)


def test_the_urgency_is_that_of_the_node_and_of_the_intent(tmp_path):
    calls = drawn(tmp_path, "intents.urgent.urgency=0.5")
    # wherever callers of either intent may join a queue
    assert calls.urgencies == (0.0, 0.5, 2.0, 2.5)
    urgent = calls.intent == calls.intents.index("urgent")
    assert np.array_equal(np.array(calls.urgencies)[calls.urgency[: len(calls)]], np.where(urgent, 2.5, 0.0))


def test_the_values_of_an_intent_decide_the_priority_by_data(tmp_path):
    """Node 2 + level 7 for gold, node 2 + the default -1 for those of whom nothing is said; the intents state none."""
    from tests.support.small_scenarios import FEATURES

    by_tier = FEATURES.replace("urgency: 2", "urgency: 2, priority: {value: tier, GOLD: 7, default: -1}")
    assert by_tier != FEATURES
    gold = drawn(tmp_path, "intents.urgent.values={tier: gold}", flow=by_tier)
    urgent = gold.intent == gold.intents.index("urgent")
    assert set(np.array(gold.urgencies)[gold.urgency[: len(gold)][urgent]].tolist()) == {9.0}
    others = drawn(tmp_path, flow=by_tier)
    urgent = others.intent == others.intents.index("urgent")
    assert set(np.array(others.urgencies)[others.urgency[: len(others)][urgent]].tolist()) == {1.0}


def test_on_a_live_line_the_urgency_adds_to_the_priority_too(tmp_path):
    flow = features(tmp_path).flow
    priority = {
        name: node.enter(Here(flow, name, "en-US"))[-1].priority
        for name, node in flow.nodes.items()
        if node.type == "queue"
    }
    assert priority == {"help_queue": 0, "urgent_queue": 2, "second_queue": 5}


def test_keys_pressed_while_waiting_end_the_wait(tmp_path):
    settings = (
        "behaviour.while_waiting={help_queue: {pound: {share: 0.25, after: {constant: 20s}}}}",
        "arrivals.per_hour=2000",
    )
    calls = drawn(tmp_path, *settings)
    help = rows_of(calls, "help")
    pressed = calls.limit_us[help] == 20 * S
    # "Speak." 2 s and a message of 10 s; all others have the time-out as before
    assert values(calls, help[pressed], "limit_delay_us", "limit_ending") == (12 * S, outcome_code("voicemail"))
    assert values(calls, help[~pressed], "limit_us", "limit_ending") == (90 * S, OFFERED)
    # a quarter, within 4 standard errors of so many draws
    assert abs(pressed.mean() - 0.25) < 4 * np.sqrt(0.25 * 0.75 / len(help))
    late = drawn(tmp_path, settings[0].replace("20s", "95s"))
    assert set(late.limit_us[rows_of(late, "help")].tolist()) == {90 * S}  # the time-out comes first


def test_a_share_is_transferred_to_the_other_queues_talk_and_patience(tmp_path):
    calls = drawn(
        tmp_path,
        "queues={help: {transfer: {to: second, share: 0.5}}, second: {talk: {constant: 7m}, after_call_work: {constant:"
        " 1m}, patience: {constant: 5m}}}",
        "arrivals.per_hour=2000",
    )
    help = rows_of(calls, "help")
    passed_on = calls.talk_next[help] != NONE
    assert abs(passed_on.mean() - 0.5) < 4 * 0.5 / np.sqrt(len(help))
    second = calls.talk_next[help[passed_on]]
    assert values(calls, second, "queue", "patience_us", "acw_us", "limit_us") == (1, 300 * S, 60 * S, NEVER)
    assert set(calls.talk_us[second, 0].tolist()) == {420 * S}
    # the agent passes the caller on at once; "Thanks." comes after the last talk
    assert values(calls, help[passed_on], "talk_delay_us") == (0,)
    assert values(calls, second, "talk_delay_us") == (5 * S,)


def test_transfers_to_and_fro_stop_at_the_last_queue(tmp_path):
    calls = drawn(
        tmp_path,
        "queues={help: {transfer: {to: second, share: 1}}, second: {transfer: {to: help, share: 0.999999}}}",
        "arrivals.per_hour=10",
    )
    queues, leg = [], 0
    while leg != NONE:
        queues.append(calls.queues[calls.queue[leg]])
        leg = int(calls.talk_next[leg])
    assert queues == ["help", "second"] * (MAX_QUEUES // 2)


def test_in_the_last_queue_the_caller_stays(tmp_path):
    from tests.support.small_scenarios import FEATURES

    circle = FEATURES.replace(
        "type: queue, queue: second}", "type: queue, queue: second, max_wait: 1s, on: {timeout: sorry}}"
    )
    calls = drawn(tmp_path, "arrivals.per_hour=10", flow=circle)
    leg, limits = int(rows_of(calls, "help")[0]), []
    while leg != NONE:
        limits.append(int(calls.limit_us[leg]))
        leg = int(calls.limit_next[leg])
    assert limits == [90 * S, *[S] * (MAX_QUEUES - 2), NEVER]


def test_calls_back_ring_and_are_answered_at_some_attempt(tmp_path):
    offer = (
        "queues={help: {callback: {above: 3m, share: 0.4, ring: {constant: 12s}, answered: 0.6, attempts: 2, again:"
        " 30m}}}"
    )
    calls = drawn(tmp_path, offer, "arrivals.per_hour=3000")
    help = rows_of(calls, "help")
    assert set(calls.ring_us[help].tolist()) == {12 * S}
    # at once with 0.6, at the second attempt with 0.4 * 0.6, never with 0.4 * 0.4
    for at, share in ((1, 0.6), (2, 0.24), (0, 0.16)):
        assert abs((calls.reached_at[help] == at).mean() - share) < 4 * np.sqrt(share * (1 - share) / len(help))
    [rule, other] = prepare(features(tmp_path, offer)).queue_rules
    assert (rule.callback_above_us, rule.callback_share, rule.callback_attempts, rule.callback_again_us) == (
        180 * S,
        0.4,
        2,
        1800 * S,
    )
    assert other.callback_above_us == NEVER
    assert calls.u.shape == (calls.queue_visits, 2)


def test_what_is_told_is_the_rule_of_queues_that_announce(tmp_path):
    loaded = features(
        tmp_path,
        "behaviour.told=[{above: 1m, leave: 10%}, {above: 3m, leave: 30%, patience: 1.5}]",
        "expected_wait=head_of_line",
        "after_call_work={constant: 20s}",
    )
    help, second = build_queue_rules(loaded.scenario, loaded.flow)
    assert (help.announces, help.estimator) == (True, "head_of_line")
    assert (help.told_us, help.balk_share, help.patience_factor) == ((0, 60 * S, 180 * S), (0, 0.1, 0.3), (1, 1, 1.5))
    assert (second.announces, second.told_us) == (False, ())
    assert help.mean_handle_us == 200 * S  # 3 min of talk and 20 s of wrap-up


def test_callers_call_again_with_the_patience_they_had(tmp_path):
    settings = (
        "behaviour.retry={share: 0.5, after: {constant: 10m}, attempts: 3}",
        "patience={exponential: 2m}",
        "arrivals.per_hour=1000",
    )
    calls = drawn(tmp_path, *settings)
    n = calls.first_attempts
    attempts = np.bincount(calls.attempt)[1:]
    # half of the previous ones would call again, each time, and nobody more than three times
    assert attempts[0] == n
    assert len(attempts) == 3
    for before, after in itertools.pairwise(attempts):
        assert abs(after / before - 0.5) < 4 * 0.5 / np.sqrt(before)
    again = np.flatnonzero(calls.retry[:n] != NONE)
    second = calls.retry[again]
    assert np.array_equal(calls.intent[second], calls.intent[again])
    same = calls.queue[second] == calls.queue[again]
    assert np.array_equal(calls.patience_us[second][same], calls.patience_us[again][same])
    assert set(calls.retry_after_us[again].tolist()) == {600 * S}
    assert set(calls.arrived_us[n:].tolist()) == {NEVER}
    assert not np.array_equal(calls.talk_us[second], calls.talk_us[again]) or set(calls.talk_us.ravel().tolist()) == {
        180 * S
    }
    redrawn = drawn(tmp_path, settings[0].replace("3}", "3, patience: redraw}"), *settings[1:])
    assert not np.array_equal(redrawn.patience_us[second], redrawn.patience_us[again])
    assert [OUTCOMES[code] for code in calls.retry_outcomes] == ["blocked", "abandoned", "turned_away"]
    blocked = drawn(tmp_path, settings[0].replace("3}", "3, on: [blocked]}"))
    assert [OUTCOMES[code] for code in blocked.retry_outcomes] == ["blocked"]


FIRST = ("arrived_us", "intent", "language", "menu_us", "ending", "key_presses", "zero_out")
LEG = ("queue", "patience_us", "acw_us", "limit_us", "limit_delay_us", "limit_ending", "full_delay_us", "talk_delay_us")


@pytest.mark.parametrize(
    ("setting", "moved"),
    [
        ("behaviour.retry={share: 0.5}", set()),
        ("behaviour.told=[{above: 0s, leave: 10%, patience: 2}]", set()),
        ("expected_wait=head_of_line", set()),
        ("queues={help: {callback: {above: 1m}}}", set()),
        ("queues={second: {transfer: {to: help, share: 0.5}}}", set()),
        (
            "behaviour.while_waiting={help_queue: {pound: {share: 0.5, after: {constant: 1s}}}}",
            {"limit_us", "limit_delay_us", "limit_ending"},
        ),
        ('arrivals.surges=[{at: "10:00", calls: 0}]', set()),
        ("groups.first.breaks=[{length: 5m, after: 1h}]", set()),
        ("groups.first.shrinkage=0.5", set()),
        ("groups.first.speed={lognormal: {mean: 1, cv: 0.3}}", set()),
    ],
)
def test_what_is_drawn_for_one_feature_moves_no_other_draw(tmp_path, setting, moved):
    usual = (
        "talk={exponential: 3m}",
        "patience={exponential: 2m}",
        "after_call_work={exponential: 20s}",
        "behaviour.wrong_key=0.1",
        "behaviour.message={exponential: 10s}",
        "arrivals.per_hour=60",
    )
    before = drawn(tmp_path, *usual)
    if "surges" in setting:
        setting = setting.replace("10:00", "09:00")
    after = drawn(tmp_path, *usual, setting)
    n = before.first_attempts
    assert after.first_attempts == n
    assert {name for name in FIRST if not np.array_equal(getattr(before, name), getattr(after, name)[:n])} == set()
    assert {name for name in LEG if not np.array_equal(getattr(before, name)[:n], getattr(after, name)[:n])} == moved
    assert np.array_equal(before.talk_us[:n], after.talk_us[:n])


def test_a_surge_moves_no_other_caller(tmp_path):
    usual = ("talk={exponential: 3m}", "patience={exponential: 2m}", "behaviour.wrong_key=0.1", "arrivals.per_hour=60")
    before = drawn(tmp_path, *usual)
    after = drawn(tmp_path, *usual, 'arrivals.surges=[{at: "09:00", calls: 30, over: 5m, intents: {urgent: 1}}]')
    n, kept = len(before), np.isin(after.arrived_us, before.arrived_us)
    extra = after.arrived_us[: len(after)][~kept[: len(after)]]
    assert kept.sum() == n
    assert extra.min() >= 3600 * S
    assert extra.max() < 3900 * S
    assert set(after.intent[~kept].tolist()) == {after.intents.index("urgent")}
    rows = np.flatnonzero(kept)
    for name in FIRST:
        assert np.array_equal(getattr(before, name), getattr(after, name)[rows]), name
    for name in LEG:
        assert np.array_equal(getattr(before, name)[:n], getattr(after, name)[rows]), name
