"""Reports by the clock: the flow's zone, dates and times of day, periods, queues and their names."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import numpy as np
import pytest

from flows.model.flow import Flow
from flows.protocol.actions import Keys, Outcome
from ivr.__main__ import main
from ivr.records.files import read, write
from ivr.records.measures import measures, sums
from ivr.records.schema import OUTCOMES, RESULTS
from ivr.records.selection import between, of_queues
from ivr.records.tables import Records, empty_table
from tests.support.four_calls import H, by_hand, measured
from tests.support.live_line import FLOW as LINE
from tests.support.live_line import NINE, Line
from tests.support.units import S
from webhooks.store import Store, read_records

MONDAY = dt.datetime(2026, 11, 23, 5, 0, tzinfo=dt.UTC)
"""Midnight in New York."""


def with_hours(zone: str, label: str) -> Flow:
    """The flow of the tests, with other hours and a name for its queue."""
    said = LINE.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    said["hours"]["office"]["zone"] = zone
    return Flow.model_validate({**said, "queues": {**said["queues"], "sales": {"label": label}}})


def week() -> Records:
    """Monday 09:00 to Sales, answered after 10 s; Monday 09:10 to Help, hung up after 50 s; Tuesday 09:20 to Sales,
    answered after 30 s; Tuesday 14:00 to Sales, which is full, and on to Help, answered after 5 s."""
    at = np.array([9 * 60, 9 * 60 + 10, 24 * 60 + 9 * 60 + 20, 24 * 60 + 14 * 60]) * 60 * S
    handled, abandoned, full = (RESULTS.index(name) for name in ("handled", "abandoned", "full"))
    waits = np.array([10, 50, 30, 5]) * S
    ended = [OUTCOMES.index("abandoned" if i == 1 else "handled") for i in range(4)]
    calls = empty_table("calls", 4) | {
        "call_id": np.arange(4),
        "source": np.ones(4, int),
        "arrived_us": at,
        "outcome": np.array(ended),
        "attempt": np.ones(4, int),
        "ended_us": at + waits + np.array([60, 0, 60, 60]) * S,
    }
    row = np.array([0, 1, 2, 3, 3])
    waited = np.array([10, 50, 30, 0, 5]) * S
    answered = np.array([1, 0, 1, 0, 1], bool)
    offered = at[row]
    visits = empty_table("visits", 5) | {
        "call_id": row,
        "seq": np.array([0, 0, 0, 0, 1]),
        "queue": np.array([0, 1, 0, 0, 1]),
        "offered_us": offered,
        "left_us": offered + waited,
        "answered_us": np.where(answered, offered + waited, -1),
        "talk_us": np.where(answered, 60 * S, 0),
        "result": np.array([handled, abandoned, handled, full, handled]),
    }
    typed = {
        table: {name: values.astype(empty_table(table)[name].dtype) for name, values in columns.items()}
        for table, columns in (("calls", calls), ("visits", visits))
    }
    return Records(
        **typed,
        steps=empty_table("steps"),
        agents=empty_table("agents"),
        names={"queue": ("sales", "help")},
        horizon_us=48 * H,
        begins_us=int(MONDAY.timestamp()) * S,
        zone="America/New_York",
        labels={"sales": "New orders"},
    )


@pytest.fixture
def folder(tmp_path: Path) -> str:
    write(week(), tmp_path / "week")
    return str(tmp_path / "week")


def test_live_calls_are_told_by_the_clock_of_the_flows_hours(
    database: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """A call at 10:00 in New York (15:00 UTC in November) is shown at 10:00, also in an export."""
    line = Line(database, flow=with_hours("America/New_York", "New orders"))
    line.now = NINE.replace(hour=15)
    monkeypatch.setattr(
        "webhooks.store.preflight.time_ns", lambda: (int(line.now.timestamp()) + 6 * 3_600) * 1_000_000_000
    )
    line.call(1).then(5, Keys("0")).then(60, Outcome("answered"))
    assert line.journal.flush()
    line.store.close()
    assert main(["data", "export", str(tmp_path / "exported"), "--database", database]) == 0
    for at in (database, str(tmp_path / "exported")):
        found = measured(at, capsys)
        assert (found["zone"], found["begins"], found["ends"]) == (
            "America/New_York",
            "2026-11-24T10:00:00-05:00",
            "2026-11-24T11:00:00-05:00",
        )
        first = found["by_interval"][0]  # type: ignore[index]
        assert (first["start"], first["begins"], first["measures"]["arrived"]) == (
            "10:00",
            "2026-11-24T10:00:00-05:00",
            1,
        )
        assert found["queues"] == {"sales": "New orders"}
        page = tmp_path / "page.html"
        assert main(["report", at, "--report", str(page)]) == 0
        said = capsys.readouterr().out
        assert "1 call · Tue 24 Nov 2026 10:00 to 11:00 (America/New_York)\n" in said
        assert "\n  New orders " in said
        assert "sales" not in said
        assert "Tue 24 Nov 2026 10:00 to 11:00 (America/New_York)" in page.read_text("utf-8")
        assert "New orders</th>" in page.read_text("utf-8")
    assert measured(database, capsys, "--zone", "UTC")["begins"] == "2026-11-24T15:00:00+00:00"


def test_the_version_last_put_into_service_says_so(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Madrid came second, then New York again, as when a version is rolled back."""
    new_york, madrid = with_hours("America/New_York", "New orders"), with_hours("Europe/Madrid", "Ventas")
    line = Line(database)
    line.call(1).then(5, Keys("0")).then(60, Outcome("answered"))
    assert line.journal.flush()
    for second, flow in ((1, new_york), (2, madrid)):
        monkeypatch.setattr("webhooks.store.store.time.time_ns", lambda at=second: (4_000_000_000 + at) * 1_000_000_000)
        line.store.keep_flow(flow)
    assert (read_records(database).zone, dict(read_records(database).labels)) == ("Europe/Madrid", {"sales": "Ventas"})
    again = Store(database)
    monkeypatch.setattr("webhooks.store.store.time.time_ns", lambda: 4_000_000_003 * 1_000_000_000)
    again.keep_flow(new_york)
    assert (read_records(database).zone, dict(read_records(database).labels)) == (
        "America/New_York",
        {"sales": "New orders"},
    )
    again.close()
    line.store.close()


