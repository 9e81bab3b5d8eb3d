"""The page of the browser phone in Chromium: services that show it, and the ways to some of its states."""

from __future__ import annotations

import datetime as dt
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.serving import make_server

from flows.model.load import load
from tests.support.library_flow import FLOW
from webhooks.service.app import create_app
from webhooks.settings.config import Config

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), ""
)
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]
TUESDAY_MORNING = dt.datetime(2026, 11, 24, 15, tzinfo=dt.UTC)


@contextmanager
def serving(database: Path) -> Iterator[tuple[str, Flask]]:
    """The shipped line on its day, with its address."""
    app = create_app(
        Config(flow=load("northwind").flow, development=True, database=str(database), clock=lambda: TUESDAY_MORNING)
    )
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", app
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        app.extensions["ivr"]["journal"].flush()
        app.extensions["ivr"]["store"].close()


@contextmanager
def library() -> Iterator[str]:
    """A line with a lookup that nobody answers."""
    app = create_app(Config(flow=FLOW, development=True, clock=lambda: TUESDAY_MORNING, lookup_hosts=("127.0.0.1:9",)))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/phone"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def nodes(page: Page) -> list[str]:
    return page.locator("#path .node").all_text_contents()


def heard(page: Page) -> list[str]:
    return page.locator(".bubble.line p").all_text_contents()


def skip_to(page: Page, node: str) -> None:
    """Skip what is said on the way, until the caller stands at a node and the line listens there."""
    expect(page.locator(f'#path [data-node="{node}"]').last).to_be_visible()
    page.wait_for_function("document.body.dataset.state !== 'ringing'")
    while page.locator("body").get_attribute("data-state") == "speaking":
        # In one step: what is said next must not be skipped because the answer came just now.
        page.evaluate("document.body.dataset.state === 'speaking' && document.getElementById('skip').click()")
        page.wait_for_timeout(50)
    expect(page.locator('#path [aria-current="step"]')).to_contain_text(node)


def to_the_queue(page: Page) -> None:
    page.locator("#call").click()
    expect(page.locator('#path [aria-current="step"]')).to_contain_text("greeting")  # what speaks, not what is decided
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


def to_the_lookup(opened: Page) -> None:
    opened.locator("#call").click()
    expect(opened.locator(".bubble.line").last).to_contain_text("One moment.")
    opened.locator("#skip").click()
    expect(opened.locator("body")).to_have_attribute("data-state", "asking")
