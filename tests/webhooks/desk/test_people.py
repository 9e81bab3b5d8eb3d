"""People added by command: the same findings as those of the file, one reader for both, passwords as hashes."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.model.load import load_text
from flows.source.finding import IvrError
from ivr.__main__ import main
from tests.support.empty_database import empty_database
from tests.support.small_shop import AGENTS, LINE
from webhooks.desk import passwords
from webhooks.desk.people import People, added_people
from webhooks.store import Store

PASSWORD = "correct horse battery"
FLOW = load_text(LINE, "shop.yaml").flow


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "shop.yaml").write_text(LINE, "utf-8")
    (tmp_path / "shop.agents.yaml").write_text(AGENTS, "utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def store(folder: Path) -> Iterator[Store]:
    opened = empty_database(folder / "calls.sqlite")
    yield opened
    opened.close()


def run(*arguments: str, typed: str = "") -> int:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(typed))
        return main(["agents", *arguments])


def test_somebody_is_added_listed_and_taken_out(folder: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    given = ("--full-name", "Ivy Stone", "--group", "counter", "--language", "en-US", "--password-stdin")
    assert run("add", "shop.yaml", "ivy", *given, typed=f"{PASSWORD}\n") == 0
    kept = added_people(store)["ivy"]
    assert passwords.fits(PASSWORD, kept.pop("password_hash"))
    assert kept == {
        "name": "Ivy Stone",
        "group": "counter",
        "browser": True,
        "languages": ["en-US"],
        "role": "agent",
    }
    assert PASSWORD.encode() not in Path("calls.sqlite").read_bytes() + Path("calls.sqlite-wal").read_bytes()
    capsys.readouterr()
    assert run("shop.yaml", "--json") == 0  # the short spelling of list
    told = json.loads(capsys.readouterr().out)
    assert told["turns"][0]["agents"] == ["ana", "ivy"]  # those of the file first
    assert told["agents"]["ivy"]["password"] is True
    assert "argon2" not in json.dumps(told)
    assert run("remove", "ivy") == 0
    assert added_people(store) == {}
    assert run("remove", "ivy") == 2


def test_a_change_keeps_the_password(store: Store) -> None:
    assert run("add", "shop.yaml", "ivy", "--group", "counter", "--password-stdin", typed=PASSWORD) == 0
    assert run("add", "shop.yaml", "ivy", "--group", "workshop", "--role", "admin", "--no-password") == 0
    kept = added_people(store)["ivy"]
    assert (kept["group"], kept["role"]) == ("workshop", "admin")
    assert passwords.fits(PASSWORD, kept["password_hash"])
    assert run("password", "shop.yaml", "ivy", "--password-stdin", typed="another good one") == 0
    assert passwords.fits("another good one", added_people(store)["ivy"]["password_hash"])


@pytest.mark.parametrize(
    ("given", "code", "said"),
    [
        (["--group", "counters"], 1, "did you mean 'counter'?"),
        (["--skill", "sale"], 1, "did you mean 'sales'?"),
        (["--group", "counter", "--phone", "4155550123"], 1, "write a plus and the country code"),
        (["--group", "counter", "--phone", "+14155550101"], 1, "+14155550101 rings for 'ana' and for 'ivy'"),
        (["--group", "counter", "--language", "es-MX"], 1, "did you mean 'es-US'?"),
        (["--group", "counter", "--phone", "+14155550199", "--sip", "sip:i@x.example"], 1, "an agent answers in one"),
        ([], 2, "write --group GROUP, or --skill QUEUE"),
        (["--group", "counter", "--skill", "sales"], 2, "write --group GROUP, or --skill QUEUE"),
    ],
)
def test_what_is_wrong_is_told_as_of_the_file(
    store: Store, capsys: pytest.CaptureFixture[str], given: list[str], code: int, said: str
) -> None:
    assert run("add", "shop.yaml", "ivy", *given, "--no-password") == code
    assert said in capsys.readouterr().err
    assert added_people(store) == {}


def test_passwords_are_asked_for_and_weak_ones_refused(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("add", "shop.yaml", "ivy", "--group", "counter") == 2
    assert "write --password-stdin" in capsys.readouterr().err
    for weak, why in (("short", "this one has 5"), ("aaaaaaaaaaaa", "easily guessed"), ("xx-ivy-12345", "guessed")):
        assert run("add", "shop.yaml", "ivy", "--group", "counter", "--password-stdin", typed=weak) == 2
        assert why in capsys.readouterr().err
    assert added_people(store) == {}


def test_the_password_of_somebody_in_the_file_is_a_line_to_put_there(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The hint, followed: the line as printed makes a file that is read, with the password's hash."""
    assert run("password", "shop.yaml", "chi", "--password-stdin", typed=PASSWORD) == 0
    line = capsys.readouterr().out.strip()
    text = AGENTS.replace("languages: [es-US]}", f"languages: [es-US], {line}}}")
    (folder / "shop.agents.yaml").write_text(text, "utf-8")
    assert passwords.fits(PASSWORD, People(FLOW, folder / "shop.agents.yaml", None).agents.agents["chi"].password_hash)
    assert run("add", "shop.yaml", "chi", "--group", "counter", "--no-password") == 2
    (folder / "shop.agents.yaml").write_text(text.replace("argon2id", "md5"), "utf-8")
    assert main(["lint", "shop.agents.yaml"]) == 1
    assert "'ivr agents password' makes one" in capsys.readouterr().out


