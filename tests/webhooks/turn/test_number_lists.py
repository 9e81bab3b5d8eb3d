"""Lists of numbers on a live line: read again when they change, the same answer when a webhook comes twice."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from flows.model.load import load
from tests.support.webhook_client import post
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.turn.number_lists import NumberLists

FLOW = """
ivr: 1
name: Line
start: screen
nodes:
  screen: {type: split, list: blocked.txt, cases: {listed: refuse}, otherwise: ask}
  ask: {type: menu, prompt: "To be refused, press 1.", choices: [{key: 1, next: refuse}], otherwise: bye}
  refuse: {type: reject, reason: busy}
  bye: {type: hangup, say: Goodbye.}
"""
ROBOT = "+14155550100"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "line.yaml").write_text(FLOW, "utf-8")
    (tmp_path / "blocked.txt").write_text(f"{ROBOT}\n", "utf-8")
    return tmp_path


def client(folder: Path) -> FlaskClient:
    flow = load(folder / "line.yaml").flow
    return create_app(Config(flow=flow, flow_folder=folder, development=True)).test_client()


def test_a_call_is_refused_only_while_it_rings(folder: Path) -> None:
    """Behind a menu the same node hangs up: the call was answered."""
    line = client(folder)
    rings = {"From": ROBOT, "CallStatus": "ringing"}
    assert '<Response><Reject reason="busy" /></Response>' in post(line, "/voice", **rings).text
    assert "<Hangup />" in post(line, "/voice", **{**rings, "CallStatus": "in-progress"}).text
    menu = post(line, "/voice", From="+14155550101", CallStatus="ringing").text
    action = menu.partition('action="')[2].partition('"')[0].partition("#")[0]
    after = post(line, action, Digits="1", CallStatus="in-progress").text
    assert "<Hangup />" in after
    assert "<Reject" not in after


def test_a_list_that_changes_counts_for_the_next_call(folder: Path) -> None:
    lists, flow = NumberLists(folder), load(folder / "line.yaml").flow
    assert lists.has(flow, "blocked.txt", ROBOT)
    (folder / "blocked.txt").write_text("# nobody any more\n", "utf-8")
    assert not lists.has(flow, "blocked.txt", ROBOT)
    (folder / "blocked.txt").write_text(f"nonsense\n{ROBOT}\n", "utf-8")
    assert lists.has(flow, "blocked.txt", ROBOT)
    os.remove(folder / "blocked.txt")
    assert lists.has(flow, "blocked.txt", ROBOT)  # as it was


def test_what_was_never_there_is_as_the_flow_has_it(folder: Path) -> None:
    flow = load(folder / "line.yaml").flow
    os.remove(folder / "blocked.txt")
    assert NumberLists(folder).has(flow, "blocked.txt", ROBOT)
    assert NumberLists(None).has(flow, "blocked.txt", ROBOT)
    assert not NumberLists(folder).has(flow, "../blocked.txt", ROBOT)


def test_a_log_has_no_number(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "blocked.txt").write_text("(415) 555-0100\n", "utf-8")
    with caplog.at_level("DEBUG"):
        assert not NumberLists(folder).has(load(folder / "line.yaml").flow, "blocked.txt", ROBOT)
    assert caplog.messages == ["blocked.txt: 1 line left out; ivr lint tells which"]
