"""Writes docs/reference/ from the code: ``python docs/generate.py``. A test fails when a page is out of date."""

from __future__ import annotations

import sys
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(Path(__file__).parent)]

import field_tables as tables  # noqa: E402

from flows.analysis.spoken_labels import WAYS, sayings  # noqa: E402
from flows.display.terminal import PIPE_COLUMNS, with_display_options  # noqa: E402
from flows.lint.explain import FAMILIES  # noqa: E402
from flows.lint.profiles import PROFILES  # noqa: E402
from flows.lint.rule_codes import letters_of  # noqa: E402
from flows.lint.rules import rules  # noqa: E402
from flows.model.load import load  # noqa: E402
from flows.nodes import node_types  # noqa: E402
from ivr.__main__ import COMMANDS, OVER_HTTP, ivr  # noqa: E402
from ivr.records.call_rows import ADDED  # noqa: E402
from ivr.records.definitions.all_measures import MEASURES, QUANTILES  # noqa: E402
from ivr.records.definitions.counting_rules import CONVENTIONS, COUNTING  # noqa: E402
from ivr.records.schema import SCHEMA  # noqa: E402
from simulation.experiment.result_rows import TABLES  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Mapping

NOTE = "<!-- Written by docs/generate.py from the code; change the code, not this page. -->\n"


def commands() -> str:
    """Every command with its help."""
    out = [
        "# Commands",
        "",
        "`ivr COMMAND --help` prints the same. Exit codes: 0 clean, 1 findings or a failed check, 2 wrong usage.",
        "",
        "Every command takes `--color` and `--quiet`, also before its name (`ivr --quiet lint line.yaml`).",
        "",
        "- Colours: `--color always` or `never` decides; else `NO_COLOR`, then `FORCE_COLOR`, if it is set and not",
        "  empty; else a terminal has colours (unless `TERM` is `dumb`) and a pipe has none. JSON and files have none.",
        "- `--quiet` leaves results, findings and errors, and nothing else: no progress, no note on what was written.",
        "  `ivr lint` then says nothing about a flow without errors and warnings, `ivr test` lists only failed calls.",
        "- Width: a terminal's own, or `COLUMNS`; lines are wrapped between words, no number is cut. Into a pipe or",
        f"  a file everything is written for {PIPE_COLUMNS} columns, whatever `COLUMNS` says (`ivr validate`: 96);"
        " there a finding",
        "  stays on one line.",
        "",
    ]
    for name, (target, _) in COMMANDS.items():
        out += _command(name, name, target)
        if name in OVER_HTTP:
            over_http, sign = OVER_HTTP[name]
            out += _command(name, f"{name} {sign}", over_http)
    return "\n".join(out)


def _command(name: str, title: str, target: str) -> list[str]:
    module, _, function = target.partition(":")
    whole = click.Context(ivr, info_name="ivr", help_option_names=["-h", "--help"])
    return _page(with_display_options(getattr(import_module(module), function)), name, f"## ivr {title}", whole)


def _page(command: click.Command, name: str, heading: str, parent: click.Context) -> list[str]:
    """A command and its subcommands."""
    context = click.Context(command, parent=parent, info_name=name, terminal_width=80, max_content_width=80)
    out = [heading, "", "```text", command.get_help(context), "```", ""]
    for part in getattr(command, "commands", {}).values():
        out += _page(part, part.name, f"### {context.command_path} {part.name}", context)
    return out


def nodes() -> str:
    """Every node type with its fields."""
    by_type = {spec["properties"]["type"]["enum"][0]: spec for spec in node_schemas()}
    out = [
        "# Node types",
        "",
        "A flow is made of nodes; each has a `type` and the fields of that type. Types with fields of their own, such",
        "as a [prompt](flow.md#prompt), and [how values are written](flow.md#how-values-are-written) are on the page",
        "about the whole flow. The examples are from files that are tested.",
        "",
        " · ".join(f"[{name}](#{name})" for name in node_types()),
        "",
    ]
    for name, kind in node_types().items():
        out += [
            f"## {name}",
            "",
            tables.node_text(kind),
            "",
            *tables.table(by_type[name], tables.node_examples(name)),
            "",
        ]
    return "\n".join(out)


def node_schemas() -> list[Mapping[str, Any]]:
    """The schemas of all node types."""
    return [spec for spec in tables.definitions().values() if "enum" in spec.get("properties", {}).get("type", {})]


def flow() -> str:
    """The keys of a flow, how values are written, where each node leads, and the types that have fields."""
    out = [
        "# The flow file",
        "",
        "One YAML file is one telephone line. [Node types](nodes.md) have a page of their own;",
        "[designing](../designing.md) shows how all of it is used.",
        "",
        "## Keys of a flow",
        "",
        *tables.table(tables.top_level(), tables.flow_examples()),
        "",
        "## How values are written",
        "",
        "| value | for example | meaning |",
        "|---|---|---|",
        *(f"| {what} | {examples} | {meaning} |" for what, examples, meaning in tables.formats()),
        "",
        "## Where nodes lead",
        "",
        "An outcome has a node of its own under `on`; the other fields lead on by themselves. What is left out follows",
        "the default in the [node's table](nodes.md), and `ivr lint` says where a caller would be lost.",
        "",
        "| node | outcomes in `on` | fields that lead on | |",
        "|---|---|---|---|",
        *(
            f"| [{name}](nodes.md#{name}) | {labels} | {leads} | {says} |"
            for name, labels, leads, says in tables.outcomes()
        ),
        "",
        "A lookup's outcomes are named by the flow: `on: {found: main, unknown: {status: 404, next: ask}}`. They are",
        "tried in order; `failure` takes everything else, and `timeout` an answer that comes too late.",
        "",
        "## Types with fields",
        "",
    ]
    for name, spec in tables.compounds().items():
        out += [f"### {tables.title_of(name)}", "", tables.about(name, spec), ""]
        if short := tables.short_forms(spec):
            out += [f"Short: {short}. In full:" if tables.fields_of(spec) else f"Written as {short}.", ""]
        if tables.fields_of(spec):
            out += [*tables.table(spec, {}), ""]
    return "\n".join(out)


