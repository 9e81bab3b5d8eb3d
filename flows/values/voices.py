"""The voices of a carrier: their names, the languages they speak, and the SSML they understand.

The names are in ``voices.csv``, with their source and date. SSML by kind of voice: docs.aws.amazon.com/polly,
supportedtags; cloud.google.com/text-to-speech/docs/ssml and chirp3-hd; twilio.com/docs/voice/twiml/say/text-speech.
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from flows.source.document import nearest

__all__ = [
    "is_voice",
    "nearest_voices",
    "primary_tag",
    "sent_tag",
    "speaks",
    "understands",
    "unknown_attributes",
    "voices",
]

_ALL = frozenset({"break", "emphasis", "lang", "p", "phoneme", "prosody", "s", "say-as", "sub", "w"})
_ANY_NAME = "ElevenLabs."
"""Voices of this provider have no fixed names, and speak any language."""
_SAME = {"cmn": "zh", "yue": "zh", "arb": "ar"}
"""Languages that are also written by another tag."""
_UNDERSTOOD: tuple[tuple[str, frozenset[str]], ...] = (
    ("-Chirp3-HD-", frozenset({"p", "phoneme", "s", "say-as", "sub"})),
    ("-Generative", _ALL - {"emphasis"}),
    ("-Neural", _ALL - {"emphasis"}),
    ("Google.", _ALL - {"w"}),
    ("Polly.", _ALL),
    (_ANY_NAME, frozenset({"break", "phoneme"})),
)
_NEAREST = 3


@cache
def voices() -> Mapping[str, tuple[str, ...]]:
    """Every voice by name, with the tags of the languages it speaks.

    Examples
    --------
    >>> voices()["Polly.Joanna-Neural"], voices()["Polly.Aditi"]
    (('en-US',), ('en-IN', 'hi-IN'))
    """
    text = files("flows.values").joinpath("voices.csv").read_text("utf-8")
    rows = csv.DictReader(line for line in text.splitlines() if not line.startswith("#"))
    return {row["voice"]: tuple(row["languages"].split()) for row in rows}


def is_voice(name: str) -> bool:
    """Whether a carrier has a voice of this name.

    Examples
    --------
    >>> is_voice("Polly.Joanna-Neural"), is_voice("Polly.Joana"), is_voice("ElevenLabs.any")
    (True, False, True)
    """
    return name in voices() or name.startswith(_ANY_NAME)


def speaks(name: str, language: str) -> bool:
    """Whether a voice speaks a language, of whichever country; true of voices that speak any.

    Examples
    --------
    >>> speaks("Polly.Amy", "en-US"), speaks("Polly.Amy", "es-US"), speaks("Polly.Zhiyu", "zh-CN")
    (True, False, True)
    """
    known = voices().get(name)
    return known is None or any(primary_tag(tag) == primary_tag(language) for tag in known)


def sent_tag(name: str, tag: str) -> str:
    """The language tag to send with a voice: the voice's own, if it does not speak the language of that country.

    Examples
    --------
    >>> sent_tag("Polly.Amy", "en-US"), sent_tag("Polly.Joanna", "en-US"), sent_tag("Polly.Zhiyu", "zh-CN")
    ('en-GB', 'en-US', 'cmn-CN')
    """
    known = voices().get(name, ())
    if tag in known:
        return tag
    return next((own for own in known if primary_tag(own) == primary_tag(tag)), tag)


def understands(name: str) -> frozenset[str]:
    """The SSML elements that a voice understands; all of them if no voice is named.

    Examples
    --------
    >>> sorted(understands("Google.en-US-Chirp3-HD-Kore")), sorted(understands("woman"))
    (['p', 'phoneme', 's', 'say-as', 'sub'], [])
    >>> "emphasis" in understands("Polly.Joanna"), "emphasis" in understands("Polly.Joanna-Neural")
    (True, False)
    """
    if not name:
        return _ALL
    return next((elements for part, elements in _UNDERSTOOD if part in name), frozenset())


def unknown_attributes(name: str, element: str) -> frozenset[str]:
    """The attributes of an SSML element that a voice does not understand, though it understands the element.

    Examples
    --------
    >>> unknown_attributes("Polly.Joanna-Neural", "prosody"), unknown_attributes("Polly.Joanna", "prosody")
    (frozenset({'pitch'}), frozenset())
    """
    pitchless = name.startswith("Polly.") and name.endswith(("-Neural", "-Generative"))
    return frozenset({"pitch"} if element == "prosody" and pitchless else ())


def nearest_voices(name: str, language: str) -> tuple[str, ...]:
    """Up to three voices of a language, the most similar name first.

    Examples
    --------
    >>> nearest_voices("Polly.Joana-Neural", "en-US")[0], nearest_voices("", "vi-VN")[0]
    ('Polly.Joanna-Neural', 'Google.vi-VN-Neural2-A')
    """
    offered = [voice for voice, tags in voices().items() if language in tags]
    offered = offered or [voice for voice, tags in voices().items() if sent_tag(voice, language) in tags]
    near = nearest(name, offered) or next((voice for voice in offered if name and name.lower() in voice.lower()), "")
    rest = sorted((voice for voice in offered if voice != near), key=_rank)
    return tuple(([near] if near else []) + rest)[:_NEAREST]


def _rank(voice: str) -> tuple[int, str]:
    """Voices that sound like people and understand nearly all SSML come first."""
    kinds = ("-Neural", "-Wavenet-", "Polly.", "Google.")
    return next((i for i, kind in enumerate(kinds) if kind in voice), len(kinds)), voice


def primary_tag(tag: str) -> str:
    """The language of a tag, without its country; Mandarin and Cantonese are Chinese.

    Examples
    --------
    >>> primary_tag("en-US"), primary_tag("cmn-CN")
    ('en', 'zh')
    """
    primary = tag.partition("-")[0].lower()
    return _SAME.get(primary, primary)