def test_several_days_are_told_by_day_and_by_time_of_day(
    folder: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = measured(folder, capsys, "--interval", "1h")
    assert [(day["date"], day["measures"]["arrived"]) for day in found["by_day"]] == [
        ("2026-11-23", 2),
        ("2026-11-24", 2),
    ]  # type: ignore[index]
    # 09:00 to 10:00 has three calls on two days: 1.5 a day. Of these one is answered within 20 s, of three (the one who
    # hung up waited 50 s): 1/3; two are answered, after 10 and 30 s: 20 s. At 14:00 one call on two days: 0.5.
    times = {one["time"]: one for one in found["by_time_of_day"]}  # type: ignore[index, attr-defined]
    assert list(times) == ["09:00", "10:00", "11:00", "12:00", "13:00", "14:00"]
    nine = times["09:00"]
    assert nine["days"] == 2
    assert {name: nine["measures"][name] for name in ("arrived", "service_level", "asa_s")} == pytest.approx(
        {"arrived": 1.5, "service_level": 1 / 3, "asa_s": 20.0}
    )
    assert times["14:00"]["measures"]["arrived"] == 0.5
    page = tmp_path / "week.html"
    assert main(["report", folder, "--interval", "1h", "--report", str(page)]) == 0
    said = capsys.readouterr().out
    assert "\nBy day\n" in said
    assert "\n  Mon 23 Nov 2026  ████████████  2 " in said
    assert "\n  09:00  ████████████  1.5   33.3 %  20 s " in said
    assert said.count("\n  14:00 ") == 1
    assert "  --full prints all 48 intervals" in said
    assert "Agents" not in said
    assert "<h2>By day</h2>" in page.read_text("utf-8")
    assert "<h2>By time of day</h2>" in page.read_text("utf-8")
    assert main(["report", folder, "--interval", "1h", "--full"]) == 0
    full = capsys.readouterr().out
    assert "\n  Tue 14:00 " in full
    assert "By day" not in full


@pytest.mark.parametrize(
    ("options", "calls", "begins", "ends"),
    [
        (["--from", "2026-11-24"], 2, "2026-11-24T00:00:00-05:00", "2026-11-25T00:00:00-05:00"),
        (["--to", "2026-11-23"], 2, "2026-11-23T00:00:00-05:00", "2026-11-24T00:00:00-05:00"),
        (
            ["--from", "2026-11-23 09:10", "--to", "2026-11-24T14:00"],
            2,
            "2026-11-23T09:10:00-05:00",
            "2026-11-24T14:00:00-05:00",
        ),
        (
            ["--from", "2026-11-23T14:10Z", "--to", "2026-11-23"],
            1,
            "2026-11-23T09:10:00-05:00",
            "2026-11-24T00:00:00-05:00",
        ),
        (
            ["--zone", "UTC", "--from", "2026-11-23 14:10", "--to", "2026-11-23"],
            1,
            "2026-11-23T14:10:00+00:00",
            "2026-11-24T00:00:00+00:00",
        ),
        (["--to", "2026-11-26"], 4, "2026-11-23T00:00:00-05:00", "2026-11-27T00:00:00-05:00"),
    ],
)
def test_a_period_is_stated_by_the_clock(
    options: list[str], calls: int, begins: str, ends: str, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = measured(folder, capsys, *options)
    assert (found["calls"], found["begins"], found["ends"]) == (calls, begins, ends)
    assert sum(part["measures"]["arrived"] for part in found["by_interval"]) == calls  # type: ignore[attr-defined]


def test_a_time_alone_is_of_the_only_date(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write(by_hand(), tmp_path / "day")  # 09:00, 09:01, 09:02 and 09:40
    assert measured(str(tmp_path / "day"), capsys, "--from", "09:01", "--to", "9:40")["calls"] == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ["--from", "09:00"],
            (
                "--from 09:00 could be on any date from 2026-11-23 to 2026-11-24\n  = hint: write the date too:"
                " '2026-11-23 09:00'"
            ),
        ),
        (["--to", "next week"], "--to 'next week' is neither a date nor a time"),
        (
            ["--from", "2026-11-24", "--to", "2026-11-23"],
            "--from 2026-11-24 --to 2026-11-23 is an empty period; the calls arrived on 2026-11-23 to 2026-11-24",
        ),
        (["--from", "1970-01-01"], "--from 1970-01-01 is more than a year from the calls"),
        (["--queue", "Salse"], "no call joined a queue 'Salse'\n  = hint: did you mean 'sales'?"),
    ],
)
def test_what_is_no_period_and_no_queue_is_told(
    options: list[str], message: str, folder: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", folder, *options]) == 2
    assert message in capsys.readouterr().err


def test_one_queue_alone_has_the_figures_of_its_row(folder: str, capsys: pytest.CaptureFixture[str]) -> None:
    """Three joined Sales: two answered, after 10 and 30 s (one within 20 s), and one found it full: 1 / 3."""
    whole = measured(folder, capsys)["by_queue"]["sales"]  # type: ignore[index]
    for name in ("sales", "New orders"):
        found = measured(folder, capsys, "--queue", name)
        assert list(found["by_queue"]) == ["sales"]
        assert found["calls"] == 3
        assert found["by_queue"]["sales"] == whole  # type: ignore[index]
        assert {
            key: found["measures"][key] for key in ("offered", "handled", "service_level", "asa_s")
        } == pytest.approx(  # type: ignore[index]
            {"offered": 3, "handled": 2, "service_level": 1 / 3, "asa_s": 20.0}
        )
        assert all(found["measures"][key] == value for key, value in whole.items() if key in found["measures"])  # type: ignore[index, operator]
    both = measured(folder, capsys, "--queue", "sales", "--queue", "help")
    assert both["measures"] == measured(folder, capsys)["measures"]
    assert main(["report", folder, "--queue", "sales"]) == 0
    assert (
        "\nLive calls · 3 calls to New orders\nMon 23 Nov 2026 00:00 to Wed 25 Nov 2026 00:00 (America/New_York)\n"
        in capsys.readouterr().out
    )


def test_a_part_of_several_replications_counts_them_all(tmp_path: Path) -> None:
    """A period in which the last replication has no call still averages over all replications."""
    out = tmp_path / "runs"
    assert main(["simulate", "northwind", "--replications", "3", "--records", str(out), "--json"]) == 0
    records = read(out)
    last = records.calls["arrived_us"][records.calls["replication"] == 2]
    until = int(last.min())
    arrived = int((records.calls["arrived_us"] < until).sum())
    assert arrived > 0
    assert measures(sums(between(records, 0, until)))["arrived"] == pytest.approx(arrived / 3)
    assert "occupancy" not in measures(sums(between(records, 0, until)))
    queue = records.names["queue"][0]
    whole, alone = sums(records), sums(of_queues(records, [queue]))
    own = measures(alone, queue=queue)
    assert own == pytest.approx({name: value for name, value in measures(whole, queue=queue).items() if name in own})
    # what the queue's own calls were offered, overall, is what the queue was offered
    assert json.loads(json.dumps(measures(alone)["offered"])) == pytest.approx(own["offered"])
