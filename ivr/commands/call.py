"""``ivr call``: a flow called from the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.completion import any_file, flow_names, node_answers
from flows.display.console import guarded
from flows.display.options import check_language
from flows.display.output import as_json, write_output
from flows.display.terminal import console, note
from ivr.phone.moment_option import MOMENT

if TYPE_CHECKING:
    import datetime as dt

    from rich.console import Console

    from flows.model.flow import Flow
    from flows.protocol.actions import Event
    from ivr.phone.terminal_phone import Phone

__all__ = ["call"]


@click.command()
@click.argument("flow_file", metavar="FLOW", shell_complete=flow_names)
@click.option(
    "--keys", metavar="LIST", help='What the caller does, e.g. "1,2,wait,0" (answer, hangup, record, say:...).'
)
@click.option("--at", type=MOMENT, metavar="TIME", help="When the call is made, e.g. 2026-11-23T10:00; default: now.")
@click.option("--from", "ani", default="", metavar="NUMBER", help="The caller's number; 'withheld' or empty for none.")
@click.option("--to", "dnis", default="", metavar="NUMBER", help="The number called.")
@click.option("--language", default="", metavar="TAG", help="Language to begin in.")
@click.option("--value", "values", multiple=True, metavar="NAME=TEXT", help="What is known of the caller; repeatable.")
@click.option(
    "--lookup",
    "lookups",
    multiple=True,
    metavar="NODE=LABEL[:NAME=TEXT,...]",
    shell_complete=node_answers,
    help="What a lookup (or another service) answers; repeatable.",
)
@click.option(
    "--draw",
    "draws",
    multiple=True,
    metavar="NODE=CASE",
    shell_complete=node_answers,
    help="The case that chance takes at a split; repeatable.",
)
@click.option(
    "--switch",
    "switches",
    multiple=True,
    metavar="NAME=on[:MESSAGE]",
    help="A switch that is on; repeatable. All others are off.",
)
@click.option(
    "--save",
    "script",
    metavar="FILE",
    shell_complete=any_file,
    help="Add the call to FILE as a call script.",
)
@click.option("--json", "json_wanted", is_flag=True, help="Print the call as JSON (with --keys).")
@guarded
def call(
    flow_file: str,
    keys: str | None,
    at: str | None,
    ani: str,
    dnis: str,
    language: str,
    values: tuple[str, ...],
    lookups: tuple[str, ...],
    draws: tuple[str, ...],
    switches: tuple[str, ...],
    script: str | None,
    json_wanted: bool,
) -> int:
    """Call FLOW from the terminal: prompts appear as spoken, keys are pressed.

    An address instead of FLOW calls the TwiML application there: ivr call https://... --help.

    \b
    Example: ivr call northwind --keys "1,2,wait,0"
    """
    from rich.markup import escape

    from flows.model.load import load
    from flows.protocol.actions import Start
    from ivr.interpreter.clock_and_chance import stated_answers, switched_on
    from ivr.phone.call_console import keys_option
    from ivr.phone.terminal_phone import Phone

    flow = load(flow_file).flow
    check_language(flow.languages, language)
    _check_numbers(ani, dnis)
    events = keys_option(keys)
    if json_wanted and events is None:
        raise click.UsageError('--json prints a finished call; add --keys "1,2"')
    answers = {**stated_answers(flow, "--lookup", lookups), **stated_answers(flow, "--draw", draws)}
    begins = _moment(flow, at)
    switched = switched_on(flow, "--switch", switches)
    phone = Phone(flow, begins, Start(ani, dnis, _values(values), language), answers=answers, switched=switched)
    phone.dial()
    phone.settle(assume=True)
    if json_wanted:
        from ivr.phone.transcript import as_dict

        _play(phone, events or (), None)
        click.echo(as_json(as_dict(phone)))
        _save(phone, script)
        return 0
    terminal = console()
    terminal.print(f"[bold]{escape(flow.name)}[/]  [dim]{begins:%A %d %B %Y %H:%M %Z}[/]")
    _show_from(terminal, phone, 0)
    if events is None:
        _converse(phone, terminal)
    else:
        _play(phone, events, terminal)
    _ending(terminal, phone)
    _save(phone, script)
    return 0


def _save(phone: Phone, script: str | None) -> None:
    """Add the call to a file of call scripts, if that is asked for."""
    if script is None:
        return
    from flows.source.yaml_reader import read_text
    from ivr.paths.saved_call import saved_call, secret_entries

    before = read_text(Path(script)).rstrip() + "\n\n" if Path(script).exists() else ""
    write_output(script, before + saved_call(phone.flow, phone))
    note(f"{script}: 1 call added")
    if secret_entries(phone):
        note("what was entered in secret is written there as other digits")


def _values(pairs: tuple[str, ...], option: str = "--value") -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise click.UsageError(f"{option} {pair!r} gives nothing; write NAME=TEXT")
    return {name.strip(): text.strip() for name, _, text in (pair.partition("=") for pair in pairs)}


def _check_numbers(ani: str, dnis: str) -> None:
    from flows.values.caller_numbers import not_a_number

    for option, number in (("--from", ani), ("--to", dnis)):
        if problem := not_a_number(number):
            raise click.UsageError(f"{option}: {'; '.join(problem)}")


def _moment(flow: Flow, at: str | None) -> dt.datetime:
    """The moment of the call, in the zone of the flow's opening hours unless it names its own."""
    import datetime as dt

    from ivr.phone.call_time import moment_of, zone_of

    if at is None:
        return dt.datetime.now(zone_of(flow))
    try:
        return moment_of(flow, at)
    except ValueError as error:
        raise click.UsageError(f"--at {error}") from None


