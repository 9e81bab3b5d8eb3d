"""The browser phone served on a fixed day, and helpers that take a caller through its page."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from wsgiref.types import WSGIApplication

from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from flows.model.load import load, load_text
from webhooks.service.app import create_app
from webhooks.settings.config import Config

TUESDAY_MORNING = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)
LIBRARY = load_text("""
ivr: 1
name: Bay Library
start: open
hours: {desk: {zone: America/New_York, mon-fri: "09:00-17:00"}}
nodes:
  open: {type: hours, hours: desk, on: {open: who, closed: shut}}
  who:
    type: lookup
    url: http://127.0.0.1:9/card
    say: One moment.
    into: {name: name, fines: fines}
    on: {member: {status: 200, next: hello}, stranger: {status: 404, next: join}}
    failure: sorry
  hello: {type: hangup, say: "Hello {name}, you owe {fines:money:USD}."}
  join: {type: hangup, say: Please join us.}
  sorry: {type: hangup, say: We cannot look you up.}
  shut: {type: hangup, say: We are closed.}
""").flow


@contextmanager
def listening(app: WSGIApplication) -> Iterator[str]:
    """An application on a free port, by its address."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@contextmanager
def serving(database: Path) -> Iterator[tuple[str, Flask]]:
    """The shipped line on a fixed day, with its address."""
    app = create_app(
        Config(flow=load("northwind").flow, development=True, database=str(database), clock=lambda: TUESDAY_MORNING)
    )
    try:
        with listening(app) as address:
            yield address, app
    finally:
        app.extensions["ivr"]["journal"].flush()
        app.extensions["ivr"]["store"].close()


def skip_to(page: Page, node: str) -> None:
    """Skip prompts until the caller is at a node and the line listens there."""
    expect(page.locator(f'#path [data-node="{node}"]').last).to_be_visible()
    page.wait_for_function("document.body.dataset.state !== 'ringing'")
    while page.locator("body").get_attribute("data-state") == "speaking":
        # In one step: a prompt that starts just now must not be skipped.
        page.evaluate("document.body.dataset.state === 'speaking' && document.getElementById('skip').click()")
        page.wait_for_timeout(50)
    expect(page.locator('#path [aria-current="step"]')).to_contain_text(node)


def to_the_queue(page: Page) -> None:
    page.locator("#call").click()
    expect(page.locator('#path [aria-current="step"]')).to_contain_text("greeting")  # what speaks now
    skip_to(page, "choose_language")
    page.locator('.key[data-key="1"]').click()
    skip_to(page, "main")
    page.locator("#skip").click()  # the whole menu appears
    expect(page.locator(".bubble.line").last).to_contain_text("For an operator, press 0.")
    page.keyboard.press("2")
    skip_to(page, "tech_menu")
    page.locator('.key[data-key="0"]').click()
    skip_to(page, "operator_queue")
    expect(page.locator("body")).to_have_attribute("data-state", "holding")


def to_the_account_number(page: Page) -> None:
    page.locator("#call").click()
    skip_to(page, "choose_language")
    page.keyboard.press("1")
    skip_to(page, "main")
    page.keyboard.press("4")
    skip_to(page, "service_menu")
    page.keyboard.press("1")
    skip_to(page, "ask_account")


@contextmanager
def library() -> Iterator[str]:
    """A line with a lookup that gets no answer."""
    app = create_app(
        Config(flow=LIBRARY, development=True, clock=lambda: TUESDAY_MORNING, lookup_hosts=("127.0.0.1:9",))
    )
    with listening(app) as address:
        yield f"{address}/phone"


def to_the_lookup(opened: Page) -> None:
    opened.locator("#call").click()
    expect(opened.locator(".bubble.line").last).to_contain_text("One moment.")
    opened.locator("#skip").click()
    expect(opened.locator("body")).to_have_attribute("data-state", "asking")
