"""One effect of each kind, and services that count requests."""

from __future__ import annotations

import time

from flows.protocol.actions import Book, Effect, Fetch, Outcome, Send
from tests.support.web_carrier import SECRET
from webhooks.security.sealed_cursor import Seal

SEAL = Seal((SECRET,))
LOOKUP = Fetch(
    "case", "GET", "https://example.com", (), "", 3.0, (), (), ("found", "failure", "timeout"), repeatable=True
)
KEEP = Fetch("keep", "POST", "https://example.com", (), "", 3.0, (), (), ("kept", "failure", "timeout"))
TEXT = Send("link", "+14155550123", "See example.com.", "en-US", ("sent", "failed", "no_mobile"))
BOOK = Book("promise", "+14155550123", "hour", "permits", ("booked", "failed"))
FIRST = {"case": "found", "keep": "kept", "link": "sent", "promise": "booked"}


class Counting:
    """Services that give a chosen outcome and count requests."""

    def __init__(self, *, seconds: float = 0.0, values: dict[str, str] | None = None) -> None:
        self.done: list[tuple[str, str, int]] = []
        self.seconds, self.values = seconds, values or {}

    def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
        self.done.append((effect.name, call_sid, seq))
        time.sleep(self.seconds)
        return Outcome(FIRST[effect.name], self.values)


def soon(seconds: float = 5.0) -> float:
    return time.monotonic() + seconds
