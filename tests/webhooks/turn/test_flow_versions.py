"""The flow is edited while calls are in progress: new calls get it at once, the others finish on the version they
began on.
"""

from __future__ import annotations

import os
import threading
from pathlib import Path

import pytest

from flows.model.load import load
from flows.protocol.actions import Keys, Listen
from flows.source.finding import FlowError, UsageError
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, TOKEN, Carrier, WebCall
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.turn.flow_file import FlowFile
from webhooks.twilio.signature import Signature
from webhooks.wsgi import config_from

WHOLE = """
ivr: 1
name: Line
start: hear
parts: {told: told.yaml}
nodes:
  hear: {type: subflow, start: told, next: bye}
  bye: {type: hangup}
"""
PART = """
ivr: 1
part: What is told
start: said
nodes:
  said: {type: play, say: This is WORD., next: return}
"""
LISTEN = Listen(("1",), 1, "#", 5, 3, "en-US")


def write(folder: Path, word: str) -> Path:
    file = folder / "flow.yaml"
    file.write_text(
        f"""
ivr: 1
name: Line
start: main
nodes:
  main: {{type: menu, choices: [{{key: 1, label: {word}, next: told}}], otherwise: told}}
  told: {{type: hangup, say: "This is {word}."}}
""",
        "utf-8",
    )
    return file


class Worker:
    """One worker of a service that watches a file."""

    def __init__(self, file: Path, database: str) -> None:
        loaded = load(file)
        config = Config(
            flow=loaded.flow,
            flow_files=tuple(loaded.document.texts),
            flow_folder=file.parent,
            **IN_PUBLIC,
            database=database,
        )
        self.app = create_app(config)
        self.carrier = Carrier(self.app, Signature(TOKEN, PUBLIC))

    def call(self, number: int) -> WebCall:
        call = WebCall(self.carrier, f"CA{number:032x}")
        call.dial()
        return call

    def close(self) -> None:
        if self.app.extensions["ivr"]["store"]:
            self.app.extensions["ivr"]["journal"].flush()
            self.app.extensions["ivr"]["store"].close()


