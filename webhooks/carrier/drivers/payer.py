"""A caller at a handset who pays by card: what they key at each step of a payment."""

from __future__ import annotations

from collections.abc import Mapping

from flows.protocol.payment import PAID
from webhooks.carrier.drivers.handset import Handset

__all__ = ["entries", "pay"]

_DID = {
    PAID: "pays by card",
    "declined": "pays by card, which the bank declines",
    "failed": "pays by card, and the payment service fails",
    "cancelled": "presses star to stop the payment",
}


def entries(year: int) -> Mapping[str, str]:
    """What is keyed at each step, with the card number that payment services publish for tests.

    Parameters
    ----------
    year : int
        Of the call; the card is valid for two more.

    Examples
    --------
    >>> entries(2026)["expiration-date"]
    '1228#'
    """
    return {
        "payment-card-number": "4111111111111111#",
        "expiration-date": f"12{(year + 2) % 100:02d}#",
        "security-code": "123#",
        "postal-code": "94109#",
    }


def pay(handset: Handset, label: str) -> bool:
    """Let a payment end as a label of a ``pay`` node says; False if the call asks for no card now."""
    if not handset.call.paying:
        return False
    keyed = entries(handset.call.began.year)
    if label == "cancelled":
        handset.press("*", _DID[label])
    elif label == "not_entered":
        while handset.call.paying:
            handset.wait()
    else:
        handset.pay(keyed, "" if label == PAID else label, _DID[label])
    return True
