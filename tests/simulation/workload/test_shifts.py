"""Stretches that agents work: breaks, days of the week, who stays away, speeds."""

import numpy as np
import pytest

from simulation.experiment.run import simulate
from simulation.sampling.streams import Streams
from simulation.workload.build_staff_table import build_staff_table
from tests.support.small_scenarios import features

MINUTE = 60_000_000


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
