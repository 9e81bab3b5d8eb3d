"""PostgreSQL for several workers and machines: a real server, really stopped."""

from __future__ import annotations

import logging
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from flows.protocol.actions import Keys, Outcome
from flows.source.finding import UsageError
from tests.support.live_line import FLOW, Line, whole_call
from tests.support.paths import ROOT
from tests.support.postgres_server import Server
from tests.support.units import S
from webhooks.records.changes import CallMoved, QueueJoined, StepSeen
from webhooks.store import Store, read_records
from webhooks.store.connection import database_url
from webhooks.store.effect_ledger import EffectLedger

CLAIM = """
import sys
from webhooks.store import Store
from webhooks.store.effect_ledger import EffectLedger
table = EffectLedger(Store(sys.argv[1]))
sys.stdin.readline()
def claimed(seq):
    with table.entry("CA1", seq, patience_s=5) as place:
        return place.begin("link", 0)
print([seq for seq in range(200) if claimed(seq)])
"""


def claimed(store: Store) -> bool:
    with EffectLedger(store).entry("CA1", 1, patience_s=0) as place:
        return place.begin("link", 0)


def test_of_two_processes_exactly_one_claims_each_effect(database: str) -> None:
    command = [sys.executable, "-c", CLAIM, database]
    pair = [
        subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) for _ in range(2)
    ]
    for process in pair:
        process.stdin.write("go\n")  # type: ignore[union-attr]
        process.stdin.flush()  # type: ignore[union-attr]
    claimed = [eval(process.communicate(timeout=60)[0]) for process in pair]
    assert sorted(claimed[0] + claimed[1]) == list(range(200))


def test_a_server_that_stops_and_starts_mid_call_costs_nothing(
    own_postgresql: Server, caplog: pytest.LogCaptureFixture
) -> None:
    """Two calls: one before, during and after the stop, one that begins and ends while the server is down."""
    caplog.set_level(logging.WARNING)
    line = Line(own_postgresql.fresh())
    call = line.call(1).then(5, Keys("1"))
    assert line.journal.flush()
    own_postgresql.stop()
    began = time.monotonic()
    call.then(5, Keys("4111111111111111")).then(5, Keys("0"))
    whole_call(line, 2)
    assert not line.journal.flush()
    assert time.monotonic() - began < 8  # at most one vain wait per second
    own_postgresql.start()
    call.then(30, Outcome("answered"))
    tables = line.tables()
    assert "calls go on, records are kept" in caplog.text
    assert [(c["call_sid"][-1], c["outcome"]) for c in tables["calls"]] == [("1", "handled"), ("2", "voicemail")]
    assert [(s["seq"], s["node"], s["outcome"]) for s in tables["steps"] if s["call_sid"].endswith("1")] == [
        (0, "hello", "done"),
        (1, "main", "1"),
        (2, "card", "collected"),
        (3, "served", "done"),
        (4, "main", "0"),
        (5, "agent", "answered"),
    ]
    assert len(tables["visits"]) == 2
    line.store.close()


def test_a_database_that_was_emptied_is_filled_again(postgresql: Server) -> None:
    """The schema is dropped under a running service, or an empty one restored."""
    database = postgresql.fresh()
    line = Line(database)
    whole_call(line, 1)
    assert line.journal.flush()
    with line.store.transaction() as connection:
        name = connection.execute(sa.text("select current_schema()")).scalar_one()
        connection.execute(sa.text(f"drop schema {name} cascade"))
        connection.execute(sa.text(f"create schema {name}"))
    whole_call(line, 2)
    line.journal.flush()
    assert [call["call_sid"] for call in line.tables()["calls"]] == [f"CA{2:032x}"]
    assert line.store.flow(FLOW.digest) == FLOW
    line.store.close()


def test_a_key_and_an_effect_do_without_a_server_that_is_away(
    own_postgresql: Server, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(own_postgresql.fresh())
    store.check()
    own_postgresql.stop()
    store.remember_key("CA1", 1, "5")
    with pytest.raises((sa.exc.SQLAlchemyError, OSError)):
        claimed(store)
    began = time.monotonic()
    for _ in range(50):  # there is no new try right after a failure
        assert store.outcome_of("CA1", 1, "main") == ""
    assert time.monotonic() - began < 0.5
    assert len(caplog.records) == 1
    own_postgresql.start()
    time.sleep(1.1)
    assert claimed(store)
    assert not claimed(store)
    store.close()


def test_two_machines_write_the_same_calls_at_once(postgresql: Server) -> None:
    """Retries of webhooks go to any machine: the same rows from both sides, in opposite orders, eight times over."""
    database = postgresql.fresh()
    moves = [CallMoved(f"CA{i:03}", 1, i * S, "en-US", "contained", False, False, False) for i in range(150)]
    steps = [StepSeen(f"CA{i:03}", 0, "main", "1", i * S) for i in range(150)]
    stores = [Store(database) for _ in range(4)]
    batches = [moves + steps, [*reversed(steps), *reversed(moves)]] * 2
    with ThreadPoolExecutor(4) as pool:
        for _ in range(2):
            list(pool.map(lambda pair: pair[0].write(pair[1]), zip(stores, batches, strict=True)))
    rows = stores[0].rows()
    assert [(c["call_sid"], c["arrived_us"]) for c in rows["calls"]] == [(f"CA{i:03}", i * S) for i in range(150)]
    assert len(rows["steps"]) == 150
    for store in stores:
        store.close()


def test_a_row_that_the_database_refuses_costs_no_other_row(
    postgresql: Server, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(postgresql.fresh())
    good = [QueueJoined("CA1", i, "sales", i) for i in range(5)]
    store.write([*good[:3], QueueJoined("CA1", 9, "x" * 201, 9), QueueJoined("CA1", 2**40, "sales", 9), *good[3:]])
    kept = [(v["seq"], v["queue"]) for v in store.rows()["visits"]]
    store.close()
    assert kept == [(i, "sales") for i in range(5)]
    told = [
        record.getMessage() for record in caplog.records if record.name == "ivr.records"
    ]  # the driver's own log says more
    assert told == ["records: one QueueJoined dropped: the database does not accept it"] * 2


def test_records_are_the_same_from_either_database(postgresql: Server, tmp_path: Path) -> None:
    found = []
    for database in (postgresql.fresh(), str(tmp_path / "calls.sqlite")):
        line = Line(database)
        for number in (1, 2):
            whole_call(line, number)
        assert line.journal.flush()
        line.store.close()
        found.append(read_records(database))
    for table in ("calls", "visits", "steps"):
        one, other = (getattr(records, table) for records in found)
        assert {name: values.tolist() for name, values in one.items()} == {
            name: values.tolist() for name, values in other.items()
        }
    assert found[0].names == found[1].names


def test_how_a_database_may_be_named() -> None:
    assert (
        database_url("postgres://ivr:secret@db.internal/ivr").render_as_string()
        == "postgresql+psycopg://ivr:***@db.internal/ivr"
    )
    assert Store("postgresql://ivr:secret@db.internal/ivr").shown == "postgresql+psycopg://ivr:***@db.internal/ivr"
    for wrong in ("mysql://ivr:secret@db.internal/ivr", "postgresql://ivr:secret@db.internal:port/ivr"):
        with pytest.raises(UsageError, match="W003") as caught:
            Store(wrong)
        assert "secret" not in str(caught.value)
