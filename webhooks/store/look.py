"""One value out of a SQLite file while a caller waits, without what SQLAlchemy does around a statement: a quarter of
the time.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from functools import cache
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import sqlite

__all__ = ["look_up"]


def look_up(engine: sa.Engine, query: sa.Select[Any], named: Mapping[str, str | int]) -> str:
    """The first column of the first row; empty when there is none, or nothing in it.

    Parameters
    ----------
    engine : sqlalchemy.Engine
        Of SQLite.
    query : sqlalchemy.Select
        One of a few that a module makes once; what is compiled of it is kept.
    named : mapping of str to str or int
        Its parameters.

    Raises
    ------
    sqlalchemy.exc.OperationalError
        When it cannot be read now.
    """
    text, order = _compiled(query)
    try:
        with closing(engine.raw_connection()) as connection:
            found = connection.cursor().execute(text, tuple([named[name] for name in order])).fetchone()
    except engine.dialect.loaded_dbapi.Error as error:
        raise sa.exc.OperationalError(None, None, error) from error
    return (found[0] or "") if found else ""


@cache
def _compiled(query: sa.Select[Any]) -> tuple[str, tuple[str, ...]]:
    compiled = query.compile(dialect=sqlite.dialect(paramstyle="qmark"))
    return str(compiled), tuple(compiled.positiontup or ())
