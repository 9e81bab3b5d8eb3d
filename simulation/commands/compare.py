"""``ivr compare``: compare scenarios on the same callers."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from flows.completion import any_file, scenario_names
from flows.display.console import guarded
from flows.display.progress import progress_bar
from flows.display.terminal import note, say, table_columns
from simulation.commands._flow_errors import tell_of_errors
from simulation.commands._options import (
    REPLICATIONS,
    SEED,
    assumptions_option,
    engine_option,
    exit_code,
    painter,
    seconds_of_option,
    time_budget_option,
    workers_option,
)

if TYPE_CHECKING:
    from simulation.experiment.compare import ComparisonResult
    from simulation.flow_comparison.result import FlowComparison
    from simulation.scenario.loaded import LoadedScenario

__all__ = ["compare"]


@click.command()
@click.argument("scenario_files", metavar="SCENARIO...", nargs=-1, required=True, shell_complete=scenario_names)
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="[NAME:] PATH=VALUE[; ...]",
    help="With one scenario: a variant of it, named if you like; repeatable. With several: applies to all.",
)
@click.option(
    "--flow",
    "flow_files",
    multiple=True,
    metavar="FLOW.yaml",
    shell_complete=any_file,
    help="With one scenario: the same callers and agents with the menus of another flow; repeatable.",
)
@engine_option
@click.option("--replications", type=REPLICATIONS, metavar="N", help="Default: as the first scenario says.")
@click.option("--seed", type=SEED, metavar="S", help="Default: as the first scenario says.")
@time_budget_option
@workers_option
@click.option(
    "--report", "report_file", metavar="FILE.html", shell_complete=any_file, help="Write a report that opens offline."
)
@assumptions_option
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def compare(
    scenario_files: tuple[str, ...],
    settings: tuple[str, ...],
    flow_files: tuple[str, ...],
    engine: str,
    replications: int | None,
    seed: int | None,
    time_budget: str | None,
    workers: int | None,
    report_file: str | None,
    all_assumptions: bool,
    as_json: bool,
) -> int:
    """Compare scenarios on the same callers; the first is the baseline. Or a scenario with a folder of records.

    Scenarios with other menus than the first are also compared menu against menu: agents and money saved, callers'
    seconds, containment, and the causes of each difference.

    \b
    Examples:
      ivr compare monday.yaml tuesday.yaml
      ivr compare northwind --set "pooled: routing=single_queue"
      ivr compare monday.yaml --flow shorter.yaml --report menus.html
      ivr compare bank/bank.scenario.yaml bank/records
    """
    from simulation.commands._compare_records import compare_records, records_among
    from simulation.commands._output_files import check_target, write_text
    from simulation.experiment.compare import compare as run

    check_target(report_file, "--report", (".html", ".htm"))
    if records_among(scenario_files):
        return compare_records(
            scenario_files,
            settings,
            engine=engine,
            replications=replications,
            seed=seed,
            report_file=report_file,
            as_json=as_json,
        )
    scenarios = [*_variants(scenario_files, settings), *_with_flows(scenario_files, settings, flow_files)]
    tell_of_errors(loaded for _, loaded in scenarios)
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
    menus = _menus(found, workers)
    if report_file:
        from simulation.report.of_result import comparison_page

        write_text(report_file, lambda: comparison_page(found, menus))
    if as_json:
        told = {"menus": {one.new: one.as_dict() for one in menus}} if menus else {}
        click.echo(json.dumps(found.as_dict() | told, indent=2, ensure_ascii=False))
    else:
        from simulation.report.comparison_text import comparison_text

        say(
            comparison_text(
                found,
                flows=menus,
                all_assumptions=all_assumptions,
                paint=painter(sys.stdout),
                width=table_columns(),
            )
        )
    if report_file:
        note(f"wrote {report_file}")
    first = found.results[found.baseline]
    return exit_code(first.stopped, len(first.parts))


def _menus(found: ComparisonResult, workers: int | None) -> list[FlowComparison]:
    """The scenarios that have other menus than the first, compared with it menu against menu."""
    from simulation.flow_comparison.compare_flows import menus_of

    with progress_bar("comparing menus") as bar:
        return list(menus_of(found, workers=workers, progress=bar.progress).values())


def _with_flows(
    files: tuple[str, ...], settings: tuple[str, ...], flows: tuple[str, ...]
) -> list[tuple[str, LoadedScenario]]:
    """The first scenario with the menus of other flows."""
    from pathlib import Path

    from flows.source.finding import usage_error
    from simulation.loading.load import load_scenario

    if flows and len(files) > 1:
        raise usage_error(
            "X005",
            f"--flow goes with one scenario; there are {len(files)}",
            "name one scenario, or name the flow in each",
        )
    if flows and settings:
        raise usage_error(
            "X005",
            "--flow and --set make scenarios of their own; here are both",
            f"write --set 'new: flow={flows[0]}; ...'",
        )
    for flow in flows:
        if not Path(flow).is_file():
            raise usage_error("X008", f"--flow: there is no file {flow!r}", "name a flow file")
    whole = [str(Path(flow).resolve()) for flow in flows]
    return [
        (
            Path(flow).name.removesuffix(".yaml").removesuffix(".flow"),
            load_scenario(files[0], settings=[f"flow={flow}"]),
        )
        for flow in whole
    ]


def _variants(files: tuple[str, ...], settings: tuple[str, ...]) -> list[tuple[str, LoadedScenario]]:
    """Scenarios by name: one with its variants, or several with the same settings."""
    import re
    from pathlib import Path

    from simulation.loading.load import load_scenario

    read = []
    for text in settings:
        named = re.match(r"\s*([^=:;]+?)\s*:\s+", text)
        changes = text[named.end() :] if named else text
        name = named[1] if named else text.strip()
        read.append((name, [part.strip() for part in changes.split(";") if part.strip()]))
    names = [Path(file).name.removesuffix(".yaml").removesuffix(".scenario") for file in files]
    if len(files) == 1:
        plain = [(names[0], load_scenario(files[0]))]
        return plain + [(name, load_scenario(files[0], settings=changes)) for name, changes in read]
    common = [change for _, changes in read for change in changes]
    names = names if len(set(names)) == len(names) else list(files)
    return [(name, load_scenario(file, settings=common)) for name, file in zip(names, files, strict=True)]
