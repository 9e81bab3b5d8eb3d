"""card: a card number by its check digit; a secret unless a node says otherwise."""

from __future__ import annotations

from flows.entries.base import Caller, Entry, Read
from flows.speech.values import masked

__all__ = ["Card", "luhn"]


class Card(Entry):
    """A card number of 12 to 19 digits with the check digit of ISO/IEC 7812-1.

    Examples
    --------
    >>> from flows.entries.base import Options
    >>> card, caller = Card(Options()), Caller("en-US", "en-US")
    >>> card.read("4111111111111111", caller).value, card.read("4111111111111112", caller).value
    ('4111111111111111', '')
    >>> card.said("4111111111111111", caller)
    'a number ending in 1 1'
    """

    sensitive = True

    @property
    def digits(self) -> tuple[int, int]:
        return self.options.digits or (12, 19)

    def read(self, keys: str, caller: Caller) -> Read:
        least, most = self.digits
        return Read(keys) if least <= len(keys) <= most and luhn(keys) else Read()

    def expected(self, caller: Caller) -> str:
        return caller.words.card

    def said(self, value: str, caller: Caller) -> str:
        return masked(value, caller.language)

    def sample(self, caller: Caller) -> str:
        return "4111111111111111"


def luhn(number: str) -> bool:
    """Whether the last digit of a number is its check digit.

    Examples
    --------
    >>> luhn("378282246310005"), luhn("378282246310006"), luhn("4x")
    (True, False, False)
    """
    if not (number.isdigit() and number.isascii()):
        return False
    doubled = [int(digit) * (1 + place % 2) for place, digit in enumerate(reversed(number))]
    return sum(n // 10 + n % 10 for n in doubled) % 10 == 0
