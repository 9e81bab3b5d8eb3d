"""``ivr estimators``: how accurate each wait estimator is."""

from __future__ import annotations

import json

import click

from flows.completion import scenario_names
from flows.display.console import guarded
from flows.display.progress import progress_bar
from flows.display.terminal import say, table_columns
from simulation.commands._flow_errors import read_scenario
from simulation.commands._options import engine_option, exit_code, scenario_options, workers_option

__all__ = ["estimators"]


@click.command()
@click.argument("scenario_file", metavar="SCENARIO", shell_complete=scenario_names)
@engine_option
@scenario_options
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
    """Measure how accurate each estimator of the wait is in SCENARIO, to choose what callers are told.

    \b
    Example: ivr estimators northwind
    """
    from simulation.experiment.wait_estimators import measure_estimators

    loaded = read_scenario(scenario_file, settings=settings)
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

        say(estimators_text(result, title=loaded.scenario.name, width=table_columns()))
    return exit_code(result.stopped, result.replications)
