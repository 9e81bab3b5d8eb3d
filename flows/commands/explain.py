"""``ivr explain``: explains a finding's code."""

from __future__ import annotations

import click

from flows.commands._own_rules import rules_option, use_own_rules
from flows.completion import rule_codes
from flows.display.console import guarded, report
from flows.display.terminal import say, text_columns

__all__ = ["explain"]


@click.command()
@click.argument("code", required=False, shell_complete=rule_codes)
@click.option("--json", "as_json", is_flag=True, help="The page, or all pages, as JSON.")
@rules_option
@guarded
def explain(code: str | None, as_json: bool, rule_folders: tuple[str, ...]) -> int:
    """Explain a finding's CODE: what it means, why it matters to callers, how to fix it. Without CODE, list all."""
    from flows.lint.explain import page, table

    own = use_own_rules(rule_folders)
    if as_json:
        click.echo(page(code, form="json") if code else table(form="json"))
    else:
        say(page(code, colour=True, width=text_columns()) if code else table(colour=True))
    if own.findings:
        report(own.findings)
    return int(any(finding.severity == "error" for finding in own.findings))
