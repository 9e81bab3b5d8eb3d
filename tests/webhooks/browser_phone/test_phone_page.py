"""What people see and reach on the browser phone's page in Chromium: small screens, keyboard, voices."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.browser_phone import (
    library,
    skip_to,
    to_the_account_number,
    to_the_lookup,
    to_the_queue,
)


def test_a_lookup_is_answered_on_the_page(chromium: Browser) -> None:
    with library() as url:
        opened = chromium.new_context().new_page()
        opened.goto(url)
        to_the_lookup(opened)
        expect(opened.locator(".bubble.warning")).to_have_text("who got no answer: 127.0.0.1:9: connection refused")
        expect(opened.locator("#answers button")).to_have_text(["member", "stranger", "failureas it is now", "timeout"])
        expect(opened.get_by_label("name", exact=True)).to_be_focused()
        opened.keyboard.type("Ann")
        opened.get_by_label("fines", exact=True).fill("12.50")
        opened.get_by_role("button", name="member").click()
        expect(opened.locator(".bubble.line").last).to_contain_text("Hello Ann, you owe 12 dollars and 50 cents.")
        expect(opened.locator(".bubble.event", has_text="who answers: member, name Ann, fines 12.50")).to_be_visible()
        expect(opened.locator("#lookup")).to_be_hidden()
        opened.locator("#hangup").click()
        to_the_lookup(opened)
        expect(opened.get_by_label("fines", exact=True)).to_have_value("12.50")  # the next answer is often the same
        opened.locator("#hangup").click()
        expect(opened.locator("#lookup")).to_be_hidden()
        opened.context.close()


def test_the_time_on_the_line_is_shown_and_set(chromium: Browser) -> None:
    with library() as url:
        opened = chromium.new_context(timezone_id="Asia/Tokyo").new_page()  # the line's time counts
        opened.goto(url)
        expect(opened.locator(".when")).to_have_text(re.compile(r"Tue 24 Nov 2026, 10:00\s+America/New_York"))
        opened.locator("#who summary").click()
        opened.get_by_label("Date and time, America/New_York").fill("2026-11-22T09:30")
        expect(opened.locator("#when")).to_have_text("Sun 22 Nov 2026, 09:30")
        opened.locator("#call").click()
        expect(opened.locator(".bubble.line").last).to_contain_text("We are closed.")
        expect(opened.locator("#when")).to_have_text("Sun 22 Nov 2026, 09:30")
        opened.locator("#hangup").click()
        opened.locator("#who summary").click()
        opened.get_by_role("button", name="Now").click()
        expect(opened.locator("#when")).to_have_text("Tue 24 Nov 2026, 10:00")
        opened.get_by_label("Date and time, America/New_York").fill("2027-03-14T02:30")
        opened.locator("#call").click()
        expect(opened.locator(".bubble.ending")).to_contain_text("clocks go forward over it")
        opened.context.close()


def test_the_number_may_be_withheld(page: Page) -> None:
    sent: list[str] = []
    page.on(
        "request",
        lambda request: sent.append(request.post_data or "") if request.url.endswith("/phone/calls") else None,
    )
    page.locator("#who summary").click()
    page.get_by_label("Withhold the number").check()
    expect(page.get_by_label("Caller’s number")).to_be_disabled()
    page.locator("#call").click()
    skip_to(page, "choose_language")
    assert sent == ['{"from":"withheld","to":"+18005550100","at":""}']
    page.locator("#hangup").click()


IN_SIGHT = """selector => [...document.querySelectorAll(selector)].filter(each => each.checkVisibility()).map(each => {
  const { left, top, right, bottom } = each.getBoundingClientRect();
  const over = document.elementFromPoint((left + right) / 2, (top + bottom) / 2);
  const inside = left >= 0 && top >= 0 && right <= innerWidth && bottom <= innerHeight;
  return inside && (over === each || each.contains(over));
})"""


@pytest.mark.parametrize(("width", "height"), [(390, 664), (320, 568), (1024, 768)])
def test_what_may_be_done_is_in_sight_without_scrolling(
    chromium: Browser, address: str, width: int, height: int
) -> None:
    opened = chromium.new_context(viewport={"width": width, "height": height}).new_page()
    opened.goto(f"{address}/phone")
    to_the_queue(opened)
    for selector, count in (("#hangup", 1), ("#skip", 1), ("#choices button", 3), (".key", 12)):
        assert opened.evaluate(IN_SIGHT, selector) == [True] * count, selector
    assert opened.evaluate(IN_SIGHT, ".bubble:last-child") == [True]  # and the words stay in sight
    assert opened.evaluate("document.documentElement.scrollHeight <= innerHeight || innerWidth > 900")
    opened.get_by_role("button", name="Agent answers").click()
    expect(opened.locator("#state")).to_have_text("Talking to an agent")
    assert opened.evaluate(IN_SIGHT, "#hangup, #choices button") == [True, True]
    opened.locator("#hangup").click()
    opened.context.close()


def test_a_lookup_is_answered_without_scrolling_on_a_small_screen(chromium: Browser) -> None:
    with library() as url:
        opened = chromium.new_context(viewport={"width": 390, "height": 664}).new_page()
        opened.goto(url)
        to_the_lookup(opened)
        assert opened.evaluate(IN_SIGHT, "#hangup, #answers button, #values input") == [True] * 7
        opened.context.close()


def test_pound_is_asked_for_only_where_it_is_wanted(page: Page) -> None:
    to_the_account_number(page)  # nine digits, no more and no fewer
    expect(page.locator("#detail")).to_have_text("Enter 9 digits.")
    page.locator("#hangup").click()


VOICES = """
const said = window.said = [];
const voices = [
  { name: "Cloud", lang: "en-US", localService: false, default: true },
  { name: "Here", lang: "en-GB", localService: true, default: false },
];
class Utterance { constructor(text) { this.text = text; } }
window.SpeechSynthesisUtterance = Utterance;
Object.defineProperty(window, "speechSynthesis", { value: {
  getVoices: () => WANTED,
  cancel() {},
  speak(utterance) { said.push([utterance.voice.name, utterance.text]); setTimeout(() => utterance.onend?.(), 50); },
} });
"""


@pytest.mark.parametrize("local", [True, False])
def test_only_voices_of_this_machine_speak(chromium: Browser, address: str, local: bool) -> None:
    """A remote voice of the right region is not used; without a local voice the text takes its estimated time."""
    opened = chromium.new_context().new_page()
    opened.add_init_script(VOICES.replace("WANTED", "voices" if local else "voices.slice(0, 1)"))
    opened.goto(f"{address}/phone")
    opened.locator("#call").click()
    expect(opened.locator(".bubble.line", has_text="For English, press 1.")).to_be_visible(timeout=8_000)
    said = opened.evaluate("window.said")
    assert ["Here", "Thank you for calling Northwind Telecom."] in said if local else said == []
    opened.locator("#hangup").click()
    opened.context.close()


def test_the_way_through_the_flow_is_reached_and_read_by_keyboard(chromium: Browser, address: str) -> None:
    opened = chromium.new_context(viewport={"width": 390, "height": 664}).new_page()
    opened.goto(f"{address}/phone")
    to_the_queue(opened)
    strip = opened.get_by_role("navigation", name="Where the caller is")
    for _ in range(40):
        opened.keyboard.press("Tab")
        if strip.evaluate("strip => strip === document.activeElement"):
            break
    expect(strip).to_be_focused()
    at_end = strip.evaluate("strip => strip.scrollLeft")
    assert at_end > 100
    opened.keyboard.press("Home")
    opened.wait_for_function("() => document.activeElement.scrollLeft === 0")
    assert opened.evaluate(IN_SIGHT, "#path li:first-child .node") == [True]
    opened.keyboard.press("End")
    opened.wait_for_function(f"() => document.activeElement.scrollLeft >= {at_end - 1}")
    for _ in range(3):
        opened.keyboard.press("ArrowLeft")
    opened.wait_for_function(f"() => document.activeElement.scrollLeft < {at_end - 30}")
    assert "main: 2" in strip.aria_snapshot() or "main : 2" in strip.aria_snapshot()
    opened.locator("#hangup").click()
    opened.context.close()
