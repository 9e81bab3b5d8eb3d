"""<Pay> by voice/twiml/pay: fields, their errors, attempts, parameters of the action. No log holds card data."""

from __future__ import annotations

import datetime as dt

import pytest

from tests.support.twiml_app import SID, App, call, heard, noticed
from webhooks.carrier.call_log import Asked, Did
from webhooks.carrier.protocol import HangUp, Key, OtherParty
from webhooks.carrier.steps.card_checks import card_type, what_is_wrong

VISA, AMEX = "4111111111111111", "378282246310005"  # the test numbers that payment services publish
FIELDS = ("Result", "PaymentCardNumber", "PaymentCardType", "ExpirationDate", "SecurityCode", "PaymentCardPostalCode")
PAY = "<Pay action='/paid' {0}>{1}</Pay><Say>Never.</Say>"
QUICK = "".join(
    f"<Prompt for='{name}'><Pause length='1'/></Prompt>"
    for name in (
        "payment-card-number",
        "expiration-date",
        "security-code",
        "postal-code",
        "bank-routing-number",
        "bank-account-number",
        "payment-processing",
    )
)


def keys(*entered: str, begin_s: float = 1.5) -> list[tuple[float, str]]:
    """Keys 0.1 s apart, a field every 5 s; a field ends with pound unless it ends by itself."""
    return [(begin_s + 5 * n + 0.1 * place, key) for n, text in enumerate(entered) for place, key in enumerate(text)]


def paid(attributes: str, *did: tuple[float, object]) -> tuple[App, object]:
    app = App({"/voice": PAY.format(attributes, QUICK), "/paid": "<Hangup/>", "/status": ""})
    return app, call(app, *did)  # type: ignore[arg-type]


def test_a_card_is_entered_and_a_token_given() -> None:
    app, made = paid("", *keys(f"{VISA}#", "1228#", "123#", "94109#"))
    assert app.told(*FIELDS)[1] == ("/paid", "success", "xxxx-xxxx-xxxx-1111", "visa", "1228", "***", "94109")
    assert app.told("PaymentMethod", "PaymentConfirmationCode")[1] == ("/paid", "credit-card", "-")
    assert app.asked[1][1]["PaymentToken"].startswith("tok_")
    assert noticed(made) == []  # type: ignore[arg-type]


def test_an_amount_is_charged() -> None:
    app, _ = paid("chargeAmount='20.45' postalCode='94105' securityCode='false'", *keys(f"{AMEX}#", "1228#"))
    assert app.told(*FIELDS)[1] == ("/paid", "success", "xxxx-xxxxxx-x0005", "amex", "1228", "-", "94105")
    assert app.told("PaymentToken")[1] == ("/paid", "-")
    assert len(app.asked[1][1]["PaymentConfirmationCode"]) == 16


def test_an_account_is_debited() -> None:
    app, _ = paid("paymentMethod='ach-debit' bankAccountType='consumer-savings'", *keys("121181976#", "508862392#"))
    assert app.told("Result", "PaymentMethod", "BankRoutingNumber", "BankAccountNumber", "BankAccountType")[1] == (
        "/paid",
        "success",
        "ach-debit",
        "121181976",
        "*******92",
        "consumer-savings",
    )


@pytest.mark.parametrize("begin_s", [0.5, 1.5])  # while the prompt is heard, and after it
def test_what_is_entered_is_in_no_log(begin_s: float) -> None:
    _, made = paid("statusCallback='/status'", *keys(f"{VISA}#", "1228#", "123#", "94109#", begin_s=begin_s))
    log = made.log  # type: ignore[attr-defined]
    assert {e.event for e in log if isinstance(e, Did)} == {Key("•")}
    assert VISA not in repr(log)
    assert not any("SecurityCode', '123'" in repr(e) for e in log if isinstance(e, Asked))


def test_the_status_callback_is_told_of_each_field_and_of_what_is_wrong() -> None:
    # A number with a wrong last digit, then the right one; the date is last month's, then right.
    did = keys("4111111111111112#", f"{VISA}#", "1026#", "1126#", "123#", "94109#")
    app, _ = paid("statusCallback='/status'", *did)
    assert app.told("For", "Attempt", "ErrorType", "PaymentCardNumber")[1:-1] == [
        ("/status", "payment-card-number", "1", "invalid-card-number", "-"),
        ("/status", "payment-card-number", "2", "-", "xxxx-xxxx-xxxx-1111"),
        ("/status", "expiration-date", "1", "invalid-date", "xxxx-xxxx-xxxx-1111"),
        ("/status", "expiration-date", "2", "-", "xxxx-xxxx-xxxx-1111"),
        ("/status", "security-code", "1", "-", "xxxx-xxxx-xxxx-1111"),
        ("/status", "postal-code", "1", "-", "xxxx-xxxx-xxxx-1111"),
        ("/status", "payment-processing", "1", "-", "xxxx-xxxx-xxxx-1111"),
    ]


