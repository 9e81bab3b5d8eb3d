"""The ``ivr`` command: a table from command name to the leaf that holds it, imported only when it is called."""

from __future__ import annotations

import gc
import os
import sys
from importlib import import_module

import click

__all__ = ["main"]

COMMANDS = {
    # designers
    "lint": ("flows.commands.lint:lint", "Find what is wrong with a flow, and say what to change."),
    "explain": ("flows.commands.lint:explain", "Tell what a finding's code means."),
    "show": ("flows.commands.lint:show", "Draw a flow: a tree with keys, depth and seconds."),
    "optimise": ("flows.commands.lint:optimise", "Find the best order of every menu."),
    "convert": ("flows.commands.lint:convert", "Take texts to translators and back; migrate."),
    "schema": ("simulation.commands.schema:schema", "Print the JSON Schema of a kind of file."),
    # callers
    "call": ("ivr.cli:call", "Call a flow, or anyone's TwiML by its URL, from the terminal."),
    "test": ("ivr.cli:test", "Play call scripts and check them, also over HTTP."),
    "swarm": ("webhooks.commands.swarm:swarm", "Call a line with many callers at once, and check what they hear."),
    "serve": ("webhooks.commands.serve:serve", "Answer calls: browser phone and Twilio webhooks."),
    "data": ("webhooks.commands.data:data", "What live calls left: count, purge, erase, export."),
    # planners
    "simulate": ("simulation.commands.simulate:simulate", "Simulate a day of calls."),
    "compare": ("simulation.commands.compare:compare", "Compare scenarios on the same callers."),
    "estimators": ("simulation.commands.estimators:estimators", "Measure what callers could be told of their wait."),
    "callers": ("simulation.commands.callers:callers", "Print what a scenario's callers press."),
    "report": ("simulation.commands.report:report", "Measure live or simulated calls from their records."),
    "erlang": ("simulation.commands.erlang:erlang", "Erlang B, C and A."),
    "validate": ("simulation.commands.validate:validate", "Hold formulas and engines against true values."),
}
_LENT = {
    "facts": "simulation.experiment.scenario_facts:scenario_facts",
    "live_records": "webhooks.store.existing:live_records",
}
"""What one layer lends to the commands of another that may not import it: what a scenario says of a flow, to the
commands on flows; the records of live calls, to those on records."""
OVER_HTTP = {
    "call": ("webhooks.commands.call:call", "URL"),
    "test": ("webhooks.commands.call:test", "--url"),
}
"""Commands that have another leaf when they are given an address, and what of their usage says so."""
_SECTIONS = (
    ("Designers", ("lint", "explain", "show", "optimise", "convert", "schema")),
    ("Callers", ("call", "test", "swarm", "serve", "data")),
    ("Planners", ("simulate", "compare", "estimators", "callers", "report", "erlang", "validate")),
)


class _Lent:
    """Functions of other layers by name, each imported when it is asked for."""

    def __getattr__(self, name: str) -> object:
        if name not in _LENT:
            raise AttributeError(name)
        module, _, function = _LENT[name].partition(":")
        return getattr(import_module(module), function)


def _leaf(target: str) -> click.Command:
    module, _, function = target.partition(":")
    gc.disable()  # what is imported stays; looking through it again and again would double the time
    try:
        command: click.Command = getattr(import_module(module), function)
        return command
    finally:
        gc.enable()


class _Lazy(click.Group):
    """Finds commands by name without importing them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        return _leaf(COMMANDS[name][0])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from difflib import get_close_matches

            near = get_close_matches(args[0], COMMANDS, n=1)
            hint = f"did you mean '{near[0]}'?" if near else f"commands: {', '.join(COMMANDS)}"
            raise click.UsageError(f"no command {args[0]!r}; {hint}")
        name, command, rest = super().resolve_command(ctx, args)
        if name in OVER_HTTP and any(arg.startswith(("http://", "https://", "--url")) for arg in rest):
            command = _leaf(OVER_HTTP[name][0])
        return name, command, rest

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in _SECTIONS:
            with formatter.section(title):
                formatter.write_dl([(name, COMMANDS[name][1]) for name in names])


@click.group(cls=_Lazy, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="ivr-flow-simulator", message="ivr %(version)s")
def ivr() -> None:
    """One phone-menu flow file: checked, drawn, called, tested, simulated and served.

    Every command takes --help. Exit codes: 0 clean, 1 findings or a failed check, 2 wrong usage.
    """


def main(arguments: list[str] | None = None) -> int:
    """Run the command line.

    Parameters
    ----------
    arguments : list of str, optional
        Default: those of the process.

    Returns
    -------
    int
        Exit code: 0 clean, 1 findings or a failed check, 2 wrong usage, 130 interrupted.
    """
    os.environ.setdefault(
        "PYDANTIC_DISABLE_PLUGINS", "__all__"
    )  # none is used, and looking for them reads every installed package
    try:
        code = ivr.main(args=arguments, prog_name="ivr", standalone_mode=False, obj=_Lent())
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:  # a usage error by its class; its message is the whole help
        click.echo(error.format_message(), err=True)
        return 2
    except click.UsageError as error:
        message, _, hint = error.format_message().partition("; ")
        click.echo(f"error U001 {message}", err=True)
        where = error.ctx.command_path if error.ctx else "ivr"
        click.echo(f"  = hint: {hint or f'{where} --help shows what is allowed'}", err=True)
        return 2
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def run() -> None:
    """Run the command line as a process, and end it."""
    code = main()
    if sys.argv[1:2] == [
        "lint"
    ]:  # starts no thread and leaves nothing open: taking a large flow apart again would be a tenth of its time
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)
    sys.exit(code)


if __name__ == "__main__":
    run()
