"""Forecasts of invented histories whose truth is known, and what they say when a history tells little."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from flows.source.finding import IvrError, UsageError
from ivr.records.tables import empty
from simulation.calibration.log_days import LogDays
from simulation.call_logs.log import IntervalReport, ReportRow
from simulation.forecasting.csv_text import csv_text
from simulation.forecasting.forecast import Forecast, forecast
from simulation.forecasting.history import LEAST_DAYS, History, history_of
from simulation.forecasting.holidays import holidays_of
from simulation.forecasting.next_scenario import next_scenario
from simulation.forecasting.profile import profile_of
from simulation.forecasting.rolling_origin import origins_of, rolling_origin
from simulation.forecasting.simple_rules import LastWeek, MeanOfWeeks, recent_means
from simulation.forecasting.spread import LEVELS, Expected
from simulation.forecasting.state_space import StateSpace
from simulation.forecasting.unknown import unknown
from simulation.loading.load import load_scenario
from simulation.workload.build_arrivals import build_arrivals

FIRST = dt.date(2026, 1, 5)  # a Monday
WEEK = (1.2, 1.0, 0.9, 1.0, 1.1, 0.4, 0.0)
PROFILE = np.array([0.0] * 8 + [10, 24, 36, 30, 20, 24, 30, 16, 10] + [0.0] * 7)  # 200 calls a day, by hours
GROWTH = 1.01  # a week


def expected(days: range, growth: float = GROWTH) -> np.ndarray:
    """f8[days, 24]: the truth."""
    return np.array([PROFILE * WEEK[day % 7] * growth ** (day / 7) for day in days])


def history(days: int = 140, seed: int = 1, growth: float = GROWTH, busy: float = 400.0) -> History:
    """Poisson counts around the truth, on days that are busier or quieter by 1 / sqrt(400) = 5 %."""
    generator = np.random.default_rng(seed)
    factor = generator.gamma(busy, 1 / busy, size=(days, 1))
    return of_counts(generator.poisson(expected(range(days), growth) * factor).astype(float))


def of_counts(counts: np.ndarray, **options: object) -> History:
    return history_of(report(counts), **options)  # type: ignore[arg-type]


def report(counts: np.ndarray) -> IntervalReport:
    midnight = dt.datetime.combine(FIRST, dt.time())
    rows = [
        ReportRow(midnight + dt.timedelta(hours=24 * day + hour), "calls", float(calls))
        for day, row in enumerate(counts)
        for hour, calls in enumerate(row)
    ]
    return IntervalReport("desk", "interval_report", tuple(rows), 3600.0, "UTC")


@pytest.fixture(scope="module")
def found() -> Forecast:
    return forecast(history(), 2)


def test_a_known_week_and_its_growth_are_within_the_intervals(found: Forecast) -> None:
    """Each of the 14 true means of days lies within its 95 % interval, and so do 95 % of those of hours."""
    truth = expected(range(140, 154))
    days = truth.sum(axis=1)
    assert np.all((found.bands_days[0.95].low <= days) & (days <= found.bands_days[0.95].high))
    loud = truth >= 1
    inside = (found.bands[0.95].low <= truth) & (truth <= found.bands[0.95].high)
    assert inside[loud].mean() >= 0.95
    assert found.whole.mean.sum() == pytest.approx(days.sum(), rel=0.05)


def test_the_shape_of_a_day_is_that_of_the_truth() -> None:
    """About 13 weeks of 5 to 6 days with 200 calls: an hour with 18 % of them is known to 0.18 +- 0.004 (2 s.e.)."""
    share = profile_of(history()).share
    assert share[0] == pytest.approx(PROFILE / PROFILE.sum(), abs=0.008)
    assert share.sum(axis=1) == pytest.approx(np.ones(7))


def test_a_trend_is_followed_by_the_model_and_lags_in_the_mean_of_weeks() -> None:
    """With 4 % a week the mean of four such days is of 2.5 weeks ago: 1.04 ** -2.5 = 0.907 in the first week."""
    grown = history(84, growth=1.04, busy=1e6)
    truth = expected(range(84, 91), 1.04).sum()
    assert StateSpace(trend=True).totals(grown, 7).mean.sum() / truth == pytest.approx(1, abs=0.03)
    assert MeanOfWeeks(4).totals(grown, 7).mean.sum() / truth == pytest.approx(0.907, abs=0.03)


def test_the_intervals_hold_what_comes_as_often_as_they_say() -> None:
    """Ten histories and their next two weeks: 10 x 14 x 9 hours, near the level (a factor is shared by a day)."""
    inside: dict[float, list[float]] = {level: [] for level in LEVELS}
    for seed in range(10):
        whole = history(98, seed)
        before = whole.before(84)
        tested = rolling_origin(before, (MeanOfWeeks(4),), 14)[0]
        totals = MeanOfWeeks(4).totals(before, 14)
        profile = profile_of(before)
        mean = totals.mean[:, None] * profile.share[whole.weekday[84:]]
        parts = Expected(mean, np.hypot(totals.cv[:, None], profile.cv) * np.ones_like(mean))
        for level in LEVELS:
            low, high = parts.interval(level, tested.wider[level])
            came, loud = whole.counts[84:], mean >= 1
            inside[level].append(float(((low <= came) & (came <= high))[loud].mean()))
    assert 0.78 <= np.mean(inside[0.80]) <= 0.88  # whole numbers make an interval of 80 % hold a little more
    assert 0.93 <= np.mean(inside[0.95]) <= 0.98


def test_the_simple_rule_wins_when_nothing_varies() -> None:
    """The same week again and again: last week's same day is right to the call, and the simplest of equals is used."""
    counts = np.array([PROFILE * (day % 7 < 5) for day in range(42)])
    found = forecast(of_counts(counts), 1)
    assert found.chosen is found.simple
    assert (found.chosen.wape, found.whole.mean.tolist()) == (0.0, [200.0] * 5 + [0.0] * 2)


