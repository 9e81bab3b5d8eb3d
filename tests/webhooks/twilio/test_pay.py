"""Payments at Twilio: the verb with its prompts, and what its result means. Source: twilio.com/docs/voice/twiml/pay."""

from __future__ import annotations

import pytest
from lxml import etree

from flows.protocol.actions import Event, HungUp, Outcome, Pay, Say
from flows.protocol.payment import PAY_ENDINGS
from flows.speech.languages import supported
from tests.support.twiml_grammar import check
from webhooks.twilio.events import event_of
from webhooks.twilio.languages import SPOKEN
from webhooks.twilio.twiml import document

ASKED = (
    ("payment-card-number", "Card?", "No. Card?"),
    ("expiration-date", "Expiry?", "No. Expiry?"),
    ("payment-processing", "Wait.", "Wait."),
)


def pay(**changed: object) -> Pay:
    plain = {
        "name": "pay",
        "amount": "12.50",
        "currency": "USD",
        "description": "Bill 7 & 8",
        "connector": "Stripe_1",
        "attempts": 2,
        "timeout_s": 4.2,
        "language": "en-US",
        "asked": ASKED,
    }
    return Pay(**{**plain, **changed})  # type: ignore[arg-type]


def verb(action: Pay) -> etree._Element:
    body = document((Say("Ready?", "en-US"), action), action_url="/voice?c=abc", wait_url="/wait?c=abc")
    return check(body)[1]


def test_the_verb_says_what_is_charged_and_where_the_result_goes() -> None:
    assert dict(verb(pay()).attrib) == {
        "action": "/voice?c=abc",
        "chargeAmount": "12.50",
        "currency": "usd",
        "description": "Bill 7 & 8",
        "input": "dtmf",
        "language": "en-US",
        "maxAttempts": "1",  # repetitions: asked twice in all
        "paymentConnector": "Stripe_1",
        "paymentMethod": "credit-card",
        "postalCode": "false",
        "securityCode": "false",
        "timeout": "5",  # whole seconds, rounded up
        "validCardTypes": "visa mastercard amex",
    }
    assert "description" not in verb(pay(description="")).attrib


def test_each_step_is_said_by_the_line_and_otherwise_on_later_attempts() -> None:
    said = [(p.get("for"), p.get("attempt"), p[0].get("language"), p[0].text) for p in verb(pay(attempts=3))]
    assert said == [
        ("payment-card-number", None, "en-US", "Card?"),
        ("payment-card-number", "2", "en-US", "No. Card?"),
        ("payment-card-number", "3", "en-US", "No. Card?"),
        ("expiration-date", None, "en-US", "Expiry?"),
        ("expiration-date", "2", "en-US", "No. Expiry?"),
        ("expiration-date", "3", "en-US", "No. Expiry?"),
        ("payment-processing", None, "en-US", "Wait."),
    ]


def test_a_step_without_words_has_those_of_the_carrier() -> None:
    assert len(verb(pay(asked=(("payment-card-number", "", ""), *ASKED[1:])))) == 3


@pytest.mark.parametrize("tag", [SPOKEN[code][0] for code in supported()])
def test_the_language_is_one_in_which_the_carrier_has_words(tag: str) -> None:
    """Vietnamese, Chinese and Portuguese have none: the prompts are theirs, the rest is English."""
    own = {"de": "de-DE", "es": "es-US", "fr": "fr-FR"}.get(tag[:2], "en-US")
    made = verb(pay(language=tag))
    assert made.get("language") == own
    assert made[0][0].get("language") == tag


@pytest.mark.parametrize(
    ("form", "event"),
    [
        ({"Result": "success"}, Outcome("paid")),
        (
            {"Result": "success", "PaymentConfirmationCode": "ch_1<b>&"},
            Outcome("paid", {"PaymentConfirmationCode": "ch_1b"}),
        ),
        ({"Result": "success", "CallStatus": "completed"}, Outcome("paid")),
        ({"Result": "too-many-failed-attempts"}, Outcome("not_entered")),
        ({"Result": "caller-interrupted-with-star"}, Outcome("cancelled")),
        ({"Result": "payment-connector-error", "PayErrorCode": "64012"}, Outcome("declined")),
        ({"Result": "payment-connector-error", "PayErrorCode": "64004"}, Outcome("failed")),
        ({"Result": "payment-connector-error"}, Outcome("failed")),
        ({"Result": "validation-error"}, Outcome("failed")),
        ({"Result": "caller-hung-up"}, HungUp()),
        ({"CallStatus": "completed"}, HungUp()),
        ({"Result": "something new"}, Outcome("failed")),
        ({}, Outcome("failed")),
    ],
)
def test_what_the_result_means(form: dict[str, str], event: Event) -> None:
    assert event_of(pay(), form) == event


def test_every_ending_is_a_label() -> None:
    assert {*PAY_ENDINGS.values(), "declined"} == set(pay().labels)
