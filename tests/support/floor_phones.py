"""A service whose queues people answer, and a carrier of paper that carries out its orders when the test says so.

Nothing happens by itself: the clock stands, orders wait until `carry_out`, and callers and agents do what the test
lets them do. So each order of events can be forced.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa
from werkzeug.test import Client

from flows.model.flow import Flow
from flows.model.load import load_text
from tests.support.floors import SetClock, people_of
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.people import FixedPeople
from webhooks.dispatch.rows import Offer, floor_rows
from webhooks.service.app import create_app
from webhooks.service.staffed import Staffed
from webhooks.settings.config import Config
from webhooks.store.floor_tables import OFFERS, ORDERS

__all__ = ["FLOW", "Desk", "Phone", "address", "desk"]

FLOW = load_text("""
ivr: 1
name: Line
start: tier
nodes:
  tier: {type: collect, say: "Your card.", into: card, digits: 4, sensitive: true, next: billing, otherwise: bye}
  billing:
    type: queue
    queue: billing
    urgency: 3
    max_wait: 10m
    while_waiting: {pound: bye}
    on: {answered: survey, timeout: bye, full: bye}
  survey: {type: play, say: "How was it?", next: bye}
  bye: {type: hangup, say: "Goodbye."}
queues: {billing: {label: Bills, max_calls: 5}}
""").flow


def address(document: str, path: str) -> str:
    """The address of a path in a document."""
    found = re.search(rf'["/>]({path}\?c=[^"#<]+)', document)
    assert found, document
    return found[1]


@dataclass
class Phone:
    """The carrier's requests about one call or leg."""

    client: Client
    sid: str
    heard: str = ""
    onward: str = ""

    def ask(self, url: str, **form: str) -> str:
        """The document for a request, or the status line of an answer without one."""
        form = {"CallSid": self.sid, "CallStatus": "in-progress", "From": "+14155550123", **form}
        answer = self.client.post(url.partition("#")[0], data=form)
        self.heard = answer.get_data(as_text=True) or answer.status
        return self.heard

    @property
    def conference(self) -> str:
        """The conference that the last document leads to; empty if it leads to none."""
        found = re.search(r">([0-9a-f]+)</Conference>", self.heard)
        return found[1] if found else ""


@dataclass
class Desk:
    """The service, its floor, and everybody on the telephone."""

    app: Any
    clock: SetClock
    legs: dict[str, Phone] = field(default_factory=dict)
    """By offer, the leg of the agent."""
    callers: dict[str, Phone] = field(default_factory=dict)
    guests: dict[str, Phone] = field(default_factory=dict)
    """By offer, whom the agent has asked from outside."""
    done: list[tuple[str, str]] = field(default_factory=list)
    """Orders that were carried out, and which call they were about."""

    @property
    def staffed(self) -> Staffed:
        return self.app.extensions["ivr"]["staffed"]

    @property
    def floor(self) -> Floor:
        return self.staffed.floor

    def url(self, path: str, offer: str) -> str:
        return self.staffed.addresses.of(path, offer)

    def ready(self, *agents: str) -> None:
        """Agents who sign in and are ready, one second after the other."""
        for agent in agents:
            self.floor.sign_in(agent)
            self.floor.ready(agent)
            self.clock.pass_s(1)

    def caller(self, sid: str = "CA1") -> Phone:
        """A caller who has come into the queue, and hears what callers hear there."""
        phone = self.callers[sid] = Phone(Client(self.app), sid)
        card = phone.ask("/voice", CallStatus="ringing")
        queue = phone.ask(address(card, "/voice"), Digits="4021")
        phone.onward = address(queue, "/voice")
        phone.ask(address(queue, "/wait"), QueueSid="QU1", QueueTime="0", QueuePosition="1")
        return phone

    def offers(self) -> list[Offer]:
        """The live offers."""
        with floor_rows(self.floor.store) as rows:
            return rows.live_offers()

    def history(self, sid: str = "CA1") -> list[tuple[str, str]]:
        """Who was offered a call, and how that ended."""
        with floor_rows(self.floor.store) as rows:
            return [(one.agent, one.state) for one in rows.offers(OFFERS.c.call_sid == sid)]

    def turn(self) -> None:
        """What the dispatcher does in a turn, with a carrier that is quick."""
        self.floor.expire()
        self.floor.dispatch()
        self.carry_out()

    def carry_out(self) -> None:
        """Let the carrier do what it was asked for."""
        while orders := self._claimed():
            for order in orders:
                about = json.loads(order["details"])
                self.done.append((order["what"], about["call_sid"]))
                getattr(self, f"_{order['what']}")(order["offer"], about)

    def picks_up(self, offer: str, key: str | None = "1") -> Phone:
        """The agent picks up, hears the whisper and presses a key."""
        leg = self.legs[offer]
        leg.ask(self.url("/agent", offer))
        if key is not None:
            leg.ask(address(leg.heard, "/agent/key"), **({"Digits": key} if key else {}))
        return leg

    def leg_ends(self, offer: str, status: str = "completed") -> None:
        """The carrier reports that the agent's leg is over."""
        self.legs[offer].ask(self.url("/agent/status", offer), CallStatus=status)

    def hangs_up(self, sid: str = "CA1") -> None:
        """The caller hangs up while they wait: the Enqueue's action, and the status callback."""
        caller = self.callers[sid]
        caller.ask(caller.onward, QueueResult="hangup", CallStatus="completed")
        caller.ask("/status", CallStatus="completed")

    def _claimed(self) -> list[dict[str, Any]]:
        with floor_rows(self.floor.store) as rows:
            orders = rows.all(ORDERS, ORDERS.c.state == "planned")
            rows.connection.execute(sa.update(ORDERS).where(ORDERS.c.state == "planned").values(state="done"))
            return orders

    def _ring(self, offer: str, about: dict[str, Any]) -> None:
        leg = self.legs[offer] = Phone(Client(self.app), f"CL{len(self.legs)}")
        leg.ask(self.url("/agent/status", offer), CallStatus="ringing")

    def _dial(self, offer: str, about: dict[str, Any]) -> None:
        guest = self.guests[offer] = Phone(Client(self.app), f"CG{len(self.guests)}")
        guest.ask(self.url("/guest/status", offer), CallStatus="ringing")

    def _hang_up(self, offer: str, about: dict[str, Any]) -> None:
        if offer in self.guests and self.guests[offer].sid == about["call_sid"]:
            self.guests[offer].ask(self.url("/guest/status", offer), CallStatus="canceled")
            return
        self.leg_ends(offer, "canceled" if not self.legs[offer].conference else "completed")

    def _move(self, offer: str, about: dict[str, Any]) -> None:
        caller = self.callers[about["call_sid"]]
        caller.ask(caller.onward, QueueResult="redirected")
        caller.ask(self.url(about["path"], offer))


@contextmanager
def desk(database: str, people: FixedPeople | None = None, flow: Flow = FLOW) -> Iterator[Desk]:
    """A service with Ana and Ben, unless others are named."""
    clock = SetClock()
    began = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
    config = Config(
        flow=flow,
        development=True,
        database=database,
        clock=lambda: began + dt.timedelta(microseconds=clock.now_us),
    )
    app = create_app(config, people or people_of())
    made = Desk(app, clock)
    made.floor._clock = clock  # type: ignore[attr-defined]
    yield made
    app.extensions["ivr"]["journal"].flush()
    app.extensions["ivr"]["store"].close()
