"""Records as commands name them: a database of live calls or a folder; and the zone in which they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from pathlib import Path

    from flows.source.finding import IvrError
    from ivr.records.tables import Records

__all__ = ["records_at", "zone_option"]

_SQLITE = b"SQLite format 3"
"""How such a file begins."""


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

    path = Path(at)
    if "://" in at:
        return click.get_current_context().find_root().obj.live_records(at), "Live calls"
    if path.is_file():
        _look_at(path)
        return click.get_current_context().find_root().obj.live_records(at), path.name
    if not path.is_dir():
        hint = "name the database of a service, or a folder that ivr data export wrote"
        raise _no_records(at, f"there is no folder and no database {at!r}", hint)
    if not (path / "records.json").is_file():
        hint = "name the database (calls.sqlite) or an exported folder"
        raise _no_records(at, f"there are no records in the folder {at!r}", hint)
    from ivr.records.files import read

    return read(at), path.resolve().name


def _look_at(path: Path) -> None:
    """Say what a file is if it is another file of a line, known by what is in it."""
    from flows.kinds import Sample, kind_of

    with path.open("rb") as file:
        if file.read(len(_SQLITE)) == _SQLITE:
            return
    kind = kind_of(Sample(path.name, path.read_text("utf-8", errors="replace")))
    if kind is not None:
        hint = "name the database of a service, or a folder that ivr data export or ivr simulate --records wrote"
        raise _no_records(str(path), f"this is {kind.title}, not records", hint)


def _no_records(at: str, message: str, hint: str) -> IvrError:
    from flows.source.finding import Finding, IvrError

    return IvrError(Finding(code="Y002", severity="error", message=message, file=at, hint=hint))
