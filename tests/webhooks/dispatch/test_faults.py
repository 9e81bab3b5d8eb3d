"""Faults under load: whoever dies, every caller is answered or led on, nobody has two calls, and the records are right.

The dispatcher is killed again and again, in the middle of what it asks of the carrier: before the carrier has heard, or
after. Some agents let it ring, some are mailboxes, some
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
from webhooks.dispatch.people import FixedPeople
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
HABITS = {3: "ignore", 4: "mailbox", 5: "decline", 6: "hang up"}


def people(agents: int) -> FixedPeople:
    names = [f"a{number:02d}" for number in range(agents)]
    return people_of({name: {"name": name, "group": "office", "browser": True} for name in names}, wrap_up="5s")


def open_company(line: Company, *, callers: int, per_s: float) -> None:
    """The agents are ready, and callers call one after the other; every fourth is impatient."""
    for number, name in enumerate(line.floor.people.agents.agents):
        line.signs_in(name, does=HABITS.get(number, "answer"), answer_s=2.0, accept_s=1.0, talk_s=20.0)
    for number in range(callers):
        line.calls(number / per_s, patience_s=None if number % 4 else 25.0)


def overlaps(line: Company, by: str) -> list[str]:
    """Agents, or calls, of whom two offers held at the same time."""
    with floor_rows(line.floor.store) as rows:
        offers = rows.offers(OFFERS.c.accepted_us.is_not(None))
    found = []
    for name in {getattr(one, by) for one in offers}:
        times = sorted((one.accepted_us, one.ended_us) for one in offers if getattr(one, by) == name)
        found += [name for (_, end), (begin, _) in pairwise(times) if end is None or begin < end]
    return found


def killed_again_and_again(database: str, *, agents: int, callers: int, seconds: float) -> int:
    """The whole story, and everything that must be true at its end; how often the dispatcher was killed."""
    with company(database, FLOW, people(agents)) as line:
        open_company(line, callers=callers, per_s=callers / seconds)
        line.killing = True
        line.run_until(seconds)
        line.killing, line.turn_s = False, 2.0
        for name in ("a01", "a02"):  # their machines lose power
            line.agents[name].does = "ignore"
        line.run_until(seconds + 270.0)
        # Everybody is gone: answered, out of patience, or told by the flow that nobody is free.
        assert [caller.leg.sid for caller in line.callers if not caller.leg.is_over] == []
        talked = [caller.leg.sid for caller in line.callers if caller.talked_to]
        assert all(caller.talked_to or caller.waited_s > 24.9 for caller in line.callers)
        assert len(talked) > callers / 2
        # Never two in a conference but one caller and one agent; no call with two agents, no agent with two calls.
        assert line.most_in_room == 2
        assert overlaps(line, "agent") == overlaps(line, "call_sid") == []
        # No telephone was rung twice for an offer, and none is still ringing.
        rung = Counter(leg.order.status_url for leg in line.exchange.legs.values() if leg.order is not None)
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
        return line.kills


def test_a_dispatcher_that_is_killed_again_and_again_loses_nobody(tmp_path: Path) -> None:
    """A quarter of the load; ``bench/floor_faults.py`` plays the whole minute."""
    assert killed_again_and_again(str(tmp_path / "calls.sqlite"), agents=8, callers=20, seconds=16.0) > 5
