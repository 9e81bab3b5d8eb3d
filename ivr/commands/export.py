"""``ivr export``: a line in the form of other systems."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.completion import any_file, flow_names
from flows.display.console import guarded, report
from flows.display.terminal import note

if TYPE_CHECKING:
    from typing import Any

__all__ = ["export"]


@click.group()
def export() -> None:
    """Write a line in the form of another system.

    \b
    Example: ivr export taskrouter northwind
    """


@export.command()
@click.argument("flow_file", metavar="FLOW", shell_complete=flow_names)
@click.option(
    "--agents",
    "agents_file",
    metavar="FILE",
    shell_complete=any_file,
    help="The agents file; default: FLOW.agents.yaml beside the flow, or agents.yaml.",
)
@click.option("--json", "as_json", is_flag=True, help="Accepted for scripts; the output is JSON anyway.")
@guarded
def taskrouter(flow_file: str, agents_file: str | None, as_json: bool) -> int:
    """Write the routing of FLOW for Twilio's TaskRouter: workspace, task queues, workflow and workers, as JSON.

    What TaskRouter cannot do is said on stderr.

    \b
    Examples:
      ivr export taskrouter northwind
      ivr export taskrouter clinic.yaml --agents night.agents.yaml > clinic.taskrouter.json
    """
    from flows.display.output import as_json as text_of
    from flows.kinds import Sample
    from flows.model.load import load
    from flows.source.finding import usage_error
    from flows.source.yaml_reader import read_text
    from ivr.answering.beside import agents_beside, names_beside
    from ivr.answering.read_agents import agents_findings, parse_agents
    from ivr.answering.taskrouter import losses
    from ivr.answering.taskrouter import taskrouter as made

    loaded = load(flow_file)
    file = agents_file or str(agents_beside(loaded.document.file) or "")
    if not file:
        wanted = names_beside(loaded.document.file)[0].name
        raise usage_error(
            "U001", f"no agents file lies beside {loaded.document.file}", f"write {wanted}, or name one by --agents"
        )
    text = read_text(file)
    found = agents_findings(Sample(file, text), loaded.flow)
    if found:
        report(found)
    if any(finding.severity == "error" for finding in found):
        return 1
    people, table = parse_agents(text, file, loaded.flow)
    for loss in losses(table):
        note(f"TaskRouter: {loss}.")
    whole: dict[str, Any] = made(loaded.flow.name, people, table)
    click.echo(text_of(whole))
    return 0
