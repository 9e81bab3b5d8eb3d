"""Brings the schema of a database up to date when it is opened, by numbered migrations that run once."""

from __future__ import annotations

import logging
import re
from pathlib import Path

import sqlalchemy as sa

from flows.source.finding import Finding, IvrError
from webhooks.store.connection import untouched
from webhooks.store.floor_tables import FLOOR
from webhooks.store.line_tables import LINE
from webhooks.store.tables import AUDIT, ERASED_CALLERS, ERASED_CALLS, METADATA, SECRETS

__all__ = ["HEAD", "ForeignDatabaseError", "SchemaTooNewError", "bring_up_to_date"]

HEAD = "0007"
"""The last migration; a test compares it with the files in ``webhooks/store/migrations/versions``."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_REVISION = re.compile("[0-9]{4}")
"""How migrations are numbered, from 0001 on."""
_VERSIONS = "alembic_version"
_LATER = (AUDIT, ERASED_CALLERS, ERASED_CALLS, SECRETS, *FLOOR, *LINE)
"""Tables added after databases had a version."""
_LATER_COLUMNS = frozenset({"caller", "caller_shown", "key_presses", "kept_us"})
_LOCK = 0x6976_7200
"""Number of the advisory lock: 'ivr'."""
_PATIENCE_MS = 3_000


class SchemaTooNewError(IvrError):
    """The database has the schema of a later version of this program."""

    def __init__(self, found: str) -> None:
        message = f"the database has schema {found}; this version knows schemas up to {HEAD}"
        hint = "start the version that wrote it (or a later one), or use another database"
        super().__init__(Finding(code="W004", severity="error", message=message, hint=hint))


class ForeignDatabaseError(IvrError):
    """The database belongs to another program, whose tables have the same names as ours."""

    def __init__(self, evidence: str) -> None:
        message = f"the database belongs to another program: {evidence}"
        hint = "use a database of its own for the records; nothing was changed in this one"
        super().__init__(Finding(code="W003", severity="error", message=message, hint=hint))


def bring_up_to_date(engine: sa.Engine) -> None:
    """Create the tables, or upgrade those of an earlier version; does nothing when they are up to date.

    Raises
    ------
    SchemaTooNewError
        When the database is ahead.
    ForeignDatabaseError
        When it belongs to another program.
    """
    sqlite = engine.dialect.name == "sqlite"
    with untouched(engine.url) if sqlite else engine.connect() as connection:
        found = _version(connection)
        if found == HEAD:
            return
        if sqlite and found is None:  # PostgreSQL is checked under the lock: another worker may be making the tables
            _refuse_foreign(connection)
    with engine.connect() as connection:
        _lock(connection)
        found = _version(connection)  # another worker may have got there first
        if found is None:
            _refuse_foreign(connection)
        if found != HEAD:
            _upgrade(connection)
        connection.commit()


def _version(connection: sa.Connection) -> str | None:
    """The version of our tables; None when they have none. Raises for one that is not ours, or too new."""
    tables = sa.inspect(connection)
    if not tables.has_table(_VERSIONS):
        return None
    if "version_num" not in _columns(tables, _VERSIONS):
        raise ForeignDatabaseError(f"its table {_VERSIONS!r} has no column 'version_num'")
    found = connection.execute(sa.text(f"SELECT version_num FROM {_VERSIONS}")).scalar()
    if found is None:
        return None
    found = str(found)
    if not _REVISION.fullmatch(found) or found == "0000":
        raise ForeignDatabaseError(f"its tables have version {found!r}")
    if found > HEAD:
        raise SchemaTooNewError(found)
    return found


def _refuse_foreign(connection: sa.Connection) -> None:
    """Raise when tables without a version do not have our columns: otherwise rows would go into another program's
    tables.
    """
    tables = sa.inspect(connection)
    for table in METADATA.sorted_tables:
        if not tables.has_table(table.name):
            continue
        if table in _LATER:
            raise ForeignDatabaseError(f"it has a table {table.name!r}, but no version number")
        if missing := set(table.columns.keys()) - _LATER_COLUMNS - _columns(tables, table.name):
            raise ForeignDatabaseError(f"its table {table.name!r} has no column {min(missing)!r}")


def _columns(tables: sa.Inspector, name: str) -> set[str]:
    return {column["name"] for column in tables.get_columns(name)}


def _lock(connection: sa.Connection) -> None:
    """Let one worker at a time continue, until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SET LOCAL statement_timeout = {_PATIENCE_MS}"))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver would begin only after the tables are made
    connection.exec_driver_sql("PRAGMA busy_timeout = 1000")


def _upgrade(connection: sa.Connection) -> None:
    # Set before alembic is imported: its steps do not interest the operator who starts a service.
    logging.getLogger("alembic").setLevel(logging.WARNING)

    from alembic import command  # takes a fifth of a second, needed once in the life of a schema
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
