"""Commands that compute: one click command a function, heavy imports inside them."""

from __future__ import annotations

import dataclasses
import json
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from flows.diagnostics import guarded
from flows.errors import Finding, UsageProblem

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from simulation.compare import ComparisonResult
    from simulation.run import RunResult
    from simulation.scenario_file import LoadedScenario
    from simulation.theory import Answer

__all__ = ["compare", "erlang", "schema", "simulate"]

_OPTIONS = {"arrivals_per_hour": ("--arrivals", 360), "aht_s": ("--aht", 300), "patience_s": ("--patience", 120),
            "agents": ("--agents", 32), "within_s": ("--within", 20)}
_WHAT_CALLERS_DO = {
    "b": "callers who find every agent busy are lost",
    "c": "callers wait in order of arrival and never hang up",
    "a": "callers wait in order of arrival and hang up after a while",
}


@click.command()
@click.option("--for", "kind", type=click.Choice(["flow", "part", "catalogue", "scenario"]), default="flow", show_default=True, help="Of which files.")
@guarded
def schema(kind: str) -> None:
    """Print the JSON Schema of flow files, or of another kind of file, for editors that complete and check while one types.

    \b
    Example: ivr schema --for scenario > scenario.schema.json
    """
    from flows.described import file_schema
    from flows.model import Catalogue, Flow, Part

    if kind == "scenario":
        from simulation.scenario_schema import scenario_schema

        found = scenario_schema()
    else:
        found = file_schema({"flow": Flow, "part": Part, "catalogue": Catalogue}[kind])
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))


@click.command()
@click.argument("model", type=click.Choice(["b", "c", "a"], case_sensitive=False))
@click.option("--arrivals", "arrivals_per_hour", type=float, required=True, metavar="PER_HOUR", help="Callers an hour.")
@click.option("--aht", "aht_s", type=float, required=True, metavar="SECONDS",
              help="Mean handle time: talk and after-call work.")
@click.option("--patience", "patience_s", type=float, metavar="SECONDS", help="Mean patience; for Erlang A.")
@click.option("--agents", type=int, required=True, metavar="N", help="Agents (or lines, for Erlang B).")
@click.option("--within", "within_s", type=float, default=20.0, show_default=True, metavar="SECONDS",
              help="Threshold of the service level.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def erlang(model: str, arrivals_per_hour: float, aht_s: float, patience_s: float | None, agents: int, within_s: float,
           as_json: bool) -> None:
    """Compute Erlang B, C or A: what so many agents mean for so many callers.

    \b
    b  callers who find every agent busy are lost
    c  callers wait and never hang up
    a  callers wait and hang up after a while

    \b
    Example: ivr erlang a --arrivals 360 --aht 300 --patience 120 --agents 32
    """
    model = model.lower()
    try:
        answer = _solve_erlang(model, arrivals_per_hour=arrivals_per_hour, aht_s=aht_s, patience_s=patience_s,
                               agents=agents, within_s=within_s)
    except UsageProblem as error:
        raise UsageProblem([_in_terms_of_options(finding) for finding in error.findings]) from error
    if as_json:
        click.echo(json.dumps(answer.as_dict(), indent=2))
    else:
        from flows.figures import count, duration

        about = [f"{count(arrivals_per_hour)} callers an hour", f"AHT {duration(aht_s)}"]
        about += [f"patience {duration(patience_s)}"] if patience_s is not None else []
        about += [f"{count(agents)} {'agent' if agents == 1 else 'agents'}"]
        about += [f"load {count(arrivals_per_hour * aht_s / 3600)} erlangs"]
        _print_answer(answer, title=f"Erlang {model.upper()}: {_WHAT_CALLERS_DO[model]}", about=" · ".join(about),
                      within=duration(within_s))


