"""The schema of a database: upgraded once, whichever worker starts first; refused when it is ahead."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.support.live_line import Line, whole_call
from tests.support.paths import ROOT
from webhooks.store import Store
from webhooks.store.connection import database_url
from webhooks.store.migrate import HEAD, ForeignDatabaseError, SchemaTooNewError, bring_up_to_date
from webhooks.store.tables import METADATA

# As it was before migrations: what `create_all` made then, and one call that ended in a queue.
FIRST = """
CREATE TABLE calls (call_sid VARCHAR(64) NOT NULL, arrived_us BIGINT NOT NULL, language VARCHAR(35),
  outcome VARCHAR(20), zero_out BOOLEAN NOT NULL, attempt INTEGER NOT NULL, menu_left_us BIGINT, ended_us BIGINT,
  last_us BIGINT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (call_sid));
CREATE INDEX ix_calls_arrived_us ON calls (arrived_us);
CREATE TABLE steps (call_sid VARCHAR(64) NOT NULL, seq INTEGER NOT NULL, node VARCHAR(64) NOT NULL, outcome VARCHAR(80),
  at_us BIGINT NOT NULL, PRIMARY KEY (call_sid, seq));
CREATE TABLE visits (call_sid VARCHAR(64) NOT NULL, seq INTEGER NOT NULL, queue VARCHAR(200) NOT NULL,
  offered_us BIGINT NOT NULL, left_us BIGINT, result VARCHAR(20), waited_us BIGINT, announced_wait_us BIGINT,
  PRIMARY KEY (call_sid, seq));
CREATE TABLE endings (call_sid VARCHAR(64) NOT NULL, at_us BIGINT NOT NULL, PRIMARY KEY (call_sid));
CREATE TABLE messages (call_sid VARCHAR(64) NOT NULL, seq INTEGER NOT NULL, box VARCHAR(200) NOT NULL,
  url VARCHAR(500) NOT NULL, length_us BIGINT NOT NULL, at_us BIGINT NOT NULL, PRIMARY KEY (call_sid, seq));
CREATE TABLE left_by (call_sid VARCHAR(64) NOT NULL, seq INTEGER NOT NULL, key VARCHAR(8) NOT NULL,
  PRIMARY KEY (call_sid, seq));
