"""A message left in one tab is heard in another: it sounds, its words are read, and it is marked as done."""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.support.axe import violations
from tests.support.desk_tabs import Tabs, says, serving

HOSTILE = "<img src=x onerror=alert(1)> 4155550123"


@pytest.fixture
def address(tmp_path: Path) -> Iterator[str]:
    with serving(tmp_path, rate=1.0) as base:
        yield base


def test_a_voicemail_is_left_heard_read_and_done(chromium: Browser, address: str) -> None:
    tabs = Tabs(chromium, address)
    caller = tabs.caller("4")
    expect(caller.locator("#state")).to_have_text("Recording")
    caller.get_by_role("button", name="Start speaking").click()
    found = violations(caller)
    says(caller, "#words", HOSTILE)
    expect(caller.locator("#transcript")).to_contain_text(HOSTILE)
    caller.get_by_role("button", name="Done recording").click()
    expect(caller.locator("#state")).to_have_text("Call ended")

    ana = tabs.open("/desk")
    ana.locator("button[value=ana]").click()
    message = ana.locator("#voicemails li")
    expect(message).to_contain_text("office")
    expect(message.locator(".transcript")).to_have_text(HOSTILE)  # the carrier sends it a little later
    player = message.locator("audio")
    sound = ana.evaluate(
        "async (address) => { const answer = await fetch(address); const bytes = new Uint8Array(await"
        " answer.arrayBuffer()); return [answer.status, answer.headers.get('Content-Type'), [...bytes]]; }",
        player.get_attribute("src"),
    )
    assert sound[:2] == [200, "audio/wav"]
    with wave.open(io.BytesIO(bytes(sound[2]))) as read:
        length_s = read.getnframes() / read.getframerate()
    assert length_s >= 1.0
    player.evaluate("player => player.play()")
    ana.wait_for_function("() => document.querySelector('#voicemails audio').currentTime > 0.2")
    assert player.evaluate("player => player.error") is None
    assert abs(player.evaluate("player => player.duration") - length_s) < 0.01
    found += violations(ana)

    stranger = tabs.open("/phone")  # without a sign-in nobody hears it
    refused = stranger.evaluate(
        "address => fetch(address).then((answer) => answer.status)", player.get_attribute("src")
    )
    assert refused == 401
    tabs.wrong.clear()  # the browser notes the refusal
    player.evaluate("player => player.pause()")
    ana.get_by_role("button", name="Done: message").press("Enter")
    expect(message).to_have_count(0)
    expect(ana.locator("#no-voicemails")).to_have_text("All messages are done.")
    assert (tabs.wrong, found) == ([], [])
