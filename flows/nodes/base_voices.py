"""Who says something, and how fast: what a prompt states, else its flow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from flows.speech.prompt import Prompt
from flows.speech.voice import NORMAL, Voice, named
from flows.values.voices import understands

__all__ = ["voice_of"]


class HasVoices(Protocol):
    """A flow, as far as it says who speaks."""

    @property
    def voices(self) -> Mapping[str, Voice]:
        """Who speaks, by language tag."""


def voice_of(flow: HasVoices, language: str, prompt: Prompt | None = None) -> tuple[str, float]:
    """Who says something in a language, and how fast: as the prompt states, else the flow; else the carrier's voice.

    A voice that cannot change its rate keeps its own.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> voices = "voices: {en-US: {name: Polly.Amy, rate: 80%}}"
    >>> flow = load_text(f"{{ivr: 1, name: L, start: bye, {voices}, nodes: {{bye: {{type: hangup}}}}}}").flow
    >>> voice_of(flow, "en-US"), voice_of(flow, "es-US"), voice_of(flow, "en-US", Prompt(voice={"": "woman"}))
    (('Polly.Amy', 0.8), ('', 1.0), ('woman', 1.0))
    """
    stated = flow.voices.get(language)
    name = (named(prompt.voice, language) if prompt else "") or (stated.name if stated else "")
    rate = (prompt.rate if prompt else None) or (stated.rate if stated else None) or NORMAL
    return name, rate if "prosody" in understands(name) else NORMAL
