"""``ivr simulate``: simulate a scenario."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from flows.completion import any_file, scenario_names
from flows.display.console import guarded
from simulation.commands._options import (
    assumptions_option,
    engine_option,
    exit_code,
    painter,
    precision_of,
    progress_bar,
    scenario_options,
    seconds_of_option,
    time_budget_option,
    workers_option,
)

if TYPE_CHECKING:
    from simulation.experiment.run_result import RunResult

__all__ = ["simulate"]


@click.command()
@click.argument("scenario_file", metavar="SCENARIO", shell_complete=scenario_names)
@engine_option
@scenario_options
@click.option(
    "--precision",
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
    help="Write every call to a .csv, .parquet or .xlsx file.",
)
@click.option(
    "--records",
    "records_folder",
    metavar="FOLDER",
    shell_complete=any_file,
    help="Write the records of every call, for ivr report.",
)
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
    from ivr.records.files import FORMATS, require_library
    from simulation.commands._output_files import check_folder, check_target, write_text, written
    from simulation.experiment.run import simulate as run
    from simulation.loading.load import load_scenario

    check_target(calls_file, "--calls", FORMATS)
    check_target(report_file, "--report", (".html", ".htm"))
    check_folder(records_folder, "--records")
    for wanted in (calls_file, records_folder and f"{records_folder}/calls.parquet"):
        require_library(wanted or "")
    loaded = load_scenario(scenario_file, settings=settings)
    with progress_bar("simulating") as bar:
        result = run(
            loaded,
            replications=replications,
            seed=seed,
            engine=engine,
            keep_calls=bool(calls_file or records_folder),
            workers=workers,
            precision=precision_of(precision),
            time_budget_s=seconds_of_option(time_budget, "--time-budget"),
            progress=bar.progress,
            on_compile=bar.on_compile,
        )
    records = result.records
    if calls_file and records is not None:
        from ivr.records.files import write_table

        written(calls_file, lambda: write_table(records, "calls", calls_file))
    if records_folder and records is not None:
        from ivr.records.files import write

        written(records_folder, lambda: write(records, records_folder))
    if report_file:
        write_text(report_file, lambda: _report(result))
    if as_json:
        click.echo(json.dumps(result.as_dict(), indent=2, ensure_ascii=False))
    else:
        from simulation.report.results_text import result_text

        click.echo(result_text(result, full=full, all_assumptions=all_assumptions, paint=painter(sys.stdout)))
    for file in (calls_file, records_folder, report_file):
        if file:
            click.echo(f"wrote {file}", err=True)
    return exit_code(result.stopped, len(result.parts), measure=result.precision.measure if result.precision else "")


def _report(result: RunResult) -> str:
    from simulation.report.html import render, report_data
    from simulation.report.scenario_in_words import inputs, outcome_of

    scenario = result.loaded.scenario
    known = {name: value.exact for name, value in result.measures.items() if value.exact is not None}
    return render(
        report_data(
            result.parts,
            title=scenario.name,
            subtitle=f"{scenario.start:%A %d %B %Y} · seed {result.seed} · {result.engine} engine",
            labels=scenario.labels,
            target_share=scenario.service_level.target,
            exact=known,
            inputs=inputs(result.loaded) + outcome_of(result),
            assumptions=result.assumptions,
            confidence=scenario.confidence,
            queue_names={name: queue.label for name, queue in result.loaded.flow.queues.items()},
            moments=[scenario.clock.moment(at) for at in scenario.reported.edges_us[:-1].tolist()],
        )
    )
