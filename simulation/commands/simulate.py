"""Commands that simulate: one click command a function, heavy imports inside them."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from flows.display.console import guarded
from simulation.commands.options import (
    assumptions_option,
    engine_option,
    exit_code,
    painter,
    precision_of,
    progress_bar,
    seconds_of_option,
    time_budget_option,
    workers_option,
)

if TYPE_CHECKING:
    from simulation.experiment.compare import ComparisonResult
    from simulation.experiment.run import RunResult
    from simulation.scenario.loaded import LoadedScenario

__all__ = ["compare", "estimators", "schema", "simulate"]

_SET = "Change the scenario, e.g. groups.billing.agents=12; repeatable."


@click.command()
@click.argument("scenario_file", metavar="SCENARIO")
@engine_option
@click.option("--replications", type=int, metavar="N", help="Default: as the scenario says.")
@click.option("--seed", type=int, metavar="S", help="Default: as the scenario says.")
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help=_SET)
@click.option(
    "--precision",
    metavar="MEASURE=HALF_WIDTH",
    help="Go on until a measure is known so precisely, e.g. service_level=0.5%.",
)
@time_budget_option
@workers_option
@click.option("--calls", "calls_file", metavar="FILE", help="Write every call to a .csv or .parquet file.")
@click.option("--records", "records_folder", metavar="FOLDER", help="Write the records of every call, for ivr report.")
@click.option("--report", "report_file", metavar="FILE.html", help="Write a report that opens offline.")
@click.option("--full", is_flag=True, help="Print every interval, also of a horizon of several days.")
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
    from simulation.commands.output_files import check_folder, check_target, write_text, written
    from simulation.experiment.run import simulate as run
    from simulation.loading.load import load_scenario

    check_target(calls_file, "--calls", (".csv", ".parquet"))
    check_target(report_file, "--report", (".html", ".htm"))
    check_folder(records_folder, "--records")
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
    if calls_file:
        from ivr.records.files import write_table

        written(calls_file, lambda: write_table(result.records, "calls", calls_file))
    if records_folder:
        from ivr.records.files import write

        written(records_folder, lambda: write(result.records, records_folder))
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


@click.command()
@click.argument("scenario_files", metavar="SCENARIO...", nargs=-1, required=True)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="[NAME:] PATH=VALUE[; ...]",
    help="With one scenario: a variant of it, with a name if you like; repeatable. With several: applies to all.",
)
@engine_option
@click.option("--replications", type=int, metavar="N", help="Default: as the first scenario says.")
@click.option("--seed", type=int, metavar="S", help="Default: as the first scenario says.")
@time_budget_option
@workers_option
@click.option("--report", "report_file", metavar="FILE.html", help="Write a report that opens offline.")
@assumptions_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def compare(
    scenario_files: tuple[str, ...],
    settings: tuple[str, ...],
    engine: str,
    replications: int | None,
    seed: int | None,
    time_budget: str | None,
    workers: int | None,
    report_file: str | None,
    all_assumptions: bool,
    as_json: bool,
) -> int:
    """Compare scenarios on the same callers; the first is what the others are compared with.

    \b
    Examples:
      ivr compare monday.yaml tuesday.yaml
      ivr compare northwind --set "lean: staff_factor=0.9" --set "pooled: routing=single_queue"
    """
    from simulation.commands.output_files import check_target, write_text
    from simulation.experiment.compare import compare as run

    check_target(report_file, "--report", (".html", ".htm"))
    scenarios = _variants(scenario_files, settings)
    with progress_bar("comparing") as bar:
        found = run(
            scenarios,
            replications=replications,
            seed=seed,
            engine=engine,
            workers=workers,
            time_budget_s=seconds_of_option(time_budget, "--time-budget"),
            progress=bar.progress,
            on_compile=bar.on_compile,
        )
    if report_file:
        write_text(report_file, lambda: _comparison_report(found))
    if as_json:
        click.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    else:
        from simulation.report.comparison_text import comparison_text

        click.echo(comparison_text(found, all_assumptions=all_assumptions, paint=painter(sys.stdout)))
    if report_file:
        click.echo(f"wrote {report_file}", err=True)
    first = found.results[found.baseline]
    return exit_code(first.stopped, len(first.parts))


@click.command()
@click.argument("scenario_file", metavar="SCENARIO")
@engine_option
@click.option("--replications", type=int, metavar="N", help="Default: as the scenario says.")
@click.option("--seed", type=int, metavar="S", help="Default: as the scenario says.")
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help=_SET)
@workers_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def estimators(
    scenario_file: str,
    engine: str,
    replications: int | None,
    seed: int | None,
    settings: tuple[str, ...],
    workers: int | None,
    as_json: bool,
) -> int:
    """Measure how well each estimator of the wait does in SCENARIO, to choose what callers are told.

    \b
    Example: ivr estimators northwind
    """
    from simulation.experiment.wait_estimators import measure_estimators
    from simulation.loading.load import load_scenario

    loaded = load_scenario(scenario_file, settings=settings)
    with progress_bar("simulating") as bar:
        result = measure_estimators(
            loaded,
            replications=replications,
            seed=seed,
            engine=engine,
            workers=workers,
            progress=bar.progress,
            on_compile=bar.on_compile,
        )
    if as_json:
        click.echo(json.dumps(result.as_dict(), indent=2))
    else:
        from simulation.report.estimators_text import estimators_text

        click.echo(estimators_text(result, title=loaded.scenario.name))
    return exit_code(result.stopped, result.replications)


def _variants(files: tuple[str, ...], settings: tuple[str, ...]) -> list[tuple[str, LoadedScenario]]:
    """Scenarios by name: one with its variants, or several with the same settings."""
    import re
    from pathlib import Path

    from simulation.loading.load import load_scenario

    read = []
    for text in settings:
        name, changes = re.fullmatch(r"(?s)(?:\s*([^=:;]+?)\s*:\s+)?(.*)", text).groups()  # type: ignore[union-attr]
        read.append((name or text.strip(), [part.strip() for part in changes.split(";") if part.strip()]))
    names = [Path(file).name.removesuffix(".yaml").removesuffix(".scenario") for file in files]
    if len(files) == 1:
        plain = [(names[0], load_scenario(files[0]))]
        return plain + [(name, load_scenario(files[0], settings=changes)) for name, changes in read]
    common = [change for _, changes in read for change in changes]
    names = names if len(set(names)) == len(names) else list(files)
    return [(name, load_scenario(file, settings=common)) for name, file in zip(names, files)]


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


def _comparison_report(found: ComparisonResult) -> str:
    from simulation.report.comparison import comparison, render_comparison
    from simulation.report.scenario_in_words import inputs

    first = found.results[found.baseline]
    scenario = first.loaded.scenario
    return render_comparison(
        comparison(
            {name: result.parts for name, result in found.results.items()},
            title=scenario.name,
            subtitle=f"{scenario.start:%A %d %B %Y} · seed {first.seed} · {first.engine} engine",
            target_share=scenario.service_level.target,
            inputs=inputs(first.loaded),
            assumptions=first.assumptions,
            confidence=scenario.confidence,
            same_callers=found.same_callers,
            agent_hours=found.agent_hours,
            changes=found.changes,
        )
    )


@click.command()
@click.option(
    "--for",
    "kind",
    type=click.Choice(["flow", "part", "catalogue", "scenario"]),
    default="flow",
    show_default=True,
    help="Of which files.",
)
@guarded
def schema(kind: str) -> None:
    """Print the JSON Schema of flow files, or of another kind of file, for editors that complete and check while one
    types.

    \b
    Example: ivr schema --for scenario > scenario.schema.json
    """
    from flows.model.flow import Catalogue, Flow, Part
    from flows.source.json_schema import file_schema

    if kind == "scenario":
        from simulation.scenario.json_schema import scenario_schema

        found = scenario_schema()
    else:
        found = file_schema({"flow": Flow, "part": Part, "catalogue": Catalogue}[kind])
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
