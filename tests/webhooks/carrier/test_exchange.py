"""Several calls at one virtual carrier: queues, telephones that ring, conferences, and the REST API over them."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client
from werkzeug.serving import make_server

from webhooks.carrier.call_log import Did
from webhooks.carrier.exchange import Exchange, RealTime, VirtualTime
from webhooks.carrier.exchange.http_client import InProcessClient
from webhooks.carrier.exchange.people import ScriptedAgent, ScriptedCaller
from webhooks.carrier.exchange.rest.app import RestApi
from webhooks.carrier.protocol import HangUp, Key, Number, Spoken, Words
from webhooks.carrier.requests.wsgi import Wsgi

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator
    from wsgiref.types import StartResponse, WSGIEnvironment

    from webhooks.carrier.exchange.leg import Leg

DOCUMENTS = {
    "/voice": '<Enqueue action="/left" waitUrl="/wait">tech</Enqueue>',
    "/left": '<Pause length="30"/>',
    "/bridge": '<Dial action="/done"><Conference beep="false">R1</Conference></Dial>',
    "/agent": '<Gather action="/key" numDigits="1" timeout="5"><Say>Press 1.</Say></Gather><Hangup/>',
    "/key": '<Dial action="/over"><Conference beep="false" endConferenceOnExit="true">R1</Conference></Dial>',
    "/done": "<Pause length='30'/>",
    "/second": '<Dial><Conference beep="false">R1</Conference></Dial>',
    "/waits": '<Dial><Conference beep="false" startConferenceOnEnter="false">R1</Conference></Dial>',
}
URL = "http://line.test"


@dataclass
class Line:
    """An exchange, an application that says the documents above, and what it was asked."""

    time: Any = field(default_factory=VirtualTime)
    asked: list[tuple[float, str, dict[str, str]]] = field(default_factory=list)
    wait_document: Callable[[], str] = lambda: '<Pause length="10"/>'

    def __post_init__(self) -> None:
        number = Number(f"{URL}/voice", account_sid="AC1", auth_token="secret")
        self.exchange = Exchange(number, Wsgi(self), time=self.time, run="test")
        self.api = RestApi(self.exchange)
        self.twilio = Client("AC1", "secret", http_client=InProcessClient(self.api))

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        form = dict(parse_qsl(environ["wsgi.input"].read().decode()))
        self.asked.append((self.time.now_s, environ["PATH_INFO"], form))
        start_response("200 OK", [("Content-Type", "text/xml")])
        path = environ["PATH_INFO"]
        said = self.wait_document() if path == "/wait" else DOCUMENTS.get(path, "")
        return [f"<Response>{said}</Response>".encode()]

    def forms(self, path: str) -> list[dict[str, str]]:
        return [form for _, asked, form in self.asked if asked == path]

    def caller(self, ani: str = "+14155550123") -> Leg:
        leg = self.exchange.call_in(ani, "+18005550100")
        self.time.run_until(self.time.now_s)
        return leg

    def ring(self, to: str = "client:ben", path: str = "/agent", **more: Any) -> Leg:
        events = ["initiated", "ringing", "answered", "completed"]
        more = {"status_callback": f"{URL}/status", "status_callback_event": events, "timeout": 20, **more}
        call = self.twilio.calls.create(to=to, from_="+18005550100", url=f"{URL}{path}", **more)
        assert call.sid
        self.time.run_until(self.time.now_s)
        return self.exchange.legs[call.sid]

    def wait(self, seconds: float) -> None:
        self.time.run_until(self.time.now_s + seconds)


@pytest.fixture
def line() -> Line:
    return Line()


def statuses(line: Line) -> list[str]:
    return [form["CallStatus"] for form in line.forms("/status")]


# --- queues ---------------------------------------------------------------------------------------------------------


def test_each_caller_hears_their_place_the_size_and_the_average_wait_of_the_queue(line: Line) -> None:
    first = line.caller()
    line.wait(4)
    line.caller("+14155550124")
    line.wait(6)
    keys = ("QueuePosition", "CurrentQueueSize", "QueueTime", "AvgQueueTime")
    told = [tuple(int(form[key]) for key in keys) for form in line.forms("/wait")]
    # At 0 s the first alone; at 4 s the second, waits 4 and 0; at 10 s the first again, waits 10 and 6.
    assert told == [(1, 1, 0, 0), (2, 2, 0, 2), (1, 2, 10, 8)]
    line.exchange.post(first, HangUp())
    line.wait(4)
    assert [form["QueueResult"] for form in line.forms("/left")] == ["hangup"]
    assert line.forms("/wait")[-1]["QueuePosition"] == "1", "who stood second is the first now"


def test_the_rest_api_takes_a_caller_out_of_the_queue_once(line: Line) -> None:
    first, second = line.caller(), line.caller("+14155550124")
    line.wait(25)
    (queue,) = line.twilio.queues.list()
    assert (queue.friendly_name, queue.current_size, queue.average_wait_time) == ("tech", 2, 25)
    assert [(m.call_sid, m.position, m.wait_time) for m in queue.members.list()] == [
        (first.sid, 1, 25),
        (second.sid, 2, 25),
    ]
    queue.members(second.sid).update(url=f"{URL}/bridge")
    with pytest.raises(TwilioRestException) as gone:
        queue.members(second.sid).update(url=f"{URL}/bridge")
    assert (gone.value.status, gone.value.code) == (404, 20404)
    line.wait(1)
    left = line.forms("/left")
    assert [(form["QueueResult"], form["QueueTime"], form["CallSid"]) for form in left] == [
        ("redirected", "25", second.sid)
    ]
    assert second.call.room is not None
    assert queue.members("Front").fetch().call_sid == first.sid


def test_who_left_the_queue_by_themselves_is_not_moved_by_a_late_order(line: Line) -> None:
    caller = line.caller()
    queue = line.twilio.queues.list()[0]

    def leaves() -> str:  # the order arrives while the caller's next document is made, which leads them out
        queue.members(caller.sid).update(url=f"{URL}/bridge")
        return "<Leave/>"

    line.wait_document = leaves
    line.wait(15)
    assert [form["QueueResult"] for form in line.forms("/left")] == ["leave"]
    assert (line.forms("/bridge"), caller.is_over) == ([], False)


# --- telephones -----------------------------------------------------------------------------------------------------


def answered(line: Line) -> None:
    line.exchange.phone("client:ben").answer()
    line.wait(3)
    line.exchange.phone("client:ben").hang_up()


@pytest.mark.parametrize(
    ("act", "after_ring", "seconds"),
    [
        (answered, ["in-progress", "completed"], "3"),
        (lambda line: line.exchange.phone("client:ben").decline(), ["busy"], "0"),
        (lambda line: None, ["no-answer"], "0"),
        (lambda line: line.twilio.calls(list(line.exchange.legs)[-1]).update(status="completed"), ["canceled"], "0"),
    ],
    ids=["answered", "declined", "not answered", "cancelled"],
)
def test_a_call_made_by_the_api_tells_how_it_goes(line: Line, act: Any, after_ring: list[str], seconds: str) -> None:
    leg = line.ring()
    assert line.exchange.phone("client:ben").rings
    line.wait(5)
    act(line)
    line.wait(30)
    assert statuses(line) == ["initiated", "ringing", *after_ring]
    last = line.forms("/status")[-1]
    assert (last["CallDuration"], last["CallSid"], last["To"], last["Direction"]) == (
        seconds,
        leg.sid,
        "client:ben",
        "outbound-api",
    )
    assert [form["SequenceNumber"] for form in line.forms("/status")] == [str(n) for n in range(2 + len(after_ring))]
    fetched = line.twilio.calls(leg.sid).fetch()
    assert (fetched.status, fetched.duration) == (after_ring[-1], seconds)
    assert line.exchange.phone("client:ben").leg is None, "the telephone is free again"


def test_it_rings_as_long_as_stated(line: Line) -> None:
    line.ring(timeout=20)
    line.wait(19.9)
    assert statuses(line)[-1] == "ringing"
    line.wait(0.2)
    assert statuses(line)[-1] == "no-answer"


def test_a_telephone_with_a_call_in_hand_is_busy_for_the_next(line: Line) -> None:
    line.ring()
    line.exchange.phone("client:ben").answer()
    line.wait(1)
    line.ring()
    line.wait(0)
    assert statuses(line) == ["initiated", "ringing", "in-progress", "initiated", "ringing", "busy"]


def test_the_agent_hears_the_document_and_a_key_leads_on(line: Line) -> None:
    leg = line.ring()
    phone = line.exchange.phone("client:ben")
    phone.answer()
    line.wait(1)
    assert phone.press("1")
    line.wait(1)
    assert [form["Digits"] for form in line.forms("/key")] == ["1"]
    assert line.forms("/agent")[0]["CallStatus"] == "in-progress"
    assert leg.call.room is not None


# --- conferences ----------------------------------------------------------------------------------------------------


def talk(line: Line) -> tuple[Leg, Leg]:
    """A caller and an agent who talk."""
    line.exchange.phone("client:ben").name = "Ben"
    agent, caller = line.ring(), line.caller()
    line.exchange.phone("client:ben").answer()
    line.wait(1)
    line.exchange.phone("client:ben").press("1")
    line.wait(1)
    assert not agent.talks, "one alone waits"
    line.twilio.calls(caller.sid).update(url=f"{URL}/bridge")
    line.wait(1)
    assert (agent.talks, caller.talks) == (True, True)
    return agent, caller


def test_what_one_says_the_other_hears(line: Line) -> None:
    agent, caller = talk(line)
    assert line.exchange.others_of(caller) == "Ben"
    line.exchange.phone("client:ben").say("Hello.")
    line.exchange.post(caller, Words("Good morning."))
    line.wait(1)

    def heard(leg: Leg) -> list[tuple[str, str]]:
        spoken = [e.event for e in leg.call.log if isinstance(e, Did) and isinstance(e.event, Spoken)]
        return [(event.by, event.text) for event in spoken]

    assert heard(caller) == [("Ben", "Hello.")]
    assert heard(agent) == [("+14155550123", "Good morning.")]


def test_a_conference_ends_with_the_one_whose_departure_ends_it(line: Line) -> None:
    agent, caller = talk(line)
    line.exchange.phone("client:ben").hang_up()
    line.wait(1)
    assert agent.is_over
    assert [form["DialCallStatus"] for form in line.forms("/done")] == ["answered"]
    assert not caller.is_over, "their own document goes on"
    assert line.exchange.rooms.by_name == {}


def test_it_goes_on_without_one_whose_departure_does_not_end_it(line: Line) -> None:
    agent, caller = talk(line)
    line.exchange.post(caller, HangUp())
    line.wait(1)
    assert (agent.talks, line.exchange.others_of(agent)) == (True, "")
    third = line.ring("client:chi", "/second")
    line.exchange.phone("client:chi").answer()
    line.wait(1)
    assert third.talks, "it has begun, so that nobody waits"


def test_it_begins_with_one_who_may_begin_it(line: Line) -> None:
    first, second = line.ring("client:ben", "/waits"), line.ring("client:chi", "/waits")
    for name in ("ben", "chi"):
        line.exchange.phone(f"client:{name}").answer()
    line.wait(1)
    assert (first.talks, second.talks) == (False, False)
    line.ring("client:dora", "/second")
    line.exchange.phone("client:dora").answer()
    line.wait(1)
    assert (first.talks, second.talks) == (True, True)


def test_participants_are_listed_muted_and_removed(line: Line) -> None:
    agent, caller = talk(line)
    room = line.twilio.conferences.list(friendly_name="R1")[0]
    assert room.status == "in-progress"
    assert {p.call_sid for p in line.twilio.conferences(room.sid).participants.list()} == {agent.sid, caller.sid}
    line.twilio.conferences(room.sid).participants(caller.sid).update(muted=True)
    line.exchange.post(caller, Words("Can you hear me?"))
    line.wait(1)
    assert not any(isinstance(e, Did) and isinstance(e.event, Spoken) for e in agent.call.log)
    line.twilio.conferences(room.sid).participants(caller.sid).delete()
    line.wait(1)
    assert (agent.talks, caller.call.room) == (True, None)
    assert len(line.forms("/done")) == 1


# --- the REST API ---------------------------------------------------------------------------------------------------

OWN = {"to": "client:ben", "from_": "+18005550100", "url": f"{URL}/agent"}


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"to": ""}, 21201),
        ({"to": "911x"}, 21211),
        ({"to": "client:"}, 21211),
        ({"from_": ""}, 21213),
        ({"from_": "5550100"}, 21212),
        ({"url": ""}, 21205),
        ({"url": "/agent"}, 21205),
        ({"status_callback": "status"}, 21609),
        ({"status_callback_event": ["rung"]}, 20001),
        ({"timeout": 0}, 20001),
        ({"method": "PUT"}, 20001),
    ],
)
def test_wrong_parameters_are_refused_in_twilios_form(line: Line, wrong: dict[str, Any], code: int) -> None:
    with pytest.raises(TwilioRestException) as refused:
        line.twilio.calls.create(**{**OWN, **wrong})
    assert (refused.value.status, refused.value.code) == (400, code)
    assert line.exchange.legs == {}


def test_what_is_not_there_is_not_found_and_what_is_over_is_not_moved(line: Line) -> None:
    for missing in (line.twilio.calls("CA1"), line.twilio.queues("QU1"), line.twilio.conferences("CF1")):
        with pytest.raises(TwilioRestException) as unknown:
            missing.fetch()
        assert (unknown.value.status, unknown.value.code) == (404, 20404)
    leg = line.ring()
    with pytest.raises(TwilioRestException) as rings:
        line.twilio.calls(leg.sid).update(url=f"{URL}/bridge")
    assert (rings.value.status, rings.value.code) == (400, 21220)
    line.wait(60)
    with pytest.raises(TwilioRestException) as over:
        line.twilio.calls(leg.sid).update(status="completed")
    assert (over.value.status, over.value.code) == (400, 21220)


def test_the_account_is_checked(line: Line) -> None:
    for account, token, status in (("AC1", "wrong", 401), ("AC2", "secret", 404)):
        other = Client(account, token, http_client=InProcessClient(line.api))
        with pytest.raises(TwilioRestException) as refused:
            other.calls("CA1").fetch()
        assert refused.value.status == status


def test_lists_come_in_pages(line: Line) -> None:
    for n in range(5):
        line.ring(f"client:agent{n}")
    assert [call.to for call in line.twilio.calls.list(page_size=2)] == [f"client:agent{n}" for n in (4, 3, 2, 1, 0)]
    assert [call.to for call in line.twilio.calls.list(to="client:agent3")] == ["client:agent3"]
    assert line.twilio.calls.list(status="busy") == []


def test_messages_are_taken_and_listed(line: Line) -> None:
    sent = line.twilio.messages.create(to="+14155550123", from_="+18005550100", body="We call you at ten.")
    assert sent.sid
    assert line.twilio.messages(sent.sid).fetch().body == "We call you at ten."
    assert [message.to for message in line.twilio.messages.list()] == ["+14155550123"]
    with pytest.raises(TwilioRestException) as empty:
        line.twilio.messages.create(to="+14155550123", from_="+18005550100", body="")
    assert empty.value.code == 21602


@pytest.fixture
def over_http() -> Iterator[tuple[Line, str]]:
    line = Line(RealTime(rate=20.0))
    server = make_server("127.0.0.1", 0, line.api, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield line, f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join(5)
    line.time.stop()


@dataclass
class ToThisMachine:
    """The library's own client, with another host in front of the paths."""

    base: str
    inner: Any = field(default_factory=TwilioHttpClient)

    def request(self, method: str, url: str, *args: Any, **named: Any) -> Any:
        return self.inner.request(method, url.replace("https://api.twilio.com", self.base), *args, **named)


