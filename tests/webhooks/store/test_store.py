"""Live calls in the database: exact rows, each written once, and no database failure that a caller notices."""

from __future__ import annotations

import datetime as dt
import logging
import random
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from flows.model.flow import Flow
from flows.model.load import load, load_text
from flows.protocol.actions import HungUp, Keys, Outcome, Silence
from flows.source.finding import UsageError
from ivr.interpreter.clock_and_chance import advance
from ivr.interpreter.session import Session
from ivr.interpreter.step import awaiting, step
from ivr.records.measures import measures, sums
from ivr.records.tables import to_pandas
from tests.support.live_line import FLOW, NINE, Line, dump, whole_call
from tests.support.random_caller import callers
from tests.support.units import S
from tests.support.web_carrier import WebCall
from webhooks.records.changes import (
    CallMoved,
    CallOver,
    Change,
    QueueJoined,
    QueueLeft,
    StepSeen,
    WaitAnnounced,
    _if_hung_up,
)
from webhooks.records.journal import Journal
from webhooks.store import Store, read_records


@pytest.fixture
def line(database: str) -> Iterator[Line]:
    made = Line(database)
    yield made
    made.journal.flush()
    made.store.close()


def frame(line: Line, table: str) -> list[dict[str, object]]:
    line.journal.flush()
    return [
        {k: None if v != v else v for k, v in row.items()}
        for row in to_pandas(read_records(line.database), table).to_dict("records")
    ]


def test_the_rows_of_a_call_worked_by_hand(line: Line) -> None:
    # 09:00:00 hello, main; +10 s silence, main again; +5 s key 0, queue; +130 s answered after 40 s: talk 90 s
    line.call().then(10, Silence()).then(5, Keys("0")).then(130, Outcome("answered"))
    assert [(r["seq"], r["node"], r["outcome"], r["at_us"]) for r in frame(line, "steps")] == [
        (0, "hello", "done", 0),
        (1, "main", "no_input", 0),
        (2, "main", "0", 10 * S),
        (3, "agent", "answered", 15 * S),
    ]
    (call,) = frame(line, "calls")
    assert call | {"path": "", "language": ""} == {
        "call_id": 0,
        "source": "live",
        "arrived_us": 0,
        "intent": None,
        "language": "",
        "path": "",
        "menu_us": 15 * S,
        "key_presses": 1,
        "outcome": "handled",
        "zero_out": True,
        "attempt": 1,
        "repeat": False,
        "ended_us": 145 * S,
    }
    assert (call["path"], call["language"]) == ("hello > main > agent", "en-US")
    (visit,) = frame(line, "visits")
    # The carrier of the tests reports QueueTime 3: answered 3 s after 15 s, and talked for the rest of the 130 s.
    assert (visit["queue"], visit["offered_us"], visit["answered_us"], visit["left_us"]) == (
        "sales",
        15 * S,
        18 * S,
        18 * S,
    )
    assert (visit["result"], visit["talk_us"], visit["acw_us"]) == ("handled", 127 * S, 0)


def test_a_caller_who_hangs_up_in_the_menu(line: Line) -> None:
    line.call().then(10, Silence()).then(4, HungUp())
    (call,) = frame(line, "calls")
    assert (call["outcome"], call["menu_us"], call["ended_us"]) == ("abandoned_in_menu", 14 * S, 14 * S)
    assert [r["outcome"] for r in frame(line, "steps")] == ["done", "no_input", "hung_up"]


def test_a_caller_who_gives_up_waiting(line: Line) -> None:
    line.call().then(5, Keys("0")).then(60, HungUp())
    (call,) = frame(line, "calls")
    (visit,) = frame(line, "visits")
    assert (call["outcome"], call["menu_us"], call["ended_us"]) == ("abandoned", 5 * S, 65 * S)
    assert (visit["result"], visit["left_us"], visit["answered_us"]) == ("abandoned", 65 * S, None)


def test_a_caller_who_was_served_and_then_hangs_up_is_contained(line: Line) -> None:
    line.call().then(5, Keys("1")).then(9, Keys("4111111111111111")).then(2, HungUp())
    assert frame(line, "calls")[0]["outcome"] == "contained"


