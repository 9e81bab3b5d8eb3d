"""``ivr agents``: who answers each queue of a line, and the people added by command."""

from __future__ import annotations

import sys
from contextlib import AbstractContextManager, closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from flows.completion import any_file, flow_names
from flows.display.console import findings_exit_code, guarded, report
from flows.display.output import as_json
from flows.display.terminal import note, say

if TYPE_CHECKING:
    from collections.abc import Mapping

    from click.shell_completion import CompletionItem

    from ivr.answering.agents_file import Agent
    from webhooks.store import Store

__all__ = ["agents"]

_FLOW = click.argument("flow_file", metavar="FLOW", shell_complete=flow_names)
_PERSON = click.argument("name", metavar="NAME")
_FILE = click.option(
    "--file",
    "agents_file",
    metavar="FILE",
    shell_complete=any_file,
    help="The agents file; default: FLOW.agents.yaml beside the flow, or agents.yaml.",
)
_DATABASE = click.option(
    "--database",
    envvar="IVR_DATABASE_URL",
    default="calls.sqlite",
    show_default=True,
    metavar="DATABASE",
    help="SQLite file or postgresql:// address of the service [env: IVR_DATABASE_URL].",
)
_STDIN = click.option("--password-stdin", is_flag=True, help="Read the password from the first line of standard input.")


