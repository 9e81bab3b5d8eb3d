"""P119 ssml-not-for-voice: SSML that the voice of a text does not understand."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Problem
from flows.lint.rules.base import Rule
from flows.lint.rules.prompts._voices import prompt_in_voice
from flows.speech import ssml
from flows.values.voices import is_voice, understands, unknown_attributes


def check(context: Context) -> Iterator[Problem]:
    """Compare the elements of SSML with those that its voice understands."""
    first = context.flow.languages[0]
    for _, path, prompt in context.prompts:
        for tag, voice in prompt_in_voice(context, prompt):
            text = prompt.text.get(tag) or (prompt.text.get("", "") if tag == first else "")
            if not voice or not is_voice(voice) or not ssml.is_ssml(text):
                continue
            root = ssml.read(text)[0]
            unknown = sorted({name for name in _used(root.parts if root else (), voice) if name})
            if unknown:
                message = f"{voice} does not understand {', '.join(unknown)}; callers hear the words alone"
                where = context.text_path(path, tag if tag in prompt.text else "")
                yield Problem(where, message, "leave it out, or use another voice here: voice: ...")


def _used(parts: tuple[str | ssml.Element, ...], voice: str) -> Iterator[str]:
    """What the voice does not understand, as written."""
    for part in parts:
        if isinstance(part, str):
            continue
        if part.name in ssml.ELEMENTS and part.name not in understands(voice):
            yield f"<{part.name}>"
        else:
            deaf = unknown_attributes(voice, part.name)
            yield from (f"{name} of <{part.name}>" for name, _ in part.attributes if name in deaf)
        yield from _used(part.parts, voice)


RULE = Rule(
    code="P119",
    name="ssml-not-for-voice",
    severity="warning",
    check=check,
    summary="SSML the voice does not understand",
    what=(
        "A text in SSML has an element, or an attribute, that its voice does not understand: the basic voices know "
        "none, neural and generative ones of Polly no emphasis and no pitch, Google's Chirp ones only p, phoneme, s, "
        "say-as and sub. An element that no voice knows is P005."
    ),
    why="Sent as it is, it would be refused; so it is left out, and the text does not sound as it was meant.",
    example="voices: {en-US: Polly.Joanna-Neural}\nsay: <speak>This is <emphasis>urgent</emphasis>.</speak>",
    better="voices: {en-US: Polly.Joanna}\nsay: <speak>This is <emphasis>urgent</emphasis>.</speak>",
    source="Platform: Amazon Polly, supported SSML tags; Google Cloud Text-to-Speech, SSML; Twilio <Say>",
)
