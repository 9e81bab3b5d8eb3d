"""Estimators on cases worked by hand."""

from __future__ import annotations

import datetime as dt
import math

import numpy as np
import pytest

from ivr.records.tables import Records, empty_table
from simulation.calibration.agents import Answers, agent_groups
from simulation.calibration.announcements import estimate_told
from simulation.calibration.arrivals import estimate_arrivals, interval_correlation
from simulation.calibration.duty import Beside, duty_edges, seen_ready, stretches_of
from simulation.calibration.log_days import LogDays
from simulation.calibration.menu_behaviour import estimate_nodes
from simulation.calibration.outages import days_left_out
from simulation.calibration.patience import estimate_patience, kaplan_meier
from simulation.calibration.pauses import estimate_pauses
from simulation.calibration.priorities import estimate_head_start
from simulation.calibration.ready_times import ReadyTimes
from simulation.calibration.retries import estimate_retries
from simulation.calibration.staffing import busy_while_waiting
from simulation.calibration.talk import estimate_talk
from simulation.calibration.waiting_times import Spans

S = 1_000_000
MONDAY = dt.date(2026, 3, 2)


def dates(count: int) -> list[dt.date]:
    return [MONDAY + dt.timedelta(days=day) for day in range(count)]


# -- arrivals --------------------------------------------------------------------------------------------------------


def test_days_of_the_week_share_a_profile_and_keep_their_levels() -> None:
    """Mondays to Fridays have the profile 1:2:1 at two levels, Saturdays 2:1:0, Sundays are closed.

    Days differ less than by chance: with 24 open days less 6 means, their variance is 6 * 0.1^2 / (6 + 18) = 1/400.
    Four days at the common mean of 320 then have a mean with variance (320^2 / 400 + 320) / 4 = 144. The five means
    have variance 12,000, so 11,856 between days of the week; with the usual 5 % of 320 at weight 2 that is
    (2 * 256 + 4 * 11,856) / 6 = 7,989.3. So each keeps 7,989.3 / 8,133.3 = 0.9823 of its distance from 320.
    """
    week = np.array([[100, 200, 100]] * 3 + [[50, 100, 50]] * 2 + [[60, 30, 0], [0, 0, 0]], dtype=float)
    found = estimate_arrivals(np.tile(week, (4, 1)), np.arange(28) % 7, np.ones(28, bool))
    assert found.groups == ((0, 1, 2, 3, 4), (5,))
    assert found.observed.tolist() == week.tolist()
    assert [round(level.value, 1) for level in found.level] == [398.6, 398.6, 398.6, 202.1, 202.1, 90, 0]
    assert found.expected[0].tolist() == pytest.approx([398.584 / 4, 398.584 / 2, 398.584 / 4], abs=0.001)
    assert found.gamma is None  # the same count every week: less than chance


def test_a_day_of_the_week_that_was_never_seen_is_like_the_mean_of_the_others() -> None:
    found = estimate_arrivals(np.array([[10.0, 30.0], [30.0, 50.0]]), np.array([0, 1]), np.ones(2, bool))
    assert found.expected[3].tolist() == pytest.approx([20, 40], abs=1.0)
    assert found.level[3].count == 0


def test_intervals_that_go_together_are_told_from_chance() -> None:
    """400 days; the first half of the day has one gamma factor, the second another with correlation 0.5."""
    g = np.random.default_rng(1)
    shared, own = g.normal(size=(400, 1)), g.normal(size=(400, 2))
    factor = np.exp(0.2 * (math.sqrt(0.5) * shared + math.sqrt(0.5) * own))
    counts = g.poisson(300 * np.repeat(factor, 4, axis=1) / 4).astype(float)
    expected = np.tile(counts.mean(axis=0), (400, 1))
    found = interval_correlation(counts, expected, 1, blocks=2)
    assert found[1, 0].value == pytest.approx(0.495, abs=0.1)  # (e^0.02 - 1) / (e^0.04 - 1)
    assert found[1, 0].covers(0.495)


