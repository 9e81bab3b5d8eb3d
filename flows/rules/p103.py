"""P103 key-before-function: "press 1 for sales" instead of "for sales, press 1"."""

from __future__ import annotations

from collections.abc import Iterator

from flows.announced import announcements
from flows.context import Context
from flows.document import Path
from flows.errors import Fix
from flows.languages import language as language_of
from flows.nodes.menu import Type as Menu
from flows.nodes.queue import Type as Queue
from flows.prompt import Prompt
from flows.rules.base import Problem, Rule

_ENDS = ".;!?:。；！？："


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
                place = _place(context, path, tag)
                yield Problem(place, message, f"say {better!r}", fix=_turned(context, place, prompt, tag))


def _turned(context: Context, place: Path, prompt: Prompt, tag: str) -> Fix | None:
    """Every announcement of the text turned round; none when it is a recording, which no edit can change."""
    text = context.document.scalar(place)
    if text is None or prompt.recording(tag, context.flow.languages[0]):
        return None
    spoken = language_of(tag)
    for found in reversed(announcements(text, tag)):
        if found.key_first:
            said = spoken.option.format(label=found.words, key=spoken.key_name(found.key))
            if text[found.end : found.end + 1] in _ENDS:  # the text goes on with its own sign
                said = said.rstrip(_ENDS)
            text = text[: found.start] + said + text[found.end :]
    return Fix(place, text)


def _place(context: Context, path: Path, tag: str) -> Path:
    ways = ((*path, tag), (*path, "text", tag), (*path, "text"), path)
    return next(way for way in ways if way in context.document.marks)


RULE = Rule(
    code="P103", name="key-before-function", severity="info", check=check,
    summary="the key before what it is for",
    what="A written prompt names the key before what it is for.",
    why="Callers listen for their matter, and when they recognise it the key has been said and forgotten.",
    example="prompt: Press 1 for billing.", better="prompt: For billing, press 1.",
    source="Standard: ISO/IEC 13714 as summarised by vendors (function before key); Ireland's public-service guide",
)  # fmt: skip
