"""The browser phone on its page."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.support.browser_phone import serving


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the shipped line."""
    with serving(tmp_path_factory.mktemp("phone") / "calls.db") as (url, _):
        yield url


@pytest.fixture
def page(chromium: Browser, address: str) -> Iterator[Page]:
    """The page of the phone; nothing on it may fail."""
    context = chromium.new_context(viewport={"width": 1280, "height": 820})
    opened = context.new_page()
    wrong: list[str] = []
    opened.on("pageerror", lambda error: wrong.append(str(error)))
    opened.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    opened.on("request", lambda request: wrong.append(request.url) if not request.url.startswith(address) else None)
    opened.goto(f"{address}/phone")
    yield opened
    context.close()
    assert wrong == []  # nothing failed, and no other machine was contacted