def test_days_with_holes_and_days_with_far_fewer_calls_are_left_out() -> None:
    counts = np.full((21, 4), 50.0)
    counts[7, 2:] = 0  # the second Monday: nothing in the afternoon
    counts[15] = 10  # the third Tuesday: a fifth of the calls
    counts[18] = 0  # the third Friday
    kept, left_out = days_left_out(dates(21), counts, 21_600.0)
    assert [(one.date.day, one.why) for one in left_out] == [
        (9, "no calls from 12:00 to the end of the day, where about 100 are usual"),
        (17, "40 calls, where such days have about 200"),
        (20, "no calls at all, where such days have about 200"),
    ]
    assert np.flatnonzero(~kept).tolist() == [7, 15, 18]


# -- talk and patience -----------------------------------------------------------------------------------------------


def test_calls_that_agents_end_at_once_are_told_apart() -> None:
    """5 % of 20,000 calls last 1 to 5 s; of the others, lognormal with mean 200 s and cv 0.8, 0.05 % are under 10 s."""
    g = np.random.default_rng(1)
    sigma = math.sqrt(math.log1p(0.8**2))
    natural = g.lognormal(math.log(200) - sigma**2 / 2, sigma, 19_000)
    found = estimate_talk(np.concatenate([natural, g.uniform(1, 5, 1000)]))
    assert found is not None
    assert found.short.covers(0.05)
    assert found.short.value == pytest.approx(0.05, abs=0.002)
    assert found.fits[0].family == "lognormal"
    assert found.distribution.mean == pytest.approx(found.mean.value)


def test_talk_times_of_no_family_are_stated_as_observed() -> None:
    times = np.concatenate([np.full(500, 30.0), np.full(500, 300.0)])
    found = estimate_talk(times)
    assert found is not None
    assert found.distribution.kind == "empirical"
    assert found.distribution.mean == 165.0


def test_kaplan_meier_by_hand() -> None:
    """Of five callers one gives up at 2 s (4/5 left), one is answered at 3 s, two of three give up at 5 s (4/15)."""
    curve = kaplan_meier(np.array([2.0, 3, 5, 5, 8]), np.array([True, False, True, True, False]))
    assert dict(zip(curve.at_s.tolist(), curve.share.tolist(), strict=True)) == pytest.approx(
        {2: 4 / 5, 3: 4 / 5, 5: 4 / 15, 8: 4 / 15}
    )


def test_patience_that_no_family_has_keeps_its_curve() -> None:
    """A fifth leave within a second; the others give up at 100 s sharp."""
    g = np.random.default_rng(1)
    patience = np.where(g.random(4000) < 0.2, 0.5, 100.0)
    offered = g.uniform(0, 200, 4000)
    found = estimate_patience(np.minimum(patience, offered), patience < offered)
    assert found is not None
    assert found.distribution.kind == "empirical"
    quantiles = found.distribution.quantile(np.array([0.1, 0.3, 0.9]))
    assert quantiles.tolist() == pytest.approx([0.5, 100, 100])


def test_too_few_who_gave_up_tell_nothing() -> None:
    assert estimate_patience(np.ones(50), np.arange(50) < 9) is None


# -- agents ----------------------------------------------------------------------------------------------------------


def answers(rows: list[tuple[int, int, float, float, float]]) -> Answers:
    """From rows of agent, queue, answered at, talk and wait, in seconds."""
    agent, queue, at, talk, wait = np.array(sorted(rows), dtype=float).T
    at_us = (at * S).astype(np.int64)
    return Answers(
        agent.astype(int), queue.astype(int), at_us, at_us + (talk * S).astype(np.int64), (wait * S).astype(np.int64)
    )


