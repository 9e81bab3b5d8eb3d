"""Accessibility of the pages by axe-core: no violations at any width, light and dark."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

from tests.support.axe import violations
from tests.support.browser_phone import library, to_the_account_number, to_the_lookup, to_the_queue
from tests.support.report_pages import PAGES, swept

SCREENS = [(1440, 900, "light"), (1024, 768, "dark"), (390, 664, "light"), (390, 664, "dark")]


def test_axe_finds_what_is_wrong(chromium: Browser) -> None:
    """An image without a text, and no language: proves that axe finds violations."""
    opened = chromium.new_page()
    opened.set_content("<main><h1>Wrong</h1><img src='data:,'></main>")
    assert {text.partition(":")[0] for text in violations(opened)} >= {"html-has-lang", "image-alt", "document-title"}
    opened.close()


@pytest.mark.parametrize(("width", "height", "scheme"), SCREENS)
def test_the_browser_phone(chromium: Browser, address: str, width: int, height: int, scheme: str) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )  # type: ignore[arg-type]
    opened = context.new_page()
    opened.goto(f"{address}/phone")
    found = violations(opened)
    opened.locator("#who summary").click()
    found += violations(opened)
    opened.locator("#withheld").check()
    to_the_queue(opened)
    found += violations(opened)
    opened.get_by_role("button", name="Agent answers").click()
    opened.get_by_role("button", name="The agent hangs up").click()
    opened.locator(".bubble.ending").wait_for()
    found += violations(opened)
    to_the_account_number(opened)
    opened.keyboard.type("71")
    found += violations(opened)
    opened.locator("#hangup").click()
    with library() as url:
        opened.goto(url)
        to_the_lookup(opened)
        found += violations(opened)
    context.close()
    assert found == []


@pytest.mark.parametrize(
    ("kind", "width", "height", "scheme"),
    # All pages share one style: one of them at every width, the others at the ends.
    [(kind, *screen) for kind in PAGES for screen in (SCREENS if kind == "report" else (SCREENS[0], SCREENS[3]))],
)
def test_the_pages_of_a_simulation(
    chromium: Browser, tmp_path, kind: str, width: int, height: int, scheme: str
) -> None:
    (tmp_path / "page.html").write_text(PAGES[kind](), encoding="utf-8")
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
    opened = context.new_page()
    opened.goto((tmp_path / "page.html").as_uri())
    found = violations(opened)
    opened.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    found += violations(opened)
    context.close()
    assert found == []


@pytest.mark.parametrize(("width", "height", "scheme"), [SCREENS[0], SCREENS[3]])
def test_the_page_of_a_sweep(chromium: Browser, tmp_path, width: int, height: int, scheme: str) -> None:
    """Nothing is cut on a phone either: what is wide scrolls in its own place."""
    (tmp_path / "page.html").write_text(swept(tmp_path), encoding="utf-8")
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme, offline=True)  # type: ignore[arg-type]
    opened = context.new_page()
    opened.goto((tmp_path / "page.html").as_uri())
    opened.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true; })")
    found = violations(opened)
    wide = opened.evaluate("document.documentElement.scrollWidth")
    context.close()
    assert found == []
    assert wide <= width
