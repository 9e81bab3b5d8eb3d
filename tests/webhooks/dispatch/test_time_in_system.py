"""Places by the time since the call began, from the agents file to the caller's ear."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.model.load import load_text
from tests.support.floor_exchange import company
from tests.support.floors import people_of
from webhooks.carrier.call_log import Heard
from webhooks.carrier.exchange.people import ScriptedCaller
from webhooks.dispatch.rows import floor_rows
from webhooks.store.floor_tables import OFFERS

FLOW = load_text("""
ivr: 1
name: Line
start: tier
nodes:
  tier: {type: collect, say: "Your card.", into: card, digits: 4, timeout: 30s, next: billing, otherwise: billing}
  billing: {type: queue, queue: billing, announce: {position: true, every: 60s}, on: {answered: bye}}
  bye: {type: hangup}
queues: {billing: {}}
""").flow


def heard(caller: ScriptedCaller) -> list[str]:
    said = [entry.text for entry in caller.leg.call.log if isinstance(entry, Heard)]
    return [text for text in said if "number" in text]


@pytest.mark.parametrize(("order", "first"), [("time_in_system", 0), ("time_in_queue", 1)])
def test_who_calls_first_is_answered_first_where_the_routing_says_so(tmp_path: Path, order: str, first: int) -> None:
    """The first calls at 0 s and needs 20 s for their card; the second calls at 5 s and needs 2. Ana comes at 60.

    By time in the system the first of them is told that they are number 1, although the other has joined earlier, and
    Ana's telephone rings for them.
    """
    people = people_of(
        {"ana": {"name": "Ana", "group": "office", "browser": True}},
        routing={"policy": "longest_wait", "order": {"billing": order}},
    )
    with company(str(tmp_path / "calls.sqlite"), FLOW, people) as line:
        line.calls(0.0, keys=("4021",), think_s=20.0, talk_s=10.0)
        line.calls(5.0, keys=("4022",), think_s=2.0, talk_s=10.0)
        line.run_until(15.0)
        assert line.app.extensions["ivr"]["journal"].flush()  # the clock here jumps; the journal's does not
        line.run_until(60.0)
        line.signs_in("ana", answer_s=1.0, accept_s=1.0, talk_s=None)
        line.run_until(66.0)
        early, late = line.callers
        with floor_rows(line.floor.store) as rows:
            (offer,) = rows.offers(OFFERS.c.agent == "ana")
        assert offer.call_sid == line.callers[first].leg.sid
        assert heard(early)[0] == f"You are number {1 if first == 0 else 2} in line."
        assert heard(late)[0] == "You are number 1 in line."  # nobody else had joined by then