@pytest.mark.parametrize(
    ("event", "result", "outcome"),
    [
        (Outcome("timeout"), "voicemail", None),
        (Outcome("key #"), "voicemail", None),
        (Outcome("key 5"), "timeout", None),  # as in a simulation: only callers who hang up while waiting abandon
        (Outcome("full"), "full", None),
        (Outcome("closed"), "closed", "closed"),
    ],
)
def test_how_visits_end(line: Line, event: Outcome, result: str, outcome: str | None) -> None:
    line.call().then(5, Keys("0")).then(20, event)
    assert frame(line, "visits")[0]["result"] == result
    if outcome:
        assert frame(line, "calls")[0]["outcome"] == outcome


def test_a_call_that_a_desk_takes_by_rest_is_handled_and_talks_until_it_is_over(line: Line) -> None:
    """In the queue from 5 s; taken at 25 s after 20 s of wait; the carrier says at 145 s that it is over: 120 s of
    talk.
    """
    call = line.call().then(5, Keys("0"))
    line.now += dt.timedelta(seconds=20)
    line.carrier.twice(
        call.web.attribute("Enqueue", "action"), {**call.web.form, "QueueResult": "redirected", "QueueTime": "20"}
    )
    line.now += dt.timedelta(seconds=120)
    line.carrier.twice("/status", {**call.web.form, "CallStatus": "completed"})
    [visit], [row] = frame(line, "visits"), frame(line, "calls")
    assert (visit["result"], visit["left_us"] - visit["offered_us"], visit["talk_us"]) == ("handled", 20 * S, 120 * S)
    assert (row["outcome"], row["ended_us"] - row["arrived_us"]) == ("handled", 145 * S)


def test_a_second_queue_is_a_second_visit(line: Line) -> None:
    line.call().then(5, Keys("0")).then(20, Outcome("full")).then(30, Outcome("answered"))
    assert [(v["seq"], v["queue"], v["result"], v["offered_us"]) for v in frame(line, "visits")] == [
        (0, "sales", "full", 5 * S),
        (1, "overflow", "handled", 25 * S),
    ]


def test_the_announced_wait_and_the_message_are_kept(line: Line) -> None:
    call = line.call().then(5, Keys("0"))
    url = call.web.attribute("Enqueue", "waitUrl")
    line.carrier.twice(url, {**call.web.form, "QueueTime": "0", "AvgQueueTime": "70"})
    line.carrier.twice(url, {**call.web.form, "QueueTime": "30", "AvgQueueTime": "700"})
    call.then(40, Outcome("timeout")).then(20, Outcome("recorded"))
    assert frame(line, "visits")[0]["announced_wait_us"] == 120 * S  # the first announcement
    with line.store.transaction() as database:
        assert database.execute(sa.text("select seq, box, url, length_us from messages")).all() == [
            (3, "sales", f"https://api.twilio.com/2010-04-01/Accounts/AC1/Recordings/RE{1:032x}", 12 * S)
        ]


def test_the_measures_of_simulated_calls_work_on_live_ones(line: Line) -> None:
    line.call(1).then(5, Keys("0")).then(60, Outcome("answered"))
    line.call(2).then(5, Keys("0")).then(60, HungUp())
    line.journal.flush()
    found = measures(sums(read_records(line.database)))
    assert found["offered"] == 2
    assert found["handled"] == 1
    assert found["abandoned"] == 1


# --- Once and only once -----------------------------------------------------------------------------------


def test_webhooks_sent_again_later_change_nothing(line: Line) -> None:
    call = line.call().then(10, Silence()).then(5, Keys("0"))
    before = line.tables()
    line.now += dt.timedelta(minutes=3)
    again = WebCall(line.carrier, call.web.form["CallSid"])
    again.dial()  # the first request once more, minutes later
    assert line.tables() == before


def test_webhooks_sent_in_parallel_give_one_answer_and_one_row(line: Line) -> None:
    call = line.call()
    url, form = call.web.attribute("Gather", "action"), {**call.web.form, "Digits": "0"}
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: line.carrier.send(url, form), range(40)))
    assert len(answers) == 1
    assert [(row["seq"], row["node"], row["outcome"]) for row in line.tables()["steps"]] == [
        (0, "hello", "done"),
        (1, "main", "0"),
        (2, "agent", None),
    ]
    assert len(line.tables()["visits"]) == 1


