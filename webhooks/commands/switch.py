"""``ivr switch``: turn a switch of a line on and off while calls come."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING

import click

from flows.completion import flow_names
from flows.display.console import guarded
from flows.display.output import as_json
from flows.display.terminal import say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from flows.source.finding import UsageError
    from webhooks.store.switch_states import SwitchState

__all__ = ["switch"]


@click.command()
@click.argument("flow_file", metavar="LINE", shell_complete=flow_names)
@click.argument("name", metavar="[NAME]", required=False)
@click.argument("state", metavar="[on|off]", required=False, type=click.Choice(["on", "off"]))
@click.option(
    "--message",
    "messages",
    multiple=True,
    metavar="[TAG=]TEXT",
    help="With on: what callers hear instead of the flow's own words, in its first language or in TAG's; repeatable.",
)
@click.option(
    "--until", metavar="TIME", help="With on: when it goes off by itself, e.g. 18:00, 2026-12-24T18:00 or 2h."
)
@click.option(
    "--database",
    envvar="IVR_DATABASE_URL",
    default="calls.sqlite",
    show_default=True,
    metavar="DATABASE",
    help="SQLite file or postgresql:// address of the service [env: IVR_DATABASE_URL].",
)
@click.option("--json", "json_wanted", is_flag=True, help="The switches as JSON.")
@guarded
def switch(
    flow_file: str,
    name: str | None,
    state: str | None,
    messages: tuple[str, ...],
    until: str | None,
    database: str,
    json_wanted: bool,
) -> int:
    """Turn a switch of LINE on or off, or list its switches.

    The next caller hears it, from every worker of the service; nothing is restarted and the file stays as it is.

    \b
    Examples:
      ivr switch clinic.yaml
      ivr switch clinic.yaml emergency on --message "We are closed." --until 18:00
      ivr switch clinic.yaml emergency off
    """
    import time

    from flows.model.load import load
    from flows.model.switches import unknown_switch
    from webhooks.desk.audit import note
    from webhooks.store import Store
    from webhooks.store.switch_states import SwitchState, SwitchStates, turn_switch
    from webhooks.store.switch_texts import described, message_texts, moment_until, said_of

    flow = load(flow_file).flow
    if name is not None and (problem := unknown_switch(flow.switches, name)):
        raise _wrong(*problem)
    if state != "on" and (messages or until):
        given = "--message" if messages else "--until"
        raise _wrong(f"{given} goes with 'on'", f"write ivr switch {flow_file} {name or 'NAME'} on {given} ...")
    now_us = time.time_ns() // 1_000
    with closing(Store(database)) as store:
        if store.file is not None and not store.file.exists():
            raise _wrong(f"there is no database {database}", "name that of the service: --database FILE")
        if name is not None and state is not None:
            texts = message_texts(flow, messages)
            until_us = moment_until(flow, until, now_us) if until else None
            turned = SwitchState(state == "on", texts, now_us, until_us, "ivr switch")
            turn_switch(store, name, turned)
            note(store, "ivr switch", f"switch {state}", said_of(name, turned, flow))
        store.check()
        known = SwitchStates(store).now()
    shown = {one: known.get(one, SwitchState()) for one in ([name] if name else flow.switches)}
    if json_wanted:
        click.echo(as_json({"switches": {one: _as_dict(of, now_us) for one, of in shown.items()}}))
    elif not shown:
        say(f"{flow.name} has no switches. Declare one: switches: {{emergency: {{say: ..., next: NODE}}}}")
    else:
        width = max(map(len, shown))
        for one, of in shown.items():
            say(f"{one:<{width}}  {described(of, flow, now_us)}")
    return 0


def _wrong(message: str, hint: str) -> UsageError:
    from flows.source.finding import usage_error

    return usage_error("U001", message, hint)


def _as_dict(of: SwitchState, now_us: int) -> Mapping[str, object]:
    on = of.on(now_us)
    return {
        "on": on,
        "messages": dict(of.messages) if on else {},
        "since_us": of.changed_us(now_us) or None,
        "until_us": of.until_us if on else None,
        "by": of.by_whom,
    }