def _solve_erlang(model: str, *, arrivals_per_hour: float, aht_s: float, patience_s: float | None, agents: int,
                  within_s: float) -> Answer:
    from simulation.theory import erlang_a, erlang_b, erlang_c

    if model != "a" and patience_s is not None:
        raise UsageProblem(Finding(
            code="Q003", severity="error", node="patience_s",
            message=f"--patience has no meaning in Erlang {model.upper()}: {_WHAT_CALLERS_DO[model]}",
            hint="leave --patience out, or use `ivr erlang a`"))
    if model == "a" and patience_s is None:
        raise UsageProblem(Finding(
            code="Q003", severity="error", node="patience_s",
            message="Erlang A needs --patience SECONDS, how long callers wait on average before they hang up",
            hint="add for example --patience 120, or use `ivr erlang c` for callers who never hang up"))
    common = {"arrivals_per_hour": arrivals_per_hour, "aht_s": aht_s, "agents": agents}
    if model == "b":
        return erlang_b(**common)
    if model == "c":
        return erlang_c(**common, within_s=within_s)
    return erlang_a(**common, patience_s=patience_s, within_s=within_s)


def _print_answer(answer: Answer, *, title: str, about: str, within: str) -> None:
    from rich.console import Console
    from rich.text import Text

    from flows.figures import count, duration, share

    rows = (
        ("blocking", "Blocked", share, "of callers find every agent busy"),
        ("wait_probability", "Wait at all", share, "of callers find every agent busy"),
        ("abandonment", "Abandonment", share, "of callers hang up"),
        ("service_level", "Service level", share, f"handled within {within}, of all who did not hang up by then"),
        ("service_level_of_offered", "  of offered", share, f"handled within {within}, of all callers"),
        ("asa_s", "ASA", duration, "mean wait of handled callers"),
        ("mean_wait_s", "Mean wait", duration, "of all callers"),
        ("queue_length", "Callers waiting", count, "on average"),
        ("occupancy", "Occupancy", share, "of their time agents are busy"),
    )
    known = answer.as_dict()
    if known.get("service_level") == known.get("service_level_of_offered"):  # nobody hangs up: one row says it
        known.pop("service_level_of_offered", None)
    shown = [(label, written(known[name]), meaning) for name, label, written, meaning in rows if name in known]
    wide = [max(len(row[i]) for row in shown) for i in (0, 1)]
    console = Console(highlight=False, soft_wrap=True)
    console.print(Text(title, style="bold"))
    console.print(Text(about, style="dim"), end="\n\n")
    for label, figure, meaning in shown:
        console.print(Text.assemble(f"{label:<{wide[0]}}  ", (f"{figure:>{wide[1]}}", "bold"), ("  " + meaning, "dim")))


def _in_terms_of_options(finding: Finding) -> Finding:
    """A finding about an argument of a formula, as one about the option that gave it."""
    if finding.code != "Q001" or finding.node not in _OPTIONS:
        return finding
    option, example = _OPTIONS[finding.node]
    return dataclasses.replace(finding, message=finding.message.replace(finding.node, option, 1),
                               hint=f"for example {option} {example}")


_SET = "Change the scenario, e.g. groups.billing.agents=12; repeatable."


@click.command()
@click.argument("scenario_file", metavar="SCENARIO")
@click.option("--engine", type=click.Choice(["auto", "reference", "kernel"]), default="auto", show_default=True, help="Which engine runs.")
@click.option("--replications", type=int, metavar="N", help="Default: as the scenario says.")
@click.option("--seed", type=int, metavar="S", help="Default: as the scenario says.")
@click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help=_SET)
@click.option("--calls", "calls_file", metavar="FILE", help="Write every call to a .csv or .parquet file.")
@click.option("--records", "records_folder", metavar="FOLDER", help="Write the records of every call, for ivr report.")
@click.option("--report", "report_file", metavar="FILE.html", help="Write a report that opens offline.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def simulate(
    scenario_file: str, engine: str, replications: int | None, seed: int | None, settings: tuple[str, ...],
    calls_file: str | None, records_folder: str | None, report_file: str | None, as_json: bool,
) -> int:
    """Simulate SCENARIO: a day of callers, menus, queues and agents.

    SCENARIO is a file, or the name of a shipped scenario such as northwind.

    \b
    Example: ivr simulate northwind --set routing=single_queue --report day.html
    """
    from simulation.run import simulate as run
    from simulation.scenario_file import load_scenario
    from simulation.targets import check_target, write_text, written

    check_target(calls_file, "--calls", (".csv", ".parquet"))
    check_target(report_file, "--report", (".html", ".htm"))
    loaded = load_scenario(scenario_file, settings=settings)
    with _progress("simulating") as progress:
        result = run(loaded, replications=replications, seed=seed, engine=engine, keep_calls=bool(calls_file or records_folder), progress=progress)
    if calls_file:
        from ivr.records import write_table

        written(calls_file, lambda: write_table(result.records, "calls", calls_file))
    if records_folder:
        from ivr.records import write

        written(records_folder, lambda: write(result.records, records_folder))
    if report_file:
        write_text(report_file, lambda: _report(result))
    if as_json:
        click.echo(json.dumps(result.as_dict(), indent=2, ensure_ascii=False))
    else:
        from simulation.tables_text import result_text

        click.echo(result_text(result))
    for file in (calls_file, records_folder, report_file):
        if file:
            click.echo(f"wrote {file}", err=True)
    return 0


