"""P115 foreign-phrase: phrases in a language that the flow does not speak."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.menu import Menu
from flows.source.document import Path, nearest


def check(context: Context) -> Iterator[Problem]:
    """Find phrases by language whose language is not one of the flow's."""
    flow = context.flow
    listed: list[tuple[Path, tuple[str, ...]]] = [
        (("nodes", name, "choices", index, "phrases"), tuple(choice.phrases))
        for name, menu in context.nodes(Menu)
        for index, choice in enumerate(menu.choices)
    ]
    listed += [((*context.key_path(("keys",), key), "phrases"), tuple(of.phrases)) for key, of in flow.keys.items()]
    for path, tags in listed:
        for tag in tags:
            if tag and tag not in flow.languages:
                near = nearest(tag, list(flow.languages))
                hint = f"did you mean {near}?" if near else f"languages of the flow: {', '.join(flow.languages)}"
                yield Problem((*path, tag), f"the flow does not speak {tag}: nobody can say these", hint, of_key=True)


RULE = Rule(
    code="P115",
    name="foreign-phrase",
    severity="warning",
    check=check,
    summary="phrases of a language nobody hears",
    what="Phrases are listed for a language that is not one of the flow's `languages`.",
    why="The recogniser listens in the language of the call, so these phrases are never heard.",
    example="languages: [en-US]\nchoices:\n  - {key: 1, label: sales, phrases: {en-GB: [buy]}, next: sales}",
    better="languages: [en-US]\nchoices:\n  - {key: 1, label: sales, phrases: {en-US: [buy]}, next: sales}",
    source="Platform: Twilio <Gather> (language)",
)