def test_origins_are_weeks_apart_and_end_with_the_history() -> None:
    assert origins_of(140, 14) == (tuple(range(49, 127, 7)), 14)
    assert origins_of(LEAST_DAYS, 28) == ((14,), 7)


def test_errors_are_added_up_over_intervals_and_days() -> None:
    """Week 3 has 10 calls more in one hour of each of five days of 200: 50 of 1,050 by last week's rule."""
    counts = np.array([PROFILE * (day % 7 < 5) for day in range(21)])
    counts[14:19, 9] += 10
    (tested,) = rolling_origin(of_counts(counts), (LastWeek(),), 7)
    off = 50 / 1050
    assert (tested.origins, tested.wape, tested.wape_days, tested.bias) == pytest.approx((1, off, off, -off))


def test_a_day_of_outage_is_left_out_and_a_holiday_is_none() -> None:
    counts = expected(range(56), 1.0)
    counts[30] = 0  # a Wednesday
    counts[42] = 0.1 * counts[42]  # a Monday
    holidays = {FIRST + dt.timedelta(days=day) for day in (42, 56)}
    of = of_counts(counts, holidays=holidays)
    assert [one.date for one in of.left_out] == [FIRST + dt.timedelta(days=30)]
    found = forecast(of, 1, holidays=holidays)
    assert (found.effect.factor, found.effect.seen) == (pytest.approx(0.1), 1)
    assert found.whole.mean[0] == pytest.approx(0.1 * 240, rel=0.02)  # the next Monday is one too
    assert recent_means(of, 13)[0] == pytest.approx(240)


def test_a_holiday_that_the_history_cannot_tell_about_is_said() -> None:
    holidays = {FIRST + dt.timedelta(days=28)}
    of = forecast(of_counts(expected(range(28)), holidays=holidays), 1, holidays=holidays)
    said = unknown(of, "US")
    assert said[0] == (
        "what holidays do to calls: there is none in the history, so Mon 02 Feb is forecast like any other day"
    )
    assert any(text.startswith("what Sundays would bring") for text in said)


@pytest.mark.parametrize(("days", "said"), [(3, "3 days of calls; it takes 21"), (19, "19 days of calls; it takes 21")])
def test_a_history_that_is_too_short_is_refused(days: int, said: str) -> None:
    with pytest.raises(IvrError, match=said):
        of_counts(expected(range(days)))


@pytest.mark.parametrize(("days", "to", "closed_after"), [(19, None, 2), (26, dt.date(2026, 1, 23), 2), (20, None, 1)])
def test_three_working_weeks_are_three_weeks(days: int, to: dt.date | None, closed_after: int) -> None:
    """Nobody ever calls at weekends: Monday 5 to Friday 23 January is followed by a weekend, and then by a Monday."""
    week = np.array([PROFILE if day % 7 < 5 else 0 * PROFILE for day in range(days)])
    of = of_counts(week, to=to)
    assert (len(of.dates), of.told[-1], of.days_told) == (21, of.dates[20 - closed_after], 21 - closed_after)
    found = forecast(of, 1)
    assert (found.dates[0], found.dates[-1]) == (dt.date(2026, 1, 26), dt.date(2026, 2, 1))
    assert found.whole.mean.round().tolist() == [200.0] * 5 + [0.0] * 2


def test_a_line_that_is_open_on_saturdays_has_its_forecast_begin_there() -> None:
    """Four weeks and five days end on a Friday: only Sundays are without calls, so the next day is a Saturday."""
    of = history(33)
    assert (of.closed_after, forecast(of, 1).dates[0]) == (0, dt.date(2026, 2, 7))


def test_a_history_without_calls_is_refused() -> None:
    with pytest.raises(IvrError, match="K012"):
        of_counts(np.zeros((30, 24)))


