"""Every voice and rate that a flow states, with where it is written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from flows.lint.context import Context
from flows.nodes.base_voices import voice_of
from flows.source.document import Path
from flows.speech.prompt import Prompt

__all__ = ["Stated", "prompt_in_voice", "stated_voices"]


class Stated(NamedTuple):
    """A voice as stated: where, for which language (empty: every one), its name, and its rate if one is stated."""

    path: Path
    language: str
    name: str
    rate: float | None


def stated_voices(context: Context) -> Iterator[Stated]:
    """The voices of the flow by language, then those of its prompts."""
    for tag, voice in context.flow.voices.items():
        yield Stated(("voices", tag, "name"), tag, voice.name, voice.rate)
    for _, path, prompt in context.prompts:
        for tag, name in prompt.voice.items():
            yield Stated((*path, "voice", *((tag,) if tag else ())), tag, name, prompt.rate)
        if prompt.rate is not None and not prompt.voice:
            yield Stated((*path, "rate"), "", "", prompt.rate)


def prompt_in_voice(context: Context, prompt: Prompt) -> Iterator[tuple[str, str]]:
    """The languages of a flow, with the voice that says a prompt in each; those with a recording are left out."""
    first = context.flow.languages[0]
    for tag in context.flow.languages:
        if not prompt.recording(tag, first):
            yield tag, voice_of(context.flow, tag, prompt)[0]
