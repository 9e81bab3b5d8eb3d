"""P118 foreign-voice: a voice does not speak the language it is given."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.prompts._voices import stated_voices
from flows.source.document import nearest
from flows.values.voices import is_voice, nearest_voices, speaks, voices


def check(context: Context) -> Iterator[Problem]:
    """Compare the languages of voices with those they are stated for."""
    spoken = context.flow.languages
    for stated in stated_voices(context):
        if stated.language and stated.language not in spoken:
            near = nearest(stated.language, list(spoken))
            hint = f"did you mean {near}?" if near else f"languages of the flow: {', '.join(spoken)}"
            message = f"the flow does not speak {stated.language}: nobody hears this voice"
            path = stated.path[:2] if stated.path[0] == "voices" else stated.path
            yield Problem(path, message, hint, of_key=True)
            continue
        tags = [stated.language] if stated.language else list(spoken)
        deaf = [tag for tag in tags if stated.name and is_voice(stated.name) and not speaks(stated.name, tag)]
        if deaf:
            known = ", ".join(voices()[stated.name])
            message = f"{stated.name} does not speak {', '.join(deaf)}; it speaks {known}"
            if stated.language:
                hint = f"use a voice of {deaf[0]}, like {nearest_voices('', deaf[0])[0]}"
            else:
                hint = "state one for each language: voice: {en-US: ..., es-US: ...}"
            yield Problem(stated.path, message, hint)


RULE = Rule(
    code="P118",
    name="foreign-voice",
    severity="warning",
    check=check,
    summary="a voice that speaks another language",
    what=(
        "A voice is stated for a language that it does not speak, or for one that is not among the flow's `languages`. "
        "A voice of another country is fine."
    ),
    why="The carrier refuses the text, or reads it out by the rules of the wrong language.",
    example="languages: [en-US, es-US]\nvoices: {en-US: Polly.Joanna, es-US: Polly.Joanna}",
    better="languages: [en-US, es-US]\nvoices: {en-US: Polly.Joanna, es-US: Polly.Lupe}",
    source="Platform: Twilio <Say> (voice, language)",
)
