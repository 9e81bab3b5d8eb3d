"""``ivr tasks``: whether callers find what they come for."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.completion import any_file, flow_names, scenario_names
from flows.display.console import guarded
from flows.display.options import check_language
from flows.display.output import as_json
from flows.display.terminal import say, text_columns

if TYPE_CHECKING:
    from flows.tasks.task_share import SharesReader

__all__ = ["tasks"]


@click.command()
@click.argument("flow_file", metavar="FLOW", shell_complete=flow_names)
@click.argument("tasks_file", metavar="[TASKS]", required=False, shell_complete=any_file)
@click.option(
    "--scenario",
    metavar="FILE",
    shell_complete=scenario_names,
    help="A scenario, for the share of its callers who come for each task, and of those who arrive.",
)
@click.option("--language", default="", metavar="TAG", help="Whose words and seconds count; default: the flow's first.")
@click.option("--json", "json_wanted", is_flag=True, help="The same as JSON.")
@guarded
def tasks(flow_file: str, tasks_file: str | None, scenario: str | None, language: str, json_wanted: bool) -> int:
    """Say for each of the TASKS that callers come for whether the menus of FLOW lead them there, how soon, and which
    labels may mislead them. Without TASKS, those beside the flow: FLOW.tasks.yaml.

    Exit code: 0 when every task can be reached and no label misleads, 1 when not, 2 for wrong usage.

    \b
    Examples: ivr tasks northwind
              ivr tasks clinic.yaml clinic.tasks.yaml --scenario monday.yaml
    """
    from flows.commands.tasks_table import tasks_dict, tasks_text
    from flows.model.load import library, load
    from flows.tasks.judge import judge
    from flows.tasks.task_file import load_tasks

    flow = load(flow_file).flow
    check_language(flow.languages, language)
    wanted = load_tasks(tasks_file or _beside(library(flow_file)), flow)
    found = judge(flow, wanted, language)
    shares = None
    if scenario:
        task_shares: SharesReader = click.get_current_context().find_root().obj.task_shares
        shares = task_shares(scenario, flow, wanted)
    if json_wanted:
        click.echo(as_json(tasks_dict(flow, found, shares)))
    else:
        say(tasks_text(flow, found, shares, width=text_columns()))
    return int(any(one.verdict in ("misleading", "unreachable") for one in found))


def _beside(flow: Path) -> Path:
    beside = flow.with_suffix(".tasks.yaml")
    if not beside.exists():
        raise click.UsageError(f"{beside.name} is not beside the flow; name a file of tasks: ivr tasks {flow} TASKS")
    return beside
