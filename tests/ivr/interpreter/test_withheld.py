"""A withheld number is withheld however it is spelt, in every driver: step, terminal, call scripts, webhooks, virtual
carrier.
"""

from __future__ import annotations

import datetime as dt
import subprocess
import sys

import pytest

from flows.model.load import load_text
from flows.protocol.actions import Start
from ivr.interpreter.session import Session
from ivr.interpreter.step import step
from ivr.phone.call_script import read_scripts
from ivr.phone.flow_scripts import run
from webhooks.carrier.drivers.scripts import play_script
from webhooks.carrier.protocol import Number
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.service.app import create_app
from webhooks.settings.config import Config

SPELLINGS = (
    "",
    "withheld",
    "anonymous",
    "Anonymous",
    "restricted",
    "unavailable",
    "unknown",
    "private",
    "blocked",
    "+266696687",
    "266696687",
    "+7378742833",
    "+2562533",
    "+8656696",
    "+86282452253",
    "+8 656 696",
    "a caller",
    "+",
    "1" * 21,
)
"""How carriers, scripts and people write that there is no number, and what is not a number at all."""

FLOW = load_text("""
ivr: 1
name: Parcels
start: who
nodes:
  who: {type: split, value: ani, cases: {withheld: link, "+1415*": near}, otherwise: far}
  near: {type: play, say: A neighbour calls., next: link}
  far: {type: play, say: Somebody calls., next: link}
  link: {type: message, say: We text you a link., text: example.com, on: {sent: bye, failed: bye, no_mobile: again}}
  again: {type: callback, queue: desk, say: We will call you back., on: {booked: bye, failed: bye}, otherwise: bye}
  bye: {type: hangup, say: Goodbye.}
queues: {desk: {label: Desk}}
""").flow

WITHHELD = """
call: nobody's number is read back, and nothing is sent to nobody
  from {spelling}
  hear "We text you a link. We will call you back."
  not hear "press 1"
  press 4155550100 pound
  hear "4 1 5 5 5 5 0 1 0 0"
"""


def over_http(script: str) -> tuple[str, ...]:
    transport = Wsgi(create_app(Config(flow=FLOW, development=True)))
    number, began = Number("http://localhost/voice"), dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC)
    return tuple(
        finding.message
        for i, written in enumerate(read_scripts(script, "a.calls"))
        for finding in play_script(written, number, transport, sid=f"CA{i:032d}", began=began).findings
    )


def on_the_flow(script: str) -> tuple[str, ...]:
    return tuple(
        finding.message for written in read_scripts(script, "a.calls") for finding in run(FLOW, written).findings
    )


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_the_interpreter_knows_no_number_however_it_is_withheld(spelling: str) -> None:
    session, _ = step(FLOW, Session(), Start(ani=spelling))
    assert session.value("ani") == ""
    # The text message has nobody to go to, so the call stands at the callback, which asks for a number.
    assert (session.node, session.phase) == ("again", "number")


@pytest.mark.parametrize(
    ("written", "kept"), [("+1 (415) 555-0123", "+14155550123"), ("sip:ann@example.com", "sip:ann@example.com")]
)
def test_a_number_has_one_spelling(written: str, kept: str) -> None:
    assert step(FLOW, Session(), Start(ani=written))[0].value("ani") == kept


@pytest.mark.parametrize("spelling", [s for s in SPELLINGS if s and s not in ("a caller", "+", "1" * 21)])
def test_a_script_goes_the_same_way_on_the_flow_and_over_http(spelling: str) -> None:
    script = WITHHELD.format(spelling=spelling)
    assert on_the_flow(script) == over_http(script) == ()


def test_a_stated_number_goes_the_same_way_on_the_flow_and_over_http() -> None:
    script = 'call: near\n  from +1 (415) 555-0123\n  hear "A neighbour calls. We text you a link."\n'
    assert on_the_flow(script) == over_http(script) == ()


def test_a_message_to_nobody_cannot_be_taken_as_sent() -> None:
    script = "call: sent to nobody\n  from withheld\n  sent\n"
    assert on_the_flow(script) == ("'sent' does not fit here: the call waits for keys",)


def test_who_is_neither_a_number_nor_withheld_is_refused() -> None:
    assert on_the_flow("call: bob\n  from bob\n") == ("'bob' is not a telephone number",)
    done = subprocess.run(
        [sys.executable, "-m", "ivr", "call", "northwind", "--from", "bob", "--keys", "1"],
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.returncode == 2
    assert "--from: 'bob' is not a telephone number\n  = hint: write one like +14155550100" in done.stderr
