"""Sessions and the limit of sign-ins, on a clock of the test."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.support.empty_database import empty_database
from webhooks.desk import sessions, sign_in_limit
from webhooks.store import Store
from webhooks.store.floor_tables import SIGN_INS

S = 1_000_000
NOON = 1_764_590_400 * S


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    opened = empty_database(tmp_path / "calls.db")
    yield opened
    opened.close()


def test_only_the_hash_of_a_token_is_kept(store: Store) -> None:
    token = sessions.begin(store, "ana", NOON)
    with store.transaction() as connection:
        (row,) = connection.execute(sa.select(SIGN_INS)).mappings().all()
    assert token not in str(row)
    found = sessions.found(store, token, NOON)
    assert found is not None
    assert (found.agent, found.csrf) == ("ana", row["csrf"])
    assert found.carries(row["csrf"])
    assert not found.carries("")
    assert sessions.found(store, row["token_hash"], NOON) is None  # what is kept opens nothing


def test_a_sign_in_ends_after_silence(store: Store) -> None:
    token = sessions.begin(store, "ana", NOON)
    assert sessions.found(store, token, NOON + sessions.IDLE_S * S)
    again = NOON + 2 * sessions.IDLE_S * S
    assert sessions.found(store, token, again)  # the one before was a sign of life
    assert sessions.found(store, token, again + sessions.IDLE_S * S + 1) is None
    assert sessions.found(store, token, again) is None  # it is gone


def test_a_sign_in_ends_however_busy_it_is(store: Store) -> None:
    token, every = sessions.begin(store, "ana", NOON), 1_800
    for seen in range(every, sessions.ABSOLUTE_S + 1, every):
        assert sessions.found(store, token, NOON + seen * S)
    assert sessions.found(store, token, NOON + sessions.ABSOLUTE_S * S + 1) is None


def test_signing_out(store: Store) -> None:
    laptop, phone, other = (sessions.begin(store, name, NOON) for name in ("ana", "ana", "ben"))
    one = sessions.found(store, laptop, NOON)
    assert one
    sessions.end(store, one)
    assert sessions.found(store, laptop, NOON) is None
    assert sessions.found(store, phone, NOON)
    sessions.sign_out_everywhere(store, "ana")
    assert sessions.found(store, phone, NOON) is None
    assert sessions.found(store, other, NOON)


def test_ten_failures_for_a_name_from_anywhere_then_wait(store: Store) -> None:
    """One a second from ten addresses; the first is forgotten 900 s after it was made: 890 s after the eleventh."""
    waits = [sign_in_limit.wait_s(store, "ana", f"192.0.2.{n}", NOON + n * S) for n in range(10)]
    assert waits == [0] * 10
    assert sign_in_limit.wait_s(store, "ana", "198.51.100.7", NOON + 10 * S) == 890
    assert sign_in_limit.wait_s(store, "ana", "198.51.100.7", NOON + 11 * S) == 889  # asking does not add to it
    assert sign_in_limit.wait_s(store, "ben", "198.51.100.7", NOON + 11 * S) == 0
    assert sign_in_limit.wait_s(store, "ana", "198.51.100.7", NOON + 901 * S) == 0


def test_thirty_failures_from_an_address_for_any_names(store: Store) -> None:
    for n in range(30):
        assert sign_in_limit.wait_s(store, f"name {n}", "192.0.2.1", NOON) == 0
    assert sign_in_limit.wait_s(store, "ana", "192.0.2.1", NOON) == 900
    assert sign_in_limit.wait_s(store, "ana", "192.0.2.2", NOON) == 0


def test_a_success_is_not_a_failure(store: Store) -> None:
    for n in range(100):
        assert sign_in_limit.wait_s(store, "ana", "192.0.2.1", NOON + n) == 0
        sign_in_limit.forget(store, "ana", "192.0.2.1")
