"""Sensitive input is shown nowhere: a canary is entered, and searched for in all output."""

from __future__ import annotations

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest

from flows.protocol.actions import Event, Fetch, Keys, Listen, Send, Speech, Start
from ivr.interpreter.session import Session
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run
from ivr.phone.terminal_phone import Phone
from ivr.phone.transcript import as_dict
from tests.support.paths import ROOT
from tests.support.secret_canaries import CARD, FLOW, FLOW_TEXT, FOUND, IBAN, NOON, PIN, SAID, Seen, hides
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, TOKEN, Carrier, WebCall
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.store import Store
from webhooks.twilio.signature import Signature

SENT = "Card a number ending in 8 1, PIN 4 digits, a number ending in 8 1, a number ending in 0 0."


def test_the_flow_knows_its_secrets_and_what_is_made_of_them() -> None:
    assert FLOW.secrets == {"card", "pin", "copied", "iban"}


def test_a_secret_is_read_back_by_its_last_two_digits() -> None:
    phone = Phone(FLOW, NOON)
    phone.dial()
    phone.press(f"{CARD}#")
    [(_, said)] = phone.turns[-1].said
    assert said.text == "You entered a number ending in 8 1. If that is right, press 1. To enter it again, press 2."


def test_the_transcript_of_the_terminal_phone_hides_it() -> None:
    phone = Phone(FLOW, NOON, Start(ani="+14155550123"), answers={"check": FOUND})
    phone.dial()
    phone.press(f"{CARD}#1{PIN}")
    phone.settle(assume=True)
    shown = json.dumps(as_dict(phone), ensure_ascii=False)
    assert SAID in " ".join(say.text for turn in phone.turns for _, say in turn.said)
    assert f"text message to +14155550123, sent: “{SENT}”" in shown
    assert "presses • • • • • • • • • • • • • • • •" in shown
    assert hides(shown)


def test_spoken_secrets_are_hidden_too() -> None:
    phone = Phone(FLOW, NOON)
    phone.dial()
    phone.send(Speech(" ".join(CARD)))
    assert phone.turns[-1].did == "says •••"
    assert hides(json.dumps(as_dict(phone)))


def test_the_command_line_hides_it(tmp_path: Path) -> None:
    (tmp_path / "line.yaml").write_text(FLOW_TEXT, "utf-8")
    command = [
        sys.executable,
        "-m",
        "ivr",
        "call",
        "line.yaml",
        "--keys",
        f"{CARD}#,1,{PIN}",
        "--lookup",
        f"check=found:name=Ann,iban={IBAN}",
    ]
    root = str(ROOT)
    environment = {"PYTHONPATH": root, "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, env=environment)
    assert SAID.removesuffix(" Goodbye.") in " ".join(done.stdout.split())
    assert hides(done.stdout + done.stderr)


@pytest.mark.parametrize(
    "wanted", ["expect value card = 1", 'hear "1"', "ends handled", "expect value copied = x", "press x"]
)
def test_a_call_script_that_fails_tells_no_secret(wanted: str) -> None:
    text = (
        f"call: secrets\n  from +14155550123\n  press {CARD}#\n  press 1\n  press {PIN}\n  lookup found\n  {wanted}\n"
    )
    result = run(FLOW, read_scripts(text, "a.calls")[0])
    assert result.findings
    assert all(hides(f.message + f.hint) for f in result.findings)


def test_webhooks_hide_it_in_documents_addresses_logs_and_the_database(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    seen, database = Seen(), str(tmp_path / "calls.sqlite")
    app = create_app(Config(flow=FLOW, **IN_PUBLIC, database=database, services=seen, clock=lambda: NOON))
    call = WebCall(Carrier(app, Signature(TOKEN, PUBLIC)), f"CA{1:032x}")
    listen = Listen((), 19, "#", 5, 3, "en-US", sensitive=True)
    documents = []
    call.dial()
    for keys in (CARD, "1", PIN):
        call.send(listen, Keys(keys))
        documents.append(call.document.decode())
    assert SAID.removesuffix(" Goodbye.") in documents[-1]
    lookup, message = seen.effects
    assert isinstance(lookup, Fetch)
    assert isinstance(message, Send)
    assert lookup.body == json.dumps({"card": CARD, "pin": PIN, "copied": f"Card {CARD}"})
    assert message.text == SENT
    app.extensions["ivr"]["journal"].flush()
    app.extensions["ivr"]["store"].close()
    kept = b"".join(file.read_bytes() for file in tmp_path.iterdir()).decode("latin-1")
    assert all(hides(text) for text in (*documents, caplog.text, kept))
    assert [step["node"] for step in Store(database).rows()["steps"]] == [
        "card",
        "card",
        "pin",
        "copy",
        "check",
        "link",
        "told",
        "bye",
    ]


def test_the_headers_of_development_hide_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    client = create_app(Config(flow=FLOW, development=True, services=Seen(), clock=lambda: NOON)).test_client()
    answer = client.post("/voice", data={"CallSid": f"CA{1:032x}"})
    for keys in (CARD, "1", PIN):
        url = answer.get_data(as_text=True).partition('action="')[2].partition('"')[0]
        answer = client.post(url, data={"CallSid": f"CA{1:032x}", "Digits": keys})
        assert hides(str(answer.headers) + answer.get_data(as_text=True) + url)
    assert hides(caplog.text)


def test_the_core_keeps_it_for_whoever_needs_it() -> None:
    """A split may look at a secret, and a lookup may send it."""
    events: list[Event] = [Start(), Keys(CARD), Keys("1"), Keys(PIN)]
    session = Session()
    from ivr.interpreter.step import step

    for event in events:
        session, _ = step(FLOW, session, event)
    assert (session.value("card"), session.value("pin")) == (CARD, PIN)
