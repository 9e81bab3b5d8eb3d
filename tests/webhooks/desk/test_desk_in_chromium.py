"""The desk in Chromium: from signing in to wrap-up, by keyboard, on a laptop and a phone, light and dark."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.support.axe import violations
from tests.support.desk_pages import HOSTILE, Shop, serving
from webhooks.store.floor_tables import WORK
from webhooks.store.tables import CALLBACKS, MESSAGES


@pytest.fixture(scope="module")
def local(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    with serving(tmp_path_factory.mktemp("desk")) as made:
        yield made


def opened(chromium: Browser, width: int, height: int, scheme: str) -> tuple[BrowserContext, Page, list[str]]:
    context = chromium.new_context(
        viewport={"width": width, "height": height}, color_scheme=scheme, reduced_motion="reduce"
    )  # type: ignore[arg-type]
    page, wrong = context.new_page(), list[str]()
    page.on("pageerror", lambda error: wrong.append(str(error)))
    page.on("console", lambda message: wrong.append(message.text) if message.type in ("error", "warning") else None)
    page.on("dialog", lambda dialog: wrong.append(dialog.message))
    return context, page, wrong


def fits(page: Page) -> bool:
    """Whether nothing is wider than the screen."""
    return bool(page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"))


def test_a_day_at_the_desk_by_keyboard(chromium: Browser, local: Shop) -> None:
    context, page, wrong = opened(chromium, 1280, 800, "light")
    page.goto(f"{local.address}/desk")
    found = violations(page)
    page.keyboard.press("Tab")  # Ana, then Sue
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    state, call = page.locator("#state"), page.locator("#in-hand")
    expect(state).to_have_text("Paused")
    page.keyboard.press("r")
    expect(state).to_have_text("Ready")
    found += violations(page)

    local.caller("CA1", name=HOSTILE)
    offer = local.offered()
    expect(state).to_have_text("Ringing")
    expect(page).to_have_title("Ringing: sales · Shop")  # between two beats
    expect(call).to_contain_text(HOSTILE)
    expect(page.locator("#way")).to_have_text("salesmain")
    expect(page.locator("#values")).to_contain_text("••••••")
    found += violations(page)
    local.taken(offer)
    expect(state).to_have_text("On a call")
    page.keyboard.press("n")
    expect(page.locator("#note")).to_be_focused()
    page.keyboard.type(f"r p w {HOSTILE}")  # letters in a note are letters
    page.keyboard.press("Control+Enter")
    expect(page.locator("#notes")).to_contain_text(f"r p w {HOSTILE}You, ")
    page.keyboard.press("Escape")
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="Transfer")).to_be_visible()
    expect(page.locator("#to")).to_be_focused()
    found += violations(page)
    page.locator("#to").select_option("repairs")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(state).to_have_text("Wrap-up")
    expect(call).to_contain_text("The call is over")
    expect(page.locator("#queues tr", has_text="repairs")).to_contain_text("1")
    found += violations(page)
    page.keyboard.press("p")
    page.get_by_role("button", name="Lunch").press("Enter")
    expect(page.locator("#state-more")).to_have_text("Lunch")
    assert page.locator("img, script:not([src])").count() == 0  # what callers and agents wrote is text
    assert fits(page)
    context.close()
    assert (found, wrong) == ([], [])
    local.floor.call_left("CA1", "hung up")


def test_a_missed_call_and_a_pause_on_a_phone_in_the_dark(chromium: Browser, local: Shop) -> None:
    context, page, wrong = opened(chromium, 390, 800, "dark")
    page.goto(f"{local.address}/desk")
    page.get_by_role("button", name="Ben").click()
    expect(page.locator("#state")).to_have_text("Paused")
    page.locator("#ready").click()
    expect(page.locator("#state")).to_have_text("Ready")
    local.caller("CA2", queue="repairs", name="W" * 60)
    local.offered()
    expect(page.locator("#call-offer")).to_contain_text("sip:ben@pbx.example.com rings. Pick up, then press 1.")
    found = violations(page)
    assert fits(page)
    page.locator("#decline").click()
    expect(page.locator("#no-call")).to_be_visible()
    expect(page.locator("#log")).to_contain_text("declined")
    page.locator("#pause").click()
    page.get_by_label("Another reason").fill("Fire drill")
    page.keyboard.press("Enter")
    expect(page.locator("#state-more")).to_have_text("Fire drill")
    found += violations(page)
    page.get_by_role("button", name="Sign out").click()
    expect(page.get_by_role("heading", name="Shop")).to_be_visible()
    assert local.floor.state_of("ben").state == "signed_out"
    context.close()
    assert (found, wrong) == ([], [])
    local.floor.call_left("CA2", "hung up")


def test_callbacks_and_voicemails_are_worked_on_the_page(chromium: Browser, local: Shop) -> None:
    """One is due, one has its time tomorrow, one message waits; what callers left is text."""
    now_us = local.floor.now_us
    tomorrow_us = now_us + 86_400_000_000
    promised = {"number": "+14155550123", "due": "now", "queue": "sales", "at_us": now_us}
    left = {"call_sid": "CA73", "seq": 1, "url": "https://elsewhere.example/x", "box": HOSTILE, "length_us": 9_000_000}
    work = {"seq": 1, "kind": "callback", "queue": "sales", "state": "open", "tries": 0, "at_us": now_us}
    with local.store.transaction() as connection:
        connection.execute(sa.insert(CALLBACKS), [{"call_sid": sid, "seq": 1, **promised} for sid in ("CA71", "CA72")])
        connection.execute(sa.insert(MESSAGES), [left | {"at_us": now_us}])
        connection.execute(
            sa.insert(WORK),
            [
                {**work, "call_sid": "CA71", "next_us": now_us, "note": HOSTILE, "transcript": None},
                {**work, "call_sid": "CA72", "next_us": tomorrow_us, "note": None, "transcript": None},
                {**work, "call_sid": "CA73", "kind": "voicemail", "next_us": None, "note": None, "transcript": HOSTILE},
            ],
        )
    for width, height, scheme in ((1280, 800, "light"), (390, 800, "dark")):
        context, page, wrong = opened(chromium, width, height, scheme)
        page.goto(f"{local.address}/desk")
        page.get_by_role("button", name="Sue Park").click()
        due, later = page.locator("#callbacks li").nth(0), page.locator("#callbacks li").nth(1)
        expect(due).to_contain_text(f"•••••••••123 salesas soon as possible · {HOSTILE}")
        shown = page.evaluate(
            "us => new Date(us / 1000).toLocaleString([], { weekday: 'short', day: 'numeric', month: 'short',"
            " hour: '2-digit', minute: '2-digit' })",
            tomorrow_us,
        )
        expect(later).to_contain_text(f"at {shown}")
        expect(page.locator("#voicemails .transcript")).to_have_text(HOSTILE)
        assert page.locator("img, script:not([src])").count() == 0
        found = violations(page)
        assert fits(page)
        if width < 400:
            due.get_by_role("button", name="Done").press("Enter")
            expect(page.locator("#callbacks li")).to_have_count(1)
            page.locator("#callbacks").get_by_role("button", name="Drop").press("Enter")
            expect(page.locator("#no-callbacks")).to_have_text("Nobody waits to be called back.")
            page.locator("#voicemails").get_by_role("button", name="Done").press("Enter")
            expect(page.locator("#no-voicemails")).to_have_text("All messages are done.")
        context.close()
        assert (found, wrong) == ([], [])


def test_supervisors_see_everybody_and_pause_them(chromium: Browser, local: Shop) -> None:
    local.floor.sign_in("chi")
    local.floor.ready("chi")
    for width, height, scheme in ((1280, 800, "dark"), (390, 800, "light")):
        context, page, wrong = opened(chromium, width, height, scheme)
        page.goto(f"{local.address}/desk")
        page.get_by_role("button", name="Sue Park").click()
        page.get_by_role("link", name="Floor").click()
        chi = page.locator("#agents tr", has_text="Chi")
        expect(chi).to_contain_text("Ready" if width > 400 else "Paused: by Sue Park")
        if width > 400:
            page.get_by_role("button", name="Pause: Chi").click()
            expect(chi).to_contain_text("Paused: by Sue Park")
            expect(page.locator("#audit")).to_contain_text("Sue Park paused Chi")
        found = violations(page)
        assert fits(page)
        context.close()
        assert (found, wrong) == ([], [])


def test_a_line_out_of_reach_is_told(chromium: Browser, tmp_path: Path) -> None:
    with serving(tmp_path) as gone:
        context, page, _ = opened(chromium, 1280, 800, "light")
        page.clock.install()
        page.goto(f"{gone.address}/desk")
        page.get_by_role("button", name="Sue Park").click()
        expect(page.locator("#state")).to_have_text("Paused")
        context.set_offline(True)
        page.locator("#ready").click()
        expect(page.locator("#toast")).to_have_text("The line cannot be reached; nothing was done.")
        context.close()
