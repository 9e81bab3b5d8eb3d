"""T001 not-supported-on-target: the carrier does not support it."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.message import Message
from flows.nodes.queue import Queue
from flows.source.document import Path

PLAYED = ("mp3", "wav", "wave", "aif", "aiff", "aifc", "gsm", "ulaw", "au")
"""Extensions of the formats that Twilio <Play> accepts: MPEG, WAV, AIFF, GSM and u-law."""
TEXT_CHARACTERS = 1_600
"""Maximum length of a text message at Twilio (error 21617)."""


def check(context: Context) -> Iterator[Problem]:
    """Check the extensions of recordings, and the length of text messages without inserted values."""
    said = (
        (_place(context, path, "audio", tag), file)
        for _, path, prompt in (*context.prompts, *context.asides)
        for tag, file in prompt.audio.items()
    )
    music = ((("nodes", name, "music", "audio"), node.music.audio) for name, node in context.nodes(Queue) if node.music)
    for place, file in (*said, *music):
        if ending := _unplayed(file):
            message = f".{ending} recordings cannot be played ({file!r}); callers hear an error"
            yield Problem(place, message, "convert it to .mp3 or .wav")
    for name, node in context.nodes(Message):
        for tag, text in node.text.text.items():
            if len(text) > TEXT_CHARACTERS:
                message = (
                    f"a text message has at most {TEXT_CHARACTERS} characters; this one has {len(text)} and is not sent"
                )
                yield Problem(
                    _place(context, ("nodes", name, "text"), "text", tag),
                    message,
                    "shorten it, or send a link instead",
                )


def _unplayed(file: str) -> str:
    """The extension of a recording that the carrier does not play; empty otherwise."""
    stem, dot, ending = file.partition("?")[0].partition("#")[0].rpartition("/")[2].lower().rpartition(".")
    return ending if stem and dot and ending not in PLAYED else ""


def _place(context: Context, path: Path, part: str, tag: str) -> Path:
    return next((p for p in ((*path, part, tag), (*path, tag), (*path, part)) if p in context.document.marks), path)


RULE = Rule(
    code="T001",
    name="not-supported-on-target",
    severity="error",
    check=check,
    summary="the carrier does not support it",
    what="A recording in a format that the carrier does not play, or a text message longer than it sends.",
    why="It works in the terminal and in the browser, but callers hear 'an application error has occurred'.",
    example="greeting: {type: play, say: {text: Welcome., audio: https://example.com/welcome.ogg}, next: main}",
    better="greeting: {type: play, say: {text: Welcome., audio: https://example.com/welcome.mp3}, next: main}",
    options=f"The target is Twilio. Recordings: {', '.join(PLAYED)}. Text messages: {TEXT_CHARACTERS:,} characters.",
    source=(
        "Platform: Twilio <Play> (supported audio file types); Twilio error 21617. Recordings without an extension "
        "are not checked"
    ),
)
