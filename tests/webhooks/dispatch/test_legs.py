"""What callers and agents hear on their way to each other, over HTTP as the carrier asks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from flows.model.load import load_text
from tests.support.floor_phones import Phone, address
from tests.support.floors import orders, people_of
from webhooks.dispatch.floor import Floor
from webhooks.service.app import create_app
from webhooks.service.staffed import Staffed
from webhooks.settings.config import Config

FLOW = load_text("""
ivr: 1
name: Line
start: tier
nodes:
  tier: {type: collect, say: "Your card.", into: card, digits: 4, sensitive: true, next: billing, otherwise: bye}
  billing: {type: queue, queue: billing, urgency: 3, on: {answered: survey, timeout: bye}}
  survey: {type: play, say: "How was it?", next: bye}
  bye: {type: hangup, say: "Goodbye."}
queues: {billing: {label: Bills}}
""").flow


class Service:
    """A service whose queues are answered by Ana and Ben."""

    def __init__(self, database: str) -> None:
        self.app = create_app(Config(flow=FLOW, development=True, database=database), people_of())
        self.staffed: Staffed = self.app.extensions["ivr"]["staffed"]
        self.floor: Floor = self.staffed.floor
        self.client = Client(self.app)

    def waiting(self, sid: str = "CA1") -> Phone:
        """A caller who has come into the queue, and hears what callers hear there."""
        phone = Phone(self.client, sid)
        card = phone.ask("/voice", CallStatus="ringing")
        queue = phone.ask(address(card, "/voice"), Digits="4021")
        assert self.app.extensions["ivr"]["journal"].flush()
        phone.ask(address(queue, "/wait"), QueueSid="QU1", QueueTime="0", QueuePosition="1")
        phone.onward = address(queue, "/voice")  # type: ignore[attr-defined]
        return phone

    def url(self, path: str, offer: str) -> str:
        return self.staffed.addresses.of(path, offer)


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    service = Service(str(tmp_path / "calls.sqlite"))
    yield service
    service.app.extensions["ivr"]["journal"].flush()
    service.app.extensions["ivr"]["store"].close()


def ready(service: Service, *agents: str) -> None:
    for agent in agents:
        service.floor.sign_in(agent)
        service.floor.ready(agent)


def test_a_call_is_whispered_taken_bridged_and_goes_on(service: Service) -> None:
    ready(service, "ana")
    caller = service.waiting()
    (offer,) = service.floor.dispatch()
    agent = Phone(service.client, "CA9")
    assert agent.ask(service.url("/agent/status", offer), CallStatus="ringing") == "204 NO CONTENT"
    whisper = agent.ask(service.url("/agent", offer))
    assert re.findall(r"<Say[^>]*>([^<]*)</Say>", whisper) == 2 * [
        "Bills. A caller has just come.",
        "card: ••••.",
        "Press 1 to take the call.",
    ]
    bridge = agent.ask(address(whisper, "/agent/key"), Digits="1")
    assert f">{offer}</Conference>" in bridge
    assert agent.ask(address(whisper, "/agent/key"), Digits="1") == bridge  # the carrier asks again
    assert ("move", "CA1") in orders(service.floor)
    assert caller.ask(caller.onward, QueueResult="redirected").endswith("<Response />")
    joined = caller.ask(service.url("/bridge", offer))
    assert f">{offer}</Conference>" in joined
    assert service.floor.offer(offer).state == "connected"
    goes_on = caller.ask(address(joined, "/voice"), DialCallStatus="completed")
    assert "How was it?" in goes_on
    assert service.floor.state_of("ana").state == "wrap_up"
    assert "<Hangup" in agent.ask(address(bridge, "/agent/over"), DialCallStatus="completed")
    assert agent.ask(service.url("/agent/status", offer), CallStatus="completed") == "204 NO CONTENT"
    assert service.floor.state_of("ana").calls == 1


def test_a_mailbox_and_a_wrong_key_do_not_take_the_call(service: Service) -> None:
    ready(service, "ana", "ben")
    service.waiting()
    (offer,) = service.floor.dispatch()
    agent = Phone(service.client, "CA9")
    whisper = agent.ask(service.url("/agent", offer))
    assert "<Hangup" in agent.ask(address(whisper, "/agent/key"))
    (second,) = service.floor.dispatch()
    assert [service.floor.offer(one).state for one in (offer, second)] == ["mailbox", "made"]
    other = Phone(service.client, "CA8")
    assert "<Hangup" in other.ask(address(other.ask(service.url("/agent", second)), "/agent/key"), Digits="5")
    assert service.floor.offer(second).state == "declined"


def test_an_agent_who_is_late_hears_that_the_caller_has_gone(service: Service) -> None:
    ready(service, "ana")
    caller = service.waiting()
    (offer,) = service.floor.dispatch()
    caller.ask("/status", CallStatus="completed")
    assert "no longer there" in Phone(service.client, "CA9").ask(service.url("/agent", offer))


def test_a_forged_address_is_refused(service: Service) -> None:
    assert service.client.post("/agent?c=AAAAAAAAAAAAAAAA", data={"CallSid": "CA1"}).status_code == 403
