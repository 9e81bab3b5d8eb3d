"""<Dial> among several calls: a telephone rings and talks, and the first in a queue is connected with who dials it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

import pytest

from webhooks.carrier.call_log import Did, Heard
from webhooks.carrier.exchange import Exchange, VirtualTime
from webhooks.carrier.protocol import HangUp, Number, Spoken, Words
from webhooks.carrier.requests.wsgi import Wsgi

if TYPE_CHECKING:
    from collections.abc import Iterable
    from wsgiref.types import StartResponse, WSGIEnvironment

    from webhooks.carrier.exchange.leg import Leg

ANA = "+12125550101"


class Line:
    """An exchange whose callers hear what the test says, by the number they call."""

    def __init__(self, **documents: str) -> None:
        self.documents = {f"/{name}": text for name, text in documents.items()}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.time = VirtualTime()
        self.exchange = Exchange(Number("http://line.test/voice"), Wsgi(self), time=self.time, run="dialled")

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        form = dict(parse_qsl(environ["wsgi.input"].read().decode()))
        self.asked.append((environ["PATH_INFO"], form))
        start_response("200 OK", [("Content-Type", "text/xml")])
        return [f"<Response>{self.documents.get(environ['PATH_INFO'], '')}</Response>".encode()]

    def calls(self, path: str = "/voice", ani: str = "+14155550123") -> Leg:
        leg = self.exchange.call_in(ani, "+18005550100", number=Number(f"http://line.test{path}"))
        self.passes(0.0)
        return leg

    def passes(self, seconds: float) -> None:
        self.time.run_until(self.time.now_s + seconds)

    def form(self, path: str) -> dict[str, str]:
        (form,) = [form for asked, form in self.asked if asked == path]
        return form


def said_to(leg: Leg) -> list[tuple[str, str]]:
    return [(e.event.text, e.event.by) for e in leg.call.log if isinstance(e, Did) and isinstance(e.event, Spoken)]


def test_a_dialled_telephone_rings_and_both_talk() -> None:
    line = Line(voice=f'<Dial action="/over" timeout="20"><Number>{ANA}</Number></Dial>', over="<Hangup/>")
    phone = line.exchange.phone(ANA)
    caller = line.calls()
    line.passes(5.0)
    assert phone.rings
    assert phone.answer()
    line.passes(1.0)
    assert caller.talks
    assert phone.say("Ana here.")
    line.exchange.post(caller, Words("Hello Ana."))
    line.passes(1.0)
    assert phone.leg is not None
    assert said_to(caller) == [("Ana here.", ANA)]
    assert said_to(phone.leg) == [("Hello Ana.", "+14155550123")]
    leg = phone.leg
    assert phone.hang_up()
    line.passes(1.0)
    over = line.form("/over")
    assert (over["DialCallStatus"], over["DialCallDuration"], over["DialCallSid"]) == ("completed", "2", leg.sid)
    assert (caller.is_over, leg.is_over, phone.leg) == (True, True, None)


@pytest.mark.parametrize(("does", "status", "after_s"), [("decline", "busy", 5.0), ("nothing", "no-answer", 20.0)])
def test_a_telephone_that_is_not_answered(does: str, status: str, after_s: float) -> None:
    line = Line(voice=f'<Dial action="/over" timeout="20"><Number>{ANA}</Number></Dial>')
    phone = line.exchange.phone(ANA)
    line.calls()
    line.passes(5.0)
    if does == "decline":
        assert phone.decline()
    line.passes(after_s - 5.0)
    assert line.form("/over")["DialCallStatus"] == status
    assert not phone.rings


def test_who_hangs_up_stops_the_ringing_and_ends_the_talk() -> None:
    line = Line(voice=f'<Dial action="/over" timeout="20"><Number>{ANA}</Number></Dial>')
    phone = line.exchange.phone(ANA)
    caller = line.calls()
    line.exchange.post(caller, HangUp())
    line.passes(1.0)
    assert not phone.rings
    caller = line.calls()
    assert phone.answer()
    line.passes(1.0)
    leg = phone.leg
    assert leg is not None
    line.exchange.post(caller, HangUp())
    line.passes(1.0)
    assert (leg.is_over, leg.call.status, phone.leg) == (True, "completed", None)


def test_of_several_telephones_the_first_to_answer_has_the_call() -> None:
    line = Line(voice=f"<Dial><Number>{ANA}</Number><Client>ben</Client></Dial>")
    ana, ben = line.exchange.phone(ANA), line.exchange.phone("client:ben")
    caller = line.calls()
    assert (ana.rings, ben.rings) == (True, True)
    assert ben.answer()
    line.passes(1.0)
    assert (ana.leg, caller.talks) == (None, True)
    assert ben.say("Ben here.")
    line.passes(1.0)
    assert said_to(caller) == [("Ben here.", "client:ben")]


@pytest.mark.parametrize("first", ["caller", "agent"])
def test_who_dials_a_queue_talks_to_the_first_in_it(first: str) -> None:
    """Whether the caller waits already, or comes while the agent waits; they hear what the queue's noun says."""
    line = Line(
        voice='<Enqueue action="/left" waitUrl="/wait">tech</Enqueue>',
        wait='<Pause length="10"/>',
        agent='<Dial action="/done"><Queue url="/whisper">tech</Queue></Dial>',
        whisper="<Say>An agent is coming.</Say>",
    )
    if first == "caller":
        caller = line.calls()
        line.passes(3.0)
        agent = line.calls("/agent", ANA)
    else:
        agent = line.calls("/agent", ANA)
        line.passes(3.0)
        caller = line.calls()
    other = line.calls()
    line.passes(5.0)
    assert (caller.talks, agent.talks, other.in_queue) == (True, True, "tech")
    assert "An agent is coming." in [entry.text for entry in caller.call.log if isinstance(entry, Heard)]
    assert line.form("/whisper")["DequeingCallSid"] == agent.sid
    line.exchange.post(agent, Words("How can I help?"))
    line.passes(1.0)
    assert said_to(caller) == [("How can I help?", ANA)]
    line.exchange.post(agent if first == "caller" else caller, HangUp())
    line.passes(1.0)
    assert line.form("/left")["QueueResult"] == "bridged"
    assert line.form("/done")["DequeuedCallSid"] == caller.sid
    assert other.in_queue == "tech"


def test_who_gives_up_on_an_empty_queue_gets_nobody_later() -> None:
    line = Line(
        voice='<Enqueue waitUrl="/wait">tech</Enqueue>',
        wait='<Pause length="10"/>',
        agent='<Dial action="/done" timeout="5"><Queue>tech</Queue></Dial>',
    )
    line.calls("/agent", ANA)
    line.passes(6.0)
    assert line.form("/done")["DialCallStatus"] == "no-answer"
    caller = line.calls()
    line.passes(3.0)
    assert caller.in_queue == "tech"


def test_somebody_who_does_not_get_through_their_own_document_is_hung_up() -> None:
    """They pick up, and what only they hear ends their call; the caller goes on."""
    line = Line(
        voice=f'<Dial action="/over"><Number url="/screen">{ANA}</Number></Dial>',
        screen="<Hangup/>",
        over='<Pause length="60"/>',
    )
    phone = line.exchange.phone(ANA)
    caller = line.calls()
    assert phone.answer()
    line.passes(5.0)
    assert line.form("/over")["DialBridged"] == "false"
    assert (phone.leg, caller.is_over, line.exchange.dialled.peers) == (None, False, {})
