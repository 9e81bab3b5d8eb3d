"""``ivr --show-config``: which settings are in force, and where each comes from."""

from __future__ import annotations

import copy
import os
from collections.abc import Iterator, Mapping
from typing import Any

import click
from click.core import ParameterSource

from flows.display.tables import table
from flows.display.terminal import said
from flows.source.document import Path
from flows.source.project_file import ProjectFile, project_file
from ivr.settings.defaults import option_name

__all__ = ["show_all", "showing"]

_ORIGINS = {
    ParameterSource.COMMANDLINE: "command line",
    ParameterSource.ENVIRONMENT: "environment",
    ParameterSource.PROMPT: "command line",
    ParameterSource.DEFAULT: "default",
}


def showing(command: click.Command, project: ProjectFile | None, path: tuple[str, ...]) -> click.Command:
    """A command that prints the values of its options and their origins, instead of running.

    Parameters
    ----------
    command : click.Command
    project : ProjectFile or None
    path : tuple of str
        Names of the command and its subcommand.
    """
    shown = copy.copy(command)
    if isinstance(command, click.Group) and isinstance(shown, click.Group):
        shown.callback = None
        shown.commands = {name: showing(part, project, (*path, name)) for name, part in command.commands.items()}
    else:
        shown.callback = lambda **values: _show(click.get_current_context(), project, path)
        shown.params = [_not_required(param) for param in command.params]
    return shown


def _not_required(param: click.Parameter) -> click.Parameter:
    """A parameter that may be left out, since nothing is done with it."""
    free = copy.copy(param)
    free.required = False
    return free


def _show(ctx: click.Context, project: ProjectFile | None, path: tuple[str, ...]) -> int:
    keys = {str(key).replace("_", "-"): str(key) for key in _inside(project, path)}
    rows, values = [], {**ctx.params, "color": "auto", "quiet": False, **said(ctx)}
    for param in ctx.command.params:
        if not isinstance(param, click.Option) or param.name == "help":
            continue
        name, source = option_name(param), ctx.get_parameter_source(str(param.name))
        if source is ParameterSource.DEFAULT_MAP and project is not None:
            origin = _at(project, (*path, keys.get(name, name)))
        else:
            origin = _ORIGINS.get(source, "default") if source is not None else "default"
        rows.append((f"--{name}", _written(values.get(str(param.name))), origin))
    if project is not None:
        options = {name for name, _, _ in rows}
        rows += [row for row in _stated(project, path) if f"--{row[0]}" not in options]
    _print(rows)
    return 0


def show_all(start: str = os.curdir) -> int:
    """Print every setting of the project that a folder belongs to."""
    project = project_file(start)
    if project is None:
        click.echo(
            "No settings file: there is neither an ivr.toml nor a [tool.ivr] in a pyproject.toml, here or above."
        )
        return 0
    if project.wrong:
        from flows.display.console import report

        report(project.wrong)
        return 2
    _print(list(_stated(project, ())))
    return 0


def _stated(project: ProjectFile, path: Path) -> Iterator[tuple[str, str, str]]:
    """Name, value and place of every setting in a table and in the tables inside it."""
    for key, value in _inside(project, path).items():
        if isinstance(value, Mapping):
            yield from ((f"{key}.{name}", text, origin) for name, text, origin in _stated(project, (*path, key)))
        else:
            yield str(key), _written(value), _at(project, (*path, key))


def _inside(project: ProjectFile | None, path: Path) -> Mapping[str, Any]:
    found: Any = project.data if project else {}
    for part in path:
        found = found.get(part, {}) if isinstance(found, Mapping) else {}
    return found if isinstance(found, Mapping) else {}


def _at(project: ProjectFile, path: Path) -> str:
    return f"{os.path.relpath(project.file)}:{project.place(path)[0]}"


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(map(str, value))
    return "" if value is None else str(value)


def _print(rows: list[tuple[str, str, str]]) -> None:
    for line in table(rows, left=3, indent="") if rows else ():
        click.echo(line)