CREATE TABLE flows (digest VARCHAR(16) NOT NULL, flow TEXT NOT NULL, PRIMARY KEY (digest));
INSERT INTO calls VALUES ('CA0', 1000000, 'en-US', 'handled', TRUE, 1, 6000000, 9000000, 9000000, 3);
INSERT INTO steps VALUES ('CA0', 0, 'hello', 'done', 1000000);
"""


def old(database: str) -> None:
    engine = sa.create_engine(database_url(database))
    with engine.begin() as connection:
        for statement in FIRST.split(";"):
            if statement.strip():
                connection.execute(sa.text(statement))
    engine.dispose()


def difference(database: str) -> tuple[str, list[object]]:
    """The version, and the differences between the tables and the code."""
    engine = sa.create_engine(database_url(database))
    with engine.connect() as connection:
        version = connection.execute(sa.text("select version_num from alembic_version")).scalar_one()
        found = compare_metadata(MigrationContext.configure(connection), METADATA)
    engine.dispose()
    return version, found


def test_who_starts_a_service_does_not_read_the_steps_of_the_schema(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("alembic").setLevel(logging.NOTSET)
    engine = sa.create_engine(database_url(str(tmp_path / "calls.sqlite")))
    with caplog.at_level(logging.INFO):
        bring_up_to_date(engine)
    engine.dispose()
    assert caplog.records == []


def test_nor_what_is_said_when_the_steps_are_loaded(tmp_path: Path) -> None:
    first_start = (
        "import logging, sys; logging.basicConfig(level=logging.INFO); from webhooks.store import Store;"
        " Store(sys.argv[1]).check()"
    )
    ended = subprocess.run(
        [sys.executable, "-c", first_start, str(tmp_path / "calls.sqlite")],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert (tmp_path / "calls.sqlite").is_file()
    assert ended.stdout + ended.stderr == ""


def test_the_last_migration_is_the_one_the_code_expects() -> None:
    names = sorted(
        path.name[:4] for path in (ROOT / "webhooks" / "store" / "migrations" / "versions").glob("[0-9]*.py")
    )
    assert names[-1] == HEAD
    assert names == [f"{i:04}" for i in range(1, len(names) + 1)]


def test_a_new_database_has_the_tables_of_the_code(database: str) -> None:
    store = Store(database)
    store.check()
    store.close()
    assert difference(database) == (HEAD, [])


def test_a_database_of_the_first_version_is_brought_up_to_date_with_its_calls(database: str) -> None:
    old(database)
    line = Line(database)
    whole_call(line, 1)
    assert next((call["call_sid"], call["outcome"], call["seq"]) for call in line.tables()["calls"]) == (
        "CA0",
        "handled",
        3,
    )
    assert len(line.tables()["calls"]) == 2
    line.store.close()
    assert difference(database) == (HEAD, [])


START = (
    "import sys; from webhooks.store import Store; sys.stdin.readline(); store = Store(sys.argv[1]); store.check();"
    " print(len(store.rows()['calls'])); store.close()"
)


def test_four_workers_that_start_at_once_change_it_once(database: str) -> None:
    old(database)
    command = [sys.executable, "-W", "error", "-c", START, database]
    workers = [
        subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        for _ in range(4)
    ]
    for worker in workers:
        worker.stdin.write("go\n")  # type: ignore[union-attr]
        worker.stdin.flush()  # type: ignore[union-attr]
    assert [worker.communicate(timeout=60) for worker in workers] == [("1\n", "")] * 4
    assert difference(database) == (HEAD, [])


def test_a_database_that_is_ahead_is_refused_and_left_alone_but_calls_go_on(
    database: str, caplog: pytest.LogCaptureFixture
) -> None:
    store = Store(database)
    store.check()
    with store.transaction() as connection:
        connection.execute(sa.text("update alembic_version set version_num = '9999'"))
    store.close()
    message = f"W004 the database has schema 9999; this version knows schemas up to {HEAD}"
    with pytest.raises(SchemaTooNewError, match=message):
        Store(database).check()
    line = Line(database)
    whole_call(line)
    assert not line.journal.flush()
    assert message in caplog.text
    line.store.close()
    assert difference(database)[0] == "9999"


@pytest.mark.parametrize("version", ["0000", "0001abc", "1975ea83b712", ""])
def test_a_version_that_was_never_ours_is_refused(version: str, database: str) -> None:
    store = Store(database)
    store.check()
    with store.transaction() as connection:
        connection.execute(sa.text("update alembic_version set version_num = :v"), {"v": version})
    store.close()
    with pytest.raises(
        ForeignDatabaseError, match=f"W003 the database belongs to another program: its tables have version '{version}'"
    ):
        Store(database).check()
    assert difference(database) == (version, [])


@pytest.mark.parametrize(
    ("tables", "evidence"),
    [
        (["calls (x int)"], "its table 'calls' has no column 'arrived_us'"),
        (
            ["messages (call_sid int, seq int, box int, url int, at_us int)"],
            "its table 'messages' has no column 'length_us'",
        ),
        (
            ["audit (id int, at_us int, what int, caller int, rows int)"],
            "it has a table 'audit', but no version number",
        ),
        (["alembic_version (x int)"], "its table 'alembic_version' has no column 'version_num'"),
    ],
)
def test_another_programs_database_is_refused_and_nothing_made_in_it(
    tables: list[str],
    evidence: str,
    database: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    engine = sa.create_engine(database_url(database))
    with engine.begin() as connection:
        for table in tables:
            connection.execute(sa.text(f"create table {table}"))
    file = None if "://" in database else Path(database)
    before = file.read_bytes() if file else b""
    message = f"W003 the database belongs to another program: {evidence}"
    with pytest.raises(ForeignDatabaseError, match=message):
        Store(database).check()
    line = Line(database)  # under gunicorn calls continue
    whole_call(line)
    assert not line.journal.flush()
    assert message in caplog.text
    line.store.close()
    assert sa.inspect(engine).get_table_names() == [table.split()[0] for table in tables]
    engine.dispose()
    if file:
        assert file.read_bytes() == before
        assert [
            other.name for other in file.parent.iterdir() if other.name not in (file.name, f"{file.name}-effects")
        ] == []
