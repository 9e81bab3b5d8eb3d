"""``ivr callers``: the keys that a scenario's callers press, for driving a real line."""

from __future__ import annotations

import click

from flows.completion import scenario_names
from flows.display.console import guarded
from simulation.commands._flow_errors import read_scenario

__all__ = ["callers"]


@click.command()
@click.argument("scenario_file", metavar="SCENARIO", shell_complete=scenario_names)
@click.option(
    "--count", default=100, show_default=True, type=click.IntRange(1, 1_000_000), metavar="N", help="How many callers."
)
@click.option("--seed", type=click.IntRange(0), metavar="S", help="Default: as the scenario says.")
@guarded
def callers(scenario_file: str, count: int, seed: int | None) -> int:
    """Print what SCENARIO's callers press, one line for each, as `ivr call --keys` takes it.

    \b
    Example: ivr callers northwind --count 500 > callers.txt
    """
    from simulation.workload.build_call_table import prepare
    from simulation.workload.key_scripts import key_scripts

    loaded = read_scenario(scenario_file)
    for plan in key_scripts(prepare(loaded), count, seed=loaded.scenario.seed if seed is None else seed):
        click.echo(plan)
    return 0
