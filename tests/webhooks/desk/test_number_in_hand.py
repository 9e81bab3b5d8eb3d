"""The caller's number at the desk: for the agent who has the call, while they have it, and nowhere else."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from ivr.interpreter.session import Session
from tests.support.desk_pages import Shop, shop, signed_in, told
from webhooks.desk.number_in_hand import NumberInHand
from webhooks.dispatch.rows import WaitingRow
from webhooks.security.sealed_cursor import Cursor, Seal
from webhooks.store.floor_tables import WAITING, WORK
from webhooks.store.tables import CALLBACKS, CALLS
from webhooks.store.waiting_names import waiting_sid

NUMBER = "+14155550123"
SEAL = Seal(("a secret of sixteen characters or more",))


@pytest.fixture
def local(tmp_path: Path) -> Iterator[Shop]:
    made = shop(tmp_path, held_s=0.0, numbers=NumberInHand(SEAL))
    yield made
    made.store.close()


def calls(local: Shop, sid: str = "CA1", number: str = NUMBER, *, seal: Seal = SEAL) -> str:
    """Somebody calls from a number, as the service keeps it by default, and rings at Sue's desk."""
    local.caller(sid)
    sealed = seal.close(Cursor(Session(node="sales", values=(("ani", number),)), "0123456789abcdef"), sid)
    with local.store.transaction() as connection:
        connection.execute(sa.update(WAITING).where(WAITING.c.call_sid == sid).values(continues=sealed, told="{}"))
        connection.execute(sa.update(CALLS).values(caller_shown=""))
    return local.offered()


def test_the_agent_sees_it_from_the_first_ring_to_the_end_of_wrap_up(local: Shop) -> None:
    sue = signed_in(local, "sue")
    sue.post("/desk/do/ready", json={})
    offer = calls(local)
    assert told(sue)["call"]["caller"] == NUMBER
    local.taken(offer)
    assert told(sue)["call"]["caller"] == NUMBER
    local.floor.talk_over(offer)
    assert (told(sue)["me"]["state"], told(sue)["call"]["caller"]) == ("wrap_up", NUMBER)
    local.floor.wrap_up_done("sue")
    assert told(sue)["call"] is None


def test_nobody_else_sees_it_and_the_database_has_it_nowhere(local: Shop, tmp_path: Path) -> None:
    sue, chi = signed_in(local, "sue"), signed_in(local, "chi")
    sue.post("/desk/do/ready", json={})
    local.taken(calls(local))
    assert NUMBER not in chi.get("/desk/events").get_data(as_text=True)
    assert "0123" not in sue.get("/desk/floor/events").get_data(as_text=True)
    told(sue)
    with sqlite3.connect(tmp_path / "calls.db") as connection:
        assert NUMBER not in "\n".join(connection.iterdump())


def test_a_colleague_who_is_asked_first_sees_it_too(local: Shop) -> None:
    sue, ben = signed_in(local, "sue"), signed_in(local, "ben")
    sue.post("/desk/do/ready", json={})
    offer = calls(local)
    local.taken(offer)
    ben.post("/desk/do/ready", json={})
    assert sue.post("/desk/do/transfer", json={"offer": offer, "to": "repairs", "kind": "warm"}).status_code == 200
    local.offered()
    assert (told(ben)["call"]["kind"], told(ben)["call"]["caller"]) == ("consult", NUMBER)


def test_a_withheld_number_is_told_as_that(local: Shop) -> None:
    sue = signed_in(local, "sue")
    sue.post("/desk/do/ready", json={})
    calls(local, number="")
    assert (told(sue)["call"]["caller"], told(sue)["call"]["withheld"]) == ("", True)


def test_an_erased_caller_and_a_lost_secret_leave_it_unknown(local: Shop) -> None:
    sue = signed_in(local, "sue")
    sue.post("/desk/do/ready", json={})
    offer = calls(local, "CA1", seal=Seal(("another secret of sixteen characters",)))
    assert (told(sue)["call"]["caller"], told(sue)["call"]["withheld"]) == ("", False)
    local.floor.offer_declined(offer)
    local.floor.call_left("CA1", "hung up")
    calls(local, "CA2")
    with local.store.transaction() as connection:
        connection.execute(sa.delete(CALLS).where(CALLS.c.call_sid == "CA2"))
    assert (told(sue)["call"]["caller"], told(sue)["call"]["withheld"]) == ("", False)


def test_a_callback_has_the_number_that_was_promised(local: Shop) -> None:
    sue = signed_in(local, "sue")
    sue.post("/desk/do/ready", json={})
    promised = {"call_sid": "CA5", "seq": 3, "number": NUMBER, "due": "now", "queue": "sales", "at_us": 1}
    with local.store.transaction() as connection:
        connection.execute(sa.insert(CALLBACKS), [promised])
        work = {
            "call_sid": "CA5",
            "seq": 3,
            "kind": "callback",
            "queue": "sales",
            "state": "open",
            "tries": 0,
            "at_us": 1,
        }
        connection.execute(sa.insert(WORK), [work | {"next_us": 1}])
    now_us = local.floor.now_us
    told_of = {"caller": "•••••••••123", "work": ["CA5", 3]}
    waits = WaitingRow(waiting_sid("CA5", 3), "sales", now_us, now_us, kind="callback", told=told_of)
    local.floor.call_waits(waits)
    local.offered()
    assert told(sue)["call"]["caller"] == NUMBER


def test_where_nothing_is_kept_of_numbers_nothing_is_shown(tmp_path: Path) -> None:
    """`IVR_CALLERS=none` makes a desk without a seal."""
    made = shop(tmp_path, held_s=0.0)
    sue = signed_in(made, "sue")
    sue.post("/desk/do/ready", json={})
    calls(made)
    assert (told(sue)["call"]["caller"], told(sue)["call"]["withheld"]) == ("", False)
    made.store.close()
