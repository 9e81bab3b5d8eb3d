"""Shared by the commands here: options, progress, colours, and the exit code of a run."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from flows.completion import any_file
from flows.display.console import report
from flows.display.options import SECONDS, ZONE, Checked
from flows.display.terminal import note, wants_colour
from flows.source.counted import counted
from flows.source.finding import Finding, usage_error

if TYPE_CHECKING:
    from simulation.scenario.model import Precision

__all__ = [
    "REPLICATIONS",
    "SEED",
    "WORKERS",
    "assumptions_option",
    "engine_option",
    "exit_code",
    "log_interval_option",
    "log_map_option",
    "log_period_options",
    "log_zone_option",
    "painter",
    "period_options",
    "precision_of",
    "scenario_options",
    "seconds_of_option",
    "tables_option",
    "time_budget",
    "time_budget_option",
    "workers_option",
]


def _replications(number: int) -> None:
    from simulation.experiment.run import require_whole

    require_whole(number, 0)


def _seed(number: int) -> None:
    from simulation.experiment.run import require_whole

    require_whole(1, number)


def _workers(number: int) -> None:
    from simulation.experiment.runner import require_workers

    require_workers(number)


REPLICATIONS = Checked(_replications, click.INT)
SEED = Checked(_seed, click.INT)
WORKERS = Checked(_workers, click.INT)
F = TypeVar("F", bound=Callable[..., Any])
_LONG_S = 20
_COLOURS = {"met": "32", "better": "32", "missed": "31", "worse": "31", "too close to call": "33"}
"""Green is good for callers, red is bad, yellow is undecided; the words say the same."""


def painter(stream: TextIO) -> Callable[[str], str]:
    """Return a function that colours verdicts on a terminal, and leaves them unchanged in a pipe or with NO_COLOR.

    >>> import io
    >>> painter(io.StringIO())("met")
    'met'
    """
    if not wants_colour(stream):
        return str
    return lambda word: f"\x1b[{_COLOURS[word]}m{word}\x1b[0m" if word in _COLOURS else word


def assumptions_option(command: F) -> F:
    """Print all assumptions."""
    return click.option(
        "--assumptions", "all_assumptions", is_flag=True, help="Print every assumption, not only the weightiest."
    )(command)


def tables_option(command: F) -> F:
    """Write results as tables."""
    option = click.option(
        "--tables",
        "tables_at",
        metavar="FOLDER|FILE.xlsx",
        shell_complete=any_file,
        help="Write the results as tables: a folder of .csv files, or one workbook.",
    )
    form = click.option(
        "--tables-format",
        type=click.Choice(["csv", "parquet"]),
        default="csv",
        show_default=True,
        help="The format of the files in the folder.",
    )
    return option(form(command))


def engine_option(command: F) -> F:
    """Choose the engine."""
    return click.option(
        "--engine",
        type=click.Choice(["auto", "reference", "kernel"]),
        default="auto",
        show_default=True,
        callback=_engine,
        help="The readable engine or the compiled one; auto: the compiled one, if numba is installed.",
    )(command)


def _engine(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Tell those who waited long, and did not choose the readable engine, that there is a faster one."""
    from simulation.engines.contract import has_kernel

    if value == "auto" and not ctx.resilient_parsing and not has_kernel():
        ctx.call_on_close(partial(_tell_of_the_fast_engine, time.monotonic()))
    return value


def _tell_of_the_fast_engine(began_s: float) -> None:
    from ivr.missing_library import to_install

    if time.monotonic() - began_s > _LONG_S:
        note(f"the compiled engine is much faster than the readable one: {to_install('fast')}")


def scenario_options(command: F) -> F:
    """Set replications and seed, and change the scenario."""
    says = "Default: as the scenario says."
    change = "Change the scenario, e.g. groups.billing.agents=12; repeatable."
    command = click.option("--set", "settings", multiple=True, metavar="PATH=VALUE", help=change)(command)
    command = click.option("--seed", type=SEED, metavar="S", help=says)(command)
    return click.option("--replications", type=REPLICATIONS, metavar="N", help=says)(command)


