"""A database that could never take a record is reported when the service starts, not at the first call."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from flows.source.finding import UsageError
from ivr.__main__ import main
from tests.support.web_carrier import PUBLIC, TOKEN, Carrier, WebCall
from webhooks.store import Store
from webhooks.store.preflight import refuse_hopeless
from webhooks.twilio.signature import Signature
from webhooks.wsgi import _served, config_from


def refusal(database: str) -> str:
    with pytest.raises(UsageError) as caught:
        refuse_hopeless(database)
    [finding] = caught.value.findings
    assert finding.code == "W003"
    assert finding.hint
    assert "secret" not in finding.message
    return finding.message


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("nowhere/calls.sqlite", "there is no folder '{0}/nowhere'"),
        ("folder", "it is a folder"),
        ("text.txt", "it is not a SQLite file"),
        ("text.txt/calls.sqlite", "Not a directory"),
        ("pipe", "it is not a regular file"),
        ("loop", "Too many levels of symbolic links"),
        ("astray", "there is no folder '{0}/gone'"),
        ("x" * 300, "File name too long"),
    ],
)
def test_a_path_that_will_never_be_a_database(name: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "text.txt").write_text("SQLite format 4\n", "utf-8")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "astray").symlink_to("gone/calls.sqlite")
    before = sorted(tmp_path.iterdir())
    for database in (str(tmp_path / name), f"sqlite:///{tmp_path / name}"):
        assert refusal(database) == f"the database '{tmp_path / name}' cannot be used: {why.format(tmp_path)}"
    assert sorted(tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("shut", "why"),
    [("calls.sqlite", "this user may not read and write it"), ("", "this user may not write in the folder '{0}'")],
)
def test_a_path_without_the_right_to_write(
    shut: str, why: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answers are made up, because root may always write."""
    file = tmp_path / "calls.sqlite"
    file.touch()
    monkeypatch.setattr("webhooks.store.preflight.os.access", lambda path, mode: path != tmp_path / shut)
    assert refusal(str(file)) == f"the database '{file}' cannot be used: {why.format(tmp_path)}"


def test_options_that_postgresql_does_not_know() -> None:
    message = "the database's address has options that PostgreSQL does not know: application, nonsense"
    assert refusal("postgresql://ivr:secret@db.internal/ivr?nonsense=1&sslmode=require&application=x") == message


def test_what_may_still_become_a_database_is_taken(tmp_path: Path) -> None:
    new, empty, locked = tmp_path / "new.sqlite", tmp_path / "empty.sqlite", tmp_path / "locked.sqlite"
    empty.touch()
    store = Store(str(locked))
    store.check()
    store.close()
    with closing(sqlite3.connect(locked, isolation_level=None)) as lock:
        lock.execute("BEGIN EXCLUSIVE")
        for file in (new, empty, locked):
            refuse_hopeless(str(file))
    assert not new.exists()
    refuse_hopeless(
        "postgresql://ivr:secret@127.0.0.1:1/ivr?host=a,b&sslmode=require&prepare_threshold=0"
    )  # no server is there


def test_the_service_does_not_start(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "northwind", "--port", "0", "--database", str(tmp_path)]) == 2
    assert (
        capsys.readouterr().err
        == f"error W003 the database '{tmp_path}' cannot be used: it is a folder\n  = hint: name a file in it:"
        f" {tmp_path}/calls.sqlite\n"
    )


def test_under_gunicorn_calls_are_answered_and_the_log_says_what_is_wrong(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = tmp_path / "nowhere" / "calls.sqlite"
    settings = {
        "IVR_FLOW": "northwind",
        "IVR_PUBLIC_URL": PUBLIC,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "IVR_DATABASE_URL": str(database),
    }
    app = _served(config_from(settings))
    said = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert said == [
        f"W003 the database '{database}' cannot be used: there is no folder '{database.parent}'; calls are answered, no"
        " records are written"
    ]
    call = WebCall(Carrier(app, Signature(TOKEN, PUBLIC)), "CA" + "7" * 32)
    call.dial()
    assert b"Thank you for calling Northwind" in call.document
    app.extensions["ivr"]["store"].close()
