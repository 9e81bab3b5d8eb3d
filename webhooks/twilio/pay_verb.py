"""A payment as TwiML: ``<Pay>`` with a ``<Prompt>`` for each step, in the words and the language of the line.

Source: twilio.com/docs/voice/twiml/pay and /pay/prompt. ``maxAttempts`` counts the repetitions, not the first attempt;
a ``<Prompt>`` with ``attempt`` is for that attempt, one without for all others.
"""

from __future__ import annotations

from twilio.twiml.voice_response import Pay as PayVerb

from flows.analysis.leg_time import whole_s
from flows.protocol.payment import PROCESSING, Pay
from webhooks.twilio.languages import spoken_tag
from webhooks.twilio.say_verbs import xml_text

__all__ = ["pay_verb"]

_OWN = (
    "en-US",
    "en-AU",
    "en-CA",
    "en-GB",
    "en-IE",
    "en-IN",
    "en-NZ",
    "en-ZA",
    "de-DE",
    "es-US",
    "es-ES",
    "fr-FR",
    "fr-CA",
)
"""Languages in which <Pay> has words of its own, which are heard only where the line has none."""

_MOST_ATTEMPTS = 10


def pay_verb(pay: Pay, action_url: str) -> PayVerb:
    """The verb that takes a payment and sends its result to `action_url`.

    Examples
    --------
    >>> pay = Pay("pay", "5.00", "USD", "Bill", "Default", 2, 5.0, "en-US", (("postal-code", "Code?", "Code?"),))
    >>> str(pay_verb(pay, "/voice")).partition("?>")[2][:73]
    '<Pay action="/voice" chargeAmount="5.00" currency="usd" description="Bill'
    """
    tag, own = spoken_tag(pay.language), _own_tag(pay.language)
    verb = PayVerb(
        input="dtmf",
        action=action_url,
        charge_amount=pay.amount,
        currency=pay.currency.lower(),
        payment_method="credit-card",
        payment_connector=pay.connector,
        max_attempts=pay.attempts - 1,
        timeout=round(whole_s(pay.timeout_s)),
        security_code=any(step == "security-code" for step, _, _ in pay.asked),
        postal_code=any(step == "postal-code" for step, _, _ in pay.asked),
        valid_card_types=" ".join(pay.cards),
        language=own,
        **({"description": xml_text(pay.description)} if pay.description else {}),
    )
    for step, first, again in pay.asked:
        if not first:
            continue  # the carrier's own words
        verb.prompt(for_=step).say(xml_text(first), language=tag)
        for attempt in range(2, pay.attempts + 1 if step != PROCESSING else 0):
            verb.prompt(for_=step, attempt=attempt).say(xml_text(again), language=tag)
    return verb


def _own_tag(tag: str) -> str:
    """The language of the carrier's own words nearest to a tag; English where it has none."""
    spoken = spoken_tag(tag)
    return spoken if spoken in _OWN else next((own for own in _OWN if own[:2] == tag[:2].lower()), _OWN[0])
