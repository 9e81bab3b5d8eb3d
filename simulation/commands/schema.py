"""``ivr schema``: the JSON Schema of the files that people write."""

from __future__ import annotations

import json

import click

from flows.display.console import guarded
from flows.kinds import kinds

__all__ = ["schema"]


@click.command()
@click.option(
    "--for",
    "kind",
    type=click.Choice([kind.name for kind in kinds().values() if kind.has_schema]),
    default="flow",
    show_default=True,
    help="The kind of file.",
)
@guarded
def schema(kind: str) -> None:
    """Print the JSON Schema of flow files, or of another kind of file, for editors that complete and check as you type.

    \b
    Example: ivr schema --for scenario > scenario.schema.json
    """
    import flows.model.flow as models
    from flows.source.json_schema import file_schema

    if kind == "scenario":
        from simulation.scenario.json_schema import scenario_schema

        found = scenario_schema()
    elif kind == "agents":
        from ivr.answering.agents_file import agents_schema

        found = agents_schema()
    elif kind == "shifts":
        from simulation.scenario.shift_kinds import ShiftsFile

        found = file_schema(ShiftsFile)
    elif kind == "tasks":
        from flows.tasks.task_file import TasksFile

        found = file_schema(TasksFile)
    elif kind == "language":
        from flows.speech.languages.pack import LanguagePack

        found = file_schema(LanguagePack)
    else:
        found = file_schema(getattr(models, kind.capitalize()))
    click.echo(json.dumps(found, indent=2, ensure_ascii=False))
