"""Arguments in which an option would take another option for its value."""

from __future__ import annotations

from collections.abc import Sequence

import click

__all__ = ["with_values"]


def with_values(command: click.Command, arguments: Sequence[str], context: click.Context) -> list[str]:
    """Arguments of a command in which each option that wants a value has one.

    Parameters
    ----------
    command : click.Command
    arguments : sequence of str
        After its name.
    context : click.Context
        Of the program; its names for ``--help`` apply.

    Returns
    -------
    list of str
        The arguments; ``--help`` alone if that stands where a value should be.

    Raises
    ------
    click.UsageError
        When a value is missing, or another option stands in its place.

    Examples
    --------
    >>> @click.command()
    ... @click.option("--url", metavar="URL", help="Where to call.")
    ... @click.option("--json", is_flag=True)
    ... def test(): ...
    >>> context = click.Context(test)
    >>> with_values(test, ["--url", "--help"], context), with_values(test, ["--url", "x", "--json"], context)
    (['--help'], ['--url', 'x', '--json'])
    >>> with_values(test, ["--url", "--json"], context)
    Traceback (most recent call last):
    click.exceptions.UsageError: --url needs a value, and '--json' is an option; write --url URL: where to call
    """
    arguments = list(arguments)
    if isinstance(command, click.Group):
        inner = command.get_command(context, arguments[0]) if arguments else None
        return arguments if inner is None else [arguments[0], *with_values(inner, arguments[1:], context)]
    options = {name: option for option in command.params if isinstance(option, click.Option) for name in option.opts}
    names = {*options, *(name for option in options.values() for name in option.secondary_opts)}
    helps, at = set(context.help_option_names), 0
    while at < len(arguments) and arguments[at] != "--":
        option = options.get(arguments[at])
        at += 1
        if option is None or option.is_flag or option.count:
            continue
        value = arguments[at] if at < len(arguments) else None
        if value in helps:
            return [value]
        if value is None or value in names:
            if context.resilient_parsing:  # a shell asks how the line goes on
                return arguments
            raise _missing(option, arguments[at - 1], value, context)
        at += option.nargs
    return arguments


def _missing(option: click.Option, name: str, value: str | None, context: click.Context) -> click.UsageError:
    instead = "" if value is None else f", and {value!r} is an option"
    meaning = (option.help or "").split("; ")[0].rstrip(".")
    meaning = f": {meaning[0].lower()}{meaning[1:]}" if meaning else ""
    return click.UsageError(f"{name} needs a value{instead}; write {name} {option.make_metavar(context)}{meaning}")
