"""The words for the limits of a number, an amount or a date."""

from __future__ import annotations

from flows.entries.base import Caller

__all__ = ["in_words"]


def in_words(caller: Caller, least: str, most: str, *, days: bool = False) -> str:
    """A sentence about the limits, as they are said; empty without any.

    Examples
    --------
    >>> caller = Caller("en-US", "en-US")
    >>> in_words(caller, "5", ""), in_words(caller, "", "May 3, 2026", days=True), in_words(caller, "", "")
    ('It must be 5 or more.', 'It must be May 3, 2026 or earlier.', '')
    """
    words = caller.words
    if least and most:
        return words.between.format(least=least, most=most)
    if least:
        return (words.from_day if days else words.at_least).format(least=least)
    return (words.to_day if days else words.at_most).format(most=most) if most else ""
