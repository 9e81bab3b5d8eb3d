"""Faults under load: whoever dies, every caller is answered or led on, nobody has two calls, and the records are right.

A hundred callers and twenty agents for a minute, in which the dispatcher is killed again and again, in the middle of
what it asks of the carrier: before the carrier has heard, or after. Some agents let it ring, some are mailboxes, some
decline, some vanish.
"""

from __future__ import annotations

from collections import Counter
from itertools import pairwise
from pathlib import Path

from flows.model.load import load_text
from ivr.records.schema import OUTCOMES
from tests.support.floor_exchange import Company, company
from tests.support.floors import people_of
from webhooks.dispatch.rows import floor_rows
from webhooks.store import read_records
from webhooks.store.floor_tables import OFFERS, ORDERS

FLOW = load_text("""
ivr: 1
name: Line
start: billing
nodes:
  billing: {type: queue, queue: billing, max_wait: 4m, on: {answered: bye, timeout: sorry}}
  sorry: {type: hangup, say: "Nobody is free."}
  bye: {type: hangup}
queues: {billing: {}}
""").flow
AGENTS = [f"a{number:02d}" for number in range(20)]
HABITS = {"a03": "ignore", "a07": "mailbox", "a11": "decline", "a15": "hang up"}


def people() -> object:
    return people_of({name: {"name": name, "group": "office", "browser": True} for name in AGENTS}, wrap_up="5s")


def open_company(line: Company) -> None:
    for name in AGENTS:
        line.signs_in(name, does=HABITS.get(name, "answer"), answer_s=2.0, accept_s=1.0, talk_s=20.0)
    for number in range(100):
        line.calls(0.6 * number, patience_s=None if number % 4 else 25.0)


def overlaps(line: Company, by: str) -> list[str]:
    """Agents, or calls, of whom two offers held at the same time."""
    with floor_rows(line.floor.store) as rows:
        offers = rows.offers(OFFERS.c.accepted_us.is_not(None))
    found = []
    for name in {getattr(one, by) for one in offers}:
        times = sorted((one.accepted_us, one.ended_us) for one in offers if getattr(one, by) == name)
        found += [name for (_, end), (begin, _) in pairwise(times) if end is None or begin < end]
    return found


def test_a_dispatcher_that_is_killed_every_second_loses_nobody(tmp_path: Path) -> None:
    database = str(tmp_path / "calls.sqlite")
    with company(database, FLOW, people()) as line:
        open_company(line)
        line.killing = True
        line.run_until(60.0)
        line.killing = False
        for name in ("a01", "a02"):  # their machines lose power
            line.agents[name].does = "ignore"
        line.run_until(400.0)
        assert line.kills > 20
        # Everybody is gone: answered, out of patience, or told by the flow that nobody is free.
        assert [caller.leg.is_over for caller in line.callers] == [True] * 100
        talked = [caller.leg.sid for caller in line.callers if caller.talked_to]
        assert all(caller.talked_to or caller.waited_s >= 25.0 for caller in line.callers)
        assert len(talked) > 50
        # Never two in a conference but one caller and one agent; no call with two agents, no agent with two calls.
        assert line.most_in_room == 2
        assert overlaps(line, "agent") == overlaps(line, "call_sid") == []
        # No telephone was rung twice for an offer, and none is still ringing.
        rung = Counter(leg.order.url for leg in line.exchange.legs.values() if leg.order is not None)
        assert set(rung.values()) == {1}
        assert [leg.sid for leg in line.exchange.legs.values() if not leg.is_over] == []
        assert {one.state.state for one in line.floor.agents_now()} <= {"ready", "paused"}
        with floor_rows(line.floor.store) as rows:
            assert rows.live_offers() == []
            assert {order["state"] for order in rows.all(ORDERS)} <= {"done", "failed"}
        assert line.app.extensions["ivr"]["journal"].flush()
        records = read_records(database)
        handled = [OUTCOMES[code] == "handled" for code in records.calls["outcome"]]
        assert sum(handled) == len(talked)
        assert (records.visits["agent"] >= 0).sum() == len(talked)