def test_the_api_answers_over_http_while_calls_go_on_in_real_time(over_http: tuple[Line, str]) -> None:
    line, base = over_http
    assert requests.get(f"{base}/2010-04-01/Accounts/AC1/Calls/CA1.json", timeout=5).json()["code"] == 20003
    agent = ScriptedAgent(line.exchange, "client:ben", talk_s=2.0)
    over = threading.Event()
    twilio = Client("AC1", "secret", http_client=ToThisMachine(base))
    call = twilio.calls.create(**OWN)
    assert call.sid
    agent.hang_up(line.exchange.legs[call.sid], 10.0)
    line.time.at(line.time.now_s + 14.0, over.set)
    assert over.wait(10)
    fetched = twilio.calls(call.sid).fetch()
    assert (fetched.status, len(line.forms("/key"))) == ("completed", 1)
    assert fetched.duration == "7", "answered at 3 s, hung up at 10 s"


# --- people who act by themselves -----------------------------------------------------------------------------------


def test_scripted_callers_have_patience_and_scripted_agents_take_calls(line: Line) -> None:
    patient = ScriptedCaller(line.exchange, "+14155550123", talk_s=None)
    hasty = ScriptedCaller(line.exchange, "+14155550124", patience_s=12.0)
    patient.call(), hasty.call()
    agent = ScriptedAgent(line.exchange, "client:ben", answer_s=3.0, accept_s=1.0, talk_s=60.0)
    line.wait(20)
    assert (hasty.leg.is_over, hasty.waited_s) == (True, 12.0)
    leg = line.ring()
    line.wait(5)
    queue = line.twilio.queues.list()[0]
    queue.members(patient.leg.sid).update(url=f"{URL}/bridge")
    line.wait(59)
    assert (patient.talked_to, agent.talked) == (["R1"], [(leg.sid, "R1")])
    assert not leg.is_over
    line.wait(2)
    assert leg.is_over, "the agent hangs up after a minute"


@pytest.mark.parametrize(
    ("does", "status"),
    [("decline", "busy"), ("ignore", "no-answer"), ("mailbox", "completed"), ("hang up", "completed")],
)
def test_agents_who_do_not_take_a_call(line: Line, does: Any, status: str) -> None:
    ScriptedAgent(line.exchange, "client:ben", does=does)
    line.ring()
    line.wait(40)
    assert (statuses(line)[-1], line.forms("/key")) == (status, [])


def test_a_key_pressed_while_nobody_listens_is_lost(line: Line) -> None:
    agent, _ = talk(line)
    line.exchange.phone("client:ben").press("9")
    line.wait(1)
    assert agent.talks
    assert Did(line.time.now_s - 1, Key("9"), taken=False) in agent.call.log
