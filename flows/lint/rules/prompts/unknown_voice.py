"""P117 unknown-voice: a voice that the carrier does not have."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.prompts._voices import stated_voices
from flows.values.voices import is_voice, nearest_voices


def check(context: Context) -> Iterator[Problem]:
    """Look up every voice in the shipped list."""
    for stated in stated_voices(context):
        if stated.name and not is_voice(stated.name):
            language = stated.language or context.flow.languages[0]
            near, *others = nearest_voices(stated.name, language) or ("",)
            hint = f"did you mean {near}?" if near else "see the list of voices in docs/reference/voices.md"
            also = f" others for {language}: {', '.join(others)}" if others else ""
            yield Problem(stated.path, f"the carrier has no voice {stated.name!r}", hint + also)


RULE = Rule(
    code="P117",
    name="unknown-voice",
    severity="error",
    check=check,
    summary="a voice that the carrier has not",
    what="`voices` or the `voice` of a prompt names a voice that is not in the list of Twilio's voices.",
    why="The carrier refuses the text (13512), and callers hear nothing.",
    example="voices: {en-US: Polly.Joana-Neural}",
    better="voices: {en-US: Polly.Joanna-Neural}",
    options="The list is `flows/values/voices.csv`, with its source and date.",
    source="Platform: Twilio <Say> (voice)",
)
