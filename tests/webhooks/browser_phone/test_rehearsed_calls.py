"""What a browser phone decides for its calls: their time, and the answer of a lookup that gets none."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from flows.model.load import load_text
from flows.protocol.actions import Outcome
from tests.support.browser_phone import LIBRARY
from webhooks.service.app import create_app
from webhooks.settings.config import Config

MONDAY = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)  # 10:00 in New York
OURS = {"Origin": "http://localhost"}


class Page:
    def __init__(self, client: FlaskClient, **told: str) -> None:
        self.client = client
        self.entries: list[dict[str, Any]] = []
        self._keep(client.post("/phone/calls", json={"from": "+14155550123", "to": "", **told}, headers=OURS))
        self.address = f"/phone/calls/{self.said['call']}"

    def _keep(self, answer: Any) -> None:
        assert answer.status_code in (200, 201), answer.get_json()
        self.said = answer.get_json()
        self.entries += self.said["entries"]

    def tell(self, what: str, value: str = "", **more: Any) -> None:
        self._keep(
            self.client.post(
                self.address, json={"what": what, "value": value, "turn": self.said["turn"], **more}, headers=OURS
            )
        )

    def texts(self, kind: str) -> list[str]:
        return [entry["text"] for entry in self.entries if entry["kind"] == kind]

    def asked(self) -> Page:
        """At the lookup, after the prompt before it."""
        assert self.said["prompt"]["text"] == "One moment."
        self.tell("spoken")
        assert self.said["state"] == "asking"
        return self


def client(**more: Any) -> FlaskClient:
    settings = {"flow": LIBRARY, "development": True, "clock": lambda: MONDAY, "lookup_hosts": ("127.0.0.1:9",), **more}
    return create_app(Config(**settings)).test_client()


# --- A lookup that has no answer -------------------------------------------------------------------------------------


def test_it_says_why_and_what_may_be_answered() -> None:
    """Nothing listens on port 9, the discard port."""
    page = Page(client()).asked()
    assert page.texts("problem") == ["who got no answer: 127.0.0.1:9: connection refused"]
    assert page.said["asked"] == {
        "name": "who",
        "labels": ["member", "stranger", "failure", "timeout"],
        "values": ["name", "fines"],
        "came_to": "failure",
    }
    refused = Page(client(lookup_hosts=())).asked()
    assert refused.texts("problem") == [
        "who got no answer: 127.0.0.1:9 is not on the public internet; to allow it, name it in IVR_LOOKUP_HOSTS"
    ]


@pytest.mark.parametrize(
    ("label", "values", "told", "heard"),
    [
        (
            "member",
            {"name": "Ann", "fines": "12.50"},
            "who answers: member, name Ann, fines 12.50",
            "Hello Ann, you owe 12 dollars and 50 cents.",
        ),
        (
            "member",
            {"name": "Ann", "fines": "3", "tier": "gold"},
            "who answers: member, name Ann, fines 3",
            "Hello Ann, you owe 3 dollars.",
        ),
        ("stranger", {"name": " "}, "who answers: stranger", "Please join us."),
        ("failure", {}, "who answers: failure", "We cannot look you up."),
    ],
)
def test_a_stated_answer_goes_on_as_the_real_one_would(
    label: str, values: dict[str, str], told: str, heard: str
) -> None:
    page = Page(client()).asked()
    page.tell("answer", label, values=values)
    assert page.texts("event") == [told]
    assert page.said["prompt"]["text"] == heard
    assert ["who", label] in [
        passed for entry in page.entries if entry["kind"] == "moved" for passed in entry["passed"]
    ]


def test_until_then_the_call_stands_still() -> None:
    page = Page(client()).asked()
    at_s = page.said["at_s"]
    for what, value in (
        ("time", ""),
        ("skip", ""),
        ("spoken", ""),
        ("key", "1"),
        ("answer", "gone"),
        ("choice", "answered"),
    ):
        page.tell(what, value, after_s=400)
        assert (page.said["state"], page.said["at_s"]) == ("asking", at_s)
    page.tell("hangup")
    assert page.said["ended"]["title"] == "You hung up"


def test_a_stated_failure_is_nothing_to_ask_about() -> None:
    page = Page(client(stated={"who": Outcome("failure")}))
    page.tell("spoken")
    assert page.said["prompt"]["text"] == "We cannot look you up."


def test_the_carriers_own_calls_are_not_asked_anything() -> None:
    """A call from a terminal or from Twilio continues with the failure at once."""
    answer = client().post("/voice", data={"CallSid": "CA1", "From": "+14155550123"}).get_data(as_text=True)
    assert "We cannot look you up." in answer


# --- When the call is made -------------------------------------------------------------------------------------------


def test_a_call_is_made_at_the_time_that_the_page_states() -> None:
    """On Sunday the desk is closed; 03:00 UTC is still Sunday evening in New York, and 17:00 there is closing time."""
    one = client()
    for at, first in (
        ("", "One moment."),
        ("2026-11-22T10:00", "We are closed."),
        ("2026-11-23T03:00+00:00", "We are closed."),
        ("2026-11-23T16:59", "One moment."),
        ("2026-11-23T17:00", "We are closed."),
    ):
        page = Page(one, at=at)
        assert page.said["prompt"]["text"] == first, at
    assert page.said["began_ms"] == dt.datetime(2026, 11, 23, 22, tzinfo=dt.UTC).timestamp() * 1_000


def test_a_time_that_does_not_exist_is_refused() -> None:
    answer = client().post("/phone/calls", json={"from": "", "to": "", "at": "2027-03-14T02:30"}, headers=OURS)
    assert (answer.status_code, answer.get_json()["error"]) == (
        400,
        (
            "at: '2027-03-14T02:30' does not exist in America/New_York: "
            "clocks go forward over it; write a time before or after the jump"
        ),
    )


def test_records_have_the_time_of_the_call(tmp_path: Path) -> None:
    app = create_app(Config(flow=LIBRARY, development=True, clock=lambda: MONDAY, database=str(tmp_path / "calls.db")))
    Page(app.test_client(), at="2026-11-22T10:00")
    assert app.extensions["ivr"]["journal"].flush()
    (call,) = app.extensions["ivr"]["store"].rows()["calls"]
    assert call["arrived_us"] == dt.datetime(2026, 11, 22, 15, tzinfo=dt.UTC).timestamp() * 1_000_000
    app.extensions["ivr"]["store"].close()


# --- Who calls -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["withheld", "anonymous", "+266696687", ""])
def test_a_number_may_be_withheld(number: str) -> None:
    flow = load_text("""
