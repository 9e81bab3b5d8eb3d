"""The effects of calls: each is carried out once, whatever is repeated, lost or broken."""

from __future__ import annotations

import datetime as dt
import logging
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from flows.model.load import load, load_text
from flows.nodes.base import Here
from flows.protocol.actions import Effect, Keys, Listen, Outcome, Send
from tests.support.counted_services import BOOK, FIRST, KEEP, LOOKUP, SEAL, TEXT, Counting, soon
from tests.support.paths import DATA
from tests.support.twilio_rest import objections, operation
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, SECRET, TOKEN, Carrier, WebCall
from webhooks.carrier import Number, Wsgi
from webhooks.carrier.exchange import Exchange
from webhooks.carrier.exchange.rest.messages import Messages
from webhooks.carrier.exchange.rest.parameters import Form
from webhooks.effects.live_services import LiveServices
from webhooks.effects.perform_once import Effects
from webhooks.effects.text_messages import TextMessages
from webhooks.security.caller_numbers import CallerNumbers
from webhooks.security.sealed_cursor import Seal
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.store import Store
from webhooks.store.effect_ledger import Callbacks, EffectLedger
from webhooks.store.later_messages import OptOuts
from webhooks.twilio.signature import Signature


@pytest.fixture
def store(database: str) -> Iterator[Store]:
    made = Store(database)
    yield made
    made.close()


@pytest.fixture
def table(store: Store) -> EffectLedger:
    return EffectLedger(store)


@pytest.mark.parametrize("effect", [LOOKUP, KEEP, TEXT, BOOK], ids=lambda e: e.name)
def test_twice_in_one_process_is_once(effect: Effect) -> None:
    services = Counting()
    effects = Effects(services, SEAL, None, {})
    answers = [effects.answer(effect, call_sid=f"CA{1:032x}", seq=3, deadline=soon()) for _ in range(2)]
    assert [answer.label for answer in answers] == [FIRST[effect.name]] * 2
    assert services.done == [(effect.name, f"CA{1:032x}", 3)]
    effects.answer(effect, call_sid=f"CA{1:032x}", seq=4, deadline=soon())
    effects.answer(effect, call_sid=f"CA{2:032x}", seq=3, deadline=soon())
    assert len(services.done) == 3


@pytest.mark.parametrize("effect", [LOOKUP, KEEP, TEXT, BOOK], ids=lambda e: e.name)
def test_a_restarted_worker_knows_what_was_done_and_what_it_brought(effect: Effect, table: EffectLedger) -> None:
    first, second = Counting(values={"fee": "12.50 – ä"}), Counting()
    Effects(first, SEAL, table, {}).answer(effect, call_sid=f"CA{1:032x}", seq=3, deadline=soon())
    again = Effects(second, SEAL, table, {}).answer(effect, call_sid=f"CA{1:032x}", seq=3, deadline=soon())
    assert again == Outcome(FIRST[effect.name], {"fee": "12.50 – ä"})
    assert second.done == []


