"""A call that was made becomes a script that goes the same way, and holds no secret."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from flows.model.load import LIBRARY, load, load_text
from flows.protocol.actions import Outcome
from flows.source.yaml_reader import read_text
from ivr.__main__ import main
from ivr.paths.saved_call import saved_call
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import FlowDriver, run
from ivr.phone.script_player import play
from ivr.phone.terminal_phone import Phone
from tests.support.library import SHIPPED


@pytest.mark.parametrize("name", SHIPPED)
def test_every_shipped_call_saved_and_played_again_goes_the_same_way(name: str) -> None:
    flow, file = load(name).flow, LIBRARY / f"{name}.calls"
    for script in read_scripts(read_text(file), str(file)):
        driver = FlowDriver(flow, script.name)
        play(script, driver)
        assert driver.phone is not None
        (saved,) = read_scripts(saved_call(flow, driver.phone), "saved.calls")
        again = FlowDriver(flow, saved.name)
        findings, _ = play(saved, again)
        assert findings == ()
        assert again.phone is not None
        assert again.phone.path == driver.phone.path, script.name
        assert again.phone.session.outcome == driver.phone.session.outcome


SECRET = """\
ivr: 1
name: Bank
start: pin
nodes:
  pin: {type: collect, say: Your PIN?, into: pin, digits: 4, sensitive: true, next: bye, otherwise: bye}
  bye: {type: hangup, say: Thank you.}
"""


def test_what_is_entered_in_secret_is_other_digits() -> None:
    flow = load_text(SECRET).flow
    phone = Phone(flow, dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC))
    phone.dial()
    phone.press("8642")
    text = saved_call(flow, phone)
    assert "8642" not in text
    assert "  press 1234\n" in text
    assert run(flow, read_scripts(text, "saved.calls")[0]).findings == ()


def test_what_did_not_fit_is_left_out() -> None:
    """Nobody can answer while the line asks for a PIN: the line asks again, and the script does not try it."""
    flow = load_text(SECRET).flow
    phone = Phone(flow, dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC))
    phone.dial()
    phone.send(Outcome("answered"))
    phone.press("8642")
    text = saved_call(flow, phone)
    assert "answer" not in text
    assert run(flow, read_scripts(text, "saved.calls")[0]).findings == ()


def test_the_command_adds_calls_to_a_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for keys in ("1,3,1,answer", "1,3,3,busy"):
        made = ["call", "northwind", "--at", "2026-11-23T10:00", "--keys", keys, "--save", "mine.calls"]
        assert main(made) == 0
    assert "mine.calls: 1 call added" in capsys.readouterr().err
    assert main(["test", "northwind", "mine.calls"]) == 0
    assert "2 of 2 calls as written" in capsys.readouterr().out
    assert Path("mine.calls").read_text("utf-8").count("ends ") == 1  # after `busy` the call waits for an agent
