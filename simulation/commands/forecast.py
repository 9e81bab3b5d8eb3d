"""``ivr forecast``: next weeks' calls from history."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from flows.completion import any_file, scenario_names
from flows.display.console import guarded, report
from flows.display.progress import progress_bar
from flows.display.terminal import note, say
from simulation.commands._options import log_interval_option, log_map_option, log_period_options, log_zone_option

if TYPE_CHECKING:
    from simulation.forecasting.by_type import TypeOf
    from simulation.forecasting.forecast import Forecast

__all__ = ["forecast"]


@click.command()
@click.argument("files", metavar="HISTORY...", shell_complete=any_file, nargs=-1, required=True)
@click.option("--weeks", type=click.IntRange(1, 26), default=2, show_default=True, metavar="N", help="How far ahead.")
@click.option(
    "--holidays",
    "calendar",
    metavar="CALENDAR|DATES",
    help="Holidays, which are like no other days: a country or region, dates, or both, e.g. US-NY,2026-12-24.",
)
@click.option(
    "--by",
    "what",
    type=click.Choice(["queue", "intent"]),
    help="Forecast each queue or each intent too; together they are the calls of the whole.",
)
@log_map_option
@log_zone_option
@log_interval_option
@log_period_options
@click.option(
    "--csv", "csv_file", metavar="FILE.csv", shell_complete=any_file, help="Write every interval, as scenarios read it."
)
@click.option(
    "--scenario",
    "scenario_file",
    metavar="SCENARIO",
    shell_complete=scenario_names,
    help="Move this scenario to the days that are forecast; needs --output and --csv.",
)
@click.option("--output", metavar="FILE.yaml", shell_complete=any_file, help="Where the moved scenario is written.")
@click.option(
    "--report", "report_file", metavar="FILE.html", shell_complete=any_file, help="Write a page with pictures."
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def forecast(
    files: tuple[str, ...],
    weeks: int,
    calendar: str | None,
    what: TypeOf | None,
    map_file: str | None,
    zone: str | None,
    interval_s: float,
    since: str | None,
    until: str | None,
    csv_file: str | None,
    scenario_file: str | None,
    output: str | None,
    report_file: str | None,
    as_json: bool,
) -> int:
    """Forecast the calls of the weeks after HISTORY, interval by interval, with 80 and 95 % intervals.

    HISTORY is what ivr calibrate reads: a report by intervals, a log with a row a call, records. The forecast begins a
    day after its end. Several ways are tested on the history itself, last week's same day among them; the best one is
    used.

    \b
    Examples:
      ivr forecast calls.csv --weeks 4 --holidays US-NY --report next.html
      ivr forecast calls.csv --by intent --csv n.csv
    """
    from ivr.missing_library import require
    from simulation.commands._output_files import check_target
    from simulation.forecasting.by_type import forecast_types, histories_of
    from simulation.forecasting.forecast import forecast as run
    from simulation.forecasting.history import history_of
    from simulation.forecasting.holidays import holidays_of
    from simulation.forecasting.unknown import unknown
    from simulation.report.calls_of import log_of
    from simulation.report.period import date_of

    require("statsmodels")
    check_target(csv_file, "--csv", (".csv",))
    check_target(output, "--output", (".yaml", ".yml"))
    check_target(report_file, "--report", (".html", ".htm"))
    _check(csv_file, scenario_file, output)
    holidays = holidays_of(calendar or "")
    from_, to = date_of("--from", since), date_of("--to", until)
    log = log_of(files, map_file, zone)
    report(list(log.findings))
    history = history_of(log, interval_s=interval_s, holidays=holidays, from_=from_, to=to)
    types = histories_of(log, history, what) if what else {}
    with progress_bar("testing") as bar:
        found = run(history, weeks, holidays=holidays, progress=bar.progress)
    if what:
        with progress_bar(f"testing each {what}") as bar:
            found = forecast_types(found, types, what, progress=bar.progress)
    cannot_tell = unknown(found, calendar or "", types)
    wrote = _write(found, cannot_tell, csv_file, scenario_file, output, report_file)
    if as_json:
        from simulation.report.forecast_text import forecast_json

        said = forecast_json(found, cannot_tell, log.findings, wrote)
        click.echo(json.dumps(said, indent=2, ensure_ascii=False))
    else:
        from simulation.report.forecast_text import forecast_text

        say(forecast_text(found, cannot_tell))
    for file in wrote:
        note(f"wrote {file}")
    return 0


def _check(csv_file: str | None, scenario_file: str | None, output: str | None) -> None:
    """Options that need each other."""
    if scenario_file and not (output and csv_file):
        missing = "--output next.scenario.yaml" if not output else "--csv next.csv"
        raise click.UsageError(f"--scenario moves a scenario to the days that are forecast; add {missing}")
    if output and not scenario_file:
        raise click.UsageError(
            "--output is where a moved scenario is written; add --scenario SCENARIO, or leave it out"
        )


def _write(
    found: Forecast,
    cannot_tell: tuple[str, ...],
    csv_file: str | None,
    scenario_file: str | None,
    output: str | None,
    report_file: str | None,
) -> list[str]:
    from pathlib import Path

    from simulation.commands._output_files import write_text

    wrote = []
    moved, own_zone = None, ""
    if scenario_file and output and csv_file:
        from simulation.forecasting.next_scenario import next_scenario
        from simulation.loading.load import load_scenario

        base = load_scenario(scenario_file)
        moved, own_zone = next_scenario(found, base, Path(csv_file), Path(output)), base.scenario.zone or ""
    if csv_file:
        from simulation.forecasting.csv_text import csv_text

        write_text(csv_file, lambda: csv_text(found, own_zone))
        wrote.append(csv_file)
    if moved is not None and output:
        write_text(output, lambda: moved)
        wrote.append(output)
    if report_file:
        from simulation.report.forecast_page import forecast_page

        write_text(report_file, lambda: forecast_page(found, cannot_tell))
        wrote.append(report_file)
    return wrote
