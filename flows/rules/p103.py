"""P103 key-before-function: "press 1 for sales" instead of "for sales, press 1"."""

from __future__ import annotations

from collections.abc import Iterator

from flows.announced import announcements
from flows.context import Context
from flows.document import Path
from flows.languages import language as language_of
from flows.nodes.menu import Type as Menu
from flows.nodes.queue import Type as Queue
from flows.rules.base import Problem, Rule


def check(context: Context) -> Iterator[Problem]:
    """Written prompts, once for each text."""
    for name, path, prompt in context.prompts:
        if path[2] == "choices" or not isinstance(context.flow.nodes[name], Menu | Queue):
            continue
        for tag in context.flow.languages:
            text = prompt.text.get(tag) or (prompt.text.get("", "") if tag == context.flow.languages[0] else "")
            found = next((a for a in announcements(text, tag) if a.key_first), None) if text else None
            if found:
                spoken = language_of(tag)
                better = spoken.option.format(label=found.words, key=spoken.key_name(found.key))
                message = f"the key comes before what it is for{context.in_language(tag)}: {text[found.start : found.end].strip()!r}"
                yield Problem(_place(context, path, tag), message, f"say {better!r}")


def _place(context: Context, path: Path, tag: str) -> Path:
    return (*path, tag) if (*path, tag) in context.document.marks else path


RULE = Rule(
    code="P103", name="key-before-function", severity="info", check=check,
    summary="the key before what it is for",
    what="A written prompt names the key before what it is for.",
    why="Callers listen for their matter, and when they recognise it the key has been said and forgotten.",
    example="prompt: Press 1 for billing.", better="prompt: For billing, press 1.",
    source="Standard: ISO/IEC 13714 as summarised by vendors (function before key); Ireland's public-service guide",
)  # fmt: skip
