"""P002 undefined-value: a value that may not be there."""

from __future__ import annotations

from collections.abc import Iterator

from flows.analysis.dataflow import values_on_all_paths
from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.split import Split
from flows.source.document import Path, nearest
from flows.speech.prompt import placeholders

ALWAYS = ("ani", "dnis", "language")
"""Values that every call has: the caller's number, the called number, the language."""
SHOWN = 4
"""How many of the last nodes are shown of a path on which the value is not set."""


def check(context: Context) -> Iterator[Problem]:
    """Find texts with values that are not set on every path to them."""
    wanted = list(_wanted(context))
    if not wanted:
        return
    sure = values_on_all_paths(context.graph)
    setters: dict[str, list[str]] = {}
    for name, node in context.flow.nodes.items():
        for value in node.writes():
            setters.setdefault(value, []).append(name)
    given = {split.value for _, split in context.nodes(Split) if split.value} - set(setters)
    for name, path, value in wanted:
        if value in ALWAYS or name not in sure.known or value in sure.known[name]:
            continue
        if value in given:
            message = f"{{{value}}} is only known when the call brings it; callers without it hear a gap"
            hint = f"say it after a 'split' on {value}, on a case that names it"
            yield Problem(path, message, hint, severity="warning")
        elif value not in setters:
            near = nearest(value, sorted({*setters, *given, *ALWAYS}))
            hint = f"did you mean {{{near}}}?" if near else f"set it before, e.g. with a collect 'into: {value}'"
            yield Problem(path, f"no node sets {{{value}}}", hint)
        else:
            passed = [edge.target for edge in sure.path_without(name, value)]
            past = f" (for example through {' -> '.join([context.flow.start, *passed][-SHOWN:])})" if passed else ""
            message = f"{{{value}}} is not set on every path here{past}"
            yield Problem(
                path, message, f"lead every path through {' or '.join(repr(n) for n in setters[value][:3])} first"
            )


def _wanted(context: Context) -> Iterator[tuple[str, Path, str]]:
    """Node, place and name of every value that a text inserts."""
    for name, path, prompt in (*context.prompts, *context.unspoken_prompts):
        seen = set(context.flow.nodes[name].local_values())
        for tag, text in prompt.text.items() if any("{" in t for t in prompt.text.values()) else ():
            for value in placeholders(text):
                if value not in seen:
                    seen.add(value)
                    yield name, _place(context, path, tag), value
    for name, node in context.flow.nodes.items():
        for path, text in node.inserts():
            for value in placeholders(text):
                yield name, ("nodes", name, *path), value


def _place(context: Context, path: Path, tag: str) -> Path:
    rests: tuple[Path, ...] = ((tag,), ("text", tag), ("say", tag), ("text",))
    return next(((*path, *rest) for rest in rests if tag and (*path, *rest) in context.document.marks), path)


RULE = Rule(
    code="P002",
    name="undefined-value",
    severity="error",
    check=check,
    summary="a value that may not be there",
    what=(
        "A text inserts {value}, and on some path to it the value has not been set. ani, dnis and language are always "
        "set. A value that no node sets but a split reads is assumed to come with the call: inserting it is a "
        "warning, unless a case of that split leads here."
    ),
    why="The caller hears a gap: 'Your balance is .'",
    example="choices:\n  - {key: 1, label: a balance, next: balance}  # balance: say: Your account is {account}.",
    better="choices:\n  - {key: 1, label: a balance, next: ask_account}  # collect into account, then balance",
    source="Arithmetic: a forward must-analysis over all paths (Aho, Lam, Sethi & Ullman 2006, section 9.2)",
)
