"""P003 unused-value: a value that nothing uses."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.collect import Collect
from flows.nodes.lookup import Lookup
from flows.nodes.set import Set
from flows.source.document import Path
from flows.speech.prompt import placeholders

_DOES = {"collect": "asks for", "lookup": "fetches", "set": "sets"}


def check(context: Context) -> Iterator[Problem]:
    """Find values that collect, lookup and set nodes produce but nothing uses; reported where first set."""
    made = list(_made(context))
    if not made:
        return
    used = _used(context)
    told: set[str] = set()
    for name, path, value in made:
        if value not in used | context.flow.secrets and value not in told and name in context.graph.reachable:
            told.add(value)
            kind = context.flow.nodes[name].type
            message = (
                f"{name!r} {_DOES[kind]} {value!r}, but nothing uses it: no text says it, no split or lookup reads it"
            )
            yield Problem(path, message, _advice(context, name))


def _advice(context: Context, name: str) -> str:
    node = context.flow.nodes[name]
    if isinstance(node, Collect):
        return "callers enter it for nothing: use it, or do not ask"
    if isinstance(node, Set) and len(node.values) == 1 and node.then in context.flow.nodes:
        return f"use it, or lead callers to {node.then!r} and remove {name!r}"
    return "use it, or remove it"


def _made(context: Context) -> Iterator[tuple[str, Path, str]]:
    for name, node in context.flow.nodes.items():
        if isinstance(node, Collect):
            yield name, ("nodes", name, "into"), node.into
        elif isinstance(node, Set | Lookup):
            part = "values" if isinstance(node, Set) else "into"
            for value in node.writes():
                yield name, ("nodes", name, part, value), value


def _used(context: Context) -> set[str]:
    texts = [text for _, _, prompt in context.prompts for text in prompt.text.values()]
    read: set[str] = set()
    for node in context.flow.nodes.values():
        texts += [text for _, prompt in node.written() for text in prompt.text.values()]
        texts += [text for _, text in node.inserts()]
        texts += [text for value, text in node.copies().items() if value not in placeholders(text)]
        read |= {value for _, value in node.reads()}
    return read | {value for text in texts if "{" in text for value in placeholders(text)}


RULE = Rule(
    code="P003",
    name="unused-value",
    severity="warning",
    check=check,
    summary="a value that nothing uses",
    what=(
        "A value that callers enter, a lookup fetches or a node sets is inserted into no text, sent by no lookup and "
        "read by no split. Answers to surveys and numbers for callbacks are kept with the call and do not count; nor "
        "do secrets, which no text may say and no split may read."
    ),
    why="Callers type ten digits, and then the agent asks for them again. Or the value is spelt in two ways.",
    example="ask: {type: collect, into: account, digits: 10, next: desk}  # and nothing says or reads account",
    better=(
        "ask: {type: collect, into: account, digits: 10, next: find}\nfind: {type: lookup, url:"
        " 'https://example.com/{account}'}"
    ),
    source="Arithmetic: values set and values used compared",
)
