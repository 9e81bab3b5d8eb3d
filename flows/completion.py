"""What a shell may offer after TAB: flows, scenarios, answers of nodes, codes of rules.

Called for one key press each, so they read names and never more than one file. A file that is broken offers nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import click
from click.shell_completion import CompletionItem, FishComplete, ShellComplete, ZshComplete, add_completion_class

__all__ = ["any_file", "checked_names", "flow_names", "node_answers", "rule_codes", "scenario_names", "teach_shells"]

_SCENARIO = ".scenario"
_YAML = (".yaml", ".yml")
_SERVICES = ("lookup", "message", "callback")
"""Types of nodes that ask a service."""


def flow_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Shipped flows, and the YAML files here that are not scenarios by their names."""
    return _names_or_files(incomplete, ".yaml", besides=_SCENARIO)


def scenario_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Shipped scenarios, and the YAML files here."""
    return _names_or_files(incomplete, ".scenario.yaml")


def checked_names(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """What can be checked: shipped flows, and the YAML files and call scripts here."""
    return _names_or_files(incomplete, ".yaml", endings=(*_YAML, ".calls"))


def any_file(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Any file."""
    return [CompletionItem(incomplete, type="file")]


def rule_codes(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Codes of rules, also after a comma, with their summaries."""
    from flows.lint.rules import rules

    before, comma, begun = incomplete.rpartition(",")
    return [
        CompletionItem(before + comma + rule.code, help=rule.summary)
        for rule in rules().values()
        if rule.code.startswith(begun.upper())
    ]


def node_answers(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """``NODE=LABEL`` of the flow already named: services for ``--lookup``, splits by shares for ``--draw``."""
    from flows.model.load import load
    from flows.nodes.split import Split
    from flows.source.finding import IvrError

    # While the option has no value yet, click leaves what came before it unread.
    named = ctx.params.get("flow_file") or next(iter(ctx.args), "")
    try:
        nodes = load(named).flow.nodes
    except IvrError:
        return []
    by_chance = {name: node for name, node in nodes.items() if isinstance(node, Split) and node.shares}
    by_service = {name: node for name, node in nodes.items() if node.type in _SERVICES}
    asked = by_chance if "--draw" in param.opts else by_service
    pairs = (f"{name}={wire.outcome}" for name, node in asked.items() for wire in node.wires())
    return _items(dict.fromkeys(pairs), incomplete)


def teach_shells() -> None:
    """Have click answer zsh and fish as they ask: an option and its value as one word, commas in what is offered."""
    add_completion_class(_Zsh)
    add_completion_class(_Fish)


# Files are looked for after the equals sign, and offered with what stands before it.
_FISH_FILES = """\
set -l option (string match --regex -- '^--[^=]*=' $metadata[2]);
            for file in (__fish_complete_{} (string replace --regex -- '^--[^=]*=' '' $metadata[2]));
                echo "$option$file";
            end;"""


class _WholeWords(ShellComplete):
    """For shells to which ``--option=value`` is one word; bash ends a word at ``=``."""

    def get_completions(self, args: list[str], incomplete: str) -> list[CompletionItem]:
        option, equals, _ = incomplete.partition("=")
        before = option + equals if equals and option.startswith("--") else ""
        items = super().get_completions(args, incomplete)
        return [CompletionItem(before + item.value, item.type, item.help) for item in items]


class _Zsh(_WholeWords, ZshComplete):
    source_template = ZshComplete.source_template.replace("_path_files", "compset -P 1 '--*='; _path_files")


class _Fish(_WholeWords, FishComplete):
    source_template = (
        FishComplete.source_template.replace('split ","', 'split --max 1 ","')
        .replace("__fish_complete_path $metadata[2];", _FISH_FILES.format("path"))
        .replace("__fish_complete_directories $metadata[2];", _FISH_FILES.format("directories"))
    )


def _names_or_files(
    incomplete: str, suffix: str, *, endings: tuple[str, ...] = _YAML, besides: str = " "
) -> list[CompletionItem]:
    """Shipped files of a kind, and files here with these endings; without those that have `besides` in their names."""
    from flows.source.shipped import shipped

    here = sorted(path.name for path in Path().iterdir() if path.suffix in endings and besides not in path.name)
    names = [*shipped(suffix), *(name for name in here if not name.startswith("."))]
    # The shell itself knows folders best, and everything in them.
    return _items(names, incomplete) or [CompletionItem(incomplete, type="file")]


def _items(names: Iterable[str], incomplete: str) -> list[CompletionItem]:
    return [CompletionItem(name) for name in names if name.startswith(incomplete)]
