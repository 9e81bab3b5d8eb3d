"""A payment ends the same way, in the same words and after the same seconds, on the terminal and over signed HTTP; no
log, row or address holds what is keyed for a card.
"""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from flows.model.flow import Flow
from flows.model.load import load_text
from flows.protocol.actions import Outcome
from flows.speech.timing import DECISION_S, DIGIT_S, speech_s
from ivr.phone.terminal_phone import Phone
from tests.support import texts
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, TOKEN, Carrier, WebCall
from webhooks.carrier.call_log import Heard
from webhooks.carrier.drivers.payer import entries
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.twilio.signature import Signature

NOON = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
ENDINGS = ("paid", "declined", "not_entered", "cancelled", "failed")


def flow_of(more: str = "") -> Flow:
    ends = "".join(f"  {label}: {{type: hangup, say: This is {label.replace('_', ' ')}.}}\n" for label in ENDINGS)
    wires = ", ".join(f"{label}: {label}" for label in ENDINGS)
    nodes = f"  pay: {{type: pay, amount: 12.50, say: Please pay., attempts: 2{more}, on: {{{wires}}}}}\n{ends}"
    return load_text(texts.flow(nodes, start="pay")).flow


def called(flow: Flow, tmp_path: Path, label: str) -> WebCall:
    app = create_app(Config(flow=flow, **IN_PUBLIC, database=str(tmp_path / "calls.db"), clock=lambda: NOON))
    call = WebCall(Carrier(app, Signature(TOKEN, PUBLIC)), "CA" + "1" * 32)
    call.dial()
    call.send(flow.nodes["pay"].enter(_here(flow))[-1], Outcome(label))
    assert app.extensions["ivr"]["journal"].flush()
    return call


def _here(flow: Flow) -> object:
    from flows.nodes.base import Here

    return Here(flow, "pay", "en-US")


@pytest.mark.parametrize("label", ENDINGS)
def test_over_http_as_on_the_terminal(label: str, tmp_path: Path) -> None:
    flow = flow_of()
    phone = Phone(flow, NOON)
    phone.dial()
    phone.send(Outcome(label))
    assert phone.path == (("pay", label), (label, "hangup"))
    call = called(flow, tmp_path, label)
    heard = [entry.text for entry in call.handset.call.log if isinstance(entry, Heard)]
    assert heard[0] == "Please pay."
    assert heard[-1] == f"This is {label.replace('_', ' ')}."
    assert call.handset.call.now_s == pytest.approx(phone.elapsed_s, abs=1e-6)


def test_the_seconds_of_a_payment_by_hand() -> None:
    """Each step: its words, a second to decide, its digits and pound; then the words of processing and 2 s."""
    flow = flow_of(", postal_code: false")
    phone = Phone(flow, NOON)
    phone.dial()
    before_s = phone.elapsed_s
    phone.send(Outcome("paid"))
    said = phone.flow.nodes["pay"].enter(phone.session.here(flow, "pay"))[-1].asked  # type: ignore[attr-defined]
    words_s = sum(speech_s(first, "en-US") for _, first, _ in said)
    keyed_s = 3 * DECISION_S + DIGIT_S * (16 + 4 + 3)
    thanks_s = speech_s("This is paid.", "en-US")
    assert phone.elapsed_s - before_s == pytest.approx(words_s + keyed_s + 2.0 + thanks_s)


@pytest.mark.parametrize("label", ENDINGS)
def test_what_is_keyed_for_a_card_is_nowhere(label: str, tmp_path: Path) -> None:
    call = called(flow_of(), tmp_path, label)
    kept = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    log = json.dumps([repr(entry) for entry in call.handset.call.log])
    for keyed in entries(2026).values():
        if len(keyed) > 5:
            assert keyed[:-1].encode() not in kept
            assert keyed[:-1] not in log or keyed == "94109#"  # the carrier tells the postal code to the line
