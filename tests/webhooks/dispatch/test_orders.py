"""Orders to the carrier under every fault: no call placed twice, none lost."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from tests.support.twilio_rest import ACCOUNT, CALLER, QUEUE, TOKEN, Done, FakeTwilio, Line
from webhooks.dispatch.orders import Orders
from webhooks.dispatch.telephone import Telephone
from webhooks.dispatch.twilio_telephone import TwilioTelephone
from webhooks.store import Store
from webhooks.store.floor_tables import OFFERS, ORDERS

AGENT, LINE, CUSTOMER = "+14155550101", "+14155550100", "+14155550123"
FAULTS = ("ok", "429", "500", "503", "500 done", "lost", "dropped", "refused", "garbage")
RING = {"to": AGENT, "agent": "ana", "call_sid": CALLER, "timeout_s": 20}
MOVE = {"queue_sid": QUEUE, "call_sid": CALLER, "path": "/bridge", "offer": "o1"}
S = 1_000_000


@dataclass
class News:
    """What was told."""

    told: list[tuple[str, ...]] = field(default_factory=list)

    def offer_rings(self, offer: str, leg_sid: str) -> None:
        self.told.append(("rings", offer, leg_sid))

    def offer_missed(self, offer: str, how: str) -> None:
        self.told.append(("missed", offer, how))

    def move_failed(self, offer: str, call_sid: str, *, gone: bool) -> None:
        self.told.append(("not moved", call_sid, "gone" if gone else "waits"))

    def dial_placed(self, offer: str, leg_sid: str) -> None:
        self.told.append(("dialled", offer, leg_sid))

    def dial_failed(self, offer: str, how: str) -> None:
        self.told.append(("not dialled", offer, how))

    def guest_placed(self, offer: str, leg_sid: str) -> None:
        self.told.append(("guest", offer, leg_sid))

    def guest_failed(self, offer: str, how: str) -> None:
        self.told.append(("no guest", offer, how))


class Desk:
    """Orders, their carrier and their clock."""

    def __init__(self, store: Store, telephone: Telephone | None = None) -> None:
        self.store, self.now_us = store, 1_000_000 * S
        self.carrier, self.news = FakeTwilio(), News()
        self.telephone = telephone or TwilioTelephone(ACCOUNT, TOKEN, http_client=Line(self.carrier))
        self.orders = self.worker(self.telephone)

    def worker(self, telephone: Telephone) -> Orders:
        return Orders(
            self.store,
            telephone,
            self.news,
            lambda path, offer: f"https://ivr.example.com{path}?c={offer}",
            from_number=LINE,
            number_of=lambda call: CUSTOMER if call == "CB1" else "",
            clock_us=lambda: self.now_us,
        )

    def order(self, what: str, details: dict[str, Any], offer: str = "o1", state: str = "made") -> int:
        """Plan an order, and its offer."""
        row = {"offer": offer, "agent": f"of {offer}", "call_sid": f"for {offer}", "queue": "q", "state": state}
        with self.store.transaction() as connection:
            if not connection.scalar(sa.select(OFFERS.c.offer).where(OFFERS.c.offer == offer)):
                connection.execute(sa.insert(OFFERS), {**row, "made_us": self.now_us})
            planned = {"what": what, "details": json.dumps(details), "state": "planned", "tries": 0, "offer": offer}
            made = connection.execute(
                sa.insert(ORDERS).values(**planned, made_us=self.now_us, next_us=self.now_us).returning(ORDERS.c.id)
            )
            return int(made.scalar_one())

    def row(self, number: int) -> Any:
        with self.store.transaction() as connection:
            return connection.execute(sa.select(ORDERS).where(ORDERS.c.id == number)).mappings().one()

    def run(self, number: int) -> Any:
        """Carry out until the order is over; its row."""
        for _ in range(60):
            self.orders.carry_out(wait=True)
            row = self.row(number)
            if row["state"] in ("done", "failed"):
                return row
            self.now_us = self.carrier_now(row["next_us"])
        raise AssertionError(f"never over: {dict(row)}")

    def carrier_now(self, now_us: int) -> int:
        self.carrier.now_s = now_us // S
        return max(now_us, self.now_us)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    store = Store(str(tmp_path_factory.mktemp("orders") / "calls.sqlite"))
    yield store
    store.close()


@pytest.fixture
def desk(store: Store) -> Iterator[Desk]:
    desk = Desk(store)
    yield desk
    desk.orders.close()
    with store.transaction() as connection:
        connection.execute(sa.delete(ORDERS))
        connection.execute(sa.delete(OFFERS))


def test_an_agents_phone_is_called_once_and_told_where_to_go(desk: Desk) -> None:
    row = desk.run(desk.order("ring", RING))
    (sid,) = desk.carrier.calls
    assert (row["state"], row["result"], desk.news.told) == ("done", sid, [("rings", "o1", sid)])
    (done,) = desk.carrier.done
    assert done.form["Url"] == "https://ivr.example.com/agent?c=o1"
    assert (done.form["StatusCallback"], done.form["Timeout"]) == ("https://ivr.example.com/agent/status?c=o1", "20")


def test_no_call_is_placed_twice_and_none_is_lost_whatever_goes_wrong(desk: Desk) -> None:
    """Every pair of faults, with lists of calls that lag behind by nothing and by two looks."""
    pairs = [("ok", "ok"), *itertools.product(FAULTS[1:], FAULTS)]  # nothing follows what went well
    for number, (faults, late) in enumerate(itertools.product(pairs, (0, 2))):
        offer = f"o{number}"
        before = set(desk.carrier.calls)
        desk.carrier.faults, desk.carrier.unlisted = list(faults), late
        row = desk.run(desk.order("ring", RING, offer))
        placed = sorted(set(desk.carrier.calls) - before)
        expected = [("rings", offer, placed[0])] if placed else [("missed", offer, "failed")]
        assert (len(placed) <= 1, desk.news.told) == (True, expected), (faults, late)
        assert row["state"] == ("done" if placed else "failed"), (faults, late)
        if not set(faults) & {"500", "503", "dropped"}:  # the others leave no doubt, or the call was placed
            assert placed, (faults, late)
        desk.news.told.clear()
        desk.now_us += 60 * S
        desk.carrier_now(desk.now_us)
    assert desk.carrier.wrong == []


@pytest.mark.parametrize("what", ["move", "hang_up"])
def test_what_may_be_repeated_is_repeated_until_it_is_done(desk: Desk, what: str) -> None:
    details, repeat = {"move": (MOVE, 2), "hang_up": ({"call_sid": CALLER}, 1)}[what]
    for number, faults in enumerate(itertools.product(FAULTS, repeat=repeat)):
        desk.carrier.faults, desk.carrier.done = list(faults), []
        row = desk.run(desk.order(what, details, f"o{number}"))
        assert (row["state"], desk.carrier.done != [], desk.news.told) == ("done", True, []), faults


def test_pauses_grow_and_the_carriers_own_wish_is_kept(desk: Desk) -> None:
    """Half a second, doubled each time; after 429 the two seconds that the carrier asked for."""
    number = desk.order("hang_up", {"call_sid": CALLER})
    desk.carrier.faults = ["500", "500", "429", "500"]
    began_us, pauses = desk.now_us, []
    while desk.row(number)["state"] != "done":
        desk.orders.carry_out(wait=True)
        pauses.append(desk.row(number)["next_us"] - desk.now_us)
        desk.now_us = desk.row(number)["next_us"]
    assert [pause / S for pause in pauses[:4]] == [0.5, 1, 2, 4]
    assert desk.now_us - began_us >= 7.5 * S


def test_who_waits_is_told_when_the_carrier_refuses_too_long(desk: Desk) -> None:
    """0.5 + 1 + 2 + 4 s of pauses; the next, 8 s, would end after the 10 s that anybody waits."""
    desk.carrier.faults = ["500"] * 9
    row = desk.run(desk.order("move", MOVE))
    assert (row["state"], row["tries"], desk.news.told) == ("failed", 5, [("not moved", CALLER, "waits")])


def test_a_caller_who_has_left_is_not_looked_for_in_the_queue(desk: Desk) -> None:
    desk.carrier.gone = {CALLER}
    row = desk.run(desk.order("move", MOVE))
    assert (row["state"], row["tries"], desk.news.told) == ("failed", 1, [("not moved", CALLER, "gone")])
    assert desk.run(desk.order("hang_up", {"call_sid": CALLER}))["state"] == "done"


def test_a_call_that_was_reported_is_not_looked_for(desk: Desk) -> None:
    number = desk.order("ring", RING)
    desk.carrier.faults = ["lost"]
    desk.orders.carry_out(wait=True)
    assert desk.row(number)["state"] == "unknown"
    (sid,) = desk.carrier.calls
    desk.orders.found("o1", sid)
    assert (desk.row(number)["state"], desk.row(number)["result"]) == ("done", sid)
    desk.now_us += 60 * S
    desk.orders.carry_out(wait=True)
    assert desk.news.told == []


def test_a_call_that_ended_unseen_ends_the_offer(desk: Desk) -> None:
    number = desk.order("ring", RING)
    desk.carrier.faults = ["lost"]
    desk.orders.carry_out(wait=True)
    (sid,) = desk.carrier.calls
    desk.carrier.calls[sid]["status"] = "busy"
    assert desk.run(number)["state"] == "done"
    assert desk.news.told == [("rings", "o1", sid), ("missed", "o1", "busy")]


def test_two_agents_at_one_number_have_a_call_each(desk: Desk) -> None:
    """Both answers are lost: each order finds a call that is not the other's."""
    desk.carrier.faults = ["lost", "lost"]
    first, second = desk.order("ring", RING, "o1"), desk.order("ring", RING, "o2")
    desk.run(first), desk.run(second)
    assert {desk.row(first)["result"], desk.row(second)["result"]} == set(desk.carrier.calls)
    assert len(desk.carrier.calls) == 2


