"""What callers hear of their place and wait is the dispatcher's order, whatever the carrier's queue says."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest
from werkzeug.test import Client

from flows.model.load import load_text
from tests.support.floor_phones import Desk, Phone, address, desk
from webhooks.store.database import OutOfReachError

FLOW = load_text("""
ivr: 1
name: Line
start: main
nodes:
  main:
    type: menu
    choices:
      - {key: 1, label: gold, next: gold}
      - {key: 2, label: plain, next: plain}
    otherwise: plain
  gold: {type: queue, queue: billing, urgency: 3, announce: {position: true, expected_wait: true}, on: {answered: bye}}
  plain: {type: queue, queue: billing, announce: {position: true, expected_wait: true}, on: {answered: bye}}
  bye: {type: hangup, say: "Goodbye."}
queues: {billing: {}}
""").flow


@pytest.fixture
def line(tmp_path: Path) -> Iterator[Desk]:
    with desk(str(tmp_path / "calls.sqlite"), flow=FLOW) as line:
        yield line


def calls(line: Desk, sid: str, key: str, position: int) -> str:
    """Somebody calls, presses a key and waits; `position` is the carrier's. The address of what they hear there."""
    phone = line.callers[sid] = Phone(Client(line.app), sid)
    queue = phone.ask(address(phone.ask("/voice", CallStatus="ringing"), "/voice"), Digits=key)
    phone.onward = address(queue, "/voice")
    wait = address(queue, "/wait")
    hears(line, sid, wait, position)
    line.clock.pass_s(1)
    return wait


def hears(line: Desk, sid: str, wait: str, position: int, waited_s: int = 0) -> list[str]:
    """What they hear about their place and wait."""
    said = line.callers[sid].ask(
        wait, QueueSid="QU1", QueueTime=str(waited_s), QueuePosition=str(position), AvgQueueTime="1200"
    )
    return [text for text in re.findall(r"<Say[^>]*>([^<]+)</Say>", said) if "number" in text or "expected" in text]


def talks(line: Desk, sid: str, seconds: float) -> None:
    """The call that is being offered is taken, talked and wrapped up (30 s)."""
    (offer,) = line.offers()
    assert offer.call_sid == sid
    line.picks_up(offer.offer)
    line.carry_out()
    line.clock.pass_s(seconds)
    line.leg_ends(offer.offer)
    line.clock.pass_s(30)
    line.floor.expire()


def test_an_urgent_caller_who_comes_later_is_told_that_they_are_first(line: Desk) -> None:
    plain = calls(line, "CA1", "2", 1)
    assert hears(line, "CA1", plain, 1) == ["You are number 1 in line."]
    gold = calls(line, "CA2", "1", 2)
    assert hears(line, "CA2", gold, 2) == ["You are number 1 in line."]
    assert hears(line, "CA1", plain, 1) == ["You are number 2 in line."]
    later = calls(line, "CA3", "2", 3)
    assert hears(line, "CA3", later, 3) == ["You are number 3 in line."]
    line.ready("ana")
    line.turn()
    assert [one.call_sid for one in line.offers()] == ["CA2"]
    assert hears(line, "CA1", plain, 1) == ["You are number 1 in line."]
    assert hears(line, "CA2", gold, 2) == ["You are number 1 in line."]  # Ana's telephone rings for them


def test_the_expected_wait_is_that_of_the_calls_before_them(line: Desk) -> None:
    """Ana and Ben; one call took 50 s and its wrap-up 30 s. Third in the order: 3 x 80 s / 2 agents = 2 minutes. With
    Ben in a pause: 4.
    """
    waits = {sid: calls(line, sid, "2", n) for n, sid in enumerate(["CA1", "CA2", "CA3", "CA4"], 1)}
    line.ready("ana")
    line.turn()
    talks(line, "CA1", 50.0)
    line.ready("ben")
    line.floor.pause("ana", "lunch")
    line.floor.pause("ben", "lunch")
    assert hears(line, "CA4", waits["CA4"], 1) == ["You are number 3 in line."]  # nobody works
    line.floor.ready("ana")
    assert hears(line, "CA4", waits["CA4"], 1)[1:] == ["The expected wait is 4 minutes."]
    line.floor.ready("ben")
    assert hears(line, "CA4", waits["CA4"], 1)[1:] == ["The expected wait is 2 minutes."]


def test_nothing_is_promised_while_the_floor_is_out_of_reach(line: Desk) -> None:
    wait = calls(line, "CA1", "2", 1)

    def away() -> NoReturn:
        raise OutOfReachError("no answer")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(line.floor.store, "transaction", away)
        assert hears(line, "CA1", wait, 7) == []
    assert hears(line, "CA1", wait, 7) == ["You are number 1 in line."]
