"""``ivr test``: call scripts played on a flow."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import click

from flows.completion import any_file, flow_names
from flows.display.console import guarded, report
from flows.display.numbers import share
from flows.display.options import SHARE
from flows.display.output import as_json, write_output
from flows.display.terminal import is_quiet, note, say, text_columns
from flows.source.counted import counted

if TYPE_CHECKING:
    from flows.model.flow import Flow
    from flows.model.load import Loaded
    from ivr.phone.script_player import Played

__all__ = ["test"]


@click.command()
@click.argument("flow_file", metavar="FLOW", shell_complete=flow_names)
@click.argument("scripts", nargs=-1, metavar="[SCRIPT]...", shell_complete=any_file)
@click.option(
    "--beside",
    is_flag=True,
    help="Each file is a flow or a call script: play it with the one beside it, and pass over those that stand alone.",
)
@click.option(
    "--coverage", is_flag=True, help="Also say what was tried: nodes, exits, silence, texts, languages, hours."
)
@click.option(
    "--mutate",
    is_flag=True,
    help="Also make mistakes in the flow, one at a time, and say which of them no call notices.",
)
@click.option(
    "--fail-under",
    type=SHARE,
    metavar="SHARE",
    help="Fail if a smaller share of the exits was tried, or of the mistakes of --mutate noticed: for example 90%.",
)
@click.option(
    "--junit",
    "junit_file",
    metavar="FILE",
    shell_complete=any_file,
    help="Also write a JUnit report for build servers.",
)
@click.option("--json", "json_wanted", is_flag=True, help="Print results as JSON.")
@guarded
def test(
    flow_file: str,
    scripts: tuple[str, ...],
    beside: bool,
    coverage: bool,
    mutate: bool,
    fail_under: float | None,
    junit_file: str | None,
    json_wanted: bool,
) -> int:
    """Play call scripts against FLOW and check them; default: FLOW's own .calls file.

    With --url they are played over HTTP, against the application there: ivr test --url --help.

    \b
    Examples: ivr test northwind
              ivr test northwind --mutate --fail-under 90%
              ivr test --beside lines/*
    """
    if beside:
        if coverage or mutate or fail_under is not None or junit_file:
            wanted = "--coverage, --mutate, --fail-under or --junit"
            raise click.UsageError(f"--beside plays several flows; ask for {wanted} of one")
        return _test_beside([Path(file) for file in (flow_file, *scripts)], json_wanted=json_wanted)
    more = _More(coverage, mutate, fail_under, junit_file or "")
    data, failed = _tested(flow_file, [Path(script) for script in scripts], more, json_wanted=json_wanted)
    if json_wanted:
        click.echo(as_json(data))
    return failed


class _More(NamedTuple):
    """What is wanted besides how the calls went."""

    coverage: bool = False
    mutate: bool = False
    least: float | None = None
    junit: str = ""


def _test_beside(files: list[Path], *, json_wanted: bool) -> int:
    from ivr.phone.script_files import with_scripts

    failed = 0
    flows: list[dict[str, object]] = []
    for flow_file, script_file in with_scripts(files):
        if not json_wanted:
            click.echo(f"{'' if not flows else chr(10)}{flow_file}")
        data, wrong = _tested(str(flow_file), [script_file], _More(), json_wanted=json_wanted)
        flows.append({"flow": str(flow_file), **data})
        failed = failed or wrong
    if json_wanted:
        click.echo(as_json({"flows": flows}))
    elif not flows:
        click.echo("no flow here has a call script of its name beside it (line.yaml, line.calls)", err=True)
    return failed


def _own_script(flow_file: str) -> Path:
    """The call script of a flow's name beside it."""
    from flows.model.load import library
    from flows.source.finding import Finding, FlowError

    script = library(flow_file).with_suffix(".calls")
    if not script.exists():
        message, hint = "no such file", "write it (see docs/calls.md), or name another after the flow"
        raise FlowError(Finding(code="Y002", severity="error", message=message, file=str(script), hint=hint))
    return script


def _tested(flow_file: str, files: list[Path], more: _More, *, json_wanted: bool) -> tuple[dict[str, object], int]:
    """Play scripts, else those of its name, on a flow: the results as data, shown unless as JSON, and the exit code."""
    from flows.model.load import load
    from flows.source.yaml_reader import read_text
    from ivr.phone.call_console import played_dict
    from ivr.phone.call_script import read_scripts
    from ivr.phone.flow_scripts import run, untried

    loaded = load(flow_file)
    flow = loaded.flow
    files = files or [_own_script(flow_file)]
    played = [run(flow, script) for file in files for script in read_scripts(read_text(file), str(file))]
    missed = untried(flow, played)
    data = played_dict(played, lambda one: {"path": [list(step) for step in one.path]})
    data["untried"] = [{"node": node, "outcome": outcome} for node, outcome in missed]
    failed = [finding for one in played for finding in one.findings]
    if not json_wanted:
        _show(flow, played, missed)
        if failed:
            click.echo()
            report(failed)
    if more.junit:
        from ivr.coverage.junit import junit

        write_output(more.junit, junit(flow.name, played) + "\n")
        note(f"{more.junit}: {counted(len(played), 'call')}")
    too_few = _covered(flow, played, more, data, json_wanted=json_wanted)
    if more.mutate and failed:
        note("no mistakes are made in a flow whose calls do not go as written: mend those first")
    elif more.mutate:
        too_few |= _missed(loaded, played, more, data, json_wanted=json_wanted)
    return data, 1 if failed or too_few else 0


def _missed(loaded: Loaded, played: list[Played], more: _More, data: dict[str, object], *, json_wanted: bool) -> bool:
    """Tell which mistakes no call notices; whether fewer are noticed than asked."""
    from flows.display.progress import progress_bar
    from ivr.commands._mutants_text import mutants_dict, mutants_text, noticed_share
    from ivr.mutants.judge import judge

    with progress_bar("making mistakes") as bar:
        found = judge(loaded, [one.script for one in played], bar.progress)
    data["mistakes"] = mutants_dict(found)
    if not json_wanted:
        say("\n" + mutants_text(found, width=text_columns()))
    if more.least is None or noticed_share(found) >= more.least:
        return False
    note(f"{share(noticed_share(found))} of the mistakes noticed, less than {share(more.least)}")
    return True


def _covered(flow: Flow, played: list[Played], more: _More, data: dict[str, object], *, json_wanted: bool) -> bool:
    """Tell what was tried, if it is asked for; whether it is less than asked."""
    if not more.coverage and more.least is None:
        return False
    from ivr.commands._coverage_table import coverage_dict, coverage_text
    from ivr.coverage.coverage import coverage

    found = coverage(flow, played)
    data["coverage"] = coverage_dict(found)
    if more.coverage and not json_wanted:
        say("\n" + coverage_text(found, width=text_columns()))
    tried = found.of("exits")
    if more.least is None or tried.share >= more.least:
        return False
    few = f"{len(tried.tried)} of {counted(tried.number, 'exit')} tried ({share(tried.share)})"
    note(f"{few}, less than {share(more.least)}")
    return True


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
