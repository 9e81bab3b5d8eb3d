"""``ivr show``: draws a flow, or ranks what callers want by the seconds it takes to get there."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from flows.completion import any_file, flow_names, scenario_names
from flows.diagram.draw import forms
from flows.display.console import guarded
from flows.display.options import check_language
from flows.display.output import as_json, write_output
from flows.display.terminal import PIPE_COLUMNS, columns_of, note, say, wants_colour
from flows.display.watch import watched

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from flows.analysis.traffic import ScenarioReader, Traffic
    from flows.map.cards import FlowMap
    from flows.map.overlays import Facts
    from flows.model.flow import Flow
    from flows.model.load import Loaded

__all__ = ["show"]

_ENDINGS = {
    ".svg": "svg",
    ".html": "html",
    ".htm": "html",
    ".mmd": "mermaid",
    ".mermaid": "mermaid",
    ".dot": "dot",
    ".gv": "dot",
    ".json": "json",
    ".txt": "tree",
}
_MAPS = ("svg", "html")
"""The map, as a picture and as a page."""
_NOT_DRAWN = (".png", ".pdf", ".jpg", ".jpeg", ".gif", ".webp")


@click.command()
@click.argument("flow_file", metavar="FLOW", shell_complete=flow_names)
@click.option(
    "--format",
    "form",
    type=click.Choice([*reversed(forms()), *_MAPS]),
    help="How it is drawn; default: as the name of --output ends (.html, .svg, .mmd, .dot), else tree.",
)
@click.option("--output", "-o", metavar="FILE", shell_complete=any_file, help="Write the drawing to FILE.")
@click.option(
    "--language", default="", metavar="TAG", help="Whose words and seconds are shown; default: the flow's first."
)
@click.option(
    "--leaves", "only_leaves", is_flag=True, help="Rank what callers want by the seconds it takes to get there."
)
@click.option(
    "--scenario",
    metavar="FILE",
    shell_complete=scenario_names,
    help="With --leaves: the share of a scenario's calls that end at each; with html: who comes to each node.",
)
@click.option(
    "--coverage",
    "scripts",
    metavar="SCRIPT",
    multiple=True,
    shell_complete=any_file,
    help="With html: what call scripts try of each node; several are allowed.",
)
@click.option("--part", default="", metavar="NODE", help="With svg and html: only NODE and what lies behind it.")
@click.option("--json", "json_wanted", is_flag=True, help="The same as JSON.")
@watched()
@guarded
def show(
    flow_file: str,
    form: str | None,
    output: str | None,
    language: str,
    only_leaves: bool,
    scenario: str | None,
    scripts: tuple[str, ...],
    part: str,
    json_wanted: bool,
) -> int:
    """Draw FLOW: a tree with its keys, and how soon a first-time caller gets to each node; or its map, as a picture or
    as a page to move about in, with findings, seconds and every prompt.

    \b
    Examples: ivr show northwind
              ivr show northwind --leaves --scenario northwind
              ivr show northwind --scenario northwind --output northwind.html
              ivr show northwind --part sales_menu --output sales.svg
    """
    from flows.model.load import load

    form = _form(form, output or "", "json" if json_wanted else "text" if only_leaves else "")
    if scenario and not only_leaves and form != "html":
        raise click.UsageError("--scenario says where calls end; add --leaves")
    if scripts and form != "html":
        raise click.UsageError("--coverage is laid over the map: add --format html")
    loaded = load(flow_file)
    flow = loaded.flow
    check_language(flow.languages, language)
    if part and form not in _MAPS:
        raise click.UsageError(f"--part is for the map: --format {' or '.join(_MAPS)}")
    width = (output is None and columns_of(sys.stdout)) or PIPE_COLUMNS
    if form in _MAPS:
        text = _map(loaded, form, language, part, partial(_facts, loaded, scenario, scripts))
    elif only_leaves:
        text = _leaves(flow, form, language, scenario, width)
    else:
        text = _drawing(flow, form, language, width, colour=output is None and wants_colour(sys.stdout))
    if output is None:
        if only_leaves and form != "json":
            say(text)
        else:
            click.echo(text.rstrip("\n"), color=wants_colour(sys.stdout))
        return 0
    write_output(output, text.rstrip("\n") + "\n")
    note(f"{output}: {flow.name} drawn")
    return 0


def _leaves(flow: Flow, form: str, language: str, scenario: str | None, width: int) -> str:
    from flows.analysis.quickest_paths import leaves
    from flows.commands.leaves_table import leaves_dict, leaves_text

    traffic = _traffic(scenario, flow) if scenario else None
    found = leaves(flow, language)
    if form == "json":
        return as_json(leaves_dict(flow, found, traffic))
    return leaves_text(flow, found, traffic, width=width)


def _traffic(scenario: str, flow: Flow) -> Traffic:
    from flows.source.finding import ScenarioError

    read_scenario: ScenarioReader = click.get_current_context().find_root().obj.read_scenario
    facts = read_scenario(scenario, flow)
    if facts.traffic is None:
        raise ScenarioError(facts.findings)
    return facts.traffic


def _drawing(flow: Flow, form: str, language: str, width: int, *, colour: bool) -> str:
    from flows.diagram.draw import draw
    from flows.diagram.plan import as_dict, plan

    if form == "json":
        return as_json(as_dict(plan(flow, language=language)))
    return draw(flow, form, language=language, width=width, colour=colour)


def _facts(loaded: Loaded, scenario: str | None, scripts: tuple[str, ...], drawn: FlowMap) -> Facts:
    """What is laid over a map."""
    from flows.lint.engine import lint
    from flows.map.overlays import Facts

    traffic = _traffic(scenario, loaded.flow) if scenario else None
    tried: Mapping[tuple[str, str], bool] | None = None
    if scripts:
        tried = click.get_current_context().find_root().obj.tried_exits(loaded.flow, scripts)
    return Facts(drawn, lint(loaded, traffic=traffic), traffic, tried)


def _map(loaded: Loaded, form: str, language: str, part: str, facts: Callable[[FlowMap], Facts]) -> str:
    from flows.map.cards import flow_map
    from flows.map.layout import laid_out
    from flows.map.overlays import overlays
    from flows.map.page import page
    from flows.map.svg import svg
    from flows.source.document import nearest
    from flows.source.finding import usage_error

    whole = flow_map(loaded.flow, language=language)
    names = [card.name for card in whole.cards]
    if part and part not in names:
        near = nearest(part, names)
        hint = f"did you mean {near!r}?" if near else f"nodes: {', '.join(names)}"
        raise usage_error("U001", f"--part {part!r}: callers come to no node of that name", hint)
    drawn = flow_map(loaded.flow, language=language, part=part) if part else whole
    if form == "svg":
        return svg(laid_out(drawn))
    return page(laid_out(drawn), overlays(facts(drawn)))


def _form(form: str | None, output: str, other: str) -> str:
    """The format that the options request, else the one implied by the suffix of `output`.

    They must agree: a file whose suffix does not match its format would not open.

    Parameters
    ----------
    form : str or None
        Value of --format.
    output : str
        The file name; empty for the terminal.
    other : {"json", "text", ""}
        Format that other options request instead of a drawing.
    """
    ending = Path(output).suffix.lower()
    named = _ENDINGS.get(ending)
    if ending in _NOT_DRAWN:
        raise click.UsageError(
            f"--output {output!r}: {ending} files cannot be drawn; name a file that ends in {', '.join(_ENDINGS)}"
        )
    if other == "text" and named == "json":
        return named
    asked = other or form
    if asked and named and named != asked and {named, asked} != {"tree", "text"}:
        raise click.UsageError(
            f"--output {output!r} means {named}, but {asked} is asked for; leave out one of them, or name another file"
        )
    return asked or named or "tree"
