"""P002 undefined-value: a text inserts a value that may not be there."""

from __future__ import annotations

from collections.abc import Iterator

from flows.certain import certain
from flows.context import Context
from flows.document import Path, nearest
from flows.graph import Edge
from flows.nodes.set import Type as Set
from flows.nodes.split import Type as Split
from flows.prompt import placeholders
from flows.rules.base import Problem, Rule

ALWAYS = ("ani", "dnis", "language")
"""Values every call has: the caller's number, the number called, the language."""


def check(context: Context) -> Iterator[Problem]:
    """Texts whose values are not set on every way to them."""
    wanted = list(_wanted(context))
    if not wanted:
        return
    sets = {name: node.writes() for name, node in context.flow.nodes.items() if node.writes()}
    splits = {name: node.value for name, node in context.nodes(Split)}

    def gain(edge: Edge) -> tuple[str, ...]:
        if edge.source in sets and edge.needs in ("nothing", "caller", "world") and edge.via in ("wire", "fallback", "return"):
            return sets[edge.source]
        if edge.source in splits and edge.outcome != "otherwise":
            return (splits[edge.source],)
        return ()

    known = certain(context.graph, gain)
    written = {value for values in sets.values() for value in values}
    given = set(splits.values()) - written
    for name, path, value in wanted:
        if value in ALWAYS or name not in known or value in known[name]:
            continue
        if value in given:
            message = f"{{{value}}} is only known when the call brings it; callers without it hear a gap"
            hint = f"say it after a 'split' on {value}, on a case that names it"
            yield Problem(path, message, hint, severity="warning")
        elif value not in written:
            near = nearest(value, sorted(written | given | set(ALWAYS)))
            hint = f"did you mean {{{near}}}?" if near else f"set it before, e.g. with a collect 'into: {value}'"
            yield Problem(path, f"{{{value}}} is set by no node", hint)
        else:
            setters = [n for n, values in sets.items() if value in values]
            way = _way_without(context, name, value, gain)
            past = f" (for example through {' -> '.join(way)})" if way else ""
            message = f"{{{value}}} is not set on every way here{past}"
            yield Problem(path, message, f"lead every way through {' or '.join(repr(n) for n in setters[:3])} first")


def _wanted(context: Context) -> Iterator[tuple[str, Path, str]]:
    """Node, place and name of every value a text inserts."""
    for name, node in context.flow.nodes.items():
        for path, prompt in node.prompts():
            seen = set()
            for tag, text in prompt.text.items() if any("{" in t for t in prompt.text.values()) else ():
                for value in placeholders(text):
                    if value not in seen:
                        seen.add(value)
                        yield name, _place(context, ("nodes", name, *path), tag), value
        if isinstance(node, Set):
            for key, text in node.values.items():
                for value in placeholders(text):
                    yield name, ("nodes", name, "values", key), value


def _place(context: Context, path: Path, tag: str) -> Path:
    rests: tuple[Path, ...] = ((tag,), ("text", tag), ("say", tag), ("text",))
    return next(((*path, *rest) for rest in rests if tag and (*path, *rest) in context.document.marks), path)


def _way_without(context: Context, target: str, value: str, gain: object) -> list[str]:
    """A way from the start to `target` on which nobody sets `value`; shown from where it matters: its last nodes."""
    start = context.flow.start
    source: dict[str, str] = {start: ""}
    todo = [start]
    for name in todo:
        for edge in context.graph.edges[name]:
            if edge.target and edge.target not in source and value not in gain(edge):  # type: ignore[operator]
                source[edge.target] = name
                todo.append(edge.target)
    way: list[str] = []
    at = target if target in source else ""
    while at:
        way.insert(0, at)
        at = source[at]
    return ["...", *way[-4:]] if len(way) > 5 else way


RULE = Rule(
    code="P002", name="undefined-value", severity="error", check=check,
    summary="a value that may not be there",
    what="A text inserts {value}, and on some way to it nobody has set the value. ani, dnis and language are always "
    "there. A value that no node sets but a split reads is taken to come with the call: inserting it is a warning, "
    "unless a case of that split leads here.",
    why="The caller hears a gap: 'Your balance is .'",
    example="choices:\n  - {key: 1, label: a balance, next: balance}  # balance: say: Your account is {account}.",
    better="choices:\n  - {key: 1, label: a balance, next: ask_account}  # collect into account, then balance",
    source="Arithmetic: a forward must-analysis over all ways (Aho, Lam, Sethi & Ullman 2006, section 9.2)",
)  # fmt: skip
