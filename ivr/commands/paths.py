"""``ivr paths``: call scripts that try everything callers can come to."""

from __future__ import annotations

import click

from flows.completion import any_file, flow_names
from flows.display.console import guarded
from flows.display.output import as_json, write_output
from flows.display.terminal import note
from flows.source.counted import counted

__all__ = ["paths"]


@click.command()
@click.argument("flow_file", metavar="FLOW", shell_complete=flow_names)
@click.option("--output", "-o", metavar="FILE", shell_complete=any_file, help="Write the call scripts to FILE.")
@click.option("--json", "json_wanted", is_flag=True, help="Print the calls as JSON.")
@guarded
def paths(flow_file: str, output: str | None, json_wanted: bool) -> int:
    """Write few call scripts that together try every node, exit, silence, wrong key, text and language of FLOW that
    callers can come to. They say what the line does now: read them before you keep them.

    Exit code: 0 when everything is tried, 1 when something was not found, 2 for wrong usage.

    \b
    Examples: ivr paths northwind --output northwind_all.calls
              ivr test northwind northwind_all.calls --coverage
    """
    from flows.model.load import load
    from ivr.coverage.coverage import there
    from ivr.paths.choose import chosen
    from ivr.paths.search import ways
    from ivr.paths.wanted import wanted
    from ivr.paths.write_script import scripts_text

    flow = load(flow_file).flow
    every = there(flow)
    things = wanted(flow)
    found = chosen(ways(flow, things), things)
    tried = frozenset(thing for way in found for thing in way.things)
    missing = [(family, thing) for family, things in every.items() for thing in things if (family, thing) not in tried]
    text = scripts_text(flow, found)
    if json_wanted:
        told = {"calls": [{"lines": list(way.lines)} for way in found]}
        lost = [{"family": family, "thing": list(thing)} for family, thing in missing]
        click.echo(as_json({"flow": flow.name, **told, "not_found": lost}))
    elif output is None:
        click.echo(text.rstrip("\n"))
    if output is not None:
        write_output(output, text)
        note(f"{output}: {counted(len(found), 'call')}")
    for family, thing in missing:
        if family in ("exits", "nodes", "silence and wrong keys", "last attempts", "languages"):
            note(f"no call found that tries {' '.join(thing)} ({family})")
    return int(bool(missing))
