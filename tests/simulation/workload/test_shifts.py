"""Stretches that agents work: breaks, days of the week, who stays away, speeds."""

import numpy as np
import pytest

from simulation.engines.contract import ENGINES, has_kernel
from simulation.experiment.run import simulate
from simulation.experiment.runner import Runner
from simulation.experiment.scenario_changes import agent_hours
from simulation.sampling.streams import Streams
from simulation.workload.build_staff_table import build_staff_table
from tests.support.small_scenarios import features, one_queue
from tests.support.units import S

MINUTE = 60_000_000
HERE = [name for name in ENGINES if name == "reference" or has_kernel()]


def stretches(tmp_path, *settings, streams=None):
    """Rows as (agent, on, off, rest) in minutes from 8:00; only those of the first group."""
    staff = build_staff_table(features(tmp_path, *settings).scenario, streams)
    mine = staff.group == 0
    return [
        tuple((row / MINUTE if i else row) for i, row in enumerate(rows))
        for rows in zip(
            staff.agent[mine].tolist(),
            staff.on_us[mine].tolist(),
            staff.off_us[mine].tolist(),
            staff.rest_us[mine].tolist(),
            strict=True,
        )
    ]


@pytest.mark.parametrize(
    ("breaks", "rows"),
    [
        # from 8:00 to 10:00, all at once
        ('[{from: "08:30", to: "09:00"}]', [(0, 0, 30, 0), (0, 60, 120, 30), (1, 0, 30, 0), (1, 60, 120, 30)]),
        # 20 minutes each between 8:30 and 9:30: the first from 8:30, the last from 9:10
        (
            '[{from: "08:30", to: "09:30", length: 20m}]',
            [(0, 0, 30, 0), (0, 50, 120, 20), (1, 0, 70, 0), (1, 90, 120, 20)],
        ),
        ("[{length: 15m, after: 1h}]", [(0, 0, 60, 0), (0, 75, 120, 15), (1, 0, 60, 0), (1, 75, 120, 15)]),
        ("[{length: 15m, after: 1h, spread: 20m}]", [(0, 0, 60, 0), (0, 75, 120, 15), (1, 0, 80, 0), (1, 95, 120, 15)]),
        # two that overlap are one, of 8:30 to 9:10
        (
            '[{from: "08:30", to: "09:00"}, {length: 20m, after: 50m}]',
            [(0, 0, 30, 0), (0, 70, 120, 40), (1, 0, 30, 0), (1, 70, 120, 40)],
        ),
        # over the end of the shift: it ends there; after it: no break at all
        ("[{length: 30m, after: 110m}]", [(0, 0, 110, 0), (1, 0, 110, 0)]),
        ("[{length: 30m, after: 3h}]", [(0, 0, 120, 0), (1, 0, 120, 0)]),
    ],
)
def test_breaks_part_shifts_and_keep_their_length(tmp_path, breaks, rows):
    assert stretches(tmp_path, "groups.first.agents=2", f"groups.first.breaks={breaks}") == rows


def test_a_break_counts_from_the_begin_of_a_shift_that_was_under_way(tmp_path):
    # The shift began at 7:00, an hour before the scenario: its break of 90 minutes after that is at 8:30.
    rows = stretches(
        tmp_path,
        'groups.first={skills: [help], shifts: [{agents: 1, from: "07:00", to: "15:00"}], breaks: [{length: 10m, after:'
        " 90m}]}",
    )
    assert rows == [(0, 0, 30, 0), (0, 40, 120, 10)]


def test_shifts_have_days(tmp_path):
    # 24 November 2026 is a Tuesday
    rows = stretches(
        tmp_path,
        "horizon=3d",
        'groups.first={skills: [help], shifts: [{agents: 1, from: "09:00", to: "10:00", days: [tue, thu]}]}',
    )
    assert rows == [(0, 60, 120, 0), (0, 2 * 1440 + 60, 2 * 1440 + 120, 0)]


def test_a_list_of_one_day_repeats(tmp_path):
    day = [0] * 24
    day[2:4] = 1, 1
    rows = stretches(tmp_path, "horizon=2d", "interval=1h", f"groups.first.agents={day}")
    assert rows == [(0, 120, 240, 0), (0, 1440 + 120, 1440 + 240, 0)]


def test_who_stays_away_is_drawn_agent_by_agent_and_day_by_day(tmp_path):
    settings = (
        "horizon=20d",
        "interval=24h",
        'groups.first={skills: [help], shifts: [{agents: 50, from: "08:00", to: "16:00"}], shrinkage: 0.2}',
    )
    rows = stretches(tmp_path, *settings, streams=Streams(1))
    # 1,000 agent-days, a fifth of them away, within 4 standard errors
    assert abs(len(rows) / 1000 - 0.8) < 4 * np.sqrt(0.16 / 1000)
    assert rows != stretches(tmp_path, *settings, streams=Streams(1, 1))
    fewer = stretches(
        tmp_path, *settings, "groups.first.shifts=[{agents: 49, from: '08:00', to: '16:00'}]", streams=Streams(1)
    )
    assert fewer == [row for row in rows if row[0] < 49]  # one agent fewer moves no others
    assert len(stretches(tmp_path, *settings)) == 1000
    assert (
        simulate(
            features(tmp_path, "groups.first.shrinkage=0.5", "groups.tier2.shrinkage=0.9"),
            replications=2,
            engine="reference",
        )
        .measures["staffed_agents"]
        .mean
        < 5
    )