def test_an_edit_mid_call_is_heard_by_the_next_caller_only(
    database: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = write(tmp_path, "summer")
    worker = Worker(file, database)
    before, first = load(file).flow.digest, worker.call(1)
    write(tmp_path, "winter")
    second = worker.call(2)
    assert (b"summer" in first.document, b"winter" in second.document) == (True, True)
    first.send(LISTEN, Keys("1"))
    second.send(LISTEN, Keys("1"))
    assert (b"This is summer." in first.document, b"This is winter." in second.document) == (True, True)
    assert (
        f"new calls take version {load(file).flow.digest} of the flow; calls in progress finish on {before}"
        in caplog.text
    )
    worker.close()


def test_a_worker_that_never_saw_a_version_finishes_its_calls(database: str, tmp_path: Path) -> None:
    """Another machine, where the file was edited twice, or which was started after it: the database has the version."""
    here, there = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    there.mkdir()
    first, second = Worker(write(here, "summer"), database), Worker(write(there, "winter"), database)
    write(here, "spring")
    calls = first.call(1), second.call(2)
    calls[0].transport.wsgi, calls[1].transport.wsgi = second.carrier.wsgi, first.carrier.wsgi
    for call in calls:
        call.send(LISTEN, Keys("1"))
    assert (b"This is spring." in calls[0].document, b"This is winter." in calls[1].document) == (True, True)
    first.close()
    second.close()


def test_without_a_database_two_workers_of_one_file_follow_each_other(tmp_path: Path) -> None:
    file = write(tmp_path, "summer")
    first, second = Worker(file, ""), Worker(file, "")
    write(tmp_path, "winter")
    call = first.call(1)
    call.transport.wsgi = second.carrier.wsgi
    call.send(LISTEN, Keys("1"))
    assert b"This is winter." in call.document


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("ivr: 1\nname: Line\nstart: main\nnodes: {main: {type: menu}}\n", "flow.yaml:4:15: "),
        ("ivr: 1\nname: [\n", "flow.yaml:"),
        (None, "Y002 "),
    ],
)
def test_a_flow_that_is_none_is_not_taken(
    text: str | None, complaint: str, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = write(tmp_path, "summer")
    worker = Worker(file, "")
    if text is None:
        file.unlink()
    else:
        file.write_text(text, "utf-8")
    for number in (1, 2):
        assert b"summer" in worker.call(number).document
    [said] = [record for record in caplog.records if record.levelname == "ERROR"]  # once
    assert "the changed flow is not taken, new calls stay on the version before" in said.getMessage()
    assert complaint in said.getMessage()
    write(tmp_path, "winter")
    assert b"winter" in worker.call(3).document


BROKEN = """
ivr: 1
name: Line
start: main
nodes:
  main:
    {type: menu, choices: [{key: 1, label: autumn, next: told}, {key: 1, label: again, next: nowhere}], otherwise: told}
  told: {type: hangup, say: "This is autumn."}
"""
"""A readable flow in which lint finds two errors: a missing node (S002), a key with two meanings (M001).
"""


def test_a_changed_flow_with_errors_is_not_taken_and_the_log_says_which(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    file = write(tmp_path, "summer")
    worker = Worker(file, "")
    file.write_text(BROKEN, "utf-8")
    for number in (1, 2):
        assert b"summer" in worker.call(number).document
    [said] = [record.getMessage() for record in caplog.records if record.levelname == "ERROR"]
    assert "flow.yaml:7:94: S002 " in said
    assert ": M001 " in said
    write(tmp_path, "winter")
    assert b"winter" in worker.call(3).document


def test_who_insists_gets_a_flow_with_errors(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(BROKEN, "utf-8")
    settings = {"IVR_FLOW": str(tmp_path / "flow.yaml"), "IVR_PUBLIC_URL": PUBLIC, "TWILIO_AUTH_TOKEN": TOKEN}
    with pytest.raises(FlowError) as refused:
        config_from(settings)
    assert [finding.code for finding in refused.value.findings] == ["M001", "S002", "W005"]
    assert "--allow-errors" in refused.value.findings[-1].hint
    assert config_from(settings | {"IVR_ALLOW_ERRORS": "1"}).allow_errors
    with pytest.raises(UsageError, match="IVR_ALLOW_ERRORS='maybe' is neither yes nor no"):
        config_from(settings | {"IVR_ALLOW_ERRORS": "maybe"})


def test_a_part_is_watched_too(tmp_path: Path) -> None:
    (tmp_path / "told.yaml").write_text(PART.replace("WORD", "summer"), "utf-8")
    file = tmp_path / "flow.yaml"
    file.write_text(WHOLE, "utf-8")
    worker = Worker(file, "")
    assert b"This is summer." in worker.call(1).document
    (tmp_path / "told.yaml").write_text(PART.replace("WORD", "winter"), "utf-8")
    assert b"This is winter." in worker.call(2).document


def test_while_one_call_reads_the_others_do_not_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(tmp_path, "summer")
    loaded = load(file)
    told: list[str] = []
    versions = FlowFile(
        loaded.flow, tuple(loaded.document.texts), lambda flow: told.append(flow.digest), lambda loaded: ()
    )
    reading, go_on = threading.Event(), threading.Event()

    def slow(name: str) -> object:
        reading.set()
        assert go_on.wait(10)
        return load(name)

    monkeypatch.setattr("webhooks.turn.flow_file.load", slow)
    write(tmp_path, "winter")
    thread = threading.Thread(target=lambda: versions.now)
    thread.start()
    assert reading.wait(10)
    assert versions.now == loaded.flow
    go_on.set()
    thread.join()
    assert versions.now.digest == load(file).flow.digest
    assert told == [versions.now.digest]


def test_a_file_written_again_as_it_was_is_no_new_version(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    file = write(tmp_path, "summer")
    worker = Worker(file, "")
    os.utime(file, (1, 1))
    assert b"summer" in worker.call(1).document
    assert caplog.text == ""
