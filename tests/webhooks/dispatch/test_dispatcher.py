"""The dispatcher: one works at a time, another takes over within two seconds, and nothing is lost or done twice."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.floor_phones import Desk, desk
from tests.support.floors import SetClock, floor_of, people_of, row, signed_in
from webhooks.dispatch.dispatcher import LEASE, Dispatcher
from webhooks.dispatch.floor import Floor
from webhooks.dispatch.rows import floor_rows
from webhooks.store.floor_tables import LEASES


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Desk]:
    with desk(str(tmp_path / "calls.sqlite")) as line:
        yield line


def test_one_works_at_a_time_and_another_takes_over_within_two_seconds(line: Desk) -> None:
    first, second = Dispatcher(line.floor, line.carry_out), Dispatcher(line.floor, line.carry_out)
    assert (first.turn(), second.turn()) == (True, False)
    line.clock.pass_s(1.4)
    assert (first.turn(), second.turn()) == (True, False)  # renewed
    line.clock.pass_s(1.5)  # the first is dead
    assert (second.turn(), first.turn()) == (True, False)


def test_who_stops_hands_over_at_once(line: Desk) -> None:
    first, second = Dispatcher(line.floor, line.carry_out), Dispatcher(line.floor, line.carry_out)
    first.start()
    while True:
        with floor_rows(line.floor.store) as rows:
            if rows.one(LEASES, name=LEASE) is not None:
                break
    assert not second.turn()
    first.stop()
    assert second.turn()


def test_a_clock_that_is_set_back_does_not_lend_the_lease_for_hours(line: Desk) -> None:
    first, second = Dispatcher(line.floor, line.carry_out), Dispatcher(line.floor, line.carry_out)
    assert first.turn()
    line.clock.pass_s(-3_600)
    assert second.turn()


@pytest.mark.parametrize("died", ["before it was sent", "while the phone rang", "after the key"])
def test_a_dispatcher_that_dies_in_the_middle_of_an_offer_is_replaced(line: Desk, died: str) -> None:
    line.ready("ana", "ben")
    caller = line.caller()
    first = Dispatcher(line.floor, lambda: None if died == "before it was sent" else line.carry_out())
    assert first.turn()
    (offer,) = line.offers()
    if died == "after the key":
        line.picks_up(offer.offer)
    del first
    line.clock.pass_s(1.5)
    second = Dispatcher(line.floor, line.carry_out)
    assert second.turn()
    if died != "after the key":
        line.picks_up(offer.offer)
        assert second.turn()
    assert line.done == [("ring", "CA1"), ("move", "CA1")]
    assert line.legs[offer.offer].conference == caller.conference == offer.offer
    assert line.history() == [("ana", "connected")]


def test_a_task_that_fails_is_tried_again_and_logged_once(line: Desk, caplog: pytest.LogCaptureFixture) -> None:
    tries = []

    def carry_out() -> None:
        tries.append(1)
        if len(tries) < 3:
            raise RuntimeError

    dispatcher = Dispatcher(line.floor, carry_out)
    for _ in range(4):
        dispatcher._tried()
    assert len(tries) == 4
    assert [record.message for record in caplog.records] == [
        "the floor cannot be worked on now (RuntimeError); callers wait, and it is tried again",
        "the floor can be worked on again",
    ]


def test_a_change_wakes_the_dispatcher_of_its_process(line: Desk) -> None:
    made = threading.Event()
    dispatcher = Dispatcher(line.floor, lambda: made.set() if line.offers() else None)
    line.ready("ana")
    dispatcher.start()
    line.caller()
    assert made.wait(5.0)
    dispatcher.stop()


# -- pages and callers that vanish ------------------------------------------------------------------------------------

BROWSERS = {
    "ana": {"name": "Ana", "group": "office", "browser": True},
    "ben": {"name": "Ben", "group": "office", "phone": "+12125550102"},
}


@pytest.fixture
def floor(tmp_path: Path) -> Iterator[tuple[Floor, SetClock]]:
    clock = SetClock()
    with floor_of(str(tmp_path / "calls.sqlite"), people_of(BROWSERS), clock) as floor:
        yield floor, clock


def test_a_page_that_falls_silent_takes_its_browser_off_the_floor(floor: tuple[Floor, SetClock]) -> None:
    of, clock = floor
    signed_in(of, clock, "ana", "ben")
    clock.pass_s(29)
    of.alive("ana")
    clock.pass_s(29)
    of.expire()
    assert of.state_of("ana").state == "ready"
    clock.pass_s(2)
    of.expire()
    assert (of.state_of("ana").state, of.state_of("ana").reason) == ("paused", "gone")
    assert of.state_of("ben").state == "ready"  # whose telephone rings wherever the page is
    of.alive("ana")
    assert of.state_of("ana").state == "ready"


def test_who_is_not_heard_of_for_hours_is_signed_out(floor: tuple[Floor, SetClock]) -> None:
    of, clock = floor
    signed_in(of, clock, "ben")
    clock.pass_s(4 * 3_600 + 1)
    of.expire()
    assert of.state_of("ben").state == "signed_out"


def test_a_pause_that_was_asked_for_in_a_talk_comes_after_it(floor: tuple[Floor, SetClock]) -> None:
    of, clock = floor
    signed_in(of, clock, "ben")
    of.call_waits(row("CA1", clock))
    (offer,) = of.dispatch()
    of.offer_accepted(offer)
    of.offer_connected(offer)
    assert of.pause("ben", "lunch")
    assert not of.sign_out("ben")
    of.talk_over(offer)
    clock.pass_s(31)
    of.alive("ben")
    of.expire()
    assert (of.state_of("ben").state, of.state_of("ben").reason) == ("paused", "lunch")
    day = of.day_of("ben", 0)
    assert (day.calls, day.missed, day.spent_us["wrap_up"], day.paused_us["lunch"]) == (1, 0, 30_000_000, 1_000_000)


def test_who_pauses_or_leaves_while_their_phone_rings_declines(floor: tuple[Floor, SetClock]) -> None:
    of, clock = floor
    signed_in(of, clock, "ben")
    of.call_waits(row("CA1", clock))
    (offer,) = of.dispatch()
    assert of.sign_out("ben")
    assert (of.offer(offer).state, of.state_of("ben").state) == ("declined", "signed_out")


# -- the database -----------------------------------------------------------------------------------------------------


def test_a_database_that_stops_and_starts_loses_nobody(own_postgresql) -> None:  # type: ignore[no-untyped-def]
    """The dispatcher's thread goes on by itself, and the call that waited is offered."""
    database = own_postgresql.fresh()
    with floor_of(database, clock=None) as floor:
        clock = floor._clock
        assert isinstance(clock, SetClock)
        signed_in(floor, clock, "ana")
        dispatcher = Dispatcher(floor, lambda: None)
        dispatcher.start()
        own_postgresql.stop()
        with pytest.raises(sa.exc.SQLAlchemyError):
            floor.call_waits(row("CA1", clock))
        own_postgresql.start()
        until = time.monotonic() + 20
        while time.monotonic() < until:
            try:
                if floor.call("CA1") is None:
                    floor.call_waits(row("CA1", clock))  # the carrier asks again
                if floor.offer_of_call("CA1"):
                    break
            except sa.exc.SQLAlchemyError:
                time.sleep(0.1)
            clock.pass_s(0.5)
        assert floor.state_of("ana").state == "offered"
        dispatcher.stop()
