"""Records as commands name them: a database of live calls or a folder; and the zone in which they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from ivr.records.tables import Records

__all__ = ["records_at", "zone_option"]


def zone_option(name: str | None) -> str | None:
    """Return the zone of ``--zone``, or None.

    Raises
    ------
    UsageError
        X005, if there is no such zone.
    """
    from flows.source.finding import usage_error
    from simulation.scenario.field_types import zone_named

    try:
        return zone_named(name) if name else None
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        raise usage_error("X005", f"--zone: {message}", hint) from None


def records_at(at: str) -> tuple[Records, str]:
    """The records and their name; a database is read by a hook that the command line provides."""
    from pathlib import Path

    from flows.source.finding import Finding, IvrError

    if "://" in at or Path(at).is_file():
        return click.get_current_context().find_root().obj.live_records(at), (
            "Live calls" if "://" in at else Path(at).name
        )
    if not Path(at).is_dir():
        raise IvrError(
            Finding(
                code="Y002",
                severity="error",
                message=f"there is no folder and no database {at!r}",
                file=at,
                hint="name the database of a service, or a folder that ivr data export wrote",
            )
        )
    if not (Path(at) / "records.json").is_file():
        raise IvrError(
            Finding(
                code="Y002",
                severity="error",
                message=f"there are no records in the folder {at!r}",
                file=at,
                hint="name the database (calls.sqlite) or an exported folder",
            )
        )
    from ivr.records.files import read

    return read(at), Path(at).resolve().name
