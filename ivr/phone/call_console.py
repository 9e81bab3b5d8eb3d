"""Calls and call scripts on a terminal: the same look whether a flow or a line over HTTP is called."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import click
from rich.markup import escape

from flows.display.terminal import is_quiet, say
from flows.protocol.actions import Event, HungUp, Silence
from flows.source.counted import counted
from ivr.phone.event_words import read_keys
from ivr.phone.script_player import Played
from ivr.phone.transcript import TAKES_PART, Row, columns

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["ask", "keys_option", "passed", "played_dict", "read_typed", "show_played", "show_rows"]

_STYLES = {"line": "", "caller": "bold cyan", "other": "bold magenta"}


def show_rows(at: Console, rows: Iterable[Row]) -> None:
    """Print rows of a transcript in three columns: clock, place, words."""
    for row in rows:
        style = _STYLES[row.who]
        for clock, place, words in columns(row, at.width):
            text = f"[{style}]{escape(words)}[/]" if style else escape(words)
            at.print(f"[dim]{clock:>5}[/]  [green]{escape(f'{place:<18}')}[/]  {text}")


def keys_option(keys: str | None) -> tuple[Event, ...] | None:
    """The events of ``--keys``; None without the option.

    Raises
    ------
    click.UsageError
        When a part is neither keys nor a word.
    """
    try:
        return None if keys is None else read_keys(keys)
    except ValueError as error:
        raise click.UsageError(f"--keys: {error}") from None


def read_typed(typed: str) -> tuple[Event, ...]:
    """The events of a typed line; an empty line is silence.

    Examples
    --------
    >>> read_typed("")
    (Silence(),)
    """
    return read_keys(typed) or (Silence(),)


def ask(
    at: Console, awaited: str, answers: str, *, hidden: bool, read: Callable[[str], tuple[Event, ...]] = read_typed
) -> tuple[Event, ...]:
    """Ask at the terminal what happens next, until the answer can be read; the end of input hangs up.

    Parameters
    ----------
    at : Console
    awaited : str
        What the call waits for, in words.
    answers : str
        Words that may be typed besides keys, as ``(answer, hangup)``; may be empty.
    hidden : bool
        Whether what is typed is a secret and not shown.
    read : callable
        Turns a typed line into events; raises ValueError, which says what is wrong with it.
    """
    words = f"  {answers}" if answers else ""
    while True:
        try:
            return read(at.input(f"[bold]{escape(awaited)}[/]{words} {TAKES_PART} ", password=hidden))
        except EOFError:
            return (HungUp(),)
        except ValueError as error:
            at.print(f"  {error}", markup=False)


def passed(played: Iterable[Played]) -> int:
    """How many scripted calls went as written."""
    return sum(not one.findings for one in played)


def show_played(played: Sequence[Played], detail: Callable[[Played], str]) -> None:
    """Print a line for each scripted call, with ``--quiet`` only if it failed, and how many went as written.

    Parameters
    ----------
    played : sequence of Played
    detail : callable
        The text after the name of a call.
    """
    width = max((len(one.script.name) for one in played), default=0)
    for one in played:
        if is_quiet() and not one.findings:
            continue
        mark = click.style("FAIL", fg="red", bold=True) if one.findings else click.style("ok  ", fg="green")
        say(f"{mark}  {one.script.name:<{width}}  {click.style(detail(one), dim=True)}")
    say(f"\n{passed(played)} of {counted(len(played), 'call')} as written.")


def played_dict(played: Sequence[Played], more: Callable[[Played], Mapping[str, object]]) -> dict[str, object]:
    """Scripted calls as JSON-ready data: the stable schema of ``ivr test --json``.

    Parameters
    ----------
    played : sequence of Played
    more : callable
        What to add to a call's name, line, result and findings.
    """
    return {
        "passed": passed(played),
        "failed": len(played) - passed(played),
        "calls": [
            {
                "name": one.script.name,
                "line": one.script.number,
                "ok": not one.findings,
                **more(one),
                "findings": [finding.as_dict() for finding in one.findings],
            }
            for one in played
        ],
    }