def lint_rules() -> str:
    """The table of rules, and every page."""
    out = ["# Rules and findings", "", "`ivr explain CODE` prints the same page.", ""]
    for letter, title in FAMILIES.items():
        members = [rule for rule in rules().values() if letters_of(rule.code) == letter]
        if members:
            out += [f"## {letter}: {title}", "", "| code | name | severity | finds |", "|---|---|---|---|"]
            out += [f"| {r.code} | {r.name} | {r.severity} | {r.summary.replace('|', ' ')} |" for r in members] + [""]
    out += [
        "## Options",
        "",
        "Set them in the flow (`lint: {options: {M101: {warn_s: 40}}}`) or in `pyproject.toml`",
        "(`[tool.ivr.lint.options.M101]`).",
        "",
    ]
    out += ["| code | option | default | meaning |", "|---|---|---|---|"]
    out += [f"| {r.code} | `{o.name}` | {o.default:g} | {o.meaning} |" for r in rules().values() for o in r.settings]
    out += ["", "## Profiles", "", "| profile | changes | source |", "|---|---|---|"]
    for profile in PROFILES.values():
        changed = [f"{code} {severity}" for code, severity in profile.severity.items()]
        changed += [f"{code} `{name}` {value:g}" for (code, name), value in profile.options.items()]
        out.append(f"| {profile.name}: {profile.meaning} | {', '.join(changed) or 'nothing'} | {profile.source} |")
    return "\n".join(out)


def measures() -> str:
    """Every measure and every column of the records."""
    out = ["# Measures", "", "Ratios are ratios of sums: over several replications, ratios of averages.", ""]
    out += ["| name | what | unit | formula | of | source |", "|---|---|---|---|---|---|"]
    for measure in MEASURES.values():
        cells = (
            f"`{measure.name}`",
            measure.title,
            measure.unit,
            measure.formula,
            ", ".join(measure.scopes),
            measure.source,
        )
        out.append("| " + " | ".join(str(cell).replace("|", "/") for cell in cells) + " |")
    for name, share in QUANTILES.items():
        formula = (
            f"the smallest bound that {share * 100:g} % of the waits of all offered do not exceed, in all replications"
            " together: in whole seconds to 10 min, in tens of seconds to 2 h, then the longest wait"
        )
        out.append(
            f"| `{name}` | {share * 100:g} % wait at most | s | {formula} | overall, queue | the records' own"
            " vocabulary |"
        )
    out += ["", *(f"- {text}" for text in CONVENTIONS), "", "## What counts when", ""]
    out += ["Visits of one call that are one wait for one agent count once.", ""]
    out += [
        "| what happens | result of the visit | overall, by interval | by queue | by group, agents' time |",
        "|---|---|---|---|---|",
    ]
    out += ["| " + " | ".join(row) + " |" for row in COUNTING]
    out += ["", "# Records", "", "Live and simulated calls leave the same tables; times are whole microseconds.", ""]
    for table, columns in SCHEMA.items():
        out += [f"## {table}", "", "| column | type | meaning |", "|---|---|---|"]
        for column in columns:
            out.append(f"| `{column.name}` | {column.dtype} | {column.meaning} |")
        out.append("")
    out += ["## Rows of --calls", "", "The columns of `calls`, then:", "", "| column | meaning |", "|---|---|"]
    out += [f"| `{name}` | {meaning} |" for name, meaning in ADDED.items()]
    out += ["", "## Tables of --tables", "", "| table | a row for |", "|---|---|"]
    out += [f"| `{name}` | {rows} |" for name, rows in TABLES.items()]
    return "\n".join(out)


def speech() -> str:
    """How many of the labels that the shipped lines announce are understood, by line and language."""
    out = [
        "# Labels understood",
        "",
        "Every label that a menu of a shipped line announces, said to that menu, and whether it means its own key and",
        "no other ([speech](../speech.md) says how). A polite caller says “billing, please”; a hurried one leaves out",
        "every word that tells nothing.",
        "",
        f"| line | language | labels | {' | '.join(WAYS)} |",
        f"|---|---|--:|{'--:|' * len(WAYS)}",
    ]
    for name in ("northwind", "credit_union", "power_outage", "city_services"):
        flow = load(name).flow
        for tag in flow.languages:
            said = list(sayings(flow, tag, all_menus=True))
            each = len(said) // len(WAYS)
            ways = (sum(one.understood for one in said if one.way == way) for way in WAYS)
            out.append(f"| {name} | {tag} | {each} | {' | '.join(f'{n} ({100 * n / each:.0f} %)' for n in ways)} |")
    return "\n".join(out)


PAGES = {
    "commands.md": commands,
    "flow.md": flow,
    "nodes.md": nodes,
    "rules.md": lint_rules,
    "measures.md": measures,
    "speech.md": speech,
}


def pages() -> dict[str, str]:
    """Every page by name."""
    return {name: f"{NOTE}\n{make().rstrip()}\n" for name, make in PAGES.items()}


def main() -> None:
    """Write all pages."""
    folder = ROOT / "docs" / "reference"
    folder.mkdir(exist_ok=True)
    for name, text in pages().items():
        (folder / name).write_text(text, "utf-8")
        click.echo(f"wrote {folder.relative_to(ROOT) / name}")


if __name__ == "__main__":
    main()
