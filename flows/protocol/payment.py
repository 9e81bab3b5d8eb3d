"""The payment that a carrier takes: what it asks for, step by step, and how it may end."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CARDS", "PAID", "PAY_ENDINGS", "PAY_LABELS", "PROCESSING", "PROCESSING_S", "REJECTED", "STEP_DIGITS", "Pay"]

CARDS = ("visa", "mastercard", "amex", "maestro", "discover", "optima", "jcb", "diners-club", "enroute")
"""Cards that the carrier knows. Source: twilio.com/docs/voice/twiml/pay, validCardTypes."""
STEP_DIGITS = {"payment-card-number": 16, "expiration-date": 4, "security-code": 3, "postal-code": 5}
"""The steps in which callers enter something, in order, and how many digits are assumed for each."""
PROCESSING = "payment-processing"
"""The step in which the carrier speaks and the caller waits."""
PROCESSING_S = 2.0
"""Assumed seconds from the last key until the payment service has answered."""
PAID = "paid"
PAY_ENDINGS = {
    "success": PAID,
    "too-many-failed-attempts": "not_entered",
    "caller-interrupted-with-star": "cancelled",
    "payment-connector-error": "failed",
    "validation-error": "failed",
}
"""Labels by the carrier's ``Result``; a card that the bank refused has error `REJECTED`, and is ``declined``."""
REJECTED = "64012"
"""The carrier's error "Payment Gateway rejected the card". Source: twilio.com/docs/api/errors/64012."""
PAY_LABELS = (PAID, "declined", "not_entered", "cancelled", "failed")


@dataclass(frozen=True)
class Pay:
    """Let the carrier ask for a card and charge it: what callers key for it never reaches the flow.

    Parameters
    ----------
    name : str
        The node that asks.
    amount : str
        Digits with two decimals, such as ``12.50``.
    currency : str
        ISO 4217.
    description : str
        What the payment is for, told to the payment service; may be empty.
    connector : str
        The carrier's name for the payment service.
    attempts : int
        How often each step may be asked in all.
    timeout_s : float
        Seconds of silence that end an entry.
    language : str
        Of what is said.
    asked : tuple of (step, first words, further words)
        What is said at each step, and when it is asked again; empty for the carrier's own words.
    labels : tuple of str
        `PAY_LABELS`.
    cards : tuple of str
        Cards that are taken, of `CARDS`.
    """

    name: str
    amount: str
    currency: str
    description: str
    connector: str
    attempts: int
    timeout_s: float
    language: str
    asked: tuple[tuple[str, str, str], ...]
    labels: tuple[str, ...] = PAY_LABELS
    cards: tuple[str, ...] = ("visa", "mastercard", "amex")
