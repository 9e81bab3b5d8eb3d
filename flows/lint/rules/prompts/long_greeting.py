"""P102 long-greeting: too many words before a choice."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.nodes.base import END
from flows.nodes.base_dialogue import Dialogue
from flows.nodes.switch import Switch

MOST = Option(
    "most_s", 8.0, "Seconds from the start of the call to the first option above which a warning is reported."
)


def check(context: Context) -> Iterator[Problem]:
    """Check what is said before every first choice, in the slowest language."""
    told = set()
    most_s = context.option("P102", MOST)
    for name, path in _first_choices(context).items():
        seconds, tag, place = max(
            (_before(context, path, tag) for tag in context.flow.languages), key=lambda found: found[0]
        )
        if seconds > most_s and place not in told:
            told.add(place)
            message = (
                f"callers hear {seconds:.1f} s{context.in_language(tag)} before the first choice ({name!r}); more than"
                f" {most_s:g} s"
            )
            yield Problem(place, message, "a greeting is a name; leave news and notices for later", of_key=True)


def _first_choices(context: Context) -> dict[str, tuple[str, ...]]:
    """The first nodes that listen, each with the path to it."""
    flow = context.flow
    paths: dict[str, tuple[str, ...]] = {flow.start: ()} if flow.start in flow.nodes else {}
    todo = list(paths)
    for name in todo:
        if isinstance(flow.nodes[name], Dialogue) or name in context.person_nodes:
            continue
        for edge in context.graph.edges[name]:
            if edge.target != END and edge.target not in paths:
                paths[edge.target] = (*paths[name], name)
                todo.append(edge.target)
    return {name: (*path, name) for name, path in paths.items() if isinstance(flow.nodes[name], Dialogue)}


def _before(context: Context, names: tuple[str, ...], tag: str) -> tuple[float, str, tuple[str, ...]]:
    """Seconds before the first option, and the place of the longest part."""
    parts: list[tuple[float, tuple[str, ...]]] = []
    for name in names[:-1]:
        node = context.flow.nodes[name]
        for path, prompt in () if isinstance(node, Switch) else node.prompts():  # on for a time, off in the usual call
            parts.append((context.prompt_s(prompt, tag), ("nodes", name, *map(str, path))))
    last = names[-1]
    node = context.flow.nodes[last]
    if node.keeps_place:
        place = "intro" if getattr(node, "intro", None) else "prompt"
        parts.append((context.spoken(last, tag).intro_s, ("nodes", last, place)))
    longest = max(parts, key=lambda part: part[0], default=(0.0, ("nodes", last)))
    return sum(seconds for seconds, _ in parts), tag, longest[1]


RULE = Rule(
    code="P102",
    name="long-greeting",
    severity="warning",
    check=check,
    summary="too many words before a choice",
    what=(
        "Callers hear more than 8 s between the start of the call and the first option: greetings, notices, and what "
        "the first menu says before its options. What a switch of the line says while it is on does not count."
    ),
    why="Everyone pays for it in every call: 10 s too many are 28 hours in 10,000 calls.",
    example=(
        "say: Welcome to Northwind, the leading provider of telephone and internet services in the whole state. "
        "Visit us at our new site, and listen carefully."
    ),
    better="say: Northwind.",
    settings=(MOST,),
    source=(
        "Guides: AT&T and Plum Voice (short greetings). Field: callers spend 48 s on average in a menu, median 40 s "
        "(VCC Live 2023, 3.8 million calls)"
    ),
)
