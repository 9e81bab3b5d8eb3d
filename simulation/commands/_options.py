"""What the commands of this package share at the terminal: options, progress, files written, and how a run ended."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TextIO

import click

from flows.display.console import report, wants_colour
from flows.source.finding import Finding, usage_error

if TYPE_CHECKING:
    from collections.abc import Iterator

    from simulation.scenario.model import Precision

__all__ = [
    "Bar",
    "assumptions_option",
    "engine_option",
    "exit_code",
    "painter",
    "precision_of",
    "progress_bar",
    "seconds_of_option",
    "time_budget_option",
    "workers_option",
]

_COLOURS = {"met": "32", "better": "32", "missed": "31", "worse": "31", "too close to call": "33"}
"""Green is good for callers, red bad, yellow undecided; the words say the same."""


def painter(stream: TextIO) -> Callable[[str], str]:
    """What paints verdicts on a terminal; it leaves them as they are in a pipe and under NO_COLOR.

    >>> import io
    >>> painter(io.StringIO())("met")
    'met'
    """
    if not wants_colour(stream):
        return str
    return lambda word: f"\x1b[{_COLOURS[word]}m{word}\x1b[0m" if word in _COLOURS else word


def assumptions_option(command: Callable) -> Callable:
    """Whether all assumptions are printed."""
    return click.option(
        "--assumptions", "all_assumptions", is_flag=True, help="Print every assumption, not the weightiest alone."
    )(command)


def engine_option(command: Callable) -> Callable:
    """Which engine runs."""
    return click.option(
        "--engine",
        type=click.Choice(["auto", "reference", "kernel"]),
        default="auto",
        show_default=True,
        help="Which engine runs: the readable one, or the compiled one.",
    )(command)


def workers_option(command: Callable) -> Callable:
    """How many threads."""
    return click.option("--workers", type=int, metavar="N", help="Threads; the figures are the same for any number.")(
        command
    )


def time_budget_option(command: Callable) -> Callable:
    """How long at most."""
    return click.option("--time-budget", metavar="DURATION", help="Stop after about so long, e.g. 30s.")(command)


class Bar(NamedTuple):
    """What a run calls as it goes on; None where nobody looks."""

    progress: Callable[[int, int], None] | None
    on_compile: Callable[[], None] | None


def exit_code(stopped: str, done: int, *, measure: str = "") -> int:
    """1, with a word on stderr, when Ctrl-C ended the run before its time, or `measure` was in no replication."""
    if stopped == "absent":
        report(
            [
                Finding(
                    code="X005",
                    severity="error",
                    message=f"{measure} is in none of {done} replications; more are not tried for it",
                    hint="ask for the precision of a measure that this scenario has",
                )
            ]
        )
        return 1
    if stopped == "interrupted":
        click.echo(
            f"stopped by Ctrl-C; the figures are of the {done} {'replication' if done == 1 else 'replications'}"
            " finished",
            err=True,
        )
        return 1
    return 0


def seconds_of_option(text: str | None, option: str) -> float | None:
    """A duration given as an option."""
    if text is None:
        return None
    from flows.values.scalars import seconds_of

    try:
        seconds = seconds_of(text)
    except ValueError as error:
        raise usage_error("X005", f"{option}: {error}", f"for example {option} 30s") from None
    if not 0 < seconds < 1e9:
        raise usage_error("X005", f"{option} is {text}; it must be above 0", f"for example {option} 30s")
    return seconds


def precision_of(text: str | None) -> Precision | None:
    """MEASURE=HALF_WIDTH."""
    if text is None:
        return None
    from simulation.scenario.field_types import half_width
    from simulation.scenario.model import Precision

    measure, equals, width = text.partition("=")
    try:
        if not equals:
            raise ValueError(f"{text!r} is no MEASURE=HALF_WIDTH")
        return Precision(measure=measure.strip(), half_width=half_width(width))
    except ValueError as error:
        message = str(error)
    raise usage_error("X005", f"--precision: {message}", "for example --precision service_level=0.5%")


@contextmanager
def progress_bar(what: str) -> Iterator[Bar]:
    """A bar on the terminal's stderr, which also says when the engine is compiled first; nothing in a pipe."""
    if not sys.stderr.isatty():
        yield Bar(None, None)
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[done]}"), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(what, total=None, done="")  # nothing is said of how many before it is known
        yield Bar(
            lambda done, total: bar.update(task, description=what, completed=done, total=total, done=f"{done}/{total}"),
            lambda: bar.update(task, description="compiling the engine, this once; about 20 s"),
        )
