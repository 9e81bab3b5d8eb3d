"""The language tags that Twilio speaks and understands, for the languages a flow may have.

An unknown tag draws error 13512 (Say) or 13335 (Gather), and the caller hears nothing or is not understood, so the
nearest known tag is sent instead. Source: twilio.com/docs/voice/twiml/say/text-speech and
voice/twiml/gather#languagetags, as in the typings of npm twilio 6.2.0.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

__all__ = ["SPOKEN", "UNDERSTOOD", "spoken_tag", "understood_tag"]

SPOKEN: Mapping[str, tuple[str, ...]] = {
    "de": ("de-DE", "de-AT"),
    "en": ("en-US", "en-AU", "en-CA", "en-GB", "en-GB-WLS", "en-IE", "en-IN", "en-NZ", "en-ZA"),
    "es": ("es-US", "es-ES", "es-MX"),
    "fr": ("fr-FR", "fr-BE", "fr-CA"),
    "pt": ("pt-BR", "pt-PT"),
    "vi": ("vi-VN",),
    "zh": ("zh-CN", "zh-HK", "zh-TW", "cmn-CN", "cmn-TW", "yue-HK"),
}
"""Tags of <Say> by primary language; the first replaces missing ones."""
UNDERSTOOD: Mapping[str, tuple[str, ...]] = {
    "de": ("de-DE",),
    "en": (
        "en-US",
        "en-AU",
        "en-CA",
        "en-GB",
        "en-GH",
        "en-IE",
        "en-IN",
        "en-KE",
        "en-NG",
        "en-NZ",
        "en-PH",
        "en-SG",
        "en-TZ",
        "en-ZA",
    ),
    "es": (
        "es-US",
        "es-AR",
        "es-BO",
        "es-CL",
        "es-CO",
        "es-CR",
        "es-DO",
        "es-EC",
        "es-ES",
        "es-GT",
        "es-HN",
        "es-MX",
        "es-NI",
        "es-PA",
        "es-PE",
        "es-PR",
        "es-PY",
        "es-SV",
        "es-UY",
        "es-VE",
    ),
    "fr": ("fr-FR", "fr-CA"),
    "pt": ("pt-BR", "pt-PT"),
    "vi": ("vi-VN",),
    "zh": ("cmn-Hans-CN", "cmn-Hant-TW", "yue-Hant-HK", "zh", "zh-TW"),
}
"""Tags of <Gather> by primary language; the first replaces missing ones."""


@cache
def spoken_tag(tag: str) -> str:
    """The tag with which Twilio speaks a language.

    Examples
    --------
    >>> spoken_tag("es-MX"), spoken_tag("es-AR"), spoken_tag("zh-CN"), spoken_tag("en")
    ('es-MX', 'es-US', 'zh-CN', 'en-US')
    """
    return _nearest(SPOKEN, tag)


@cache
def understood_tag(tag: str) -> str:
    """The tag with which Twilio understands a language.

    Examples
    --------
    >>> understood_tag("es-AR"), understood_tag("zh-CN"), understood_tag("zh-HK"), understood_tag("de-AT")
    ('es-AR', 'cmn-Hans-CN', 'yue-Hant-HK', 'de-DE')
    """
    return _nearest(UNDERSTOOD, tag)


def _nearest(known: Mapping[str, tuple[str, ...]], tag: str) -> str:
    """The tag itself, else one of the same country, else the first of the language."""
    primary, _, country = tag.lower().partition("-")
    tags = known.get(primary, (tag,))
    alike = [each for each in tags if each.lower() == tag.lower()] or [
        each for each in tags if country and each.lower().endswith(f"-{country}")
    ]
    return alike[0] if alike else tags[0]
