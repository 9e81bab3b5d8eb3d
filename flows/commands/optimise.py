"""``ivr optimise``: finds the best order of every menu."""

from __future__ import annotations

import click

from flows.completion import flow_names
from flows.display.console import guarded
from flows.display.options import SECONDS, SHARE, check_language
from flows.display.output import as_json
from flows.display.terminal import say, text_columns

__all__ = ["optimise"]


@click.command()
@click.argument("flow_file", metavar="FLOW", shell_complete=flow_names)
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
    help="Seconds a caller that a new order must save; a menu that saves less is left alone.",
)
@click.option(
    "--leave",
    "leaves",
    type=SHARE,
    metavar="SHARE",
    help="Share of callers who hang up once they are served; default: 80%, an assumption.",
)
@click.option("--language", default="", metavar="TAG", help="Whose words count; default: the flow's first language.")
@click.option("--json", "json_wanted", is_flag=True, help="The same as JSON.")
@guarded
def optimise(
    flow_file: str, calls_per_year: float, least_s: float, leaves: float | None, language: str, json_wanted: bool
) -> int:
    """Find the best order of every menu of FLOW, and what it would save.

    Exit code: 0 when no menu would save its callers --at-least that much, 1 when one would, 2 for wrong usage.

    \b
    Example: ivr optimise northwind --calls-per-year 500000
    """
    from flows.analysis.expected_visits import SHARE_LEAVES, visits_per_call
    from flows.analysis.menu_order import orders
    from flows.commands.optimise_table import orders_dict, orders_text
    from flows.model.load import load

    flow = load(flow_file).flow
    check_language(flow.languages, language)
    leaves = SHARE_LEAVES if leaves is None else leaves
    found = orders(flow, language=language, visits=visits_per_call(flow, leaves=leaves))
    if json_wanted:
        click.echo(as_json(orders_dict(flow, found, calls_per_year=calls_per_year, least_s=least_s, leaves=leaves)))
    else:
        how = {"calls_per_year": calls_per_year, "least_s": least_s, "leaves": leaves}
        say(orders_text(flow, found, **how, width=text_columns()))
    return int(any(order.saves_s > 1e-9 and order.saves_s >= least_s for order in found))