def workers_option(command: F) -> F:
    """Set the number of threads."""
    return click.option("--workers", type=WORKERS, metavar="N", help="Threads; results are the same for any number.")(
        command
    )


def time_budget(says: str) -> Callable[[F], F]:
    """Limit the time of what the help says."""
    return click.option(
        "--time-budget",
        type=Checked(partial(seconds_of_option, option="--time-budget")),
        metavar="DURATION",
        help=says,
    )


def time_budget_option(command: F) -> F:
    """Limit the time of a run."""
    return time_budget("Stop after about this long, e.g. 30s.")(command)


def exit_code(stopped: str, done: int, *, measure: str = "") -> int:
    """Return the exit code; 1, with a message, after Ctrl-C or if no replication had `measure`."""
    if stopped == "absent":
        report(
            [
                Finding(
                    code="X005",
                    severity="error",
                    message=f"none of {counted(done, 'replication')} has {measure}; no more are run for it",
                    hint="ask for the precision of a measure that this scenario has",
                )
            ]
        )
        return 1
    if stopped == "interrupted":
        click.echo(
            f"stopped by Ctrl-C; results are from the {counted(done, 'replication')} finished",
            err=True,
        )
        return 1
    return 0


def seconds_of_option(text: str | None, option: str) -> float | None:
    """Return the seconds of a duration given as an option."""
    if text is None:
        return None
    from flows.values.scalars import seconds_of

    try:
        seconds: float = seconds_of(text)
    except ValueError as error:
        raise usage_error("X005", f"{option}: {error}", f"for example {option} 30s") from None
    if not 0 < seconds < 1e9:
        raise usage_error("X005", f"{option} is {text}; it must be above 0", f"for example {option} 30s")
    return seconds


def precision_of(text: str | None) -> Precision | None:
    """Return the precision stated as MEASURE=HALF_WIDTH."""
    if text is None:
        return None
    from simulation.scenario.field_types import half_width
    from simulation.scenario.model import Precision

    measure, equals, width = text.partition("=")
    try:
        if not equals:
            raise ValueError(f"{text!r} is not of the form MEASURE=HALF_WIDTH")
        return Precision(measure=measure.strip(), half_width=half_width(width))
    except ValueError as error:
        message = str(error)
    raise usage_error("X005", f"--precision: {message}", "for example --precision service_level=0.5%")


def log_zone_option(command: F) -> F:
    """Add ``--zone``, for commands that read call logs."""
    add: Callable[[F], F] = click.option(
        "--zone",
        type=ZONE,
        metavar="ZONE",
        help="Whose clock the log shows, e.g. America/New_York; default: as it stands.",
    )
    return add(command)


def log_map_option(command: F) -> F:
    """Add ``--map``, for commands that read call logs."""
    return click.option(
        "--map",
        "map_file",
        metavar="FILE",
        shell_complete=any_file,
        help="A column map, as ivr calibrate saved it; edit it first.",
    )(command)


def log_interval_option(command: F) -> F:
    """Add ``--interval``, for commands that count the calls of a log."""
    return click.option(
        "--interval",
        "interval_s",
        type=SECONDS.between(300, 7200),
        default="30m",
        show_default=True,
        metavar="TIME",
        help="Length of an interval; a report by intervals has its own.",
    )(command)


def log_period_options(command: F) -> F:
    """Add ``--from`` and ``--to``, for commands that use some days of a log."""
    return period_options(command, "Use the calls from this day on.", "Use the calls up to this day, included.")


def period_options(command: F, from_help: str, to_help: str) -> F:
    """Add ``--from`` and ``--to``, which are dates."""
    until = click.option("--to", "until", type=Checked(partial(_date, "--to")), metavar="DATE", help=to_help)
    since = click.option("--from", "since", type=Checked(partial(_date, "--from")), metavar="DATE", help=from_help)
    return since(until(command))


def _date(option: str, text: str) -> None:
    from simulation.report.period import date_of

    date_of(option, text)
