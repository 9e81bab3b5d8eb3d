"""Places at appointments: nobody has another's, whatever happens at the same time."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import sqlalchemy as sa

from flows.protocol.actions import Book
from webhooks.effects.live_services import LiveServices
from webhooks.store import Store
from webhooks.store.effect_ledger import Callbacks
from webhooks.store.line_tables import PLACES
from webhooks.store.places import Places
from webhooks.store.tables import CALLBACKS

HALF_PAST = "2026-12-01T15:30"


def book(capacity: int, slot: str = HALF_PAST, queue: str = "advice") -> Book:
    return Book("when", "+14155550123", slot, queue, ("booked", "taken", "failed"), capacity)


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = Store(str(tmp_path / "calls.sqlite"))
    made.check()
    return made


def rows(store: Store) -> tuple[list[tuple[str, int]], list[str]]:
    """Who has which place, and whose callbacks are promised."""
    with store.transaction() as connection:
        places = connection.execute(sa.select(PLACES.c.call_sid, PLACES.c.place).order_by(PLACES.c.place)).all()
        promised = connection.scalars(sa.select(CALLBACKS.c.call_sid).order_by(CALLBACKS.c.at_us)).all()
    return [(str(row[0]), int(row[1])) for row in places], list(promised)


def test_as_many_as_there_are_places(store: Store) -> None:
    places = Places(store)
    assert [places.book(book(2), f"CA{n}", 3, n) for n in range(3)] == ["booked", "booked", "taken"]
    assert rows(store) == ([("CA0", 0), ("CA1", 1)], ["CA0", "CA1"])  # no callback without a place
    assert places.taken("advice", "2026-12-01") == {HALF_PAST: 2}
    assert places.taken("advice", "2026-12-02") == {}
    assert places.taken("billing", "2026-12-01") == {}


def test_a_repeated_webhook_has_its_place_already(store: Store) -> None:
    places = Places(store)
    assert [places.book(book(1), "CA1", 3, n) for n in range(2)] == ["booked", "booked"]
    assert rows(store) == ([("CA1", 0)], ["CA1"])


@pytest.mark.parametrize("capacity", [1, 3])
def test_two_at_the_same_moment_do_not_get_the_last_place(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capacity: int
) -> None:
    """Both have seen that one place is left, before either takes it."""
    path = str(tmp_path / "calls.sqlite")
    first = Places(Store(path))
    for n in range(capacity - 1):
        first.book(book(capacity), f"CA{n}", 1, n)
    seen = threading.Barrier(2)
    look = Places._free

    def looks_then_waits(self: Places, calendar: str, one: Book) -> list[int]:
        found = look(self, calendar, one)
        seen.wait(10)
        return found

    monkeypatch.setattr(Places, "_free", looks_then_waits)
    with ThreadPoolExecutor(2) as both:
        asked = [both.submit(Places(Store(path)).book, book(capacity), f"CB{n}", 1, 10 + n) for n in range(2)]
        told = sorted(one.result() for one in asked)
    assert told == ["booked", "taken"]
    places, promised = rows(Store(path))
    assert [place for _, place in places] == list(range(capacity))
    assert len(promised) == capacity


def test_without_a_database_that_can_be_written_it_fails(store: Store) -> None:
    assert store.file is not None
    store.close()
    store.file.unlink()
    store.file.mkdir()
    assert Places(store).book(book(1), "CA1", 1, 1) == "failed"


def test_the_service_books_a_place_where_times_have_places(store: Store) -> None:
    services = LiveServices(callbacks=Callbacks(store), clock_us=lambda: 7)
    done = [services.perform(book(1), call_sid=f"CA{n}", seq=1, seconds=1).label for n in range(2)]
    assert done == ["booked", "taken"]
