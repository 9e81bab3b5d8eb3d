"""Call logs in every format give the same records."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from flows.lint.engine import lint
from flows.model.load import load, load_text
from ivr.records.files import write
from simulation.calibration.calibration import calibrate
from simulation.calibration.minimal_flow import minimal_flow
from simulation.calibration.scenario_data import scenario_data
from simulation.calibration.yaml_text import yaml_text
from simulation.call_logs.log import CallLog, IntervalReport
from simulation.call_logs.read import read_log
from simulation.loading.load import parse_scenario
from simulation.report.calibration_text import log_text
from tests.support.log_formats import CALLS, FORMATS, cdr


def told(log: CallLog) -> list[tuple[object, ...]]:
    """Each call: when, for which queue, how long it waited and talked, whether it was answered."""
    records = log.records
    assert records.begins_us is not None
    zone = ZoneInfo(records.zone)
    visits, queues = records.visits, records.names["queue"]
    found = []
    for row in range(len(visits["queue"])):
        arrived = records.calls["arrived_us"][visits["call_id"][row]]
        at = dt.datetime.fromtimestamp((int(arrived) + records.begins_us) / 1e6, zone).replace(tzinfo=None)
        wait = int(visits["left_us"][row] - visits["offered_us"][row]) / 1e6
        answered = bool(visits["answered_us"][row] >= 0)
        found.append((at, queues[visits["queue"][row]], wait, int(visits["talk_us"][row]) / 1e6, answered))
    return found


@pytest.mark.parametrize("name", FORMATS)
def test_a_format_is_recognised_and_tells_every_call(name: str, tmp_path: Path) -> None:
    form, made = FORMATS[name]
    log = read_log([made(tmp_path)])
    assert isinstance(log, CallLog)
    assert (log.format, log.findings) == (form, ())
    assert told(log) == [(c.at, c.queue, float(c.wait), float(c.talk), bool(c.agent)) for c in CALLS]
    # anna answers two, bob two, carl one; the third call is given up
    agents = log.records.visits["agent"].tolist()
    assert [agents[0] == agents[1], agents[2], agents[3] == agents[5]] == [True, -1, True]
    assert log.records.horizon_us == 12 * 86_400 * 1_000_000  # 2 to 13 March


@pytest.mark.parametrize("name", FORMATS)
def test_a_log_in_any_format_becomes_a_scenario(name: str, tmp_path: Path) -> None:
    log = read_log([FORMATS[name][1](tmp_path)])
    assert isinstance(log, CallLog)
    data = scenario_data(calibrate(log), name=name, flow_file="line.yaml")
    assert data.flow is not None
    (tmp_path / "line.yaml").write_text(data.flow.text)
    assert lint(load(str(tmp_path / "line.yaml"))) == ()
    scenario = parse_scenario(yaml_text(data.data, data.notes), str(tmp_path / "a.yaml")).scenario
    # The last seven of twelve days. Of two Mondays one has four calls, of two Fridays one has two: 4 / 2 + 2 / 2.
    assert sum(scenario.arrivals.calls) == pytest.approx(3.0, abs=0.05)
    assert set(scenario.queues) == {"billing", "tech"}


def test_the_flow_of_a_log_is_clean_whatever_its_queues(tmp_path: Path) -> None:
    nine = ["tech", "tech_tier2", *(f"queue_{i}" for i in range(7))]  # a second menu, and names that sound alike
    for queues, labels, with_menu in (
        (["calls"], {}, False),
        (["calls"], {"calls": "All: calls"}, True),
        (nine, {}, True),
    ):
        flow = minimal_flow("Line", queues, labels, with_menu=with_menu)
        found = lint(load_text(flow.text, "line.yaml"))
        assert [f for f in found if f.severity != "info"] == []  # infos fail no check


def test_a_log_in_several_files_is_one_log(tmp_path: Path) -> None:
    head, *rows = FORMATS["german"][1](tmp_path).read_text("cp1252").splitlines()
    for name, part in (("a", rows[:4]), ("b", [*rows[4:], "31.02.2026;10:00:00;x;1;1;1;anna;angenommen"])):
        (tmp_path / f"{name}.csv").write_text("\n".join([head, *part]) + "\n")
    log = read_log([tmp_path / "a.csv", tmp_path / "b.csv"])
    assert isinstance(log, CallLog)
    assert told(log) == [(c.at, c.queue, float(c.wait), float(c.talk), bool(c.agent)) for c in CALLS]
    assert [(f.code, Path(f.file).name, f.line) for f in log.findings] == [("K003", "b.csv", 4)]


def test_callers_are_numbers_and_the_same_caller_is_the_same_number(tmp_path: Path) -> None:
    log = read_log([FORMATS["german"][1](tmp_path)])
    assert isinstance(log, CallLog)
    assert log.caller.tolist() == [0, 1, 2, 3, 4, 0]


def test_rows_that_are_not_calls_are_counted(tmp_path: Path) -> None:
    log = read_log([FORMATS["bank"][1](tmp_path)])
    assert isinstance(log, CallLog)
    assert log.counts == {"rows": 7, "calls": 6, "not calls (PHANTOM)": 1}


def test_several_records_of_one_call_are_one_call(tmp_path: Path) -> None:
    path = cdr(tmp_path)
    first = path.read_text().splitlines()
    rung = (
        first[0]
        .replace("SIP/anna", "SIP/zoe")
        .replace("ANSWERED", "NO ANSWER")
        .replace(",120,ANSWERED", ",0,NO ANSWER")
    )
    path.write_text("\n".join([rung, *first]) + "\n")
    log = read_log([path])
    assert isinstance(log, CallLog)
    assert log.counts == {"rows": 7, "calls": 6, "further records of the same call": 1}


def test_records_of_this_program_are_read_as_they_are(tmp_path: Path) -> None:
    log = read_log([FORMATS["bank"][1](tmp_path)])
    assert isinstance(log, CallLog)
    write(log.records, tmp_path / "records")
    again = read_log([tmp_path / "records"])
    assert isinstance(again, CallLog)
    assert (again.format, told(again)) == ("own_records", told(log))


# -- reports by intervals ------------------------------------------------------------------------------------------


REPORT = """Skill report
Date,Interval,Skill,Calls Offered,Abandoned,AHT,Avg Positions Staffed
02/03/2026,08:00 - 08:30,Billing,12,2,200,3.5
02/03/2026,08:30 - 09:00,Billing,20,0,180,4
13/03/2026,08:00 - 08:30,Billing,8,1,150,3
"""


def test_a_report_by_intervals(tmp_path: Path) -> None:
    (tmp_path / "acd.csv").write_text(REPORT)
    report = read_log([tmp_path / "acd.csv"])
    assert isinstance(report, IntervalReport)
    assert report.interval_s == 1800.0
    assert [(r.begins.isoformat(), r.queue, r.offered, r.abandoned, r.talk_s, r.agents) for r in report.rows] == [
        ("2026-03-02T08:00:00", "Billing", 12.0, 2.0, 200.0, 3.5),
        ("2026-03-02T08:30:00", "Billing", 20.0, 0.0, 180.0, 4.0),
        ("2026-03-13T08:00:00", "Billing", 8.0, 1.0, 150.0, 3.0),
    ]


def test_a_column_for_each_queue(tmp_path: Path) -> None:
    (tmp_path / "volumes.csv").write_text(
        "interval;sales;help\n2026-03-02 08:00;3;10\n2026-03-02 08:30;5;12\n2026-03-02 09:00;4;9\n"
    )
    report = read_log([tmp_path / "volumes.csv"])
    assert isinstance(report, IntervalReport)
    assert [(r.queue, r.offered) for r in report.rows] == [
        ("help", 10.0), ("sales", 3.0), ("help", 12.0), ("sales", 5.0), ("help", 9.0), ("sales", 4.0),
    ]  # fmt: skip


def test_columns_of_figures_for_each_queue(tmp_path: Path) -> None:
    """Sales has calls, lost and handle time of its own, help only calls; agents are of both, told once."""
    (tmp_path / "wide.csv").write_text(
        "date,from,Sales calls,Sales abandoned,Sales AHT,help_offered,Agents\n"
        "2026-03-02,08:00,20,2,3:00,10,4\n2026-03-02,08:30,30,3,200,15,5\n"
    )
    log = read_log([tmp_path / "wide.csv"])
    assert isinstance(log, IntervalReport)
    told = [(row.queue, row.offered, row.abandoned, row.talk_s, row.agents) for row in log.rows]
    assert told == [
        ("Sales", 20, 2, 180, 4), ("help", 10, None, None, None),
        ("Sales", 30, 3, 200, 5), ("help", 15, None, None, None),
    ]  # fmt: skip


def test_what_a_report_tells_of_all_queues_together(tmp_path: Path) -> None:
    """Of 3 calls lost, 20 of 30 are of sales, so 2 are; the handle time is that of both."""
    (tmp_path / "wide.csv").write_text(
        "date,from,sales,help,abandoned,aht\n2026-03-02,08:00,20,10,3,180\n2026-03-02,08:30,30,15,0,200\n"
    )
    log = read_log([tmp_path / "wide.csv"])
    assert isinstance(log, IntervalReport)
    assert [(row.queue, row.offered, row.abandoned, row.talk_s) for row in log.rows] == [
        ("help", 10, 1, 180), ("sales", 20, 2, 180), ("help", 15, 0, 200), ("sales", 30, 0, 200),
    ]  # fmt: skip


def test_a_file_for_each_queue(tmp_path: Path) -> None:
    for name, calls in (("sales", (3, 5)), ("help", (10, 12))):
        lines = [f"2026-03-02 08:{minute:02d},{count},60" for minute, count in zip((0, 30), calls, strict=True)]
        (tmp_path / f"{name}.csv").write_text("interval,calls,aht\n" + "\n".join(lines) + "\n")
    report = read_log([tmp_path / "sales.csv", tmp_path / "help.csv"])
    assert isinstance(report, IntervalReport)
    assert [(r.queue, r.offered) for r in report.rows] == [
        ("help", 10.0), ("sales", 3.0), ("help", 12.0), ("sales", 5.0),
    ]  # fmt: skip


def test_a_log_of_lengths_alone_has_no_lost_calls(tmp_path: Path) -> None:
    """Mean talk is that of all rows, 40 s, the calls of no length included; nothing says that they were given up."""
    rows = "2026-03-02 09:00:00,0\n2026-03-02 09:01:00,30\n2026-03-13 09:00:00,90\n"
    (tmp_path / "calls.csv").write_text(f"time,duration\n{rows}")
    log = read_log([tmp_path / "calls.csv"])
    assert isinstance(log, CallLog)
    found = calibrate(log)
    assert found.talk["calls"].mean.value == 40.0
    assumed = scenario_data(found, name="calls", flow_file="calls.yaml").assumed
    assert "all calls are answered, those of no length too: the log tells lengths alone" in assumed


def test_the_menu_is_no_wait_where_a_column_says_when_callers_queued(tmp_path: Path) -> None:
    """Two calls arrive on the minute and queue 10 s later; one is answered at once, one 5 s after that."""
    (tmp_path / "log.csv").write_text(
        "Arrived;Queued;Answered;Ended;Queue;Agent\n"
        "02.03.2026 09:00:00;02.03.2026 09:00:10;02.03.2026 09:00:10;02.03.2026 09:01:10;help;A1\n"
        "02.03.2026 09:05:00;02.03.2026 09:05:10;02.03.2026 09:05:15;02.03.2026 09:06:10;help;A1\n"
    )
    log = read_log([tmp_path / "log.csv"])
    assert isinstance(log, CallLog)
    assert [(wait, talk) for _, _, wait, talk, _ in told(log)] == [(0.0, 60.0), (5.0, 55.0)]
    assert log.unused == ()


def test_columns_that_no_role_is_known_for_are_named(tmp_path: Path) -> None:
    """ "Handed over" may be when callers joined the queue; nobody can tell, so it is said that it is not used."""
    (tmp_path / "log.csv").write_text(
        "Arrived,Handed over,Answered,Ended,Agent,Colour\n"
        "2026-03-02 09:00:00,2026-03-02 09:00:10,2026-03-02 09:00:20,2026-03-02 09:01:10,A1,red\n"
    )
    log = read_log([tmp_path / "log.csv"])
    assert isinstance(log, CallLog)
    assert log.unused == ("Handed over", "Colour")
    assert "Not used: Handed over, Colour." in " ".join(log_text(log))
