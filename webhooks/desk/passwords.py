"""Passwords are kept as hashes only: argon2id, with the settings that the library recommends."""

from __future__ import annotations

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

__all__ = ["LEAST", "fits", "hashed", "too_weak"]

LEAST = 10
"""Fewest characters of a password (NIST SP 800-63B asks for at least 8)."""
_MOST = 200
_HASHER = PasswordHasher()
_NOBODY = "$argon2id$v=19$m=65536,t=3,p=4$C1ITRaUYj/TdqJBbU8cyRg$+UTEiasIMJn08f5eYTPNSRRUg8db9NedU99+HkDwN7g"
"""Compared with what is tried for an unknown name, which must take as long as for a known one."""


def too_weak(password: str, name: str) -> str:
    """Why a password cannot be taken; empty when it can.

    Parameters
    ----------
    password : str
    name : str
        Whose it is.

    Examples
    --------
    >>> too_weak("secret", "ana"), too_weak("correct horse battery", "ana")
    ('a password has 10 characters or more; this one has 6', '')
    """
    if len(password) < LEAST:
        return f"a password has {LEAST} characters or more; this one has {len(password)}"
    if len(password) > _MOST:
        return f"a password has at most {_MOST} characters; this one has {len(password)}"
    if len(set(password)) < 4 or name.lower() in password.lower():
        return "this password is easily guessed; use several words"
    return ""


def hashed(password: str) -> str:
    """The hash that is kept of a password.

    Examples
    --------
    >>> hashed("correct horse battery").startswith("$argon2id$")
    True
    """
    return _HASHER.hash(password)


def fits(password: str, kept: str | None) -> bool:
    """Whether a password is the one of a hash; takes as long when there is no hash.

    Examples
    --------
    >>> fits("correct horse battery", hashed("correct horse battery")), fits("anything at all", None)
    (True, False)
    """
    if len(password) > _MOST:
        return False
    try:
        return _HASHER.verify(kept or _NOBODY, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False
