"""``ivr explain``: explains a finding's code."""

from __future__ import annotations

import sys

import click

from flows.completion import rule_codes
from flows.display.console import guarded, wants_colour

__all__ = ["explain"]


@click.command()
@click.argument("code", required=False, shell_complete=rule_codes)
@click.option("--json", "as_json", is_flag=True, help="The page, or all pages, as JSON.")
@guarded
def explain(code: str | None, as_json: bool) -> None:
    """Explain a finding's CODE: what it means, why it matters to callers, how to fix it. Without CODE, list all."""
    from flows.lint.explain import page, table

    form, colour = ("json" if as_json else "text"), wants_colour(sys.stdout)
    click.echo(page(code, form=form, colour=colour) if code else table(form=form, colour=colour), color=True)