def test_changes_are_taken_in_and_broken_files_are_not(
    folder: Path, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    file = folder / "shop.agents.yaml"
    people = People(FLOW, file, store)
    assert list(people.agents.agents) == ["ana", "ben", "chi"]
    assert run("add", "shop.yaml", "ivy", "--group", "counter", "--no-password") == 0
    assert list(people.agents.agents) == ["ana", "ben", "chi"]  # it has just looked
    people.again()
    assert list(people.agents.agents) == ["ana", "ben", "chi", "ivy"]
    assert people.added == ("ivy",)
    file.write_text(AGENTS.replace("group: counter", "group: counters"), "utf-8")
    people.again()
    assert list(people.agents.agents) == ["ana", "ben", "chi", "ivy"]
    assert "those known so far stay" in caplog.text
    assert len(caplog.records) == 1
    people.again()
    assert people.table.groups == ("counter", "workshop", "chi")
    assert len(caplog.records) == 1  # told once
    file.write_text(AGENTS.replace("name: Ana", "name: Anna"), "utf-8")
    people.again()
    assert people.agents.agents["ana"].name == "Anna"


def test_a_line_without_anybody_says_what_to_do(folder: Path) -> None:
    with pytest.raises(IvrError) as told:
        People(FLOW, None, None)
    assert "ivr agents add" in told.value.findings[0].hint


def test_everybody_may_be_in_the_database(folder: Path, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "shop.agents.yaml").unlink()
    # Alone, Joe sells and nobody repairs: an error.
    assert run("add", "shop.yaml", "joe", "--skill", "sales", "--no-password") == 1
    assert "repairs" in capsys.readouterr().err
    given = ("--skill", "sales", "--skill", "repairs", "--no-password")
    assert run("add", "shop.yaml", "joe", *given) == 0
    assert People(FLOW, None, store).table.groups == ("joe",)
    assert run("shop.yaml") == 0
    assert "joe" in capsys.readouterr().out


def test_a_new_queue_is_answered_at_once_and_a_queue_that_is_gone_by_those_who_did(
    folder: Path, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    """Calls in progress finish on their version of the flow; if nobody answers the new queue, one line says so."""
    flows = [FLOW]
    people = People(FLOW, folder / "shop.agents.yaml", store)
    people.follow(lambda: tuple(flows))
    assert people.table.queues == ("sales", "repairs")
    flows.append(load_text(LINE.replace("queue: repairs", "queue: returns"), "shop.yaml").flow)
    people.again()
    assert people.table.queues == ("sales", "repairs")
    (record,) = caplog.records
    assert "nobody serves the queue 'returns': no group has the skill 'returns'" in record.message
    assert "repairs" not in record.message
    (folder / "shop.agents.yaml").write_text(AGENTS.replace("{repairs: 1,", "{returns: 1, repairs: 1,"), "utf-8")
    people.again()
    table = people.table
    assert table.queues == ("sales", "returns", "repairs")
    assert [table.rank[table.queues.index(queue)][1] for queue in ("returns", "repairs")] == [1, 1]
    flows.append(load_text(LINE.replace("queue: repairs", "queue: sales"), "shop.yaml").flow)
    (folder / "shop.agents.yaml").write_text("agents: {ana: {name: Ana, skills: [sales], browser: true}}", "utf-8")
    people.again()
    assert people.table.queues == ("sales",)  # nobody is left who could answer the others
