"""Silence between keys: terminal, carrier, drawing and chain agree on one figure, worked out by hand; one Gather
suffices.

0.4 s per word and digit, 1 s to react, 0.4 s per further key, 0.5 s for the system; `timeout` 5 s and `interdigit` 3 s
unless stated.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from flows.analysis.leg_time import leg_time
from flows.model.load import load_text
from flows.protocol.actions import Listen
from flows.speech.timing import DECISION_S, DIGIT_S, SYSTEM_GAP_S
from ivr.__main__ import main
from ivr.interpreter.session import Session
from simulation.menus.exact_solution import menu_answer
from tests.support import texts
from tests.support.menu_callers import certain
from tests.support.twiml_app import SID
from webhooks.carrier import Call, Number, Wsgi
from webhooks.carrier.call_log import Asked
from webhooks.carrier.drivers.driver import play
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.protocol import Happened, Key
from webhooks.service.app import create_app
from webhooks.settings.config import Config

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)


def line(start: str, more: str = "") -> str:
    nodes = f"  start: {start}\n  desk: {{type: queue, queue: desk}}\n  bye: {{type: hangup}}\n"
    return texts.flow(nodes, start="start", more=f"queues: {{desk: {{}}}}\n{more}")


def lodge(more: str = "") -> str:
    return line(f"""
    type: menu
    prompt: For rooms, press 1. For the pool, dial 306.
    {more}
    choices: [{{key: 1, label: rooms, next: desk}}, {{key: 306, label: the pool, next: bye}}]
    otherwise: bye""")


def entry(digits: str, more: str = "") -> str:
    return line(f"{{type: collect, say: Your number?, into: id, digits: {digits}, next: desk, otherwise: bye{more}}}")


# "For rooms, press 1." 3 words and a digit: 1.6 s; then 1 s, the pause, 0.5 s.
MENUS = [
    ("306 makes 1 wait", lodge(), "1", 1.6, 1.6 + 1 + 3 + 0.5),
    ("a pause of its own", lodge("interdigit: 2s"), "1", 1.6, 1.6 + 1 + 2 + 0.5),
    ("whole seconds", lodge("interdigit: 1.2s"), "1", 1.6, 1.6 + 1 + 2 + 0.5),
    ("no longer than the first", lodge("interdigit: 8s"), "1", 1.6, 1.6 + 1 + 5 + 0.5),
    ("no longer than a long first", lodge("timeout: 6.5s\n    interdigit: 8s"), "1", 1.6, 1.6 + 1 + 7 + 0.5),
    # "For rooms, press 1. For desk, dial 306.": 3 + 3 words, 4 digits; two further keys, and no waiting.
    (
        "306 waits for nothing",
        lodge()
        .replace("the pool, dial", "desk, dial")
        .replace(
            "next: desk}, {key: 306, label: the pool, next: bye", "next: bye}, {key: 306, label: desk, next: desk"
        ),
        "306",
        4.0,
        4.0 + 1 + 2 * 0.4 + 0.5,
    ),
    ("one key each", lodge().replace("306", "2"), "1", 1.6, 1.6 + 1 + 0.5),
    # "Your number?" 0.8; of six to ten digits eight, and pound; of four all.
    ("an open number", entry("6-10"), "40172395#", 0.8, 0.8 + 1 + 8 * 0.4 + 0.5),
    ("a fixed number", entry("4"), "4017", 0.8, 0.8 + 1 + 3 * 0.4 + 0.5),
]
NAMES = [case[0] for case in MENUS]


def carried(text: str, keys: str, at_s: float) -> float:
    """Seconds until the next request, when the first key is pressed at a given time; includes the time of the
    service.
    """
    app = create_app(Config(flow=load_text(text).flow, development=True, clock=lambda: NOON))
    pressed = [Happened(at_s + DIGIT_S * n, Key(key)) for n, key in enumerate(keys)]
    made = play(
        Call(Number("http://localhost/voice"), sid=SID, began=NOON, ani="+14155550123", dnis="+18005550100"),
        Wsgi(app),
        pressed,
    )
    return [entry.at_s for entry in made.log if isinstance(entry, Asked)][1] + (SYSTEM_GAP_S if keys else 0.0)


@pytest.mark.parametrize(("name", "text", "keys", "heard_s", "seconds"), MENUS, ids=NAMES)
def test_on_the_terminal(
    name: str, text: str, keys: str, heard_s: float, seconds: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lodge.yaml").write_text(text, "utf-8")
    assert main(["call", str(tmp_path / "lodge.yaml"), "--keys", keys, "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["seconds"] == pytest.approx(seconds, abs=0.051)


@pytest.mark.parametrize(("name", "text", "keys", "heard_s", "seconds"), MENUS, ids=NAMES)
def test_over_the_carrier(name: str, text: str, keys: str, heard_s: float, seconds: float) -> None:
    """The same caller, who presses a key a second after the option they want."""
    assert carried(text, keys, heard_s + DECISION_S) == pytest.approx(seconds, abs=1e-9)


@pytest.mark.parametrize(("name", "text", "keys", "heard_s", "seconds"), MENUS, ids=NAMES)
def test_in_the_drawing(
    name: str, text: str, keys: str, heard_s: float, seconds: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "lodge.yaml").write_text(text, "utf-8")
    assert main(["show", str(tmp_path / "lodge.yaml"), "--json"]) == 0
    shown = {node["node"]: node for node in json.loads(capsys.readouterr().out)["nodes"]}
    assert shown["desk"]["seconds"] == pytest.approx(seconds, abs=0.051)


@pytest.mark.parametrize(("name", "text", "keys", "heard_s", "seconds"), MENUS, ids=NAMES)
def test_in_the_chain(name: str, text: str, keys: str, heard_s: float, seconds: float, tmp_path: Path) -> None:
    assert menu_answer(certain(tmp_path, text, "desk").model).menu_s == pytest.approx(seconds, abs=1e-9)


@pytest.mark.parametrize(
    ("text", "keys", "said_s", "seconds"),
    [  # 7 words and 4 digits; with 2 instead of 306, 2 digits.
        (lodge(), "", 4.4, 4.4 + 5),
        (lodge("timeout: 6.5s"), "", 4.4, 4.4 + 7),
        (entry("4-6", ", timeout: 9s"), "", 0.8, 0.8 + 9),
        (lodge().replace("306", "2"), "", 3.6, 3.6 + 5),
        # Six digits of up to ten and no pound: five further keys, and the pause.
        (entry("6-10"), "401723", 0.8, 0.8 + 1 + 5 * 0.4 + 3 + 0.5),
        (entry("6-10", ", interdigit: 4s"), "401723", 0.8, 0.8 + 1 + 5 * 0.4 + 4 + 0.5),
    ],
)
def test_silence_and_numbers_that_nobody_finishes(
    text: str, keys: str, said_s: float, seconds: float, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert carried(text, keys, said_s + DECISION_S) == pytest.approx(seconds, abs=1e-9)
    (tmp_path / "lodge.yaml").write_text(text, "utf-8")
    assert main(["call", str(tmp_path / "lodge.yaml"), "--keys", keys or "wait", "--json"]) == 0
    turns = json.loads(capsys.readouterr().out)["turns"]
    assert turns[1]["at_s"] == pytest.approx(seconds, abs=0.051)
    if not keys:
        flow = load_text(text).flow
        here = Session(node="start", language="en-US").here(flow, values=None)
        waits = flow.nodes["start"].enter(here)[-1]
        assert isinstance(waits, Listen)
        assert leg_time(flow.nodes["start"], here, waits, "no_input").seconds() == pytest.approx(seconds, abs=1e-9)


@pytest.mark.parametrize(("name", "text", "keys", "heard_s", "seconds"), MENUS, ids=NAMES)
def test_pressed_by_hand_at_the_carrier(name: str, text: str, keys: str, heard_s: float, seconds: float) -> None:
    """A scripted caller hears the prompt to its end, like callers who hear everything first."""
    flow = load_text(text).flow
    app = create_app(Config(flow=flow, development=True, clock=lambda: NOON))
    handset = Handset(Call(Number("http://localhost/voice"), sid=SID, began=NOON), Wsgi(app))
    handset.dial()
    handset.press(keys)
    asked = [entry.at_s for entry in handset.call.log if isinstance(entry, Asked)]
    here = Session(node="start", language="en-US").here(flow, values=None)
    leg = leg_time(
        flow.nodes["start"], here, flow.nodes["start"].enter(here)[-1], "collected" if "Your number" in text else keys
    )
    assert asked[1] + SYSTEM_GAP_S == pytest.approx(leg.whole_s - leg.heard_s + seconds, abs=1e-9)
    assert handset.call.now_s == pytest.approx(asked[1] + SYSTEM_GAP_S, abs=1e-9)
