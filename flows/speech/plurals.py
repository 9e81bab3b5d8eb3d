"""The plural forms of a language, by Unicode's CLDR through the babel package.

A language has up to six: English two ("1 day, 2 days"), Polish three ("1 dzień, 2 dni, 5 dni"), Arabic six, Japanese
one. babel is imported when a plural of a language pack is first said.
"""

from __future__ import annotations

from functools import cache
from typing import Any

__all__ = ["cldr", "examples", "form", "forms_of"]

_ORDER = ("zero", "one", "two", "few", "many", "other")
_LOOKED_AT = range(201)
"""Whole numbers looked at for the forms a language has: CLDR's rules repeat with every hundred, but for millions."""


@cache
def cldr(code: str) -> Any:
    """What CLDR knows of a language, a `babel.Locale`; None if it knows nothing.

    Parameters
    ----------
    code : str
        Primary subtag, such as ``pl``.

    Examples
    --------
    >>> cldr("pl").get_display_name(), cldr("zz")
    ('polski', None)
    """
    from babel import Locale, UnknownLocaleError

    try:
        return Locale.parse(code)
    except (UnknownLocaleError, ValueError):
        return None


@cache
def forms_of(code: str) -> tuple[str, ...]:
    """CLDR's names of the forms that whole numbers take in a language, in the order in which they are written.

    Examples
    --------
    >>> forms_of("it"), forms_of("pl"), forms_of("ja")
    (('one', 'other'), ('one', 'few', 'many'), ('other',))
    """
    locale = cldr(code)
    if locale is None:
        return ("one", "other")
    found = {locale.plural_form(number) for number in _LOOKED_AT}
    return tuple(name for name in _ORDER if name in found)


@cache
def examples(code: str) -> tuple[int, ...]:
    """A whole number for each of `forms_of`.

    Examples
    --------
    >>> examples("en"), examples("pl"), examples("ar")
    ((1, 2), (1, 2, 5), (0, 1, 2, 3, 11, 100))
    """
    locale, names = cldr(code), forms_of(code)
    taken = [locale.plural_form(number) if locale else "one" if number == 1 else "other" for number in _LOOKED_AT]
    return tuple(taken.index(name, 1 if name in taken[1:] else 0) for name in names)


def form(number: int, forms: tuple[str, ...], code: str) -> str:
    """The form that goes with a number.

    Parameters
    ----------
    number : int
    forms : tuple of str
        One for each of `forms_of`; or two, the first for one and the second for the rest; or one for all.
    code : str
        Primary subtag of the language.

    Examples
    --------
    >>> [form(n, ("dzień", "dni", "dni"), "pl") for n in (1, 2, 5)], form(3, ("day", "days"), "ar")
    (['dzień', 'dni', 'dni'], 'days')
    """
    locale, names = cldr(code), forms_of(code)
    taken = locale.plural_form(abs(number)) if locale else "one" if abs(number) == 1 else "other"
    if len(forms) < len(names):
        return forms[0] if taken == "one" else forms[-1]
    return forms[names.index(taken)] if taken in names else forms[-1]
