"""One clock: everything that a scenario gives in clock time happens when the clock of its zone shows that time.

What is expected comes from the zone database alone (``local_days.local``), moment by moment.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from flows.source.finding import ScenarioError
from simulation.clock.local_time import local_clock
from simulation.loading.load import load_scenario
from simulation.sampling.streams import Streams
from simulation.scenario.arrivals import Busyness
from simulation.scenario.loaded import LoadedScenario
from simulation.workload.arrivals import processes
from simulation.workload.build_call_table import prepare
from simulation.workload.build_staff_table import build_staff_table
from simulation.workload.busy_days import day_factors
from tests.support.local_days import CHANGES, HOUR_US, MINUTE_US, Change, local
from tests.support.small_scenarios import one_queue, write

DAY_S = 86_400
changes = pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)


def on_duty(loaded: LoadedScenario, at_us: np.ndarray) -> list[int]:
    staff = build_staff_table(loaded.scenario)
    return [int(np.count_nonzero((staff.on_us <= at) & (at < staff.off_us))) for at in at_us.tolist()]


# -- the clock itself -----------------------------------------------------------------------------------------------


@changes
def test_the_clock_shows_what_the_zone_database_says(change: Change) -> None:
    clock = local_clock(change.start, change.zone, 3 * DAY_S)
    assert clock.length_us / 3.6e9 == 48 + change.hours  # three days of the calendar
    at_us = np.arange(0, clock.length_us, 7 * MINUTE_US)
    shown = local(change.zone, change.start, at_us)
    midnight = dt.datetime.combine(change.start.date(), dt.time())
    assert clock.wall_us(at_us).tolist() == [
        (moment.replace(tzinfo=None) - midnight) // dt.timedelta(microseconds=1) for moment in shown
    ]
    assert clock.day(at_us).tolist() == [(moment.date() - change.start.date()).days for moment in shown]
    # Back again: the moment itself, or the first or the last of two.
    for at, wall in zip(at_us.tolist(), clock.wall_us(at_us).tolist(), strict=True):
        assert at in (clock.at_us(wall), clock.again_us(wall))
        assert clock.shown(wall) in (1, 2)


@changes
@pytest.mark.parametrize("minutes", [15, 30, 45, 60, 120, 360, 1440])
def test_an_interval_shows_the_same_times_on_every_day(change: Change, minutes: int) -> None:
    """In every interval the clock shows times of one stretch, from k times its length to k + 1 times, and no others."""
    clock = local_clock(change.start, change.zone, 3 * DAY_S)
    cut = clock.intervals(minutes * MINUTE_US)
    at_us = np.arange(0, clock.length_us, 5 * MINUTE_US)
    wall = clock.wall_us(at_us)
    assert (wall // (minutes * MINUTE_US)).tolist() == cut.number[cut.at(at_us)].tolist()
    assert cut.edges_us[0] == 0
    assert cut.edges_us[-1] == clock.length_us
    assert np.all(np.diff(cut.edges_us) > 0)


def test_intervals_of_the_days_on_which_clocks_change() -> None:
    def lengths(day: str, minutes: int) -> list[float]:
        clock = local_clock(dt.datetime.fromisoformat(day), "America/New_York", DAY_S)
        return (np.diff(clock.intervals(minutes * MINUTE_US).edges_us) / HOUR_US).tolist()

    assert lengths("2026-11-01", 1440) == [25]
    assert lengths("2027-03-14", 1440) == [23]
    assert lengths("2026-11-01", 360) == [7, 6, 6, 6]
    assert lengths("2027-03-14", 360) == [5, 6, 6, 6]
    assert lengths("2026-11-01", 60) == [1] * 25
    assert lengths("2027-03-14", 60) == [1] * 23
    # Of 45 minutes: 0:00, 0:45, 1:30 (until 2:00, which is 1:00 again: within 0:45), 1:30 again, 2:15 ...
    assert lengths("2026-11-01", 45)[:6] == [0.75, 0.75, 0.5, 0.5, 0.75, 0.75]


@pytest.mark.parametrize(
    ("horizon_s", "hours"),
    [(DAY_S, 25), (2 * DAY_S, 49), (7 * DAY_S, 169), (4 * 3600, 4), (36 * 3600, 37), (365 * DAY_S, 365 * 24)],
)
def test_whole_days_are_days_of_the_calendar_and_the_rest_is_time_that_passes(horizon_s: int, hours: int) -> None:
    assert local_clock(dt.datetime(2026, 11, 1), "America/New_York", horizon_s).length_us == hours * HOUR_US


def test_times_that_are_shown_twice_or_skipped() -> None:
    back = local_clock(dt.datetime(2026, 11, 1), "America/New_York", DAY_S)
    assert [back.at_us(m * MINUTE_US) // MINUTE_US for m in (59, 60, 90, 119, 120)] == [59, 60, 90, 119, 180]
    assert back.again_us(90 * MINUTE_US) // MINUTE_US == 150
    on = local_clock(dt.datetime(2027, 3, 14), "America/New_York", DAY_S)
    assert [on.at_us(m * MINUTE_US) // MINUTE_US for m in (119, 120, 150, 180, 181)] == [119, 120, 120, 120, 121]
    second = local_clock(dt.datetime(2026, 11, 1, 1, 30), "America/New_York", 3600)
    assert second.utc == dt.datetime(2026, 11, 1, 5, 30, tzinfo=dt.UTC)  # 1:30 EDT, the first of two


# -- arrivals: a case for every kind --------------------------------------------------------------------------------

NINE = "[0, 0, 0, 0, 0, 0, 0, 0, 0, 600" + ", 0" * 14 + "]"


def _counts(folder, change: Change) -> str:
    (folder / "counts.csv").write_text(
        "calls\n" + "".join(f"{600 if hour == 9 else 0}\n" for hour in range(24)), encoding="utf-8"
    )
    return "arrivals={kind: csv, file: counts.csv}"


def _stamps(folder, change: Change) -> str:
    days = [change.start + dt.timedelta(days=day) for day in range(3)]
    (folder / "calls.csv").write_text(
        "at\n" + "".join(f"{day:%Y-%m-%d} 09:{n // 10:02d}:{n % 10 * 6:02d}\n" for day in days for n in range(600)),
        encoding="utf-8",
    )
    return "arrivals={kind: trace, file: calls.csv, column: at}"


def _surges(folder, change: Change) -> str:
    days = ", ".join(
        f"{{at: {change.start + dt.timedelta(days=day, hours=9):%Y-%m-%d %H:%M}, calls: 600, over: 1h}}"
        for day in range(3)
    )
    return f"arrivals={{kind: constant, per_hour: 0, surges: [{days}]}}"


def _history(folder, change: Change) -> str:
    (folder / "days.csv").write_text(
        "date,at,calls\n"
        + "".join(
            f"2026-06-{day:02d},{hour:02d}:00,{600 if hour == 9 else 0}\n" for day in (1, 2) for hour in range(24)
        ),
        encoding="utf-8",
    )
    return "arrivals={kind: history, file: days.csv, time_column: at, column: calls}"


def _third_day(change: Change) -> str:
    return ("mon", "tue", "wed", "thu", "fri", "sat", "sun")[(change.start + dt.timedelta(days=2)).weekday()]


# kind: (settings that bring 600 calls from 9 to 10 of each day, or on the third day only, and the hours of a day with
# calls)
KINDS = {
    "per_interval": (lambda folder, change: f"arrivals={{kind: per_interval, calls: {NINE}}}", 600, (0, 1, 2)),
    "csv_counts": (_counts, 600, (0, 1, 2)),
    "trace": (_stamps, 600, (0, 1, 2)),
    "history": (_history, 600, (0, 1, 2)),
    "surge": (_surges, 600, (0, 1, 2)),
    "constant": (
        lambda folder, change: (
            "arrivals={kind: constant, per_hour: 25, weekdays: {"
            + ", ".join(
                f"{day}: 0" for day in ("mon", "tue", "wed", "thu", "fri", "sat", "sun") if day != _third_day(change)
            )
            + "}}"
        ),
        600,
        (2,),
    ),
    "gamma_busy": (
        lambda folder, change: f"arrivals={{kind: per_interval, calls: {NINE}, busyness: {{gamma: 1e9}}}}",
        600,
        (0, 1, 2),
    ),
}


def test_every_kind_of_arrivals_has_its_case() -> None:
    assert set(KINDS) == set(processes()), (
        "a new kind needs a case here: calls between two local times over the change of the clock"
    )


@changes
@pytest.mark.parametrize("kind", KINDS)
def test_calls_come_when_the_clock_shows_their_time(tmp_path, kind: str, change: Change) -> None:
    made, calls, days = KINDS[kind]
    ready = prepare(one_queue(tmp_path, made(tmp_path, change), *change.settings))
    arrived = ready.draw_callers(Streams(1)).arrived_us
    assert ready.arrivals.expected_calls(ready.horizon_us) == pytest.approx(calls * len(days))
    shown = local(change.zone, change.start, arrived)
    if kind != "constant":
        assert {moment.hour for moment in shown} == {9}
    found = np.bincount([(moment.date() - change.start.date()).days for moment in shown], minlength=3)
    for day in range(3):
        assert abs(found[day] - calls * (day in days)) <= 4.5 * np.sqrt(calls) * (day in days)


@changes
@pytest.mark.parametrize("correlation", ["", ", correlation: 0.4"])
def test_busy_days_are_days_of_the_calendar(tmp_path, change: Change, correlation: str) -> None:
    """The factor of a date holds from its midnight to the next: 2,000 calls an hour times the factor, for as many hours
    as it has.
    """
    two = "intents={talk: {share: 0.5, goal: wait}, ask: {share: 0.5, goal: wait}}"
    noon = f"{change.start + dt.timedelta(days=2, hours=12):%Y-%m-%d %H:%M}"  # of the third date: 5,000 more who ask
    surge = f"surges: [{{at: {noon}, calls: 5000, over: 1h, intents: {{ask: 1}}}}]"
    ready = prepare(
        one_queue(
            tmp_path,
            two,
            f"arrivals={{kind: constant, per_hour: 2000, {surge}, busyness: {{gamma: 3{correlation}}}}}",
            *change.settings[1:],
            f"start={change.start + dt.timedelta(hours=18):%Y-%m-%d %H:%M}",
        )
    )
    callers = ready.draw_callers(Streams(5), busy_u=0.3)
    of = Busyness(gamma=3, correlation=0.4 if correlation else None)
    factors = day_factors(of, ("talk", "ask"), 4, Streams(5), 0.3)
    begin = change.start + dt.timedelta(hours=18)
    shown = local(change.zone, begin, callers.arrived_us)
    hours = [6, change.hours, 24, 18]  # from 18:00 of the first date to 18:00 of the fourth
    for intent in range(2):
        found = np.bincount(
            [
                (moment.date() - begin.date()).days
                for moment, of in zip(shown, callers.intent, strict=True)
                if of == intent
            ],
            minlength=4,
        )
        wanted = 1000 * np.array(hours) * factors[:, intent] + np.array([0, 0, 5000 * intent, 0])
        assert np.all(np.abs(found - wanted) <= 4.5 * np.sqrt(wanted))


def test_parts_of_one_date_are_busy_together_and_two_dates_are_not(tmp_path) -> None:
    """From 18:00: the evening of one date, then 0-18 and 18-24 of the next. With a factor of variance 1/4 and 600 calls
    in the least part, the correlation within a date is 0.25 / (0.25 + 1/600) = 0.99, and none between two: a standard
    error of 1 / sqrt 150 = 0.08.
    """
    ready = prepare(
        one_queue(
            tmp_path,
            "start=2026-11-24 18:00",
            "horizon=30h",
            "interval=6h",
            "arrivals={kind: constant, per_hour: 100, busyness: {gamma: 4}}",
        )
    )
    rows = []
    for replication in range(150):
        hour = (
            ready.draw_callers(Streams(2, replication), busy_u=(replication * 67 % 150 + 0.5) / 150).arrived_us
            // HOUR_US
        )
        rows.append(
            [np.count_nonzero(hour < 6), np.count_nonzero((hour >= 6) & (hour < 24)), np.count_nonzero(hour >= 24)]
        )
    correlation = np.corrcoef(np.array(rows).T)
    assert correlation[1, 2] > 0.97
    assert abs(correlation[0, 1]) < 4 * 0.08


@pytest.mark.parametrize(
    "arrivals",
    [
        "{kind: constant, per_hour: 60, weekdays: {sun: 0}}",
        "{kind: per_interval, per_hour: [60], weekdays: {sun: 0}}",
        "{kind: per_interval, calls: [1440], weekdays: {sun: 0}}",
        "{kind: csv, file: day.csv, weekdays: {sun: 0}}",
    ],
)
def test_an_interval_over_midnight_belongs_to_two_days(tmp_path, arrivals: str) -> None:
    """60 calls an hour from noon of a Saturday, and none on Sunday: 12 hours of them are 720."""
    (tmp_path / "day.csv").write_text("calls\n1440\n", encoding="utf-8")
    loaded = one_queue(
        tmp_path,
        "start=2026-11-28 12:00",
        "zone=America/New_York",
        "horizon=1d",
        "interval=24h",
        f"arrivals={arrivals}",
    )
    ready = prepare(loaded)
    assert ready.arrivals.expected_calls(ready.horizon_us) == pytest.approx(720)
    assert ready.draw_callers(Streams(1)).arrived_us.max() < 12 * HOUR_US


def test_so_many_calls_in_an_interval_are_as_many_on_a_day_of_25_hours(tmp_path) -> None:
    def expected(*settings: str) -> float:
        ready = prepare(one_queue(tmp_path, "start=2026-11-01 00:00", "zone=America/New_York", "horizon=1d", *settings))
        return ready.arrivals.expected_calls(ready.horizon_us)

    assert expected("interval=24h", "arrivals={kind: per_interval, calls: [1000]}") == pytest.approx(1000)
    assert expected("interval=24h", "arrivals={kind: per_interval, per_hour: [40]}") == pytest.approx(25 * 40)
    assert expected("interval=1h", f"arrivals={{kind: per_interval, calls: {[40] * 24}}}") == pytest.approx(
        25 * 40
    )  # 1:00 twice
    assert expected("interval=1h", f"arrivals={{kind: per_interval, calls: {[40] * 25}}}") == pytest.approx(25 * 40)
    with pytest.raises(
        ScenarioError, match="has 26 values; the horizon has 25 intervals of 60 min, for clocks change in it"
    ):
        expected("interval=1h", f"arrivals={{kind: per_interval, calls: {[40] * 26}}}")


# -- people on the floor --------------------------------------------------------------------------------------------


@changes
def test_shifts_breaks_and_levels_go_by_the_clock(tmp_path, change: Change) -> None:
    at_us = np.arange(0, local_clock(change.start, change.zone, 3 * DAY_S).length_us, 30 * MINUTE_US)
    shown = local(change.zone, change.start, at_us)
    early = one_queue(
        tmp_path,
        *change.settings,
        'groups.agents={skills: [calls], shifts: [{agents: 6, from: "08:00", to: "17:00"}], '
        'breaks: [{from: "12:00", to: "13:00"}]}',
    )
    assert on_duty(early, at_us) == [6 * (8 <= moment.hour < 17 and moment.hour != 12) for moment in shown]
    night = one_queue(
        tmp_path, *change.settings, 'groups.agents={skills: [calls], shifts: [{agents: 2, from: "22:00", to: "06:00"}]}'
    )
    assert on_duty(night, at_us) == [2 * (moment.hour >= 22 or moment.hour < 6) for moment in shown]
    levels = one_queue(tmp_path, *change.settings, f"groups.agents.agents={list(range(1, 25))}")
    assert on_duty(levels, at_us) == [moment.hour + 1 for moment in shown]


@pytest.mark.parametrize("zone", ["America/New_York", "Australia/Sydney", "America/Santiago"])
def test_no_season_of_a_year_is_an_hour_off(tmp_path, zone: str) -> None:
    """A year from 1 January: agents are on duty exactly when the office of the flow is open, and calls come only
    then.
    """
    flow = f"""
