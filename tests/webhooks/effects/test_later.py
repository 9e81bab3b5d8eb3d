"""Messages for later: sent at their time, once, by one worker, within the hours of the day, and not after STOP."""

from __future__ import annotations

import datetime as dt
import itertools
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from flows.protocol.service_actions import Send
from webhooks.effects.later import LaterLoop, within_day
from webhooks.effects.live_services import LiveServices
from webhooks.effects.text_messages import TextMessages, TryAgainError
from webhooks.security.caller_numbers import CallerNumbers
from webhooks.service.inbound_messages import InboundMessages, inbound
from webhooks.store import Store
from webhooks.store.later_messages import LaterMessages, OptOuts
from webhooks.store.line_tables import LATER_MESSAGES, OPTED_OUT

NUMBER = "+14155550123"
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
NOON = 1_796_126_400_000_000  # 2026-12-01 12:00 UTC
ASK = Send(
    "ask", NUMBER, "Does it work?", "en-US", ("sent", "failed", "no_mobile"), after_s=172_800.0, within=(600, 1080)
)
HASHED = CallerNumbers(("a secret of sixteen characters or more",))


class Sent(TextMessages):
    """Notes what is sent, and answers as told."""

    def __init__(self, answers: list[str] | None = None) -> None:
        super().__init__("AC1", "token", "+18005550100", "+18005550101")
        object.__setattr__(self, "texts", [])
        object.__setattr__(self, "answers", answers or [])

    def send(self, to: str, message: Mapping[str, Any], seconds: float) -> str:
        self.texts.append((to, message["text"]))  # type: ignore[attr-defined]
        answer = self.answers.pop(0) if self.answers else "sent"  # type: ignore[attr-defined]
        if answer == "again":
            raise TryAgainError
        return answer


class Line:
    """A line with one database, its clock, and what it sends."""

    def __init__(self, folder: Path, answers: list[str] | None = None) -> None:
        self.path = str(folder / "calls.sqlite")
        self.store = Store(self.path)
        self.now_us, self.sent = NOON, Sent(answers)
        self.later, self.opted_out = LaterMessages(self.store), OptOuts(self.store, HASHED)
        self.loop = self.worker()

    def worker(self, sent: TextMessages | None = None) -> LaterLoop:
        store = Store(self.path)
        return LaterLoop(
            LaterMessages(store), OptOuts(store, HASHED), sent or self.sent, lambda: "UTC", lambda: self.now_us
        )

    def asks(self, send: Send = ASK, seq: int = 1, **settings: Any) -> str:
        services = LiveServices(
            texts=self.sent, later=self.later, opted_out=self.opted_out, clock_us=lambda: self.now_us, **settings
        )
        return services.perform(send, call_sid="CA1", seq=seq, seconds=3).label

    @property
    def states(self) -> list[tuple[str, int]]:
        with self.store.transaction() as connection:
            rows = connection.execute(sa.select(LATER_MESSAGES).order_by(LATER_MESSAGES.c.seq)).mappings().all()
        return [(row["state"], row["due_us"]) for row in rows]

    @property
    def texts(self) -> list[tuple[str, str]]:
        return self.sent.texts  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def line(tmp_path: Path) -> Line:
    return Line(tmp_path)


def test_it_is_sent_two_days_after_the_call_and_once(line: Line) -> None:
    assert [line.asks(), line.asks()] == ["sent", "sent"]  # the webhook is repeated
    assert (line.states, line.texts) == ([("waiting", NOON + 2 * DAY_US)], [])
    line.now_us = NOON + 2 * DAY_US - 1
    assert line.loop.turn() == 0
    line.now_us += 1
    assert line.loop.turn() == 1
    assert line.texts == [(NUMBER, "Does it work?")]
    assert line.worker().turn() == 0  # also after a restart
    assert line.states == [("sent", NOON + 2 * DAY_US)]


