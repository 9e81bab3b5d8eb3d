"""Amounts of money as people write them: ``12.50``, ``1,250.00 USD``, ``€ 12,50``."""

from __future__ import annotations

import re
from typing import NamedTuple

__all__ = ["Amount", "amount_of"]

_AMOUNT = re.compile(
    r"(?P<before>[A-Z]{3}|US\$|[$€£])?\s*(?P<minus>-)?\s*(?:(?P<whole>\d{1,3}(?:,\d{3}){1,4}|\d{1,13})(?:\.(?P<part>\d{1,2}))?"
    r"|(?P<whole2>\d{1,3}(?:\.\d{3}){1,4}|\d{1,13})(?:,(?P<part2>\d{1,2}))?)\s*(?P<after>[A-Z]{3}|[€£])?"
)
_SIGNS = {"$": "USD", "US$": "USD", "€": "EUR", "£": "GBP"}


class Amount(NamedTuple):
    """An amount: its whole part, its hundredths, whether it is negative, and the currency if one is written.

    Examples
    --------
    >>> amount_of("$1,250.5"), amount_of("12,50 EUR").plain, amount_of("much")
    (Amount(whole=1250, part=50, minus=False, currency='USD'), '12.50', None)
    """

    whole: int
    part: int
    minus: bool = False
    currency: str = ""

    @property
    def plain(self) -> str:
        """The amount as a number with two decimals."""
        return f"{'-' if self.minus and self.hundredths else ''}{self.whole}.{self.part:02d}"

    @property
    def hundredths(self) -> int:
        """The amount without its sign, in hundredths."""
        return 100 * self.whole + self.part


def amount_of(text: str) -> Amount | None:
    """The amount that a text is; None if it is none.

    Examples
    --------
    >>> amount_of(" 12.50 ").plain, amount_of("-3").plain, amount_of("1.234.567,8").plain
    ('12.50', '-3.00', '1234567.80')
    """
    match = _AMOUNT.fullmatch(text.strip())
    if not match:
        return None
    stated = match["before"] or match["after"] or ""
    whole = int(re.sub(r"[.,]", "", match["whole"] or match["whole2"]))
    part = int((match["part"] or match["part2"] or "0").ljust(2, "0"))
    return Amount(whole, part, bool(match["minus"]), _SIGNS.get(stated, stated))
