"""Forecasts by queue and intent: parts of a whole, and the volumes of a scenario."""

from __future__ import annotations

import csv
import datetime as dt
import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from flows.source.finding import UsageError
from simulation.arrays import Floats
from simulation.call_logs.log import IntervalReport, ReportRow
from simulation.forecasting.by_type import NO_QUEUE, UNKNOWN, forecast_types, histories_of
from simulation.forecasting.csv_text import csv_text, type_columns
from simulation.forecasting.forecast import Forecast, forecast
from simulation.forecasting.history import history_of
from simulation.forecasting.next_scenario import next_scenario
from simulation.forecasting.unknown import unknown
from simulation.forecasting.volumes import volumes_of
from simulation.loading.load import load_scenario, parse_scenario
from simulation.report.calls_of import log_of
from simulation.report.forecast_text import forecast_json, forecast_text
from simulation.workload.build_arrivals import build_arrivals

FIRST = dt.date(2026, 1, 5)  # a Monday
DAY = np.array([0.0] * 8 + [10, 20, 30, 20, 10, 10] + [0.0] * 10)  # 100 calls a day, by hours
WEEKS = 4


def report(weeks: int = WEEKS) -> IntervalReport:
    """Sales have 130 calls every day; repairs have 50, all before eleven."""
    morning = np.where(np.arange(24) < 11, DAY / 60 * 50, 0.0)
    midnight = dt.datetime.combine(FIRST, dt.time())
    rows = [
        ReportRow(midnight + dt.timedelta(hours=24 * day + hour), queue, float(calls))
        for day in range(7 * weeks)
        for queue, of in (("sales", DAY * 1.3), ("repairs", morning))
        for hour, calls in enumerate(of)
    ]
    return IntervalReport("desk", "interval_report", tuple(sorted(rows, key=lambda row: row.begins)), 3600.0, "UTC")


@pytest.fixture(scope="module")
def found() -> Forecast:
    log = report()
    history = history_of(log)
    return forecast_types(forecast(history, 1), histories_of(log, history, "queue"), "queue")


def of_type(of: Forecast, name: str) -> Floats:
    return next(one.parts for one in of.types if one.name == name)


def test_parts_add_up_to_the_whole_interval_by_interval(found: Forecast) -> None:
    assert [one.name for one in found.types] == ["sales", "repairs"]  # most calls first
    assert np.sum([one.parts for one in found.types], axis=0) == pytest.approx(found.parts.mean, abs=1e-9)


def test_each_type_keeps_its_own_shape(found: Forecast) -> None:
    """Every week is the same, so last week's same day is right for both and for the whole: 130 + 50 = 180."""
    assert found.whole.mean.tolist() == [180.0] * 7
    assert of_type(found, "sales").sum(axis=1) == pytest.approx([130.0] * 7)
    assert of_type(found, "repairs")[:, 11:].sum() == 0
    assert {one.chosen.method.name for one in found.types} == {"last week's same day"}
    low, high = found.types[0].bands_days[0.95].low, found.types[0].bands_days[0.95].high
    assert np.all((low < 130) & (high > 130))


def test_a_file_adds_up_to_the_hundredth(found: Forecast) -> None:
    thirds = replace(found.types[0], parts=found.parts.mean / 3)
    of = replace(found, types=tuple(replace(thirds, name=name) for name in ("a", "calls", "c")))
    assert type_columns(of) == {"a": "a", "calls": "calls of calls", "c": "c"}
    rows = list(csv.DictReader(io.StringIO(csv_text(of))))
    for row in rows:
        parts = sum(round(100 * float(row[name])) for name in ("a", "calls of calls", "c"))
        assert parts == round(100 * float(row["calls"]))
    assert len(rows) == 7 * 24


def test_where_no_type_is_expected_calls_divide_as_of_late(found: Forecast) -> None:
    """The whole expects 15 calls at midnight, no type any: they divide as 130 and 50 calls of a day do."""
    log = report()
    history = history_of(log)
    more = found.parts.mean.copy()
    more[:, 0] = 15.0
    of = forecast_types(
        replace(found, parts=replace(found.parts, mean=more)), histories_of(log, history, "queue"), "queue"
    )
    assert of_type(of, "sales")[:, 0] == pytest.approx([15 * 130 / 180] * 7)


def test_calls_are_of_the_queue_that_they_join_first_or_of_none(tmp_path: Path) -> None:
    lines = ["arrived,queue,waited,talk,intent"]
    for day in range(21):
        date = FIRST + dt.timedelta(days=day)
        lines += [
            f"{date} 10:00:00,sales,5,60,buy",
            f"{date} 11:00:00,repairs,5,60,",
            f"{date} 12:00:00,sales,5,60,buy",
        ]
    (tmp_path / "log.csv").write_text("\n".join(lines) + "\n", "utf-8")
    log = log_of([tmp_path / "log.csv"], None, None)
    history = history_of(log)
    queues = histories_of(log, history, "queue")
    assert {name: one.totals.tolist() for name, one in queues.items()} == {"sales": [2.0] * 21, "repairs": [1.0] * 21}
    part = history_of(log, to=FIRST + dt.timedelta(days=30), from_=FIRST)
    assert histories_of(log, part, "queue")["sales"].dates == history.dates


