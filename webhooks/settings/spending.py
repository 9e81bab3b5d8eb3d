"""Which numbers the line may spend money on: those of its own country, or of the countries that its owner names.

Callers choose where text messages and call backs go, and who dials in by the thousand from numbers that earn their
owner money on each message lives on lines that send anywhere (twilio.com/docs/glossary/what-is-sms-pumping-fraud).
Numbers with an extra charge are never allowed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from flows.model.flow import Flow
from flows.nodes.dial import Dial as Transfer
from flows.protocol.actions import Book, Effect, Send
from flows.values.numbering_plans import has_numbers, phone_number
from webhooks.settings.problems import problem

__all__ = ["ANY", "AllowedNumbers"]

ANY = ("any",)
"""Countries of a line whose numbers are held to a rule elsewhere, e.g. by the carrier's geographic permissions."""


@dataclass(frozen=True)
class AllowedNumbers:
    """The rule of one service.

    Parameters
    ----------
    countries : tuple of str
        ISO 3166 codes; empty for the country of the number that was called; `ANY` to allow every number.
    sender : str
        The number text messages come from, whose country counts where the number called has none.
    lenient : bool
        In development, where a line may have no number at all: what belongs to no country is then allowed.

    Raises
    ------
    UsageError
        For what is no country code.

    Examples
    --------
    >>> allowed = AllowedNumbers(("US", "CA"))
    >>> allowed.refusal("+14165550100", "+18005550100"), allowed.refusal("+442079460123", "+18005550100")
    ('', 'a number of GB, and only US, CA are allowed (IVR_COUNTRIES)')
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
                raise problem(f"IVR_COUNTRIES: {country!r} is no country", meant)

    def refusal(self, number: str, called: str) -> str:
        """Why nothing may be sent to a number, or promised to it; empty when it may.

        Parameters
        ----------
        number : str
            As the caller has it, or entered it: in E.164 form, or as it is dialled in the country of the line.
        called : str
            The number that was called.
        """
        if self.countries == ANY:
            return ""
        countries = self.countries or self._own(called)
        found = phone_number(number, countries[0] if countries else "")
        if found is None or not found.possible:
            return "" if self.lenient and not countries else "no telephone number"
        if found.premium:
            return "a number with an extra charge"
        if countries or not self.lenient:
            if not countries:
                return "the line has no number that tells its country; name the countries to allow in IVR_COUNTRIES"
            if found.country not in countries:
                return (
                    f"a number of {found.country or 'no country'}, and only {', '.join(countries)} are allowed"
                    " (IVR_COUNTRIES)"
                )
        return ""

    def refuses(self, effect: Effect, called: str) -> str:
        """Why an effect may not be done; empty when it may."""
        match effect:
            case Send():
                return self.refusal(effect.to, called) if effect.to.startswith("+") else ""  # others get none anyway
            case Book():
                return self.refusal(effect.number, called)
            case _:
                return ""

    def dialled_abroad(self, flow: Flow) -> Iterator[str]:
        """What a flow dials outside the countries that were named; without any, its author may dial where they like."""
        for name, node in flow.nodes.items():
            if self.countries and isinstance(node, Transfer) and node.number.startswith("+"):
                if refused := self.refusal(node.number, ""):
                    yield f"node '{name}' dials {node.number}: {refused}"

    def _own(self, called: str) -> tuple[str, ...]:
        for number in (called, self.sender):
            found = phone_number(number)
            if found and found.country:
                return (found.country,)
        return ()
