"""``ivr switch``: lists, turns on and off, and says what is allowed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.__main__ import main
from tests.support.paths import DATA
from webhooks.desk.audit import audited
from webhooks.store import Store

LINE = str(DATA / "constructs" / "switches.yaml")


@pytest.fixture
def database(tmp_path: Path) -> str:
    path = str(tmp_path / "calls.sqlite")
    store = Store(path)
    store.check()
    store.close()
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    code = main(["switch", *arguments])
    told = capsys.readouterr()
    return code, told.out, " ".join(told.err.split())


def test_on_listed_and_off(capsys: pytest.CaptureFixture[str], database: str) -> None:
    where = ("--database", database)
    code, out, _ = run(capsys, LINE, *where)
    assert (code, [line.split() for line in out.splitlines()]) == (
        0,
        [[name, "off"] for name in ("emergency", "notice", "move", "strike", "holiday")],
    )
    code, out, _ = run(capsys, LINE, "emergency", "on", "--message", "Storm.", "--until", "2h", *where)
    assert (code, out.split()[:3], "“Storm.”" in out) == (0, ["emergency", "on", "since"], True)
    found = json.loads(run(capsys, LINE, "--json", *where)[1])["switches"]
    assert found["emergency"]["on"] is True
    assert found["emergency"]["messages"] == {"en-US": "Storm."}
    assert found["emergency"]["until_us"] - found["emergency"]["since_us"] == 2 * 3_600_000_000
    assert found["notice"] == {"on": False, "messages": {}, "since_us": None, "until_us": None, "by": ""}
    assert run(capsys, LINE, "emergency", "off", *where)[1].split() == ["emergency", "off"]
    store = Store(database)
    assert [(row["agent"], row["what"], row["about"]) for row in audited(store)][::2] == [
        ("ivr switch", "switch off", "emergency")
    ]
    store.close()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("emergncy", "on"), "the line has no switch 'emergncy' = hint: did you mean 'emergency'?"),
        (("fire",), "the line has no switch 'fire' = hint: its switches: emergency, notice, move, strike, holiday"),
        (("notice", "off", "--until", "2h"), "--until goes with 'on'"),
        (("notice", "--message", "x"), "--message goes with 'on'"),
        (("notice", "on", "--until", "soon"), "--until 'soon' is not a time"),
        (("notice", "on", "--message", "es-US=x"), "the line does not speak 'es-US' = hint: it speaks en-US"),
    ],
)
def test_what_is_refused(
    capsys: pytest.CaptureFixture[str], database: str, arguments: tuple[str, ...], told: str
) -> None:
    code, _, err = run(capsys, LINE, *arguments, "--database", database)
    assert code == 2
    assert told in err


def test_a_database_that_is_not_there_is_refused(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    code, _, err = run(capsys, LINE, "notice", "on", "--database", str(tmp_path / "none.sqlite"))
    assert code == 2
    assert "none.sqlite = hint: name that of the service: --database FILE" in err


def test_a_line_without_switches_says_how_to_declare_one(capsys: pytest.CaptureFixture[str], database: str) -> None:
    code, out, _ = run(capsys, "northwind", "--database", database)
    assert code == 0
    assert "has no switches. Declare one: switches: {emergency:" in " ".join(out.split())
