"""What a queue node hands to agents at the desk: a whisper, some values with secrets masked, an order, a recording."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.test import Client

from flows.model.load import load_text
from tests.support.floor_phones import Phone, address
from tests.support.floors import people_of
from webhooks.dispatch.floor import Floor
from webhooks.service.app import create_app
from webhooks.settings.config import Config

FLOW = load_text("""
ivr: 1
name: Line
start: tier
nodes:
  tier: {type: collect, say: "Your level.", into: tier, digits: 1, next: card, otherwise: bye}
  card: {type: collect, say: "Your card.", into: card, digits: 6, sensitive: true, next: billing, otherwise: bye}
  billing:
    type: queue
    queue: billing
    urgency: 3
    priority: {value: tier, 1: 10, default: -1}
    whisper: "Level {tier}, card {card}."
    tell: [card]
    record: {notice: This call is recorded.}
    on: {answered: bye, timeout: bye}
  bye: {type: hangup, say: "Goodbye."}
queues: {billing: {label: Bills}}
""").flow


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    config = Config(flow=FLOW, development=True, database=str(tmp_path / "calls.sqlite"))
    app = create_app(config, people_of())
    yield Client(app)
    app.extensions["ivr"]["journal"].flush()
    app.extensions["ivr"]["store"].close()


def waiting(client: Client, sid: str, tier: str) -> str:
    """A caller of a level joins the queue; what they heard before."""
    phone = Phone(client, sid)
    card = phone.ask(address(phone.ask("/voice", CallStatus="ringing"), "/voice"), Digits=tier)
    queue = phone.ask(address(card, "/voice"), Digits="402177")
    phone.ask(address(queue, "/wait"), QueueSid="QU1", QueueTime="0", QueuePosition="1")
    return queue


def floor_of(client: Client) -> Floor:
    return client.application.extensions["ivr"]["staffed"].floor  # type: ignore[attr-defined, no-any-return]


def test_the_urgent_one_who_came_later_is_offered_first(client: Client) -> None:
    """Level 2 comes first with 3 - 1 = 2; level 1 comes after with 3 + 10 = 13."""
    waiting(client, "CA1", "2")
    waiting(client, "CA2", "1")
    floor = floor_of(client)
    assert [floor.call(sid)["urgency"] for sid in ("CA1", "CA2")] == [2.0, 13.0]  # type: ignore[index]
    floor.sign_in("ana")
    floor.ready("ana")
    (offer,) = floor.dispatch()
    assert floor.offer(offer).call_sid == "CA2"  # type: ignore[union-attr]


def test_agents_hear_the_whisper_and_see_what_the_node_tells(client: Client) -> None:
    """The level is not among what they see; of the card they see and hear the end only."""
    heard = waiting(client, "CA1", "1")
    assert "This call is recorded." in heard
    assert "Level 1" not in heard
    floor = floor_of(client)
    told = json.loads(floor.call("CA1")["told"])  # type: ignore[index]
    assert told["values"] == {"card": "••••77"}
    floor.sign_in("ana")
    floor.ready("ana")
    (offer,) = floor.dispatch()
    agent, addresses = Phone(client, "CA9"), client.application.extensions["ivr"]["staffed"].addresses  # type: ignore[attr-defined]
    whisper = agent.ask(addresses.of("/agent", offer))
    assert re.findall(r"<Say[^>]*>([^<]*)</Say>", whisper)[:3] == [
        "Bills. A caller has just come.",
        "Level 1, card a number ending in 7 7.",
        "card: ••••77.",
    ]
    joined = agent.ask(address(whisper, "/agent/key"), Digits="1")
    caller = Phone(client, "CA1").ask(addresses.of("/bridge", offer))
    assert 'record="record-from-start"' in joined
    assert 'record="record-from-start"' in caller
