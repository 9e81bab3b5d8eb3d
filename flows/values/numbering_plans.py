"""The country, length and cost of a telephone number, from the numbering plans in Google's libphonenumber.

See `flows.values.caller_numbers` for how callers' numbers are written and which are withheld.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import phonenumbers as plans

__all__ = ["PhoneNumber", "e164", "example_number", "has_numbers", "national", "phone_number"]

_PREMIUM_TOO = {34: ("905", "907")}
"""Premium prefixes by country code that libphonenumber leaves out: Spain's plan (Orden ITC/308/2008; 905 mass calls,
907 data).
"""
_SHORTEST = 10_000
"""Shorter national numbers are not checked."""


@dataclass(frozen=True)
class PhoneNumber:
    """What the numbering plans say about a number.

    Parameters
    ----------
    country : str
        ISO 3166 code; empty if the country is unknown or the number belongs to none (satellites, international
        services).
    code : int
        Country code.
    lengths : tuple of int
        How many digits may follow the country code.
    possible : bool
        Whether the number has one of these lengths.
    known : bool
        Whether it is in a range that is in use.
    premium : bool
        Whether calling it costs extra; also true with too many digits, since exchanges ignore the surplus.
    """

    country: str
    code: int
    lengths: tuple[int, ...]
    possible: bool
    known: bool
    premium: bool


def phone_number(text: str, country: str = "") -> PhoneNumber | None:
    """Details of a number in E.164 form; None if the text is not a number or has an unknown country code.

    Parameters
    ----------
    text : str
    country : str
        ISO 3166 code: a number without ``+`` is read as dialled in that country; empty refuses such numbers.

    Examples
    --------
    >>> phone_number("+14155550100")
    PhoneNumber(country='US', code=1, lengths=(10,), possible=True, known=True, premium=False)
    >>> phone_number("+18765550100").country, phone_number("+19005550100").premium, phone_number("sip:desk@example.com")
    ('JM', True, None)
    >>> phone_number("4155550100", "US").country
    'US'
    """
    # Imported here because it takes longer than reading most flows, and few flows dial numbers.
    import phonenumbers as plans

    if not (text.startswith("+") or country):
        return None
    try:
        number = plans.parse(text, country or None)
    except plans.NumberParseException:
        return None
    code = number.country_code or 0
    region = plans.region_code_for_number(number)
    plan = plans.PhoneMetadata.metadata_for_region_or_calling_code(
        code, region or plans.region_code_for_country_code(code)
    )
    national = plans.national_significant_number(number)
    valid = plans.is_valid_number(number)
    extra = national.startswith(_PREMIUM_TOO.get(code, ())) or (not valid and _begins_premium(number))
    return PhoneNumber(
        country=region if region and region.isalpha() else "",
        code=code,
        lengths=tuple(plan.general_desc.possible_length) if plan and plan.general_desc else (),
        possible=plans.is_possible_number(number),
        known=valid or extra,
        premium=extra or plans.number_type(number) == plans.PhoneNumberType.PREMIUM_RATE,
    )


def has_numbers(country: str) -> bool:
    """Whether a country has telephone numbers, by its ISO 3166 code.

    Examples
    --------
    >>> has_numbers("GB"), has_numbers("UK")
    (True, False)
    """
    import phonenumbers as plans

    return country in plans.SUPPORTED_REGIONS


def _begins_premium(number: plans.PhoneNumber) -> bool:
    """Whether an unused number begins with a premium-rate number."""
    import phonenumbers as plans

    digits = number.national_number or 0
    while digits >= _SHORTEST:
        digits //= 10
        shorter = plans.PhoneNumber(
            country_code=number.country_code,
            national_number=digits,
            italian_leading_zero=number.italian_leading_zero,
            number_of_leading_zeros=number.number_of_leading_zeros,
        )
        if plans.number_type(shorter) == plans.PhoneNumberType.PREMIUM_RATE:
            return True
    return False


def e164(text: str, country: str = "") -> str:
    """A number with its country code, as carriers write it; empty if it is not one.

    Parameters
    ----------
    text : str
    country : str
        As for `phone_number`.

    Examples
    --------
    >>> e164("020 7946 0123", "GB"), e164("+1 415 555 0123"), e164("banana", "US")
    ('+442079460123', '+14155550123', '')
    """
    import phonenumbers as plans

    try:
        number = plans.parse(text, country or None)
    except plans.NumberParseException:
        return ""
    return plans.format_number(number, plans.PhoneNumberFormat.E164)


def national(text: str) -> str:
    """The digits of a number in E.164 form as it is dialled in its own country; the digits alone if it is none.

    Examples
    --------
    >>> national("+442079460123"), national("+14155550123"), national("12")
    ('02079460123', '4155550123', '12')
    """
    import phonenumbers as plans

    try:
        number = plans.parse(text)
    except plans.NumberParseException:
        return "".join(filter(str.isdigit, text))
    return "".join(filter(str.isdigit, plans.format_number(number, plans.PhoneNumberFormat.NATIONAL)))


def example_number(country: str) -> str:
    """A number of a country as it is dialled there, which its plan gives as an example; empty if it has none.

    Examples
    --------
    >>> example_number("US"), example_number("")
    ('2015550123', '')
    """
    import phonenumbers as plans

    number = plans.example_number(country) if country else None
    return national(plans.format_number(number, plans.PhoneNumberFormat.E164)) if number else ""
