"""Whose call it was, without keeping the number: a keyed hash finds the calls of a given number."""

from __future__ import annotations

import hmac
import re
from dataclasses import dataclass, field
from functools import cached_property

from flows.values.caller_numbers import plain_number
from webhooks.security.mask import mask

__all__ = ["KEEPING", "CallerNumbers", "masked_number", "with_country"]

KEEPING = ("hashed", "masked", "none")
"""What may be kept of a number: its keyed hash; the hash and the last three digits; nothing."""
_TELEPHONE = re.compile(r"\+?[0-9]{7,31}")
_WITH_COUNTRY = re.compile(r"\+[0-9]{7,15}")
_PURPOSE = b"ivr caller 1 "
_SHOWN = 3


def with_country(text: str) -> str:
    """A number as the carrier writes it; empty for one without + and country code.

    Only the exact number gives the same hash, so a number written another way would silently not be found.

    Examples
    --------
    >>> with_country("+1 (415) 555-0123"), with_country("(415) 555-0123"), with_country("banana")
    ('+14155550123', '', '')
    """
    number = plain_number(text)
    return number if _WITH_COUNTRY.fullmatch(number) else ""


def masked_number(number: str) -> str:
    """A telephone number with all but its last three digits hidden; empty for anything else.

    Examples
    --------
    >>> masked_number("+14155550123"), masked_number("client:bob"), masked_number("+4112")
    ('•••••••••123', '', '')
    """
    return mask(number, _SHOWN) if _TELEPHONE.fullmatch(number) else ""


@dataclass(frozen=True)
class CallerNumbers:
    """What is kept of callers' numbers.

    Parameters
    ----------
    secrets : tuple of str
        The first one hashes; all of them find. Without a secret, a hash could be undone by trying every number.
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
        """The hash of a number, and its masked form; each empty where it is not kept."""
        if self.keeping == "none" or not number:
            return "", ""
        return _hash(self._keyed[0], plain_number(number)), masked_number(number) if self.keeping == "masked" else ""

    def found(self, number: str) -> tuple[str, ...]:
        """The hashes under which the calls of a number may be recorded."""
        return tuple(_hash(keyed, plain_number(number)) for keyed in self._keyed)

    @cached_property
    def _keyed(self) -> tuple[hmac.HMAC, ...]:
        return tuple(hmac.new(secret.encode(), _PURPOSE, "sha256") for secret in self.secrets)


def _hash(keyed: hmac.HMAC, number: str) -> str:
    whole = keyed.copy()
    whole.update(number.encode())
    return whole.hexdigest()[:32]