def _play(phone: Phone, events: tuple[Event, ...], terminal: Console | None) -> None:
    from flows.protocol.actions import EFFECTS, Fetch, HungUp, Keys, Outcome
    from ivr.phone.terminal_phone import fits

    for event in events:
        first = len(phone.turns)
        answers = isinstance(event, Outcome) and isinstance(phone.waits, EFFECTS) and event.label in phone.waits.labels
        if not answers:
            phone.settle(assume=True)
        if isinstance(phone.waits, Fetch) and not answers and not isinstance(event, HungUp):
            break  # its answer is not stated
        if not phone.ended:
            if isinstance(event, Keys):
                phone.press(event.keys)
            else:
                phone.send(fits(phone.waits, event))
            phone.settle()
        if terminal:
            _show_from(terminal, phone, first)
    first = len(phone.turns)
    phone.settle(assume=True)
    if terminal:
        _show_from(terminal, phone, first)


def _converse(phone: Phone, terminal: Console) -> None:
    """An interactive call: one line of keys per turn; an empty line is silence, and the end of input hangs up."""
    from flows.protocol.actions import Enqueue, Fetch, Listen, Outcome
    from ivr.phone.call_console import ask, read_typed
    from ivr.phone.transcript import waiting_for

    def read(typed: str) -> tuple[Event, ...]:
        label, _, brought = typed.strip().partition(":")
        if isinstance(phone.waits, Fetch) and label in phone.waits.labels:
            return (Outcome(label, _values(tuple(brought.split(",")) if brought else ())),)
        return read_typed(typed)

    terminal.print("[dim]Type keys and Enter; Enter alone is silence; 'say:...' speaks; 'hangup' ends the call.[/]")
    while not phone.ended:
        waits = phone.waits
        room = "full, " if isinstance(waits, Enqueue) else ""
        answers = "" if isinstance(waits, Listen | Fetch) else f"(answer, timeout, {room}hangup)"
        hidden = isinstance(waits, Listen) and waits.sensitive
        _play(phone, ask(terminal, waiting_for(waits), answers, hidden=hidden, read=read), terminal)


def _show_from(terminal: Console, phone: Phone, first: int) -> None:
    from ivr.phone.call_console import show_rows
    from ivr.phone.transcript import rows

    for turn in phone.turns[first:]:
        show_rows(terminal, rows(turn))


def _ending(terminal: Console, phone: Phone) -> None:
    from rich.markup import escape

    from flows.display.numbers import duration
    from flows.protocol.actions import Fetch
    from ivr.phone.transcript import waiting_for

    keys = phone.key_presses
    spent = f"{duration(phone.elapsed_s)}, {keys} key {'press' if keys == 1 else 'presses'}"
    if phone.ended:
        terminal.print(f"\n[bold]The call ended: {phone.session.outcome.replace('_', ' ')}[/]  [dim]{spent}[/]")
        return
    terminal.print(f"\n[bold]The call now waits for {escape(waiting_for(phone.waits))}[/]  [dim]{spent}[/]")
    if isinstance(phone.waits, Fetch):
        terminal.print(f"Say what it answers: --lookup {escape(phone.waits.name)}={phone.waits.labels[0]}")