@click.command()
@click.argument("scenario_files", metavar="SCENARIO...", nargs=-1, required=True)
@click.option("--set", "settings", multiple=True, metavar="[NAME:] PATH=VALUE[; ...]",
              help="With one scenario: a variant of it, with a name if you like; repeatable. With several: applies to all.")
@click.option("--engine", type=click.Choice(["auto", "reference", "kernel"]), default="auto", show_default=True, help="Which engine runs.")
@click.option("--replications", type=int, metavar="N", help="Default: as the first scenario says.")
@click.option("--seed", type=int, metavar="S", help="Default: as the first scenario says.")
@click.option("--report", "report_file", metavar="FILE.html", help="Write a report that opens offline.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def compare(
    scenario_files: tuple[str, ...], settings: tuple[str, ...], engine: str, replications: int | None, seed: int | None,
    report_file: str | None, as_json: bool,
) -> int:
    """Compare scenarios on the same callers; the first is what the others are compared with.

    \b
    Examples:
      ivr compare monday.yaml tuesday.yaml
      ivr compare northwind --set "lean: staff_factor=0.9" --set "pooled: routing=single_queue"
    """
    from simulation.compare import compare as run
    from simulation.targets import check_target, write_text

    check_target(report_file, "--report", (".html", ".htm"))
    scenarios = _variants(scenario_files, settings)
    with _progress("comparing") as progress:
        found = run(scenarios, replications=replications, seed=seed, engine=engine, progress=progress)
    if report_file:
        write_text(report_file, lambda: _comparison_report(found))
    if as_json:
        click.echo(json.dumps(found.as_dict(), indent=2, ensure_ascii=False))
    else:
        from simulation.tables_text import comparison_text

        click.echo(comparison_text(found))
    if report_file:
        click.echo(f"wrote {report_file}", err=True)
    return 0


def _variants(files: tuple[str, ...], settings: tuple[str, ...]) -> list[tuple[str, LoadedScenario]]:
    """Scenarios by name: one with its variants, or several with the same settings."""
    import re
    from pathlib import Path

    from simulation.scenario_file import load_scenario

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


@contextmanager
def _progress(what: str) -> Iterator[Callable[[int, int], None] | None]:
    """A bar on the terminal's stderr; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _report(result: RunResult) -> str:
    from simulation.report import render, report_data
    from simulation.tables_text import inputs

    scenario = result.loaded.scenario
    known = {name: value.exact for name, value in result.measures.items() if value.exact is not None}
    start = scenario.start
    return render(report_data(
        result.parts, title=scenario.name, subtitle=f"{start:%A %d %B %Y} · seed {result.seed} · {result.engine} engine",
        starts_at_s=start.hour * 3600 + start.minute * 60 + start.second, target_share=scenario.service_level.target, exact=known,
        inputs=inputs(result.loaded), assumptions=result.assumptions, confidence=scenario.confidence))


def _comparison_report(found: ComparisonResult) -> str:
    from simulation.report_compare import comparison, render_comparison
    from simulation.tables_text import inputs

    first = found.results[found.baseline]
    scenario = first.loaded.scenario
    return render_comparison(comparison(
        {name: result.parts for name, result in found.results.items()}, title=scenario.name,
        subtitle=f"{scenario.start:%A %d %B %Y} · seed {first.seed} · {first.engine} engine", target_share=scenario.service_level.target,
        inputs=inputs(first.loaded), assumptions=first.assumptions, confidence=scenario.confidence))