def test_status_callbacks_may_come_in_any_order_repeat_or_miss(line: Line) -> None:
    call = line.call().then(10, Silence())
    form = call.web.form
    line.now += dt.timedelta(seconds=20)
    for status in ("completed", "ringing", "completed", "in-progress", "initiated"):
        line.carrier.twice("/status", {**form, "CallStatus": status})
        line.now += dt.timedelta(seconds=1)
    (row,) = frame(line, "calls")
    assert (row["ended_us"], row["outcome"]) == (30 * S, "abandoned_in_menu")


def test_without_a_status_callback_a_call_ends_where_it_was_last_heard_of(line: Line) -> None:
    line.call().then(10, Silence())
    line.journal.flush()
    now_us = int(NINE.timestamp()) * S
    assert len(read_records(line.database, now_us=now_us + 3_600 * S).calls["outcome"]) == 0  # still in progress
    records = read_records(line.database, now_us=now_us + 5 * 3_600 * S)
    assert records.calls["ended_us"].tolist() == [10 * S]


def test_the_end_may_be_written_before_the_beginning(database: str) -> None:
    store = Store(database)
    late = [
        CallOver("CA1", 90 * S),
        StepSeen("CA1", 0, "main", "1", 50 * S),
        CallMoved("CA1", 2, 50 * S, "en-US", "contained", True, False, False),
    ]
    early = [
        StepSeen("CA1", 0, "main", None, 10 * S),
        CallMoved("CA1", 1, 10 * S, "es-US", "abandoned_in_menu", False, False, False),
    ]
    store.write(late)
    store.write(early)
    store.write([*early, *late])
    (call,) = store.rows()["calls"]
    assert (call["arrived_us"], call["last_us"], call["language"], call["outcome"], call["zero_out"]) == (
        10 * S,
        50 * S,
        "en-US",
        "contained",
        True,
    )
    assert [(s["node"], s["outcome"]) for s in store.rows()["steps"]] == [("main", "1")]
    store.close()


def test_a_batch_leaves_what_its_changes_leave_one_by_one(database: str, tmp_path: Path) -> None:
    """500 changes of 20 calls, repeatedly of the same rows: one statement takes 64 of them, and the last few have a
    statement of their own.
    """
    chance = random.Random(5)

    def change(at_us: int) -> Change:
        sid, seq = f"CA{chance.randrange(20)}", chance.randrange(6)
        return chance.choice(
            [
                StepSeen(sid, seq, "main", chance.choice(["1", None]), at_us),
                QueueJoined(sid, seq, "sales", at_us),
                QueueLeft(sid, seq, "sales", "handled", at_us, chance.choice([7, None])),
                WaitAnnounced(sid, seq, "sales", 60, at_us),
                CallMoved(
                    sid,
                    seq,
                    at_us,
                    "en-US",
                    chance.choice(["contained", "handled"]),
                    False,
                    False,
                    chance.random() < 0.5,
                    "a" * 32,
                ),
                CallOver(sid, at_us),
            ]
        )

    changes = [change(chance.randrange(1_000)) for _ in range(500)]
    assert sum(isinstance(one, StepSeen) for one in changes) > 64
    whole, single = Store(database), Store(str(tmp_path / "single.sqlite"))
    whole.write(changes)
    for one in changes:
        single.write([one])
    written = {name: [dict(row) for row in rows] for name, rows in single.rows().items()}
    assert {name: [dict(row) for row in rows] for name, rows in whole.rows().items()} == written
    whole.close()
    single.close()


def test_what_a_hang_up_would_mean_is_what_the_interpreter_says() -> None:
    flow = load("northwind").flow
    for caller in callers(flow, 200):
        session, actions = advance(flow, Session(), caller.start(), caller.now)
        while not session.ended:
            assert _if_hung_up(session, awaiting(flow, session)) == step(flow, session, HungUp())[0].outcome
            session, actions = advance(flow, session, caller.event(actions[-1]), caller.now)


def test_a_question_to_the_clock_is_answered_once(line: Line) -> None:
    line.now = NINE.replace(hour=19, minute=59, second=58)
    call = line.call()
    url = call.web.attribute("Gather", "action")
    form = {**call.web.form, "Digits": "2"}
    first = line.carrier.send(url, form)
    line.journal.flush()
    line.now = NINE.replace(hour=20, minute=0, second=3)  # the retry arrives after closing time
    assert line.carrier.send(url, form) == first
    assert b"Enqueue" in first[1]