@pytest.mark.parametrize(("attempts", "asked"), [("", 2), ("maxAttempts='1'", 2), ("maxAttempts='3'", 4)])
def test_silence_is_asked_again_as_often_as_it_says(attempts: str, asked: int) -> None:
    """With the default of 1 the caller is asked once more for a field."""
    app, made = paid(f"{attempts} timeout='3'")
    assert app.told("Result")[1] == ("/paid", "too-many-failed-attempts")
    assert made.now_s == asked * (1 + 3)  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    ("did", "result"),
    [
        (keys("411*"), "caller-interrupted-with-star"),
        ([*keys("411"), (3.0, HangUp())], "caller-hung-up"),
        # The last pound is at 1.5 + 15 + 0.5 = 17; 1 s of the last prompt and 2 s of work follow, in which the
        # connector fails.
        ([*keys(f"{VISA}#", "1228#", "123#", "94109#"), (19.0, OtherParty("failed"))], "payment-connector-error"),
    ],
)
def test_other_ends_of_a_payment(did: list[tuple[float, object]], result: str) -> None:
    app, _ = paid("", *did)
    assert app.told("Result")[-1] == ("/paid", result)


@pytest.mark.parametrize("amount", ["-0.59", "much", "1000001", "nan"])
def test_an_amount_that_is_none(amount: str) -> None:
    app, _ = paid(f"chargeAmount='{amount}'")
    assert app.told("Result", "PaymentError")[1] == (
        "/paid",
        "validation-error",
        f"chargeAmount='{amount}' (not a number between 0.00 - 1,000,000.00)",
    )


def test_prompts_are_chosen_by_field_error_and_attempt() -> None:
    prompts = (
        "<Prompt for='payment-card-number'><Say>Card?</Say></Prompt>"
        "<Prompt for='payment-card-number' errorType='invalid-card-number input-timeout'><Say>Wrong.</Say></Prompt>"
        "<Prompt for='payment-card-number' errorType='input-timeout' attempt='3'><Say>Last time.</Say></Prompt>"
    )
    app = App({"/voice": PAY.format("maxAttempts='2' timeout='1'", prompts), "/paid": "<Hangup/>"})
    assert [text for _, text in heard(call(app))] == ["Card?", "Wrong.", "Last time."]


def test_without_an_action_the_document_is_asked_again_and_another_must_be_https() -> None:
    app = App({"/voice": ["<Pay/>", "<Hangup/>"]})
    call(app, (1, "*"))
    assert app.told("Result") == [("/voice", "-"), ("/voice", "caller-interrupted-with-star")]
    app = App({"/voice": "<Pay action='http://app.example.com/paid'/>", "/paid": "<Hangup/>"})
    assert noticed(call(app, (1, "*"))) == [("", "line 1: the action of <Pay> is not an https address")]


TYPES = frozenset({"visa", "mastercard", "amex"})
TODAY = dt.date(2026, 11, 23)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        (VISA, "visa"),
        (AMEX, "amex"),
        ("5555555555554444", "mastercard"),
        ("2223003122003222", "mastercard"),
        ("6011111111111117", "discover"),
        ("3530111333300000", "jcb"),
        ("36227206271667", "diners-club"),
        ("4111111111111112", ""),
        ("41111111", ""),
        ("", ""),
    ],
)
def test_the_type_of_a_card(number: str, kind: str) -> None:
    assert card_type(number) == kind


@pytest.mark.parametrize(
    ("name", "digits", "card", "wrong"),
    [
        ("payment-card-number", "6011111111111117", "", "invalid-card-type"),
        ("payment-card-number", "", "", "input-timeout"),
        ("expiration-date", "1126", "", ""),
        ("expiration-date", "1026", "", "invalid-date"),
        ("expiration-date", "1327", "", "invalid-date"),
        ("expiration-date", "127", "", "invalid-date"),
        ("security-code", "123", VISA, ""),
        ("security-code", "123", AMEX, "invalid-security-code"),
        ("security-code", "1234", AMEX, ""),
        ("postal-code", "9410", VISA, "invalid-postal-code"),
        ("bank-routing-number", "121181976", "", ""),
        ("bank-routing-number", "121181977", "", "invalid-bank-routing-number"),
        ("bank-account-number", "123", "", "invalid-bank-account-number"),
    ],
)
def test_what_is_wrong_with_a_field(name: str, digits: str, card: str, wrong: str) -> None:
    assert what_is_wrong(name, digits, {"payment-card-number": card}, TODAY, types=TYPES) == wrong


def test_the_sid_of_the_call_decides_the_token() -> None:
    app, _ = paid("", *keys(f"{VISA}#", "1228#", "123#", "94109#"))
    again, _ = paid("", *keys(f"{VISA}#", "1228#", "123#", "94109#"))
    assert app.asked[1][1]["PaymentToken"] == again.asked[1][1]["PaymentToken"]
    assert SID not in app.asked[1][1]["PaymentToken"]
