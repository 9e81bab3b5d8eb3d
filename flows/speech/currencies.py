"""Currencies of the world: their codes, whose they are, and what they are called, from Unicode's CLDR by the package
babel.

It is loaded only when a text says money that the phrases of a language do not name themselves.
"""

from __future__ import annotations

from functools import cache

__all__ = ["called", "codes", "of_country"]


@cache
def codes() -> tuple[str, ...]:
    """The ISO 4217 codes of every currency that is legal tender now.

    Examples
    --------
    >>> "GHS" in codes(), "GHC" in codes(), "usd" in codes()
    (True, False, False)
    """
    from babel.core import get_global

    used = (entry for entries in get_global("territory_currencies").values() for entry in entries)
    return tuple(sorted({code for code, _, until, tender in used if until is None and tender}))


@cache
def of_country(region: str) -> str:
    """The currency of a country by its ISO 3166 code; empty when there is no such country, or none of its own.

    Examples
    --------
    >>> of_country("GH"), of_country("XX")
    ('GHS', '')
    """
    from babel.numbers import get_territory_currencies

    return next(iter(get_territory_currencies(region)), "") if region else ""


@cache
def called(code: str, language: str) -> tuple[str, str, str, str] | None:
    """One and several of a currency in a language, as `flows.speech.languages.base.Values` has them; its hundredths have no
    name there.

    Examples
    --------
    >>> called("KES", "en"), called("XYZ", "en")
    (('Kenyan shilling', 'Kenyan shillings', '', ''), None)
    """
    if code not in codes():
        return None
    from babel.numbers import get_currency_name

    one, many = (get_currency_name(code, count, locale=language.partition("-")[0]) for count in (1, 12))
    return one, many, "", ""
