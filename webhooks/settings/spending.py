"""Which numbers the line may spend money on: those of its own country, or of the countries that its owner names.

Callers choose where text messages and callbacks go. From a line that sends anywhere, fraudsters request thousands of
messages to numbers that earn them money (twilio.com/docs/glossary/what-is-sms-pumping-fraud). Premium-rate numbers are
never allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flows.model.flow import Flow
from flows.nodes.dial import Dial as Transfer
from flows.protocol.actions import Book, Dial, Effect, Send
from flows.values.numbering_plans import e164, has_numbers, phone_number
from webhooks.settings.problems import problem

__all__ = ["ANY", "AllowedNumbers"]

ANY = ("any",)
"""Setting for a line whose numbers are checked elsewhere, e.g. by the carrier's geographic permissions."""


@dataclass(frozen=True)
class AllowedNumbers:
    """The rule of one service.

    Parameters
    ----------
    countries : tuple of str
        ISO 3166 codes; empty for the country of the number that was called; `ANY` to allow every number.
    sender : str
        The number text messages come from; its country counts where the number called has none.
    lenient : bool
        In development, where a line may have no number: a number without a country is then allowed.

    Raises
    ------
    UsageError
        For an unknown country code.

    Examples
    --------
    >>> allowed = AllowedNumbers(("US", "CA"))
    >>> allowed.refusal("+14165550100", "+18005550100"), allowed.refusal("+442079460123", "+18005550100")
    ('', 'a number of GB; IVR_COUNTRIES allows only US, CA')
    """

    countries: tuple[str, ...] = ()
    sender: str = ""
    lenient: bool = False

    def __post_init__(self) -> None:
        for country in () if self.countries == ANY else self.countries:
            if not re.fullmatch(r"[A-Z]{2}", country) or not has_numbers(country):
                meant = (
                    "the United Kingdom is GB"
                    if country.upper() == "UK"
                    else "write two capital letters (ISO 3166), e.g. US,CA; or any"
                )
                raise problem(f"IVR_COUNTRIES: {country!r} is not a country code", meant)

    def refusal(self, number: str, called: str) -> str:
        """Why no message and no callback may go to a number; empty when they may.

        Parameters
        ----------
        number : str
            The caller's number, or one they entered: in E.164 form, or as dialled in the line's country.
        called : str
            The number that was called.
        """
        if self.countries == ANY:
            return ""
        countries = self.countries or self._own(called)
        found = phone_number(number, countries[0] if countries else "")
        if found is None or not found.possible:
            return "" if self.lenient and not countries else "not a telephone number"
        if found.premium:
            return "a premium-rate number"
        if countries or not self.lenient:
            if not countries:
                return "the country of the line is unknown; name the countries to allow in IVR_COUNTRIES"
            if found.country not in countries:
                allowed = ", ".join(countries)
                return f"a number of {found.country or 'no country'}; IVR_COUNTRIES allows only {allowed}"
        return ""

    def in_full(self, number: str, called: str) -> str:
        """A number with its country code, read as `refusal` reads it; empty if it cannot be read.

        Examples
        --------
        >>> AllowedNumbers().in_full("(415) 555-0123", "+14155550100")
        '+14155550123'
        """
        countries = () if self.countries == ANY else self.countries
        country = (*countries, *self._own(called), "")[0]
        return e164(number, country)

    def refuses(self, effect: Effect, called: str) -> str:
        """Why an effect is not allowed; empty when it is."""
        match effect:
            case Send():
                return (
                    self.refusal(effect.to, called) if effect.to.startswith("+") else ""
                )  # others never get a message
            case Book():
                return self.refusal(effect.number, called)
            case _:
                return ""

    def dialled_abroad(self, flow: Flow) -> Iterator[str]:
        """The transfers of a flow to countries that are not allowed; if no countries are named, a flow may dial
        anywhere.
        """
        for name, node in flow.nodes.items():
            for _, number in node.numbers() if self.countries and isinstance(node, Transfer) else ():
                if number.startswith("+") and (refused := self.refusal(number, "")):
                    yield f"node '{name}' dials {number}: {refused}"

    def refuses_dial(self, dial: Dial) -> str:
        """Why one of the parties may not be dialled, by the same rule; empty when all of them may."""
        numbers = [number for number in dial.parties if number.startswith("+")] if self.countries else []
        return next(filter(None, (self.refusal(number, "") for number in numbers)), "")

    def _own(self, called: str) -> tuple[str, ...]:
        for number in (called, self.sender):
            found = phone_number(number)
            if found and found.country:
                return (found.country,)
        return ()
