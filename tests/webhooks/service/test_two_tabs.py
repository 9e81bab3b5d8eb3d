"""People in several tabs: one calls, others answer, talk, pass the call on and wrap up. Without Twilio."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from flows.model.load import load_text
from tests.support.axe import violations
from tests.support.browser_phone import listening
from webhooks.service.app import create_app
from webhooks.settings.config import Config

LINE = """
ivr: 1
name: Shop
start: main
nodes:
  main:
    type: menu
    choices:
      - {key: 1, label: sales, next: sales}
      - {key: 2, label: repairs, next: repairs}
      - {key: 3, label: a call back, next: call_back}
  sales: {type: queue, queue: sales, on: {answered: bye}}
  repairs: {type: queue, queue: repairs, on: {answered: bye}}
  call_back: {type: callback, queue: sales, on: {booked: bye, failed: bye}}
  bye: {type: hangup, say: Goodbye.}
queues: {sales: {}, repairs: {}}
"""
AGENTS = """
groups: {counter: {skills: [sales]}, workshop: {skills: [repairs]}}
agents:
  ana: {name: Ana Ruiz, group: counter, browser: true}
  ben: {name: Ben Okafor, group: workshop, browser: true}
"""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("shop")) as base:
        yield base


@contextmanager
def serving(folder: Path) -> Iterator[str]:
    """A line with a desk and a virtual carrier, as ``ivr serve --desk`` has it."""
    (folder / "agents.yaml").write_text(AGENTS)
    flow = load_text(LINE).flow
    assert flow is not None
    config = Config(
        flow=flow,
        development=True,
        database=str(folder / "calls.sqlite"),
        desk=True,
        agents_file=folder / "agents.yaml",
    )
    made: list[Flask] = []
    with listening(lambda environ, start: made[0](environ, start)) as base:
        made.append(app := create_app(config, virtual_base=base))
        dispatcher = app.extensions["ivr"]["dispatcher"]
        app.extensions["ivr"]["exchange"].time.rate = 8.0  # what is heard takes an eighth of its time
        dispatcher.start()
        yield base
        dispatcher.stop()
        app.extensions["ivr"]["exchange"].time.stop()
        app.extensions["ivr"]["journal"].flush()
        app.extensions["ivr"]["store"].close()


class Tabs:
    """The tabs of a browser, and what went wrong in them."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self.address, self.wrong = address, list[str]()
        self._chromium = chromium

    def open(self, path: str) -> Page:
        context = self._chromium.new_context(viewport={"width": 1280, "height": 800}, reduced_motion="reduce")
        context.add_init_script("delete window.speechSynthesis; delete Window.prototype.speechSynthesis;")
        page = context.new_page()
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("console", lambda said: self.wrong.append(said.text) if said.type in ("error", "warning") else None)
        page.goto(self.address + path)
        page.set_default_timeout(10_000)
        return page

    def agent(self, name: str) -> Page:
        """An agent who is ready at the desk."""
        page = self.open("/desk")
        page.locator(f"button[value={name}]").click()
        page.locator("#ready").click()
        expect(page.locator("#state")).to_have_text("Ready")
        return page

    def caller(self, key: str) -> Page:
        """Somebody who calls and presses a key."""
        page = self.open("/phone")
        page.locator("#call").click()
        page.locator(".key.lit").first.wait_for()
        page.keyboard.press(key)
        return page


def takes_call(desk: Page, queue: str) -> None:
    """Pick up, hear the whisper, press 1."""
    desk.get_by_role("button", name="Answer").click()
    expect(desk.locator(".handset-title")).to_have_text("Press a key")
    expect(desk.locator(".handset-said li").first).to_contain_text(
        queue, ignore_case=True
    )  # the whisper names the queue
    desk.locator(".handset-keys button").first.click()
    expect(desk.locator("#state")).to_have_text("On a call")


def says(page: Page, field: str, text: str) -> None:
    page.locator(field).fill(text)
    page.locator(field).press("Enter")


def test_a_call_from_greeting_to_wrap_up(chromium: Browser, address: str) -> None:
    tabs = Tabs(chromium, address)
    ana, ben = tabs.agent("ana"), tabs.agent("ben")
    caller = tabs.caller("1")
    expect(ana.locator("#state")).to_have_text("Ringing")
    expect(ben.locator("#state")).to_have_text("Ready")
    takes_call(ana, "sales")
    expect(caller.locator("#state")).to_have_text("Talking to Ana Ruiz")
    says(ana, ".handset-say input", "Hello, this is Ana.")
    expect(caller.locator("#transcript")).to_contain_text("Hello, this is Ana.")
    says(caller, "#words", "My radio <b>hums</b>.")
    expect(ana.locator(".handset-said")).to_contain_text("My radio <b>hums</b>.")
    found = violations(ana)

    ana.locator("#transfer").click()
    ana.locator("#to").select_option("repairs")
    ana.locator("#transfer-dialog [data-kind=cold]").click()
    expect(ana.locator("#state")).to_have_text("Wrap-up")
    expect(ben.locator("#state")).to_have_text("Ringing")
    takes_call(ben, "repairs")
    expect(caller.locator("#state")).to_have_text("Talking to Ben Okafor")
    says(ben, ".handset-say input", "Bring it to us.")
    expect(caller.locator("#transcript")).to_contain_text("Bring it to us.")

    caller.locator("#hangup").click()
    expect(ben.locator("#state")).to_have_text("Wrap-up")
    ben.locator("#wrapped").click()
    expect(ben.locator("#state")).to_have_text("Ready")

    customer = tabs.caller("3")  # asks to be called back
    customer.locator(".key.lit[data-key='2']").wait_for()
    expect(customer.locator("#transcript")).to_contain_text("call you back")
    customer.keyboard.press("1")
    expect(customer.locator("#state")).to_have_text("Call ended")
    customer.goto(f"{address}/handset/+14155550123")
    found += violations(customer)
    ana.locator("#wrapped").click()
    expect(ana.locator("#state")).to_have_text("Ringing")
    takes_call(ana, "sales")
    customer.get_by_role("button", name="Answer").click()
    expect(customer.locator(".handset-said")).to_contain_text("You asked us to call you back")
    expect(customer.locator(".handset-title")).to_have_text("Talking to Ana Ruiz", timeout=15_000)
    says(customer, ".handset-say input", "It hums again.")
    expect(ana.locator(".handset-said")).to_contain_text("It hums again.")
    customer.get_by_role("button", name="Hang up").click()
    expect(ana.locator("#state")).to_have_text("Wrap-up")
    assert (tabs.wrong, found) == ([], [])
