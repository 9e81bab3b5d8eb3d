"""The ``ivr`` command: a table from command names to their modules, each imported only when called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable

    from flows.analysis.traffic import Facts, ScenarioReader
    from flows.model.flow import Flow
    from ivr.records.tables import Records

__all__ = ["main"]

COMMANDS = {
    # designers
    "lint": ("flows.commands.lint:lint", "Find what is wrong with a flow, and what to change."),
    "explain": ("flows.commands.explain:explain", "Explain the code of a finding."),
    "show": ("flows.commands.show:show", "Draw a flow: a tree with keys, depth and seconds."),
    "optimise": ("flows.commands.optimise:optimise", "Find the best order of every menu."),
    "convert": ("flows.commands.convert:convert", "Export and import translations; migrate a flow."),
    "schema": ("simulation.commands.schema:schema", "Print the JSON Schema of a kind of file."),
    # callers
    "call": ("ivr.commands.call:call", "Call a flow from the terminal, or any TwiML application by its URL."),
    "test": ("ivr.commands.test:test", "Play call scripts and check them, also over HTTP."),
    "swarm": ("webhooks.commands.swarm:swarm", "Call a line with many callers at once, and check what they hear."),
    "serve": ("webhooks.commands.serve:serve", "Answer calls: browser phone and Twilio webhooks."),
    "data": ("webhooks.commands.data:data", "Records of live calls: count, purge, erase, export."),
    # planners
    "simulate": ("simulation.commands.simulate:simulate", "Simulate a day of calls."),
    "compare": ("simulation.commands.compare:compare", "Compare scenarios on the same callers."),
    "estimators": (
        "simulation.commands.estimators:estimators",
        "Compare estimators of the wait that callers are told.",
    ),
    "callers": ("simulation.commands.callers:callers", "Print what a scenario's callers press."),
    "explain-call": ("simulation.commands.explain_call:explain_call", "Explain one call, moment by moment."),
    "report": ("simulation.commands.report:report", "Measure live or simulated calls from their records."),
    "erlang": ("simulation.commands.erlang:erlang", "Erlang B, C and A."),
    "validate": ("simulation.commands.validate:validate", "Check formulas and engines against known values."),
}
OVER_HTTP = {
    "call": ("webhooks.commands.call:call", "URL"),
    "test": ("webhooks.commands.call:test", "--url"),
}
"""Commands that another module runs when they are given an address, and the part of their usage that says so."""
_SECTIONS = (
    ("Designers", ("lint", "explain", "show", "optimise", "convert", "schema")),
    ("Callers", ("call", "test", "swarm", "serve", "data")),
    ("Planners", ("simulate", "compare", "estimators", "callers", "report", "explain-call", "erlang", "validate")),
)


class _Hooks:
    """What commands need from a layer that they may not import; passed to them as click's ``obj``."""

    def read_scenario(self, file: str, flow: Flow) -> Facts:
        """What a scenario says about a flow, for the commands on flows (`flows.analysis.traffic.ScenarioReader`)."""
        reader: ScenarioReader = _named("simulation.experiment.scenario_facts:scenario_facts")
        return reader(file, flow)

    def live_records(self, database: str) -> Records:
        """The records of live calls in a database, for ``ivr report``."""
        reader: Callable[[str], Records] = _named("webhooks.store.preflight:live_records")
        return reader(database)


def _named(target: str) -> Any:
    """The object named by ``module:name``."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def _leaf(target: str) -> click.Command:
    command: click.Command = _named(target)
    return command


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
        if command is not None:
            rest = _named("flows.display.option_values:with_values")(command, rest, ctx)
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
        code = ivr.main(args=arguments, prog_name="ivr", standalone_mode=False, obj=_Hooks())
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
    """Run the command line, then exit the process."""
    sys.exit(main())


if __name__ == "__main__":
    run()
