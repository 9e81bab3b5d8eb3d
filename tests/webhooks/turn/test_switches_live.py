"""A switch that is turned while calls come: heard by the next caller at every worker, and the same when asked twice."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import pytest

from flows.model.flow import Flow
from flows.model.load import load
from tests.support.paths import DATA
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, TOKEN, Carrier
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.store import Store
from webhooks.store.switch_states import SwitchState, turn_switch
from webhooks.twilio.signature import Signature

LINE = load(DATA / "constructs" / "switches.yaml").flow
MONDAY_10 = dt.datetime(2026, 11, 23, 15, tzinfo=dt.UTC)  # 10:00 in New York
US = 1_000_000


@pytest.fixture
def database(tmp_path: Path) -> str:
    return str(tmp_path / "calls.sqlite")


def worker(flow: Flow, database: str, clock: Callable[[], dt.datetime] = lambda: MONDAY_10) -> Carrier:
    app = create_app(Config(flow=flow, **IN_PUBLIC, database=database, clock=clock))
    return Carrier(app, Signature(TOKEN, PUBLIC))


def calls(carrier: Carrier, number: int) -> str:
    """What a new caller hears, asked for twice."""
    form = {
        "CallSid": f"CA{number:032x}",
        "AccountSid": "AC1",
        "From": "+14155550123",
        "To": "+18005550100",
        "Direction": "inbound",
    }
    return carrier.twice("/voice", form).decode()


def turn(database: str, name: str, state: SwitchState) -> None:
    turn_switch(Store(database), name, state)


def now_us(moment: dt.datetime) -> int:
    return round(moment.timestamp() * US)


@pytest.fixture(autouse=True)
def read_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is remembered for other calls, so that tests need not wait."""
    monkeypatch.setattr("webhooks.store.switch_states._KEPT_S", 0.0)


def test_the_next_caller_hears_it_at_every_worker(database: str) -> None:
    one, other = worker(LINE, database), worker(LINE, database)
    assert "The desk." in calls(one, 1)
    turn(database, "emergency", SwitchState(True, {"en-US": "Fire & flood."}, now_us(MONDAY_10)))
    for number, carrier in enumerate((one, other)):
        said = calls(carrier, 10 + number)
        assert "Fire &amp; flood." in said
        assert "Goodbye." in said
        assert "The desk." not in said
    turn(database, "emergency", SwitchState(False, {}, now_us(MONDAY_10)))
    assert "The desk." in calls(other, 21)


def test_it_goes_off_by_itself(database: str) -> None:
    moment = [MONDAY_10]
    line = worker(LINE, database, lambda: moment[0])
    until = MONDAY_10 + dt.timedelta(hours=2)
    turn(database, "emergency", SwitchState(True, {}, now_us(MONDAY_10), now_us(until)))
    assert "because of the storm" in calls(line, 1)
    moment[0] = until - dt.timedelta(seconds=1)
    assert "because of the storm" in calls(line, 2)
    moment[0] = until
    assert "The desk." in calls(line, 3)


def test_closed_hours_are_closed(database: str) -> None:
    line = worker(LINE, database)
    turn(database, "strike", SwitchState(True, {}, now_us(MONDAY_10)))
    assert "The counter." in calls(line, 1)
    turn(database, "holiday", SwitchState(True, {}, now_us(MONDAY_10)))
    assert "We are closed." in calls(line, 2)


def test_a_webhook_that_is_repeated_after_the_switch_was_turned_off_gets_the_same_answer(database: str) -> None:
    line = worker(LINE, database)
    turn(database, "emergency", SwitchState(True, {"en-US": "Fire."}, now_us(MONDAY_10)))
    first = calls(line, 1)
    assert line.wsgi.app.extensions["ivr"]["journal"].flush()  # type: ignore[attr-defined]
    turn(database, "emergency", SwitchState(False, {}, now_us(MONDAY_10)))
    assert calls(line, 1) == first
    assert "The desk." in calls(line, 2)


def test_without_a_database_every_switch_is_off() -> None:
    assert "The desk." in calls(worker(LINE, ""), 1)