class _ListsByDefault(click.Group):
    """``ivr agents FLOW`` is ``ivr agents list FLOW``."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ctx.help_option_names:
            args = ["list", *args]
        return super().parse_args(ctx, args)

    def shell_complete(self, ctx: click.Context, incomplete: str) -> list[CompletionItem]:
        flow = next(one for one in self.commands["list"].params if one.name == "flow_file")
        return [*super().shell_complete(ctx, incomplete), *flow_names(ctx, flow, incomplete)]


@click.group(cls=_ListsByDefault, no_args_is_help=False)
def agents() -> None:
    """Who answers FLOW: show them, add people, take them out, set passwords.

    ``ivr agents FLOW`` lists them. People stand in the agents file beside the flow, or are added by command to the
    database of the service, which takes them in within seconds.
    """


@agents.command(name="list", short_help="Show who answers each queue.")
@_FLOW
@_FILE
@_DATABASE
@click.option("--json", "json_wanted", is_flag=True, help="The same as JSON.")
@guarded
def list_agents(flow_file: str, agents_file: str | None, database: str, json_wanted: bool) -> int:
    """Show who answers each queue of FLOW, whose turn it is first, and where their telephones are.

    The agents file says who there is, in which groups, and the routing between them, in the words of a scenario. People
    added by command are shown too, if the database is there.

    \b
    Examples:
      ivr agents northwind
      ivr agents list clinic.yaml --file night.agents.yaml
    """
    from dataclasses import asdict

    from flows.kinds import Sample
    from flows.model.load import load
    from ivr.answering.read_agents import agents_findings, parse_agents
    from ivr.answering.who_answers import turns, turns_text

    loaded = load(flow_file)
    file = _file_of(loaded.document.file, agents_file)
    text, name = _everybody(loaded.document.file, file, database)
    found = agents_findings(Sample(name, text), loaded.flow)
    if found:
        report(found)
    if any(finding.severity == "error" for finding in found):
        return 1
    people, table = parse_agents(text, name, loaded.flow)
    if json_wanted:
        who = {short: _told(agent) for short, agent in people.agents.items()}
        click.echo(as_json({"turns": [asdict(turn) for turn in turns(people, table)], "agents": who}))
    else:
        say(f"{loaded.flow.name}\n{turns_text(people, table)}")
    return 0


@agents.command(short_help="Add somebody who answers, or change them.")
@_FLOW
@_PERSON
@click.option("--full-name", metavar="TEXT", help="As colleagues know them; default: NAME.")
@click.option("--group", metavar="GROUP", help="A group of the agents file.")
@click.option("--skill", "skills", multiple=True, metavar="SKILL", help="Instead of a group: a queue; repeatable.")
@click.option("--phone", metavar="NUMBER", help="The number that rings; default: they answer in the browser.")
@click.option("--sip", metavar="ADDRESS", help="The SIP telephone that rings.")
@click.option("--language", "languages", multiple=True, metavar="TAG", help="They speak it; default: all; repeatable.")
@click.option(
    "--role",
    type=click.Choice(["agent", "supervisor", "admin"]),
    default="agent",
    show_default=True,
    help="What they may do at the desk.",
)
@_FILE
@_DATABASE
@_STDIN
@click.option("--no-password", is_flag=True, help="Ask for none; on this machine they sign in without.")
@guarded
def add(
    flow_file: str,
    name: str,
    full_name: str | None,
    group: str | None,
    skills: tuple[str, ...],
    phone: str | None,
    sip: str | None,
    languages: tuple[str, ...],
    role: str,
    agents_file: str | None,
    database: str,
    password_stdin: bool,
    no_password: bool,
) -> int:
    """Add NAME to those who answer FLOW, in the database of the service, and ask for their password.

    \b
    Examples:
      ivr agents add northwind ivy --full-name "Ivy Stone" --group billing
      ivr agents add shop.yaml joe --skill sales --phone +14155550123 --role supervisor
    """
    from flows.model.load import load
    from webhooks.desk.people import added_people, findings_with

    loaded = load(flow_file)
    file = _file_of(loaded.document.file, agents_file)
    _check_person(name, group, skills, file)
    given = {
        "name": full_name or name,
        "group": group,
        "skills": list(skills) or None,
        "phone": phone,
        "sip": sip,
        "browser": None if phone or sip else True,
        "languages": list(languages) or None,
        "role": role,
    }
    stated = {key: value for key, value in given.items() if value is not None}
    with _store(database) as store:
        before = added_people(store)
        found = findings_with(loaded.flow, file, before, {**before, name: stated})
        report(found)
        if code := findings_exit_code(found):
            return code
        kept = before.get(name, {}).get("password_hash")
        hash_ = kept if no_password else _password(name, password_stdin)
        _save(store, name, stated | ({"password_hash": hash_} if hash_ else {}))
    note(f"{'changed' if name in before else 'added'} {name} in {database}")
    return 0


@agents.command(short_help="Take out somebody who was added.")
@_PERSON
@_DATABASE
@guarded
def remove(name: str, database: str) -> int:
    """Take NAME out of the people added by command; if they are signed in, they are signed out.

    \b
    Example: ivr agents remove ivy
    """
    from webhooks.desk.people import save_person
    from webhooks.desk.sessions import sign_out_everywhere

    with _store(database) as store:
        if not save_person(store, name, None):
            raise _nobody(name, store)
        sign_out_everywhere(store, name)
    note(f"took {name} out of {database}")
    return 0


@agents.command(short_help="Set a password.")
@_FLOW
@_PERSON
@_FILE
@_DATABASE
@_STDIN
@guarded
def password(flow_file: str, name: str, agents_file: str | None, database: str, password_stdin: bool) -> int:
    """Ask for a new password of NAME. For somebody of the agents file, print the line to put there.

    \b
    Example: ivr agents password northwind ivy
    """
    from flows.model.load import load
    from flows.source.yaml_reader import parse, read_text
    from webhooks.desk.people import added_people
    from webhooks.desk.sessions import sign_out_everywhere

    file = _file_of(load(flow_file).document.file, agents_file)
    stated: Any = parse(read_text(str(file)), str(file)).data if file else {}
    of_file = stated.get("agents", {}) if isinstance(stated, dict) else {}
    if file and name in of_file:
        hash_ = _password(name, password_stdin)
        note(f"{name} stands in {file.name}; write this line there, among what it says of {name}:")
        click.echo(f'password_hash: "{hash_}"')
        return 0
    with _store(database) as store:
        added = added_people(store)
        if name not in added:
            raise _nobody(name, store, tuple(of_file))
        _save(store, name, added[name] | {"password_hash": _password(name, password_stdin)})
        sign_out_everywhere(store, name)
    note(f"set the password of {name}")
    return 0


def _file_of(flow_file: str, stated: str | None) -> Path | None:
    from ivr.answering.beside import agents_beside

    return Path(stated) if stated else agents_beside(flow_file)


def _everybody(flow_file: str, file: Path | None, database: str) -> tuple[str, str]:
    """The agents file with the people of the database, if that is there."""
    from flows.source.finding import usage_error
    from flows.source.yaml_reader import read_text
    from ivr.answering.beside import names_beside

    if "://" in database or Path(database).is_file():
        from webhooks.desk.people import added_people, whole

        with _store(database) as store:
            added = added_people(store)
        if added:
            return whole(file, added)
    if file is None:
        own = names_beside(flow_file)[0]
        raise usage_error(
            "U001",
            f"no agents file lies beside {Path(flow_file).name}",
            f"write {own.name}, name one by --file, or add people by 'ivr agents add'",
        )
    return read_text(str(file)), str(file)


def _store(database: str) -> AbstractContextManager[Store]:
    from webhooks.store import Store
    from webhooks.store.preflight import refuse_hopeless

    refuse_hopeless(database)
    return closing(Store(database))


def _told(agent: Agent) -> dict[str, Any]:
    return agent.model_dump(mode="json", exclude={"password_hash"}) | {"password": agent.password_hash is not None}


def _check_person(name: str, group: str | None, skills: tuple[str, ...], file: Path | None) -> None:
    if not name.strip() or not name.isprintable() or len(name) > 100:
        raise click.UsageError(f"NAME {name!r} is not a short name; write one such as ivy, of at most 100 characters")
    if (group is None) == (not skills):
        raise click.UsageError(f"{name} has either a group or skills; write --group GROUP, or --skill QUEUE")
    if file is not None:
        from flows.source.yaml_reader import parse, read_text

        data: Any = parse(read_text(str(file)), str(file)).data
        if isinstance(data, dict) and name in (data.get("agents") or {}):
            raise click.UsageError(f"{name} stands in {file}; change them there, or choose another NAME")


def _save(store: Store, name: str, stated: Mapping[str, Any]) -> None:
    from ivr.answering.agents_file import Agent
    from webhooks.desk.people import save_person

    save_person(store, name, Agent.model_validate(stated))


def _password(name: str, from_stdin: bool) -> str:
    from webhooks.desk.passwords import hashed, too_weak

    if from_stdin:
        given = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        given = click.prompt(f"Password of {name}", hide_input=True, confirmation_prompt=True, err=True)
    else:
        raise click.UsageError("there is no terminal to ask for a password; write --password-stdin")
    if why := too_weak(given, name):
        raise click.UsageError(why)
    return hashed(given)


def _nobody(name: str, store: Store, of_file: tuple[str, ...] = ()) -> click.UsageError:
    from webhooks.desk.people import added_people

    known = (*added_people(store), *of_file)
    told = f"known: {', '.join(known)}" if known else f"'ivr agents add FLOW {name}' adds them"
    return click.UsageError(f"{name!r} is not one of those who answer; {told}")
