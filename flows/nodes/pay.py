"""pay: take a card payment; the carrier asks for the card, so that its number never reaches the flow."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Literal, get_args

from pydantic import Field, field_validator

from flows.nodes.base import Here, Move, Node, Reading, Wire
from flows.protocol import actions
from flows.protocol.actions import Action, Event, Outcome
from flows.protocol.payment import PROCESSING, STEP_DIGITS
from flows.speech.entering import Entering, entering
from flows.speech.prompt import Prompt
from flows.speech.values import home_currency, spoken_value
from flows.values.amounts import Amount, amount_of
from flows.values.scalars import Duration, Figure, Target

_Label = Literal["paid", "declined", "not_entered", "cancelled", "failed"]
_LABELS: tuple[_Label, ...] = get_args(_Label)
_Card = Literal["visa", "mastercard", "amex", "maestro", "discover", "optima", "jcb", "diners-club", "enroute"]
_CONFIRMATION = "PaymentConfirmationCode"
_SAMPLE = Amount(25, 0)
"""An amount of typical length, where the value is not known."""
MOST = 100_000_000
"""The largest amount that the carrier takes, in hundredths."""


class Pay(Node):
    """Take a card payment through the carrier's ``<Pay>``, which asks for the card and charges it.

    What callers key for the card goes from the carrier to the payment service: no log, value or recording of ours
    ever holds it. An amount that is not a number above zero is not charged: the outcome is ``failed`` at once.

    Parameters
    ----------
    amount
        What is charged: a number such as `25.00`, or a value such as `{balance}`.
    on
        Nodes by outcome: paid, declined by the bank, not_entered (too often wrong, or nothing), cancelled with star,
        failed (the payment service, or an amount that is none).
    otherwise
        Node for every outcome but paid that `on` does not name.
    say
        Said before; default: the amount, and how to stop.

    Examples
    --------
    >>> written = {"type": "pay", "amount": "25.00", "currency": "USD", "next": "thanks", "otherwise": "desk"}
    >>> [(wire.outcome, wire.target) for wire in Pay.model_validate(written).wires()][:2]
    [('paid', 'thanks'), ('declined', 'desk')]
    """

    type: Literal["pay"]
    amount: Figure = Field(min_length=1, max_length=100)
    currency: str = Field(default="", description="ISO 4217; default: that of the country of the first language")
    description: str = Field(default="", max_length=200, description="what it is for, told to the payment service")
    connector: str = Field(
        default="Default", pattern=r"^[A-Za-z0-9_-]{1,64}$", description="the carrier's name for the payment service"
    )
    say: Prompt | None = None
    cards: tuple[_Card, ...] = Field(default=("visa", "mastercard", "amex"), min_length=1, description="cards taken")
    security_code: bool = Field(default=True, description="whether the code on the card is asked for")
    postal_code: bool = Field(default=True, description="whether the postal code is asked for")
    attempts: int = Field(default=3, ge=1, le=10, description="how often each step may be asked in all")
    timeout: Duration = Field(default=5.0, ge=1, le=60, description="silence that ends an entry")
    into: str = Field(
        default="", pattern=r"^([A-Za-z_][A-Za-z0-9_]*)?$", description="value for the code that confirms the payment"
    )
    then: Target | None = Field(default=None, alias="next", description="node that follows a payment")
    on: dict[_Label, Target] = Field(default={})
    otherwise: Target | None = None

    @field_validator("currency")
    @classmethod
    def _known_currency(cls, code: str) -> str:
        return code.upper()

    def wires(self) -> tuple[Wire, ...]:
        paid = self.on.get("paid", self.then)
        return (
            Wire("paid", paid, ("on", "paid") if "paid" in self.on else ("next",)),
            *(self._ending(label) for label in _LABELS[1:]),
        )

    def _ending(self, label: _Label) -> Wire:
        named = label in self.on
        return Wire(label, self.on[label] if named else self.otherwise, ("on", label) if named else ("otherwise",))

    def prompts(self) -> tuple[tuple[tuple[str | int, ...], Prompt], ...]:
        return ((("say",), self.say),) if self.say else ()

    def inserts(self) -> tuple[tuple[tuple[str | int, ...], str], ...]:
        return ((("amount",), self.amount), *(((("description",), self.description),) if self.description else ()))

    def writes(self) -> tuple[str, ...]:
        return (self.into,) if self.into else ()

    def writes_on(self, outcome: str) -> tuple[str, ...]:
        return self.writes() if outcome == "paid" else ()

    def about(self) -> str:
        return f"{self.amount} {self.currency}".strip()

    def charge(self, here: Here) -> Amount | None:
        """What is charged in this call; None if it cannot be."""
        amount = amount_of(here.fill(self.amount))
        if here.values is None:
            return amount or _SAMPLE
        return amount if amount and not amount.minus and 0 < amount.hundredths <= MOST else None

    def money(self, here: Here, amount: Amount) -> str:
        """The currency of the payment: as stated, else the amount's own, else that of the line's country."""
        return self.currency or amount.currency or home_currency(here.flow.languages[0])

    def enter(self, here: Here) -> tuple[Action, ...]:
        amount = self.charge(here)
        if amount is None:
            return ()
        words, code = entering(here.language), self.money(here, amount)
        if self.say:
            said = here.say(self.say, barge_in=False)
        else:
            spoken = spoken_value(amount.plain, "money", more=code, language=here.language)
            said = here.speak((words.paying or "{amount}").format(amount=spoken), barge_in=False)
        steps = [step for step in STEP_DIGITS if self._asks(step)]
        asked = tuple((step, words.pay.get(step, ""), self._again(words, step)) for step in steps)
        processing = words.pay.get(PROCESSING, "")
        return (
            said,
            actions.Pay(
                here.name,
                amount.plain,
                code,
                " ".join(re.sub(r"[^\w .,:#/+-]", " ", here.fill(self.description)).split()),
                self.connector,
                self.attempts,
                self.timeout,
                here.language,
                (*asked, (PROCESSING, processing, processing)),
                cards=self.cards,
            ),
        )

    @staticmethod
    def _again(words: Entering, step: str) -> str:
        return f"{words.not_valid} {words.pay[step]}" if step in words.pay else ""

    def _asks(self, step: str) -> bool:
        return {"security-code": self.security_code, "postal-code": self.postal_code}.get(step, True)

    def classify(self, here: Here, event: Event | None) -> Reading | None:
        if event is None:
            return Reading("failed")
        if not isinstance(event, Outcome) or event.label not in _LABELS:
            return None
        code = event.values.get(_CONFIRMATION, "")
        return Reading(event.label, {self.into: code} if self.into and event.label == "paid" else {})

    def next(self, here: Here, outcome: str) -> Move:
        move = super().next(here, outcome)
        return move._replace(outcome="contained") if outcome == "paid" else move

    def usual(self, here: Here) -> Mapping[str, float]:
        return {"paid": 0.85, "declined": 0.06, "not_entered": 0.04, "cancelled": 0.04, "failed": 0.01}
