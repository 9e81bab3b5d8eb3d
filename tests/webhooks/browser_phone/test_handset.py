"""Virtual telephones on a page, and browser phones that share the line with them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from flask import Flask

from flows.model.load import load_text
from webhooks.browser_phone.call import GRACE_S
from webhooks.browser_phone.calls import Calls
from webhooks.browser_phone.handset_routes import handset
from webhooks.browser_phone.reports import Report
from webhooks.carrier.exchange import Exchange, VirtualTime
from webhooks.carrier.exchange.leg import OutboundOrder
from webhooks.carrier.protocol import Number, Redirected
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.settings.config import Config
from webhooks.settings.rehearsals import Rehearsals

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from flask.testing import FlaskClient

BASE = "http://localhost"
TO_TALK = '<Dial><Conference beep="false" endConferenceOnExit="true">R1</Conference></Dial>'
DOCUMENTS = {
    "/voice": '<Say>Please hold.</Say><Enqueue waitUrl="/wait">tech</Enqueue>',
    "/wait": '<Pause length="60"/>',
    "/agent": '<Gather action="/talk" numDigits="1"><Say>A call from Ana. Press 1.</Say></Gather>',
    "/talk": TO_TALK,
}


def line(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    start_response("200 OK", [("Content-Type", "text/xml")])
    return [f"<Response>{DOCUMENTS.get(environ['PATH_INFO'], '')}</Response>".encode()]


@pytest.fixture
def exchange() -> Exchange:
    made = Exchange(Number(f"{BASE}/voice"), Wsgi(line), time=VirtualTime(), run="test")
    made.names = lambda address: "Ben Okafor" if address == "client:ben" else ""
    return made


@pytest.fixture
def phone(exchange: Exchange) -> FlaskClient:
    app = Flask("test")
    app.register_blueprint(handset(exchange, {"ben": ("client:ben", "Ben Okafor")}.get))
    return app.test_client()


def wait(exchange: Exchange, seconds: float) -> None:
    assert isinstance(exchange.time, VirtualTime)
    exchange.time.run_until(exchange.time.now_s + seconds)


def ring(exchange: Exchange, to: str = "client:ben") -> None:
    exchange.call_out(OutboundOrder(to, "+18005550100", 20.0), Number(f"{BASE}/agent"))
    wait(exchange, 0)


def act(phone: FlaskClient, what: str, value: str = "", who: str = "ben") -> Any:
    return phone.post("/handset", json={"who": who, "what": what, "value": value}, headers={"Origin": BASE})


def state(phone: FlaskClient, **known: Any) -> dict[str, Any]:
    found = phone.get("/handset", query_string={"who": "ben", **known}).json
    assert isinstance(found, dict)
    return found


# --- the telephone --------------------------------------------------------------------------------------------------


def test_a_telephone_rings_is_answered_and_shows_what_is_heard_once(exchange: Exchange, phone: FlaskClient) -> None:
    assert (state(phone)["state"], state(phone)["title"]) == ("idle", "Nobody calls")
    ring(exchange)
    assert (state(phone)["state"], state(phone)["title"]) == ("ringing", "+18005550100 calls")
    assert act(phone, "answer").status_code == 200
    wait(exchange, 5)
    heard = state(phone)
    assert (heard["state"], heard["title"]) == ("listening", "Press a key")
    assert heard["entries"] == [{"kind": "line", "text": "A call from Ana. Press 1."}]
    assert state(phone, call=heard["call"], since=heard["next"])["entries"] == []
    act(phone, "key", "1")
    wait(exchange, 1)
    after = state(phone, call=heard["call"], since=heard["next"])
    assert after["entries"] == [{"kind": "keys", "text": "1"}]
    assert (after["state"], after["title"]) == ("talking", "Somebody joins you in a moment")
    act(phone, "hangup")
    wait(exchange, 1)
    assert (state(phone)["state"], state(phone)["title"]) == ("idle", "The call is over")


@pytest.mark.parametrize(
    ("what", "seconds", "title"), [("decline", 1, "Declined"), ("", 21, "Missed")], ids=["declined", "missed"]
)
def test_it_says_why_a_call_did_not_come_about(
    exchange: Exchange, phone: FlaskClient, what: str, seconds: float, title: str
) -> None:
    ring(exchange)
    if what:
        act(phone, what)
    wait(exchange, seconds)
    assert state(phone)["title"] == title


@pytest.mark.parametrize(
    ("what", "value", "who", "status", "said"),
    [
        ("answer", "", "ben", 409, "nothing rings"),
        ("hangup", "", "ben", 409, "there is no call in hand"),
        ("answer", "", "nobody", 404, "nobody has this telephone"),
        (
            "ring",
            "",
            "ben",
            400,
            "what 'ring' is unknown; use one of answer, decline, key, words, hangup",
        ),
        ("key", "A", "ben", 400, "value 'A' is not a key; keys are 0 to 9, * and #"),
        ("words", " ", "ben", 400, "value has 0 characters; words may have 1 to 1,000"),
        ("words", "x" * 1_001, "ben", 400, "value has 1,001 characters; words may have 1 to 1,000"),
    ],
)
def test_what_cannot_be_done_is_refused(
    phone: FlaskClient, what: str, value: str, who: str, status: int, said: str
) -> None:
    refused = act(phone, what, value, who)
    assert (refused.status_code, refused.json["error"]) == (status, said)


def test_pages_of_other_sites_cannot_use_it(phone: FlaskClient) -> None:
    there = {"Origin": "https://elsewhere.example"}
    assert phone.post("/handset", json={"who": "ben", "what": "answer"}, headers=there).status_code == 403


def test_it_has_a_page_of_its_own_also_for_a_number(phone: FlaskClient) -> None:
    assert "<h1>Ben Okafor</h1>" in phone.get("/handset/ben").text
    assert 'data-who="+14155550123"' in phone.get("/handset/+14155550123").text
    assert phone.get("/handset/<script>").status_code == 404
    assert "default-src 'none'" in phone.get("/handset/ben").headers["Content-Security-Policy"]


# --- a browser phone on the same line -------------------------------------------------------------------------------


class Page:
    """A browser phone whose page is here."""

    def __init__(self, exchange: Exchange) -> None:
        flow = load_text("{ivr: 1, name: Line, start: bye, nodes: {bye: {type: hangup, say: Goodbye.}}}").flow
        assert flow is not None
        config = Config(flow=flow, development=True)
        self.calls = Calls(exchange.transport, config, Rehearsals(config.clock), exchange=exchange)
        began = self.calls.begin(BASE, "+14155550123", "+18005550100")
        assert began is not None
        self.now, self.sid = began, began["call"]
        self.leg = exchange.legs[self.sid]

    def reports(self, what: str, value: str = "") -> dict[str, Any]:
        told = self.calls.take(self.sid, Report(what, value, 0.0, self.now["turn"]))
        assert told is not None
        self.now = told or self.now
        return told


def talking(exchange: Exchange, phone: FlaskClient) -> Page:
    """A caller at a browser phone who talks to Ben."""
    page = Page(exchange)
    page.reports("spoken")
    ring(exchange)
    act(phone, "answer")
    wait(exchange, 1)
    act(phone, "key", "1")
    wait(exchange, 1)
    exchange.post(page.leg, Redirected(f"{BASE}/talk"))
    wait(exchange, 1)
    page.reports("news")
    return page


def test_the_page_learns_what_others_did(exchange: Exchange, phone: FlaskClient) -> None:
    page = talking(exchange, phone)
    assert (page.now["state"], page.now["title"]) == ("talking", "Talking to Ben Okafor")
    assert {"kind": "event", "text": "Ben Okafor is on the line"} in page.now["entries"]
    assert (page.now["choices"], page.now["speech"]) == ([], True)
    assert page.reports("news") == {}, "nothing has happened since"


def test_words_go_both_ways(exchange: Exchange, phone: FlaskClient) -> None:
    page = talking(exchange, phone)
    act(phone, "words", "Hello <b>you</b>.")
    wait(exchange, 0)
    assert page.reports("news")["entries"] == [{"kind": "other", "text": "Hello <b>you</b>.", "by": "Ben Okafor"}]
    assert page.reports("words", "Good morning.")["entries"] == [{"kind": "words", "text": "Good morning."}]
    wait(exchange, 0)
    assert state(phone)["entries"][-1] == {"kind": "other", "text": "Good morning.", "by": "+14155550123"}


def test_who_hangs_up_ends_it_for_the_other(exchange: Exchange, phone: FlaskClient) -> None:
    page = talking(exchange, phone)
    act(phone, "hangup")
    wait(exchange, 1)
    assert page.reports("news")["ended"]["title"] == "The other party hung up"
    page = talking(exchange, phone)
    page.reports("hangup")
    wait(exchange, 1)
    assert state(phone)["state"] == "idle"


def test_a_page_cannot_play_the_agent_where_there_are_agents(exchange: Exchange) -> None:
    page = Page(exchange)
    page.reports("spoken")
    assert (page.now["state"], page.now["choices"]) == ("holding", [])
    page.reports("choice", "answered")
    assert page.now["state"] == "holding"


def test_the_call_goes_on_without_its_page(exchange: Exchange) -> None:
    page = Page(exchange)
    assert page.now["prompt"]["text"] == "Please hold."
    seconds = page.now["prompt"]["seconds"]
    wait(exchange, 1.5 * seconds + GRACE_S - 0.1)  # as long as the prompt, half as long again, and the grace
    assert page.reports("news") == {}
    wait(exchange, 0.2)
    assert page.reports("news")["state"] == "holding"
