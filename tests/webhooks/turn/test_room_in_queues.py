"""``max_calls`` of a queue on a live line: the carrier reports a caller's place, and one too many takes the exit
``full``.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path

import pytest

from flows.model.load import load_text
from flows.protocol.actions import Enqueue, Outcome, Start
from ivr.phone.terminal_phone import Phone
from webhooks.carrier.call import Call
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.protocol import Number, QueueState
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.turn.queue_wait import next_wait
from webhooks.twilio.events import event_of

LINE = """
ivr: 1
name: Line
start: desk
nodes:
  desk:
    {type: queue, queue: desk, max_wait: 5m, while_waiting: {pound: bye}, on: {timeout: bye, full: busy, closed: bye}}
  busy: {type: hangup, say: All places in the queue are taken.}
  bye: {type: hangup, say: Goodbye.}
queues: {desk: {label: Desk, max_calls: ROOM}}
"""


def flow(room: int):  # type: ignore[no-untyped-def]
    return load_text(LINE.replace("ROOM", str(room))).flow


def heard(room: int, position: int, *, workers: int, database: str) -> str:
    """What the caller in a given place hears, with several workers taking turns; without a database they share
    nothing.
    """
    apps = [create_app(Config(flow=flow(room), development=True, database=database)) for _ in range(workers)]
    requests = 0

    def in_turns(environ, start_response):  # type: ignore[no-untyped-def]
        nonlocal requests
        requests += 1
        return apps[requests % workers](environ, start_response)

    number = Number(
        "http://localhost/voice", queue=QueueState(position=position, size=position, average_s=0, most=1000)
    )
    call = Call(number, sid="CA" + "5" * 32, began=dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC), ani="+14155550123")
    handset = Handset(call, Wsgi(in_turns))
    handset.dial()
    for app in apps:
        if store := app.extensions["ivr"]["store"]:
            app.extensions["ivr"]["journal"].flush()
            store.close()
    return (
        handset.waits.kind
        if handset.waits
        else "All places"
        if any("All places" in str(entry) for entry in call.log)
        else "Goodbye"
    )


# Two may wait. The second has one caller before them and stays; the third has two, so the queue is full.
@pytest.mark.parametrize(("position", "what"), [(1, "queue"), (2, "queue"), (3, "All places"), (40, "All places")])
def test_one_too_many_goes_by_full(position: int, what: str) -> None:
    assert heard(2, position, workers=1, database="") == what


def test_another_worker_knows_why_they_left(database: str) -> None:
    assert heard(2, 3, workers=2, database=database) == "All places"


def test_a_queue_without_room_is_full_at_once_on_the_phone_and_on_the_line() -> None:
    phone = Phone(flow(0), dt.datetime(2026, 11, 23, 10, tzinfo=dt.UTC), Start("+14155550123"))
    phone.dial()
    assert phone.path == (("desk", "full"), ("busy", "hangup"))
    assert heard(0, 1, workers=1, database="") == "All places"


def test_where_nothing_is_remembered_a_caller_without_a_key_left_for_want_of_room() -> None:
    queue = Enqueue("desk", 0, 300.0, None, 60.0, (), "en-US", ("timeout", "full"), room=2)
    assert next_wait(queue, {"QueuePosition": "3", "QueueTime": "0"}).by == "full"
    assert event_of(queue, {"QueueResult": "leave", "QueueTime": "0"}) == Outcome("full")
    assert event_of(queue, {"QueueResult": "leave", "QueueTime": "300"}) == Outcome("timeout")
    assert event_of(replace(queue, room=None), {"QueueResult": "leave", "QueueTime": "0"}) == Outcome("timeout")


def test_a_line_that_begins_in_a_queue_counts_it_as_the_first_visit(tmp_path: Path) -> None:
    """Visits are numbered from 0, whether callers come to the queue from a menu or at once."""
    app = create_app(Config(flow=flow(2), development=True, database=str(tmp_path / "calls.sqlite")))
    client, store = app.test_client(), app.extensions["ivr"]["store"]
    queue = client.post("/voice", data={"CallSid": "CA1"}).get_data(as_text=True)
    action = queue.partition('action="')[2].partition('"')[0].replace("&amp;", "&")
    client.post(action, data={"CallSid": "CA1", "QueueResult": "bridged", "QueueTime": "40"})
    assert app.extensions["ivr"]["journal"].flush()
    (visit,) = store.rows()["visits"]
    store.close()
    assert (visit["seq"], visit["queue"], visit["result"], visit["waited_us"]) == (0, "desk", "handled", 40_000_000)
