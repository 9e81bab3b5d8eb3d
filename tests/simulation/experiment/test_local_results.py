"""What a run reports by the local clock: intervals, labels, days, findings; and traces of our own records."""

from __future__ import annotations

import csv
import datetime as dt
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from flows.source.finding import ScenarioError
from ivr.__main__ import main
from ivr.records.files import read, write
from ivr.records.measures import sums
from ivr.records.tables import empty
from simulation.engines.kernel.measure_sums import sums as compiled_sums
from simulation.experiment.run import simulate
from simulation.loading.load import load_scenario
from simulation.scenario.loaded import LoadedScenario
from simulation.theory import erlang_a
from tests.support.small_scenarios import one_queue, two_steps
from tests.support.small_scenarios import write as write_files
from tests.support.texts import scenario

HOUR_US = 3_600_000_000
NEW_YORK = "zone=America/New_York"


def notes(loaded: LoadedScenario) -> list[tuple[str, str]]:
    return [(note.code, note.message) for note in loaded.notes]


# -- a weekend ------------------------------------------------------------------------------------------------------

PRACTICE = """
ivr: 1
name: A practice
start: hours
hours: {practice: {zone: America/New_York, mon-sun: "09:00-15:00"}}
queues: {front: {}}
nodes:
  hours: {type: hours, hours: practice, on: {open: front, closed: shut}}
  front: {type: queue, queue: front}
  shut: {type: hangup, outcome: closed}
"""
WEEKEND = scenario(
    "A weekend",
    start="2026-10-31 00:00",
    horizon="2d",
    interval="1h",
    arrivals="{kind: constant, per_hour: 50}",
    intents="{ask: {share: 1, goal: front}}",
    talk="{exponential: 4m}",
    patience="{exponential: 3m}",
    groups='{reception: {skills: [front], shifts: [{agents: 6, from: "09:00", to: "15:00"}]}}',
    replications="60",
)


@pytest.mark.parametrize(
    ("start", "hours"), [("2026-10-31", 49), ("2026-11-07", 48), ("2027-03-13", 47), ("2027-03-20", 48)]
)
def test_a_weekend_on_which_clocks_change_is_like_any_other(tmp_path: Path, start: str, hours: int) -> None:
    """50 calls an hour, 4 minutes of talk, patience 3 minutes, 6 agents: Erlang A, from which the calls of the first
    minutes, which find no agent busy, take a little away. People and agents are there from 9:00 to 15:00 by the clock:
    12 hours, 600 calls.
    """
    result = simulate(load_scenario(write_files(tmp_path, PRACTICE, WEEKEND), settings=[f"start={start} 00:00"]))
    exact = erlang_a(arrivals_per_hour=50, aht_s=240, patience_s=180, agents=6)
    found = result.measures
    assert abs(found["abandonment"].mean - exact.abandonment) < 3 * found["abandonment"].half_width + 0.002
    assert abs(found["offered"].mean - 600) < 4.5 * np.sqrt(600 / 60)
    assert len(result.by_interval) == hours
    for values, label in zip(result.by_interval, result.loaded.scenario.labels, strict=False):
        is_open = 9 <= int(re.search(r"(\d\d):00", label)[1]) < 15  # type: ignore[index]
        assert (values["offered"].mean > 0) == is_open
        assert (values["staffed_agents"].mean > 5.9) == is_open


@pytest.mark.parametrize("engine", ["reference", "kernel"])
def test_both_engines_count_in_the_same_intervals(tmp_path: Path, engine: str) -> None:
    result = simulate(
        load_scenario(write_files(tmp_path, PRACTICE, WEEKEND), settings=["interval=24h"]),
        replications=3,
        engine=engine,
    )
    assert [
        part.column("horizon_us", part.cell(interval=i)) / HOUR_US for part in result.parts[:1] for i in range(2)
    ] == [24, 25]
    for part in result.parts:
        assert sum(part.column("arrived", part.cell(interval=i)) for i in range(2)) == part.column("arrived")