def test_a_phone_does_not_ring_for_an_offer_that_is_over(desk: Desk) -> None:
    number = desk.order("ring", RING, state="cancelled")
    assert (desk.run(number)["state"], desk.carrier.calls) == ("failed", {})


@pytest.mark.parametrize("sent", [True, False])
def test_the_next_worker_finishes_what_a_dead_one_has_begun(desk: Desk, sent: bool) -> None:
    class Dies(TwilioTelephone):
        def ring(self, *args: Any, **named: Any) -> str:
            if sent:
                super().ring(*args, **named)
            raise SystemExit

    number = desk.order("ring", RING)
    dying = desk.worker(Dies(ACCOUNT, TOKEN, http_client=Line(desk.carrier)))
    with pytest.raises(SystemExit):
        dying.carry_out(wait=True)
    dying.close()
    assert desk.row(number)["state"] == "sending"
    row = desk.run(number)
    assert row["done_us"] - row["made_us"] < 8 * S  # it need not wait for the lease of 10 s
    assert (row["state"], len(desk.carrier.calls)) == (("done", 1) if sent else ("failed", 0))
    assert desk.news.told == ([("rings", "o1", row["result"])] if sent else [("missed", "o1", "failed")])


def test_two_workers_share_orders_without_placing_one_twice(desk: Desk) -> None:
    numbers = [desk.order("ring", {**RING, "to": f"+1415555{number:04}"}, f"o{number}") for number in range(24)]
    other = desk.worker(desk.telephone)
    with ThreadPoolExecutor(2) as both:
        for _ in range(12):
            list(both.map(lambda one: one.carry_out(wait=True), (desk.orders, other)))
    other.close()
    for number in numbers:
        assert desk.run(number)["state"] == "done"
    assert sorted(call["to"] for call in desk.carrier.calls.values()) == [f"+1415555{n:04}" for n in range(24)]


