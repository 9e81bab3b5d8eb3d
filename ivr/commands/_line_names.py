"""What callers hear as the name of a new line, from the name of its folder or file."""

from __future__ import annotations

import re

__all__ = ["name_from"]

_WITH_TRADE = {
    "bank": "{} Bank",
    "city": "City of {}",
    "clinic": "{} Clinic",
    "telecom": "{} Telecom",
    "utility": "{} Power",
}
_TRADE_WORDS = {"bank", "city", "clinic", "telecom", "utility", "power"}
_LONGEST = 60


def name_from(place: str, trade: str) -> str:
    """The name of an organisation; empty if `place` says no more than a trade.

    Parameters
    ----------
    place : str
        Name of a folder or a file, without an ending.
    trade : str

    Examples
    --------
    >>> name_from("riverside", "telecom"), name_from("oak_street-clinic", "clinic"), name_from("riverside", "city")
    ('Riverside Telecom', 'Oak Street Clinic', 'City of Riverside')
    >>> name_from("clinic", "clinic"), name_from("2026", "bank")
    ('', '')
    """
    words = [word[:1].upper() + word[1:] for word in re.findall(r"[^\W_]+(?:'[^\W_]+)*", place)]
    own = [word for word in words if word.lower() not in _TRADE_WORDS]
    if not any(letter.isalpha() for word in own for letter in word):
        return ""
    whole = " ".join(words) if len(own) < len(words) else _WITH_TRADE[trade].format(" ".join(words))
    return whole if len(whole) <= _LONGEST else ""
