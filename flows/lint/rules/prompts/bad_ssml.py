"""P005 bad-ssml: SSML that a voice cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.source.document import Path
from flows.speech import ssml

_TAG = re.compile(rf"</?(?:speak|{'|'.join(ssml.ELEMENTS)}|voice|audio|mark)\b[^<>]*>")


def check(context: Context) -> Iterator[Problem]:
    """Check texts that begin with ``<speak>`` as SSML; find other texts, and labels, that contain SSML tags."""
    labels = [(("keys", key, "label"), bound.label) for key, bound in context.flow.keys.items() if bound.label]
    shared = [((*context.key_path(("keys",), str(path[1])), "label"), label) for path, label in labels]
    for _, path, prompt in (*context.prompts, *context.asides, *(("", path, label) for path, label in shared)):
        for tag, words in prompt.text.items():
            if "<" in words:
                is_label = path[-1] == "label"
                yield from _found(context, context.text_path(path, tag), words, is_label=is_label)


def _found(context: Context, path: Path, words: str, *, is_label: bool) -> Iterator[Problem]:
    tag = _TAG.search(words)
    if is_label and tag:
        message = f"{tag[0]!r} is in a label, which becomes part of a sentence"
        yield Problem(
            path,
            message,
            "write the words alone, or write the whole prompt as SSML",
            at=context.document.within(path, tag.start()),
        )
    elif ssml.is_ssml(words):
        for offset, message, hint in ssml.read(words)[1]:
            yield Problem(path, message, hint, at=context.document.within(path, offset))
    elif tag:
        message = f"{tag[0]!r} is in a text that is not SSML: it is read out or dropped"
        hint = "put the whole text between <speak> and </speak>"
        yield Problem(path, message, hint, severity="warning", at=context.document.within(path, tag.start()))


RULE = Rule(
    code="P005",
    name="bad-ssml",
    severity="error",
    check=check,
    summary="SSML that a voice cannot read",
    what=(
        "A text that begins with <speak> is not well-formed, has an element that the carrier's voices do not know or "
        "that may not be there, lacks an attribute that an element needs, or gives one a value it does not accept. "
        "Each is reported where it stands. Tags in a text that does not begin with <speak> are a warning; tags in a "
        "label are an error."
    ),
    why="Voices reject such a text as a whole: callers hear nothing, or an apology.",
    example='say: "<speak>One moment.<break time=1s></speak>"',
    better="say: \"<speak>One moment.<break time='1s'/></speak>\"",
    options=(
        "The elements are break, emphasis, lang, p, phoneme, prosody, s, say-as, sub and w. Values ({name}) are "
        "inserted as plain words. Drawings, transcripts and the phones show the words without the tags, and the alias "
        "of a <sub>."
    ),
    source="Platform: SSML that Twilio <Say> takes. Standard: W3C Speech Synthesis Markup Language 1.1 (2010)",
)
