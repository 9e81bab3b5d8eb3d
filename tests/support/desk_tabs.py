"""People in several tabs of a browser, at a line with a desk and a virtual carrier: callers, agents, telephones."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Browser, Page, expect

from flows.model.load import load_text
from tests.support.browser_phone import listening
from webhooks.service.app import create_app
from webhooks.settings.config import Config

PATIENCE_MS = 20_000
"""A busy machine takes its time."""
expect.set_options(timeout=PATIENCE_MS)
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
      - {key: 4, label: a message, next: message}
  sales: {type: queue, queue: sales, on: {answered: bye}}
  repairs: {type: queue, queue: repairs, on: {answered: bye}}
  call_back: {type: callback, queue: sales, on: {booked: bye, failed: bye}}
  message: {type: voicemail, box: office, transcribe: true, say: Please speak after the tone., next: bye}
  bye: {type: hangup, say: Goodbye.}
queues: {sales: {}, repairs: {}}
"""
AGENTS = """
groups: {counter: {skills: [sales]}, workshop: {skills: [repairs]}}
agents:
  ana: {name: Ana Ruiz, group: counter, browser: true}
  ben: {name: Ben Okafor, group: workshop, browser: true}
"""


@contextmanager
def serving(folder: Path, rate: float = 8.0) -> Iterator[str]:
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
        app.extensions["ivr"]["exchange"].time.rate = rate  # what is heard takes a part of its time
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
        page.set_default_timeout(PATIENCE_MS)
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
