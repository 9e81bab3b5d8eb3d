"""Promised callbacks: due, offered in their place, dialled, tried again, marked."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from flows.model.flow import Flow
from flows.protocol.actions import Book
from tests.support.floors import SetClock, floor_of, orders, row, signed_in
from tests.support.twilio_rest import ACCOUNT, TOKEN, FakeTwilio, Line
from webhooks.dispatch.callback_due import due_us
from webhooks.dispatch.callback_legs import CallbackLegs
from webhooks.dispatch.callbacks import CallbackWork, callback_result, open_callbacks
from webhooks.dispatch.leg_addresses import LegAddresses
from webhooks.dispatch.order_news import FloorNews
from webhooks.dispatch.orders import Orders
from webhooks.dispatch.rows import floor_rows
from webhooks.dispatch.silent_calls import SilentCalls
from webhooks.dispatch.twilio_telephone import TwilioTelephone
from webhooks.security.caller_numbers import CallerNumbers
from webhooks.security.sealed_cursor import Seal
from webhooks.settings.spending import AllowedNumbers
from webhooks.store.effect_ledger import Callbacks, EffectLedger
from webhooks.store.floor_tables import WAITING
from webhooks.store.privacy import erase
from webhooks.store.tables import CALLBACKS, METADATA
from webhooks.store.waiting_names import waiting_sid

FLOW = Flow.model_validate(
    {
        "ivr": "1",
        "name": "Northwind",
        "start": "promise",
        "nodes": {
            "promise": {"type": "callback", "tries": 2, "again": "10m", "on": {"failed": "bye"}, "otherwise": "bye"},
            "bye": {"type": "hangup"},
        },
    }
)
CALL, SEQ = "CA" + "1" * 32, 4
SID = waiting_sid(CALL, SEQ)
LINE, CUSTOMER, ANA = "+12125550100", "+12125550123", "+12125550101"
S = 1_000_000


class Bench:
    """A floor with callbacks and a carrier."""

    def __init__(self, floor: Any, clock: SetClock) -> None:
        self.floor, self.clock, self.carrier = floor, clock, FakeTwilio()
        self.work = CallbackWork(floor, lambda: FLOW, AllowedNumbers(("US",)), LINE)
        self.addresses = LegAddresses("https://ivr.example.com", Seal(("a secret of sixteen characters or more",)))
        self.legs = CallbackLegs(floor, self.work, self.addresses, lambda: FLOW).endpoints()
        self.orders = Orders(
            floor.store,
            TwilioTelephone(ACCOUNT, TOKEN, http_client=Line(self.carrier)),
            FloorNews(floor, self.work),
            self.addresses.of,
            from_number=LINE,
            number_of=self.work.number_of,
            clock_us=clock,
        )

    def promise(self, window: str = "now", number: str = CUSTOMER, call_sid: str = CALL) -> None:
        with EffectLedger(self.floor.store).entry(call_sid, SEQ, patience_s=1) as entry:
            entry.begin("promise", self.clock.now_us)
        book = Book("promise", number, window, "billing", ("booked", "failed"))
        assert Callbacks(self.floor.store).promise(book, call_sid, SEQ, self.clock.now_us)

    def turn(self) -> list[str]:
        """What the dispatcher does in one turn."""
        self.clock.pass_s(1)
        self.floor.expire()
        self.work.turn()
        offers = self.floor.dispatch()
        self.orders.carry_out(wait=True)
        return list(offers)

    def taken(self) -> str:
        """An agent takes the callback, and its caller is dialled; the offer."""
        (offer,) = self.turn()
        self.floor.offer_answered(offer)
        assert self.floor.offer_accepted(offer)
        self.orders.carry_out(wait=True)
        return offer

    def says(self, path: str, offer: str, **form: str) -> str:
        sealed = self.addresses.of(path, offer).partition("?c=")[2].partition("#")[0]
        return self.legs[path](form, sealed).decode()

    @property
    def dialled(self) -> list[str]:
        return [call["to"] for call in self.carrier.calls.values()]

    @property
    def shown(self) -> dict[str, Any]:
        (one,) = open_callbacks(self.floor.store)
        return one


@contextmanager
def bench_on(database: str) -> Iterator[Bench]:
    clock = SetClock()
    with floor_of(database, clock=clock) as floor:
        bench = Bench(floor, clock)
        yield bench
        bench.orders.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(tmp_path_factory.mktemp("callbacks") / "calls.sqlite")


@pytest.fixture
def bench(file: str) -> Iterator[Bench]:
    with bench_on(file) as bench:
        yield bench
        with bench.floor.store.transaction() as connection:
            for table in METADATA.tables.values():
                connection.execute(sa.delete(table))


def test_a_callback_is_offered_dialled_and_marked(database: str) -> None:
    with bench_on(database) as bench:
        offered_dialled_and_marked(bench)


def offered_dialled_and_marked(bench: Bench) -> None:
    asked_us = bench.clock.now_us
    bench.promise()
    signed_in(bench.floor, bench.clock, "ana")
    offer = bench.taken()
    assert bench.dialled == [ANA, CUSTOMER]
    assert (bench.shown["state"], bench.shown["agent"], bench.floor.state_of("ana").state) == (
        "taken",
        "ana",
        "talking",
    )
    heard = bench.says("/callback", offer, CallSid="CA2")
    assert heard.index("This is Northwind. You asked us to call you back.") < heard.index(f">{offer}</Conference>")
    bench.says("/callback/status", offer, CallStatus="completed")
    assert bench.shown == {
        "call_sid": CALL,
        "seq": SEQ,
        "queue": "billing",
        "number": "•••••••••123",
        "due": "now",
        "at_us": asked_us,
        "next_us": None,
        "done_us": bench.clock.now_us,
        "tries": 1,
        "state": "done",
        "agent": "ana",
        "note": None,
    }
    assert bench.floor.state_of("ana").state == "wrap_up"
    assert bench.floor.waiting_now() == []
    assert bench.carrier.wrong == []


def test_a_callback_has_the_place_of_its_caller(bench: Bench) -> None:
    """Asked before a call that waits now, and after another."""
    floor, clock = bench.floor, bench.clock
    floor.call_waits(row("CA-first", clock))
    clock.pass_s(5)
    bench.promise()
    clock.pass_s(5)
    floor.call_waits(row("CA-last", clock))
    bench.turn()
    assert [call.call_sid for call in floor.waiting_now()] == ["CA-first", SID, "CA-last"]
    told = floor.waiting_now()[1].told
    assert (told["caller"], told["tries"], told["work"]) == ("•••••••••123", 0, [CALL, SEQ])
    signed_in(floor, clock, "ana", "ben")
    first, second = bench.turn()
    assert [floor.offer(one).call_sid for one in (first, second)] == ["CA-first", SID]


@pytest.mark.parametrize("status", ["no-answer", "busy", "failed"])
def test_who_does_not_answer_is_called_again_as_the_flow_says(bench: Bench, status: str) -> None:
    """Two tries, ten minutes apart: then no more."""
    bench.promise()
    signed_in(bench.floor, bench.clock, "ana")
    offer = bench.taken()
    bench.says("/callback/status", offer, CallStatus=status)
    tried_us = bench.clock.now_us
    assert (bench.shown["state"], bench.shown["tries"]) == ("open", 1)
    assert bench.shown["next_us"] == tried_us + 600 * S
    assert bench.floor.state_of("ana").state == "wrap_up"
    assert ("hang_up", bench.floor.offer(offer).leg_sid) in orders(bench.floor)  # the agent's phone
    bench.floor.ready("ana")
    bench.clock.pass_s(590)
    bench.floor.alive("ana")
    assert bench.turn() == []
    bench.clock.pass_s(10)
    again = bench.taken()
    assert bench.dialled == [ANA, CUSTOMER, ANA, CUSTOMER]
    bench.says("/callback/status", again, CallStatus=status)
    assert (bench.shown["state"], bench.shown["tries"], bench.shown["next_us"]) == ("failed", 2, None)
    bench.floor.ready("ana")
    bench.clock.pass_s(3_600)
    assert bench.turn() == []


class Ended:
    """Hands on what is found out about callbacks."""

    def __init__(self, legs: CallbackLegs) -> None:
        self.callback_over = legs.ended

    def agent_over(self, offer: str, status: str) -> None:
        raise AssertionError(offer)

    guest_over = agent_over

    def caller_over(self, call_sid: str) -> None:
        raise AssertionError(call_sid)


def test_that_somebody_did_not_answer_is_found_out_when_the_carrier_does_not_report_it(bench: Bench) -> None:
    """Asked after 15 s, while the agent waits for them; the callback is tried again, and the agent wraps up."""
    bench.promise()
    signed_in(bench.floor, bench.clock, "ana")
    bench.taken()
    legs = CallbackLegs(bench.floor, bench.work, bench.addresses, lambda: FLOW)
    telephone = TwilioTelephone(ACCOUNT, TOKEN, http_client=Line(bench.carrier))
    silent = SilentCalls(bench.floor.store, telephone, Ended(legs), bench.clock)
    agent, customer = bench.carrier.calls
    bench.carrier.calls[agent]["status"] = "in-progress"
    bench.carrier.calls[customer]["status"] = "no-answer"
    bench.clock.pass_s(14)
    silent.turn(wait=True)
    assert (bench.shown["state"], bench.shown["tries"]) == ("taken", 0)
    bench.clock.pass_s(1)
    silent.turn(wait=True)
    assert (bench.shown["state"], bench.shown["tries"], bench.shown["note"]) == ("open", 1, "no answer")
    assert bench.floor.state_of("ana").state == "wrap_up"


def test_a_status_that_comes_twice_counts_once(bench: Bench) -> None:
    bench.promise()
    signed_in(bench.floor, bench.clock, "ana")
    offer = bench.taken()
    for _ in range(2):
        bench.says("/callback/status", offer, CallStatus="busy")
    assert bench.shown["tries"] == 1


def test_a_caller_is_not_left_with_nobody_when_the_agent_has_gone(bench: Bench) -> None:
    bench.promise()
    signed_in(bench.floor, bench.clock, "ana")
    offer = bench.taken()
    bench.floor.leg_over(offer)
    bench.turn()
    ended = [done.path["Sid"] for done in bench.carrier.done if done.form.get("Status") == "completed"]
    (leg,) = [sid for sid, call in bench.carrier.calls.items() if call["to"] == CUSTOMER]
    assert leg in ended
    assert (bench.shown["state"], bench.shown["note"]) == ("open", "the agent has gone")
    assert "<Hangup" in bench.says("/callback", offer, CallSid=leg)
    assert bench.shown["state"] == "open"


def test_a_callback_that_an_agent_does_not_take_goes_to_the_next(bench: Bench) -> None:
    bench.promise()
    signed_in(bench.floor, bench.clock, "ana", "ben")
    (offer,) = bench.turn()
    bench.floor.offer_declined(offer)
    (second,) = bench.turn()
    assert (bench.floor.offer(offer).agent, bench.floor.offer(second).agent) == ("ana", "ben")
    assert bench.shown["tries"] == 0


@pytest.mark.parametrize("number", ["+19005550100", "+442079460123", "banana"])
def test_a_number_that_may_not_be_called_is_not_dialled(bench: Bench, number: str) -> None:
    bench.promise(number=number)
    signed_in(bench.floor, bench.clock, "ana")
    bench.taken()
    assert bench.dialled == [ANA]
    assert bench.shown["note"] == "failed"


def test_a_number_without_a_country_is_of_the_lines(bench: Bench) -> None:
    bench.promise(number="(212) 555-0123")
    signed_in(bench.floor, bench.clock, "ana")
    bench.taken()
    assert bench.dialled == [ANA, CUSTOMER]


def test_a_promise_that_was_erased_is_kept_no_more(bench: Bench) -> None:
    bench.promise()
    signed_in(bench.floor, bench.clock, "ana")
    (offer,) = bench.turn()
    with bench.floor.store.transaction() as connection:
        connection.execute(sa.delete(CALLBACKS))
    bench.floor.offer_accepted(offer)
    bench.orders.carry_out(wait=True)
    assert bench.dialled == [ANA]
    assert open_callbacks(bench.floor.store) == []


def test_an_erased_callback_leaves_nothing_told_on_the_floor(bench: Bench) -> None:
    """Also one that was promised to this number in somebody else's call. Its offer lives, so the floor keeps that."""
    bench.promise()
    signed_in(bench.floor, bench.clock, "ana")
    bench.taken()
    numbers = CallerNumbers(("a secret of sixteen characters or more",))
    gone = erase(bench.floor.store, numbers, CUSTOMER, bench.clock.now_us)
    assert {name: gone.rows[name] for name in ("callbacks", "work", "waiting", "orders")} == {
        "callbacks": 1,
        "work": 1,
        "waiting": 1,
        "orders": 2,
    }
    kept = bench.floor.call(SID)
    assert kept is not None
    assert kept["told"] == "{}"


