"""``ivr test``: call scripts played on a flow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.display.console import guarded, report
from flows.display.output import as_json
from flows.display.terminal import is_quiet, say
from flows.source.counted import counted

if TYPE_CHECKING:
    from flows.model.flow import Flow
    from ivr.phone.script_player import Played

__all__ = ["test"]


@click.command()
@click.argument("flow_file", metavar="FLOW")
@click.argument("scripts", nargs=-1, metavar="[SCRIPT]...")
@click.option("--json", "json_wanted", is_flag=True, help="Print results as JSON.")
@guarded
def test(flow_file: str, scripts: tuple[str, ...], json_wanted: bool) -> int:
    """Play call scripts against FLOW and check them; default: FLOW's own .calls file.

    With --url they are played over HTTP, against the application there: ivr test --url --help.

    \b
    Example: ivr test northwind
    """
    from flows.model.load import library, load
    from flows.source.yaml_reader import read_text
    from ivr.phone.call_console import played_dict
    from ivr.phone.call_script import read_scripts
    from ivr.phone.flow_scripts import run, untried

    flow = load(flow_file).flow
    files = [Path(script) for script in scripts] or [library(flow_file).with_suffix(".calls")]
    played = [run(flow, script) for file in files for script in read_scripts(read_text(file), str(file))]
    missed = untried(flow, played)
    if json_wanted:
        data = played_dict(played, lambda one: {"path": [list(step) for step in one.path]})
        data["untried"] = [{"node": node, "outcome": outcome} for node, outcome in missed]
        click.echo(as_json(data))
    else:
        _show(flow, played, missed)
    failed = [finding for one in played for finding in one.findings]
    if failed and not json_wanted:
        click.echo()
        report(failed)
    return 1 if failed else 0


def _show(flow: Flow, played: list[Played], missed: tuple[tuple[str, str], ...]) -> None:
    from ivr.phone.call_console import show_played
    from ivr.phone.flow_scripts import exits

    def detail(one: Played) -> str:
        number = len({node for node, _ in one.path})
        return f"{number:>3} {'node' if number == 1 else 'nodes':<5}  {one.seconds:>6.1f} s"

    number = len(exits(flow))
    show_played(played, detail)
    if is_quiet():
        return
    if not missed:
        say(f"All {number} exits tried." if number > 1 else "The only exit tried.")
        return
    shown = ", ".join(f"{node} {outcome}" for node, outcome in missed[:4])
    of = counted(number, "exit")
    say(f"{len(missed)} of {of} never tried: {shown}{' ...' if len(missed) > 4 else ''}")
