"""Codes, countries and names of the world's currencies, from Unicode's CLDR via the babel package.

babel is imported only when a text needs a currency that the language file does not name.
"""

from __future__ import annotations

from functools import cache

from flows.speech.plurals import examples

__all__ = ["called", "codes", "of_country"]


@cache
def codes() -> tuple[str, ...]:
    """The ISO 4217 codes of all currencies that are legal tender today.

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
    """The currency of a country, by ISO 3166 code; empty if the country is unknown or has no currency.

    Examples
    --------
    >>> of_country("GH"), of_country("XX")
    ('GHS', '')
    """
    from babel.numbers import get_territory_currencies

    return next(iter(get_territory_currencies(region)), "") if region else ""


@cache
def called(code: str, language: str) -> tuple[str, ...] | None:
    """A currency in each plural form, as in `flows.speech.languages.base.Values`; CLDR has no names for hundredths.

    Examples
    --------
    >>> called("KES", "en"), called("XYZ", "en")
    (('Kenyan shilling', 'Kenyan shillings', '', ''), None)
    >>> called("CZK", "pl")[:3]
    ('korona czeska', 'korony czeskie', 'koron czeskich')
    """
    if code not in codes():
        return None
    from babel.numbers import get_currency_name

    spoken = language.partition("-")[0]
    names = tuple(get_currency_name(code, number, locale=spoken) for number in examples(spoken))
    return names + ("",) * len(names)