SHIFT = '{{skills: [help], shifts: [{{agents: {}, from: "08:00", to: "16:00"}}]}}'


@pytest.mark.parametrize(
    ("stated", "hours"),
    [
        # 3.4 agents for 24 h of each of 50 days; 2.5 and 3.25 agents for 12 h each; 3.4 agents in a shift of 8 h.
        ("{skills: [calls], agents: 3.4}", 3.4 * 24 * 50),
        ("{skills: [calls], agents: [2.5, 3.25]}", 5.75 * 12 * 50),
        (SHIFT.format(3.4).replace("help", "calls"), 3.4 * 8 * 50),
    ],
)
def test_the_last_of_a_fraction_is_there_on_that_share_of_the_days(stated, hours, tmp_path):
    settings = ("start=2026-11-24 00:00", "horizon=50d", "interval=12h", f"groups={{agents: {stated}}}")
    scenario = one_queue(tmp_path, *settings).scenario
    assert agent_hours(scenario) == pytest.approx(hours)
    found = [build_staff_table(scenario, Streams(1, k)) for k in range(40)]
    worked = [(staff.off_us - staff.on_us).sum() / (3600 * S) for staff in found]
    # Of 2,000 agent-days each varies by at most 12 h (half of 24): the mean of 40 by 12 x sqrt(50 / 40) x 2 at most.
    assert abs(np.mean(worked) - hours) < 4 * 12 * np.sqrt(50 / 40)


def rows_of(tmp_path, *settings):
    staff = build_staff_table(features(tmp_path, "horizon=20d", "interval=24h", *settings).scenario, Streams(1))
    first = staff.group == 0
    return {
        (agent, day)
        for agent, on, off in zip(staff.agent[first], staff.on_us[first], staff.off_us[first], strict=True)
        for day in range(on // (86_400 * S), -(-off // (86_400 * S)))
    }


@pytest.mark.parametrize("of", ["{{skills: [help], agents: {}}}", SHIFT])
def test_raising_a_fraction_only_adds(of, tmp_path):
    days = [rows_of(tmp_path, f"groups.first={of.format(number)}") for number in (3, 3.4, 3.6, 4)]
    assert days[0] < days[1] < days[2] < days[3]
    assert (len(days[0]), len(days[3])) == (3 * 20, 4 * 20)


def test_a_fraction_is_drawn_once_for_a_date(tmp_path):
    """The third agent of 2.5 and 2.5 in the halves of a day is there for both or for neither."""
    settings = ("start=2026-11-24 00:00", "horizon=20d", "interval=12h", "groups.first.agents=[2.5, 2.5]")
    staff = build_staff_table(features(tmp_path, *settings).scenario, Streams(1))
    third = (staff.agent == 2) & (staff.group == 0)
    hours = (staff.off_us - staff.on_us)[third] // (3600 * S)
    assert 0 < hours.sum() < 20 * 24
    assert set((hours % 24).tolist()) == {0}


def test_a_fraction_is_not_rounded_by_the_staff_factor(tmp_path):
    """2.5 x 0.5 = 1.25 agents for 8 h; of tier2, 2 x 0.5 = 1."""
    loaded = features(tmp_path, "groups.first.agents=2.5", "staff_factor=0.5", "horizon=8h", "interval=1h")
    assert agent_hours(loaded.scenario) == 1.25 * 8 + 8


def test_each_day_is_that_of_a_whole_number(tmp_path):
    """Both engines: a day with 1.5 agents is, record for record, the day with 1 or with 2."""

    def runs(agents, engine):
        runner = Runner.of(one_queue(tmp_path, f"groups.agents.agents={agents}", "arrivals.per_hour=20"), engine=engine)
        found = []
        for k in range(8):
            calls, staff = runner.calls(1, k, 0.5), runner.staff_of(1, k)
            found.append(runner.replication(calls, staff)[1].visits["left_us"].tolist())
        return found

    for name in HERE:
        half, one, two = (runs(agents, name) for agents in (1.5, 1, 2))
        assert all(day in (a, b) for day, a, b in zip(half, one, two, strict=True))
        assert half not in (one, two)


def test_speeds_are_spread_evenly_over_the_agents(tmp_path):
    def speeds(*settings):
        staff = build_staff_table(features(tmp_path, *settings).scenario)
        return staff.speed[staff.group == 0].tolist()

    assert speeds() == [1.0, 1.0, 1.0]
    assert speeds("groups.first.speed=1.25") == [1.25] * 3
    assert speeds("groups.first.speed=[0.8, 1, 1.2]") == [0.8, 1.0, 1.2]
    # quantiles 1/2, 1/4, 3/4 (van der Corput) of a uniform from 0.5 to 1.5
    assert speeds("groups.first.speed={uniform: {low: 0.5, high: 1.5}}") == [1.0, 0.75, 1.25]


def test_ends_of_shifts_are_by_group(tmp_path):
    staff = build_staff_table(features(tmp_path, "groups.first.end_of_shift=hand_over").scenario)
    assert staff.at_off == ("hand_over", "finish")
