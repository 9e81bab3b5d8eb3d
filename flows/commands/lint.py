"""``ivr lint``: finds everything in a flow that leaves a caller lost, waiting or misled."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

import click

from flows.display.console import (
    closing,
    columns_of,
    findings_exit_code,
    guarded,
    render_text,
    report,
    sources_of,
    summary,
    wants_colour,
    wrapped,
)
from flows.lint.formats.render import FORMATS, render
from flows.source.counted import counted

if TYPE_CHECKING:
    from collections import Counter

    from flows.analysis.traffic import ScenarioReader
    from flows.lint.baseline import Entry
    from flows.lint.run import Run
    from flows.source.finding import Finding

__all__ = ["lint"]

_CODES = "CODE[,CODE...]"


@click.command()
@click.argument("files", metavar="FLOW...", nargs=-1, required=True)
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(FORMATS)),
    default="text",
    show_default=True,
    help="How findings are written.",
)
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option("--select", metavar=_CODES, multiple=True, help="Only these rules; M1 stands for all that begin with M1.")
@click.option("--ignore", metavar=_CODES, multiple=True, help="All but these rules.")
@click.option("--profile", metavar="NAME", default="", help="default, accessible or es (Spain's law).")
@click.option("--quiet", is_flag=True, help="Leave out infos, the advice that does not fail a check.")
@click.option("--fix", "do_fix", is_flag=True, help="Apply the fixes that change neither words nor where a key leads.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also fixes to look at afterwards.")
@click.option("--diff", "do_diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--baseline", metavar="FILE", help="Leave out the findings listed in FILE.")
@click.option("--write-baseline", metavar="FILE", help="Write the findings to FILE, to leave them out from now on.")
@click.option("--scenario", metavar="FILE", help="A scenario whose agents, shares and volumes the rules weigh.")
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    envvar="IVR_TODAY",
    help="The day for rules that look at the calendar; default: IVR_TODAY, else today.",
)
@guarded
def lint(
    files: tuple[str, ...],
    form: str,
    as_json: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    profile: str,
    quiet: bool,
    do_fix: bool,
    unsafe_fixes: bool,
    do_diff: bool,
    baseline: str | None,
    write_baseline: str | None,
    scenario: str | None,
    today: dt.datetime | None,
) -> int:
    """Check flow files for everything that leaves a caller lost, waiting or misled.

    FLOW is a file, or the name of a shipped flow such as northwind.

    Severities, thresholds and rules left out may be set in the flow (lint:) and in pyproject.toml ([tool.ivr.lint]).

    Exit code: 0 with nothing but infos, 1 with errors or warnings (with --diff: with a difference), 2 for wrong usage.
    """
    from flows.lint.baseline import read_baseline
    from flows.lint.run import check_files

    if unsafe_fixes and not (do_fix or do_diff):
        raise click.UsageError("--unsafe-fixes says what --fix or --diff may do; add one of them")
    known = read_baseline(baseline) if baseline else None
    run = check_files(
        files,
        select=",".join(select).split(","),
        ignore=",".join(ignore).split(","),
        profile=profile,
        fix=do_fix or do_diff,
        unsafe=unsafe_fixes,
        today=today.date() if today else dt.date.today(),
        facts=partial(_scenario_reader(), scenario) if scenario else None,
    )
    if do_diff:
        return _show_diff(run, unsafe=unsafe_fixes)
    if do_fix:
        _write_fixes(run, unsafe=unsafe_fixes)
    if write_baseline is not None:
        return _write_baseline(run, write_baseline)
    found, hidden = (run.found, 0) if known is None or baseline is None else _without_known(run.found, known, baseline)
    found = tuple(finding for finding in found if not (quiet and finding.severity == "info"))
    if as_json or form != "text":
        text = render(found, "json" if as_json else form, sources=run.sources)
    else:
        colour = wants_colour(sys.stdout)
        some_rules = bool(select or ignore)
        told = summary(
            found, files=len(files), colour=colour, some_rules=some_rules, known=hidden, baseline=baseline or ""
        )
        text = _report(run, found, told, colour=colour)
    if text:
        click.echo(text, color=True)
    return 2 if run.missing else findings_exit_code(found)


def _scenario_reader() -> ScenarioReader:
    """The scenario reader passed in by the program, because `flows` may not import scenarios."""
    reader: ScenarioReader = click.get_current_context().find_root().obj.read_scenario
    return reader


def _show_diff(run: Run, *, unsafe: bool) -> int:
    if not run.flows:
        report(run.found)  # say why no flow could be read, not that nothing changes
        return 2 if run.missing else 1
    click.echo("".join(run.diffs), nl=False)
    if run.refused:
        report(run.refused)
    _say_if_nothing(run, unsafe=unsafe)
    return int(bool(run.diffs or run.refused))


def _write_fixes(run: Run, *, unsafe: bool) -> None:
    from flows.source.atomic_write import write_whole

    for change in run.changes:
        write_whole(change.file, change.after, before=change.before)
        click.echo(f"{change.file}: {change.number} fixed", err=True)
    _say_if_nothing(run, unsafe=unsafe)


def _say_if_nothing(run: Run, *, unsafe: bool) -> None:
    """Say that nothing changes; silence could also mean a flow without findings or a broken command."""
    if run.changes or run.refused or not run.flows:
        return
    more = "; --unsafe-fixes may have some" if not unsafe and any(finding.fix for finding in run.found) else ""
    click.echo(f"no fixes available{more}", err=True)


def _write_baseline(run: Run, file: str) -> int:
    from flows.lint.baseline import baseline_text
    from flows.source.atomic_write import write_whole

    write_whole(file, baseline_text(run.found, file))
    are = "is" if len(run.found) == 1 else "are"
    click.echo(f"{file}: {counted(len(run.found), 'finding')} {are} known from now on", err=True)
    return 2 if run.missing else 0


def _without_known(found: tuple[Finding, ...], known: Counter[Entry], baseline: str) -> tuple[tuple[Finding, ...], int]:
    """The new findings, and the number of known ones."""
    from flows.lint import baseline as baselines

    new = baselines.known(found, known, baseline)
    return new, len(found) - sum(finding.code != baselines.GONE for finding in new)


def _report(run: Run, found: Sequence[Finding], told: str, *, colour: bool) -> str:
    """The findings as text, followed by the summary, available fixes and costs."""
    width = columns_of(sys.stdout)
    sources = {**run.sources, **sources_of([f for f in found if f.file not in run.sources])}
    shown = render_text(found, sources=sources, colour=colour, width=width)
    said = (told, *closing(found), *run.costs(found))
    last = "\n".join(line for sentence in said for line in wrapped(sentence, width))
    return f"{shown}\n\n{last}".lstrip("\n")