@pytest.mark.parametrize(
    ("called", "due"),
    [
        # allowed from 10:00 to 18:00
        (9, 2 * 24 + 10),  # 9:00 two days later is too early by an hour
        (10, 2 * 24 + 10),
        (17.5, 2 * 24 + 17.5),
        (18, 3 * 24 + 10),  # 18:00 is not within: the next day
        (23, 3 * 24 + 10),
    ],
)
def test_it_waits_for_the_hours_of_the_day(line: Line, called: float, due: float) -> None:
    midnight = NOON - 12 * HOUR_US
    line.now_us = midnight + round(called * HOUR_US)
    line.asks()
    assert line.states == [("waiting", midnight + round(due * HOUR_US))]


def test_hours_of_the_day_by_the_clock_of_the_line() -> None:
    """11:00 in New York is 16:00 UTC in winter. Clocks change on 2026-03-08: 10:00 is then 14:00 UTC."""
    assert within_day(NOON, (660, 1080), "America/New_York") == NOON + 4 * HOUR_US
    saturday_night = round(dt.datetime(2026, 3, 8, 2, tzinfo=dt.UTC).timestamp() * 1e6)
    opens = within_day(saturday_night, (600, 1080), "America/New_York")
    assert dt.datetime.fromtimestamp(opens / 1e6, dt.UTC) == dt.datetime(2026, 3, 8, 14, tzinfo=dt.UTC)


def test_a_service_that_was_down_at_its_time_sends_it_at_the_next_allowed_hour(line: Line) -> None:
    line.asks()
    line.now_us = NOON + 2 * DAY_US + 10 * HOUR_US  # back at 22:00
    assert line.loop.turn() == 1
    assert (line.texts, line.states) == ([], [("waiting", NOON + 3 * DAY_US - 2 * HOUR_US)])
    line.now_us = NOON + 3 * DAY_US - 2 * HOUR_US
    line.loop.turn()
    assert len(line.texts) == 1


