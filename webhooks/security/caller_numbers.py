"""Whose call it was, without keeping the number: by a keyed hash, which finds the calls of a number that somebody
states.
"""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from functools import cached_property

from flows.values.caller_numbers import plain_number

__all__ = ["KEEPING", "CallerNumbers", "mask", "with_country"]

KEEPING = ("hashed", "masked", "none")
"""What may be kept of a number: its keyed hash; the hash and the last three digits; nothing."""
_WITH_COUNTRY = re.compile(r"\+[0-9]{7,15}")
_PURPOSE = b"ivr caller 1 "
_SHOWN = 3


def with_country(text: str) -> str:
    """The number that somebody states, as the carrier writes it; nothing where it is none with + and country code.

    Hashes cannot be searched for what is like them: a number written otherwise would be looked for and not be found.

    Examples
    --------
    >>> with_country("+1 (415) 555-0123"), with_country("(415) 555-0123"), with_country("banana")
    ('+14155550123', '', '')
    """
    number = plain_number(text)
    return number if _WITH_COUNTRY.fullmatch(number) else ""


def mask(number: str) -> str:
    """All but the last three digits hidden; nothing of what is no telephone number.

    Examples
    --------
    >>> mask("+14155550123"), mask("client:bob"), mask("+4112")
    ('•••••••••123', '', '')
    """
    return "•" * (len(number) - _SHOWN) + number[-_SHOWN:] if re.fullmatch(r"\+?[0-9]{7,31}", number) else ""


@dataclass(frozen=True)
class CallerNumbers:
    """What is kept of callers' numbers.

    Parameters
    ----------
    secrets : tuple of str
        The first hashes, all of them find; a hash without a secret would be undone by trying every number.
    keeping : {"hashed", "masked", "none"}

    Examples
    --------
    >>> numbers = CallerNumbers(("a secret of sixteen characters or more",), "masked")
    >>> caller, shown = numbers.kept("+14155550123")
    >>> (caller,) == numbers.found("+1 415 555 0123"), len(caller), shown
    (True, 32, '•••••••••123')
    """

    secrets: tuple[str, ...] = field(repr=False)
    keeping: str = "hashed"

    def kept(self, number: str) -> tuple[str, str]:
        """The hash of a number, and how it is shown; empty where that is not kept."""
        if self.keeping == "none" or not number:
            return "", ""
        return _hash(self._keyed[0], plain_number(number)), mask(number) if self.keeping == "masked" else ""

    def found(self, number: str) -> tuple[str, ...]:
        """Under which hashes the calls of a number may stand."""
        return tuple(_hash(keyed, plain_number(number)) for keyed in self._keyed)

    @cached_property
    def _keyed(self) -> tuple[hmac.HMAC, ...]:
        return tuple(hmac.new(secret.encode(), _PURPOSE, "sha256") for secret in self.secrets)


def _hash(keyed: hmac.HMAC, number: str) -> str:
    whole = keyed.copy()
    whole.update(number.encode())
    return whole.hexdigest()[:32]
