"""``ivr agents``: who answers each queue of a line."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.completion import any_file, flow_names
from flows.display.console import guarded, report
from flows.display.output import as_json
from flows.display.terminal import say

if TYPE_CHECKING:
    from flows.model.load import Loaded

__all__ = ["agents"]


@click.command()
@click.argument("flow_file", metavar="FLOW", shell_complete=flow_names)
@click.option(
    "--file",
    "agents_file",
    metavar="FILE",
    shell_complete=any_file,
    help="The agents file; default: FLOW.agents.yaml beside the flow, or agents.yaml.",
)
@click.option("--json", "json_wanted", is_flag=True, help="The same as JSON.")
@guarded
def agents(flow_file: str, agents_file: str | None, json_wanted: bool) -> int:
    """Show who answers each queue of FLOW, whose turn it is first, and where their telephones are.

    The agents file says who there is, in which groups, and the routing between them, in the words of a scenario.

    \b
    Examples:
      ivr agents northwind
      ivr agents clinic.yaml --file night.agents.yaml
    """
    from dataclasses import asdict

    from flows.kinds import Sample
    from flows.model.load import load
    from flows.source.yaml_reader import read_text
    from ivr.answering.read_agents import agents_findings, parse_agents
    from ivr.answering.who_answers import turns, turns_text

    loaded = load(flow_file)
    file = agents_file or _beside(loaded)
    text = read_text(file)
    found = agents_findings(Sample(file, text), loaded.flow)
    if found:
        report(found)
    if any(finding.severity == "error" for finding in found):
        return 1
    people, table = parse_agents(text, file, loaded.flow)
    if json_wanted:
        who = {name: agent.model_dump(mode="json") for name, agent in people.agents.items()}
        click.echo(as_json({"turns": [asdict(turn) for turn in turns(people, table)], "agents": who}))
    else:
        say(f"{loaded.flow.name}\n{turns_text(people, table)}")
    return 0


def _beside(loaded: Loaded) -> str:
    """The agents file beside the flow."""
    from flows.source.finding import usage_error

    flow = Path(loaded.document.file)
    names = [flow.with_name(f"{flow.stem}.agents.yaml"), flow.with_name("agents.yaml")]
    for name in names:
        if name.is_file():
            return str(name)
    raise usage_error(
        "U001", f"no agents file lies beside {flow.name}", f"write {names[0].name}, or name one by --file"
    )