def test_records_are_added_up_alike_in_uneven_intervals(tmp_path: Path) -> None:
    loaded = two_steps(
        tmp_path,
        "start=2026-11-01 00:00",
        NEW_YORK,
        "horizon=4h",
        "interval=45m",
        "groups.helpers.agents=4",
        "warm_up=20m",
    )
    cut = loaded.scenario.reported.edges_us
    # From 0:20: 1:05, 1:50, then back at 2:00, which is 1:00 again and within 0:20 to 1:05, 1:05, 1:50, 2:35
    assert (cut / 60e6).tolist() == [20, 65, 110, 120, 125, 170, 215, 240]
    records = replace(simulate(loaded, replications=1, keep_calls=True).records, horizon_us=4 * HOUR_US)
    assert records is not None
    one = {
        name: {key: values for key, values in getattr(records, name).items() if key != "replication"}
        for name in ("calls", "visits", "steps", "agents")
    }
    single = replace(records, **one)
    both = [
        add(single, interval_us=45 * 60_000_000, from_us=20 * 60_000_000, edges_us=cut) for add in (sums, compiled_sums)
    ]
    assert np.array_equal(both[0].values, both[1].values)
    assert both[0].values[1:].sum() > 0
    arrived = single.calls["arrived_us"]
    assert [both[0].column("arrived", both[0].cell(interval=i)) for i in range(7)] == [
        int(np.count_nonzero((arrived >= a) & (arrived < b))) for a, b in itertools.pairwise(cut)
    ]


