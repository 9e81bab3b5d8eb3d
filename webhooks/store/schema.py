"""The schema of a database brought up to date when it is opened: by numbered migrations, once, whoever comes first."""

from __future__ import annotations

import logging
from pathlib import Path

import sqlalchemy as sa

from flows.errors import Finding, IvrError

__all__ = ["HEAD", "SchemaTooNew", "bring_up_to_date"]

HEAD = "0003"
"""The last migration; a test compares it with the files in ``webhooks/store/migrations/versions``."""

_MIGRATIONS = Path(__file__).parent / "migrations"
_LOCK = 0x6976_7200
"""Any number that nobody else in the database locks: 'ivr'."""
_PATIENCE_MS = 3_000


class SchemaTooNew(IvrError):
    """The database was brought up to date by a later version of this program, which alone knows what its columns mean."""

    def __init__(self, found: str) -> None:
        message = f"the database has schema {found}; this version knows schemas up to {HEAD}"
        hint = "start the version that wrote it (or a later one), or take another database"
        super().__init__(Finding(code="W004", severity="error", message=message, hint=hint))


def bring_up_to_date(engine: sa.Engine) -> None:
    """Create the tables, or change those of an earlier version; nothing when they are up to date.

    Raises
    ------
    SchemaTooNew
        When the database is ahead.
    """
    if _found(engine) == HEAD:
        return
    with engine.connect() as connection:
        _lock(connection)
        found = _version(connection)  # another worker may have been faster
        if found != HEAD:
            if found and found > HEAD:
                raise SchemaTooNew(found)
            _upgrade(connection)
        connection.commit()


def _found(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        return _version(connection)


def _version(connection: sa.Connection) -> str | None:
    if not sa.inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(sa.text("SELECT version_num FROM alembic_version")).scalar()


def _lock(connection: sa.Connection) -> None:
    """Let one worker at a time pass, until the transaction ends."""
    if connection.dialect.name == "postgresql":
        connection.execute(sa.text(f"SET LOCAL statement_timeout = {_PATIENCE_MS}"))
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        connection.execute(sa.text("SET LOCAL statement_timeout = 0"))
        return
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {_PATIENCE_MS}")
    connection.exec_driver_sql("BEGIN IMMEDIATE")  # the driver would begin after the tables are made, not before
    connection.exec_driver_sql("PRAGMA busy_timeout = 1000")


def _upgrade(connection: sa.Connection) -> None:
    from alembic import command  # a fifth of a second, needed once in the life of a schema
    from alembic.config import Config

    logging.getLogger("alembic").setLevel(logging.WARNING)  # its steps are no news to who starts a service
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