def test_an_interval_that_is_missing_is_no_quiet_one() -> None:
    """Three Mondays have 24, 36 and no row at nine: it counts as (24 + 36) / 2; a night without rows stays empty."""
    whole = report(np.array([PROFILE for _ in range(21)]))
    mondays = {dt.datetime(2026, 1, 5, 9): 24.0, dt.datetime(2026, 1, 12, 9): 36.0}
    rows = [replace(row, offered=mondays.get(row.begins, row.offered)) for row in whole.rows]
    rows = [row for row in rows if row.begins != dt.datetime(2026, 1, 19, 9) and 8 <= row.begins.hour < 17]
    of = history_of(replace(whole, rows=tuple(rows)))
    assert of.counts[[0, 7, 14], 9].tolist() == [24.0, 36.0, 30.0]
    assert of.counts[:, :8].sum() == 0


def test_intervals_that_do_not_fill_a_day_are_refused() -> None:
    with pytest.raises(UsageError, match="intervals of 50 min do not fill a day") as told:
        LogDays(empty(horizon_us=86_400_000_000), 3_000.0)
    assert told.value.findings[0].hint == "take 48m or 60m"


def test_a_file_has_a_row_for_each_interval(found: Forecast) -> None:
    rows = list(csv.DictReader(io.StringIO(csv_text(found))))
    assert len(rows) == 14 * 24
    assert (rows[0]["date"], rows[9]["from"]) == ("2026-05-25", "09:00")
    assert sum(float(row["calls"]) for row in rows) == pytest.approx(found.whole.mean.sum(), abs=14 * 24 * 0.005)
    assert all(float(row["low_95"]) <= float(row["low_80"]) <= float(row["high_80"]) for row in rows)


def test_a_scenario_is_moved_to_the_days_of_the_forecast(found: Forecast, tmp_path: Path) -> None:
    base, target = tmp_path / "base.yaml", tmp_path / "next.yaml"
    flow = "{ivr: 1, name: Desk, start: desk, nodes: {desk: {type: queue, queue: desk}}}"
    (tmp_path / "desk.yaml").write_text(flow)
    base.write_text(
        "name: Desk\nflow: desk.yaml\nstart: 2026-03-02 00:00\nhorizon: 1d\ninterval: 1h\n"
        "arrivals: {kind: constant, per_hour: 10}\nintents: {talk: {share: 1, goal: desk}}\n"
        "groups: {all: {skills: [desk], agents: 5}}\ntalk: {exponential: 3m}\n"
    )
    (tmp_path / "next.csv").write_text(csv_text(found))
    target.write_text(next_scenario(found, load_scenario(base), tmp_path / "next.csv", target))
    moved = load_scenario(target)
    assert (f"{moved.scenario.start:%Y-%m-%d}", moved.scenario.horizon) == ("2026-05-25", 14 * 86_400)
    calls = build_arrivals(moved.scenario, tmp_path).expected_calls(moved.scenario.horizon_us)
    assert calls == pytest.approx(found.whole.mean.sum(), rel=1e-3)
    first = np.arange(14) == 0
    unsure = replace(found.whole, cv=np.where(first, 2.0, found.whole.cv))  # a holiday of which little is known
    usual, wilder = (
        next_scenario(replace(found, whole=unsure, holiday=flags), load_scenario(base), tmp_path / "next.csv", target)
        for flags in (first, np.zeros(14, dtype=bool))
    )
    assert gamma_of(usual) == pytest.approx(gamma_of(target.read_text()), rel=0.1)  # the other days stay as sure
    assert gamma_of(wilder) < 0.1 * gamma_of(usual)
    base.write_text(base.read_text().replace("interval: 1h", "interval: 30m"))
    with pytest.raises(UsageError, match="intervals of 30 min, the forecast of 1 h") as told:
        next_scenario(found, load_scenario(base), tmp_path / "next.csv", target)
    assert told.value.findings[0].hint == "set the scenario's interval to 3600s, which is that of the report"


def gamma_of(text: str) -> float:
    return float(text.partition("busyness: {gamma: ")[2].partition("}")[0])


def test_on_days_on_which_clocks_change_the_file_has_the_hours_that_there_are(found: Forecast) -> None:
    """14 days from 19 October 2026 in Berlin: one of them has 25 hours, so 337 intervals of an hour."""
    moved = replace(found, dates=tuple(dt.date(2026, 10, 19) + dt.timedelta(days=day) for day in range(14)))
    assert len(csv_text(moved, "Europe/Berlin").splitlines()) == 1 + 337
    assert len(csv_text(moved).splitlines()) == 1 + 336


@pytest.mark.parametrize(
    ("stated", "said"),
    [("2026-13-01", "'2026-13-01' is not a date"), ("US-NY,GB-XX", "GB has no region 'XX'")],
)
def test_holidays_that_are_none_are_refused(stated: str, said: str) -> None:
    with pytest.raises(UsageError, match=said):
        holidays_of(stated)
