"""Commands on flow files: lint, explain, show, optimise, convert. A leaf that nobody imports."""

from __future__ import annotations

import datetime as dt
import sys
from functools import partial
from pathlib import Path
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
from flows.display.option_types import SECONDS, SHARE
from flows.lint.formats.render import FORMATS, render

if TYPE_CHECKING:
    from flows.analysis.traffic import Facts, Traffic
    from flows.lint.run import Run
    from flows.model.flow import Flow
    from flows.source.finding import Finding

_CODES = "CODE[,CODE...]"
_ENDINGS = {
    ".svg": "svg",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".json": "json",
    ".txt": "tree",
}
_NOT_DRAWN = (".png", ".pdf", ".jpg", ".jpeg", ".gif", ".webp")


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
@click.option("--select", metavar=_CODES, multiple=True, help="Only these rules; M1 stands for all that begin so.")
@click.option("--ignore", metavar=_CODES, multiple=True, help="All but these rules.")
@click.option("--profile", metavar="NAME", default="", help="default, accessible or es (Spain's law).")
@click.option("--quiet", is_flag=True, help="Leave out infos, the advice that does not fail a check.")
@click.option("--fix", "do_fix", is_flag=True, help="Mend what can be mended without changing where any key leads.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also what you should look at afterwards.")
@click.option("--diff", "do_diff", is_flag=True, help="Print what --fix would change, and change nothing.")
@click.option("--baseline", metavar="FILE", help="Leave out the findings that are known in FILE.")
@click.option("--write-baseline", metavar="FILE", help="Write what is found to FILE, as known from now on.")
@click.option(
    "--scenario", metavar="FILE", help="Agents, shares and volumes of a scenario, for the rules that weigh them."
)
@click.option(
    "--today",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    envvar="IVR_TODAY",
    help="The day on which the calendar is looked at; default: IVR_TODAY, else today.",
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

    Exit code: 0 when there is nothing but infos, 1 with errors or warnings (with --diff: with a difference), 2 when
    called wrongly.
    """
    from flows.lint.baseline import GONE, baseline_text, known, read_baseline
    from flows.lint.run import check_files
    from flows.source.atomic_write import write_whole

    if unsafe_fixes and not (do_fix or do_diff):
        raise click.UsageError("--unsafe-fixes says what --fix or --diff may do; add one of them")
    entries = read_baseline(baseline) if baseline else None
    run = check_files(
        files,
        select=",".join(select).split(","),
        ignore=",".join(ignore).split(","),
        profile=profile,
        mend=do_fix or do_diff,
        unsafe=unsafe_fixes,
        today=today.date() if today else dt.date.today(),
        facts=partial(_facts, scenario) if scenario else None,
    )
    if do_diff and not run.flows:
        report(run.found)  # no flow could be read: why, not that nothing is to be changed
        return 2 if run.missing else 1
    if do_diff:
        click.echo("".join(run.diffs), nl=False)
        report(run.refused) if run.refused else None
        _say_if_nothing(run, unsafe=unsafe_fixes)
        return int(bool(run.diffs or run.refused))
    if do_fix:
        for change in run.changes:
            write_whole(change.file, change.after, before=change.before)
            click.echo(f"{change.file}: {change.number} mended", err=True)
        _say_if_nothing(run, unsafe=unsafe_fixes)
    found = run.found
    if write_baseline is not None:
        write_whole(write_baseline, baseline_text(found, write_baseline))
        click.echo(f"{write_baseline}: {len(found)} findings are known from now on", err=True)
        return 2 if run.missing else 0
    hidden = 0
    if entries is not None and baseline is not None:
        before, found = len(found), known(found, entries, baseline)
        hidden = before - sum(finding.code != GONE for finding in found)
    found = tuple(finding for finding in found if not (quiet and finding.severity == "info"))
    if as_json or form != "text":
        text = render(found, "json" if as_json else form, sources=run.sources)
    else:
        colour = wants_colour(sys.stdout)
        shown = render_text(
            found,
            sources=run.sources | sources_of([f for f in found if f.file not in run.sources]),
            colour=colour,
            width=columns_of(sys.stdout),
        )
        told = summary(
            found,
            files=len(files),
            colour=colour,
            some_rules=bool(select or ignore),
            known=hidden,
            baseline=baseline or "",
        )
        last = "\n".join(
            [
                *(
                    line
                    for said in (told, *closing(found), *run.costs(found))
                    for line in wrapped(said, columns_of(sys.stdout))
                )
            ]
        )
        text = f"{shown}\n\n{last}".lstrip("\n")
    if text:
        click.echo(text, color=True)
    return 2 if run.missing else findings_exit_code(found)


def _say_if_nothing(run: Run, *, unsafe: bool) -> None:
    """Says that nothing was changed: silence could as well be a flow without findings, or a broken command."""
    if run.changes or run.refused or not run.flows:
        return
    more = "; --unsafe-fixes may mend more" if not unsafe and any(finding.fix for finding in run.found) else ""
    click.echo(f"nothing here can be mended by itself{more}", err=True)


@click.command()
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="The page, or all pages, as JSON.")
@guarded
def explain(code: str | None, as_json: bool) -> None:
    """Say what a finding's CODE means: what, why it matters to callers, and how to mend it; without CODE list all."""
    from flows.lint.explain import page, table

    form, colour = ("json" if as_json else "text"), wants_colour(sys.stdout)
    click.echo(page(code, form=form, colour=colour) if code else table(form=form, colour=colour), color=True)


@click.command()
@click.argument("flow_file", metavar="FLOW")
@click.option(
    "--format",
    "form",
    type=click.Choice(["tree", "svg", "mermaid", "dot"]),
    help="How it is drawn; default: as the name of --output ends (.svg, .mmd, .dot), else tree.",
)
@click.option("--output", "-o", metavar="FILE", help="Write the drawing to FILE.")
@click.option(
    "--language", default="", metavar="TAG", help="Whose words and seconds are shown; default: the flow's first."
)
@click.option(
    "--leaves", "only_leaves", is_flag=True, help="Rank what callers want by the seconds it takes to get there."
)
@click.option("--scenario", metavar="FILE", help="With --leaves: the share of a scenario's calls that end at each.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@guarded
def show(
    flow_file: str,
    form: str | None,
    output: str | None,
    language: str,
    only_leaves: bool,
    scenario: str | None,
    as_json: bool,
) -> int:
    """Draw FLOW: a tree with its keys, and how soon a first-time caller gets to each node.

    \b
    Examples: ivr show northwind
              ivr show northwind --leaves --scenario northwind
              ivr show northwind --output northwind.svg
    """
    from flows.model.load import load

    if scenario and not only_leaves:
        raise click.UsageError("--scenario says where calls end; add --leaves")
    form = _form(form, output or "", "json" if as_json else "text" if only_leaves else "")
    flow = load(flow_file).flow
    _check_language(flow.languages, language)
    width = (output is None and columns_of(sys.stdout)) or 80
    if only_leaves:
        from flows.analysis.quickest_paths import leaves
        from flows.commands.leaves_table import leaves_dict, leaves_text

        traffic = _traffic(scenario, flow)
        found = leaves(flow, language)
        text = (
            _json(leaves_dict(flow, found, traffic))
            if form == "json"
            else leaves_text(flow, found, traffic, width=width)
        )
    else:
        from flows.diagram.plan import as_dict, draw, plan

        colour = output is None and wants_colour(sys.stdout)
        if form == "json":
            text = _json(as_dict(plan(flow, language=language)))
        elif form == "svg":
            from flows.diagram.svg import to_svg

            text = to_svg(draw(flow, "dot", language=language))
        else:
            text = draw(flow, form, language=language, width=width, colour=colour)
    if output is None:
        click.echo(text.rstrip("\n"), color=True)
        return 0
    _write(output, text.rstrip("\n") + "\n")
    click.echo(f"{output}: {flow.name} drawn", err=True)
    return 0


@click.command()
@click.argument("flow_file", metavar="FLOW")
@click.option(
    "--calls-per-year",
    type=click.FloatRange(min=0),
    default=1_000_000,
    show_default=True,
    metavar="N",
    help="Calls a year, to count caller-hours.",
)
@click.option(
    "--at-least",
    "least_s",
    type=SECONDS,
    default="0.5s",
    show_default=True,
    metavar="TIME",
    help="Savings a caller below which a menu is left alone.",
)
@click.option(
    "--leave",
    "leaves",
    type=SHARE,
    metavar="SHARE",
    help="Callers who hang up once they were served; default: 80%, an assumption.",
)
@click.option("--language", default="", metavar="TAG", help="Whose words count; default: the flow's first language.")
@click.option("--json", "as_json", is_flag=True, help="The same as JSON.")
@guarded
def optimise(
    flow_file: str, calls_per_year: float, least_s: float, leaves: float | None, language: str, as_json: bool
) -> int:
    """Find the best order of every menu of FLOW, and what it would save.

    Exit code: 0 when no menu would save its callers --at-least so much, 1 when one would, 2 when called wrongly.

    \b
    Example: ivr optimise northwind --calls-per-year 500000
    """
    from flows.analysis.expected_visits import SHARE_LEAVES, visits_per_call
    from flows.analysis.menu_order import orders
    from flows.commands.optimise_table import orders_dict, orders_text
    from flows.model.load import load

    flow = load(flow_file).flow
    _check_language(flow.languages, language)
    leaves = SHARE_LEAVES if leaves is None else leaves
    found = orders(flow, language=language, visits=visits_per_call(flow, leaves=leaves))
    if as_json:
        click.echo(_json(orders_dict(flow, found, calls_per_year=calls_per_year, least_s=least_s, leaves=leaves)))
    else:
        click.echo(orders_text(flow, found, calls_per_year=calls_per_year, least_s=least_s, leaves=leaves))
    return int(any(order.saves_s > 1e-9 and order.saves_s >= least_s for order in found))


@click.command()
@click.argument("flow_file", metavar="FLOW")
@click.option("--to", "to", type=click.Choice(["po"]), help="Write all texts for translators, as gettext PO.")
@click.option("--from-po", metavar="FILE", help="Write the translations of a PO file into FLOW and the files it names.")
@click.option(
    "--migrate", is_flag=True, help="Rewrite FLOW and the files it names in the current version of the language."
)
@click.option("--language", default="", metavar="TAG", help="Language translated into, such as es-US.")
@click.option("--output", "-o", metavar="FILE", help="Where --to writes; default: the screen.")
@guarded
def convert(
    flow_file: str, to: str | None, from_po: str | None, migrate: bool, language: str, output: str | None
) -> int:
    """Take the texts of FLOW to translators and back, or FLOW to the current version; comments and order stay.

    \b
    Examples: ivr convert line.yaml --to po --language es-US --output es.po
              ivr convert line.yaml --from-po es.po --language es-US
              ivr convert line.yaml --migrate

    Exit code: 0 done, 1 with errors or warnings (what is sound is written all the same), 2 when called wrongly.
    """
    from flows.model import versions
    from flows.model.load import load

    if sum((to is not None, from_po is not None, migrate)) != 1:
        raise click.UsageError(
            "nothing is said of what to do, or too much; name one of --to po, --from-po FILE and --migrate"
        )
    if output is not None and to is None:
        raise click.UsageError("--output goes with --to; the other two change the flow's own files")
    loaded = load(flow_file)
    if migrate:
        changed = {
            file: text
            for file, text in versions.rewritten_files(loaded.document).items()
            if text != loaded.document.texts[file]
        }
        return _rewrite(changed, (), f"version {versions.CURRENT} already")
    from flows.model import translations as po
    from flows.source import yaml_reader as native

    _check_translation(loaded.flow.languages, language)
    if from_po is not None:
        changed, findings = po.taken_over(loaded, native.read_text(from_po), from_po, language)
        return _rewrite(changed, findings, "nothing new")
    text = po.export(loaded, language)
    if output is None:
        click.echo(text.rstrip("\n"))
        return 0
    _write(output, text)
    click.echo(f"{output}: {len(po.texts(loaded, language))} texts", err=True)
    return 0


def _check_translation(languages: tuple[str, ...], language: str) -> None:
    first, *others = languages
    if not language:
        raise click.UsageError(
            f"--language is missing; the flow speaks {', '.join(others)} besides {first}"
            if others
            else (
                f"--language is missing; list the language translated into in the flow's 'languages', after {first},"
                " and name it here"
            )
        )
    if language in others:
        return
    if language != first:
        meant = f"name one of {', '.join(others)}, or write" if others else "write"
        raise click.UsageError(
            f"--language {language!r} is not spoken here; {meant} 'languages: [{', '.join((*languages, language))}]' in"
            " the flow"
        )
    hint = (
        f"name another of the flow's languages: {', '.join(others)}"
        if others
        else "list another in the flow's 'languages' and name that"
    )
    raise click.UsageError(f"--language {language} is what is translated from; {hint}")


def _rewrite(changed: dict[str, str], findings: tuple[Finding, ...], otherwise: str) -> int:
    from flows.source.atomic_write import write_whole

    for file, text in changed.items():
        write_whole(file, text)
        click.echo(f"{file}: rewritten", err=True)
    if findings:
        report(findings)
    if not changed:
        click.echo(f"no file was changed: {otherwise}", err=True)
    return findings_exit_code(findings)


def _form(form: str | None, output: str, other: str) -> str:
    """How a drawing is written: as was asked for, else as the file's name ends; what ends otherwise than it is would
    not open.

    Parameters
    ----------
    form : str or None
        What --format says.
    output : str
    other : {"json", "text", ""}
        What other options ask for instead of a drawing.
    """
    ending = Path(output).suffix.lower()
    named = _ENDINGS.get(ending)
    if ending in _NOT_DRAWN:
        raise click.UsageError(
            f"--output {output!r}: {ending} is not made here; name a file that ends in {', '.join(_ENDINGS)}"
        )
    if other == "text" and named == "json":
        return named
    asked = other or form
    if asked and named and named != asked and {named, asked} != {"tree", "text"}:
        raise click.UsageError(
            f"--output {output!r} ends as {named} does, and {asked} is asked for; leave out one of them, or name"
            " another file"
        )
    return asked or named or "tree"


def _facts(scenario: str, flow: Flow) -> Facts:
    """What a scenario says of a flow; whoever composes the program lends the reader, for scenarios lie above flows."""
    return click.get_current_context().find_root().obj.facts(scenario, flow)  # type: ignore[no-any-return]


def _traffic(scenario: str | None, flow: Flow) -> Traffic | None:
    from flows.source.finding import ScenarioError

    if not scenario:
        return None
    facts = _facts(scenario, flow)
    if facts.traffic is None:
        raise ScenarioError(facts.findings)
    return facts.traffic


def _json(data: object) -> str:
    import json

    return json.dumps(data, indent=2, ensure_ascii=False)


def _check_language(languages: tuple[str, ...], language: str) -> None:
    if language and language not in languages:
        raise click.UsageError(f"--language {language!r} is not spoken here; languages: {', '.join(languages)}")


def _write(output: str, text: str) -> None:
    from pathlib import Path

    try:
        with Path(output).open("w", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        why = error.strerror or error
        raise click.UsageError(f"{output!r} cannot be written: {why}; check the folder and its permissions") from None
