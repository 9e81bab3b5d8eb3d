"""``ivr call URL`` and ``ivr test --url URL``: call any TwiML application through the virtual carrier."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from flows.completion import any_file
from flows.display.console import guarded, report
from flows.display.output import as_json
from flows.display.terminal import console, is_quiet, say
from flows.source.counted import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from flows.protocol.actions import Event
    from ivr.phone.script_player import Played
    from webhooks.carrier.call import Call
    from webhooks.carrier.drivers.handset import Handset, Part
    from webhooks.carrier.protocol import Number

__all__ = ["call", "test"]


@click.command()
@click.argument("url", metavar="URL")
@click.option(
    "--keys", metavar="LIST", help='What the caller does, e.g. "1,2,wait,0" (answer, hangup, record, say:...).'
)
@click.option(
    "--from",
    "ani",
    default="+14155550123",
    show_default=True,
    metavar="NUMBER",
    help="The caller's number; empty to leave it out.",
)
@click.option("--to", "dnis", default="+18005550100", show_default=True, metavar="NUMBER", help="The number called.")
@click.option(
    "--method",
    type=click.Choice(["POST", "GET"]),
    default="POST",
    show_default=True,
    help="Method of the first request.",
)
@click.option("--fallback", default="", metavar="URL", help="Used when a document cannot be fetched.")
@click.option("--status", "status_url", default="", metavar="URL", help="Notified when the call is over.")
@click.option(
    "--whisper", default="", metavar="URL", help="What a queued caller hears before an agent: the url of <Queue>."
)
@click.option("--requests", "show_requests", is_flag=True, help="Show every request.")
@click.option("--json", "json_wanted", is_flag=True, help="Print the call as JSON (with --keys).")
@guarded
def call(
    url: str,
    keys: str | None,
    ani: str,
    dnis: str,
    method: str,
    fallback: str,
    status_url: str,
    whisper: str,
    show_requests: bool,
    json_wanted: bool,
) -> int:
    """Call the TwiML application at URL as Twilio would, from the terminal.

    Requests are signed with TWILIO_AUTH_TOKEN if it is set, never from an argument. URL may be anywhere, also on this
    machine; a fragment sets time-outs and retries (#rc=5&rp=all). Errors have Twilio's codes; the exit code is 1 if
    the caller would hear an application error.

    \b
    Example: ivr call http://localhost:5000/voice --keys "1,2,wait"
    """
    from ivr.phone.call_console import keys_option, show_rows
    from webhooks.carrier.drivers.handset import Handset
    from webhooks.carrier.drivers.transcript import as_dict, rows_of
    from webhooks.carrier.requests.http import Http

    events = keys_option(keys)
    if json_wanted and events is None:
        raise click.UsageError('--json prints a finished call; add --keys "1,2"')
    number = _number(url, method, fallback, status_url, whisper)
    with Http(virtual=True) as transport:
        handset = Handset(_new_call(number, ani, dnis), transport)
        if json_wanted:
            _play(handset, events or (), lambda part: None)
            click.echo(as_json(as_dict(handset)))
        else:
            terminal = console()
            _heading(terminal, handset)

            def show(part: Part) -> None:
                show_rows(terminal, rows_of(part, requests=show_requests))

            _play(handset, events, show) if events is not None else _converse(handset, terminal, show)
            _ending(terminal, handset)
        return _close(handset)


@click.command()
@click.argument("scripts", nargs=-1, required=True, metavar="SCRIPT|FLOW...", shell_complete=any_file)
@click.option("--url", required=True, metavar="URL", help="The TwiML application to call.")
@click.option("--json", "json_wanted", is_flag=True, help="Print results as JSON.")
@guarded
def test(scripts: tuple[str, ...], url: str, json_wanted: bool) -> int:
    """Play call scripts against the TwiML application at URL; for a flow, its own .calls file.

    Lines about what only the service knows (lookups, values) are left out and counted. Nodes and endings are checked,
    and each call begins at the time of its script, if it is `ivr serve` in development; any other service goes by its
    own clock.

    \b
    Example: ivr test line.calls --url http://localhost:5000/voice
    """
    import datetime as dt
    import secrets

    from flows.model.load import library
    from flows.source.yaml_reader import read_text
    from ivr.phone.call_console import played_dict
    from ivr.phone.call_script import read_scripts
    from webhooks.carrier.drivers.scripts import play_script
    from webhooks.carrier.requests.http import Http

    number, results = _number(url, "POST", "", ""), []
    files = [library(name).with_suffix(".calls") for name in scripts]
    for script in (script for file in files for script in read_scripts(read_text(file), str(file))):
        with Http(virtual=True) as transport:
            sid = f"CA{secrets.token_hex(16)}"
            results.append(play_script(script, number, transport, sid=sid, began=dt.datetime.now(dt.UTC)))
    failed = [finding for result in results for finding in result.findings]
    if json_wanted:
        click.echo(as_json(played_dict(results, _left_out)))
    else:
        _show_results(results)
        if failed:
            click.echo()
            report(failed)
    return 1 if failed else 0


def _left_out(one: Played) -> dict[str, object]:
    left_out = [{"line": line.number, "command": line.command} for line in one.left_out]
    return {"left_out": left_out, "own_clock": one.clock or None}


def _number(url: str, method: str, fallback: str, status_url: str, whisper: str = "") -> Number:
    import os

    from webhooks.carrier.drivers.address import is_address, number_of

    for option, address in (("", url), ("--fallback ", fallback), ("--status ", status_url), ("--whisper ", whisper)):
        if (address or not option) and not is_address(address):
            raise click.UsageError(
                f"{option}{address!r} is not an address; write it like https://ivr.example.com/voice"
            )
    return number_of(url, os.environ, method=method, fallback=fallback, status_url=status_url, whisper=whisper)


def _new_call(number: Number, ani: str, dnis: str) -> Call:
    import datetime as dt
    import secrets

    from webhooks.carrier.call import Call

    return Call(number, sid=f"CA{secrets.token_hex(16)}", began=dt.datetime.now(dt.UTC), ani=ani, dnis=dnis)


def _play(handset: Handset, events: tuple[Event, ...], show: Callable[[Part], None]) -> None:
    from webhooks.carrier.drivers.apply_event import apply_event
    from webhooks.carrier.drivers.transcript import waiting_for

    show(handset.dial())
    for event in events:
        if handset.ended:
            break
        if not apply_event(handset, event, secret=handset.call.secret):
            click.echo(f"{_word(event)!r} does not fit: the call waits for {waiting_for(handset.waits)}", err=True)
            continue
        show(handset.parts[-1])


def _word(event: Event) -> str:
    from flows.protocol.actions import Outcome

    return event.label if isinstance(event, Outcome) else type(event).__name__.lower()


def _converse(handset: Handset, terminal: Console, show: Callable[[Part], None]) -> None:
    """An interactive call: each line holds keys, an empty line is silence, the end of input hangs up."""
    from ivr.phone.call_console import ask, read_typed
    from webhooks.carrier.drivers.apply_event import apply_event
    from webhooks.carrier.drivers.transcript import waiting_for

    def read(typed: str) -> tuple[Event, ...]:
        if not typed.startswith("redirect "):
            return read_typed(typed)
        show(handset.redirect(typed.removeprefix("redirect ").strip()))
        return ()

    terminal.print(
        "[dim]Type keys and press Enter; Enter alone is silence; 'say:...' speaks; 'hangup' ends the call; "
        "'redirect URL' acts as the REST API.[/]"
    )
    show(handset.dial())
    answers = {
        "queue": "(answer, timeout, full, hangup)",
        "dial": "(answer, busy, no_answer, hangup)",
        "record": "(record, empty)",
    }
    while not handset.ended and (waits := handset.waits):
        asked = waiting_for(waits), answers.get(waits.kind, "")
        for event in ask(terminal, *asked, hidden=handset.call.secret, read=read):
            if handset.ended:
                break
            if apply_event(handset, event, secret=handset.call.secret):
                show(handset.parts[-1])
            else:
                terminal.print(f"  that does not fit: the call waits for {waiting_for(handset.waits)}", markup=False)


def _heading(terminal: Console, handset: Handset) -> None:
    from rich.markup import escape

    from webhooks.carrier.drivers.address import TOKEN
    from webhooks.carrier.requests.fetch import shown

    number = handset.call.number
    signed = "signed" if number.auth_token else f"not signed: {TOKEN} is not set"
    terminal.print(f"[bold]{escape(shown(number.url))}[/]  [dim]{signed}[/]")


def _ending(terminal: Console, handset: Handset) -> None:
    from rich.markup import escape

    from flows.display.numbers import duration
    from webhooks.carrier.drivers.transcript import waiting_for

    by = {
        "line": "the line hung up",
        "caller": "the caller hung up",
        "error": "the application failed",
        "carrier": "the carrier cut it off",
    }
    spent = f"[dim]{duration(handset.call.now_s)}, {counted(handset.call.requests, 'request')}[/]"
    if handset.ended:
        terminal.print(f"\n[bold]The call ended: {by[handset.call.ended_by]}[/]  {spent}")
    else:
        terminal.print(f"\n[bold]The call now waits for {escape(waiting_for(handset.waits))}[/]  {spent}")


def _close(handset: Handset) -> int:
    """Hang up a call that is not over, and report what went wrong; the exit code."""
    from webhooks.carrier.drivers.transcript import finding_of, problems

    if not handset.ended:
        handset.hang_up()
    met = problems(handset.call.log)
    if met:
        report([finding_of(problem) for problem in met])
    return int(any(problem.severity == "error" for problem in met))


def _show_results(played: Sequence[Played]) -> None:
    from ivr.phone.call_console import show_played
    from webhooks.carrier.drivers.scripts import own_clock

    def detail(one: Played) -> str:
        unseen = f"  {len(one.left_out)} left out" if one.left_out else ""
        return f"{one.seconds:>6.1f} s{unseen}"

    show_played(played, detail)
    count = sum(len(one.left_out) for one in played)
    if count and not is_quiet():
        say(f"{counted(count, 'line')} left out: what only the service knows cannot be set or checked from outside.")
    if (note := own_clock(played)) and not is_quiet():
        say(f"\n{note}")