def test_every_page_and_table_names_an_interval_alike(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    scenario = one_queue(tmp_path).document.file
    page, folder = tmp_path / "night.html", tmp_path / "records"
    options = ["--set", NEW_YORK, "--set", "start=2026-11-01 00:00", "--set", "horizon=4h", "--replications", "2"]
    assert main(["simulate", scenario, *options, "--report", str(page), "--records", str(folder)]) == 0
    labels = ["00:00", "01:00 EDT", "01:00 EST", "02:00"]
    shown = capsys.readouterr().out
    assert re.findall(r"^  (\d\d:00(?: E.T)?)  ", shown, re.M) == labels
    assert "Sun 01 Nov 2026 00:00 to 03:00" in shown
    for label in labels:
        assert label in page.read_text("utf-8")
    assert main(["simulate", scenario, *options, "--json"]) == 0
    assert [(part["start_s"], part["start"]) for part in json.loads(capsys.readouterr().out)["by_interval"]] == [
        (0, "2026-11-01T00:00:00-04:00"),
        (3600, "2026-11-01T01:00:00-04:00"),
        (7200, "2026-11-01T01:00:00-05:00"),
        (10800, "2026-11-01T02:00:00-05:00"),
    ]
    assert main(["report", str(folder), "--interval", "3600", "--json"]) == 0
    assert [part["start"] for part in json.loads(capsys.readouterr().out)["by_interval"]] == labels
    # By another clock: 4:00 UTC is 15:00 in Sydney, where no clock changes on that day.
    assert main(["report", str(folder), "--interval", "3600", "--zone", "Australia/Sydney", "--json"]) == 0
    assert [part["start"] for part in json.loads(capsys.readouterr().out)["by_interval"]] == [
        "15:00",
        "16:00",
        "17:00",
        "18:00",
    ]
    assert main(["report", str(folder), "--zone", "Sydney"]) == 2
    assert "is not a time zone" in capsys.readouterr().err


def test_a_call_goes_on_through_the_change_of_the_clock() -> None:
    """Silence until 2:00 of the first of two: it is then 1:00 again, and an office that opens at 2:00 is closed for
    another hour.
    """
    from zoneinfo import ZoneInfo

    from flows.model.load import load_text
    from flows.protocol.actions import Silence
    from ivr.phone.terminal_phone import Phone

    flow = load_text("""
ivr: 1
name: Night
start: main
hours: {office: {zone: America/New_York, mon-sun: "02:00-05:00"}}
nodes:
  main: {type: menu, attempts: 1, choices: [{key: 1, label: {text: help, seconds: 60}, next: bye}], otherwise: office}
  office: {type: hours, hours: office, on: {open: here, closed: bye}}
  here: {type: hangup}
  bye: {type: hangup, outcome: closed}
""").flow
    begins = dt.datetime(2026, 11, 1, 1, 59, 59, tzinfo=ZoneInfo("America/New_York"))
    ended = {}
    for fold in (0, 1):
        phone = Phone(flow, begins.replace(fold=fold))
        phone.dial()
        phone.send(Silence())
        ended[fold] = phone.session.node
    assert ended == {0: "bye", 1: "here"}


def test_days_on_target_are_dates(tmp_path: Path) -> None:
    """Two dates of which the first has 24 and the second 25 hours: two days a replication, also with intervals of a
    day.
    """
    for interval in ("1h", "24h"):
        result = simulate(
            load_scenario(
                write_files(tmp_path, PRACTICE, WEEKEND),
                settings=[f"interval={interval}", "service_level={target: 80%}"],
            ),
            replications=5,
        )
        assert result.target_met is not None
        assert result.target_met.days == 10


# -- times that are not one moment -----------------------------------------------------------------------------------


def test_a_start_that_does_not_exist_is_an_error_and_one_of_two_is_told(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match="2027-03-14 02:30 does not exist in America/New_York: clocks skip it when they go forward"
    ):
        one_queue(tmp_path, NEW_YORK, "start=2027-03-14 02:30")
    told = notes(one_queue(tmp_path, NEW_YORK, "start=2026-11-01 01:30"))
    assert told == [("X010", "the clock of America/New_York shows 2026-11-01 01:30 twice; the first is taken (EDT)")]
    assert notes(one_queue(tmp_path, NEW_YORK, "start=2026-11-01 00:30")) == []


@pytest.mark.parametrize(
    ("day", "group", "told", "on_duty"),
    [
        (
            "2026-11-01",
            '{skills: [calls], shifts: [{agents: 1, from: "01:30", to: "05:00"}]}',
            "the shift of agents: .*2026-11-01 01:30 twice; the first",
            [(90, 360)],
        ),
        (
            "2027-03-14",
            '{skills: [calls], shifts: [{agents: 1, from: "02:30", to: "05:00"}]}',
            "the shift of agents: .*skips 2027-03-14 02:30; .*03:00",
            [(120, 240)],
        ),
        (
            "2027-03-14",
            '{skills: [calls], shifts: [{agents: 1, from: "20:00", to: "02:30"}]}',
            "skips 2027-03-14 02:30",
            [(0, 120), (1140, 1380)],
        ),
        (
            "2026-11-01",
            '{skills: [calls], agents: 1, breaks: [{from: "01:30", to: "03:00"}]}',
            "the break of agents: .*2026-11-01 01:30 twice",
            [(0, 90), (240, 1500)],
        ),
        (
            "2027-03-14",
            '{skills: [calls], shifts: [{agents: 1, from: "18:00", to: "02:00"}]}',
            None,
            [(0, 120), (1020, 1380)],
        ),
    ],
)
def test_shifts_and_breaks_at_such_times(
    tmp_path: Path, day: str, group: str, told: str | None, on_duty: list[tuple[int, int]]
) -> None:
    """In minutes from midnight: 5:00 is after 6 hours when 1:00 to 2:00 comes twice, and after 4 when 2:00 to 3:00 does
    not come.
    """
    from simulation.workload.build_staff_table import build_staff_table

    loaded = one_queue(tmp_path, NEW_YORK, f"start={day} 00:00", "horizon=1d", f"groups.agents={group}")
    staff = build_staff_table(loaded.scenario)
    assert (
        list(zip((staff.on_us // 60_000_000).tolist(), (staff.off_us // 60_000_000).tolist(), strict=True)) == on_duty
    )
    found = notes(loaded)
    assert (found == []) if told is None else re.search(told, " ".join(message for _, message in found))


def test_two_shifts_that_meet_at_such_a_time_leave_no_gap_and_no_overlap(tmp_path: Path) -> None:
    from simulation.workload.build_staff_table import build_staff_table

    for day in ("2026-11-01", "2027-03-14"):
        staff = build_staff_table(
            one_queue(
                tmp_path,
                NEW_YORK,
                f"start={day} 00:00",
                "horizon=8h",
                "groups.agents={skills: [calls], shifts: ["
                '{agents: 1, from: "22:00", to: "02:30"}, {agents: 1, from: "02:30", to: "06:00"}]}',
            ).scenario
        )
        assert staff.off_us[0] == staff.on_us[1]


# -- traces ---------------------------------------------------------------------------------------------------------


def stamped(tmp_path: Path, stamps: list[str], *settings: str) -> LoadedScenario:
    (tmp_path / "calls.csv").write_text("at\n" + "\n".join(stamps) + "\n", encoding="utf-8")
    return one_queue(
        tmp_path, NEW_YORK, "interval=30m", *settings, "arrivals={kind: trace, file: calls.csv, column: at}"
    )


def arrivals_h(loaded: LoadedScenario) -> list[float]:
    from simulation.workload.build_arrivals import build_arrivals

    return (
        build_arrivals(loaded.scenario, Path(loaded.document.file).parent).process.times_us(
            np.random.default_rng(1), loaded.scenario.horizon_us
        )
        / HOUR_US
    ).tolist()


def test_stamps_without_a_zone_over_the_change(tmp_path: Path) -> None:
    back = stamped(tmp_path, ["2026-10-31 12:00", "2026-11-01 12:00"], "start=2026-10-31 00:00", "horizon=2d")
    assert arrivals_h(back) == [12, 37]
    assert notes(back) == []
    # In order of time: the rows after the step back are the second of two; otherwise each is the first.
    ordered = stamped(
        tmp_path,
        [f"2026-11-01 {at}" for at in ("00:30", "01:15", "01:45", "01:15", "01:30", "02:00")],
        "start=2026-11-01 00:00",
        "horizon=4h",
    )
    assert arrivals_h(ordered) == [0.5, 1.25, 1.75, 2.25, 2.5, 3]
    assert notes(ordered) == [
        (
            "X010",
            (
                "in 'calls.csv' 4 calls have times that the clock shows twice, from line 3; rows after the step back"
                " are the second"
            ),
        )
    ]
    mixed = stamped(
        tmp_path,
        [f"2026-11-01 {at}" for at in ("02:00", "01:15", "00:30", "01:45")],
        "start=2026-11-01 00:00",
        "horizon=4h",
    )
    assert arrivals_h(mixed) == [0.5, 1.25, 1.75, 3]
    assert "each is taken for the first" in notes(mixed)[0][1]
    shuffled = stamped(
        tmp_path,
        [f"2026-11-01 {at}" for at in ("01:40", "01:15", "01:50", "01:05")],
        "start=2026-11-01 00:00",
        "horizon=4h",
    )
    assert arrivals_h(shuffled) == pytest.approx([1 + 5 / 60, 1.25, 1 + 40 / 60, 1 + 50 / 60])
    offsets = stamped(
        tmp_path, ["2026-11-01 01:15-04:00", "2026-11-01 01:15-05:00"], "start=2026-11-01 00:00", "horizon=4h"
    )
    assert arrivals_h(offsets) == [1.25, 2.25]
    assert notes(offsets) == []
    skipped = stamped(tmp_path, ["2027-03-14 01:00", "2027-03-14 02:30"], "start=2027-03-14 00:00", "horizon=4h")
    assert arrivals_h(skipped) == [1, 2]
    assert notes(skipped)[0][1].startswith("in 'calls.csv' 1 call has a time that the clock skips, from line 3")


def test_calls_outside_the_horizon_are_counted_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    days = ["2026-11-23 10:00", "2026-11-24 08:30", "2026-11-24 09:00", "2026-11-24 21:00", "2026-11-24 22:00"]
    loaded = stamped(tmp_path, days)
    told = "in 'calls.csv' 3 calls are left out of 5: 1 before the horizon, 2 after it"
    assert notes(loaded) == [("X011", told)]
    assert arrivals_h(loaded) == [0.5, 1]
    page = tmp_path / "page.html"
    options = ["--set", NEW_YORK, "--set", "arrivals={kind: trace, file: calls.csv, column: at}", "--replications", "2"]
    assert main(["simulate", str(tmp_path / "scenario.yaml"), *options, "--report", str(page)]) == 0
    assert f"Worth knowing\n  - {told}" in capsys.readouterr().out.replace("\n    ", " ")
    assert "3 calls are left out of 5" in page.read_text("utf-8")
    assert main(["simulate", str(tmp_path / "scenario.yaml"), *options, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["notes"] == [told]


BUSY = (
    "groups.agents.agents=4",
    "patience={exponential: 2m}",
    "behaviour={retry: {share: 80%, after: {exponential: 5m}, attempts: 3}}",
)


@pytest.fixture
def own_records(tmp_path: Path) -> tuple[Path, list[int]]:
    """Three replications of a line where many call again: a table of calls, a folder of records; and first attempts by
    replication.
    """
    result = simulate(one_queue(tmp_path, NEW_YORK, *BUSY), replications=3, keep_calls=True)
    assert result.records is not None
    from ivr.records.files import write_table

    write_table(result.records, "calls", tmp_path / "ours.csv")
    write_table(result.records, "calls", tmp_path / "ours.parquet")
    write(result.records, tmp_path / "ours")
    with (tmp_path / "ours.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert any(row["attempt"] == "2" for row in rows)
    return tmp_path, [sum(row["replication"] == str(r) and row["attempt"] == "1" for row in rows) for r in range(3)]


@pytest.mark.parametrize("name", ["ours.csv", "ours.parquet", "ours"])
def test_of_our_own_records_one_replication_is_a_day(own_records: tuple[Path, list[int]], name: str) -> None:
    folder, first_attempts = own_records
    with pytest.raises(ScenarioError) as caught:
        one_queue(folder, NEW_YORK, f"arrivals={{kind: trace, file: {name}}}")
    [finding] = caught.value.findings
    assert finding.message == "the calls are those of 3 replications, which all simulate the same days"
    assert finding.hint == "choose one: write replication: 0 under arrivals"
    for replication in range(3):
        loaded = one_queue(folder, NEW_YORK, f"arrivals={{kind: trace, file: {name}, replication: {replication}}}")
        assert len(arrivals_h(loaded)) == first_attempts[replication]
        assert [code for code, _ in notes(loaded)] == ["X011"]
        assert "second or later attempts" in notes(loaded)[0][1]
    with pytest.raises(ScenarioError, match="there is no replication 3; there are from 0 to 2"):
        one_queue(folder, NEW_YORK, f"arrivals={{kind: trace, file: {name}, replication: 3}}")


def test_the_same_callers_come_again_from_a_trace_of_records(own_records: tuple[Path, list[int]]) -> None:
    folder, _ = own_records
    before = read(folder / "ours").calls
    mine = before["arrived_us"][(before["replication"] == 1) & (before["attempt"] == 1)]
    again = one_queue(folder, NEW_YORK, *BUSY, "arrivals={kind: trace, file: ours, replication: 1}")
    assert np.array_equal(np.sort(mine), np.round(np.array(arrivals_h(again)) * HOUR_US).astype(np.int64))


def test_records_keep_their_own_times(own_records: tuple[Path, list[int]], tmp_path: Path) -> None:
    folder, first_attempts = own_records
    trace = "arrivals={kind: trace, file: ours, replication: 0%s}"
    # The records are of 24 November from 8:00 to 18:00 in New York; by the clock of Chicago that is from 7:00 to 17:00.
    chicago = one_queue(folder, "zone=America/Chicago", "start=2026-11-24 07:00", trace % "")
    assert len(arrivals_h(chicago)) == first_attempts[0]
    late = one_queue(folder, NEW_YORK, "start=2026-11-24 12:00", trace % "")
    assert any("before the horizon, 0 after it" in message for _, message in notes(late))
    with pytest.raises(
        ScenarioError,
        match=r"no call of 'ours' arrives within the horizon; the first is at 2026-11-24 08:0",
    ) as caught:
        one_queue(folder, NEW_YORK, "start=2026-12-01 08:00", trace % "")
    assert "shift: to_start" in caught.value.findings[0].hint
    moved = one_queue(folder, NEW_YORK, "start=2026-12-01 08:00", trace % ", shift: to_start")
    assert arrivals_h(moved) == arrivals_h(one_queue(folder, NEW_YORK, trace % ""))
    write(replace(read(folder / "ours"), begins_us=None), folder / "unknown")
    with pytest.raises(ScenarioError, match="the records do not say when they begin"):
        one_queue(folder, NEW_YORK, "arrivals={kind: trace, file: unknown, replication: 0}")
    stamped(folder, ["2026-11-24 09:00"])  # a file of dates
    with pytest.raises(ScenarioError, match="shift: to_start is for records that this program wrote"):
        one_queue(folder, NEW_YORK, "arrivals={kind: trace, file: calls.csv, column: at, shift: to_start}")
    with pytest.raises(ScenarioError, match="have no records to choose from or to shift"):
        one_queue(folder, "arrivals={kind: constant, per_hour: 5, shift: to_start}")


def test_a_table_of_live_calls_alone_must_be_laid_on_the_start(own_records: tuple[Path, list[int]]) -> None:
    """The table counts from the beginning of a log that it does not name; the folder of the records names it."""
    folder, first_attempts = own_records
    (folder / "live.csv").write_text(
        (folder / "ours.csv").read_text("utf-8").replace(",simulated,", ",live,"), encoding="utf-8"
    )
    with pytest.raises(ScenarioError, match="the table does not say when its live calls began"):
        one_queue(folder, "arrivals={kind: trace, file: live.csv, replication: 2}")
    laid = one_queue(folder, "arrivals={kind: trace, file: live.csv, replication: 2, shift: to_start}")
    assert len(arrivals_h(laid)) == first_attempts[2]


def test_records_know_when_they_begin(tmp_path: Path) -> None:
    records = replace(empty(horizon_us=5), begins_us=17, zone="America/Lima")
    write(records, tmp_path / "kept", format="csv")
    found = read(tmp_path / "kept")
    assert (found.begins_us, found.zone, found.horizon_us) == (17, "America/Lima", 5)
    result = simulate(one_queue(tmp_path, NEW_YORK), replications=1, keep_calls=True)
    eight = dt.datetime(2026, 11, 24, 13, tzinfo=dt.UTC)
    assert result.records is not None
    assert result.records.begins_us == int(eight.timestamp()) * 1_000_000
    assert result.records.zone == "America/New_York"


def test_a_call_at_a_moment_that_does_not_exist_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    told = "'2027-03-14 02:30' does not exist in America/New_York: clocks go forward over it"
    (tmp_path / "flow.yaml").write_text(PRACTICE, encoding="utf-8")
    (tmp_path / "flow.calls").write_text("call: by night\n  at 2027-03-14 02:30\n  ends closed\n", encoding="utf-8")
    assert main(["call", str(tmp_path / "flow.yaml"), "--keys", "1", "--at", "2027-03-14 02:30"]) == 2
    assert told in " ".join(capsys.readouterr().err.split())
    assert main(["test", str(tmp_path / "flow.yaml")]) == 1
    assert told in " ".join(capsys.readouterr().err.split())
