"""Commands of the caller: ``ivr call`` and ``ivr test``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.display.console import guarded, report

if TYPE_CHECKING:
    import datetime as dt

    from rich.console import Console

    from flows.model.flow import Flow
    from flows.protocol.actions import Event
    from ivr.phone.script_player import Played
    from ivr.phone.terminal_phone import Phone, Turn

__all__ = ["call", "test"]


@click.command()
@click.argument("flow_file", metavar="FLOW")
@click.option(
    "--keys", metavar="LIST", help='What the caller does, e.g. "1,2,wait,0" (answer, hangup, record, say:...).'
)
@click.option("--at", metavar="TIME", help="When the call is made, e.g. 2026-11-23T10:00; default: now.")
@click.option("--from", "ani", default="", metavar="NUMBER", help="The caller's number; 'withheld' or empty for none.")
@click.option("--to", "dnis", default="", metavar="NUMBER", help="The number called.")
@click.option("--language", default="", metavar="TAG", help="Language to begin in.")
@click.option("--value", "values", multiple=True, metavar="NAME=TEXT", help="What is known of the caller; repeatable.")
@click.option(
    "--lookup",
    "lookups",
    multiple=True,
    metavar="NODE=LABEL[:NAME=TEXT,...]",
    help="What a lookup (or another service) answers; repeatable.",
)
@click.option(
    "--draw", "draws", multiple=True, metavar="NODE=CASE", help="What chance takes at a split by shares; repeatable."
)
@click.option("--json", "as_json", is_flag=True, help="Print the call as JSON (with --keys).")
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
    as_json: bool,
) -> int:
    """Call FLOW from the terminal: prompts appear as spoken, keys are pressed.

    An address instead of FLOW calls the TwiML application there: ivr call https://... --help.

    \b
    Example: ivr call northwind --keys "1,2,wait,0"
    """
    from flows.model.load import load
    from flows.protocol.actions import Start
    from ivr.interpreter.clock_and_chance import stated_answers
    from ivr.phone.terminal_phone import Phone

    flow = load(flow_file).flow
    _check_language(flow, language)
    _check_numbers(ani, dnis)
    events = _events(keys)
    if as_json and events is None:
        raise click.UsageError('--json prints a finished call; add --keys "1,2"')
    answers = {**stated_answers(flow, "--lookup", lookups), **stated_answers(flow, "--draw", draws)}
    phone = Phone(flow, _moment(flow, at), Start(ani, dnis, _values(values), language), answers=answers)
    if as_json:
        from ivr.phone.transcript import as_dict

        phone.dial()
        phone.settle(assume=True)
        _play(phone, events or (), None)
        click.echo(json.dumps(as_dict(phone), indent=2, ensure_ascii=False))
        return 0
    console = _console()
    _heading(console, flow, phone)
    phone.dial()
    phone.settle(assume=True)
    _show_from(console, phone, 0)
    _play(phone, events, console) if events is not None else _converse(phone, console)
    _ending(console, phone)
    return 0


@click.command()
@click.argument("flow_file", metavar="FLOW")
@click.argument("scripts", nargs=-1, metavar="[SCRIPT]...")
@click.option("--json", "as_json", is_flag=True, help="Print results as JSON.")
@guarded
def test(flow_file: str, scripts: tuple[str, ...], as_json: bool) -> int:
    """Play call scripts against FLOW and check them; default: FLOW's own .calls file.

    With --url they are played over HTTP, against the application there: ivr test --url --help.

    \b
    Example: ivr test northwind
    """
    from flows.model.load import library, load
    from ivr.phone.call_script import read_scripts
    from ivr.phone.flow_scripts import run, untried

    flow = load(flow_file).flow
    files = [Path(s) for s in scripts] or [library(flow_file).with_suffix(".calls")]
    results = tuple(run(flow, script) for file in files for script in read_scripts(_text(file), str(file)))
    failed = [result for result in results if result.findings]
    missed = untried(flow, results)
    if as_json:
        click.echo(json.dumps(_results_dict(results, missed), indent=2, ensure_ascii=False))
    else:
        _show_results(results, missed, flow)
        if failed:
            click.echo()
            report([finding for result in failed for finding in result.findings])
    return 1 if failed else 0


def _console() -> Console:
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def _text(file: Path) -> str:
    from flows.source.yaml_reader import read_text

    return read_text(file)


def _events(keys: str | None) -> tuple[Event, ...] | None:
    from ivr.phone.event_words import read_keys

    try:
        return None if keys is None else read_keys(keys)
    except ValueError as error:
        raise click.UsageError(f"--keys: {error}") from None


def _values(pairs: tuple[str, ...], option: str = "--value") -> dict[str, str]:
    for pair in pairs:
        if "=" not in pair:
            raise click.UsageError(f"{option} {pair!r} gives nothing; write NAME=TEXT")
    return {name.strip(): text.strip() for name, _, text in (pair.partition("=") for pair in pairs)}


def _check_language(flow: Flow, language: str) -> None:
    if language and language not in flow.languages:
        raise click.UsageError(f"--language {language!r} is not spoken here; languages: {', '.join(flow.languages)}")


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


def _play(phone: Phone, events: tuple[Event, ...], console: Console | None) -> None:
    from flows.protocol.actions import EFFECTS, Fetch, HungUp, Keys, Outcome
    from ivr.phone.terminal_phone import fits

    for event in events:
        first = len(phone.turns)
        answers = isinstance(event, Outcome) and isinstance(phone.waits, EFFECTS) and event.label in phone.waits.labels
        if not answers:
            phone.settle(assume=True)
        if isinstance(phone.waits, Fetch) and not answers and not isinstance(event, HungUp):
            break  # nobody has said what it answers
        if not phone.ended:
            if isinstance(event, Keys):
                phone.press(event.keys)
            else:
                phone.send(fits(phone.waits, event))
            phone.settle()
        if console:
            _show_from(console, phone, first)
    first = len(phone.turns)
    phone.settle(assume=True)
    if console:
        _show_from(console, phone, first)


def _show_from(console: Console, phone: Phone, first: int) -> None:
    for turn in phone.turns[first:]:
        _show(console, turn)


def _converse(phone: Phone, console: Console) -> None:
    """An interactive call: a line of keys a turn, an empty line is silence, end of input hangs up."""
    from flows.protocol.actions import Enqueue, Fetch, HungUp, Listen, Outcome, Silence
    from ivr.phone.event_words import read_keys
    from ivr.phone.transcript import waiting_for

    console.print("[dim]Type keys and Enter; Enter alone is silence; 'say:...' speaks; 'hangup' ends the call.[/]")
    while not phone.ended:
        words = (
            ""
            if isinstance(phone.waits, Listen | Fetch)
            else f"  (answer, timeout, {'full, ' * isinstance(phone.waits, Enqueue)}hangup)"
        )
        try:
            hidden = isinstance(phone.waits, Listen) and phone.waits.sensitive
            typed = console.input(f"[bold]{_escape(waiting_for(phone.waits))}[/]{words} › ", password=hidden)
            label, _, brought = typed.strip().partition(":")
            if isinstance(phone.waits, Fetch) and label in phone.waits.labels:
                events: tuple[Event, ...] = (Outcome(label, _values(tuple(brought.split(",")) if brought else ())),)
            else:
                events = read_keys(typed) or (Silence(),)
        except EOFError:
            events = (HungUp(),)
        except ValueError as error:
            console.print(f"  {error}", markup=False)
            continue
        _play(phone, events, console)


def _heading(console: Console, flow: Flow, phone: Phone) -> None:
    console.print(f"[bold]{_escape(flow.name)}[/]  [dim]{phone.now:%A %d %B %Y %H:%M %Z}[/]")


def _escape(text: str) -> str:
    from rich.markup import escape

    return escape(text)


def _show(console: Console, turn: Turn) -> None:
    """The rows of a turn, in three columns: time, node, words."""
    from ivr.phone.transcript import columns, rows

    for row in rows(turn):
        style = {"line": "", "caller": "bold cyan", "other": "bold magenta"}[row.who]
        for clock, node, words in columns(row, console.width):
            text = f"[{style}]{_escape(words)}[/]" if style else _escape(words)
            console.print(f"[dim]{clock:>5}[/]  [green]{_escape(f'{node:<18}')}[/]  {text}")


def _ending(console: Console, phone: Phone) -> None:
    from flows.display.numbers import duration
    from flows.protocol.actions import Fetch
    from ivr.phone.transcript import waiting_for

    keys = phone.key_presses
    spent = f"{duration(phone.elapsed_s)}, {keys} key {'press' if keys == 1 else 'presses'}"
    if phone.ended:
        console.print(f"\n[bold]The call ended: {phone.session.outcome.replace('_', ' ')}[/]  [dim]{spent}[/]")
    else:
        console.print(f"\n[bold]The call now waits for {_escape(waiting_for(phone.waits))}[/]  [dim]{spent}[/]")
        if isinstance(phone.waits, Fetch):
            console.print(f"Say what it answers: --lookup {_escape(phone.waits.name)}={phone.waits.labels[0]}")


def _show_results(results: tuple[Played, ...], missed: tuple[tuple[str, str], ...], flow: Flow) -> None:
    from ivr.phone.flow_scripts import exits

    console = _console()
    width = max((len(result.script.name) for result in results), default=0)
    for result in results:
        mark, style = ("ok  ", "green") if not result.findings else ("FAIL", "bold red")
        nodes = len({node for node, _ in result.path})
        console.print(
            f"[{style}]{mark}[/]  {_escape(result.script.name):<{width}}  [dim]{nodes:>3} nodes  {result.seconds:>6.1f}"
            " s[/]"
        )
    failed = sum(1 for result in results if result.findings)
    console.print(f"\n{len(results) - failed} of {len(results)} calls as written.")
    if missed:
        shown = ", ".join(f"{node} {outcome}" for node, outcome in missed[:4])
        console.print(
            f"{len(missed)} of {len(exits(flow))} exits never tried:"
            f" {_escape(shown)}{' ...' if len(missed) > 4 else ''}"
        )
    else:
        console.print(f"All {len(exits(flow))} exits tried.")


def _results_dict(results: tuple[Played, ...], missed: tuple[tuple[str, str], ...]) -> dict[str, object]:
    return {
        "passed": sum(1 for result in results if not result.findings),
        "failed": sum(1 for result in results if result.findings),
        "calls": [
            {
                "name": result.script.name,
                "line": result.script.number,
                "ok": not result.findings,
                "path": [list(step) for step in result.path],
                "findings": [finding.as_dict() for finding in result.findings],
            }
            for result in results
        ],
        "untried": [{"node": node, "outcome": outcome} for node, outcome in missed],
    }
