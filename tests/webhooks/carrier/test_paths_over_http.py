"""Call scripts made from the shipped lines, played as a carrier plays them: signed requests to the served line."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from flows.model.flow import Flow
from flows.model.load import load
from flows.protocol.actions import Outcome
from ivr.paths.choose import chosen
from ivr.paths.search import ways
from ivr.paths.wanted import wanted
from ivr.paths.write_script import scripts_text
from ivr.phone.call_script import Script, read_scripts
from ivr.phone.flow_scripts import FlowDriver
from ivr.phone.script_player import carry_out
from webhooks.carrier.drivers.scripts import play_script
from webhooks.carrier.protocol import Number
from webhooks.carrier.requests.wsgi import Wsgi
from webhooks.service.app import create_app
from webhooks.settings.config import Config

MONDAY_AT_TEN = dt.datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("America/New_York"))
_NOT_HERE = {"failed", "switch"}
"""Messages and callbacks do not fail here, and a switch is turned on in a database."""
NUMBER = Number("http://localhost:5000/voice")


def stated(flow: Flow, script: Script) -> dict[str, Outcome]:
    """What the service has to be told before it is called, since a carrier cannot: draws, and what lookups bring."""
    driver, found, brought = FlowDriver(flow, script.name), dict[str, Outcome](), dict[str, str]()
    for line in script.lines:
        name, _, value = (part.strip() for part in line.argument.partition("="))
        if line.command == "draw":
            found[name] = Outcome(value)
        elif line.command == "given" and driver.phone is not None:
            brought[name] = value
        elif line.command == "lookup":
            found[driver.node], brought = Outcome(line.argument.replace(" ", "_"), brought), {}
        carry_out(line, driver)
    return found


@pytest.mark.parametrize("name", ["northwind", "power_outage", "credit_union", "city_services"])
def test_calls_made_from_a_line_go_as_written_on_it(name: str) -> None:
    flow = load(name).flow
    things = wanted(flow)
    scripts = read_scripts(scripts_text(flow, chosen(ways(flow, things), things)), "all.calls")
    assert len(scripts) > 60
    apps: dict[str, Wsgi] = {}
    wrong = []
    for i, script in enumerate(scripts):
        told = stated(flow, script)
        if repr(told) not in apps:
            config = Config(flow=flow, development=True, clock=lambda: MONDAY_AT_TEN, stated=told)
            apps[repr(told)] = Wsgi(create_app(config))
        played = play_script(script, NUMBER, apps[repr(told)], sid=f"CA{i:032x}", began=MONDAY_AT_TEN)
        if not _NOT_HERE & {line.command for line in script.lines}:
            wrong += played.findings
    assert wrong == []
