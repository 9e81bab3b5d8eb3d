"""A line tried in the evening: terminal, browser phone and desk say that callers hear it closed, and how to open it."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from flask.testing import FlaskClient

from flows.model.load import load
from webhooks.commands.serve import _print_addresses
from webhooks.service.app import create_app
from webhooks.settings.config import Config

EVENING = dt.datetime(2026, 11, 23, 22, tzinfo=ZoneInfo("America/New_York"))
MORNING = dt.datetime(2026, 11, 24, 8, tzinfo=ZoneInfo("America/New_York"))
CLOSED = "Callers hear at this hour that the line is closed (office), until Tuesday 24 November, 08:00."


def config(folder: Path, now: dt.datetime) -> Config:
    loaded = load("northwind")
    return Config(
        flow=loaded.flow,
        flow_files=tuple(loaded.document.texts),
        development=True,
        database=str(folder / "calls.sqlite"),
        desk=True,
        clock=lambda: now,
    )


def client(folder: Path, now: dt.datetime) -> FlaskClient:
    app = create_app(config(folder, now), virtual_base="http://127.0.0.1:5000")
    made = app.test_client()
    made.environ_base["HTTP_HOST"] = "127.0.0.1:5000"
    return made


@pytest.mark.parametrize("now", [EVENING, MORNING], ids=["closed", "open"])
def test_the_terminal_says_so_with_the_option_that_opens_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], now: dt.datetime
) -> None:
    _print_addresses(config(tmp_path, now), "http://127.0.0.1:5000", "", as_json=False)
    said = " ".join(capsys.readouterr().out.split())
    assert (f"{CLOSED} To set the clock to an open hour: --at 2026-11-24T08:00 Call" in said) == (now == EVENING)
    assert ("closed" in said) == (now == EVENING)


def test_the_browser_phone_says_so_with_a_button_for_the_open_hour(tmp_path: Path) -> None:
    page = client(tmp_path, EVENING).get("/phone").get_data(as_text=True)
    assert CLOSED in page
    assert 'data-at="2026-11-24T08:00"' in page
    assert 'id="closed"' not in client(tmp_path, MORNING).get("/phone").get_data(as_text=True)


@pytest.mark.parametrize("now", [EVENING, MORNING], ids=["closed", "open"])
def test_the_desk_says_so_as_long_as_it_is_so(tmp_path: Path, now: dt.datetime) -> None:
    desk = client(tmp_path, now)
    page = desk.get("/desk/sign-in").get_data(as_text=True)
    token = re.findall(r'name="csrf" value="([^"]+)"', page)[0]
    assert desk.post("/desk/sign-in", data={"name": "hana", "csrf": token}).status_code == 303
    answer = desk.get("/desk/events", buffered=False)
    text = next(part for part in map(str, answer.response) if "data: " in part)
    answer.close()
    hint = " To try it open, start with --at 2026-11-24T08:00, or set the hour at the browser phone."
    assert (CLOSED + hint in text) == (now == EVENING)