def test_types_end_with_the_weekend_on_which_the_line_is_closed() -> None:
    """Three weeks from Monday to Friday: the Saturday and Sunday after them have no calls of either queue."""
    working = [row for row in report(3).rows if row.begins.weekday() < 5]
    log = replace(report(3), rows=tuple(working))
    queues = histories_of(log, history_of(log), "queue")
    assert [one.totals[-3:].tolist() for one in queues.values()] == [[130.0, 0.0, 0.0], [50.0, 0.0, 0.0]]


def test_calls_without_a_type_are_told_and_divided(found: Forecast) -> None:
    log = report()
    history = history_of(log)
    known = histories_of(log, history, "queue")
    types = {"sales": known["sales"], UNKNOWN: known["repairs"]}
    of = forecast_types(found, types, "queue")
    assert [one.name for one in of.types] == ["sales"]
    assert of.types[0].parts == pytest.approx(of.parts.mean)
    share = "27.8 %"  # 50 of 180
    said = f"what {share} of the callers wanted: the log does not say, so they are divided as the others are"
    assert said in unknown(of, "US", types)


def test_what_cannot_be_divided_is_refused() -> None:
    log = report()
    with pytest.raises(UsageError, match="--by intent: a report by intervals has queues and no intents"):
        histories_of(log, history_of(log), "intent")


def test_it_is_shown(found: Forecast) -> None:
    text = forecast_text(found, ())
    assert "\nBy queue\n" in text
    assert max(map(len, text.splitlines())) <= 80
    row = next(line for line in text.splitlines() if line.startswith("  sales "))
    assert row.split()[1] == "910"  # 7 x 130
    [sales, repairs] = forecast_json(found, (), (), ())["types"]
    assert (sales["name"], sales["days"][0]["calls"], repairs["days"][0]["calls"]) == ("sales", 130.0, 50.0)


FLOW = """{ivr: 1, name: Desk, start: main, queues: {sales: {}, repairs: {}}, nodes: {
main: {type: menu, choices: [{key: 1, label: a, next: s}, {key: 2, label: b, next: r}], otherwise: s},
s: {type: queue, queue: sales}, r: {type: queue, queue: repairs}}}"""


def scenario(folder: Path, intents: str) -> Path:
    (folder / "desk.yaml").write_text(FLOW, "utf-8")
    (folder / "base.yaml").write_text(
        "name: Desk\nflow: desk.yaml\nstart: 2026-03-02 00:00\nhorizon: 1d\ninterval: 1h\n"
        f"arrivals: {{kind: constant, per_hour: 10}}\nintents: {intents}\n"
        "groups: {all: {skills: [sales, repairs], agents: 5}}\ntalk: {exponential: 3m}\n",
        "utf-8",
    )
    return folder / "base.yaml"


@pytest.mark.parametrize(
    ("intents", "wanted"),
    [
        ("{sales: {share: 0.9, goal: s}, repairs: {share: 0.1, goal: r}}", (130 / 180, 50 / 180)),
        ("{buy: {share: 0.9, goal: s}, mend: {share: 0.1, goal: r}}", (130 / 180, 50 / 180)),  # by the names of queues
    ],
)
def test_a_scenario_has_the_volumes_of_one_table(
    found: Forecast, tmp_path: Path, intents: str, wanted: tuple[float, float]
) -> None:
    base, target = scenario(tmp_path, intents), tmp_path / "next.yaml"
    (tmp_path / "next.csv").write_text(csv_text(found), "utf-8")
    text = next_scenario(found, load_scenario(base), tmp_path / "next.csv", target)
    moved = parse_scenario(text, str(target))
    made = build_arrivals(moved.scenario, tmp_path)
    assert made.expected_calls(moved.scenario.horizon_us) == pytest.approx(7 * 180)
    assert made.average_shares(moved.scenario.horizon_us) == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("intents", "said"),
    [
        ("{sale: {share: 1, goal: [s, r]}}", "'sales' is no intent or queue of the scenario"),
        (
            "{sales: {share: 0.5, goal: s}, repairs: {share: 0.3, goal: r}, rest: {share: 0.2, goal: s}}",
            "'rest' is an intent of the scenario, and has no calls in the history",
        ),
    ],
)
def test_other_types_than_the_scenario_has_are_told(found: Forecast, tmp_path: Path, intents: str, said: str) -> None:
    with pytest.raises(UsageError, match=said) as told:
        volumes_of(found, load_scenario(scenario(tmp_path, intents)))
    assert "leave out --by" in told.value.findings[0].hint


def test_calls_that_join_no_queue_need_an_intent(found: Forecast, tmp_path: Path) -> None:
    base = scenario(tmp_path, "{buy: {share: 0.9, goal: s}, mend: {share: 0.1, goal: r}}")
    of = replace(found, types=(*found.types, replace(found.types[1], name=NO_QUEUE)))
    with pytest.raises(UsageError, match=r"27\.8 % of the calls join no queue"):  # 50 of 180
        volumes_of(of, load_scenario(base))
