"""Why a database cannot be used now, in words that an operator can act on and that reveal no secret."""

from __future__ import annotations

import re

from flows.source.finding import IvrError

__all__ = ["failure_reason"]

_KNOWN = (
    (
        r'role "(?P<name>[^"]{1,63})" does not exist',
        "PostgreSQL has no role {name!r}; create it, or name another user in IVR_DATABASE_URL",
    ),
    (
        r'(?:password|peer|ident|trust) authentication failed for user "(?P<name>[^"]{1,63})"',
        "PostgreSQL does not let {name!r} in; check the password in IVR_DATABASE_URL",
    ),
    (
        r'database "(?P<name>[^"]{1,63})" does not exist',
        "PostgreSQL has no database {name!r}; create it, or name another in IVR_DATABASE_URL",
    ),
    (r"no pg_hba\.conf entry", "PostgreSQL does not take connections from this machine (pg_hba.conf)"),
    (r"permission denied for (?P<name>\w{1,20})", "PostgreSQL denies this role the {name}; grant it the right to"),
    (r"no schema has been selected", "this PostgreSQL role may not use any schema; grant it USAGE and CREATE on one"),
    (r"must be owner of", "PostgreSQL lets only the owner of the tables change them; connect as that role"),
    (r"Connection refused", "no server answers at the address of the database"),
    (r"failed to resolve host|could not translate host name", "the host name of the database cannot be resolved"),
    (r"timeout expired|connection timeout", "the database does not answer in time"),
    (r"database is locked", "SQLite: another process has locked the file"),
    (r"disk is full|No space left", "the disk is full"),
    (r"readonly database", "SQLite: the file is read-only"),
)
"""Messages of PostgreSQL, its driver and SQLite, and what they mean. Others may repeat an address and are not shown."""


def failure_reason(error: Exception) -> str:
    """The reason for a failure if it is known, else the class of the error.

    Examples
    --------
    >>> failure_reason(OSError('connection failed: FATAL:  role "ivr" does not exist'))
    "PostgreSQL has no role 'ivr'; create it, or name another user in IVR_DATABASE_URL"
    >>> failure_reason(ValueError("postgresql://ivr:secret@db.internal"))
    'ValueError'
    """
    if isinstance(error, IvrError):
        return str(error)
    said = str(getattr(error, "orig", None) or error)
    for pattern, meaning in _KNOWN:
        if found := re.search(pattern, said):
            return meaning.format(**found.groupdict())
    return type(error).__name__
