"""A caller who is handed to a number: its virtual telephone rings, and both talk; if nobody is there, they wait on."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.model.load import load_text
from tests.support.floor_exchange import Company, company
from tests.support.floors import people_of
from webhooks.carrier.exchange.people import ScriptedAgent

FLOW = load_text("""
ivr: 1
name: Line
start: billing
nodes:
  billing: {type: queue, queue: billing, on: {answered: bye}}
  bye: {type: hangup, say: "Goodbye."}
queues: {billing: {}}
""").flow
ELSEWHERE = "+14155550199"


def handed(line: Company, does: str) -> ScriptedAgent:
    """Ana talks with a caller and hands them to a number, at whose telephone somebody is, or nobody."""
    line.signs_in("ana", answer_s=1.0, accept_s=1.0, talk_s=None)
    line.calls(0.0)
    line.run_until(30.0)  # the whisper is heard twice before its question
    offer = line.floor.offer_of("ana")
    assert offer is not None
    there = ScriptedAgent(line.exchange, ELSEWHERE, does=does, answer_s=2.0, talk_s=20.0)
    assert line.floor.transfer(offer.offer, ELSEWHERE, "cold")
    line.floor.pause("ana", "lunch")
    line.run_until(36.0)
    return there


@pytest.fixture
def line(tmp_path: Path):  # type: ignore[no-untyped-def]
    people = people_of({"ana": {"name": "Ana", "group": "office", "browser": True}}, wrap_up="5s")
    with company(str(tmp_path / "calls.sqlite"), FLOW, people) as line:
        yield line


def test_the_telephone_of_the_number_rings_and_the_flow_goes_on_after_the_talk(line: Company) -> None:
    there = handed(line, "answer")
    (caller,) = line.callers
    assert [leg.call.parameters()["Direction"] for leg in there.rung] == ["outbound-dial"]
    assert (caller.leg.talks, len(there.talked)) == (True, 1)
    line.run_until(80.0)
    assert (caller.leg.is_over, caller.leg.call.status) == (True, "completed")
    assert line.floor.waiting_now() == []


def test_a_caller_whom_nobody_takes_there_waits_in_the_queue_again(line: Company) -> None:
    there = handed(line, "ignore")
    (caller,) = line.callers
    assert there.phone.rings
    line.run_until(75.0)  # it rings for 30 s
    assert not there.phone.rings
    assert caller.leg.in_queue == "billing"
    assert [one.call_sid for one in line.floor.waiting_now()] == [caller.leg.sid]
