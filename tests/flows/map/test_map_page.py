"""The page of a map in Chromium: by mouse and keyboard, on a laptop and a telephone, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from flows.map.layout import ABOUT, TITLE
from ivr.__main__ import main
from tests.support.axe import violations

SIZES = {"laptop": (1280, 800), "telephone": (390, 800)}


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("map") / "northwind.html"
    assert main(["show", "northwind", "--output", str(made)]) == 0
    return made


class Opened:
    """The page, and what went wrong on it."""

    def __init__(self, page: Page) -> None:
        self.page, self.wrong = page, list[str]()
        page.on("console", lambda said: self.wrong.append(said.text))
        page.on("pageerror", lambda error: self.wrong.append(str(error)))
        page.on("request", lambda asked: self.wrong.append(asked.url) if not asked.url.startswith("file:") else None)


@pytest.fixture(params=[(size, scheme) for size in SIZES for scheme in ("light", "dark")], ids="-".join)
def opened(request: pytest.FixtureRequest, chromium: Browser, file: Path) -> Iterator[Opened]:
    size, scheme = request.param
    width, height = SIZES[size]
    page = chromium.new_page(viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce")
    found = Opened(page)
    page.goto(file.as_uri())
    yield found
    page.close()


def test_by_mouse_and_without_a_fault(opened: Opened) -> None:
    page = opened.page
    expect(page.locator("#node-line_called")).to_be_visible()
    assert violations(page) == []
    page.locator("#find").fill("sales_menu")
    expect(page.locator("#told h2")).to_have_text("sales menu")
    expect(page.locator("#told")).to_contain_text("Para contratar un servicio, oprima 1.")
    assert violations(page) == []
    page.locator("#told a", has_text="store").click()
    expect(page.locator("#told h2")).to_have_text("store")
    page.get_by_role("button", name="Close").click()
    expect(page.locator("#about")).to_be_hidden()
    page.get_by_role("button", name="Fit").click()
    page.locator("#overlay").select_option("seconds")
    expect(page.locator("#node-main .mark-words")).to_have_text("6 s")
    expect(page.locator("#legend")).to_contain_text("within 30 s")
    assert violations(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert opened.wrong == []


def test_by_keyboard(opened: Opened) -> None:
    page = opened.page
    page.keyboard.press("/")
    page.keyboard.type("router")
    page.keyboard.press("Enter")
    expect(page.locator("#told h2")).to_have_text("restart router")
    page.keyboard.press("Escape")
    expect(page.locator("#about")).to_be_hidden()
    page.locator("#node-main").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#told h2")).to_have_text("main")
    before = page.locator("#world").get_attribute("transform")
    page.keyboard.press("ArrowRight")
    assert page.locator("#world").get_attribute("transform") != before
    page.keyboard.press("0")
    width = page.evaluate("document.getElementById('world').getBoundingClientRect().width")
    assert width <= page.viewport_size["width"]  # type: ignore[index]
    assert opened.wrong == []


def test_what_lies_behind_a_card_folds(opened: Opened) -> None:
    page = opened.page
    page.locator("#find").fill("billing_menu")
    page.get_by_role("button", name="Fold what lies behind").click()
    expect(page.locator("#node-identify_for_billing")).to_be_hidden()
    expect(page.locator("#node-tech_menu")).to_be_visible()
    page.get_by_role("button", name="Close").click()
    page.get_by_role("button", name="Unfold all").click()
    expect(page.locator("#node-identify_for_billing")).to_be_visible()
    assert opened.wrong == []


def test_text_stays_on_its_card_in_the_font_that_draws_it(opened: Opened) -> None:
    """Whatever fonts this machine has, each text is drawn as wide as it was measured."""
    out = opened.page.evaluate(
        """() => [...document.querySelectorAll('#world .card')].flatMap(card => {
          const box = card.querySelector('.shape').getBoundingClientRect();
          return [...card.querySelectorAll('text')].filter(text => {
            const of = text.getBoundingClientRect();
            return of.left < box.left || of.right > box.right || of.top < box.top || of.bottom > box.bottom;
          }).map(text => text.textContent);
        })"""
    )
    assert out == []
    assert ABOUT < TITLE
