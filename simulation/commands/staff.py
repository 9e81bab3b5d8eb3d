"""``ivr staff``: the agents of least cost that keep a promise."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import click

from flows.completion import any_file, scenario_names
from flows.display.console import guarded
from flows.display.options import SHARE
from flows.display.progress import progress_bar
from flows.display.terminal import note, say, table_columns
from flows.source.finding import usage_error
from simulation.commands._flow_errors import read_scenario
from simulation.commands._options import (
    engine_option,
    painter,
    seconds_of_option,
    tables_option,
    time_budget,
    workers_option,
)
from simulation.commands._staff_roster import (
    check_roster_files,
    kinds_of_shifts,
    later,
    roster_options,
    rostered,
    with_roster,
    without_breaks,
    write_roster,
)

if TYPE_CHECKING:
    from simulation.report.table_files import TableFormat
    from simulation.rosters.result import RosterResult
    from simulation.scenario.loaded import LoadedScenario
    from simulation.staffing.result import StaffingResult
    from simulation.staffing.target import Target

__all__ = ["staff"]


@click.command()
@click.argument("scenario_file", metavar="SCENARIO", shell_complete=scenario_names)
@click.option(
    "--target",
    "target_text",
    metavar="SHARE/TIME",
    help='The promise, e.g. "80%/20s". Default: the service level of the scenario.',
)
@click.option(
    "--per",
    type=click.Choice(["day", "interval", "queue"]),
    default="day",
    show_default=True,
    help="Where it is kept: over the day, in each interval, or in each queue.",
)
@click.option(
    "--confidence",
    type=SHARE.between(0.01, 1.0),
    default="90%",
    show_default=True,
    metavar="SHARE",
    help="On at least this share of days.",
)
@click.option(
    "--abandonment", type=SHARE, metavar="SHARE", help="The most callers who may hang up in a queue, e.g. 5%."
)
@click.option("--occupancy", type=SHARE, metavar="SHARE", help="The most that agents may be busy, e.g. 85%.")
@click.option("--at-most", multiple=True, metavar="GROUP=N", help="The most agents of a group at a time; repeatable.")
@click.option("--days", type=click.IntRange(10, 1000), default=100, show_default=True, help="Days to search on.")
@click.option(
    "--fresh-days",
    type=click.IntRange(10, 10_000),
    default=200,
    show_default=True,
    help="Other days, to measure the result on.",
)
@engine_option
@click.option("--seed", type=click.IntRange(0), metavar="S", help="Default: as the scenario says.")
@click.option(
    "--set",
    "settings",
    multiple=True,
    metavar="PATH=VALUE",
    help="Change a value of the scenario, e.g. groups.billing.cost_per_hour=28; repeatable.",
)
@time_budget("Stop the search after about this long, e.g. 30s; what is found is then measured, and put into shifts.")
@workers_option
@click.option(
    "--output",
    "output_file",
    metavar="FILE.yaml",
    shell_complete=any_file,
    help="Write the scenario with the agents found, for ivr simulate.",
)
@tables_option
@click.option(
    "--report",
    "report_file",
    metavar="FILE.html",
    shell_complete=any_file,
    help="Write a page with the plan, its cost and the chance of keeping the promise; it prints on one sheet.",
)
@roster_options
@click.option("--full", is_flag=True, help="Print what one agent more or less does everywhere, and every shift.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@guarded
def staff(
    scenario_file: str,
    output_file: str | None,
    tables_at: str | None,
    tables_format: TableFormat,
    report_file: str | None,
    shifts_file: str | None,
    roster_file: str | None,
    full: bool,
    as_json: bool,
    **given: Any,
) -> None:
    """Find the agents of each group and interval that keep a promise at the least cost.

    SCENARIO is a file, or the name of a shipped scenario such as northwind. Its callers, skills and routing stay as
    they are; its own agents are compared with what is found. With kinds of shifts it ends with a roster of them.

    \b
    Examples:
      ivr staff northwind --target "80%/20s" --output staffed.yaml
      ivr staff northwind --report plan.html --tables plan.xlsx
      ivr staff northwind --per queue --abandonment 5% --at-most generalists=12
      ivr staff northwind --shifts shifts.yaml --roster roster.csv
    """
    from simulation.commands._output_files import check_libraries, check_tables, check_target
    from simulation.staffing.find import find_staffing
    from simulation.staffing.finder import Effort

    check_target(output_file, "--output", (".yaml", ".yml"))
    check_target(report_file, "--report", (".html", ".htm"))
    check_tables(tables_at)
    check_libraries(tables_at=tables_at, tables_format=tables_format)
    check_roster_files(roster_file)
    loaded = read_scenario(scenario_file, settings=given["settings"])
    kinds = kinds_of_shifts(loaded, shifts_file, roster_file)
    target = _target(loaded, given)
    effort = Effort(
        days=given["days"],
        fresh_days=given["fresh_days"],
        seed=given["seed"],
        time_budget_s=seconds_of_option(given["time_budget"], "--time-budget"),
        workers=given["workers"],
        engine=given["engine"],
    )
    at_most = _at_most(given["at_most"], loaded)
    with progress_bar("searching agents" if kinds else "searching", in_percent=True) as bar:
        found = find_staffing(
            without_breaks(loaded) if kinds else loaded,
            target,
            effort=effort,
            at_most=at_most,
            progress=later(bar, kinds),
            on_compile=bar.on_compile,
        )
        made = rostered(found, kinds, loaded, effort, bar) if kinds else None
    found = made.staffing if made else found
    _write(found, made, output_file, tables_at, tables_format, report_file)
    if made and roster_file:
        write_roster(made, roster_file)
    if as_json:
        click.echo(json.dumps((made or found).as_dict(), indent=2, ensure_ascii=False))
    else:
        _say(found, made, full=full)
    for file in (output_file, tables_at, report_file, roster_file):
        if file:
            note(f"wrote {file}")


def _say(found: StaffingResult, made: RosterResult | None, *, full: bool) -> None:
    from simulation.report.roster_text import roster_text
    from simulation.report.staffing_text import staffing_text

    paint = painter(sys.stdout)
    say(staffing_text(found, full=full, paint=paint, width=table_columns()))
    if made:
        say("\n" + roster_text(made, full=full, paint=paint, width=table_columns()))


def _target(loaded: LoadedScenario, given: dict[str, Any]) -> Target:
    """The promise: what is asked for, or what the scenario states."""
    from simulation.staffing.target import Target, level_of

    scenario = loaded.scenario
    stated = scenario.service_level
    level, threshold_s = level_of(given["target_text"]) if given["target_text"] else (stated.target, None)
    if not level:
        raise usage_error(
            "X005", "no target is stated", 'give one, for example --target "80%/20s", or service_level: {target: 80%}'
        )
    if given["per"] == "queue" and scenario.intervals_a_day < scenario.intervals:
        raise usage_error(
            "X005",
            "--per queue judges single days, and calls are counted by queue over the whole horizon, which has several",
            "leave --per queue out, or give the scenario a horizon of one day: --set horizon=1d",
        )
    return Target(
        level=level,
        threshold_s=stated.threshold if threshold_s is None else threshold_s,
        per=given["per"],
        confidence=given["confidence"],
        most_abandoned=given["abandonment"],
        most_occupied=given["occupancy"],
        own_levels=scenario.own_targets if given["per"] == "queue" else {},
    )


def _at_most(texts: tuple[str, ...], loaded: LoadedScenario) -> dict[str, int]:
    """The limits by group."""
    from flows.source.document import nearest

    found: dict[str, int] = {}
    groups = list(loaded.scenario.groups)
    for text in texts:
        name, equals, number = (part.strip() for part in text.partition("="))
        if not equals or not number.isdecimal():
            raise usage_error(
                "X005", f"--at-most {text!r} is not of the form GROUP=N", f'for example --at-most "{groups[0]}=12"'
            )
        if name not in groups:
            near = nearest(name, groups)
            raise usage_error(
                "X005",
                f"--at-most {text!r}: there is no group {name!r}",
                f"did you mean {near!r}?" if near else f"there are {', '.join(groups)}",
            )
        found[name] = int(number)
    return found


def _write(
    found: StaffingResult,
    made: RosterResult | None,
    output_file: str | None,
    tables_at: str | None,
    tables_format: TableFormat,
    report_file: str | None,
) -> None:
    """The files that are asked for."""
    from simulation.commands._output_files import write_text, written

    if output_file:
        from pathlib import Path

        from simulation.calibration.yaml_text import yaml_text
        from simulation.staffing.as_scenario import scenario_data

        data = scenario_data(found, folder=Path(output_file).absolute().parent)
        data = with_roster(data, made) if made else data
        about = f"Agents found by `ivr staff` for {found.target.in_words()}."
        write_text(output_file, lambda: yaml_text(data, {("groups",): about}))
    if tables_at:
        from simulation.report.staffing_tables import staffing_tables
        from simulation.report.table_files import write_tables

        written(tables_at, lambda: write_tables(staffing_tables(found, made), tables_at, tables_format))
    if report_file:
        from simulation.report.staffing_page import staffing_page

        write_text(report_file, lambda: staffing_page(found, made))
