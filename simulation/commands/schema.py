"""``ivr schema``: the JSON Schema of the files that people write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click
from click.core import ParameterSource

from flows.completion import any_file, flow_names
from flows.display.console import guarded
from flows.display.output import as_json, write_output
from flows.display.terminal import note
from flows.display.watch import watched
from flows.kinds import kinds

__all__ = ["schema"]


@click.command()
@click.argument("flow_file", metavar="[FLOW]", required=False, shell_complete=flow_names)
@click.option(
    "--for",
    "kind",
    type=click.Choice([kind.name for kind in kinds().values() if kind.has_schema]),
    default="flow",
    show_default=True,
    help="The kind of file.",
)
@click.option("--output", "-o", metavar="FILE", shell_complete=any_file, help="Write the schema to FILE.")
@watched()
@guarded
def schema(flow_file: str | None, kind: str, output: str | None) -> None:
    """Print the JSON Schema of flow files, or of another kind of file, for editors that complete and check as you type.

    With FLOW (a flow or a part), its names are offered where a node, a queue, opening hours or a shared prompt is
    expected.

    \b
    Examples: ivr schema --for scenario > scenario.schema.json
              ivr schema clinic.yaml --output clinic.schema.json --watch
    """
    if flow_file:
        _refuse_kind()
        from flows.model.load import library
        from flows.model.schema_with_names import schema_with_names

        found = schema_with_names(str(library(flow_file)))
    else:
        found = _schema_of(kind)
    if output is None:
        click.echo(as_json(found))
        return
    write_output(output, as_json(found) + "\n")
    note(f"{output}: schema of {flow_file or f'files of kind {kind}'} written")


def _refuse_kind() -> None:
    if click.get_current_context().get_parameter_source("kind") is ParameterSource.COMMANDLINE:
        raise click.UsageError("--for and FLOW both say of what; leave out one: the kind is read from the file")


def _schema_of(kind: str) -> Mapping[str, Any]:
    import flows.model.flow as models
    from flows.source.json_schema import file_schema

    if kind == "scenario":
        from simulation.scenario.json_schema import scenario_schema

        return scenario_schema()
    if kind == "agents":
        from ivr.answering.agents_file import agents_schema

        return agents_schema()
    if kind == "shifts":
        from simulation.scenario.shift_kinds import ShiftsFile

        return file_schema(ShiftsFile)
    if kind == "tasks":
        from flows.tasks.task_file import TasksFile

        return file_schema(TasksFile)
    if kind == "language":
        from flows.speech.languages.pack import LanguagePack

        return file_schema(LanguagePack)
    return file_schema(getattr(models, kind.capitalize()))
