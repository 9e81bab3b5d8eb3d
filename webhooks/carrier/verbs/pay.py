"""<Pay>: asks for a card or an account, field by field, and checks it; nothing is charged.

Source: twilio.com/docs/voice/twiml/pay, prompt. A field ends with pound, or ``timeout`` seconds after a key; star ends
the payment. An invalid field is asked for again, ``maxAttempts`` times (once by default). No log keeps what is entered.
Assumed, because it is not documented: the words of the prompts, the time a payment takes (`PROCESSING_S`), and how a
card number is grouped. `OtherParty` ``failed`` during processing is a failure of the payment connector,
``declined`` a card that the bank refuses (error 64012).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import md5
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from flows.protocol.payment import PROCESSING_S, REJECTED
from webhooks.carrier.protocol import CallerHungUp, Key, LineEvent, Next, OtherParty, Steps
from webhooks.carrier.requests.fetch import notify
from webhooks.carrier.steps.card_checks import card_type, masked_account, masked_card, what_is_wrong
from webhooks.carrier.steps.prompts import prompt, uninterruptible
from webhooks.carrier.steps.talk import request_action_after_hangup
from webhooks.carrier.twiml.document import Element

if TYPE_CHECKING:
    from webhooks.carrier.call import Call

__all__ = ["PROCESSING_S", "perform"]

_REJECTED = "Payment Gateway rejected the card."
_TIMEOUT = 5
_CARD = ("payment-card-number", "expiration-date", "security-code", "postal-code")
_ACCOUNT = ("bank-routing-number", "bank-account-number")
_ASKED = {
    "payment-card-number": "Please enter your card number, then press pound.",
    "expiration-date": "Please enter the expiration date, two digits for the month and two for the year.",
    "security-code": "Please enter the security code of the card, then press pound.",
    "postal-code": "Please enter your postal code, then press pound.",
    "bank-routing-number": "Please enter the routing number of your bank, then press pound.",
    "bank-account-number": "Please enter your account number, then press pound.",
    "payment-processing": "Please wait while the payment is processed.",
}


class _PaymentError(Exception):
    """The payment failed."""

    def __init__(self, result: str, more: Mapping[str, str] = MappingProxyType({})) -> None:
        """Keep the ``Result`` of the payment, and further parameters of the action."""
        super().__init__(result)
        self.more = more


@dataclass
class _Payment:
    call: Call
    element: Element
    url: str
    taken: dict[str, str] = field(default_factory=dict)

    def told(self, result: str, **more: str) -> dict[str, str]:
        """Parameters of the action; card and account numbers are masked."""
        method = self.element.get("paymentMethod", "credit-card")
        shown = {name: value for name, value in _visible(self.taken, self.element).items() if value}
        return {"Result": result, "PaymentMethod": method, **shown, **more}

    def collect(self) -> Steps[None]:
        """Ask for all fields, one after the other."""
        account = self.element.get("paymentMethod") == "ach-debit"
        given = self.element.get("postalCode", "true")
        for name in _ACCOUNT if account else _CARD:
            if (name, self.element.get("securityCode")) == ("security-code", "false") or (name, given) == (
                "postal-code",
                "false",
            ):
                continue
            if name == "postal-code" and given != "true":
                self.taken[name] = given
                continue
            yield from self._field(name)

    def _field(self, name: str) -> Steps[None]:
        tries, wrong = self.call.whole_number(self.element, "maxAttempts", 1) + 1, ""
        types = frozenset(self.element.get("validCardTypes", "visa mastercard amex").split())
        postal = self.call.whole_number(self.element, "minPostalCodeLength", 0)
        for attempt in range(1, tries + 1):
            digits = yield from self._keys(name, attempt, wrong)
            today = (self.call.began + dt.timedelta(seconds=self.call.now_s)).date()
            wrong = what_is_wrong(name, digits, self.taken, today, types=types, postal=postal)
            if not wrong:
                self.taken[name] = digits
            yield from self.status(name, attempt, wrong)
            if not wrong:
                return
        raise _PaymentError("too-many-failed-attempts")

    def status(self, name: str, attempt: int, wrong: str = "") -> Steps[None]:
        """Send the status callback of a field."""
        callback = self.element.get("statusCallback")
        if callback:
            seen = {key: value for key, value in _visible(self.taken, self.element).items() if value}
            error = {"ErrorType": wrong} if wrong else {}
            yield from notify(
                self.call, urljoin(self.url, callback), {"For": name, "Attempt": str(attempt), **error, **seen}
            )

    def _keys(self, name: str, attempt: int, wrong: str) -> Steps[str]:
        waits = replace(self.call.waits("gather"), name=name, listens=True)
        first = None
        for said in self.says(name, attempt, wrong):
            if first is None:
                first = yield from prompt(self.call, said, self.url, waits, _is_key)
        timeout_s = self.call.whole_number(self.element, "timeout", _TIMEOUT)
        digits, happened, end_s = "", first, self.call.now_s + timeout_s
        while True:
            if happened is None:
                happened = yield from self.call.until(end_s, replace(waits, open=True, digits="•" * len(digits)))
                if happened is None:
                    return digits
                self.call.did(_hidden(happened.event), taken=_is_key(happened.event))
            event, happened = happened.event, None
            if not isinstance(event, Key):
                continue
            if event.key == "*":
                raise _PaymentError("caller-interrupted-with-star")
            if event.key == "#" and digits:
                return digits
            digits += event.key if event.key != "#" else ""
            end_s = self.call.now_s + timeout_s

    def says(self, name: str, attempt: int, wrong: str) -> tuple[Element, ...]:
        """The <Prompt> that fits best, else a default sentence."""
        kind = card_type(self.taken.get("payment-card-number", ""))
        wanted = {"for": name, "attempt": str(attempt), "errorType": wrong, "cardType": kind}

        def fits(said: Element) -> bool:
            return (
                said.name == "Prompt"
                and all(wanted[key] in said.get(key).split() for key in wanted if said.get(key))
                and "for" in said.attributes
            )

        fitting = sorted((said for said in self.element.children if fits(said)), key=lambda said: -len(said.attributes))
        if fitting:
            return tuple(child for child in fitting[0].children if child.name in ("Say", "Play", "Pause"))
        return (Element("Say", {"language": self.element.get("language", "en-US")}, _ASKED[name]),)

    def process(self) -> Steps[dict[str, str]]:
        """The payment connector charges the card or issues a token; neither is real."""
        yield from self.status("payment-processing", 1)
        for said in self.says("payment-processing", 1, ""):
            yield from prompt(self.call, said, self.url, self.call.speaking(), uninterruptible)
        end_s, waits = self.call.now_s + PROCESSING_S, replace(self.call.speaking(), kind="paying")
        while happened := (yield from self.call.until(end_s, waits)):
            failed = isinstance(happened.event, OtherParty) and happened.event.what in ("declined", "failed")
            self.call.did(_hidden(happened.event), taken=failed)
            if happened.event == OtherParty("declined"):
                raise _PaymentError("payment-connector-error", {"PayErrorCode": REJECTED, "PaymentError": _REJECTED})
            if failed:
                raise _PaymentError("payment-connector-error")
        code = md5(self.call.sid.encode(), usedforsecurity=False).hexdigest()
        charged = self.element.get("chargeAmount", "0").strip("0.") != ""
        return {"PaymentConfirmationCode": code[:16]} if charged else {"PaymentToken": f"tok_{code}"}


def perform(call: Call, element: Element, url: str) -> Steps[Next]:
    """Ask, check and pretend to pay, then go to the action; without an action, to the document itself."""
    call.answer()
    payment = _Payment(call, element, url)
    if element.get("action") and not urljoin(url, element.get("action")).startswith("https:"):
        call.warn(element, "the action of <Pay> is not an https address", "use https: Twilio accepts no other")
    try:
        charge = float(element.get("chargeAmount", "0") or "x")
    except ValueError:
        charge = -1.0
    if not 0 <= charge <= 1_000_000:
        wrong = f"chargeAmount={element.get('chargeAmount')!r} (not a number between 0.00 - 1,000,000.00)"
        return call.goto(element, url, payment.told("validation-error", PaymentError=wrong))
    call.paying = True
    try:
        yield from payment.collect()
        made = yield from payment.process()
        return call.goto(element, url, payment.told("success", **made))
    except _PaymentError as how:
        return call.goto(element, url, payment.told(str(how), **how.more))
    except CallerHungUp:
        yield from request_action_after_hangup(call, call.goto(element, url, payment.told("caller-hung-up")))
        raise
    finally:
        call.paying = False


def _is_key(event: LineEvent) -> bool:
    return isinstance(event, Key)


def _hidden(event: LineEvent) -> LineEvent:
    return Key("•") if isinstance(event, Key) else event


def _visible(taken: dict[str, str], element: Element) -> dict[str, str]:
    card, account = taken.get("payment-card-number", ""), taken.get("bank-account-number", "")
    return {
        "PaymentCardNumber": masked_card(card) if card else "",
        "PaymentCardType": card_type(card),
        "ExpirationDate": taken.get("expiration-date", ""),
        "SecurityCode": "*" * len(taken.get("security-code", "")),
        "PaymentCardPostalCode": taken.get("postal-code", ""),
        "BankRoutingNumber": taken.get("bank-routing-number", ""),
        "BankAccountNumber": masked_account(account) if account else "",
        "BankAccountType": element.get("bankAccountType", "consumer-checking") if account else "",
    }