def test_two_workers_at_once_do_it_once(table: EffectLedger) -> None:
    services = Counting(seconds=0.3)
    answers: list[Outcome] = []
    workers = [Effects(services, SEAL, table, {}) for _ in range(3)]
    threads = [
        threading.Thread(
            target=lambda w=w: answers.append(w.answer(TEXT, call_sid=f"CA{1:032x}", seq=1, deadline=soon()))
        )
        for w in workers
        for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [Outcome("sent")] * 6
    assert services.done == [("link", f"CA{1:032x}", 1)]


CUT_OFF = [
    (LOOKUP, "found", 1),
    (KEEP, "failure", 0),
    (TEXT, "failed", 0),
    (BOOK, "booked", 1),
    (replace(KEEP, repeatable=True), "kept", 1),
]


@pytest.mark.parametrize(("effect", "label", "done"), CUT_OFF)
def test_what_was_begun_and_not_finished_is_done_again_where_that_is_harmless(
    effect: Effect, label: str, done: int, table: EffectLedger
) -> None:
    with table.entry(f"CA{1:032x}", 1, patience_s=0) as place:
        assert place.begin(effect.name, 0)
    services = Counting()
    began = time.monotonic()
    assert (
        Effects(services, SEAL, table, {}).answer(effect, call_sid=f"CA{1:032x}", seq=1, deadline=soon(60)).label
        == label
    )
    assert time.monotonic() - began < 5  # of 60: no worker has it, so there is none to wait for
    assert len(services.done) == done
    # The outcome also holds for later requests.
    services.values = {"fee": "1"}
    assert Effects(services, SEAL, table, {}).answer(effect, call_sid=f"CA{1:032x}", seq=1, deadline=soon()) == Outcome(
        label
    )
    assert len(services.done) == done


@pytest.mark.parametrize(
    ("effect", "label", "done"), [(LOOKUP, "found", 1), (KEEP, "timeout", 0), (TEXT, "failed", 0), (BOOK, "booked", 1)]
)
def test_a_worker_that_lives_is_waited_for(effect: Effect, label: str, done: int, table: EffectLedger) -> None:
    with table.entry(f"CA{1:032x}", 1, patience_s=0) as place:
        assert place.begin(effect.name, 0)
        services = Counting()
        began = time.monotonic()
        assert (
            Effects(services, SEAL, table, {}).answer(effect, call_sid=f"CA{1:032x}", seq=1, deadline=soon(1)).label
            == label
        )
        # All the time left if it may not be repeated; half if it may.
        assert (0.5 if done else 1.0) <= time.monotonic() - began < 5
        assert len(services.done) == done


AT_IT = """
import sys, time
from webhooks.store import Store
from webhooks.store.effect_ledger import EffectLedger
with EffectLedger(Store(sys.argv[1])).entry(f"CA{1:032x}", 1, patience_s=0) as place:
    print(place.begin("x", 0), flush=True)
    time.sleep(60)
"""


def test_the_hold_of_a_killed_process_ends_with_it(table: EffectLedger, database: str) -> None:
    with subprocess.Popen([sys.executable, "-c", AT_IT, database], stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "True\n"
        with table.entry(f"CA{1:032x}", 1, patience_s=0.2) as place:
            assert not place.alone
        worker.kill()
        worker.wait()
        with table.entry(
            f"CA{1:032x}", 1, patience_s=2
        ) as place:  # PostgreSQL takes a moment to notice the end of a connection
            assert place.alone
            assert not place.begin("x", 0)
            assert place.answer() == ""


def test_the_first_answer_kept_is_the_answer_of_all(table: EffectLedger) -> None:
    """Two workers ask the same service, which gives two answers: both documents contain the same one."""
    other = Effects(Counting(values={"fee": "1"}), SEAL, table, {})

    class Slow(Counting):
        def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
            assert other.answer(effect, call_sid=call_sid, seq=seq, deadline=soon(0.2)).values == {
                "fee": "1"
            }  # waits 0.1 s, then asks too
            return super().perform(effect, call_sid=call_sid, seq=seq, seconds=seconds)

    assert Effects(Slow(values={"fee": "2"}), SEAL, table, {}).answer(
        LOOKUP, call_sid=f"CA{1:032x}", seq=1, deadline=soon()
    ).values == {"fee": "1"}


@pytest.mark.parametrize(("effect", "label", "done"), [(LOOKUP, "found", 1), (KEEP, "failure", 0), (TEXT, "failed", 0)])
def test_without_the_ledger_nothing_is_sent(effect: Effect, label: str, done: int, tmp_path: Path) -> None:
    services = Counting()
    gone = EffectLedger(Store(str(tmp_path / "no" / "such" / "folder" / "calls.sqlite")))
    assert (
        Effects(services, SEAL, gone, {}).answer(effect, call_sid=f"CA{1:032x}", seq=1, deadline=soon()).label == label
    )
    assert len(services.done) == done


def test_an_answer_kept_under_a_lost_key_is_a_failure(table: EffectLedger) -> None:
    Effects(Counting(), SEAL, table, {}).answer(TEXT, call_sid=f"CA{1:032x}", seq=1, deadline=soon())
    other = Effects(Counting(), Seal(("another secret of the tests",)), table, {})
    assert other.answer(TEXT, call_sid=f"CA{1:032x}", seq=1, deadline=soon(0.3)).label == "failed"


def test_a_service_that_breaks_costs_no_call(caplog: pytest.LogCaptureFixture) -> None:
    class Broken:
        def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
            raise RuntimeError("4111111111111111")

    assert (
        Effects(Broken(), SEAL, None, {}).answer(LOOKUP, call_sid=f"CA{1:032x}", seq=1, deadline=soon()).label
        == "failure"
    )
    assert "RuntimeError" in caplog.text
    assert "4111" not in caplog.text


def test_a_service_cannot_say_what_the_node_does_not_know() -> None:
    class Odd:
        def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
            return Outcome("sunny")

    assert Effects(Odd(), SEAL, None, {}).answer(BOOK, call_sid=f"CA{1:032x}", seq=1, deadline=soon()).label == "failed"


def test_no_time_left_is_a_time_out() -> None:
    services = Counting()
    assert (
        Effects(services, SEAL, None, {}).answer(LOOKUP, call_sid=f"CA{1:032x}", seq=1, deadline=soon(-1)).label
        == "timeout"
    )
    assert services.done == []


# --- The real thing -----------------------------------------------------------------------------------------


class _Twilio:
    """Replaces twilio's client."""

    error: Exception | None = None
    sent: ClassVar[list[dict[str, Any]]] = []

    def __init__(self, account: str, token: str, http_client: Any) -> None:
        self.messages = self
        self.timeout = http_client.timeout

    def create(self, **message: Any) -> None:
        if self.error:
            raise self.error
        self.sent.append(message)


def _world(monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> LiveServices:
    monkeypatch.setattr("twilio.rest.Client", _Twilio)
    _Twilio.error, _Twilio.sent = error, []
    return LiveServices(texts=TextMessages("AC1", TOKEN, "+18005550100", "+18005550101"))


def test_a_text_message_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    assert _world(monkeypatch).perform(TEXT, call_sid=f"CA{1:032x}", seq=1, seconds=3).label == "sent"
    assert _Twilio.sent == [{"to": "+14155550123", "from_": "+18005550100", "body": "See example.com."}]


def test_the_log_has_nothing_of_a_text_message_that_was_sent(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    import requests

    sent: list[str] = []

    def send(_session: requests.Session, request: requests.PreparedRequest, **_settings: object) -> requests.Response:
        sent.append(str(request.body))
        answer = requests.Response()
        answer.status_code, answer._content = 201, b"{}"
        return answer

    monkeypatch.setattr(requests.Session, "send", send)
    caplog.set_level(logging.INFO)  # as where the service is started
    world = LiveServices(texts=TextMessages("AC1", TOKEN, "+18005550100", "+18005550101"))
    assert world.perform(TEXT, call_sid="CA1", seq=1, seconds=3).label == "sent"
    assert sent == ["To=%2B14155550123&From=%2B18005550100&Body=See+example.com."]
    assert caplog.records == []


@pytest.mark.parametrize(
    ("code", "label"),
    [(21614, "no_mobile"), (21211, "no_mobile"), (20003, "failed"), (20429, "failed"), (None, "failed")],
)
def test_a_text_message_that_cannot_be_sent(code: int | None, label: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from twilio.base.exceptions import TwilioRestException

    error = TwilioRestException(400, "/Messages", "no", code=code) if code else ConnectionError("+14155550123")
    assert _world(monkeypatch, error).perform(TEXT, call_sid=f"CA{1:032x}", seq=1, seconds=3).label == label


HX = "HX" + "0" * 32


def test_a_whatsapp_message_goes_by_its_template(monkeypatch: pytest.MonkeyPatch) -> None:
    world = _world(monkeypatch)
    how = {"channel": "whatsapp", "template": HX, "variables": (("1", "1. März"), ("2", "15:30"))}
    message = Send("told", "+14155550123", "1. März, 15:30", "de-DE", TEXT.labels, **how)
    assert world.perform(message, call_sid=f"CA{1:032x}", seq=1, seconds=3).label == "sent"
    assert _Twilio.sent == [
        {
            "to": "whatsapp:+14155550123",
            "from_": "whatsapp:+18005550101",
            "content_sid": HX,
            "content_variables": '{"1": "1. März", "2": "15:30"}',
        }
    ]


WORDS = {"channel": "whatsapp"}
TEMPLATE = {"channel": "whatsapp", "template": HX, "variables": (("1", "é"),)}


@pytest.mark.parametrize("how", [{}, WORDS, TEMPLATE], ids=["sms", "words", "template"])
def test_twilio_accepts_what_is_asked_of_it(how: dict[str, Any], monkeypatch: pytest.MonkeyPatch) -> None:
    """Each request, held against Twilio's own description, and against the virtual carrier's."""
    import requests

    asked: list[requests.PreparedRequest] = []

    def send(_session: requests.Session, request: requests.PreparedRequest, **_settings: object) -> requests.Response:
        asked.append(request)
        answer = requests.Response()
        answer.status_code, answer._content = 201, b"{}"
        return answer

    monkeypatch.setattr(requests.Session, "send", send)
    world = LiveServices(texts=TextMessages("AC" + "1" * 32, TOKEN, "+18005550100", "+18005550101"))
    message = Send("link", "+14155550123", "Hi.", "en-US", TEXT.labels, **how)
    assert world.perform(message, call_sid="CA1", seq=1, seconds=3).label == "sent"
    (request,) = asked
    form = parse_qsl(str(request.body))
    found = operation("POST", urlsplit(str(request.url)).path)
    assert found is not None
    assert objections(*found, [], form) == []
    exchange = Exchange(Number("http://x/voice", account_sid="AC1", auth_token="t"), Wsgi(lambda *_: []))
    made = Messages().create(exchange, Form(parse_qs(str(request.body))))
    assert (made["to"], made["status"]) == (dict(form)["To"], "queued")


@pytest.mark.parametrize(("labels", "label"), [(TEXT.labels, "failed"), ((*TEXT.labels, "stopped"), "stopped")])
def test_nothing_is_sent_to_a_number_that_said_stop(
    labels: tuple[str, ...], label: str, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    world = _world(monkeypatch)
    world.opted_out = OptOuts(store, CallerNumbers((SECRET,)))
    world.opted_out.add("+14155550123", 1)
    message = Send("link", "+14155550123", "Hi.", "en-US", labels)
    assert world.perform(message, call_sid=f"CA{1:032x}", seq=1, seconds=3).label == label
    other = Send("link", "+14155550124", "Hi.", "en-US", labels)
    assert world.perform(other, call_sid=f"CA{2:032x}", seq=1, seconds=3).label == "sent"
    assert [one["to"] for one in _Twilio.sent] == ["+14155550124"]


def test_what_the_carrier_says_of_a_number_is_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    from twilio.base.exceptions import TwilioRestException

    world = _world(monkeypatch, TwilioRestException(400, "/Messages", "unsubscribed", code=21610))
    world.opted_out = OptOuts(store, CallerNumbers((SECRET,)))
    assert world.perform(TEXT, call_sid=f"CA{1:032x}", seq=1, seconds=3).label == "failed"
    assert world.opted_out.has("+14155550123")


def test_while_nobody_knows_who_said_stop_nothing_is_sent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    world = _world(monkeypatch)
    world.opted_out = OptOuts(Store(str(tmp_path / "no" / "folder" / "calls.sqlite")), CallerNumbers((SECRET,)))
    assert world.perform(TEXT, call_sid=f"CA{1:032x}", seq=1, seconds=3).label == "failed"
    assert _Twilio.sent == []


@pytest.mark.parametrize("to", ["", "anonymous", "client:x", "4155550123"])
def test_no_number_is_no_mobile(to: str, monkeypatch: pytest.MonkeyPatch) -> None:
    message = Send("link", to, "Hi.", "en-US", TEXT.labels)
    assert _world(monkeypatch).perform(message, call_sid=f"CA{1:032x}", seq=1, seconds=3).label == "no_mobile"
    assert _Twilio.sent == []


@pytest.mark.parametrize(("pretend", "text", "book"), [(True, "sent", "booked"), (False, "failed", "failed")])
def test_without_an_account_or_a_database(
    pretend: bool, text: str, book: str, caplog: pytest.LogCaptureFixture
) -> None:
    world = LiveServices(pretend=pretend)
    assert world.perform(TEXT, call_sid=f"CA{1:032x}", seq=1, seconds=3).label == text
    assert world.perform(BOOK, call_sid=f"CA{1:032x}", seq=2, seconds=3).label == book
    assert "14155550123" not in caplog.text


def test_a_promise_is_a_row(store: Store) -> None:
    callbacks = Callbacks(store)
    world = LiveServices(callbacks=callbacks, clock_us=lambda: 7)
    assert [world.perform(BOOK, call_sid=f"CA{1:032x}", seq=2, seconds=3).label for _ in range(2)] == [
        "booked",
        "booked",
    ]
    assert callbacks.all() == [
        {"call_sid": f"CA{1:032x}", "seq": 2, "number": "+14155550123", "due": "hour", "queue": "permits", "at_us": 7}
    ]


def test_a_promise_that_cannot_be_kept_is_not_made(tmp_path: Path) -> None:
    world = LiveServices(callbacks=Callbacks(Store(str(tmp_path / "no" / "folder" / "calls.sqlite"))))
    assert world.perform(BOOK, call_sid=f"CA{1:032x}", seq=2, seconds=3).label == "failed"


# --- In a call ----------------------------------------------------------------------------------------------

NODES = DATA / "nodes"
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)


def test_lookups_of_one_turn_share_its_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twilio waits 15 s: the second of two slow lookups has the time that the first left."""
    text = """
    ivr: 1
    name: L
    start: a
    nodes:
      a: {type: lookup, url: "https://a.example.com", timeout: 5s, on: {found: b}, failure: b}
      b: {type: lookup, url: "https://b.example.com", timeout: 5s, on: {found: c}, failure: c}
      c: {type: hangup}
    """
    left: list[float] = []

    class Slow:
        def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
            left.append(seconds)
            time.sleep(0.3)
            return Outcome("timeout")

    monkeypatch.setattr("webhooks.turn.stages.advance.TURN_S", 0.5)
    app = create_app(Config(flow=load_text(text).flow, development=True, services=Slow(), clock=lambda: NOON))
    assert app.test_client().post("/voice", data={"CallSid": f"CA{1:032x}"}).status_code == 200
    assert 0.3 < left[0] <= 0.5
    assert left[1] < 0.2


def test_a_call_that_looks_up_and_promises_a_call_back(tmp_path: Path) -> None:
    services = Counting(values={"state": "open", "fee": "45.50", "due": "2026-12-01"})
    services_answers = {"find": "found", "keep": "kept"}
    FIRST.update(services_answers)
    database = str(tmp_path / "calls.sqlite")
    app = create_app(
        Config(
            flow=load(str(NODES / "lookup.yaml")).flow,
            **IN_PUBLIC,
            database=database,
            services=services,
            clock=lambda: NOON,
        )
    )
    call = WebCall(Carrier(app, Signature(TOKEN, PUBLIC)), f"CA{1:032x}")
    call.dial()
    call.send(Listen((), 8, "#", 5, 3, "en-US"), Keys("1234"))
    assert b"Your case is open. Please pay 45 dollars and 50 cents by December 1, 2026." in call.document
    assert [name for name, _, _ in services.done] == ["find", "keep"]
    app.extensions["ivr"]["store"].close()
    content = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"45.50" not in content  # answers of lookups are kept sealed


def test_a_wait_that_ends_in_a_promise_is_a_callback_in_the_records(database: str) -> None:
    """Key 1 leaves the queue, 1 confirms the number, 1 is as soon as possible: the visit's result is `callback`."""
    from ivr.records.schema import OUTCOMES, RESULTS
    from webhooks.store import read_records

    text = """
    {ivr: 1, name: L, start: wait, queues: {help: {}}, nodes: {
      wait: {type: queue, queue: help, while_waiting: {1: promise}},
     promise: {type: callback, queue: help, on: {booked: bye, failed: bye}, otherwise: bye}, bye: {type: hangup}}}
    """
    flow = load_text(text).flow
    app = create_app(Config(flow=flow, **IN_PUBLIC, database=database, clock=lambda: NOON))
    call = WebCall(Carrier(app, Signature(TOKEN, PUBLIC)), f"CA{1:032x}")
    call.dial()
    call.send(flow.nodes["wait"].enter(Here(flow, "wait", "en-US"))[-1], Outcome("key 1"))
    call.send(Listen(("1", "2"), 1, "#", 5, 3, "en-US"), Keys("1"))
    assert b"<Hangup" in call.document
    app.extensions["ivr"]["journal"].flush()
    records = read_records(database)
    assert [OUTCOMES[code] for code in records.calls["outcome"]] == ["callback"]
    assert [RESULTS[code] for code in records.visits["result"]] == ["callback"]
    [promise] = Callbacks(app.extensions["ivr"]["store"]).all()
    app.extensions["ivr"]["store"].close()
    assert (promise["number"], promise["due"], promise["queue"]) == ("+14155550123", "now", "help")


def test_answers_can_be_stated_in_development_alone() -> None:
    from flows.source.finding import UsageError

    flow = load(str(NODES / "split.yaml")).flow
    app = create_app(Config(flow=flow, development=True, stated={"wording": Outcome("short")}, clock=lambda: NOON))
    assert b"Other." in app.test_client().post("/voice", data={"CallSid": f"CA{7:032x}"}).data
    with pytest.raises(UsageError, match="answers of lookups are given"):
        Config(flow=flow, public_url=PUBLIC, auth_token=TOKEN, stated={"wording": Outcome("short")})


def test_a_call_keeps_its_draw() -> None:
    flow = load(str(NODES / "split.yaml")).flow
    app = create_app(Config(flow=flow, development=True, clock=lambda: NOON))
    heard = [{app.test_client().post("/voice", data={"CallSid": f"CA{i}"}).data for _ in range(3)} for i in range(40)]
    assert all(len(documents) == 1 for documents in heard)
    assert len(set.union(*heard)) == 2


def test_no_log_and_no_repr_shows_the_token(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.DEBUG)
    _world(monkeypatch).perform(TEXT, call_sid=f"CA{1:032x}", seq=1, seconds=3)
    assert TOKEN not in repr(_world(monkeypatch))
    assert TOKEN not in caplog.text
