"""The addresses of the agents' legs, and of callers who are brought to them; the offer travels in them sealed."""

from __future__ import annotations

import re

from webhooks.security.sealed_cursor import CursorError, Seal

__all__ = ["LegAddresses"]

_RETRIES = "rc=5&rp=all"
_PURPOSE = "leg"
_SEALED = re.compile(r"[A-Za-z0-9_-]{10,400}")


class LegAddresses:
    """Makes addresses under the service's public URL, and reads what they carry.

    Parameters
    ----------
    base : str
        The public URL without its last slash; empty for addresses without a host.
    seal : Seal

    Examples
    --------
    >>> addresses = LegAddresses("https://ivr.example.com", Seal(("a secret of sixteen characters or more",)))
    >>> url = addresses.of("/agent", "0123456789abcdef")
    >>> url.partition("?")[0], addresses.offer_in(url.partition("?c=")[2].partition("#")[0])
    ('https://ivr.example.com/agent', '0123456789abcdef')
    """

    def __init__(self, base: str, seal: Seal) -> None:
        self._base, self._seal = base, seal

    def of(self, path: str, offer: str) -> str:
        """The address of a path for an offer, whole; Twilio repeats a request to it that fails."""
        return f"{self._base}{path}?c={self._seal.hide(offer, _PURPOSE).rstrip('=')}#{_RETRIES}"

    def call(self, path: str, cursor: str) -> str:
        """The address of a caller's path, with their sealed conversation."""
        return f"{self._base}{path}?c={cursor}#{_RETRIES}"

    def offer_in(self, sealed: str) -> str:
        """The offer that an address carries.

        Raises
        ------
        CursorError
            When it is damaged or forged.
        """
        if not _SEALED.fullmatch(sealed):
            raise CursorError("the offer in the address has characters or a length that none has")
        return self._seal.shown(sealed + "=" * (-len(sealed) % 4), _PURPOSE)