def test_two_workers_do_not_both_send_it(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both have seen that it is due, before either takes it."""
    line.asks()
    line.now_us = NOON + 2 * DAY_US
    seen, calls, real = threading.Barrier(2), itertools.count(), LaterMessages.take.__globals__["here"]

    def here_after_both(table: sa.Table, **values: Any) -> Any:
        if values.get("state") == "waiting" and next(calls) < 2:
            seen.wait(5)
        return real(table, **values)

    monkeypatch.setitem(LaterMessages.take.__globals__, "here", here_after_both)
    with ThreadPoolExecutor(2) as both:
        turns = [both.submit(line.worker().turn) for _ in range(2)]
        counts = sorted(one.result() for one in turns)
    assert counts == [0, 1]
    assert len(line.texts) == 1


def test_a_worker_that_died_on_the_way_leaves_it_unknown_and_it_is_not_sent_again(line: Line) -> None:
    line.asks()
    line.now_us = NOON + 2 * DAY_US
    assert line.later.take(line.now_us) is not None  # and dies
    line.now_us += 601_000_000
    assert line.loop.turn() == 0
    assert (line.texts, [state for state, _ in line.states]) == ([], ["unknown"])


def test_stop_withdraws_what_waits(line: Line) -> None:
    line.asks()
    line.asks(Send("link", "+14155550124", "Hi.", "en-US", ASK.labels, after_s=60.0), seq=2)
    inbox = InboundMessages(line.opted_out, lambda: 5)
    assert b"<Response />" in inbox({"From": NUMBER, "Body": " Stop. "}, "")
    assert [state for state, _ in line.states] == ["withdrawn", "waiting"]
    line.now_us = NOON + 2 * DAY_US
    line.loop.turn()
    assert line.texts == [("+14155550124", "Hi.")]
    with line.store.transaction() as connection:
        kept = connection.execute(sa.select(OPTED_OUT)).mappings().one()
    assert (len(kept["recipient"]), kept["at_us"]) == (32, 5)  # a hash, not the number
    assert line.asks(seq=3) == "failed"
    inbox({"From": f"whatsapp:{NUMBER}", "Body": "START"}, "")
    assert line.asks(seq=4) == "sent"


@pytest.mark.parametrize(
    ("form", "stops"),
    [
        ({"Body": "STOP"}, True),
        ({"Body": "Please call me", "OptOutType": "STOP"}, True),
        ({"Body": "alto"}, True),
        ({"Body": "don't stop"}, False),
        ({"Body": "HELP", "OptOutType": "HELP"}, False),
        ({}, False),
    ],
)
def test_what_counts_as_stop(line: Line, form: dict[str, str], stops: bool) -> None:
    InboundMessages(line.opted_out, lambda: 5)({"From": NUMBER, **form}, "")
    assert line.opted_out.has(NUMBER) is stops
    InboundMessages(line.opted_out, lambda: 6)({"From": NUMBER, **form}, "")  # the carrier repeats it
    assert line.opted_out.has(NUMBER) is stops


def test_a_message_from_nowhere_stops_nothing(line: Line) -> None:
    InboundMessages(line.opted_out, lambda: 5)({"From": "anonymous", "Body": "STOP"}, "")
    assert not line.opted_out.has("anonymous")


def test_stopped_after_it_was_kept_it_is_withdrawn_at_its_time(line: Line) -> None:
    """STOP came while the row was on its way to the database, so that it was not there to be withdrawn."""
    line.opted_out.add(NUMBER, 5)
    line.later.keep(("CA1", 1), NUMBER, {"name": "ask", "text": "", "channel": "sms", "within": [0, 1440]}, NOON, NOON)
    line.loop.turn()
    assert (line.texts, [state for state, _ in line.states]) == ([], ["withdrawn"])


@pytest.mark.parametrize(
    ("answers", "state", "tries"),
    [
        (["failed"], "failed", 1),
        (["no_mobile"], "failed", 1),
        (["stopped"], "withdrawn", 1),
        (["again", "sent"], "sent", 2),
        (["again"] * 20, "failed", 10),
    ],
)
def test_what_becomes_of_it(tmp_path: Path, answers: list[str], state: str, tries: int) -> None:
    line = Line(tmp_path, answers)
    line.asks()
    line.now_us = NOON + 2 * DAY_US
    for _ in range(30):
        line.loop.turn()
        line.now_us += 60_000_000
    assert [one for one, _ in line.states] == [state]
    assert len(line.texts) == tries
    assert line.opted_out.has(NUMBER) is (state == "withdrawn")


def test_without_an_account_it_fails_at_its_time(line: Line) -> None:
    line.asks()
    line.now_us = NOON + 2 * DAY_US
    line.worker(TextMessages()).turn()
    assert [state for state, _ in line.states] == ["failed"]


def test_without_a_database_it_cannot_be_kept() -> None:
    services = LiveServices(texts=Sent())
    assert services.perform(ASK, call_sid="CA1", seq=1, seconds=3).label == "failed"
    assert inbound(None) == {}


def test_a_database_that_cannot_be_written_keeps_nothing(tmp_path: Path) -> None:
    later = LaterMessages(Store(str(tmp_path / "no" / "folder" / "calls.sqlite")))
    assert LiveServices(texts=Sent(), later=later).perform(ASK, call_sid="CA1", seq=1, seconds=3).label == "failed"


def test_the_thread_sends_and_stops(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("webhooks.effects.later._LOOK_S", 0.01)
    line.asks()
    line.now_us = NOON + 2 * DAY_US
    line.loop.start()
    line.loop.start()  # once a process
    assert _soon(lambda: len(line.texts) == 1)
    line.loop.stop()


def test_the_thread_goes_on_after_a_fault(
    line: Line, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("webhooks.effects.later._LOOK_S", 0.01)
    faults = iter([OSError("away"), OSError("away"), ValueError("odd")])
    turned: list[int] = []

    def turn(_self: LaterLoop) -> int:
        turned.append(1)
        if (fault := next(faults, None)) is not None:
            raise fault
        return 0

    monkeypatch.setattr(LaterLoop, "turn", turn)
    line.loop.start()
    assert _soon(lambda: len(turned) > 3)
    line.loop.stop()
    assert caplog.text.count("cannot be read now") == 1
    assert "messages for later: ValueError" in caplog.text


def _soon(holds: Callable[[], bool]) -> bool:
    waited = threading.Event()
    return any(holds() or waited.wait(0.02) for _ in range(500))
