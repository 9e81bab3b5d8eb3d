"""What a command knows of the terminal: whether colours are wanted, how wide it is, and whether to be quiet.

``--color`` and ``--quiet`` are options of every command (`with_display_options`). What they say is kept in click's
context, so everything that prints asks here and nothing is passed around:

1. ``--color always`` and ``--color never`` decide.
2. Else ``NO_COLOR`` (https://no-color.org), then ``FORCE_COLOR`` (https://force-color.org), if not empty.
3. Else a terminal has colours, unless ``TERM`` is ``dumb``; a pipe or a file has none.

Lines are as wide as the terminal: ``COLUMNS``, else its own width. Into a pipe or a file they are written for
`PIPE_COLUMNS`, whatever the terminal around it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from flows.display.wrap import fitted

if TYPE_CHECKING:
    from rich.console import Console

__all__ = [
    "PIPE_COLUMNS",
    "colour_asked",
    "columns_of",
    "console",
    "is_quiet",
    "note",
    "quiet_option",
    "said",
    "say",
    "shows_progress",
    "table_columns",
    "text_columns",
    "wants_colour",
    "with_display_options",
]

F = TypeVar("F", bound=Callable[..., Any])

PIPE_COLUMNS = 80
"""Columns for which output into a pipe or a file is written; findings stay on one line there."""
_SAID = f"{__name__}.said"
"""Key in the meta data of click's context, which all contexts of a command share: what the options say."""
_CHOICES = {"auto": None, "always": True, "never": False}


def wants_colour(stream: TextIO) -> bool:
    """Whether colours are written to `stream`, by the rule at the top of this module."""
    context = click.get_current_context(silent=True)
    if context is not None and context.color is not None:
        return context.color
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def columns_of(stream: TextIO) -> int:
    """Terminal width of `stream`: COLUMNS, else the terminal's own, else 80; 0 for a pipe or a file."""
    if not stream.isatty():
        return 0
    stated = os.environ.get("COLUMNS", "")
    if stated.isdecimal() and int(stated):
        return int(stated)
    try:
        return os.get_terminal_size(stream.fileno()).columns or 80
    except (OSError, ValueError):  # not an operating-system stream
        return 80


def said(context: click.Context) -> Mapping[str, object]:
    """What ``--color`` and ``--quiet`` say, by the names of the options; nothing for one that is not given."""
    options: Mapping[str, object] = context.meta.get(_SAID, {})
    return options


def is_quiet() -> bool:
    """Whether ``--quiet`` asks for nothing but results and findings."""
    context = click.get_current_context(silent=True)
    return context is not None and bool(said(context).get("quiet"))


def shows_progress() -> bool:
    """Whether a progress bar is drawn: on a terminal, unless ``--quiet`` is given."""
    return sys.stderr.isatty() and not is_quiet()


def note(text: str) -> None:
    """Tell on stderr what was done, such as which file was written; nothing with ``--quiet``."""
    if not is_quiet():
        click.echo(text, err=True)


def text_columns() -> int:
    """Columns of sentences on stdout: those of the terminal, but at most 80, as longer lines are hard to read."""
    return min(table_columns(), PIPE_COLUMNS)


def table_columns() -> int:
    """Columns of tables on stdout: those of the terminal, and `PIPE_COLUMNS` into a pipe or a file."""
    return columns_of(sys.stdout) or PIPE_COLUMNS


def say(text: str, *, pipe_columns: int = PIPE_COLUMNS) -> None:
    """Print a result: its colours if they are wanted, its lines within the terminal, or `pipe_columns` in a pipe."""
    click.echo(fitted(text, columns_of(sys.stdout) or pipe_columns), color=wants_colour(sys.stdout))


def console(*, stderr: bool = False) -> Console:
    """A rich console for one of the standard streams, with the same colours and width as everything else."""
    from rich.console import Console

    stream = sys.stderr if stderr else sys.stdout
    colour = wants_colour(stream)
    return Console(
        stderr=stderr,
        highlight=False,
        width=columns_of(stream) or PIPE_COLUMNS,
        height=24,  # with the width, so that rich asks neither the terminal nor the environment
        color_system="standard" if colour else None,
        force_terminal=stream.isatty() or colour,
    )


def with_display_options(command: click.Command) -> click.Command:
    """Give a command, and the commands below it, ``--color`` and ``--quiet``, unless it has them.

    Parameters
    ----------
    command : click.Command
        Changed in place; it may already have them.

    Examples
    --------
    >>> command = with_display_options(click.Command("draw"))
    >>> [option.name for option in command.params]
    ['color', 'quiet']
    """
    known = {name for parameter in command.params for name in parameter.opts}
    command.params += [option for option in _options() if known.isdisjoint(option.opts)]
    for part in getattr(command, "commands", {}).values():
        with_display_options(part)
    return command


def quiet_option(meaning: str) -> Callable[[F], F]:
    """``--quiet`` with a meaning of its own for one command; `is_quiet` says whether it is given."""
    return click.option("--quiet", is_flag=True, expose_value=False, callback=_set_quiet, help=meaning)


def _options() -> list[click.Option]:
    colour = click.Option(
        ["--color"],
        type=click.Choice(tuple(_CHOICES)),
        metavar="WHEN",
        expose_value=False,
        callback=_set_colour,
        help="Colours: auto (default), always or never.",
    )
    quiet = click.Option(
        ["--quiet"],
        is_flag=True,
        expose_value=False,
        callback=_set_quiet,
        help="Only results and findings: no progress, no notes.",
    )
    return [colour, quiet]


def _set_colour(context: click.Context, parameter: click.Parameter, value: str | None) -> None:
    if value is not None:
        context.color = _CHOICES[value]
        context.meta.setdefault(_SAID, {})["color"] = value


def _set_quiet(context: click.Context, parameter: click.Parameter, value: bool) -> None:
    if value:
        context.meta.setdefault(_SAID, {})["quiet"] = True


def colour_asked(arguments: list[str]) -> bool | None:
    """What ``--color`` says in arguments that click could not read, so that this too is told as wished.

    Examples
    --------
    >>> colour_asked(["lint", "--jsn", "--color", "never"]), colour_asked(["--color=always"]), colour_asked(["lint"])
    (False, True, None)
    """
    given = [after for before, after in pairwise(arguments) if before == "--color"]
    given += [argument.partition("=")[2] for argument in arguments if argument.startswith("--color=")]
    return _CHOICES.get(given[-1]) if given else None
