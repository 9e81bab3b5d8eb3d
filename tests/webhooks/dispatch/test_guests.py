"""Somebody outside is asked into a conversation: the agent sees how far it is, and the caller is never lost."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.floor_phones import Desk, address, desk
from webhooks.desk.call_in_hand import shown
from webhooks.desk.number_in_hand import NumberInHand

NUMBER = "+14155550199"


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Desk]:
    with desk(str(tmp_path / "calls.sqlite")) as line:
        yield line


def asked(line: Desk) -> str:
    """Ana talks with a caller and has asked somebody outside; the offer."""
    line.ready("ana")
    line.caller()
    line.turn()
    (offer,) = line.offers()
    line.picks_up(offer.offer)
    line.turn()
    assert line.floor.transfer(offer.offer, NUMBER, "warm")
    line.turn()
    return offer.offer


def seen(line: Desk, offer: str) -> str:
    """What Ana sees of the guest."""
    one = line.floor.offer(offer)
    assert one is not None
    told = shown(line.floor.store, line.app.extensions["ivr"]["line"].flows[-1], one, NumberInHand())["guest"]
    assert NUMBER not in str(told)
    return str(told)


def ana_leaves(line: Desk, offer: str, *, caller_first: bool) -> None:
    """Ana ends her part; the requests of her leg and of the caller's come in either order."""
    caller = line.callers["CA1"]
    assert line.floor.hang_up(offer)
    if caller_first:
        caller.ask(caller.onward, DialCallStatus="completed")
    line.turn()
    if not caller_first:
        caller.ask(caller.onward, DialCallStatus="completed")


@pytest.mark.parametrize(
    ("status", "why"),
    [("no-answer", "no answer"), ("busy", "busy"), ("failed", "could not be called"), ("canceled", "not called")],
)
def test_the_agent_sees_that_a_guest_does_not_answer_and_keeps_the_caller(line: Desk, status: str, why: str) -> None:
    offer = asked(line)
    assert seen(line, offer) == "The number is being called"
    line.guests[offer].ask(line.url("/guest/status", offer), CallStatus=status)
    assert seen(line, offer) == f"The number: {why}"
    assert line.history() == [("ana", "connected")]
    assert line.callers["CA1"].conference == offer
    assert line.floor.transfer(offer, NUMBER, "warm")  # another may be asked now
    assert seen(line, offer) == "The number is being called"


def test_only_one_guest_is_asked_at_a_time(line: Desk) -> None:
    assert not line.floor.transfer(asked(line), NUMBER, "warm")


@pytest.mark.parametrize("caller_first", [True, False])
def test_the_agent_leaves_caller_and_guest_to_each_other(line: Desk, caller_first: bool) -> None:
    offer = asked(line)
    guest, caller = line.guests[offer], line.callers["CA1"]
    assert guest.ask(line.url("/guest", offer)) == guest.ask(line.url("/guest", offer))  # repeated
    assert (guest.conference, seen(line, offer)) == (offer, "The number is on the line")
    ana_leaves(line, offer, caller_first=caller_first)
    guest.ask(line.url("/guest/over", offer))
    assert guest.conference == caller.conference == f"{offer}fe"
    assert line.floor.state_of("ana").state == "wrap_up"
    line.clock.pass_s(60)
    line.turn()  # nobody fetches the caller
    assert line.done[-1][0] == "hang_up"
    guest.ask(line.url("/guest/status", offer), CallStatus="completed")
    assert "/voice" in caller.ask(line.url("/guest/caller", offer), DialCallStatus="completed")
    assert "How was it?" in caller.ask(address(caller.heard, "/voice"))
    assert line.floor.waiting_now() == []


@pytest.mark.parametrize("how", ["status", "nothing", "not placed"])
def test_a_caller_who_is_left_to_a_guest_who_does_not_come_waits_on_in_front(line: Desk, how: str) -> None:
    """Told by the carrier; by nobody, so that the time of a telephone and ten seconds count; or refused at once."""
    offer = asked(line)
    ana_leaves(line, offer, caller_first=True)
    line.floor.pause("ana", "lunch")
    caller = line.callers["CA1"]
    assert caller.conference == f"{offer}fe"
    if how == "status":
        line.guests[offer].ask(line.url("/guest/status", offer), CallStatus="no-answer")
    elif how == "not placed":
        line.floor.guest_ends(offer, "could not be called")
    else:
        line.clock.pass_s(34)
        line.turn()
        assert line.floor.waiting_now() == []
        line.clock.pass_s(1)
    line.ready("ben")
    line.floor.expire()
    line.carry_out()
    assert ">billing</Enqueue>" in caller.heard
    (waiting,) = line.floor.waiting_now()
    assert (waiting.call_sid, waiting.joined_us) == ("CA1", 1_001_000_000)  # the place they had
    line.turn()
    assert line.history() == [("ana", "ended"), ("ben", "ringing")]
    assert "<Hangup" in line.guests[offer].ask(line.url("/guest", offer))  # too late


@pytest.mark.parametrize("there", [True, False])
def test_a_caller_who_hangs_up_takes_the_guest_along(line: Desk, there: bool) -> None:
    offer = asked(line)
    if there:
        line.guests[offer].ask(line.url("/guest", offer))
    line.callers["CA1"].ask("/status", CallStatus="completed")
    line.turn()
    assert ("hang_up", line.guests[offer].sid) in line.done
    assert line.history() == [("ana", "ended")]
    assert "<Hangup" in line.guests[offer].ask(line.url("/guest/over", offer))


def test_a_guest_who_leaves_first_leaves_the_caller_with_the_agent(line: Desk) -> None:
    offer = asked(line)
    guest = line.guests[offer]
    guest.ask(line.url("/guest", offer))
    guest.ask(line.url("/guest/over", offer), CallStatus="completed")
    assert seen(line, offer) == "The number: has left"
    assert line.history() == [("ana", "connected")]
    assert not line.floor.guest_rings(offer, "CG9")  # a leg that turns up now is ended
    line.turn()
    assert ("hang_up", "CG9") in line.done