def test_the_records_are_asked_only_where_the_clock_may_have_said_otherwise(
    line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The office opens at 8:00: from 8:15 on no repeated webhook can have had another answer."""
    asked: list[str] = []
    monkeypatch.setattr(line.store, "outcome_of", lambda sid, seq, node: asked.append(node) or "")
    for number, (hour, minute, second) in enumerate(
        [(7, 59, 59), (8, 0, 0), (8, 14, 59), (8, 15, 0), (12, 0, 0), (20, 0, 0)]
    ):
        line.now = NINE.replace(hour=hour, minute=minute, second=second)
        call = line.call(number + 1)
        before = len(asked)
        line.carrier.send(call.web.attribute("Gather", "action"), {**call.web.form, "Digits": "2"})
        assert (hour, minute, len(asked) - before) == (
            hour,
            minute,
            1 if (hour, minute) in ((8, 0), (8, 14), (20, 0)) else 0,
        )


def test_a_key_pressed_at_one_worker_is_known_to_the_other(database: str) -> None:
    first, second = Line(database), Line(database)
    call = first.call().then(5, Keys("0"))
    queued = call.web.document
    url = call.web.attribute("Enqueue", "waitUrl")
    assert b"<Leave />" in first.carrier.twice(url, {**call.web.form, "Digits": "5"})
    call.web.document = queued
    form = {**call.web.form, "QueueResult": "leave", "QueueTime": "8"}
    assert b"Goodbye." in second.carrier.twice(call.web.attribute("Enqueue", "action"), form)
    for line in (first, second):
        line.journal.flush()
        line.store.close()


def test_a_call_outlives_a_restart_with_a_new_version_of_the_flow(database: str) -> None:
    old = Line(database)
    call = old.call()
    old.journal.flush()
    old.store.close()
    data = FLOW.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    changed = Flow.model_validate(data | {"nodes": data["nodes"] | {"card": data["nodes"]["bye"]}})
    new = Line(database, changed)
    form = {**call.web.form, "Digits": "1"}
    assert b"Your card number." in new.carrier.twice(call.web.attribute("Gather", "action"), form)
    new.journal.flush()
    new.store.close()


def test_a_version_that_cannot_be_read_any_more_counts_as_unknown(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Such as one with a node of a type that only a later version of the program knows."""
    old = Line(database)
    menu, queue = old.call(1), old.call(2).then(5, Keys("0"))
    old.journal.flush()
    with old.store.transaction() as connection:
        connection.execute(
            sa.text(
                """update flows set flow = '{"ivr": "1", "name": "x", "start": "a", "nodes": {"a": {"type": "odd"}}}'"""
            )
        )
    old.store.close()
    new = Line(
        database, load_text("{ivr: 1, name: Line, start: bye, nodes: {bye: {type: hangup, say: Here again.}}}").flow
    )
    assert b"Here again." in new.carrier.twice(menu.web.attribute("Gather", "action"), {**menu.web.form, "Digits": "1"})
    assert b"<Leave" in new.carrier.twice(
        queue.web.attribute("Enqueue", "waitUrl"), {**queue.web.form, "QueueTime": "5"}
    )
    assert b"Here again." in new.carrier.twice(
        queue.web.attribute("Enqueue", "action"), {**queue.web.form, "QueueResult": "leave"}
    )
    said = [record.getMessage() for record in caplog.records if "cannot be read" in record.getMessage()]
    assert said == [
        f"records: version {FLOW.digest} of the flow cannot be read; calls that are on it begin again"
    ]  # once
    new.journal.flush()
    new.store.close()


@pytest.mark.parametrize("name", ["northwind", "credit_union", "power_outage"])
def test_a_kept_flow_is_the_flow(name: str, database: str) -> None:
    flow = load(name).flow
    store = Store(database)
    store.keep_flow(flow)
    kept = store.flow(flow.digest)
    assert kept is not None
    assert kept.digest == flow.digest
    assert kept == flow.model_copy(update={"menu": kept.menu})  # defaults are kept where they hold: in the menus
    assert store.flow("0" * 16) is None
    store.close()


# --- Trouble ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_locked_database_disturbs_no_call_and_loses_no_row(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    whole_call(line, 1)
    assert len(line.tables()["calls"]) == 1
    lock = sqlite3.connect(line.database, isolation_level=None)
    lock.execute("BEGIN EXCLUSIVE")
    whole_call(line, 2)
    assert not line.journal.flush()
    assert "calls go on, records are kept" in caplog.text
    lock.execute("ROLLBACK")
    lock.close()
    assert len(line.tables()["calls"]) == 2


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_deleted_database_is_made_anew(line: Line) -> None:
    whole_call(line, 1)
    line.journal.flush()
    for file in Path(line.database).parent.iterdir():
        file.unlink()
    whole_call(line, 2)
    assert [call["call_sid"] for call in line.tables()["calls"]] == [f"CA{2:032x}"]


@pytest.mark.parametrize("broken", ["nowhere/calls.db", "text.db", "folder.db"])
def test_a_database_that_cannot_be_opened_disturbs_no_call(
    broken: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "text.db").write_text("this is no database, but it is long enough to look like one\n" * 100)
    (tmp_path / "folder.db").mkdir()
    line = Line(tmp_path / broken)
    whole_call(line)
    assert not line.journal.flush()
    assert "records" in caplog.text
    line.store.close()


@pytest.mark.parametrize(
    ("database", "message"),
    [
        ("", "the database is not a file"),
        (":memory:", "the database is not a file"),
        ("sqlite://", "the database is not a file"),
        ("sqlite:///", "the database is not a file"),
        ("sqlite:///:memory:", "the database is not a file"),
        ("sqlite:///file:zz?mode=memory&uri=true", "the address of a SQLite file has options: mode, uri"),
        ("sqlite:///calls.sqlite?nonsense=1", "the address of a SQLite file has options: nonsense"),
        ("sqlite://calls.sqlite", "the address of a SQLite file names a host"),
        ("sqlite:///a%00b", "the name of the database contains a zero byte"),
        ("a\0b", "the name of the database contains a zero byte"),
        ("postgresql://db.internal/a%00b", "the name of the database contains a zero byte"),
    ],
)
def test_a_database_that_is_no_file_is_refused(database: str, message: str) -> None:
    with pytest.raises(UsageError) as caught:
        Store(database)
    [finding] = caught.value.findings
    assert (finding.code, finding.message.startswith(message)) == ("W003", True)
    assert "give a file such as calls.sqlite" in finding.hint


def test_a_full_disk_is_waited_out(caplog: pytest.LogCaptureFixture) -> None:
    written: list[Change] = []
    full = [True]

    def write(batch: object) -> None:
        if full[0]:
            raise sqlite3.OperationalError("database or disk is full")
        written.extend(batch)  # type: ignore[call-overload]

    journal = Journal(write, pause_s=0)
    journal._run = lambda: None  # type: ignore[method-assign]
    changes = [QueueJoined("CA1", i, "sales", i) for i in range(5)]
    journal.add(changes[:3])
    assert not journal.flush()
    journal.add(changes[3:])
    assert not journal.flush()
    full[0] = False
    assert journal.flush()
    assert written == changes  # all of them, in order, once
    assert [record.levelname for record in caplog.records] == [
        "WARNING",
        "WARNING",
    ]  # logged once, and once more when it is over


def test_what_waits_for_the_database_is_bounded(caplog: pytest.LogCaptureFixture) -> None:
    written: list[Change] = []
    journal = Journal(written.extend, capacity=10, pause_s=0)
    journal._run = lambda: None  # type: ignore[method-assign]
    changes = [QueueJoined("CA1", i, "sales", i) for i in range(15)]
    journal.add(changes)
    assert journal.flush()
    assert written == changes[5:]
    assert "5 changes dropped" in caplog.text


# --- What must stay unreadable -------------------------------------------------------------------------------------


def test_nothing_a_caller_entered_is_in_the_database_or_the_log(line: Line, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    line.call().then(5, Keys("1")).then(5, Keys("4111111111111111")).then(5, Keys("1")).then(5, Keys("42222")).then(
        5, HungUp()
    )
    line.tables()
    content = dump(line)
    for canary in ("4111111111111111", "42222", "4155550123"):
        assert canary not in content
        assert canary not in caplog.text