@pytest.mark.parametrize("when", ["before it waits", "while it waits", "while a phone rings", "when it is taken"])
def test_an_erased_callback_is_offered_to_nobody_and_no_digit_of_it_is_kept(bench: Bench, when: str) -> None:
    """Erased at any moment: between the look for what is due and the row in the queue, too."""
    bench.promise()
    signed_in(bench.floor, bench.clock, *(["ana"] if "phone" in when or "taken" in when else []))
    erases = partial(erase, bench.floor.store, CallerNumbers(("a secret of sixteen characters or more",)), CUSTOMER)
    if when == "before it waits":
        waits = bench.floor.call_waits
        bench.floor.call_waits = lambda row: (erases(bench.clock.now_us), waits(row))[1]
        bench.turn()
        bench.floor.call_waits = waits
    else:
        (offer,) = bench.turn() or ("",)
        if when == "when it is taken":
            bench.floor.offer_answered(offer)
            bench.floor.offer_accepted(offer)
        erases(bench.clock.now_us)
        bench.orders.carry_out(wait=True)
        if when == "while a phone rings":
            bench.floor.offer_missed(offer, "missed")
    signed_in(bench.floor, bench.clock, "ben")
    bench.clock.pass_s(15)
    assert [bench.turn(), bench.turn()] == [[], []]
    with floor_rows(bench.floor.store) as rows:
        assert {one["told"] for one in rows.all(WAITING)} <= {"{}"}
        assert {one["state"] for one in rows.all(WAITING)} <= {"left"}
        assert rows.live_offers() == []
    assert CUSTOMER not in bench.dialled


