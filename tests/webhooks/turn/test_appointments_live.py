"""Appointments over HTTP: what is full is not offered, and a place that went meanwhile is not given twice."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from flows.model.load import load
from tests.support.paths import DATA
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, TOKEN, Carrier
from webhooks.dispatch.callback_due import due_us
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.settings.spending import ANY
from webhooks.store import Store
from webhooks.store.tables import CALLBACKS
from webhooks.twilio.signature import Signature

LINE = load(DATA / "nodes" / "appointment.yaml").flow
MONDAY_7 = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)  # 7:00 in New York


@pytest.fixture
def line(tmp_path: Path) -> tuple[Carrier, str]:
    database = str(tmp_path / "calls.sqlite")
    app = create_app(Config(flow=LINE, **IN_PUBLIC, database=database, countries=ANY, clock=lambda: MONDAY_7))
    return Carrier(app, Signature(TOKEN, PUBLIC)), database


class Caller:
    """Somebody who calls, hears and presses."""

    def __init__(self, carrier: Carrier, number: int) -> None:
        self.carrier = carrier
        self.form = {"CallSid": f"CA{number:032x}", "AccountSid": "AC1", "Direction": "inbound"}
        self.form |= {"From": f"+1415555{number:04d}", "To": "+18005550100"}
        self.document = carrier.twice("/voice", self.form).decode()

    def press(self, key: str) -> str:
        """What they hear after a key."""
        (action,) = re.findall(r'<Gather[^>]* action="([^"]+)"', self.document)
        url = action.replace("&amp;", "&")
        self.document = self.carrier.twice(url, {**self.form, "Digits": key}).decode()
        return self.document

    @property
    def times(self) -> list[str]:
        return re.findall(r"For November 23, 2026 ([^,]+), press \d", self.document)


def test_what_is_full_is_not_offered_to_the_next_caller(line: tuple[Carrier, str]) -> None:
    carrier, database = line
    first = Caller(carrier, 1)
    assert first.times == ["9 AM", "9:45 AM"]
    assert "Until November 23, 2026 at 9 AM." in first.press("1")
    second = Caller(carrier, 2)
    assert second.times == ["9:45 AM", "1 PM"]
    with Store(database).transaction() as connection:
        (row,) = connection.execute(sa.select(CALLBACKS)).mappings().all()
    assert (row["number"], row["due"], row["queue"]) == ("+14155550001", "2026-11-23T09:00", "advice")
    # The desk has it at nine in New York, which is 14:00 UTC.
    nine_us = round(dt.datetime(2026, 11, 23, 14, tzinfo=dt.UTC).timestamp() * 1e6)
    assert due_us(LINE, row["due"], row["at_us"]) == nine_us


def test_of_two_who_hear_the_same_last_place_one_gets_it(line: tuple[Carrier, str]) -> None:
    carrier, database = line
    first, second = Caller(carrier, 1), Caller(carrier, 2)
    assert first.times == second.times == ["9 AM", "9:45 AM"]
    assert "Until November 23, 2026 at 9 AM." in first.press("1")
    second.press("1")
    assert second.times == ["9:45 AM", "1 PM"]  # asked again, with what is left
    assert "Until November 23, 2026 at 1 PM." in second.press("2")
    with Store(database).transaction() as connection:
        due = connection.scalars(sa.select(CALLBACKS.c.due).order_by(CALLBACKS.c.due)).all()
    assert due == ["2026-11-23T09:00", "2026-11-23T13:00"]
