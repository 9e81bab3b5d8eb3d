"""What other software was reported to get wrong between callers, agents and telephones, each with the order forced."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.floor_phones import Desk, address, desk
from tests.support.floors import SetClock, floor_of, offered, people_of, row, signed_in


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Desk]:
    with desk(str(tmp_path / "calls.sqlite")) as line:
        yield line


def test_a_caller_hangs_up_while_a_phone_rings_and_it_stops_at_once(line: Desk) -> None:
    line.ready("ana")
    line.caller()
    line.turn()
    line.hangs_up()
    line.turn()
    assert line.done == [("ring", "CA1"), ("hang_up", "CL0")]
    assert line.history() == [("ana", "cancelled")]
    assert (line.floor.state_of("ana").state, line.floor.state_of("ana").misses) == ("ready", 0)


def test_an_agent_who_hangs_up_during_the_whisper_drops_nobody(line: Desk) -> None:
    line.ready("ana", "ben")
    line.caller("CA1")
    line.caller("CA2")
    line.turn()
    first, second = sorted(line.offers(), key=lambda one: one.call_sid)
    line.picks_up(second.offer)
    line.turn()
    line.picks_up(first.offer, key=None)
    line.leg_ends(first.offer)  # in the middle of the whisper
    line.turn()
    assert line.history("CA1") == [("ana", "declined")]
    assert line.history("CA2") == [("ben", "connected")]
    (waiting,) = line.floor.waiting_now()
    assert (waiting.call_sid, waiting.joined_us) == ("CA1", 1_002_000_000)  # its place
    assert ("hang_up", "CL1") not in line.done


def test_an_agent_who_hangs_up_just_after_taking_a_call_does_not_lose_it(line: Desk) -> None:
    """The caller is on their way into an empty conference, and is brought back to the queue."""
    line.ready("ana")
    caller = line.caller()
    line.turn()
    (offer,) = line.offers()
    line.picks_up(offer.offer)
    caller.ask(caller.onward, QueueResult="redirected")
    line.leg_ends(offer.offer)
    assert ">billing</Enqueue>" in caller.ask(line.url("/bridge", offer.offer))
    assert [one.call_sid for one in line.floor.waiting_now()] == ["CA1"]
    assert (line.floor.state_of("ana").state, line.floor.state_of("ana").calls) == ("ready", 0)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_two_agents_answer_in_the_same_instant(line: Desk, order: tuple[int, int]) -> None:
    """Ana picks up when her time is over and Ben's phone rings already."""
    line.ready("ana", "ben")
    caller = line.caller()
    line.turn()
    (first,) = line.offers()
    line.clock.pass_s(31)
    line.turn()
    (second,) = line.offers()
    legs = [line.legs[one.offer] for one in (first, second)]
    for one in (first, second):
        line.picks_up(one.offer, key=None)
    for which in order:
        one = (first, second)[which]
        legs[which].ask(line.url("/agent/key", one.offer), Digits="1")
    line.turn()
    assert line.history() == [("ana", "missed"), ("ben", "connected")]
    assert legs[1].conference == caller.conference == second.offer
    assert "<Hangup" in legs[0].heard
    assert line.floor.state_of("ana").state == "ready"  # at once, not in reserve