def test_an_agent_says_how_it_went(bench: Bench) -> None:
    """Whoever reaches a mailbox has it tried again: in ten minutes, as the flow says."""
    bench.promise()
    signed_in(bench.floor, bench.clock, "ana")
    offer = bench.taken()
    bench.says("/callback", offer, CallSid="CA2")
    bench.says("/callback/over", offer)
    store, now_us = bench.floor.store, bench.clock.now_us
    assert callback_result(store, CALL, SEQ, "ana", "again", flow=FLOW, now_us=now_us, note="a mailbox")
    assert (bench.shown["state"], bench.shown["note"]) == ("open", "a mailbox")
    assert bench.shown["next_us"] == now_us + 600 * S
    bench.floor.ready("ana")
    bench.clock.pass_s(600)
    bench.floor.alive("ana")
    bench.taken()
    assert bench.dialled == [ANA, CUSTOMER] * 2
    assert callback_result(store, CALL, SEQ, "ana", "failed", flow=FLOW, now_us=now_us)
    assert bench.shown["state"] == "failed"
    assert not callback_result(store, "CA-unknown", 1, "ana", "done", flow=FLOW, now_us=now_us)
    with pytest.raises(ValueError, match="'maybe' is not one of done, again, failed"):
        callback_result(store, CALL, SEQ, "ana", "maybe", flow=FLOW, now_us=now_us)


