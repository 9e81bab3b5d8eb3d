"""A flow that collects secrets, canaries to enter as secrets, and a check that a text shows none of them."""

from __future__ import annotations

import datetime as dt

from flows.model.load import load_text
from flows.protocol.actions import Effect, Fetch, Outcome

FLOW_TEXT = """
ivr: 1
name: Secrets
start: card
keys: {0: bye}
nodes:
  card:
    type: collect
    say: Your card number?
    into: card
    digits: "12-19"
    sensitive: true
    confirm: true
    otherwise: bye
    next: pin
  pin: {type: collect, say: Your PIN?, into: pin, digits: 4, sensitive: true, otherwise: bye, next: copy}
  copy: {type: set, values: {copied: "Card {card}", harmless: hello}, next: check}
  check:
    type: lookup
    method: POST
    url: https://pay.example.com/check
    body: {card: "{card}", pin: "{pin}", copied: "{copied}"}
    into: {name: name, iban: iban}
    sensitive: [iban]
    on: {found: link}
    failure: bye
  link: {type: message, text: "Card {card}, PIN {pin:digits}, {copied}, {iban}.", next: told}
  told: {type: play, say: "{name}: card {card}, PIN {pin:digits}, {copied:money}, {iban}, {harmless}.", next: bye}
  bye: {type: hangup, say: Goodbye.}
"""
CARD, PIN, IBAN = "4012888888881881", "9173", "DE89370400440532013000"
CANARIES = (CARD, " ".join(CARD), PIN, " ".join(PIN), IBAN)
FOUND = Outcome("found", {"name": "Ann", "iban": IBAN})
SAID = "Ann: card a number ending in 8 1, PIN 4 digits, a number ending in 8 1, a number ending in 0 0, hello. Goodbye."
NOON = dt.datetime(2026, 11, 23, 12, tzinfo=dt.UTC)
FLOW = load_text(FLOW_TEXT).flow


def hides(text: str) -> bool:
    return not any(canary in text for canary in CANARIES)


class Seen:
    """Services that keep their requests: only they need the secret itself."""

    def __init__(self) -> None:
        self.effects: list[Effect] = []

    def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
        self.effects.append(effect)
        return FOUND if isinstance(effect, Fetch) else Outcome(effect.labels[0])
