"""Commands on flow files: lint, explain, schema. A leaf that nobody imports."""

from __future__ import annotations

import sys

import click

from flows.diagnostics import (
    FORMATS, UNREADABLE, findings_exit_code, guarded, render, render_text, sources_of, summary, wants_colour,
)  # fmt: skip

_CODES = "CODE[,CODE...]"


@click.command()
@click.argument("files", metavar="FLOW...", nargs=-1, required=True)
@click.option("--format", "form", type=click.Choice(FORMATS), default="text", show_default=True, help="How findings are written.")
@click.option("--json", "as_json", is_flag=True, help="Short for --format json.")
@click.option("--select", metavar=_CODES, multiple=True, help="Only these rules; M1 stands for all that begin so.")
@click.option("--ignore", metavar=_CODES, multiple=True, help="All but these rules.")
@click.option("--quiet", is_flag=True, help="Leave out infos, the advice that does not fail a check.")
@guarded
def lint(
    files: tuple[str, ...], form: str, as_json: bool, select: tuple[str, ...], ignore: tuple[str, ...], quiet: bool
) -> int:
    """Check flow files for everything that leaves a caller lost, waiting or misled.

    FLOW is a file, or the name of a shipped flow such as northwind.

    Exit code: 0 when there is nothing but infos, 1 with errors or warnings, 2 when called wrongly.
    """
    from flows.errors import Finding, IvrError
    from flows.lint import chosen
    from flows.lint import lint as lint_flow
    from flows.load import load

    codes = {"select": ",".join(select).split(","), "ignore": ",".join(ignore).split(",")}
    chosen(**codes)
    found: list[Finding] = []
    sources: dict[str, str] = {}
    for file in files:
        try:
            loaded = load(file)
        except IvrError as error:
            found.extend(error.findings)
            sources |= sources_of(error.findings)
        else:
            found.extend(lint_flow(loaded, **codes))
            sources[loaded.document.file] = loaded.document.text
    missing = any(finding.code == UNREADABLE for finding in found)
    found = [finding for finding in found if not (quiet and finding.severity == "info")]
    if as_json or form != "text":
        text = render(found, "json" if as_json else form)
    else:
        colour = wants_colour(sys.stdout)
        shown = render_text(found, sources=sources, colour=colour)
        text = f"{shown}\n\n{summary(found, files=len(files), colour=colour)}".lstrip("\n")
    if text:
        click.echo(text, color=True)
    return 2 if missing else findings_exit_code(found)


@click.command()
@click.argument("code", required=False)
@click.option("--json", "as_json", is_flag=True, help="The page, or all pages, as JSON.")
@guarded
def explain(code: str | None, as_json: bool) -> None:
    """Say what a finding's CODE means: what, why it matters to callers, and how to mend it; without CODE list all."""
    from flows.pages import page, table

    form, colour = ("json" if as_json else "text"), wants_colour(sys.stdout)
    click.echo(page(code, form=form, colour=colour) if code else table(form=form, colour=colour), color=True)


@click.command()
@guarded
def schema() -> None:
    """Print the JSON Schema of flow files, for editors that complete and check while one types."""
    import json

    from flows.model import json_schema

    click.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))
