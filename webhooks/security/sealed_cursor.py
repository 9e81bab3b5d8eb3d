"""The call travels sealed in the URL of its next request: no server keeps it, so any server can continue it.

A cursor is the session as JSON, the digest of its flow, and how many rows the call has left in the records. It is
deflated, encrypted and authenticated with AES-SIV (RFC 5297) and written as base64url. AES-SIV needs no nonce, so the
same state of the same call always gives the same text and a repeated webhook the same bytes. Nothing that the caller
typed can be read in a URL or a log. The CallSid is authenticated too, so a cursor is worthless in another call.
"""

from __future__ import annotations

import base64
import hmac
import re
import zlib
from dataclasses import dataclass, field
from functools import cached_property

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from ivr.interpreter.session import Session

__all__ = ["LONG", "LONGEST", "Cursor", "CursorError", "Seal"]

LONG = 1_900
"""Longest cursor without a warning in the log: with it the URL may pass 2,000 characters, which some proxies refuse."""
LONGEST = 6_000
"""Longest cursor that is sent: gunicorn and nginx take request lines up to 8,190 characters."""

_TEXT = re.compile(rf"[A-Za-z0-9_-]{{24,{LONGEST}}}")
_MAX_JSON = 200_000
_WINDOW = -12
_PURPOSE = b"ivr cursor 1"
_KEPT = b"ivr effect 1"
_HANDLE = b"ivr handle 1"
# Text that every session repeats, as a dictionary for deflate.
_DICTIONARY = (
    b'"attempt":2,"ended":true,"fell_back":true,"history":["main"],"idle":1,"language":"en-US","node":"'
    b'","outcome":"contained","phase":"confirm","reason":"no_input","no_match","seq":,"stack":["'
    b'"],"steps":,"values":{"ani":"+1","dnis":"+1"},"zero_out":true}'
)


class CursorError(ValueError):
    """A cursor is damaged, forged, sealed with an unknown key, or of another call."""


@dataclass(frozen=True)
class Cursor:
    """Where a call is, and on which flow.

    Parameters
    ----------
    session : Session
    digest : str
        The digest of the flow the call began on.
    rows : int
        Rows of the steps table that are complete; the next one stays open while the call waits.
    visits : int
        Queues joined so far.
    put_off : int
        How often in a row an effect found no room, so that the caller heard a pause instead.
    """

    session: Session
    digest: str
    rows: int = 0
    visits: int = 0
    put_off: int = 0


@dataclass(frozen=True)
class Seal:
    """Seals and opens cursors.

    Parameters
    ----------
    secrets : tuple of str
        The first one seals; all of them open, so that a secret can be replaced while calls are in progress.

    Examples
    --------
    >>> seal = Seal(("a secret of sixteen characters or more",))
    >>> text = seal.close(Cursor(Session(node="main"), "0123456789abcdef"), "CA1")
    >>> seal.open(text, "CA1").session.node
    'main'
    >>> seal.open(text, "CA2")
    Traceback (most recent call last):
    webhooks.security.sealed_cursor.CursorError: the cursor is of another call, or was sealed with another key
    """

    secrets: tuple[str, ...] = field(repr=False)

    @cached_property
    def _ciphers(self) -> tuple[AESSIV, ...]:
        return tuple(AESSIV(_key(secret)) for secret in self.secrets)

    @cached_property
    def _naming_key(self) -> bytes:
        return _key(self.secrets[0], _HANDLE)

    def close(self, cursor: Cursor, call_sid: str) -> str:
        """`cursor` as text for a URL, bound to `call_sid`."""
        visits = f"{cursor.visits}+{cursor.put_off}" if cursor.put_off else cursor.visits
        plain = f"{cursor.digest} {cursor.rows} {visits} {cursor.session.to_json()}"
        deflate = zlib.compressobj(9, zlib.DEFLATED, _WINDOW, 5, zlib.Z_DEFAULT_STRATEGY, _DICTIONARY)
        small = deflate.compress(plain.encode("utf-8", "replace")) + deflate.flush()
        sealed = self._ciphers[0].encrypt(small, [_PURPOSE, call_sid.encode()])
        return base64.urlsafe_b64encode(sealed).rstrip(b"=").decode()

    def hide(self, text: str, about: str) -> str:
        """A text encrypted, and bound to what it is about.

        Examples
        --------
        >>> seal = Seal(("a secret of sixteen characters or more",))
        >>> seal.shown(seal.hide("12.50", "CA1 3"), "CA1 3")
        '12.50'
        """
        return base64.urlsafe_b64encode(
            self._ciphers[0].encrypt(text.encode("utf-8", "replace"), [_KEPT, about.encode()])
        ).decode()

    def handle(self, text: str) -> str:
        """A name for a text, always the same, that reveals nothing of it: 22 letters, digits, ``-`` and ``_``.

        Examples
        --------
        >>> seal = Seal(("a secret of sixteen characters or more",))
        >>> len(seal.handle("CA1 pin 4021")), seal.handle("CA1 pin 4021") == seal.handle("CA2 pin 4021")
        (22, False)
        """
        named = hmac.digest(self._naming_key, text.encode("utf-8", "replace"), "sha256")
        return base64.urlsafe_b64encode(named[:16]).rstrip(b"=").decode()

    def shown(self, text: str, about: str) -> str:
        """The text that `hide` encrypted.

        Raises
        ------
        CursorError
            When it is damaged, or about something else.
        """
        for cipher in self._ciphers:
            try:
                return cipher.decrypt(base64.urlsafe_b64decode(text), [_KEPT, about.encode()]).decode()
            except (InvalidTag, ValueError):
                continue
        raise CursorError("a kept value cannot be decrypted any more")

    def open(self, text: str, call_sid: str) -> Cursor:
        """The cursor that `close` sealed.

        Raises
        ------
        CursorError
            When it is damaged, forged, or of another call.
        """
        if not _TEXT.fullmatch(text):
            raise CursorError("the cursor has characters or a length that no cursor has")
        try:
            sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            raise CursorError("the cursor is not base64") from None
        about = [_PURPOSE, call_sid.encode()]
        for cipher in self._ciphers:
            try:
                small = cipher.decrypt(sealed, about)
            except (InvalidTag, ValueError):
                continue
            return _read(small)
        raise CursorError("the cursor is of another call, or was sealed with another key")


def _read(small: bytes) -> Cursor:
    try:
        inflate = zlib.decompressobj(_WINDOW, _DICTIONARY)
        plain = inflate.decompress(small, _MAX_JSON).decode()
        digest, rows, visits, json = plain.split(" ", 3)
        joined, _, put_off = visits.partition("+")
        return Cursor(Session.from_json(json), digest, int(rows), int(joined), int(put_off or 0))
    except (ValueError, zlib.error) as error:
        raise CursorError(f"the cursor was sealed by another version of this program: {error}") from None


def _key(secret: str, purpose: bytes = _PURPOSE) -> bytes:
    return HKDF(algorithm=SHA256(), length=64, salt=None, info=purpose).derive(secret.encode())
