"""Call scripts against a served line whose clock shows another time: it is sent, or said where it is ignored."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from flows.model.flow import Flow
from flows.model.load import LIBRARY, load
from flows.source.yaml_reader import read_text
from ivr.phone.call_script import Script, read_scripts
from ivr.phone.script_player import Played
from webhooks.carrier.drivers.scripts import own_clock, play_script
from webhooks.carrier.protocol import Number
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.settings.rehearsals import Rehearsals

NEW_YORK = ZoneInfo("America/New_York")
SUNDAY_NIGHT = dt.datetime(2026, 11, 29, 3, 0, tzinfo=NEW_YORK)
TOKEN = "0123456789abcdef"
LOCAL, PUBLIC = "http://localhost:5000/voice", "https://ivr.example.com/voice"


@pytest.fixture(scope="module")
def flow() -> Flow:
    return load("northwind").flow


@pytest.fixture(scope="module")
def shipped() -> tuple[Script, ...]:
    file = LIBRARY / "northwind.calls"
    return read_scripts(read_text(file), str(file))


def played(scripts: tuple[Script, ...], app: Wsgi, number: Number) -> list[Played]:
    return [play_script(script, number, app, sid=f"CA{i:032x}", began=SUNDAY_NIGHT) for i, script in enumerate(scripts)]


def in_development(flow: Flow) -> Wsgi:
    return Wsgi(create_app(Config(flow=flow, development=True, clock=lambda: SUNDAY_NIGHT)))


def in_production(flow: Flow) -> Wsgi:
    settings = Config(flow=flow, auth_token=TOKEN, public_url="https://ivr.example.com", clock=lambda: SUNDAY_NIGHT)
    return Wsgi(create_app(settings))


def script(lines: str) -> tuple[Script, ...]:
    return read_scripts(f"call: a\n{lines}\n", "a.calls")


def test_every_shipped_script_goes_as_written_at_an_hour_when_the_line_is_closed(
    flow: Flow, shipped: tuple[Script, ...]
) -> None:
    found = played(shipped, in_development(flow), Number(LOCAL))
    assert len(found) == 32
    assert [one.script.name for one in found if one.findings] == []
    assert not any(line.command == "at" for one in found for line in one.left_out)
    assert own_clock(found) == ""


def test_a_script_without_a_time_calls_on_monday_at_ten(flow: Flow) -> None:
    [one] = played(script("  press 1\n  expect node main"), in_development(flow), Number(LOCAL))
    assert one.findings == ()


@pytest.mark.parametrize(
    ("time", "message", "hint"),
    [
        ("noon", "'noon' is not a date and time", "write it like 2026-11-23T10:00"),
        (
            "2026-03-08 02:30",  # clocks go from 2:00 to 3:00; only the line knows its zone
            "the answer has status 403: at '2026-03-08 02:30' does not exist in"
            " America/New_York: clocks go forward over it; write a time before or after the jump",
            "",
        ),
    ],
)
def test_a_time_that_cannot_be(flow: Flow, time: str, message: str, hint: str) -> None:
    [one] = played(script(f"  at {time}\n  press 1"), in_development(flow), Number(LOCAL))
    [finding] = one.findings
    assert message in finding.message
    assert hint in finding.hint


def test_a_line_with_its_own_clock_is_named(flow: Flow) -> None:
    """A line with a token goes by the clock on the wall, whoever sends it a time: it is closed on Sunday at three."""
    live = in_production(flow)
    signed = Number(PUBLIC, auth_token=TOKEN)
    [stated] = played(script('  at 2026-11-24 10:00\n  press 1\n  hear "billing"'), live, signed)
    assert [line.command for line in stated.left_out] == ["at"]
    assert "We are closed now" in stated.findings[0].message
    assert stated.findings[0].hint == (
        "the line goes by its own clock (it does not say what it shows), not by the time of this call, 2026-11-24 10:00"
    )
    [silent] = played(script('  press 1\n  hear "billing"'), live, signed)
    assert own_clock([stated, silent]) == (
        "The line goes by its own clock (it does not say what it shows), not by the times of the scripts; if it is"
        " closed at this hour, that alone fails these 2 calls. `ivr serve` without a token goes by the times of the"
        " scripts."
    )
    [fine] = played(script('  press 1\n  hear "closed"'), live, signed)
    assert own_clock([fine]) == ""


def test_what_only_the_service_can_answer_is_named(flow: Flow) -> None:
    city = load("city_services").flow
    [one] = played(
        script('  at 2026-11-24 10:00\n  press 9\n  lookup found\n  hear "nothing like this"'),
        in_development(city),
        Number(LOCAL),
    )
    assert one.findings[0].hint == (
        "'lookup' in line 4 was left out: what a service answers is stated by `ivr serve --lookup NODE=LABEL:NAME=TEXT`"
    )


def test_the_clocks_of_calls_are_few() -> None:
    """Nobody says when a scripted call is over: of 1,001 the first has the present time again."""
    rehearsals = Rehearsals(lambda: SUNDAY_NIGHT)
    monday = dt.datetime(2026, 11, 23, 10, tzinfo=NEW_YORK)
    for i in range(1_001):
        rehearsals.set_clock(f"CA{i}", monday)
    assert [rehearsals.now(f"CA{i}") for i in (0, 1, 1_000)] == [SUNDAY_NIGHT, monday, monday]
