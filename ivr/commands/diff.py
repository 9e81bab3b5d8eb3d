"""``ivr diff``: how two versions of a flow differ for those who call."""

from __future__ import annotations

import click

from flows.completion import flow_names, scenario_names
from flows.display.console import guarded
from flows.display.output import as_json
from flows.display.terminal import say, text_columns

__all__ = ["diff"]


@click.command()
@click.argument("old", metavar="OLD", shell_complete=flow_names)
@click.argument("new", metavar="NEW", shell_complete=flow_names)
@click.option(
    "--scenario",
    metavar="FILE",
    shell_complete=scenario_names,
    help="Also simulate both with a scenario's callers and agents: waits, agents and money.",
)
@click.option("--json", "json_wanted", is_flag=True, help="The same as JSON.")
@guarded
def diff(old: str, new: str, scenario: str | None, json_wanted: bool) -> int:
    """Tell how the flow NEW differs from OLD as callers feel it: what they hear, which keys lead elsewhere, how long
    they wait, how soon they get what they want; and which findings are new or mended. Names, notes, shares and the
    order of the file are nothing to a caller, and are not told.

    Exit code: 0 when no caller finds a difference, 1 when some do, 2 for wrong usage.

    \b
    Examples: ivr diff line.yaml better.yaml
              ivr diff line.yaml better.yaml --scenario monday.yaml
    """
    from flows.model.load import load
    from ivr.commands._diff_text import diff_dict, diff_text
    from ivr.difference.compare import compare

    before, after = load(old), load(new)
    found = compare(before, after)
    width = text_columns()
    lines: list[str] = []
    data = diff_dict(found, before.flow, after.flow)
    if scenario:
        hooks = click.get_current_context().find_root().obj
        lines, data["scenario"] = hooks.flow_difference(scenario, (old, before.flow), (new, after.flow), width=width)
    if json_wanted:
        click.echo(as_json(data))
    else:
        say("\n".join([diff_text(found, before.flow, after.flow, width=width), *(["", *lines] if lines else [])]))
    return int(found.felt)
