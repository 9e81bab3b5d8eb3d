"""P005 bad-ssml: marks of speech that a voice cannot read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from xml.parsers import expat

from flows.context import Context
from flows.document import nearest
from flows.rules.base import Problem, Rule

ELEMENTS: Mapping[str, tuple[str, ...]] = {
    "speak": (), "p": (), "s": (), "w": (), "token": (), "break": (), "emphasis": (), "lang": ("xml:lang",),
    "phoneme": ("ph",), "prosody": (), "say-as": ("interpret-as",), "sub": ("alias",), "voice": (), "mark": ("name",),
    "audio": ("src",), "desc": (), "metadata": (), "meta": (), "lexicon": ("uri",), "lookup": ("ref",),
}  # fmt: skip
"""Elements of SSML 1.1 with the attributes that each must have; those with a prefix are a vendor's."""
_TAG = re.compile(r"</?(?:break|emphasis|prosody|say-as|phoneme|sub|voice|lang|p|s)\b[^<>]*>")
_PAUSE = re.compile(r"\+?(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)m?s")


def check(context: Context) -> Iterator[Problem]:
    """Texts that begin with ``<speak>``, read as SSML; others that hold its tags."""
    for text in context.texts:
        if "<" not in text.words:
            continue
        if not text.words.lstrip().startswith("<speak"):
            found = _TAG.search(text.words)
            if found:
                message = f"{found[0]!r} stands in a text that is not SSML, and is read out or dropped"
                yield Problem(text.path, message, "put the whole text between <speak> and </speak>", severity="warning")
            continue
        message, hint = _fault(text.words)
        if message:
            yield Problem(text.path, message, hint)


def _fault(words: str) -> tuple[str, str]:
    """The first thing wrong, and what to do; empty when nothing is."""
    if "<!" in words:
        return "SSML here has no declarations and no comments (<!...)", "remove it"
    found: list[tuple[str, str]] = []
    depth: list[str] = []

    def start(tag: str, attributes: Mapping[str, str]) -> None:
        if not depth and tag != "speak":
            found.append((f"SSML begins with <speak>, not with <{tag}>", "write <speak>...</speak>"))
        depth.append(tag)
        found.extend(_element(tag, attributes))

    parser = expat.ParserCreate()
    parser.StartElementHandler = start
    try:
        parser.Parse(words.strip(), True)
    except expat.ExpatError as error:
        broken = f"SSML that cannot be read: {expat.ErrorString(error.code)} at character {error.offset + 1}"
        found.append((broken, "close every tag, put attributes in quotes, and write &amp; for &"))
    return found[0] if found else ("", "")


def _element(tag: str, attributes: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    if ":" in tag:
        return
    if tag not in ELEMENTS:
        near = nearest(tag, list(ELEMENTS))
        yield f"SSML has no element <{tag}>", f"did you mean <{near}>?" if near else f"use one of {', '.join(ELEMENTS)}"
        return
    for needed in ELEMENTS[tag]:
        if needed not in attributes:
            yield f"<{tag}> says no {needed!r}", f'write <{tag} {needed}="...">'
    if tag == "break" and "time" in attributes and not _PAUSE.fullmatch(attributes["time"]):
        yield f"{attributes['time']!r} is no length of a <break>", 'write time="500ms" or time="1s"'


RULE = Rule(
    code="P005", name="bad-ssml", severity="error", check=check,
    summary="SSML that a voice cannot read",
    what="A text that begins with <speak> is not well-formed, has an element SSML 1.1 does not know, lacks an attribute "
    "that an element needs, or states a pause that is no length. Elements with a prefix are a vendor's and are not judged. "
    "Tags in a text that does not begin with <speak> are a warning.",
    why="Voices refuse such a text as a whole: callers hear nothing, or an apology.",
    example='say: "<speak>One moment.<break time=1s></speak>"', better='say: "<speak>One moment.<break time=\'1s\'/></speak>"',
    source="Standard: W3C Speech Synthesis Markup Language 1.1 (2010)",
)  # fmt: skip
