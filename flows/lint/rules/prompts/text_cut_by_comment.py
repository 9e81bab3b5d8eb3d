"""P007 text-cut-by-comment: an unquoted # cuts a text."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.sentences import PAUSES
from flows.nodes.menu import Menu
from flows.source.document import Document, Mark, Path, lines_of
from flows.speech.languages import language as language_of
from flows.speech.listening import every_phrase

_COMMENT = re.compile(r"\S[ \t]+#")
_AFTER = re.compile(r"[ \t]+(#(.*))")
_ENDED = re.compile(rf"[{PAUSES}…][\"'”’)]*$")
_GOES_ON = re.compile(r"[0-9.,;:!?)]")
"""Characters after a # that belongs to the text rather than starting a comment: "our #1 plan", "press #."."""
_SETTING = re.compile(r"\s*ivr:")
_SHOWN = 40
"""How many of a text's last characters are shown."""
_LINES = 50
"""How many lines an unquoted text is followed for."""
_FREE = (("name",), ("description",))


def check(context: Context) -> Iterator[Problem]:
    """Check how every unquoted text before a comment ends, and how the comment begins."""
    if not any(" #" in text or "\t#" in text for text in context.document.texts.values()):
        return
    commented: dict[str, list[int]] = {}
    for path, tag, is_sentence in _texts(context):
        document, local = context.document.origin(path)
        value, mark = document.scalar(local), document.marks.get(local)
        if not value or mark is None or not _comment_near(commented, document, mark):
            continue
        found = _comment_after(document, value, mark)
        if found is None or _SETTING.match(found[1]):
            continue
        strong = bool(_GOES_ON.match(found[1])) or _last_word(value) in _expecting(tag)
        if strong or (is_sentence and not _ENDED.search(value)):
            message = f"the text ends before this #, as {_shown(value)}; the rest is a comment that nobody hears"
            hint = (
                "put the whole text in quotes"
                if strong
                else "put the whole text in quotes, or the comment on a line of its own"
            )
            yield Problem(path, message, hint, severity="error" if strong else "warning", at=found[0])


def _texts(context: Context) -> Iterator[tuple[Path, str, bool]]:
    """Path, language, and whether the text consists of sentences."""
    first = context.flow.languages[0]
    labels = [
        ((*context.key_path(("keys",), key), "label"), bound.label)
        for key, bound in context.flow.keys.items()
        if bound.label
    ]
    for path, prompt in (
        *((path, prompt) for _, path, prompt in (*context.prompts, *context.unspoken_prompts)),
        *labels,
    ):
        yield from ((context.text_path(path, tag), tag or first, path[-1] != "label") for tag in prompt.text)
    yield from ((path, first, False) for path in _FREE)
    yield from ((("queues", name, "label"), first, False) for name in context.flow.queues)
    for name, node in context.flow.nodes.items():
        yield ("nodes", name, "note"), first, False
        yield from ((("nodes", name, *path), first, False) for path, _ in node.inserts())
    for name, menu in context.nodes(Menu):
        for index, choice in enumerate(menu.choices):
            yield from (
                (("nodes", name, "choices", index, "phrases", *place), tag or first, False)
                for place, tag, _ in every_phrase(choice.phrases)
            )


def _comment_near(commented: dict[str, list[int]], document: Document, mark: Mark) -> bool:
    """Whether a comment follows on the line of a value or soon after; an unquoted text may span several lines."""
    if document.file not in commented:
        commented[document.file] = [
            i for i, line in enumerate(lines_of(document.text), 1) if "#" in line and _COMMENT.search(line)
        ]
    lines = commented[document.file]
    place = bisect_left(lines, mark[0])
    return place < len(lines) and lines[place] <= mark[0] + _LINES


def _comment_after(document: Document, value: str, mark: Mark) -> tuple[Mark, str] | None:
    """The start of the comment after an unquoted text, and its words."""
    lines = lines_of(document.text)
    rest = "\n".join([lines[mark[0] - 1][mark[1] - 1 :], *lines[mark[0] : mark[0] + _LINES]])
    plain = re.compile(r"\s+".join(map(re.escape, value.split()))).match(rest) if rest[:1] not in "\"'|>" else None
    found = _AFTER.match(rest, plain.end()) if plain else None
    if found is None:
        return None
    before = rest[: found.start(1)].split("\n")
    return (mark[0] + len(before) - 1, len(before[-1]) + (mark[1] if len(before) == 1 else 1)), found[2]


def _last_word(value: str) -> str:
    return value.split()[-1].lower()


@cache
def _expecting(tag: str) -> frozenset[str]:
    """Words that cannot end a text: function words, and "press"."""
    spoken = language_of(tag)
    return frozenset({*spoken.function_words, *spoken.say_key, *spoken.wrong_verbs} - {"key"})


def _shown(value: str) -> str:
    return repr(value if len(value) <= _SHOWN else f"…{value[1 - _SHOWN :]}")


RULE = Rule(
    code="P007",
    name="text-cut-by-comment",
    severity="error",
    check=check,
    summary="an unquoted # cuts a text",
    what=(
        "An unquoted text contains a # after a space, where YAML begins a comment: the text ends there. Reported if "
        "the comment looks like the rest of the text, or the text breaks off at a word like 'the' or 'press' (error), "
        "and if sentences before a comment do not end with a full stop (warning)."
    ),
    why=(
        "'Keep the # key for the end' is spoken as 'Keep the', and the rest of the prompt, with all its keys, "
        "silently disappears."
    ),
    example="say: Press 1 for sales, or press # for help.",
    better='say: "Press 1 for sales, or press # for help."',
    options="A comment after a sentence that ends with a full stop counts as a comment.",
    source="Standard: YAML 1.2.2, 6.6 (a # after white space begins a comment)",
)
