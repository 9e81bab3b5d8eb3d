"""Command of whoever reads what happened: ``ivr report``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from flows.diagnostics import guarded

if TYPE_CHECKING:
    from ivr.measures import Sums
    from ivr.records import Records
    from simulation.report_data import ReportData

__all__ = ["report"]

_US = 1_000_000


@click.command()
@click.argument("records_at", metavar="RECORDS")
@click.option("--report", "report_file", metavar="FILE.html", help="Write a report that opens offline.")
@click.option("--within", "within_s", type=click.FloatRange(0, 86_400), default=20.0, show_default=True, metavar="SECONDS",
              help="Threshold of the service level.")  # fmt: skip
@click.option("--target", type=click.FloatRange(0, 1), metavar="SHARE", help="The service level that is wanted, e.g. 0.8.")
@click.option("--interval", "interval_s", type=click.FloatRange(60, 86_400), default=1_800.0, show_default=True, metavar="SECONDS",
              help="Of the measures over the day.")  # fmt: skip
@click.option("--title", metavar="TEXT", help="Of the report; default: the name of RECORDS.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def report(
    records_at: str, report_file: str | None, within_s: float, target: float | None, interval_s: float, title: str | None, as_json: bool,
) -> int:  # fmt: skip
    """Measure calls, live or simulated, from their records.

    RECORDS is the database of a service (a SQLite file or a postgresql:// address), or a folder written by
    ivr data export or ivr simulate --records. Calls in progress are left out.

    \b
    Examples:
      ivr report calls.sqlite --report monday.html
      ivr report monday --within 30 --target 0.9 --json
    """
    from ivr.measures import sums
    from simulation.report import render, report_data
    from simulation.written_files import check_target, write_text

    check_target(report_file, "--report", (".html", ".htm"))
    records, name = _records(records_at)
    part = sums(records, threshold_us=round(within_s * _US), interval_us=round(interval_s * _US) if records.horizon_us else None)
    source = _source(records)
    runs = part.column("replications")
    calls = part.column("arrived")
    subtitle = f"{calls:,} call{'' if calls == 1 else 's'}" + (f" in {runs} replications" if runs > 1 else "")
    shown = report_data([part], title=title or name, subtitle=subtitle, source=source, target_share=target)
    if report_file:
        write_text(report_file, lambda: render(shown))
    click.echo(json.dumps(_as_dict(shown, part, name), indent=2, ensure_ascii=False) if as_json else _text(shown))
    if report_file:
        click.echo(f"wrote {report_file}", err=True)
    return 0


def _records(at: str) -> tuple[Records, str]:
    """The records, and what to call them; a database is read by the layer that writes it, lent by the command line."""
    from pathlib import Path

    from flows.errors import Finding, IvrError

    if "://" in at or Path(at).is_file():
        return click.get_current_context().find_root().obj.live_records(at), "Live calls" if "://" in at else Path(at).name
    if not Path(at).is_dir():
        raise IvrError(Finding(code="Y002", severity="error", message=f"there is no folder and no database {at!r}", file=at,
                               hint="name the database of a service, or a folder that ivr data export wrote"))  # fmt: skip
    if not (Path(at) / "records.json").is_file():
        raise IvrError(Finding(code="Y002", severity="error", message=f"there are no records in the folder {at!r}", file=at,
                               hint="name the database (calls.sqlite) or an exported folder"))  # fmt: skip
    from ivr.records import read

    return read(at), Path(at).resolve().name


def _source(records: Records) -> str:
    from ivr.record_schema import SOURCES

    codes = records.calls["source"]
    return SOURCES[int(codes[0])] if len(codes) else "live"


def _as_dict(shown: ReportData, part: Sums, name: str) -> dict[str, object]:
    def plain(values: object) -> dict[str, object]:
        return {key: value.mean for key, value in values.items()}  # type: ignore[attr-defined]

    return {
        "records": name, "source": shown.source, "calls": part.column("arrived"), "threshold_s": shown.threshold_s,
        "target": shown.target_share, "measures": plain(shown.overall),
        "by_queue": {queue: plain(values) for queue, values in shown.by_queue.items()},
        "by_interval": [{"start_s": i * shown.interval_s, "measures": plain(values)} for i, values in enumerate(shown.by_interval)],
        "outcomes": {outcome: count for outcome, count in shown.outcomes.items() if count},
    }  # fmt: skip


def _text(shown: ReportData) -> str:
    import sys

    from simulation.report_text import report_text
    from simulation.terminal import painter

    return report_text(shown, paint=painter(sys.stdout))
