"""``ivr serve``: answer calls to a flow."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from flows.completion import flow_names, node_answers
from flows.display.console import guarded, report
from flows.display.terminal import is_quiet, note, say
from ivr.phone.moment_option import MOMENT

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    from flows.model.flow import Flow
    from flows.model.load import Loaded
    from flows.protocol.actions import Outcome
    from webhooks.settings.config import Config
    from webhooks.store import Store

__all__ = ["serve"]


@click.command()
@click.argument("flow_file", metavar="FLOW", shell_complete=flow_names)
@click.option(
    "--host", default="127.0.0.1", show_default=True, help="Address to listen on; any but loopback needs a token."
)
@click.option(
    "--port", default=5000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0 for any free one."
)
@click.option(
    "--public-url",
    envvar="IVR_PUBLIC_URL",
    default="",
    metavar="URL",
    help="Address at which Twilio reaches the service [env: IVR_PUBLIC_URL].",
)
@click.option(
    "--database",
    envvar="IVR_DATABASE_URL",
    default="calls.sqlite",
    show_default=True,
    metavar="DATABASE",
    help="SQLite file or postgresql:// address for records; empty for none [env: IVR_DATABASE_URL].",
)
@click.option(
    "--at",
    type=MOMENT,
    metavar="TIME",
    help="Start the clock at this time, e.g. 2026-11-23T10:00 (browser phone only).",
)
@click.option(
    "--lookup",
    "lookups",
    multiple=True,
    metavar="NODE=LABEL[:NAME=TEXT,...]",
    shell_complete=node_answers,
    help="Answer of a lookup or another service (browser phone only); repeatable.",
)
@click.option(
    "--draw",
    "draws",
    multiple=True,
    metavar="NODE=CASE",
    shell_complete=node_answers,
    help="Case to take at a split by shares; repeatable.",
)
@click.option(
    "--allow-errors",
    is_flag=True,
    envvar="IVR_ALLOW_ERRORS",
    help="Answer calls even if lint finds errors [env: IVR_ALLOW_ERRORS].",
)
@click.option("--desk", is_flag=True, envvar="IVR_DESK", help="People answer the queues, at /desk [env: IVR_DESK].")
@click.option(
    "--agents",
    "agents_file",
    envvar="IVR_AGENTS",
    type=click.Path(path_type=str),
    default=None,
    metavar="FILE",
    help="Who answers, with --desk; default: the agents file beside the flow [env: IVR_AGENTS].",
)
@click.option("--no-browser", is_flag=True, help="Do not serve the browser phone.")
@click.option("--json", "as_json", is_flag=True, help="Print the addresses as JSON.")
@guarded
def serve(
    flow_file: str,
    host: str,
    port: int,
    public_url: str,
    database: str,
    at: str | None,
    lookups: tuple[str, ...],
    draws: tuple[str, ...],
    allow_errors: bool,
    desk: bool,
    agents_file: str | None,
    no_browser: bool,
    as_json: bool,
) -> int:
    """Answer calls to FLOW: a browser phone on this machine, webhooks for Twilio.

    With --desk people answer the queues. On this machine the carrier is simulated: call in one browser tab, answer in
    another.

    With TWILIO_AUTH_TOKEN and --public-url, every request must be signed by Twilio. Without them the service is for
    this machine only. For production see docs/serving.md (gunicorn).

    \b
    Example: ivr serve northwind
    """
    import logging
    import os
    from contextlib import ExitStack
    from dataclasses import replace
    from pathlib import Path

    from flows.model.load import load
    from ivr.interpreter.clock_and_chance import stated_answers

    loaded = load(flow_file)
    stated = stated_answers(loaded.flow, "--lookup", lookups) | stated_answers(loaded.flow, "--draw", draws)
    config = _config(loaded, host, public_url, database, at, no_browser, os.environ, stated)
    if allow_errors:
        config = replace(config, allow_errors=True)
    if desk or agents_file:
        config = replace(config, desk=True, agents_file=Path(agents_file) if agents_file else None)
    _check_errors(loaded, config)
    claim = ExitStack()
    if database:
        from webhooks.store.desk_claim import claim_desk
        from webhooks.store.preflight import refuse_hopeless

        refuse_hopeless(database)
        if config.desk:
            claim = claim_desk(database)
    from webhooks.service.dev_server import address_of, bind, run

    listening = bind(host, port)
    from webhooks.service.app import create_app

    logging.basicConfig(
        format="%(asctime)s  %(message)s", datefmt="%H:%M:%S", level=logging.WARNING if is_quiet() else logging.INFO
    )
    virtual = config.desk and config.development
    with claim:
        app = create_app(config, virtual_base=address_of(listening) if virtual else "")
        shown = _opened(app.extensions["ivr"]["store"])
        address = address_of(listening)
        run(app, listening, ready=lambda: _print_addresses(config, address, shown, as_json=as_json))
    note("Stopped.")
    return 0


def _config(
    loaded: Loaded,
    host: str,
    public_url: str,
    database: str,
    at: str | None,
    no_browser: bool,
    environ: Mapping[str, str],
    stated: Mapping[str, Outcome],
) -> Config:
    from pathlib import Path

    from webhooks.security.origin import is_loopback
    from webhooks.settings.config import Config, wall_clock
    from webhooks.settings.environment import auth_tokens, shared
    from webhooks.settings.problems import problem

    token, *before = auth_tokens(environ) or ("",)
    live = bool(token and public_url) or not is_loopback(host)
    if live and not token:
        raise problem(
            f"listening on {host} without an auth token would let anybody place calls",
            "set TWILIO_AUTH_TOKEN and --public-url, or leave out --host to try the line on this machine",
        )
    if public_url and not token:
        raise problem(
            "a public URL without an auth token would let anybody place calls",
            "set TWILIO_AUTH_TOKEN to your account's token, or leave out the public URL to try the line on this"
            " machine",
        )
    if live and at is not None:
        raise click.UsageError("--at is for the browser phone only; calls from outside use the real time")
    return Config(
        flow=loaded.flow,
        flow_files=tuple(loaded.document.texts),
        flow_folder=Path(loaded.document.file).parent,
        public_url=public_url if live else "",
        auth_token=token if live else "",
        tokens_before=tuple(before) if live else (),
        database=database,
        stated=stated,
        **shared(environ),
        development=not live,
        browser=not no_browser,
        clock=wall_clock if at is None else _clock_from(_moment(at, loaded.flow)),
    )


def _check_errors(loaded: Loaded, config: Config) -> None:
    """Refuse to serve a flow with errors to the public; on this machine, only report them."""
    from flows.lint.errors_in import errors_in
    from webhooks.settings.flow_errors import refuse_errors

    if config.allow_errors:
        return
    if not config.development:
        refuse_errors(loaded)
    if errors := errors_in(loaded):
        report(errors)


def _opened(store: Store | None) -> str:
    """The address of the database without secrets.

    Raises
    ------
    IvrError
        If it is newer than this program, or not one of ours. An unreachable one may come back, and calls continue
        without it.
    """
    from flows.source.finding import IvrError
    from webhooks.store import UNREACHABLE

    if store is None:
        return ""
    try:
        store.check()
    except IvrError:
        raise
    except UNREACHABLE:
        pass  # already logged
    return store.shown


def _moment(text: str, flow: Flow) -> dt.datetime:
    from ivr.phone.call_time import moment_of

    try:
        return moment_of(flow, text)
    except ValueError as error:
        raise click.UsageError(f"--at {error}") from None


def _clock_from(moment: dt.datetime) -> Callable[[], dt.datetime]:
    from webhooks.settings.config import wall_clock

    began = wall_clock()
    return lambda: moment + (wall_clock() - began)


def _print_addresses(config: Config, address: str, database: str, *, as_json: bool) -> None:
    phone = f"{address}/phone" if config.development and config.browser else None
    base = config.base or address
    desk = f"{base}/desk" if config.desk else None
    if as_json:
        said = {
            "flow": config.flow.name,
            "address": address,
            "phone": phone,
            "desk": desk,
            "voice": f"{base}/voice",
            "status": f"{base}/status",
            "signed": config.checks_signature,
            "database": database or None,
        }
        click.echo(json.dumps(said, ensure_ascii=False))
        return
    lines = [("Browser phone", click.style(phone, bold=True, fg="cyan"))] if phone else []
    lines += [("Desk", click.style(desk, bold=True, fg="cyan"))] if desk else []
    lines += [
        ("Voice webhook", f"{base}/voice"),
        ("Status callback", f"{base}/status"),
        ("Signatures", "checked" if config.checks_signature else "not checked: this machine only"),
        ("Records", database or "not kept"),
    ]
    say(f"\n{click.style(config.flow.name, bold=True)} is on the line.\n")
    for label, text in lines:
        say(f"  {click.style(f'{label:<16}', dim=True)} {text}")
    if phone and desk:
        told = "Call from the browser phone in one tab, and answer at the desk in another."
    elif phone:
        told = "Open the browser phone to call it."
    else:
        told = "Point a Twilio number at the voice webhook (docs/serving.md)."
    if closed := _closed(config):
        say(f"\n{closed}")
    say(f"\n{told} Press Ctrl+C to stop.\n")


def _closed(config: Config) -> str:
    """That callers hear a closed line at this hour, and how to set the clock; a real line is closed as it says."""
    from ivr.phone.closed_now import closed_now

    closed = closed_now(config.flow, config.clock()) if config.development else None
    if closed is None:
        return ""
    return f"{closed.text} To set the clock to an open hour: --at {closed.at}" if closed.at else closed.text
