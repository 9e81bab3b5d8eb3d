"""People in several tabs: one calls, others answer, talk, pass the call on and wrap up. Without Twilio."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.support.axe import violations
from tests.support.desk_tabs import Tabs, says, serving, takes_call


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("shop")) as base:
        yield base


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
