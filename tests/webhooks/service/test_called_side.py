"""The called side of a dialled call: what they hear, who may ask for it, and what their answer means to the caller."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest
from flask.testing import FlaskClient

from flows.model.load import load_text
from flows.protocol.actions import Dial, HungUp, Outcome, Say
from tests.support.twiml_grammar import check
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, TOKEN
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.settings.spending import AllowedNumbers
from webhooks.twilio.events import DECLINED, event_of
from webhooks.twilio.signature import SIGNATURE_HEADER, Signature

LINE = """
ivr: 1
name: Shop
start: who
nodes:
  who: {type: collect, into: pin, digits: 4, sensitive: true, say: Your PIN., next: desk, otherwise: bye}
  desk:
    type: dial
    to: ["+14155550101", client:anna]
    whisper: A customer with PIN {pin}.
    accept: true
    on: {declined: nobody, answered: bye}
    otherwise: bye
  nobody: {type: hangup, say: Nobody takes the call.}
  bye: {type: hangup, say: Goodbye.}
"""
CALL, OTHER, LEG = "CA" + "1" * 32, "CA" + "2" * 32, "CA" + "9" * 32
SIGNER = Signature(TOKEN, PUBLIC)


@pytest.fixture
def line() -> FlaskClient:
    return create_app(Config(flow=load_text(LINE).flow, **IN_PUBLIC)).test_client()


def posted(to: FlaskClient, url: str, *, signed: bool = True, **form: str) -> Any:
    url = url.removeprefix(PUBLIC).partition("#")[0]
    path, _, query = url.partition("?")
    headers = {SIGNATURE_HEADER: SIGNER.sign(path, query, list(form.items()))} if signed else {}
    return to.post(url, data=form, headers=headers)


def addresses(response: Any, attribute: str) -> list[str]:
    return [html.unescape(found) for found in re.findall(rf' {attribute}="([^"]+)"', response.text)]


def dialled(line: FlaskClient, sid: str = CALL) -> Any:
    """The document that dials, after the PIN."""
    asked = posted(line, "/voice", CallSid=sid, From="+14155550123", To="+18005550100")
    found = posted(line, addresses(asked, "action")[0], CallSid=sid, Digits="4021")
    check(found.data)
    return found


def test_whoever_picks_up_hears_the_whisper_and_is_asked(line: FlaskClient) -> None:
    """Both parties have the address; neither it nor what is said gives the PIN away."""
    document = dialled(line)
    first, second = addresses(document, "url")
    assert first == second
    assert first.startswith(f"{PUBLIC}/called?c=")
    heard = posted(line, first, CallSid=LEG, ParentCallSid=CALL, CallStatus="in-progress")
    check(heard.data, may_end=True)
    assert "4021" not in document.text + heard.text
    assert "<Say" in heard.text
    assert "Press 1 to take the call.</Say></Gather>" in heard.text


def test_one_accepts_and_everything_else_does_not(line: FlaskClient) -> None:
    heard = posted(line, addresses(dialled(line), "url")[0], CallSid=LEG, ParentCallSid=CALL)
    key = addresses(heard, "action")[0]
    assert key.startswith(f"{PUBLIC}/called/key?c=")
    for digits, then in (("1", "<Response />"), ("2", "<Response><Hangup /></Response>"), ("", "<Hangup />")):
        answer = posted(line, key, CallSid=LEG, ParentCallSid=CALL, Digits=digits)
        check(answer.data, may_end=True)
        assert then in answer.text, digits


def test_a_refusal_is_known_though_the_carrier_does_not_say_it(line: FlaskClient) -> None:
    """`completed` without DialBridged would be a conversation; the key that was not pressed says otherwise."""
    document = dialled(line)
    heard = posted(line, addresses(document, "url")[0], CallSid=LEG, ParentCallSid=CALL)
    posted(line, addresses(heard, "action")[0], CallSid=LEG, ParentCallSid=CALL, Digits="")
    after = posted(line, addresses(document, "action")[0], CallSid=CALL, DialCallStatus="completed")
    assert "Nobody takes the call." in after.text


def test_nobody_else_gets_in(line: FlaskClient) -> None:
    """Unsigned, of another call, without the caller's call, or forged: refused."""
    called = addresses(dialled(line), "url")[0]
    assert posted(line, called, signed=False, CallSid=LEG, ParentCallSid=CALL).status_code == 403
    for more in ({"ParentCallSid": OTHER}, {"ParentCallSid": ""}, {}):
        assert posted(line, called, CallSid=LEG, **more).status_code == 403, more
    assert posted(line, f"{called.partition('?')[0]}?c={'A' * 80}", CallSid=LEG, ParentCallSid=CALL).status_code == 403


