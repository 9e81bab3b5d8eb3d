"""phone: a telephone number by the numbering plan of its country."""

from __future__ import annotations

from collections.abc import Iterator

from flows.entries.base import Caller, Entry, Read
from flows.values.numbering_plans import e164, example_number, has_numbers, national, phone_number

_SHORTEST, _LONGEST = 7, 15


class Phone(Entry):
    """A telephone number as dialled in the line's country, stored with + and country code.

    A number that no plan knows is not valid, nor is one that costs extra.

    Examples
    --------
    >>> from flows.entries.base import Options
    >>> phone, caller = Phone(Options()), Caller("en-US", "en-US")
    >>> phone.read("4155550123", caller).value, phone.hear("four one five, triple five, 0123", caller).value
    ('+14155550123', '+14155550123')
    >>> phone.read("5550123", caller).value, phone.read("9005550123", caller).value
    ('', '')
    >>> Phone(Options(country="GB")).read("02079460123", caller).value
    '+442079460123'
    """

    takes = frozenset({"country"})

    @property
    def digits(self) -> tuple[int, int]:
        return self.options.digits or (_SHORTEST, _LONGEST)

    def faults(self) -> Iterator[tuple[str, str]]:
        country = self.options.country
        if country and not has_numbers(country):
            hint = "did you mean GB?" if country.upper() == "UK" else "write two capital letters (ISO 3166), such as US"
            yield "country", f"{country!r} is not a country code; {hint}"

    def read(self, keys: str, caller: Caller) -> Read:
        country = self.options.country or caller.country
        number = f"+{keys}" if not country else keys
        found = phone_number(number, country) if keys.isdigit() else None
        if found is None or not found.possible or not found.known or found.premium:
            return Read()
        return Read(e164(number, country))

    def expected(self, caller: Caller) -> str:
        return caller.words.phone

    def said(self, value: str, caller: Caller) -> str:
        return " ".join(national(value))

    def sample(self, caller: Caller) -> str:
        return "+10000000000"

    def keyed(self, caller: Caller) -> str:
        return example_number(self.options.country or caller.country)
