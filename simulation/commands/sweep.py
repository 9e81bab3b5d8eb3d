"""``ivr sweep``: a scenario with many values, cell by cell."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from flows.completion import any_file, scenario_names
from flows.display.console import guarded, report
from flows.display.progress import progress_bar
from flows.display.terminal import note, say, table_columns
from simulation.commands._flow_errors import read_scenario
from simulation.commands._options import WORKERS, engine_option, scenario_options

if TYPE_CHECKING:
    from simulation.sweeping.result import SweepResult

__all__ = ["sweep"]

_ENDINGS = (".csv", ".parquet", ".xlsx")


@click.command()
@click.argument("scenario_file", metavar="SCENARIO", shell_complete=scenario_names)
@click.option(
    "--vary",
    multiple=True,
    required=True,
    metavar="PATH=VALUES",
    help="A place and its values: a..b/5 (five values), 'a..b by STEP', a..b, or a,b,c; repeatable.",
)
@click.option(
    "--samples",
    type=int,
    metavar="N",
    help="Draw N cells as a Latin hypercube. Default: every combination of values.",
)
@engine_option
@scenario_options
@click.option("--workers", type=WORKERS, metavar="N", help="Processes; results are the same for any number.")
@click.option(
    "--scheduler", metavar="ADDRESS", help="Simulate on a Dask cluster, e.g. tcp://10.0.0.1:8786 (extra: dask)."
)
@click.option(
    "--output",
    "output_file",
    metavar="FILE",
    shell_complete=any_file,
    help="Write every cell to a .csv, .parquet or .xlsx file; until then, FILE.journal keeps finished cells.",
)
@click.option("--restart", is_flag=True, help="Discard the finished cells in FILE.journal.")
@click.option(
    "--frontier",
    default="cost,service_level",
    show_default=True,
    metavar="X,Y",
    help="The two figures of the frontier: cost, agent_hours, or any measure.",
)
@click.option(
    "--tornado", default="", metavar="FIGURE", help="The figure whose inputs are compared. Default: Y of the frontier."
)
@click.option(
    "--report", "report_file", metavar="FILE.html", shell_complete=any_file, help="Write a report that opens offline."
)
@click.option("--full", is_flag=True, help="Print every cell.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def sweep(
    scenario_file: str, output_file: str | None, report_file: str | None, full: bool, as_json: bool, **given: Any
) -> int:
    """Simulate SCENARIO with many values of its places, on the same callers.

    SCENARIO is a file, or the name of a shipped scenario such as northwind. Places are those of --set. A sweep that was
    stopped goes on where it was, if it has an --output and the command is the same.

    \b
    Examples:
      ivr sweep northwind --vary staff_factor=0.8..1.2/5 --vary lines=100,150
      ivr sweep northwind --vary staff_factor=0.8..1.2 --output sweep.csv
    """
    from simulation.commands._output_files import check_target, write_text, written
    from simulation.sweeping.frontier import read_axes, read_figure
    from simulation.sweeping.run import sweep as run

    check_target(output_file, "--output", _ENDINGS)
    check_target(report_file, "--report", (".html", ".htm"))
    _check_libraries(output_file)
    axes = read_axes(given["frontier"])
    tornado = read_figure(given["tornado"] or axes.y)
    loaded = read_scenario(scenario_file, settings=given["settings"])
    with progress_bar("cells") as bar:
        found, finished = run(
            loaded,
            given["vary"],
            samples=given["samples"],
            replications=given["replications"],
            seed=given["seed"],
            engine=given["engine"],
            workers=given["workers"],
            scheduler=given["scheduler"],
            journal=f"{output_file}.journal" if output_file else None,
            afresh=given["restart"],
            progress=bar.progress,
            on_compile=bar.on_compile,
            on_death=lambda: note("a process of the sweep died; its cells are simulated again"),
        )
    report(list(found.notes))
    if found.stopped == "interrupted":
        return _stopped(found, output_file)
    if output_file:
        written(output_file, lambda: _write(found, output_file, given["frontier"]))
    if report_file:
        from simulation.report.sweep_page import sweep_page

        write_text(report_file, lambda: sweep_page(found, figures=given["frontier"], tornado=tornado))
    finished()
    if as_json:
        click.echo(json.dumps(found.as_dict(given["frontier"], tornado), indent=2, ensure_ascii=False))
    else:
        from simulation.report.sweep_text import sweep_text

        told = {"figures": given["frontier"], "tornado": tornado, "full": full}
        say(sweep_text(found, **told, width=table_columns()))
    for file in (output_file, report_file):
        if file:
            note(f"wrote {file}")
    return 1 if found.problems else 0


def _check_libraries(output_file: str | None) -> None:
    from simulation.commands._output_files import check_libraries

    ending = (output_file or "").lower().rpartition(".")[2]
    check_libraries(
        calls_file=output_file if ending == "parquet" else None, tables_at=output_file if ending == "xlsx" else None
    )


def _write(found: SweepResult, file: str, figures: str) -> None:
    from pathlib import Path

    from simulation.report.table_files import write_rows, write_tables

    if file.lower().endswith(".xlsx"):
        write_tables(found.tables(figures), file)
    else:
        write_rows("cells", found.rows, Path(file))


def _stopped(found: SweepResult, output_file: str | None) -> int:
    """After Ctrl-C: how many cells there are, and how to go on."""
    done = f"stopped by Ctrl-C after {len(found.sums):,} of {len(found.plan.cells):,} cells"
    go_on = (
        f"they are in {output_file}.journal; the same command goes on from there"
        if output_file
        else "with --output FILE they would be kept, and the same command would go on"
    )
    click.echo(f"{done}; {go_on}", err=True)
    return 130