ivr: 1
name: Line
start: who
nodes:
  who: {type: split, value: ani, cases: {withheld: nobody}, otherwise: somebody}
  nobody: {type: hangup, say: Your number is withheld.}
  somebody: {type: hangup, say: Hello.}
""").flow
    page = Page(client(flow=flow), **{"from": number})
    assert page.said["prompt"]["text"] == "Your number is withheld."


# --- What is wanted, and who hung up ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("entry", "wanted"),
    [
        ("digits: 9", "Enter 9 digits."),
        ("digits: 1", "Enter 1 digit."),
        ("digits: 6-10", "Enter 6 to 10 digits, then pound."),
        ("{digits: 6-10, finish: star}", "Enter 6 to 10 digits, then star."),
    ],
)
def test_pound_is_asked_for_where_the_number_may_be_longer(entry: str, wanted: str) -> None:
    flow = load_text(f"""
ivr: 1
name: Line
start: ask
nodes:
  ask: {{type: collect, into: n, say: Your number?, {entry.strip("{}")}, next: bye, otherwise: bye}}
  bye: {{type: hangup}}
""").flow
    assert Page(client(flow=flow)).said["detail"] == wanted


TALK = """
ivr: 1
name: Line
start: desk
nodes:
  desk: {type: dial, number: "+14155550101", on: {answered: NEXT}, otherwise: bye}
  thanks: {type: hangup, say: Thank you.}
  bye: {type: hangup}
"""


def test_whoever_hung_up_is_told_once() -> None:
    page = Page(client(flow=load_text(TALK.replace("NEXT", "bye")).flow))
    page.tell("choice", "answered", after_s=1)
    page.tell("choice", "over", after_s=60)
    assert page.texts("event") == ["+14155550101 answers"]
    assert page.said["ended"] == {
        "title": "The other party hung up",
        "text": "The caller was connected to another number",
        "harm": False,
    }
    page = Page(client(flow=load_text(TALK.replace("NEXT", "thanks")).flow))
    page.tell("choice", "answered", after_s=1)
    page.tell("choice", "over", after_s=60)
    page.tell("spoken")
    assert page.texts("event") == ["+14155550101 answers", "The other party hangs up"]  # and the call continues
    assert page.said["ended"]["title"] == "The line hung up"
    page = Page(client(flow=load_text(TALK.replace("NEXT", "bye")).flow))
    page.tell("choice", "answered", after_s=1)
    page.tell("hangup", after_s=9)
    assert (page.texts("event"), page.said["ended"]["title"]) == (["+14155550101 answers"], "You hung up")