def test_pauses_are_seen_where_calls_wait() -> None:
    """The agent talks from 0 to 100. The next call joined at 105 and is answered at 130: ready after exactly 30 s. That
    talk ends at 190; a call joined at 200, waited until 210 for nobody, and the next is answered without a wait at 240:
    ready between 20 and 50 s after the talk, or a second and a half later, which would count as no wait too.
    """
    told = answers([(0, 0, 0, 100, 0), (0, 0, 130, 60, 25), (0, 0, 240, 10, 0)])
    waiting = Spans.union(np.array([105, 200]) * S, np.array([130, 210]) * S)
    found = stretches_of(told, waiting)
    ready = seen_ready(found, Beside.of([found], unit_us=S), waiting, unit_us=S)
    assert ready.exact_s.tolist() == [30.0]
    assert (ready.low_s.tolist(), ready.high_s.tolist()) == ([20.0], [51.5])
    assert ready.later_s.tolist() == ready.entered_s.tolist() == []


def test_a_call_that_another_might_have_taken_shows_nobody_ready() -> None:
    """Both end a talk at 100. A call at 120 is taken by the second, at 150 by the first: neither shows when they were
    ready, since who is ready sooner is asked for sooner. Then both talk till 200. A call waits from 230 to 240 and the
    first takes it: they were not ready at 231.5, as one who takes a call within 1.5 s counts as one who did not let it
    wait; the second was not until 240.
    """
    told = answers([(0, 0, 0, 100, 0), (1, 0, 0, 100, 0), (1, 0, 120, 80, 0), (0, 0, 150, 50, 0), (0, 0, 240, 99, 10)])
    told = answers([*rows_of(told), (1, 0, 250, 99, 0)])
    waiting = Spans.union(np.array([230]) * S, np.array([240]) * S)
    found = stretches_of(told, waiting)
    ready = seen_ready(found, Beside.of([found], unit_us=S), waiting, unit_us=S)
    assert (ready.exact_s.tolist(), ready.later_s.tolist()) == ([40.0], [40.0])
    assert ready.entered_s.tolist() == [31.5, 31.5]
    assert ready.low_s.tolist() == []


def rows_of(told: Answers) -> list[tuple[int, int, float, float, float]]:
    columns = (told.agent, told.queue, told.at_us / S, (told.until_us - told.at_us) / S, told.wait_us / S)
    return list(zip(*(column.tolist() for column in columns), strict=True))


def test_a_long_gap_while_calls_wait_is_time_away() -> None:
    told = answers([(0, 0, 0, 100, 0), (0, 0, 3700, 60, 0)])
    busy = stretches_of(told, Spans.union(np.array([1000]) * S, np.array([1100]) * S))
    quiet = stretches_of(told, Spans.union(np.zeros(0, np.int64), np.zeros(0, np.int64)))
    assert busy.on_us.tolist() == [0, 3700 * S]
    assert busy.before.tolist() == []
    assert quiet.on_us.tolist() == [0]


def test_agents_come_before_their_first_call_and_leave_after_their_last() -> None:
    """Talks of 100 s follow each other every 200 s, so gaps are of 100 s, of which 20 s are work: before a call that
    does not wait, an agent is idle for 80 s. Calls come every 200 s from 1,000 to 2,800 s; the first agent takes those
    to 2,000, so the line opens at 800 and the second agent, whose first call is that of 2,200 and who takes it at once,
    came at 2,120. The third came as their call, which had waited, was taken. A cycle of a talk of 100 s and a gap of
    100 s has passed by half when duty ends: 2,000 + 100. The line closes at 3,000.
    """
    rows = [(0, 0, 1000.0 + 200 * i, 100, 0) for i in range(6)]
    rows += [(1, 0, 2200.0 + 200 * i, 100, 0) for i in range(4)]
    told = answers([*rows, (2, 0, 2500, 100, 30)])
    waiting = Spans.union(np.array([2470]) * S, np.array([2500]) * S)
    offered = (np.arange(1000, 2801, 200) * S).astype(np.int64)
    found = stretches_of(told, waiting)
    on, off = duty_edges(found, Beside.of([found], unit_us=S), waiting, offered, 20.0, unit_us=S)
    assert (on / S).tolist() == [800.0, 2120.0, 2500.0]
    assert (off / S).tolist() == [2100.0, 2900.0, 2600.0]


