"""Checks of the fields of a <Pay>. Source: twilio.com/docs/voice/twiml/pay (validCardTypes, ErrorType).

Assumed, because it is not stated there: cards have the check digit of ISO/IEC 7812-1, routing numbers that of the
American Bankers Association; visa numbers may have 16 digits; a postal code has at least 5 characters unless
``minPostalCodeLength`` says otherwise, an account number at least 4 digits.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping

__all__ = ["card_type", "masked_account", "masked_card", "what_is_wrong"]

_CARDS = (
    ("visa", r"4", (13, 15, 16, 19)),
    ("mastercard", r"5[1-5]|2[2-7]", (16,)),
    ("amex", r"3[47]", (15,)),
    ("jcb", r"35(?:2[89]|[3-8]\d)", range(16, 20)),
    ("diners-club", r"36", range(14, 20)),
    ("diners-club", r"30[0-4]|3095|3[89]", range(16, 20)),
    ("discover", r"6011|6[45]", range(16, 20)),
    ("enroute", r"2014|2149", (15,)),
    ("maestro", r"5[0678]|6", range(12, 20)),
)
_POSTAL, _ACCOUNT = 5, 4


def card_type(number: str) -> str:
    """The type of a card by its first digits and its length; empty when the number is not valid.

    Examples
    --------
    >>> card_type("4111111111111111"), card_type("378282246310005"), card_type("4111111111111112")
    ('visa', 'amex', '')
    """
    if not _luhn(number):
        return ""
    return next((name for name, begins, lengths in _CARDS if re.match(begins, number) and len(number) in lengths), "")


def what_is_wrong(
    field: str, digits: str, taken: Mapping[str, str], today: dt.date, *, types: frozenset[str], postal: int = 0
) -> str:
    """``ErrorType`` of the digits entered for a field; empty when they are valid.

    Examples
    --------
    >>> types, today = frozenset({"visa"}), dt.date(2026, 11, 23)
    >>> what_is_wrong("payment-card-number", "378282246310005", {}, today, types=types)
    'invalid-card-type'
    >>> what_is_wrong("expiration-date", "1026", {}, today, types=types)
    'invalid-date'
    """
    if not digits:
        return "input-timeout"
    match field:
        case "payment-card-number":
            kind = card_type(digits)
            return "invalid-card-number" if not kind else "" if kind in types else "invalid-card-type"
        case "expiration-date":
            return "" if _still_valid(digits, today) else "invalid-date"
        case "security-code":
            length = 4 if card_type(taken.get("payment-card-number", "")) == "amex" else 3
            return "" if len(digits) == length else "invalid-security-code"
        case "postal-code":
            return "" if len(digits) >= (postal or _POSTAL) else "invalid-postal-code"
        case "bank-routing-number":
            return "" if len(digits) == 9 and _routing(digits) else "invalid-bank-routing-number"
        case _:
            return "" if len(digits) >= _ACCOUNT else "invalid-bank-account-number"


def masked_card(number: str) -> str:
    """A card number with the last four digits visible, grouped as on the card.

    Examples
    --------
    >>> masked_card("378282246314001"), masked_card("4111111111111111")
    ('xxxx-xxxxxx-x4001', 'xxxx-xxxx-xxxx-1111')
    """
    shown = "x" * (len(number) - 4) + number[-4:]
    groups = (4, 6, 5) if len(number) == 15 else (4,) * ((len(number) + 3) // 4)
    ends = [sum(groups[: n + 1]) for n in range(len(groups))]
    return "-".join(shown[end - size : end] for size, end in zip(groups, ends, strict=True))


def masked_account(number: str) -> str:
    """An account number with the last two digits visible.

    Examples
    --------
    >>> masked_account("508862392")
    '*******92'
    """
    return "*" * (len(number) - 2) + number[-2:]


def _luhn(number: str) -> bool:
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return bool(number) and sum(n // 10 + n % 10 for n in doubled) % 10 == 0


def _still_valid(digits: str, today: dt.date) -> bool:
    if len(digits) != 4 or not 1 <= int(digits[:2]) <= 12:
        return False
    return (2_000 + int(digits[2:]), int(digits[:2])) >= (today.year, today.month)


def _routing(digits: str) -> bool:
    return sum(int(digit) * weight for digit, weight in zip(digits, (3, 7, 1) * 3, strict=True)) % 10 == 0
