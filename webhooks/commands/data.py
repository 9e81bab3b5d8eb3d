"""``ivr data``: count, delete, erase and export the data of live calls."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from flows.display.console import guarded
from flows.display.terminal import note
from flows.source.counted import counted

if TYPE_CHECKING:
    from collections.abc import Mapping
    from contextlib import AbstractContextManager

    from webhooks.store import Store

__all__ = ["data"]

_DATABASE = click.option(
    "--database",
    envvar="IVR_DATABASE_URL",
    default="calls.sqlite",
    show_default=True,
    metavar="DATABASE",
    help="SQLite file or postgresql:// address [env: IVR_DATABASE_URL].",
)
_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.group(no_args_is_help=False)
def data() -> None:
    """Data of live calls: count it, delete what is old, erase a caller, export it.

    Times are in UTC. The settings are those of the service (docs/serving.md), read from the same environment.
    """


@data.command(short_help="Count the rows of every table.")
@_DATABASE
@_JSON
@guarded
def show(database: str, as_json: bool) -> int:
    """Count the rows of every table, and show the date of the oldest.

    \b
    Example: ivr data show --database calls.sqlite
    """
    from webhooks.store.privacy import table_sizes

    with _opened(database) as store:
        found = table_sizes(store)
    if as_json:
        click.echo(
            json.dumps({name: {"rows": h.rows, "oldest_us": h.oldest_us} for name, h in found.items()}, indent=2)
        )
        return 0
    for name, h in found.items():
        click.echo(
            f"{name:<16}{h.rows:>10,}  {'since ' + _day(h.oldest_us) if h.oldest_us is not None else ''}".rstrip()
        )
    return 0


@data.command(short_help="Delete data that is too old.")
@_DATABASE
@click.option(
    "--keep",
    envvar="IVR_KEEP_DAYS",
    default="",
    metavar="KIND=DAYS,...",
    help="Days to keep calls, messages, callbacks, effects, audit; e.g. calls=400,messages=90 [env: IVR_KEEP_DAYS].",
)
@_JSON
@guarded
def purge(database: str, keep: str, as_json: bool) -> int:
    """Delete data that is older than it may be kept, as the service does every hour.

    \b
    Example: ivr data purge --keep calls=400,messages=90
    """
    import time

    from webhooks.settings.retention import keep_days
    from webhooks.store.privacy import purge as delete

    days = keep_days(keep)
    with _opened(database) as store:
        _print_rows("Deleted", delete(store, days, time.time_ns() // 1_000), as_json=as_json)
    return 0


@data.command(short_help="Erase the data of one caller.")
@_DATABASE
@click.option(
    "--caller", required=True, metavar="NUMBER", help="The number with + and country code, e.g. +14155550123."
)
@_JSON
@guarded
def erase(database: str, caller: str, as_json: bool) -> int:
    """Erase the data of one caller, including what the workers of a running service have not written yet.

    Recordings stay with the carrier; their addresses are printed, so that they can be deleted there. The secrets of the
    service are needed.

    \b
    Example: ivr data erase --caller +14155550123
    """
    import os
    import time

    from webhooks.security.caller_numbers import with_country
    from webhooks.settings.environment import numbers_from
    from webhooks.store.privacy import erase as forget

    number = with_country(caller)
    if not number:
        raise click.UsageError(
            f"--caller {caller!r} is not a whole telephone number; write it with + and country code, e.g. +14155550123"
        )
    numbers = numbers_from(os.environ)
    with _opened(database) as store:
        found = forget(store, numbers, number, time.time_ns() // 1_000)
    _print_rows("Erased", found.rows, as_json=as_json, recordings=list(found.recordings))
    if not found.rows:
        click.echo(
            f"no data of {number} was found: check the number, and that the secrets are those of the service"
            " (IVR_CALLER_KEY, IVR_CURSOR_KEY, TWILIO_AUTH_TOKEN)",
            err=True,
        )
    for url in () if as_json else found.recordings:
        click.echo(f"still with the carrier: {url}")
    if numbers.keeping == "none":
        click.echo("callers are not kept (IVR_CALLERS=none), so only promised callbacks can be found", err=True)
    return 0


@data.command(short_help="Export the records of live calls to files.")
@_DATABASE
@click.argument("folder", metavar="FOLDER")
@click.option(
    "--format",
    "form",
    type=click.Choice(["parquet", "csv"]),
    default="parquet",
    show_default=True,
    help="Format of the tables.",
)
@guarded
def export(database: str, folder: str, form: str) -> int:
    """Export the records of all ended calls to FOLDER, in the form of simulated calls.

    \b
    Example: ivr data export monday && ivr report monday
    """
    from flows.source.finding import usage_error
    from ivr.missing_library import require
    from ivr.records.files import write
    from webhooks.store.preflight import live_records

    require("pyarrow" if form == "parquet" else "")
    records = live_records(database)
    try:
        write(records, folder, format=form)
    except OSError as error:
        raise usage_error(
            "X008", f"{folder} cannot be written: {error.strerror or error}", "check the path and its permissions"
        ) from None
    note(f"wrote {counted(len(records.calls['call_id']), 'call')} to {folder}")
    return 0


def _opened(database: str) -> AbstractContextManager[Store]:
    from webhooks.store.preflight import existing_store

    return existing_store(database)


def _print_rows(what: str, rows: Mapping[str, int], *, as_json: bool, **more: object) -> None:
    found = {name: count for name, count in sorted(rows.items()) if count}
    if as_json:
        click.echo(json.dumps({"rows": found, **more}, indent=2))
        return
    for name, count in found.items():
        click.echo(f"{what} {counted(count, 'row')} of {name}.")
    if not found:
        click.echo(f"{what} nothing: no data matched.")


def _day(at_us: int) -> str:
    import datetime as dt

    return f"{dt.datetime.fromtimestamp(at_us / 1e6, dt.UTC):%Y-%m-%d %H:%M}"