def test_agents_are_grouped_by_the_queues_they_answer() -> None:
    g = np.random.default_rng(1)
    rows = [(agent, int(g.random() < 0.3), 10.0 * i, 5.0, 0.0) for i, agent in enumerate([0, 1] * 100)]
    rows += [(2, 1, 10.0 * i, 5.0, 0.0) for i in range(100)]
    groups = agent_groups(answers(rows), ("a", "b"))
    assert [(group.name, group.queues, group.agents) for group in groups] == [
        ("agents", ("a", "b"), (0, 1)),
        ("agents for b", ("b",), (2,)),
    ]


def log_of(visits: list[dict[str, int]], *, calls: int | None = None, names: tuple[str, ...] = ("q",)) -> Records:
    """Records of visits, times in seconds, a call each."""
    of_visits = empty_table("visits", len(visits))
    for i, visit in enumerate(visits):
        of_visits["call_id"][i] = i
        for name, value in visit.items():
            of_visits[name][i] = value * S if name.endswith("_us") and value >= 0 else value
    of_calls = empty_table("calls", len(visits) if calls is None else calls)
    of_calls["call_id"] = np.arange(len(of_calls["call_id"]))
    of_calls["arrived_us"][: len(visits)] = of_visits["offered_us"]
    return Records(
        of_calls, of_visits, empty_table("steps"), empty_table("agents"), {"queue": names}, 86_400 * S, 0, "UTC"
    )


def test_agents_of_a_log_without_names_are_those_who_talk_while_somebody_waits() -> None:
    """Two talk from 0:00 to 0:30, and somebody waits from 0:05 to 0:10: two agents. Then one talks and nobody waits."""
    days = LogDays(log_of([]))
    on, off = np.array([0, 0, 1900]) * S, np.array([1800, 1800, 2000]) * S
    found = busy_while_waiting(days, on, off, Spans.union(np.array([300]) * S, np.array([600]) * S))
    assert found[0, :3].tolist() == [2.0, 0.8, 0.0]  # at least 80 % of those who talk at once


def test_agents_on_duty_are_counted_by_interval() -> None:
    """One from 0:15 to 1:00, one from 0:00 to 0:30: 1.5 agents in the first half hour, 1 in the second."""
    days = LogDays(log_of([]))
    found = days.present(np.array([900, 0]) * S, np.array([3600, 1800]) * S)
    assert found[0, :3].tolist() == [1.5, 1.0, 0.0]


# -- callers ---------------------------------------------------------------------------------------------------------


def test_retries_are_counted_beyond_those_who_call_again_anyway() -> None:
    """100 callers give up, 40 of them call again after 10 min; 100 are served, 10 call again: (0.4 - 0.1) / 0.9."""
    arrived, caller, outcome = [], [], []
    for i in range(200):
        lost = i < 100
        arrived.append(i * 10_000)
        caller.append(i)
        outcome.append(4 if lost else 3)
        if (lost and i < 40) or (not lost and i < 110):
            arrived.append(i * 10_000 + 600)
            caller.append(i)
            outcome.append(9)  # failed: neither served nor counted as lost
    calls = empty_table("calls", len(arrived))
    calls["arrived_us"] = np.array(arrived) * S
    calls["ended_us"] = calls["arrived_us"]
    calls["outcome"] = np.array(outcome)
    records = Records(calls, empty_table("visits"), empty_table("steps"), empty_table("agents"))
    found = estimate_retries(records, np.array(caller))
    assert found is not None
    assert found.share.value == pytest.approx((0.4 - 0.1) / 0.9)
    assert (found.after_s, found.anyway) == (600.0, 0.1)


def test_a_head_start_is_found_from_who_is_served_first() -> None:
    """Two callers wait at each answer; one of high priority counts as 90 s longer."""
    g = np.random.default_rng(1)
    visits, priority, at = [], [], 0
    for _ in range(400):
        at += 1000
        joined = (at, at + int(g.integers(5, 180)))
        second_first = joined[1] - 90 < joined[0]
        left = (at + 220, at + 200) if second_first else (at + 200, at + 220)
        for when, until, high in zip(joined, left, (0, 2), strict=True):
            visits.append({"offered_us": when, "left_us": until, "answered_us": until, "result": 0})
            priority.append(high)
    found = estimate_head_start(log_of(visits), np.array(priority))
    assert found is not None
    assert (found.high, found.seconds) == (frozenset({2}), 90.0)
    assert found.explained.value == 1.0