OFFICE = FLOW.model_copy(
    update={
        "hours": Flow.model_validate(
            {
                "ivr": "1",
                "name": "x",
                "start": "bye",
                "nodes": {"bye": {"type": "hangup"}},
                "hours": {"office": {"zone": "America/New_York", "mon-fri": "08:00-20:00", "closed": ["2026-12-25"]}},
            }
        ).hours
    }
)


@pytest.mark.parametrize(
    ("asked", "due", "expected"),
    [
        ("2026-11-30 09:00:30", "now", "2026-11-30 09:00:30"),
        ("2026-11-30 09:00", "hour", "2026-11-30 09:30"),
        ("2026-11-30 19:45", "hour", "2026-12-01 08:00"),  # 20:15 is after hours
        ("2026-11-30 09:00", "later", "2026-11-30 11:00"),
        ("2026-11-30 17:30", "later", "2026-11-30 19:00"),  # an hour before the line closes
        ("2026-11-30 19:30", "later", "2026-11-30 19:30"),
        ("2026-11-28 12:00", "now", "2026-11-30 08:00"),  # a Saturday
        ("2026-12-24 19:50", "hour", "2026-12-28 08:00"),  # over a day that is closed, and a weekend
        ("2026-11-30 09:00", "2026-12-01T15:30", "2026-12-01 15:30"),
        ("2026-11-30 09:00", "2026-12-05T15:30", "2026-12-07 08:00"),
        ("2026-11-30 09:00", "2026-11-29T15:30", "2026-11-30 09:00"),  # an appointment that is past
        ("2026-11-30 09:00", "2026-13-45T15:30", "2026-11-30 09:00"),
        ("2026-10-30 19:50", "hour", "2026-11-02 08:00"),  # over the end of summer time
    ],
)
def test_due_in_the_hours_and_the_zone_of_the_line(asked: str, due: str, expected: str) -> None:
    zone = ZoneInfo("America/New_York")
    at, then = (
        round(dt.datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * S) for text in (asked, expected)
    )
    assert due_us(OFFICE, due, at) == then


def test_without_opening_hours_only_the_clock_counts() -> None:
    assert [due_us(FLOW, due, 0) // S for due in ("now", "hour", "later", "1970-01-02T00:00")] == [
        0,
        1800,
        7200,
        86_400,
    ]
