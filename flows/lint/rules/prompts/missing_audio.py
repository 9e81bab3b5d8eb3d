"""P004 missing-audio: a recording that is not there."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.nodes.queue import Queue
from flows.source.document import Path
from flows.speech.languages import language as language_of
from flows.speech.prompt import Prompt


def check(context: Context) -> Iterator[Problem]:
    """Find recordings that the reader of the file did not find."""
    if not context.missing_audio:
        return
    first = context.flow.languages[0]
    labels = [
        ((*context.key_path(("keys",), key), "label"), b.label) for key, b in context.flow.keys.items() if b.label
    ]
    for path, prompt in [*((path, prompt) for _, path, prompt in (*context.prompts, *context.asides)), *labels]:
        for tag, audio in prompt.audio.items():
            if audio in context.missing_audio:
                spoken = prompt.text.get(tag) or (prompt.text.get("") if tag == first else "")
                hint = "record it, or correct the path, which is relative to the flow's folder"
                hint += "" if spoken else "; no text stands in for it"
                yield Problem(
                    _place(context, path, prompt, tag),
                    f"there is no recording {audio!r}{_for(context, tag or first)}",
                    hint,
                )
    for name, queue in context.nodes(Queue):
        if queue.music and queue.music.audio in context.missing_audio:
            hint = "record it, or correct the path, which is relative to the flow's folder"
            yield Problem(
                ("nodes", name, "music", "audio"),
                f"there is no recording {queue.music.audio!r} for callers who wait",
                hint,
            )


def _for(context: Context, tag: str) -> str:
    return f" for {language_of(tag).name}" if len(context.flow.languages) > 1 else ""


def _place(context: Context, path: Path, prompt: Prompt, tag: str) -> Path:
    """Where the recording is named in the file: ``audio: x.wav``, ``audio: {en-US: x.wav}``, or below ``say``."""
    rests: tuple[Path, ...] = (("audio", tag), ("say", "audio", tag), ("audio",), ("say", "audio"))
    return next((found for rest in rests if (found := (*path, *rest)) in context.document.marks), path)


RULE = Rule(
    code="P004",
    name="missing-audio",
    severity="error",
    check=check,
    summary="a recording that is not there",
    what=(
        "A prompt names a recording by a path, and there is no such file relative to the flow's folder. Addresses "
        "(https://...) are not fetched. Files are looked for when the flow is read; a flow that does not come from a "
        "file is not checked."
    ),
    why="Callers hear nothing where the recording should be, or a different voice from the rest of the call.",
    example="say: {text: Welcome., audio: prompts/welcom.wav}",
    better="say: {text: Welcome., audio: prompts/welcome.wav}",
    source="Platform: a carrier plays silence, or fails, for a recording it cannot fetch",
)
