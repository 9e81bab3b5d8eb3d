"""The browser phone in Chromium: a call to the shipped telecom line, from the greeting to the queue and beyond."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect
from werkzeug.serving import make_server

from flows.model.load import load
from tests.support.browser_phone import TUESDAY_MORNING, serving, skip_to, to_the_account_number, to_the_queue
from webhooks.service.app import create_app
from webhooks.settings.config import Config


def nodes(page: Page) -> list[str]:
    return page.locator("#path .node").all_text_contents()


def heard(page: Page) -> list[str]:
    return page.locator(".bubble.line p").all_text_contents()


def test_a_call_from_the_greeting_to_the_queue_and_to_an_agent(page: Page) -> None:
    expect(page.locator("#state")).to_have_text("Ready to call")
    to_the_queue(page)
    assert nodes(page) == [
        "new_call",
        "line_called",
        "greeting",
        "choose_language",
        "office_hours",
        "main",
        "tech_menu",
        "operator",
        "operator_queue",
    ]
    texts = heard(page)
    assert texts[0] == "Thank you for calling Northwind Telecom."
    assert "For billing and payments, press 1." in texts
    assert any(text.startswith("Connecting you to an operator.") for text in texts)
    expect(page.locator(".bubble.line").last).to_contain_text("You are number 2 in line.")
    assert page.locator(".bubble.caller.keys p").all_text_contents() == ["1", "2", "0"]
    assert page.locator(".key.lit").evaluate_all("keys => keys.map(key => key.dataset.key)") == ["#"]
    expect(page.locator("#language-name")).to_have_text("American English")
    page.get_by_role("button", name="Agent answers").click()
    expect(page.locator("#state")).to_have_text("Talking to an agent")
    page.get_by_role("button", name="The agent hangs up").click()
    expect(page.locator("#state")).to_have_text("Call ended")
    expect(page.locator(".bubble.ending")).to_have_text("The agent hung up. The caller was served by an agent.")
    expect(page.locator(".bubble", has_text="hangs up")).to_have_count(0)  # reported once
    expect(page.locator("#call")).to_be_focused()
    expect(page.locator("#call-label")).to_have_text("Call again")


def test_a_key_leaves_the_queue_and_a_message_is_left(page: Page) -> None:
    to_the_queue(page)
    page.keyboard.press("#")
    skip_to(page, "message")
    expect(page.locator("#state")).to_have_text("Recording")
    page.get_by_role("button", name="Start speaking").click()
    page.get_by_role("button", name="Done recording").click()
    expect(page.locator(".bubble.caller", has_text="leaves a message of 1 s")).to_be_visible()  # the shortest possible
    skip_goodbye(page)
    expect(page.locator(".bubble.ending")).to_contain_text("The caller left a message")


@pytest.mark.parametrize(
    ("button", "said"),
    [
        ("Wait time runs out", "We are sorry to keep you waiting."),
        ("Queue is full", "We are sorry to keep you waiting."),
    ],
)
def test_the_queue_lets_a_caller_go(page: Page, button: str, said: str) -> None:
    to_the_queue(page)
    page.get_by_role("button", name=button).click()
    expect(page.locator(".bubble.line", has_text=said)).to_be_visible()
    page.locator("#hangup").click()
    expect(page.locator(".bubble.ending")).to_contain_text("You hung up.")


def skip_goodbye(page: Page) -> None:
    expect(page.locator(".bubble.line").last).to_contain_text("Goodbye")
    page.locator("#skip").click()


def test_a_caller_hangs_up_and_calls_again(page: Page) -> None:
    page.locator("#call").click()
    skip_to(page, "choose_language")
    page.locator("#hangup").click()
    expect(page.locator(".bubble.ending")).to_contain_text("You hung up.")
    page.locator("#call").click()
    expect(page.locator(".bubble.line").first).to_contain_text("Thank you for calling")
    assert page.locator(".bubble.ending").count() == 0  # a new transcript
    page.locator("#hangup").click()


def test_silence_is_a_time_out_that_is_shown(page: Page) -> None:
    page.locator("#call").click()
    skip_to(page, "choose_language")
    page.locator("#skip").click()
    expect(page.locator("#detail")).to_contain_text("Time-out in")
    expect(page.locator("#meter")).to_be_visible()
    expect(page.locator(".bubble.event", has_text="says nothing")).to_be_visible(timeout=8_000)
    expect(page.locator('#path [aria-current="step"]')).to_contain_text("main")
    page.locator("#hangup").click()


def test_words_may_be_said_instead_of_keys(page: Page) -> None:
    page.locator("#call").click()
    skip_to(page, "choose_language")
    page.keyboard.press("2")
    skip_to(page, "main")
    expect(page.locator("#language-name")).to_contain_text("Spanish")
    page.locator("#words").fill("quiero comprar, ventas por favor")
    page.get_by_role("button", name="Say", exact=True).click()
    expect(page.locator('#path [aria-current="step"]')).to_contain_text("sales_menu")
    assert heard(page)[-1].startswith("Para")
    page.locator("#hangup").click()


def test_digits_typed_quickly_all_arrive(page: Page) -> None:
    to_the_account_number(page)
    page.keyboard.type("712345678")
    expect(page.locator('#path [aria-current="step"]')).to_contain_text("service_queue")
    assert page.locator(".bubble.caller.keys p").all_text_contents()[-1] == "7 1 2 3 4 5 6 7 8"
    page.locator("#hangup").click()


def test_a_number_is_dialled(page: Page) -> None:
    page.locator("#call").click()
    skip_to(page, "choose_language")
    page.keyboard.press("1")
    skip_to(page, "main")
    page.keyboard.press("3")
    skip_to(page, "sales_menu")
    page.keyboard.press("3")
    skip_to(page, "store")
    expect(page.locator("#detail")).to_contain_text("+12125550143")
    page.get_by_role("button", name="Busy").click()
    expect(page.locator('#path [aria-current="step"]')).to_contain_text("sales_queue")
    page.locator("#hangup").click()


def test_it_works_by_keyboard_alone(page: Page) -> None:
    page.keyboard.press("Tab")
    seen = set()
    for _ in range(30):
        seen.add(page.evaluate("document.activeElement.id || document.activeElement.dataset.key || ''"))
        page.keyboard.press("Tab")
    assert {"mute", "call", *"123456789*0#"} <= seen
    page.locator("#mute").press("Enter")
    expect(page.locator("#mute")).to_have_attribute("aria-pressed", "true")
    page.locator("#call").press("Enter")
    skip_to(page, "choose_language")
    page.keyboard.press("1")
    expect(page.locator('#path [aria-current="step"]')).to_contain_text("main")
    page.locator("#hangup").press("Enter")
    expect(page.locator(".bubble.ending")).to_contain_text("You hung up.")


def test_a_service_that_is_gone_is_told_not_thrown(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    opened = context.new_page()
    opened.goto(f"{address}/phone")
    opened.route("**/phone/calls", lambda route: route.abort())
    opened.locator("#call").click()
    expect(opened.locator(".bubble.ending")).to_contain_text("The service does not answer")
    opened.route("**/phone/calls", lambda route: route.fulfill(status=200, body="<html>", content_type="text/html"))
    opened.locator("#call").click()
    expect(opened.locator(".bubble.ending")).to_contain_text("This page does not understand the answer of the service")
    context.close()


@pytest.mark.parametrize(
    ("width", "height", "scheme"), [(1280, 820, "light"), (1280, 820, "dark"), (390, 844, "light"), (320, 640, "dark")]
)
def test_nothing_runs_off_the_page(
    chromium: Browser, address: str, width: int, height: int, scheme: str, tmp_path: Path
) -> None:
    context = chromium.new_context(viewport={"width": width, "height": height}, color_scheme=scheme)  # type: ignore[arg-type]
    opened = context.new_page()
    opened.goto(f"{address}/phone")
    to_the_queue(opened)
    # A key that was pressed is smaller until it has sprung back, or what replaces it is there.
    opened.evaluate(
        "Promise.allSettled("
        "document.getAnimations().filter(one => one instanceof CSSTransition).map(one => one.finished)"
        ").then(() => true)"
    )
    assert opened.evaluate("document.documentElement.scrollWidth <= innerWidth")
    for name in ("#call", "#hangup", "#mute", ".key", "#choices button"):
        for box in opened.locator(name).all():
            if box.is_visible():
                place = box.bounding_box()
                assert place is not None
                assert place["x"] >= 0
                assert place["x"] + place["width"] <= width
                assert min(place["width"], place["height"]) >= 36  # large enough for a finger (WCAG 2.2, 2.5.8: 24)
    opened.screenshot(path=str(tmp_path / "queue.png"))
    context.close()


def test_pound_pressed_first_is_no_input_and_digits_follow(page: Page) -> None:
    to_the_account_number(page)
    page.keyboard.press("#")
    expect(page.locator("#detail")).to_contain_text("Time-out in")  # only the prompt has stopped
    expect(page.locator(".bubble.cut").last).to_contain_text("nine digits")
    page.keyboard.type("712")
    expect(page.locator("#entered")).to_have_text("712")
    page.keyboard.press("#")
    expect(page.locator(".bubble.caller.keys p").last).to_have_text("7 1 2")
    page.locator("#hangup").click()


def test_a_key_while_the_prompt_speaks(page: Page) -> None:
    page.locator("#call").click()
    expect(page.locator(".bubble.line.speaking")).to_contain_text("Thank you for calling")
    page.keyboard.press("2")
    expect(page.locator(".bubble.lost")).to_have_text("Ignored: the line is not listening for that")
    expect(page.locator(".bubble.line.speaking")).to_contain_text("Thank you for calling")  # and continues to its end
    expect(page.locator(".bubble.line.speaking")).to_contain_text("For English, press 1.")
    page.keyboard.press("2")
    expect(page.locator(".bubble.line.cut")).to_have_text("choose_languageFor English, press 1.")
    expect(page.locator("#language-name")).to_contain_text("Spanish")
    assert "Para Español, oprima 2." not in heard(page)  # the rest of the menu is not spoken
    page.locator("#hangup").click()


def test_two_calls_at_once_are_two(chromium: Browser, address: str) -> None:
    context = chromium.new_context()
    pages = [context.new_page(), context.new_page()]
    for each in pages:
        each.goto(f"{address}/phone")
        each.locator("#call").click()
    for each, key in zip(pages, "12", strict=True):
        skip_to(each, "choose_language")
        each.keyboard.press(key)
    for each, language in zip(pages, ("American English", "Spanish"), strict=True):
        skip_to(each, "main")
        expect(each.locator("#language-name")).to_contain_text(language)
    pages[0].locator("#hangup").click()
    expect(pages[0].locator(".bubble.ending")).to_have_text("You hung up.")
    pages[1].keyboard.press("3")
    expect(pages[1].locator('#path [aria-current="step"]')).to_contain_text("sales_menu")
    context.close()


@pytest.mark.parametrize("comes_back", [True, False])
def test_a_service_restarted_during_a_call_is_told(chromium: Browser, comes_back: bool) -> None:
    app = create_app(Config(flow=load("northwind").flow, development=True, clock=lambda: TUESDAY_MORNING))
    first = make_server("127.0.0.1", 0, app, threaded=True)
    served = [first]
    threading.Thread(target=first.serve_forever, daemon=True).start()
    context = chromium.new_context()
    opened = context.new_page()
    opened.goto(f"http://127.0.0.1:{first.server_port}/phone")
    opened.locator("#call").click()
    skip_to(opened, "choose_language")
    first.shutdown()
    first.server_close()
    if comes_back:
        again = create_app(Config(flow=load("northwind").flow, development=True, clock=lambda: TUESDAY_MORNING))
        served.append(make_server("127.0.0.1", first.server_port, again, threaded=True))
        threading.Thread(target=served[-1].serve_forever, daemon=True).start()
    opened.keyboard.press("1")
    said = (
        "The line no longer knows this call: the service was restarted"
        if comes_back
        else "The service does not answer. Is it still running?"
    )
    expect(opened.locator(".bubble.ending")).to_contain_text(said)
    expect(opened.locator("#call-label")).to_have_text("Call again")
    if comes_back:
        opened.locator("#call").click()
        expect(opened.locator(".bubble.line").first).to_contain_text("Thank you for calling")
    context.close()
    if comes_back:
        served[-1].shutdown()
        served[-1].server_close()


def test_who_leaves_the_page_has_hung_up(chromium: Browser, tmp_path: Path) -> None:
    with serving(tmp_path / "calls.db") as (url, app):

        def ends() -> list[str]:
            """The outcome of each call that has ended, as the carrier reported it."""
            assert app.extensions["ivr"]["journal"].flush()
            rows = app.extensions["ivr"]["store"].rows()
            ended = {row["call_sid"] for row in rows["endings"]}
            return [call["outcome"] for call in rows["calls"] if call["call_sid"] in ended]

        context = chromium.new_context()
        opened = context.new_page()
        opened.goto(f"{url}/phone")
        opened.locator("#call").click()
        expect(opened.locator(".bubble.line").first).to_contain_text("Thank you for calling")
        in_progress = ends()
        opened.goto("about:blank")
        patience = time.monotonic() + 15
        while not ends() and time.monotonic() < patience:
            opened.wait_for_timeout(50)
        context.close()
        assert (in_progress, ends()) == ([], ["abandoned_in_menu"])


def test_with_sound_off_the_call_goes_on_by_the_clock(page: Page) -> None:
    page.locator("#mute").click()
    page.locator("#call").click()
    expect(page.locator(".bubble.line.speaking")).to_contain_text("For English, press 1.", timeout=8_000)
    page.locator("#hangup").click()
