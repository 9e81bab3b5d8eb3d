"""P120 rate-not-heard: a rate of speaking that a voice does not follow."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.prompts._voices import prompt_in_voice
from flows.values.voices import is_voice, understands


def check(context: Context) -> Iterator[Problem]:
    """Find rates of voices that cannot change theirs, and rates without a voice."""
    flow = context.flow
    for tag, voice in flow.voices.items():
        if voice.rate is not None and (problem := _problem(voice.name)):
            yield Problem(("voices", tag, "rate"), *problem)
    for _, path, prompt in context.prompts:
        spoken = list(prompt_in_voice(context, prompt))
        if prompt.rate is None:
            continue
        found = [problem for _, name in spoken if (problem := _problem(name))]
        if not spoken:
            found = [("every language has a recording, which keeps its own rate", "leave 'rate' out")]
        if found:
            yield Problem((*path, "rate"), *found[0])


def _problem(name: str) -> tuple[str, str] | None:
    """What is wrong with a rate for a voice, and what to do."""
    if not name:
        return (
            "no voice is named, and the carrier's own may be one that keeps its rate",
            "name the voice: voices: {en-US: Polly.Joanna-Neural}",
        )
    if is_voice(name) and "prosody" not in understands(name):
        return f"{name} has one rate only, so it is not changed", "leave 'rate' out, or use another voice"
    return None


RULE = Rule(
    code="P120",
    name="rate-not-heard",
    severity="warning",
    check=check,
    summary="a rate the voice does not follow",
    what=(
        "A `rate` is stated for a voice that cannot change its rate (the basic ones, Google's Chirp, ElevenLabs), for "
        "the carrier's own voice, which may be such a one, or for a prompt that is recorded in every language."
    ),
    why="Callers hear it at another pace than it was timed for.",
    example="voices: {en-US: {name: woman, rate: 90%}}",
    better="voices: {en-US: {name: Polly.Joanna-Neural, rate: 90%}}",
    source="Platform: Twilio <Say> (SSML prosody)",
)