def test_of_two_who_take_a_call_at_once_one_gets_it(database: str) -> None:
    """Two connections, released together: whoever is first, the call has one agent and nobody is stuck."""
    clock = SetClock()
    with floor_of(database, clock=clock) as floor, floor_of(database, clock=clock) as other:
        offer = offered(floor, clock, "ana", "ben")
        together, said = threading.Barrier(2), {}

        def accepts() -> None:
            together.wait()
            said["accepted"] = floor.offer_accepted(offer)

        def gives_up() -> None:
            together.wait()
            other.offer_missed(offer, "missed")
            (second,) = other.dispatch() or ("",)
            said["second"] = bool(second) and other.offer_accepted(second)

        threads = [threading.Thread(target=one) for one in (accepts, gives_up)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        talking = [one.agent for one in floor.agents_now() if one.state.state == "talking"]
        assert len(talking) == 1
        assert talking == (["ana"] if said["accepted"] else ["ben"])
        assert said["second"] is not said["accepted"]
        assert [one.state.state for one in floor.agents_now() if one.agent not in talking] == ["ready"]


def test_an_agent_whose_browser_is_not_registered_is_not_asked_for_ever(line: Desk) -> None:
    line.ready("ana", "ben")
    asked = []
    for number in range(1, 5):
        line.caller(f"CA{number}")
        line.turn()
        (offer,) = line.offers()
        asked.append(offer.agent)
        if offer.agent == "ana":
            line.leg_ends(offer.offer, "failed")
            line.turn()
            (offer,) = line.offers()
            asked.append(offer.agent)
        line.picks_up(offer.offer)
        line.turn()
        line.leg_ends(offer.offer)
        line.floor.wrap_up_done("ben")
        line.clock.pass_s(1)
    assert asked == ["ana", "ben", "ana", "ben", "ana", "ben", "ben"]
    state = line.floor.state_of("ana")
    assert (state.state, state.reason) == ("paused", "missed calls")


def test_the_same_agent_is_not_rung_for_ever_while_others_are_free(line: Desk) -> None:
    line.ready("ana", "ben")
    line.caller()
    line.turn()
    for _ in range(4):
        (offer,) = line.offers()
        line.leg_ends(offer.offer, "no-answer")
        line.clock.pass_s(20)
        line.turn()
    assert [agent for agent, _ in line.history()] == ["ana", "ben", "ana", "ben", "ana"]


def test_an_agent_of_the_first_turn_who_lets_it_ring_does_not_keep_the_call_from_the_second(tmp_path: Path) -> None:
    """By the routing alone Ana would be asked again and again: she comes first."""
    people = people_of(
        {
            "ana": {"name": "Ana", "group": "first", "phone": "+12125550101"},
            "ben": {"name": "Ben", "group": "second", "phone": "+12125550102"},
        },
        groups={"first": {"skills": {"billing": 1}}, "second": {"skills": {"billing": 2}}},
        routing={"policy": "skill_priority"},
    )
    with desk(str(tmp_path / "calls.sqlite"), people) as line:
        line.ready("ana", "ben")
        line.caller()
        line.turn()
        for _ in range(2):
            (offer,) = line.offers()
            line.leg_ends(offer.offer, "no-answer")
            line.clock.pass_s(1)
            line.turn()
        assert [agent for agent, _ in line.history()] == ["ana", "ben"]
        line.clock.pass_s(10)  # both have had their rest: now nobody is left who was not asked
        line.turn()
        assert [agent for agent, _ in line.history()] == ["ana", "ben", "ana"]


def test_no_phone_goes_on_ringing_when_somebody_else_has_taken_the_call(line: Desk) -> None:
    """The ring of the first is being placed when its time is over: the leg is ended as soon as the carrier names it."""
    line.ready("ana", "ben")
    line.caller()
    (first,) = line.floor.dispatch()
    line._claimed()  # sent; the carrier takes its time
    line.clock.pass_s(31)
    line.turn()
    (second,) = line.offers()
    line.picks_up(second.offer)
    line.turn()
    line._ring(first, {})  # now it says that it rings
    line.turn()
    assert line.done[-1] == ("hang_up", line.legs[first].sid)
    assert line.history() == [("ana", "missed"), ("ben", "connected")]


def test_a_caller_who_left_hours_ago_is_not_listed(line: Desk) -> None:
    """Neither the Enqueue's action nor the status callback came."""
    line.ready("ana")
    line.caller("CA1")
    line.clock.pass_s(60)
    line.floor.expire()
    assert [one.call_sid for one in line.floor.waiting_now()] == ["CA1"]
    line.clock.pass_s(3 * 3_600)
    line.turn()
    assert line.floor.waiting_now() == []
    assert line.history() == []


def test_a_talk_of_which_nothing_is_heard_any_more_ends(line: Desk) -> None:
    line.ready("ana")
    line.caller()
    line.turn()
    (offer,) = line.offers()
    line.picks_up(offer.offer)
    line.turn()
    line.clock.pass_s(4 * 3_600 + 1)
    line.floor.expire()
    assert line.history() == [("ana", "ended")]
    assert line.floor.state_of("ana").state == "wrap_up"


def test_a_caller_who_is_left_alone_in_a_conference_is_fetched(line: Desk) -> None:
    """They were moved twice, because an answer was lost, and the second time has ended the conference."""
    line.ready("ana")
    caller = line.caller()
    line.turn()
    (offer,) = line.offers()
    line.picks_up(offer.offer)
    line.turn()
    line.leg_ends(offer.offer)  # Ana is gone, and the Dial's action of the caller never comes
    line.clock.pass_s(4)
    line.turn()
    assert caller.conference
    line.clock.pass_s(1)
    line.turn()
    assert line.done[-1] == ("move", "CA1")
    assert "How was it?" in caller.ask(address(caller.heard, "/voice"))
    line.clock.pass_s(60)
    line.turn()
    assert line.done.count(("move", "CA1")) == 2


def test_wrap_up_has_one_clock_for_all_queues(line: Desk, tmp_path: Path) -> None:
    two = people_of(queues=("billing", "tech"), wrap_up="45s")
    with floor_of(str(tmp_path / "two.sqlite"), two, line.clock) as floor:
        offer = offered(floor, line.clock, "ana")
        floor.offer_accepted(offer)
        floor.offer_connected(offer)
        floor.talk_over(offer)
        floor.call_waits(row("CA2", line.clock, "tech"))
        for _ in range(44):
            line.clock.pass_s(1)
            floor.expire()
            assert floor.dispatch() == []
        line.clock.pass_s(1)
        floor.expire()
        assert len(floor.dispatch()) == 1


def test_a_heavier_call_that_may_not_overflow_yet_does_not_block_a_lighter_one(tmp_path: Path) -> None:
    people = people_of(
        {"gus": {"name": "Gus", "group": "general", "phone": "+12125550103"}},
        queues=("gold", "plain"),
        groups={"general": {"skills": ["gold", "plain"]}},
        routing={"policy": "longest_wait", "priority": {"gold": 100}, "after": {"gold": {"general": "60s"}}},
    )
    with desk(str(tmp_path / "calls.sqlite"), people) as line:
        line.floor.call_waits(row("CG", line.clock, "gold"))
        line.floor.call_waits(row("CP", line.clock, "plain"))
        line.clock.pass_s(1)  # so that Gus looks for a call, and not the calls for him
        line.ready("gus")
        line.floor.dispatch()
        assert [one.call_sid for one in line.offers()] == ["CP"]


def test_one_missed_offer_is_logged_once(line: Desk, caplog: pytest.LogCaptureFixture) -> None:
    line.ready("ana")
    line.caller()
    line.turn()
    (offer,) = line.offers()
    with caplog.at_level(logging.INFO, "ivr.floor"):
        line.leg_ends(offer.offer, "no-answer")
        line.leg_ends(offer.offer, "no-answer")  # the carrier repeats itself
        line.leg_ends(offer.offer, "completed")
        line.clock.pass_s(60)
        line.floor.expire()
    assert [record.message for record in caplog.records] == ["ana did not take CA1: no answer"]
    assert line.floor.state_of("ana").misses == 1


def test_who_becomes_free_while_another_is_asked_gets_the_next_call(line: Desk) -> None:
    line.ready("ana")
    line.caller("CA1")
    line.turn()
    line.caller("CA2")
    line.ready("ben")
    line.turn()
    assert sorted((one.agent, one.call_sid) for one in line.offers()) == [("ana", "CA1"), ("ben", "CA2")]


def test_signed_in_twice_is_signed_in_once(line: Desk) -> None:
    signed_in(line.floor, line.clock, "ana")
    assert not line.floor.sign_in("ana")
    assert line.floor.state_of("ana").state == "ready"
