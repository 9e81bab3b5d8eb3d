"""What the floor knows of a caller is erased with them, and purged with their calls."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.floor_phones import Desk, desk
from webhooks.dispatch.rows import floor_rows
from webhooks.security.caller_numbers import CallerNumbers
from webhooks.settings.config import secrets_of
from webhooks.settings.retention import keep_days
from webhooks.store.floor_tables import AGENT_LOG, FLOOR, OFFERS, ORDERS, WAITING
from webhooks.store.privacy import erase, purge

NUMBERS = CallerNumbers(secrets_of((), ""))
DAY_US = 86_400_000_000


@pytest.fixture
def line(database: str) -> Iterator[Desk]:
    with desk(database) as line:
        yield line


def rows(line: Desk) -> dict[str, int]:
    with floor_rows(line.floor.store) as found:
        return {table.name: len(found.all(table)) for table in FLOOR if found.all(table)}


def test_a_caller_is_erased_from_the_floor(line: Desk) -> None:
    line.ready("ana")
    line.caller()
    line.turn()
    (offer,) = line.offers()
    line.picks_up(offer.offer)
    line.turn()
    assert line.app.extensions["ivr"]["journal"].flush()
    assert line.floor.call("CA1")["told"] != "{}"
    # In the middle of the talk only what the caller said goes; the agent keeps the call.
    assert erase(line.floor.store, NUMBERS, "+14155550123", line.clock.now_us).rows["waiting"] == 1
    assert line.floor.call("CA1")["told"] == "{}"
    assert line.floor.state_of("ana").state == "talking"
    line.callers["CA1"].ask("/status", CallStatus="completed")
    line.leg_ends(offer.offer)
    assert line.history() == [("ana", "ended")]


def test_an_erased_call_leaves_nothing(line: Desk) -> None:
    line.ready("ana")
    line.caller()
    line.turn()
    line.hangs_up()
    line.turn()
    assert line.app.extensions["ivr"]["journal"].flush()
    gone = erase(line.floor.store, NUMBERS, "+14155550123", line.clock.now_us).rows
    assert {name: gone[name] for name in ("waiting", "offers", "orders")} == {"waiting": 1, "offers": 1, "orders": 2}
    assert rows(line) == {AGENT_LOG.name: 4, "agent_states": 1}


def test_old_rows_go_with_their_calls(line: Desk) -> None:
    line.ready("ana")
    line.caller()
    line.turn()
    line.hangs_up()
    line.turn()
    days = keep_days("calls=30")
    assert purge(line.floor.store, days, line.clock.now_us + 29 * DAY_US) == {}
    gone = purge(line.floor.store, days, line.clock.now_us + 31 * DAY_US)
    assert {table.name: gone[table.name] for table in (WAITING, OFFERS, ORDERS)} == {
        "waiting": 1,
        "offers": 1,
        "orders": 2,
    }
