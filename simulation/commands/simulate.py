"""``ivr simulate``: simulate a scenario."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from flows.completion import any_file, scenario_names
from flows.display.console import guarded
from flows.display.options import Checked
from flows.display.progress import progress_bar
from flows.display.terminal import note, say, table_columns
from simulation.commands._flow_errors import read_scenario
from simulation.commands._options import (
    assumptions_option,
    engine_option,
    exit_code,
    painter,
    precision_of,
    scenario_options,
    seconds_of_option,
    tables_option,
    time_budget_option,
    workers_option,
)

if TYPE_CHECKING:
    from simulation.report.table_files import TableFormat

__all__ = ["simulate"]


def _precision(text: str) -> None:
    from simulation.experiment.run import require_measure

    if wanted := precision_of(text):
        require_measure(wanted.measure)


@click.command()
@click.argument("scenario_file", metavar="SCENARIO", shell_complete=scenario_names)
@engine_option
@scenario_options
@click.option(
    "--precision",
    type=Checked(_precision),
    metavar="MEASURE=HALF_WIDTH",
    help="Run until a measure is known this precisely, e.g. service_level=0.5%.",
)
@time_budget_option
@workers_option
@click.option(
    "--calls",
    "calls_file",
    metavar="FILE",
    shell_complete=any_file,
    help="Write every call, with its waits and talk, to a .csv or .parquet file.",
)
@click.option(
    "--records",
    "records_folder",
    metavar="FOLDER",
    shell_complete=any_file,
    help="Write the records of every call, for ivr report.",
)
@tables_option
@click.option(
    "--report", "report_file", metavar="FILE.html", shell_complete=any_file, help="Write a report that opens offline."
)
@click.option("--full", is_flag=True, help="Print every interval, also for a horizon of several days.")
@assumptions_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def simulate(
    scenario_file: str,
    engine: str,
    replications: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    precision: str | None,
    time_budget: str | None,
    workers: int | None,
    calls_file: str | None,
    records_folder: str | None,
    tables_at: str | None,
    tables_format: TableFormat,
    report_file: str | None,
    full: bool,
    all_assumptions: bool,
    as_json: bool,
) -> int:
    """Simulate SCENARIO: a day of callers, menus, queues and agents.

    SCENARIO is a file, or the name of a shipped scenario such as northwind.

    \b
    Example: ivr simulate northwind --set routing=single_queue --report day.html
    """
    from simulation.commands._output_files import (
        check_folder,
        check_libraries,
        check_tables,
        check_target,
        write_text,
        written,
    )
    from simulation.experiment.run import simulate as run

    check_target(calls_file, "--calls", (".csv", ".parquet"))
    check_target(report_file, "--report", (".html", ".htm"))
    check_folder(records_folder, "--records")
    check_tables(tables_at)
    check_libraries(calls_file, records_folder, tables_at, tables_format)
    loaded = read_scenario(scenario_file, settings=settings)
    with progress_bar("simulating") as bar:
        result = run(
            loaded,
            replications=replications,
            seed=seed,
            engine=engine,
            keep_calls=bool(calls_file or records_folder or tables_at),
            workers=workers,
            precision=precision_of(precision),
            time_budget_s=seconds_of_option(time_budget, "--time-budget"),
            progress=bar.progress,
            on_compile=bar.on_compile,
        )
    records = result.records
    if calls_file and records is not None:
        from ivr.records.files import write_calls

        written(calls_file, lambda: write_calls(records, calls_file))
    if records_folder and records is not None:
        from ivr.records.files import write

        written(records_folder, lambda: write(records, records_folder))
    if tables_at:
        from simulation.report.table_files import write_tables

        written(tables_at, lambda: write_tables(result.tables(), tables_at, tables_format))
    if report_file:
        from simulation.report.of_result import report_page

        write_text(report_file, lambda: report_page(result))
    if as_json:
        click.echo(json.dumps(result.as_dict(), indent=2, ensure_ascii=False))
    else:
        from simulation.report.results_text import result_text

        paint, width = painter(sys.stdout), table_columns()
        say(result_text(result, full=full, all_assumptions=all_assumptions, paint=paint, width=width))
    for file in (calls_file, records_folder, tables_at, report_file):
        if file:
            note(f"wrote {file}")
    return exit_code(result.stopped, len(result.parts), measure=result.precision.measure if result.precision else "")
