"""``ivr lint``: finds everything in a line's files that leaves a caller lost, waiting or misled."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Protocol

import click
from click.core import ParameterSource

from flows.commands._lint_report import report_text, say_what_was_not_checked
from flows.commands._own_rules import rules_option, use_own_rules
from flows.completion import any_file, checked_names, rule_codes, scenario_names
from flows.display.console import (
    findings_exit_code,
    guarded,
    report,
)
from flows.display.terminal import is_quiet, note, quiet_option, wants_colour
from flows.display.watch import watched
from flows.lint.formats.render import FORMATS, render
from flows.source.counted import counted

if TYPE_CHECKING:
    from flows.analysis.traffic import ScenarioReader
    from flows.lint.around import Checker
    from flows.lint.baseline import Entry
    from flows.lint.left_out import LeftOut
    from flows.lint.run import Run
    from flows.source.finding import Finding
    from flows.source.project_file import ProjectFile

__all__ = ["lint"]

_CODES = "CODE[,CODE...]"


@click.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True, shell_complete=checked_names)
@click.option(
    "--format",
    "form",
    type=click.Choice(tuple(FORMATS)),
    default="text",
    show_default=True,
    help="How findings are written.",
)
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option(
    "--select",
    metavar=_CODES,
    multiple=True,
    shell_complete=rule_codes,
    help="Only these rules; M1 stands for all that begin with M1.",
)
@click.option("--ignore", metavar=_CODES, multiple=True, shell_complete=rule_codes, help="All but these rules.")
@click.option("--profile", metavar="NAME", default="", help="default, accessible or es (Spain's law).")
@rules_option
@quiet_option("Only errors and warnings: no infos, which fail no check, no summary, no notes.")
@click.option("--fix", "do_fix", is_flag=True, help="Apply the fixes that change neither words nor where a key leads.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also fixes to look at afterwards.")
@click.option("--diff", "do_diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--exclude", metavar="PATTERN", multiple=True, help="Leave out files, as in a .gitignore; repeatable.")
@click.option("--stdin-filename", metavar="NAME", default="", help="The name of the file given as - (standard input).")
@click.option("--baseline", metavar="FILE", shell_complete=any_file, help="Leave out the findings listed in FILE.")
@click.option(
    "--write-baseline",
    metavar="FILE",
    shell_complete=any_file,
    help="Write the findings to FILE, to leave them out from now on.",
)
@click.option(
    "--scenario",
    metavar="FILE",
    shell_complete=scenario_names,
    help="A scenario whose agents, shares and volumes the rules weigh.",
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    envvar="IVR_TODAY",
    help="The day for rules that look at the calendar; default: IVR_TODAY, else today.",
)
@watched(but_not=("--fix", "--write-baseline"))
@guarded
def lint(
    files: tuple[str, ...],
    form: str,
    as_json: bool,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    profile: str,
    rule_folders: tuple[str, ...],
    do_fix: bool,
    unsafe_fixes: bool,
    do_diff: bool,
    exclude: tuple[str, ...],
    stdin_filename: str,
    baseline: str | None,
    write_baseline: str | None,
    scenario: str | None,
    today: dt.datetime | None,
) -> int:
    """Check the files of a line for everything that leaves a caller lost, waiting or misled.

    FILE is a flow, a part, a catalogue of prompts, a scenario, a file of call scripts, translations, settings; each is
    known by what is in it. Or it is a folder of such files (hidden and ignored ones are left out), a pattern in
    quotes such as 'lines/**/*.yaml', - for the standard input, or a shipped name such as northwind.

    Severities, thresholds and rules left out may be set in the flow (lint:), in ivr.toml ([lint]) and in pyproject.toml
    ([tool.ivr.lint]).

    Exit code: 0 with nothing but infos, 1 with errors or warnings (with --diff: with a difference), 2 for wrong usage.
    """
    from flows.lint.baseline import read_baseline
    from flows.lint.run import check_files

    _check_usage(files, do_fix=do_fix, do_diff=do_diff, unsafe_fixes=unsafe_fixes)
    known = read_baseline(baseline) if baseline else None
    own = use_own_rules(rule_folders)
    run = check_files(
        files,
        select=",".join(select).split(","),
        ignore=",".join(ignore).split(","),
        profile=profile,
        fix=do_fix or do_diff,
        unsafe=unsafe_fixes,
        today=today.date() if today else dt.date.today(),
        facts=partial(_program().read_scenario, scenario) if scenario else None,
        left_out=_left_out(exclude),
        lent=_program().checkers,
        options=_options(),
        also=(*_program().wrong_settings, *own.findings),
        rule_folders=own.folders,
        stdin=(os.path.normpath(stdin_filename or "<stdin>"), sys.stdin.read() if "-" in files else ""),
    )
    say_what_was_not_checked(run)
    if do_diff:
        return _show_diff(run, unsafe=unsafe_fixes)
    if do_fix:
        _write_fixes(run, unsafe=unsafe_fixes)
    if write_baseline is not None:
        return _write_baseline(run, write_baseline)
    found, hidden = (run.found, 0) if known is None or baseline is None else _without_known(run.found, known, baseline)
    found = tuple(finding for finding in found if not (is_quiet() and finding.severity == "info"))
    if as_json or form != "text":
        text = render(found, "json" if as_json else form, sources=run.sources)
    else:
        some_rules = bool(select or ignore)
        text = report_text(
            run,
            found,
            some_rules=some_rules,
            known=hidden,
            baseline=baseline or "",
            explained_with=own.explained_with,
        )
    if text:
        click.echo(text, color=wants_colour(sys.stdout))
    return 2 if run.missing else findings_exit_code(found)


class _Program(Protocol):
    """What the program lends, because `flows` may not import scenarios and calls."""

    read_scenario: ScenarioReader
    checkers: Mapping[str, Checker]
    project: ProjectFile | None
    wrong_settings: tuple[Finding, ...]


def _program() -> _Program:
    program: _Program = click.get_current_context().find_root().obj
    return program


def _check_usage(files: Sequence[str], *, do_fix: bool, do_diff: bool, unsafe_fixes: bool) -> None:
    stated = click.get_current_context().get_parameter_source("unsafe_fixes")
    if unsafe_fixes and not (do_fix or do_diff) and stated is not ParameterSource.DEFAULT_MAP:
        raise click.UsageError("--unsafe-fixes says what --fix or --diff may do; add one of them")
    if do_fix and "-" in files:
        raise click.UsageError("--fix changes files, and - is not one; write --diff instead")


def _left_out(exclude: Sequence[str]) -> LeftOut:
    """The patterns are relative to the file that states them: the project's settings, or the current folder."""
    from flows.lint.left_out import LeftOut

    project = _program().project
    of_project = click.get_current_context().get_parameter_source("exclude") is ParameterSource.DEFAULT_MAP
    return LeftOut(exclude, base=project.folder if project and of_project else "")


