"""Defaults of a command's options, as a settings file states them: checked, and in the form that click takes."""

from __future__ import annotations

import datetime as dt
import os
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import click

from flows.display.options import Checked
from flows.lint.settings import KEYS
from flows.source.document import Path, nearest
from flows.source.finding import Finding, UsageError
from flows.source.project_file import ProjectFile

__all__ = ["Defaults", "defaults_of", "option_name", "unknown_tables"]

RULES = "lint"
"""The table in which the settings of the rules stand beside the options of the command; lint reports unknown names."""
_PATHS = re.compile(r"FILE|FOLDER|DATABASE|SCENARIO")
"""Metavars of options that name a file; what a settings file says is relative to its own folder."""


@dataclass
class Defaults:
    """What a settings file states for one command.

    Parameters
    ----------
    values : dict
        By the name of click's parameter; for a command with subcommands, such a dict for each.
    found : list of Finding
        Names and values that have no effect (L003).
    paths : dict of str to path
        Where each value stands in the file, by the name of the parameter.
    """

    values: dict[str, Any] = field(default_factory=dict)
    found: list[Finding] = field(default_factory=list)
    paths: dict[str, Path] = field(default_factory=dict)


def option_name(option: click.Parameter) -> str:
    """The name of an option as it is written, without dashes: the longest.

    Examples
    --------
    >>> option_name(click.Option(["-o", "--output"]))
    'output'
    """
    return max(option.opts, key=len).lstrip("-")


def defaults_of(project: ProjectFile, path: tuple[str, ...], commands: Sequence[click.Command]) -> Defaults:
    """The defaults that a settings file states for a command.

    Parameters
    ----------
    project : ProjectFile
    path : tuple of str
        Names of the command and its subcommand.
    commands : sequence of click.Command
        The command; and another of the same name, if it has options of its own.

    Examples
    --------
    >>> from flows.source.project_file import parse_project
    >>> project = parse_project("[erlang]\\naht = '3m'\\nagnets = 9\\n", "ivr.toml")
    >>> aht, agents = click.Option(["--aht"]), click.Option(["--agents"], type=int)
    >>> defaults = defaults_of(project, ("erlang",), [click.Command("erlang", params=[aht, agents])])
    >>> defaults.values, defaults.found[0].where, defaults.found[0].hint
    ({'aht': '3m'}, 'ivr.toml:3:1', "did you mean 'agents'?")
    """
    out = Defaults()
    table = _table(project, path, out.found)
    options = {option_name(p): p for one in commands for p in one.params if isinstance(p, click.Option)}
    inner = {name: part for one in commands for name, part in getattr(one, "commands", {}).items()}
    own = KEYS if path == (RULES,) else ()
    for key, written in table.items():
        name = key.replace("_", "-")
        if name in inner:
            below = defaults_of(project, (*path, key), [inner[name]])
            out.values[name] = below.values
            out.found += below.found
        elif name in options and name not in own:
            out.paths[str(options[name].name)] = (*path, key)
            out.values |= _taken(project, (*path, key), options[name], written, out.found)
        elif path != (RULES,):
            out.found.append(_unknown(project, (*path, key), (*options, *inner), f"ivr {' '.join(path)} has no option"))
    return out


def unknown_tables(project: ProjectFile, commands: Collection[str]) -> Iterator[Finding]:
    """A finding for each entry of a settings file that is not named after a command."""
    for key in project.data:
        if key not in commands:
            yield _unknown(project, (key,), tuple(commands), "there is no command")


def _unknown(project: ProjectFile, path: Path, known: Sequence[str], what: str) -> Finding:
    near = nearest(str(path[-1]), list(known))
    hint = f"did you mean {near!r}?" if near else f"allowed here: {', '.join(known) or 'nothing'}"
    return project.finding(f"{what} {path[-1]!r}", path, hint)


def _table(project: ProjectFile, path: tuple[str, ...], found: list[Finding]) -> Mapping[str, Any]:
    table: Any = project.data
    for part in path:
        table = table.get(part, {})
        if not isinstance(table, dict):
            if path != (RULES,):  # lint says so itself
                name = project.spoken(path)
                found.append(project.finding(f"{name} is not a table", path, f"write '[{name}]'"))
            return {}
    return dict(table)


def _taken(
    project: ProjectFile, path: Path, option: click.Option, written: Any, found: list[Finding]
) -> Mapping[str, Any]:
    """The value for click; nothing, and a finding, if the option does not allow it."""
    try:
        value = _value(option, written)
    except click.UsageError as error:
        message, _, hint = error.message.rstrip(".").partition("; ")
        found.append(project.finding(f"{path[-1]}: {message}", path, hint or _hint(path, option, written)))
        return {}
    except UsageError as error:
        wrong, name = error.findings[0], option_name(option)
        message = wrong.message.removeprefix(f"--{name}").lstrip(": ")
        found.append(project.finding(f"{path[-1]}: {message}", path, _in_the_file(wrong.hint, name, str(path[-1]))))
        return {}
    if _PATHS.search(option.metavar or ""):
        value = _beside(project, value) if isinstance(value, str) else [_beside(project, one) for one in value]
    return {str(option.name): value}


def _value(option: click.Option, written: Any) -> Any:
    if option.is_flag:
        if not isinstance(written, bool):
            raise click.UsageError(f"{written!r} is neither true nor false")
        return written
    if option.multiple:
        return [_scalar(option, one) for one in (written if isinstance(written, list) else [written])]
    return _scalar(option, written)


def _scalar(option: click.Option, written: Any) -> str:
    if isinstance(written, bool | list | dict):
        raise click.UsageError(f"{_toml(written)} is not a single value")
    text = written.isoformat() if isinstance(written, dt.date | dt.time) else str(written)
    option.type.convert(text, option, None)
    if isinstance(option.type, Checked):
        try:
            option.type.check(text)
        except ValueError as error:
            raise click.UsageError(str(error)) from None
    return text


def _in_the_file(hint: str, name: str, key: str) -> str:
    """A hint that shows an option, as a settings file states it.

    Examples
    --------
    >>> _in_the_file("for example --time-budget 30s", "time-budget", "time_budget")
    "for example time_budget = '30s'"
    """
    before, option, value = hint.partition(f"--{name} ")
    return f"{before}{key} = {value if value.isdigit() else repr(value)}" if option else hint


def _toml(written: Any) -> str:
    return str(written).lower() if isinstance(written, bool) else str(written)


def _hint(path: Path, option: click.Option, written: Any) -> str:
    if option.is_flag:
        return f"write {option_name(option)} = true, or leave it out"
    if isinstance(option.type, click.Choice) and (near := nearest(str(written), [str(c) for c in option.type.choices])):
        return f"did you mean {near!r}?"
    return f"'ivr {path[0]} --help' says what --{option_name(option)} takes"


def _beside(project: ProjectFile, value: str) -> str:
    """A file as named from where the command runs; the name of a shipped one, or an address, stays."""
    if "://" in value or ("/" not in value and "." not in value and not (project.folder / value).exists()):
        return value
    return os.path.relpath(project.folder / value)