def test_a_leg_of_a_call_that_dials_nobody_is_ended(line: FlaskClient) -> None:
    """An address of the call at another place, moved to this path."""
    asked = posted(line, "/voice", CallSid=CALL, From="+14155550123", To="+18005550100")
    moved = addresses(asked, "action")[0].replace("/voice", "/called")
    assert "<Hangup />" in posted(line, moved, CallSid=LEG, ParentCallSid=CALL).text
    key = moved.replace("/called", "/called/key")
    assert "<Hangup />" in posted(line, key, CallSid=LEG, ParentCallSid=CALL, Digits="1").text


ASKED = Dial(("+12125550143",), 30.0, ("answered", "busy", "no_answer", "failed", "declined"), accept=Say("", "en-US"))
TOLD = Dial(("+12125550143",), 30.0, ("answered", "busy", "no_answer", "failed"))


@pytest.mark.parametrize(
    ("dial", "form", "left_by", "event"),
    [
        (ASKED, {"DialCallStatus": "completed", "DialBridged": "true"}, DECLINED, Outcome("answered")),
        (ASKED, {"DialCallStatus": "completed", "DialBridged": "false"}, "", Outcome("declined")),
        (ASKED, {"DialCallStatus": "completed"}, "", Outcome("answered")),
        (ASKED, {"DialCallStatus": "completed"}, DECLINED, Outcome("declined")),
        (ASKED, {"DialCallStatus": "no-answer"}, DECLINED, Outcome("declined")),
        (ASKED, {"DialCallStatus": "no-answer"}, "", Outcome("no_answer")),
        (ASKED, {"DialCallStatus": "completed", "DialBridged": "false", "CallStatus": "completed"}, "", HungUp()),
        (TOLD, {"DialCallStatus": "completed", "DialBridged": "false"}, "", Outcome("answered")),
    ],
)
def test_what_the_end_of_a_dialled_call_means(dial: Dial, form: dict[str, str], left_by: str, event: Any) -> None:
    assert event_of(dial, form, left_by=left_by) == event


BY_VALUE = """
ivr: 1
name: Shop
start: who
nodes:
  who: {type: collect, into: rest, digits: 7, say: The number., next: desk, otherwise: bye}
  desk: {type: dial, to: {value: full, allow: ["+1900*", "+1415*"]}, on: {failed: failed}, otherwise: bye}
  failed: {type: hangup, say: Not there.}
  bye: {type: hangup, say: Goodbye.}
"""


@pytest.mark.parametrize(("area", "then"), [("+1415", "<Number>+14155550100</Number>"), ("+1900", "Not there.")])
def test_a_number_from_a_value_obeys_the_countries_of_the_line(area: str, then: str) -> None:
    """A premium-rate number fits the second pattern and is not dialled all the same."""
    text = BY_VALUE.replace("next: desk", "next: whole").replace(
        "  desk:", f"  whole: {{type: set, values: {{full: '{area}{{rest}}'}}, next: desk}}\n  desk:"
    )
    app = create_app(Config(flow=load_text(text).flow, **IN_PUBLIC, countries=("US",)))
    asked = posted(app.test_client(), "/voice", CallSid=CALL, From="+14155550123", To="+18005550100")
    after = posted(app.test_client(), addresses(asked, "action")[0], CallSid=CALL, Digits="5550100")
    assert then in after.text


def test_parties_are_checked_only_where_countries_are_named() -> None:
    premium = Dial(("client:anna", "+19005550100"), 30.0, ("answered",))
    assert AllowedNumbers(("US",)).refuses_dial(premium) == "a premium-rate number"
    assert AllowedNumbers().refuses_dial(premium) == ""