def _options() -> list[str]:
    """The names of the options of this command, whose defaults stand beside the settings of the rules."""
    from flows.lint.settings import KEYS

    own = click.get_current_context().command.params
    names = [max(param.opts, key=len).lstrip("-") for param in own if isinstance(param, click.Option)]
    return [name for name in names if name not in KEYS]


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
        note(f"{change.file}: {change.number} fixed")
    _say_if_nothing(run, unsafe=unsafe)


def _say_if_nothing(run: Run, *, unsafe: bool) -> None:
    """Say that nothing changes; silence could also mean a flow without findings or a broken command."""
    if run.changes or run.refused or not run.flows:
        return
    more = "; --unsafe-fixes may have some" if not unsafe and any(finding.fix for finding in run.found) else ""
    note(f"no fixes available{more}")


def _write_baseline(run: Run, file: str) -> int:
    from flows.lint.baseline import baseline_text
    from flows.source.atomic_write import write_whole

    write_whole(file, baseline_text(run.found, file))
    are = "is" if len(run.found) == 1 else "are"
    note(f"{file}: {counted(len(run.found), 'finding')} {are} known from now on")
    return 2 if run.missing else 0


def _without_known(found: tuple[Finding, ...], known: Counter[Entry], baseline: str) -> tuple[tuple[Finding, ...], int]:
    """The new findings, and the number of known ones."""
    from flows.lint import baseline as baselines

    new = baselines.known(found, known, baseline)
    return new, len(found) - sum(finding.code != baselines.GONE for finding in new)
