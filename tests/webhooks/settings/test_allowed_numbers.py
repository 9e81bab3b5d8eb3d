"""Callers choose where text messages and callbacks go, and the line pays. So only some countries are allowed, and no
premium numbers.
"""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from flows.model.flow import Flow
from flows.model.load import load, load_text
from flows.protocol.actions import Effect, Keys, Listen, Outcome
from flows.source.finding import UsageError
from tests.support.web_carrier import IN_PUBLIC, PUBLIC, TOKEN, Carrier, WebCall
from webhooks.service.app import create_app
from webhooks.settings.config import Config
from webhooks.settings.spending import ANY, AllowedNumbers
from webhooks.twilio.signature import Signature

LINE = """
ivr: 1
name: Line
start: text
nodes:
  text: {type: message, text: See example.com., on: {failed: sorry}, next: promise}
  sorry: {type: play, say: No message., next: promise}
  promise: {type: callback, prefix: "", on: {booked: booked, failed: never}, otherwise: never}
  booked: {type: hangup, say: We call.}
  never: {type: hangup, say: We cannot call.}
"""
TOLL_FREE = "+18005550100"
LISTEN = Listen(("1",), 1, "#", 5, 3, "en-US")


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        ("+14155550123", ""),
        ("+18765550123", "a number of JM"),
        ("+14165550123", "a number of CA"),
        ("+442079460123", "a number of GB"),
        ("+19005550123", "a premium-rate number"),
        ("+1900555012345", "not a telephone number"),
        ("+499001234567", "a premium-rate number"),
        ("+4990012345671", "a premium-rate number"),
        ("+49900123456712", "a premium-rate number"),
        ("+881612345678", "a number of no country"),
        ("+979123456789", "a premium-rate number"),
        ("+1415", "not a telephone number"),
        ("4155550123", ""),
        ("9005550123", "a premium-rate number"),
        ("", "not a telephone number"),
    ],
)
def test_the_country_of_the_line_is_allowed_and_no_other(number: str, reason: str) -> None:
    refusal = AllowedNumbers().refusal(number, TOLL_FREE)
    assert reason in refusal
    assert bool(reason) == bool(refusal)


def test_the_owner_names_other_countries() -> None:
    allowed = AllowedNumbers(("GB", "CA"))
    assert [
        bool(allowed.refusal(number, TOLL_FREE)) for number in ("+442079460123", "+14165550123", "+14155550123")
    ] == [False, False, True]
    assert not allowed.refusal("020 7946 0123", TOLL_FREE)  # as dialled in the first of them


def test_a_line_whose_numbers_are_checked_elsewhere() -> None:
    assert AllowedNumbers(ANY).refusal("+19005550123", TOLL_FREE) == ""


def test_a_line_without_a_number() -> None:
    assert "IVR_COUNTRIES" in AllowedNumbers().refusal("+14155550123", "sip:desk@example.com")
    assert not AllowedNumbers(sender="+14155550100").refusal("+14155550123", "sip:desk@example.com")
    assert not AllowedNumbers(lenient=True).refusal("+442079460123", "")
    assert AllowedNumbers(lenient=True).refusal("+19005550123", "")


@pytest.mark.parametrize("countries", [("us",), ("USA",), ("US", ""), ("US", "ZZ"), ("UK",), ("uk",)])
def test_what_is_no_country_is_refused(countries: tuple[str, ...]) -> None:
    with pytest.raises(UsageError, match=f"IVR_COUNTRIES: '{countries[-1]}' is not a country code") as caught:
        AllowedNumbers(countries)
    hint = (
        "the United Kingdom is GB"
        if countries[0].upper() == "UK"
        else "write two capital letters (ISO 3166), e.g. US,CA; or any"
    )
    assert caught.value.findings[0].hint == hint


class Told:
    """Carries out everything, and remembers it."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
        self.done.append(f"{type(effect).__name__} {effect.name}")
        return Outcome(effect.labels[0])


def settings(flow: Flow, services: Told | None = None, **more: object) -> Config:
    return Config(flow=flow, **IN_PUBLIC, services=services, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("caller", "done", "said"),
    [
        ("+14155550123", ["Send text", "Book promise"], b"We call."),
        ("+18765550123", [], b"We cannot call."),
    ],
)
def test_a_caller_from_elsewhere_takes_the_flow_s_failed(
    caller: str, done: list[str], said: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    services = Told()
    carrier = Carrier(create_app(settings(load_text(LINE).flow, services)), Signature(TOKEN, PUBLIC))
    call = WebCall(carrier, f"CA{1:032x}", ani=caller, dnis=TOLL_FREE)
    with caplog.at_level(logging.WARNING, "ivr.calls"):
        call.dial()
        begins = call.document
        call.send(LISTEN, Keys("1"))  # the number read out is right
    assert services.done == done
    assert said in call.document
    assert (b"No message." in begins) == (not done)
    assert ("IVR_COUNTRIES allows only US" in caplog.text) == (not done)
    assert caller not in caplog.text


def dials(folder: Path, number: str) -> Path:
    file = folder / "flow.yaml"
    file.write_text(
        f"""
ivr: 1
name: Line
start: out
nodes:
  out: {{type: dial, number: "{number}", otherwise: bye}}
  bye: {{type: hangup}}
""",
        "utf-8",
    )
    return file


def test_a_flow_that_dials_abroad_is_not_served(tmp_path: Path) -> None:
    """Applies where countries are named; otherwise authors of flows may dial anywhere."""
    flow = load(dials(tmp_path, "+442079460123")).flow
    with pytest.raises(
        UsageError, match=r"node 'out' dials \+442079460123: a number of GB; IVR_COUNTRIES allows only US"
    ):
        settings(flow, countries=("US",))
    settings(flow, countries=("US", "GB"))
    settings(flow)


def test_a_new_version_that_dials_abroad_is_not_taken(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    loaded = load(dials(tmp_path, "+14155550100"))
    app = create_app(settings(loaded.flow, flow_files=tuple(loaded.document.texts), countries=("US",)))
    dials(tmp_path, "+882161234567")
    carrier = Carrier(app, Signature(TOKEN, PUBLIC))
    for sid in (f"CA{1:032x}", f"CA{2:032x}"):
        call = WebCall(carrier, sid)
        call.dial()
        assert b"+14155550100" in call.document
    assert caplog.text.count("the changed flow is not taken") == 1
    assert "dials +882161234567: a number of no country" in caplog.text
