"""How long a payment takes: what the carrier says, what callers key, and the time until the payment service answers."""

from __future__ import annotations

from flows.protocol.payment import PROCESSING, PROCESSING_S, STEP_DIGITS, Pay
from flows.speech.timing import DECISION_S, DIGIT_S, speech_s

__all__ = ["payment_s"]

_CHARGED = ("paid", "declined", "failed")
"""Endings after the payment service was asked."""


def payment_s(pay: Pay, outcome: str) -> float:
    """Seconds from the carrier's first word to the end of a payment.

    A caller who pays hears each step, then keys its usual number of digits; the carrier's pauses between two steps are
    not known and not counted. One who enters nothing hears the first step at every attempt; one who stops does so
    once they have heard it.

    Parameters
    ----------
    pay : Pay
    outcome : str
        One of ``pay.labels``.

    Examples
    --------
    "Card?" 1 word: 0.4 s, a second to decide, then 16 digits and pound: 16 further keys of 0.4 s; 2 s of processing.

    >>> pay = Pay("pay", "5.00", "USD", "", "Default", 2, 5.0, "en-US", (("payment-card-number", "Card?", "Again?"),))
    >>> [round(payment_s(pay, outcome), 6) for outcome in ("paid", "not_entered", "cancelled")]
    [9.8, 10.8, 1.4]
    """
    first, *_ = pay.asked
    if outcome == "not_entered":
        again_s = speech_s(first[2], pay.language) + pay.timeout_s
        return speech_s(first[1], pay.language) + pay.timeout_s + again_s * (pay.attempts - 1)
    if outcome not in _CHARGED:
        return speech_s(first[1], pay.language) + DECISION_S
    return PROCESSING_S + sum(_step_s(step, said, pay.language) for step, said, _ in pay.asked)


def _step_s(step: str, said: str, language: str) -> float:
    """Hearing a step, deciding, and its digits with the key that ends them."""
    keyed_s = 0.0 if step == PROCESSING else DECISION_S + DIGIT_S * STEP_DIGITS[step]
    return speech_s(said, language) + keyed_s