def test_priorities_that_change_nothing_are_none() -> None:
    visits = [{"offered_us": 100 * i, "left_us": 100 * i + 50, "answered_us": 100 * i + 50} for i in range(300)]
    assert estimate_head_start(log_of(visits), np.arange(300) % 2) is None


def test_menu_behaviour_from_steps() -> None:
    """Of 40 visits to a menu 20 press 1, 10 press 2, 6 end in silence and 4 hang up, each after 8 s."""
    outcomes = [0] * 20 + [1] * 10 + [2] * 6 + [3] * 4
    calls, steps = empty_table("calls", 40), empty_table("steps", 40)
    calls["call_id"] = steps["call_id"] = np.arange(40)
    calls["menu_us"][:] = 8 * S
    steps["outcome"] = np.array(outcomes, dtype=np.int32)
    names = {"node": ("main",), "step_outcome": ("1", "2", "no_input", "hung_up")}
    found = estimate_nodes(Records(calls, empty_table("visits"), steps, empty_table("agents"), names))
    shares = {label: one.value for label, one in found["main"].shares.items()}
    assert shares == {"1": 0.5, "2": 0.25, "no_input": 0.15, "hung_up": 0.1}
    assert (found["main"].seconds.value, found["main"].visits) == (8.0, 40)


def test_a_visit_to_a_menu_lasts_as_long_as_all_its_attempts() -> None:
    """40 callers are silent for 8 s, then press 1 after 5 more: 13 s a visit, half of the attempts silent."""
    calls, steps = empty_table("calls", 40), empty_table("steps", 80)
    calls["call_id"] = np.arange(40)
    calls["menu_us"][:] = 13 * S
    steps["call_id"] = np.repeat(np.arange(40), 2)
    steps["seq"] = np.tile([0, 1], 40).astype(np.int16)
    steps["outcome"] = np.tile([1, 0], 40).astype(np.int32)
    steps["at_us"] = np.tile([0, 8 * S], 40)
    names = {"node": ("main",), "step_outcome": ("1", "no_input")}
    found = estimate_nodes(Records(calls, empty_table("visits"), steps, empty_table("agents"), names))
    assert {label: one.value for label, one in found["main"].shares.items()} == {"1": 0.5, "no_input": 0.5}
    assert found["main"].seconds.value == 13.0


def test_who_leaves_at_once_by_the_wait_they_were_told() -> None:
    told = [{"announced_wait_us": 30, "result": 0, "left_us": 60}] * 60
    told += [{"announced_wait_us": 400, "result": 1}] * 15 + [{"announced_wait_us": 400, "left_us": 90}] * 45
    assert [(step.above_s, step.leave.value) for step in estimate_told(log_of(told))] == [(0.0, 0.0), (300.0, 0.25)]


def test_agents_who_never_seem_ready_make_no_pauses_without_end() -> None:
    """100 agents are ready after 30 s on average; 5 were kept idle for others, and not yet ready after ten minutes.

    Two exponentials would fit best with pauses of 15 years, longer than all that was seen; so they are left out.
    """
    none = np.zeros(0)
    exact = -30 * np.log(1 - (np.arange(100) + 0.5) / 100)
    found = estimate_pauses([ReadyTimes(exact, np.full(5, 600.0), none, none, np.zeros(105))])
    assert found is not None
    assert [fit.family for fit in found.fits if fit.family == "hyperexponential"] == []
    assert 30 < found.mean.value < 600


def test_before_anybody_gives_up_nearly_all_would_wait() -> None:
    """100 wait for a second and are answered, then one gives up: with 101 at risk, 0.05^(1 / 101) = 97.1 % or more."""
    curve = kaplan_meier(np.append(np.ones(100), 2.0), np.append(np.zeros(100, bool), True))
    assert (curve.share.tolist(), curve.low[0]) == ([1.0, 0.0], pytest.approx(0.05 ** (1 / 101)))
