"""Gives a command the defaults of its project before its options are read."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import NamedTuple

import click

from flows.source.finding import Finding
from flows.source.project_file import ProjectFile, project_file

__all__ = ["Applied", "apply"]


_REPORTS = "lint"
"""The command that reports wrong settings as it reports everything else."""


class Applied(NamedTuple):
    """What a project does to a command.

    Parameters
    ----------
    project : ProjectFile or None
        The settings file whose defaults the command has.
    wrong : tuple of Finding
        What has no effect in it, if the command reports that itself.
    """

    project: ProjectFile | None = None
    wrong: tuple[Finding, ...] = ()


def apply(
    ctx: click.Context,
    name: str,
    command: click.Command,
    arguments: list[str],
    variants: Callable[[], Sequence[click.Command]],
) -> Applied:
    """Set the defaults of a command in the context of the program.

    Parameters
    ----------
    ctx : click.Context
        Of the program; the command's own is made from it.
    name : str
    command : click.Command
    arguments : list of str
        Those of the command.
    variants : callable
        Returns every command of this name, this one among them; called if there is a settings file.

    Raises
    ------
    click.exceptions.Exit
        With code 2, after the findings were reported, if the file cannot be read or states what has no effect. Help is
        shown all the same, and ``ivr lint`` has them among its own findings.
    """
    project = _project_of(ctx, command, arguments)
    if project is None:
        return Applied()
    from flows.display.console import report
    from ivr.settings.defaults import defaults_of, unknown_tables

    defaults = defaults_of(project, (name,), variants())
    wrong = (*project.wrong, *unknown_tables(project, _command_names(ctx)), *defaults.found)
    if wrong and name != _REPORTS and not {*ctx.help_option_names} & {*arguments}:
        report(wrong)
        ctx.exit(2)
    taken = {str(param.name) for param in command.params} | set(getattr(command, "commands", {}))
    ctx.default_map = {name: {key: value for key, value in defaults.values.items() if key in taken}}
    return Applied(project, wrong)


def _command_names(ctx: click.Context) -> list[str]:
    """Every command of the program."""
    group = ctx.command
    return group.list_commands(ctx) if isinstance(group, click.Group) else []


def _project_of(ctx: click.Context, command: click.Command, arguments: list[str]) -> ProjectFile | None:
    """The settings file nearest to the first file or folder that a command is given, else to where it runs."""
    for given in _given(ctx, command, arguments):
        if os.path.exists(given):
            found = project_file(given)
            if found is not None:
                return found
            break
    return project_file(os.curdir)


def _given(parent: click.Context, command: click.Command, arguments: list[str]) -> list[str]:
    """The arguments of a command that are not options."""
    try:
        ctx = click.Context(command, parent=parent, resilient_parsing=True)
        found, _, _ = command.make_parser(ctx).parse_args(list(arguments))
    except click.UsageError:
        return []  # said when the command reads its options
    named = [found.get(str(param.name)) for param in command.params if isinstance(param, click.Argument)]
    listed = [value if isinstance(value, list | tuple) else [value] for value in named]
    return [value for values in listed for value in values if isinstance(value, str)]