def test_the_caller_of_a_callback_is_dialled_at_the_number_they_gave(desk: Desk) -> None:
    desk.run(desk.order("dial", {"call_sid": "CB1", "conference": "o1"}))
    (sid,) = desk.carrier.calls
    (done,) = desk.carrier.done
    assert (done.form["To"], done.form["Url"]) == (CUSTOMER, "https://ivr.example.com/callback?c=o1")
    assert desk.news.told == [("dialled", "o1", sid)]
    desk.run(desk.order("dial", {"call_sid": "CA9", "conference": "o1", "to": "+14155550177"}))
    assert desk.carrier.done[1].form["Url"] == "https://ivr.example.com/guest?c=o1"
    assert desk.news.told.pop()[:2] == ("guest", "o1")
    desk.carrier.faults = ["refused"] * 50
    desk.run(desk.order("dial", {"call_sid": "CA9", "conference": "o1", "to": "+14155550177"}))
    desk.carrier.faults = []
    assert desk.news.told.pop() == ("no guest", "o1", "failed")
    unknown = desk.run(desk.order("dial", {"call_sid": "CB2", "conference": "o2"}, "o2"))
    assert (unknown["state"], unknown["result"]) == ("failed", "the number is no longer known")
    assert desk.news.told[1:] == [("not dialled", "o2", "failed")]


@pytest.mark.parametrize("fault", FAULTS)
def test_a_message_is_sent_at_most_once(desk: Desk, fault: str) -> None:
    """Whether one arrived whose answer was lost cannot be found out; nobody gets two."""
    desk.carrier.faults = [fault]
    row = desk.run(desk.order("message", {"to": CUSTOMER, "text": "We call you back."}))
    sent = [done for done in desk.carrier.done if done.operation == "CreateMessage"]
    assert len(sent) == (0 if fault in ("500", "503", "dropped") else 1)
    assert row["state"] == ("done" if fault in ("ok", "429", "refused") else "failed")


def test_one_order_that_cannot_be_read_does_not_stop_the_others(desk: Desk, tmp_path: Path) -> None:
    broken, good = desk.order("move", {}, "o1"), desk.order("hang_up", {"call_sid": CALLER}, "o2")
    desk.orders.carry_out(wait=True)
    assert [desk.row(number)["state"] for number in (broken, good)] == ["sending", "done"]
    assert desk.carrier.done == [Done("UpdateCall", {"AccountSid": ACCOUNT, "Sid": CALLER}, {"Status": "completed"})]
