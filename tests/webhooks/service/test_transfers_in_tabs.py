"""Every way to pass a call on, from the desk's page: after asking there, at once, to people, queues and numbers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.support.axe import violations
from tests.support.desk_tabs import Tabs, says, serving, takes_call


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path, rate=1.5) as base:
        yield base


class Floor:
    """Ana sells, Ben repairs and is the second tier; somebody calls Ana."""

    def __init__(self, chromium: Browser, address: str) -> None:
        self.tabs = Tabs(chromium, address)
        self.ana, self.ben = self.tabs.agent("ana"), self.tabs.agent("ben")
        self.caller = self.tabs.caller("1")
        expect(self.ana.locator("#state")).to_have_text("Ringing")
        takes_call(self.ana, "sales")
        expect(self.caller.locator("#state")).to_have_text("Talking to Ana Ruiz")

    def passes_on(self, to: str, kind: str, number: str = "") -> None:
        self.ana.locator("#transfer").click()
        self.ana.locator("#to").select_option(to)
        if number:
            self.ana.locator("#number").fill(number)
        self.ana.locator(f"#transfer-dialog [data-kind={kind}]").click()

    def hear(self, speaker: Page, field: str, text: str, *listeners: tuple[Page, str]) -> None:
        says(speaker, field, text)
        for page, where in listeners:
            expect(page.locator(where)).to_contain_text(text)

    def go_home(self) -> None:
        """The caller hangs up, and both are free for the next test; a wrap-up may end by itself as it is ended."""
        wrong = list(self.tabs.wrong)
        self.caller.locator("#hangup").click()
        for page in (self.ana, self.ben):
            expect(page.locator("#state")).not_to_have_text("On a call")
            if page.locator("#wrapped").is_visible():
                page.locator("#wrapped").click()
            page.get_by_role("button", name="Sign out").click()
        self.tabs.wrong[:] = wrong + [said for said in self.tabs.wrong[len(wrong) :] if "409" not in said]


SAY, SAID = ".handset-say input", ".handset-said"


def test_ask_the_second_tier_talk_and_leave_the_two_to_each_other(chromium: Browser, address: str) -> None:
    floor = Floor(chromium, address)
    ana, ben, caller = floor.ana, floor.ben, floor.caller
    floor.passes_on("repairs", "warm")
    expect(ben.locator("#call-queue")).to_have_text("Ana Ruiz asks for help · repairs")
    expect(ben.locator("#call-caller")).to_have_text("+14155550123")  # the number, for both who have the call
    expect(ana.locator("#call-facts")).to_contain_text("Ben Okafor is being asked")
    takes_call(ben, "repairs")
    expect(ana.locator("#call-facts")).to_contain_text("Ben Okafor is with you")
    floor.hear(ana, SAY, "A hum in the left channel.", (ben, SAID), (caller, "#transcript"))
    floor.hear(ben, SAY, "I know this model.", (ana, SAID), (caller, "#transcript"))
    floor.hear(caller, "#words", "It hums since Monday.", (ana, SAID), (ben, SAID))
    found = violations(ana) + violations(ben)
    ana.get_by_role("button", name="Leave them to it").click()
    expect(ana.locator("#state")).to_have_text("Wrap-up")
    expect(caller.locator("#state")).to_have_text("Talking to Ben Okafor")
    floor.hear(ben, SAY, "Bring it to us.", (caller, "#transcript"))
    expect(ben.locator("#state")).to_have_text("On a call")
    floor.go_home()
    assert (floor.tabs.wrong, found) == ([], [])


def test_ask_the_second_tier_and_take_the_call_back(chromium: Browser, address: str) -> None:
    floor = Floor(chromium, address)
    ana, ben, caller = floor.ana, floor.ben, floor.caller
    floor.passes_on("ben", "warm")
    expect(ben.locator("#state")).to_have_text("Ringing")
    ana.get_by_role("button", name="Stop asking").click()  # while it rings
    expect(ben.locator("#state")).to_have_text("Ready")
    floor.passes_on("ben", "warm")
    takes_call(ben, "repairs")
    expect(ana.locator("#call-facts")).to_contain_text("Ben Okafor is with you")
    ana.locator("body").press("b")  # and while he is there
    expect(ben.locator("#state")).to_have_text("Wrap-up")
    expect(ana.locator("#call-facts")).not_to_contain_text("Ben Okafor")
    expect(caller.locator("#state")).to_have_text("Talking to Ana Ruiz")
    floor.hear(ana, SAY, "It is just us again.", (caller, "#transcript"))
    ben.locator("#wrapped").click()
    floor.passes_on("ben", "warm")
    takes_call(ben, "repairs")
    expect(ana.locator("#call-facts")).to_contain_text("Ben Okafor is with you")
    ben.get_by_role("button", name="End my part").click()  # or he goes by himself
    expect(ben.locator("#state")).to_have_text("Wrap-up")
    expect(caller.locator("#state")).to_have_text("Talking to Ana Ruiz")
    expect(ana.locator("#state")).to_have_text("On a call")
    expect(ana.locator("#transfer")).to_be_visible()
    floor.go_home()
    assert floor.tabs.wrong == []


def test_hand_over_to_a_number_at_once(chromium: Browser, address: str) -> None:
    floor = Floor(chromium, address)
    floor.passes_on("+", "cold", "4155550177")
    expect(floor.ana.locator("#toast")).to_contain_text("country code")
    floor.passes_on("+", "cold", "+1 (415) 555-0177")
    expect(floor.ana.locator("#state")).to_have_text("Wrap-up")
    expect(floor.caller.locator("#state")).to_have_text("Ringing")
    expect(floor.caller.locator("#detail")).to_contain_text("+14155550177")
    floor.go_home()
    floor.tabs.wrong = [said for said in floor.tabs.wrong if "409" not in said]  # the number that was refused
    assert floor.tabs.wrong == []


def test_ask_at_a_number_and_leave_the_two_to_each_other(chromium: Browser, address: str) -> None:
    floor = Floor(chromium, address)
    office = floor.tabs.open("/handset/+14155550188")
    floor.passes_on("+", "warm", "+14155550188")
    office.get_by_role("button", name="Answer").click()
    floor.hear(office, SAY, "Head office.", (floor.caller, "#transcript"), (floor.ana, SAID))
    floor.hear(floor.ana, SAY, "A caller for you.", (office, SAID))
    floor.ana.locator("#hang-up").click()
    expect(floor.ana.locator("#state")).to_have_text("Wrap-up")
    expect(floor.caller.locator("#state")).to_have_text("Talking to +14155550188")  # the two are joined again
    floor.hear(office, SAY, "How can we help?", (floor.caller, "#transcript"))
    floor.go_home()
    assert floor.tabs.wrong == []
