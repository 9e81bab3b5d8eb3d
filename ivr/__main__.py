"""The ``ivr`` command: a table from command names to their modules, each imported only when called."""

from __future__ import annotations

import atexit
import gc
import os
import sys
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from click.shell_completion import CompletionItem

    from flows.analysis.traffic import Facts, ScenarioReader
    from flows.kinds import Sample
    from flows.lint.around import Checker
    from flows.model.flow import Flow
    from flows.source.finding import Finding
    from flows.source.project_file import ProjectFile
    from flows.tasks.task_file import Task
    from flows.tasks.task_share import SharesReader, TaskShare
    from ivr.records.tables import Records

__all__ = ["main"]

COMMANDS = {
    # designers
    "init": ("ivr.commands.init:init", "Write a small line to begin with, with its scenario and call scripts."),
    "lint": ("flows.commands.lint:lint", "Find what is wrong with a flow, and what to change."),
    "list": ("ivr.commands.list:list_files", "List the shipped lines, scenarios and scripts, and those here."),
    "explain": ("flows.commands.explain:explain", "Explain the code of a finding."),
    "show": ("flows.commands.show:show", "Draw a flow: a tree with keys, depth and seconds."),
    "optimise": ("flows.commands.optimise:optimise", "Find the best order of every menu."),
    "diff": ("ivr.commands.diff:diff", "Tell how two versions of a flow differ for those who call."),
    "tasks": ("flows.commands.tasks:tasks", "Check whether callers find what they come for."),
    "convert": ("flows.commands.convert:convert", "Export and import translations; migrate a flow."),
    "export": ("ivr.commands.export:export", "Write a line for another system: Twilio's TaskRouter."),
    "schema": ("simulation.commands.schema:schema", "Print the JSON Schema of a kind of file."),
    # callers
    "agents": ("webhooks.commands.agents:agents", "Who answers each queue, and in which order: show, add, remove."),
    "call": ("ivr.commands.call:call", "Call a flow from the terminal, or any TwiML application by its URL."),
    "paths": ("ivr.commands.paths:paths", "Write call scripts that try everything callers can come to."),
    "test": ("ivr.commands.test:test", "Play call scripts and check them, also over HTTP."),
    "swarm": ("webhooks.commands.swarm:swarm", "Call a line with many callers at once, and check what they hear."),
    "serve": ("webhooks.commands.serve:serve", "Answer calls: browser phone and Twilio webhooks."),
    "switch": ("webhooks.commands.switch:switch", "Turn a switch of a line on or off while calls come."),
    "data": ("webhooks.commands.data:data", "Records of live calls: count, purge, erase, export."),
    # planners
    "calibrate": ("simulation.commands.calibrate:calibrate", "Make a scenario and records from a call log."),
    "backtest": ("simulation.commands.backtest:backtest", "Compare a scenario with days that have already been."),
    "forecast": ("simulation.commands.forecast:forecast", "Forecast next weeks' calls from history."),
    "simulate": ("simulation.commands.simulate:simulate", "Simulate a day of calls."),
    "staff": ("simulation.commands.staff:staff", "Find the agents of least cost that keep a promise."),
    "sweep": ("simulation.commands.sweep:sweep", "Simulate a scenario with many values, cell by cell."),
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
_DESIGNERS = ("init", "lint", "list", "explain", "show", "optimise", "diff", "tasks", "convert", "export", "schema")
_SECTIONS = (
    ("Designers", _DESIGNERS),
    ("Callers", ("agents", "call", "paths", "test", "swarm", "serve", "switch", "data")),
    (
        "Planners",
        (
            *("calibrate", "backtest", "forecast", "simulate", "staff", "sweep", "compare"),
            *("estimators", "callers", "report", "explain-call", "erlang", "validate"),
        ),
    ),
)


class _Hooks:
    """What commands need from a layer that they may not import; passed to them as click's ``obj``."""

    project: ProjectFile | None = None
    """The settings file whose defaults the command has."""
    wrong_settings: tuple[Finding, ...] = ()
    """What has no effect in it."""

    def __init__(self) -> None:
        self.checkers: Mapping[str, Checker] = {
            "scenario": _Lent(lambda: _named("simulation.experiment.scenario_findings:scenario_findings")),
            "shifts": _Lent(lambda: _named("simulation.loading.shifts:shifts_findings")),
            "agents": _Lent(lambda: _named("ivr.answering.read_agents:agents_findings")),
            "script": _Lent(lambda: _named("ivr.phone.script_findings:ScriptFindings")()),
            "column_map": _Lent(lambda: _named("simulation.call_logs.column_map:map_findings")),
            "plans": _Lent(lambda: _named("ivr.phone.key_plans:PlanFindings")()),
            "settings": _Lent(
                lambda: _named("ivr.settings.settings_findings:SettingsFindings")(
                    {name: partial(_variants, name) for name in COMMANDS}
                )
            ),
        }
        """Checks of files that `flows` does not know, by kind, for ``ivr lint`` (`flows.lint.around.Checker`)."""

    def read_scenario(self, file: str, flow: Flow) -> Facts:
        """What a scenario says about a flow, for the commands on flows (`flows.analysis.traffic.ScenarioReader`)."""
        reader: ScenarioReader = _named("simulation.experiment.scenario_facts:scenario_facts")
        return reader(file, flow)

    def task_shares(self, file: str, flow: Flow, tasks: Mapping[str, Task]) -> Mapping[str, TaskShare]:
        """The callers of tasks in a scenario, for ``ivr tasks`` (`flows.tasks.task_share.SharesReader`)."""
        reader: SharesReader = _named("simulation.experiment.task_shares:task_shares")
        return reader(file, flow, tasks)

    def tried_exits(self, flow: Flow, files: Sequence[str]) -> Mapping[tuple[str, str], bool]:
        """Which exits of a flow call scripts have tried, for the map of ``ivr show``."""
        found: Mapping[tuple[str, str], bool] = _named("ivr.coverage.tried_exits:tried_exits")(flow, files)
        return found

    def flow_difference(
        self, file: str, old: tuple[str, Flow], new: tuple[str, Flow], *, width: int
    ) -> tuple[list[str], dict[str, Any]]:
        """Waits, agents and money with two versions of a flow in a scenario, for ``ivr diff``: as text and as data."""
        told: tuple[list[str], dict[str, Any]] = _named("simulation.commands._flow_difference:flow_difference")(
            file, old, new, width=width
        )
        return told

    def live_records(self, database: str) -> Records:
        """The records of live calls in a database, for ``ivr report``."""
        reader: Callable[[str], Records] = _named("webhooks.store.preflight:live_records")
        return reader(database)


class _Lent:
    """A check that is imported when the first file of its kind is there."""

    def __init__(self, make: Callable[[], Checker]) -> None:
        self._make = make
        self._made: Checker | None = None

    def __call__(self, sample: Sample, flow: Flow | None) -> tuple[Finding, ...]:
        try:
            self._made = self._made or self._make()
            return self._made(sample, flow)
        except ModuleNotFoundError as error:
            from flows.lint.around import NotCheckedError
            from ivr.missing_library import in_one_line

            if not (line := in_one_line(error, "that")):
                raise
            raise NotCheckedError(line, name=error.name) from error


def _variants(name: str) -> Sequence[click.Command]:
    """Every command of a name."""
    return [_leaf(table[name][0]) for table in (COMMANDS, OVER_HTTP) if name in table]


def _named(target: str) -> Any:
    """The object named by ``module:name``."""
    module, _, name = target.partition(":")
    return getattr(import_module(module), name)


def _leaf(target: str) -> click.Command:
    command: click.Command = _named(target)
    from flows.display.terminal import with_display_options

    return with_display_options(command)


class _Lazy(click.Group):
    """Finds commands by name without importing them."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        from flows.display.terminal import with_display_options

        with_display_options(self)
        return super().get_params(ctx)

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
        if name is not None and command is not None and isinstance(ctx.obj, _Hooks):
            variants = partial(_variants, name)
            ctx.obj.project, ctx.obj.wrong_settings = _named("ivr.settings.apply:apply")(
                ctx, name, command, rest, variants
            )
            if ctx.params["show_config"]:
                command = _named("ivr.settings.show_config:showing")(command, ctx.obj.project, (name,))
        return name, command, rest

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ModuleNotFoundError as error:
            from ivr.missing_library import in_one_line

            if not (line := in_one_line(error, f"ivr {ctx.invoked_subcommand or ''}".rstrip())):
                raise
            click.echo(line, err=True)
            return 2

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        from click.shell_completion import CompletionItem

        names = [CompletionItem(name, help=says) for name, (_, says) in COMMANDS.items() if name.startswith(incomplete)]
        return names + click.Command.shell_complete(self, ctx, incomplete)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, names in _SECTIONS:
            with formatter.section(title):
                formatter.write_dl([(name, COMMANDS[name][1]) for name in names])


@click.group(
    cls=_Lazy,
    context_settings={"help_option_names": ["-h", "--help"]},
    invoke_without_command=True,
    no_args_is_help=True,
    subcommand_metavar="COMMAND [ARGS]...",
)
@click.option(
    "--show-config", is_flag=True, help="Print the settings of the project, or of COMMAND, and their origins."
)
@click.version_option(package_name="ivr-flow-simulator", message="ivr %(version)s")
@click.pass_context
def ivr(ctx: click.Context, show_config: bool) -> int:
    """One phone-menu flow file: checked, drawn, called, tested, simulated and served.

    Every command takes --help. Exit codes: 0 clean, 1 findings or a failed check, 2 wrong usage.

    Defaults of options may stand in ivr.toml, or in pyproject.toml under [tool.ivr]: a table for each command.
    """
    if ctx.invoked_subcommand is None:
        if not show_config:
            ctx.fail("Missing command.")
        code: int = _named("ivr.settings.show_config:show_all")()
        return code
    return 0


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
    if "_IVR_COMPLETE" in os.environ:
        _named("flows.completion:teach_shells")()
    try:
        code = ivr.main(args=arguments, prog_name="ivr", standalone_mode=False, obj=_Hooks())
        sys.stdout.flush()
        return code if isinstance(code, int) else 0
    except click.exceptions.NoArgsIsHelpError as error:  # a usage error by its class; its message is the whole help
        click.echo(error.format_message(), err=True)
        return 2
    except click.UsageError as error:
        _report_usage(error, sys.argv[1:] if arguments is None else arguments)
        return 2
    except click.exceptions.Exit as exit_:
        return exit_.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        return 130
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _report_usage(error: click.UsageError, arguments: list[str]) -> None:
    """Tell about wrong usage as about every other finding."""
    from flows.display.console import report
    from flows.display.terminal import colour_asked
    from flows.source.finding import Finding

    message, _, hint = error.format_message().replace("\n\t", " ").partition("; ")
    context = error.ctx or click.Context(ivr, info_name="ivr")
    if context.color is None:
        context.color = colour_asked(arguments)
    hint = hint or f"{context.command_path} --help shows what is allowed"
    with context.scope(cleanup=False):
        report([Finding(code="U001", severity="error", message=message, hint=hint)])


def run() -> None:
    """Run the command line, then exit the process."""
    if sys.argv[1:2] and sys.argv[1] in _DESIGNERS:
        # They keep what they make until they end: looking for garbage would take a fifth of a check of 5,000 nodes, and
        # free no memory.
        gc.disable()
        atexit.register(gc.freeze)  # or the interpreter would look once more
    sys.exit(main())


if __name__ == "__main__":
    from ivr_flow_simulator import run as start

    start()
