"""Calls that find no room: a pause and the same answer for those on the line, a busy tone for new ones."""

from __future__ import annotations

import datetime as dt
import sqlite3
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from flask import Flask

from flows.model.load import load_text
from flows.protocol.actions import Effect, Outcome
from ivr.records.schema import OUTCOMES
from tests.support.counted_services import LOOKUP, SEAL, Counting, soon
from tests.support.twiml_grammar import check
from webhooks.carrier.call import Call
from webhooks.carrier.call_log import Heard
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.protocol import Number, Reply, Request, Response
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.effects.perform_once import Effects, NoRoomError
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.store import read_records
from webhooks.turn.request import CallRequest

LINE = """
ivr: 1
name: Line
start: main
nodes:
  main: {type: menu, choices: [{key: 1, label: an order, next: order}], otherwise: bye}
  order:
    type: lookup
    url: https://example.com
    say: One moment.
    on: {found: known, timeout: late}
    failure: unknown
  known: {type: hangup, say: Your order is known.}
  late: {type: hangup, say: That takes too long.}
  unknown: {type: hangup, say: We do not know it.}
  bye: {type: hangup, say: Goodbye.}
"""
MENU = "For an order, press 1."


class Gate:
    """A service that answers when it is allowed to."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        self.asked: list[str] = []

    def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
        self.asked.append(call_sid)
        self.reached.set()
        return Outcome("found" if self.open.wait(5) else "timeout")


class Service:
    """The line with two threads, one of which may wait for a service."""

    def __init__(self, database: Path) -> None:
        self.gate = Gate()
        self.app: Flask = create_app(
            Config(flow=load_text(LINE).flow, development=True, database=str(database), services=self.gate)
        )
        self.app.extensions["ivr"]["line"].lend(2)

    def call(self, sid: str, when_put_off: Callable[[], object] = tuple) -> Call:
        """Somebody presses 1."""

        class Watching(Wsgi):
            def send(self, request: Request) -> Reply:
                reply = super().send(request)
                if isinstance(reply, Response) and b"<Pause" in reply.body:
                    when_put_off()
                return reply

        call = Call(
            Number("http://localhost/voice"),
            sid=sid,
            began=dt.datetime(2026, 11, 24, tzinfo=dt.UTC),
            ani="+14155550123",
        )
        handset = Handset(call, Watching(self.app))
        handset.dial()
        handset.press("1")
        return call


def heard(call: Call) -> list[str]:
    return [entry.text for entry in call.log if isinstance(entry, Heard)]


@pytest.fixture
def service(tmp_path: Path) -> Iterator[Service]:
    made = Service(tmp_path / "calls.db")
    yield made
    made.gate.open.set()
    made.app.extensions["ivr"]["journal"].flush()
    made.app.extensions["ivr"]["store"].close()


def steps(folder: Path, sid: str) -> list[tuple[int, str, str]]:
    with closing(sqlite3.connect(folder / "calls.db")) as connection:
        return connection.execute(
            "SELECT seq, node, outcome FROM steps WHERE call_sid = ? ORDER BY seq", (sid,)
        ).fetchall()


def test_who_finds_no_room_waits_in_silence_and_hears_the_same(service: Service, tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(service.call, "CA1")
        assert service.gate.reached.wait(5)

        def free() -> None:
            service.gate.open.set()
            first.result()

        second = service.call("CA2", when_put_off=free)
    assert heard(first.result()) == [MENU, "One moment.", "Your order is known."]
    # The service could not be asked: two seconds of silence, during which the thread was free for others.
    assert heard(second) == [MENU, "One moment.", "", "Your order is known."]
    assert service.gate.asked == ["CA1", "CA2"]
    service.app.extensions["ivr"]["journal"].flush()
    way = [(0, "main", "1"), (1, "order", "found"), (2, "known", "hangup")]
    assert (steps(tmp_path, "CA1"), steps(tmp_path, "CA2")) == (way, way)


def test_after_ten_seconds_the_flow_goes_on_without(service: Service) -> None:
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(service.call, "CA1")
        assert service.gate.reached.wait(5)
        second = service.call("CA2")
        service.gate.open.set()
        first.result()
    assert heard(second) == [MENU, "One moment.", *[""] * 5, "That takes too long."]
    assert service.gate.asked == ["CA1"]


def test_a_webhook_that_comes_twice_waits_for_the_one_who_is_at_it_and_needs_no_room() -> None:
    services = Counting(seconds=0.3)
    effects = Effects(services, SEAL, None, {})
    effects.limit(1)
    with ThreadPoolExecutor(4) as pool:
        answers = [
            *pool.map(
                lambda _: effects.answer(LOOKUP, call_sid="CA1", seq=1, deadline=soon(), patience_s=1.0), range(4)
            )
        ]
    assert answers == [Outcome("found")] * 4
    assert len(services.done) == 1


def test_without_room_nothing_is_done_and_afterwards_it_can_be() -> None:
    services = Counting(seconds=0.5)
    effects = Effects(services, SEAL, None, {})
    effects.limit(1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(effects.answer, LOOKUP, call_sid="CA1", seq=1, deadline=soon())
        while not services.done:
            pass
        with pytest.raises(NoRoomError):
            effects.answer(LOOKUP, call_sid="CA2", seq=1, deadline=soon())
        assert first.result() == Outcome("found")
    assert effects.answer(LOOKUP, call_sid="CA2", seq=1, deadline=soon()) == Outcome("found")
    assert [sid for _, sid, _ in services.done] == ["CA1", "CA2"]


RINGING = {"CallSid": "CA9", "From": "+14155550123", "CallStatus": "ringing"}


def test_a_new_call_that_is_not_let_in_hears_a_busy_tone_and_is_counted_as_blocked(
    service: Service, tmp_path: Path
) -> None:
    line = service.app.extensions["ivr"]["line"]
    for _ in range(2):  # a repeated request changes nothing
        reply = line.voice(CallRequest(RINGING, full=True))
        check(reply.body)
        assert reply.body.endswith(b'<Response><Reject reason="busy" /></Response>')
    line.status(CallRequest({**RINGING, "CallStatus": "busy"}))
    service.app.extensions["ivr"]["journal"].flush()
    records = read_records(str(tmp_path / "calls.db"))
    assert ([OUTCOMES[code] for code in records.calls["outcome"]], records.calls["menu_us"].tolist()) == (
        ["blocked"],
        [0],
    )
    assert len(records.steps["call_id"]) == len(records.visits["call_id"]) == 0


@pytest.mark.parametrize(
    "form", [{**RINGING, "CallStatus": "in-progress"}, {k: v for k, v in RINGING.items() if k != "CallStatus"}]
)
def test_who_has_been_answered_already_cannot_be_refused(form: dict[str, str], service: Service) -> None:
    """Like a call that another application hands over: Reject works only before the answer."""
    assert MENU.encode() in service.app.extensions["ivr"]["line"].voice(CallRequest(form, full=True)).body


@pytest.mark.parametrize("status", ["in-progress", "ringing"])
def test_who_is_on_the_line_goes_on(status: str, service: Service) -> None:
    """A document that begins with a pause does not answer the call yet: it is still ringing when it returns."""
    line = service.app.extensions["ivr"]["line"]
    first = line.voice(CallRequest(RINGING)).body.decode()
    cursor = first.partition("?c=")[2].partition("#")[0]
    service.gate.open.set()
    assert (
        b"Your order is known."
        in line.voice(CallRequest({**RINGING, "CallStatus": status, "Digits": "1"}, cursor, full=True)).body
    )
