"""The floor: agents, waiting calls and offers, and how they change together."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.floors import SetClock, floor_of, offered, orders
from webhooks.dispatch.floor import Floor


@pytest.fixture
def clock() -> SetClock:
    return SetClock()


@pytest.fixture
def floor(database: str, clock: SetClock) -> Iterator[Floor]:
    with floor_of(database, clock=clock) as floor:
        yield floor


def test_a_call_goes_from_the_queue_to_wrap_up(floor: Floor, clock: SetClock) -> None:
    offer = offered(floor, clock, "ana", "ben")
    assert orders(floor) == [("ring", "+12125550101")]  # Ana was ready first
    assert floor.state_of("ana").state == "offered"
    assert floor.dispatch() == []
    assert floor.offer_rings(offer, "CA9")
    assert floor.offer_answered(offer)
    clock.pass_s(5)
    assert floor.offer_accepted(offer)
    assert orders(floor) == [("move", "CA1")]
    assert floor.offer_connected(offer)
    assert (floor.state_of("ana").state, floor.waiting_now()) == ("talking", [])
    clock.pass_s(60)
    assert floor.talk_over(offer)
    assert not floor.talk_over(offer)
    state = floor.state_of("ana")
    assert (state.state, state.calls, state.worked_us) == ("wrap_up", 1, 60_000_000)
    clock.pass_s(29)
    floor.expire()
    assert floor.state_of("ana").state == "wrap_up"
    clock.pass_s(2)  # the clock of 30 s is over
    floor.expire()
    assert (floor.state_of("ana").state, floor.state_of("ana").worked_us) == ("ready", 90_000_000)


def test_a_call_that_is_missed_goes_to_the_next_agent(floor: Floor, clock: SetClock) -> None:
    offer = offered(floor, clock, "ana", "ben")
    assert floor.offer_missed(offer, "missed")
    (second,) = floor.dispatch()
    assert floor.offer(second).agent == "ben"
    assert not floor.offer_accepted(offer)


def test_a_caller_who_hangs_up_stops_the_phone(floor: Floor, clock: SetClock) -> None:
    offer = offered(floor, clock, "ana")
    floor.offer_rings(offer, "CA9")
    assert floor.call_left("CA1", "hung up")
    assert orders(floor) == [("hang_up", "CA9")]
    assert floor.state_of("ana").state == "ready"
    assert not floor.offer_accepted(offer)


def test_three_misses_in_a_row_pause_an_agent(floor: Floor, clock: SetClock) -> None:
    offer = offered(floor, clock, "ana")
    for _ in range(2):
        floor.offer_missed(offer, "failed")
        assert floor.dispatch() == []
        clock.pass_s(10)
        (offer,) = floor.dispatch()
    floor.offer_missed(offer, "failed")
    assert (floor.state_of("ana").state, floor.state_of("ana").reason) == ("paused", "missed calls")


def test_an_agent_ends_their_part(floor: Floor, clock: SetClock) -> None:
    """With the caller: wrap-up. Before the caller is there: the call waits on, in its place, and goes to the next."""
    offer = offered(floor, clock, "ana", "ben")
    floor.offer_rings(offer, "CL1")
    assert not floor.hang_up(offer)  # it only rings: that is declined
    floor.offer_accepted(offer)
    assert floor.hang_up(offer)
    assert [(one.call_sid, one.joined_us) for one in floor.waiting_now()] == [("CA1", 1_002_000_000)]
    assert orders(floor)[-1] == ("hang_up", "CL1")
    assert ("move", "CA1") not in orders(floor)  # nobody is brought to a telephone that was hung up
    (second,) = floor.dispatch()
    floor.offer_rings(second, "CL2")
    floor.offer_accepted(second)
    floor.offer_connected(second)
    assert floor.hang_up(second)
    assert not floor.hang_up(second)
    assert orders(floor)[-1] == ("hang_up", "CL2")
    assert [(one.agent, one.state.state) for one in floor.agents_now()] == [("ana", "ready"), ("ben", "wrap_up")]