ivr: 1
name: Clinic
start: clock
hours: {{office: {{zone: {zone}, mon-sun: "08:00-17:00"}}}}
nodes:
  clock: {{type: hours, hours: office, on: {{open: desk, closed: bye}}}}
  desk: {{type: queue, queue: desk}}
  bye: {{type: hangup, outcome: closed}}
"""
    scenario = f"""
name: A year
flow: flow.yaml
start: 2026-01-01 00:00
horizon: 365d
interval: 1h
arrivals: {{kind: per_interval, per_hour: {[4 * (8 <= hour < 17) for hour in range(24)]}}}
intents: {{help: {{share: 1, goal: desk}}}}
talk: {{constant: 1s}}
groups: {{staff: {{skills: [desk], shifts: [{{agents: 1, from: "08:00", to: "17:00"}}]}}}}
"""
    loaded = load_scenario(write(tmp_path, flow, scenario))
    start = dt.datetime(2026, 1, 1)
    assert loaded.scenario.zone == zone
    assert loaded.scenario.horizon_us == 365 * 24 * HOUR_US
    at_us = np.arange(0, loaded.scenario.horizon_us, 30 * MINUTE_US)
    shown = local(zone, start, at_us)
    wanted = [8 <= moment.hour < 17 for moment in shown]
    staff = build_staff_table(loaded.scenario)
    assert len(staff.on_us) == 365
    assert (
        np.searchsorted(np.sort(staff.on_us), at_us, side="right")
        - np.searchsorted(np.sort(staff.off_us), at_us, side="right")
    ).tolist() == wanted
    ready = prepare(loaded)
    is_open = np.array([clock["office"] == "open" for clock in ready.model.opening_states.states])
    assert is_open[ready.model.opening_states.at(at_us)].tolist() == wanted
    arrived = ready.draw_callers(Streams(1)).arrived_us
    assert {moment.hour for moment in local(zone, start, arrived)} == set(range(8, 17))
    assert abs(len(arrived) - 365 * 36) < 4.5 * np.sqrt(365 * 36)


def test_who_stays_away_does_so_for_days_of_the_calendar(tmp_path) -> None:
    """200 agents on duty throughout, a fifth away: by chance agent by agent and date by date, from 18:00 over three
    midnights.
    """
    loaded = one_queue(
        tmp_path,
        "start=2026-11-24 18:00",
        "horizon=3d",
        "interval=24h",
        "groups.agents={skills: [calls], agents: 200, shrinkage: 0.2}",
    )
    staff = build_staff_table(loaded.scenario, Streams(1))
    edges = set((staff.on_us // HOUR_US).tolist()) | set((staff.off_us // HOUR_US).tolist())
    assert edges == {0, 6, 30, 54, 72}  # the start, midnights, the end: no agent comes or goes at another time
    there = np.array(
        [
            [
                np.any((staff.agent == agent) & (staff.on_us <= at) & (at < staff.off_us))
                for at in (np.array([3, 18, 42, 66]) * HOUR_US).tolist()
            ]
            for agent in range(200)
        ]
    )
    assert np.all(np.abs(there.mean(axis=0) - 0.8) < 4 * np.sqrt(0.16 / 200))
    assert np.abs(np.corrcoef(there.T)[np.triu_indices(4, 1)]).max() < 4 / np.sqrt(200)
    assert (
        sum(
            len(set(staff.on_us[staff.agent == agent].tolist())) == 1
            and np.ptp(staff.off_us[staff.agent == agent]) == 0
            for agent in range(200)
        )
        > 0
    )
