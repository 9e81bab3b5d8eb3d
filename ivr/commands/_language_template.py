"""The language pack that ``ivr init --language`` begins: what CLDR knows filled in, the phrases still in English."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import MISSING, fields

from flows.source.json_schema import parameters
from flows.speech.languages import language
from flows.speech.languages.base import Hearing, Language, Values
from flows.speech.languages.cldr_defaults import defaults
from flows.speech.plurals import forms_of

__all__ = ["language_template"]

_MODEL = "en"
_WORTH_WRITING = (
    *("number_words", "more_numbers", "say_key", "then_words", "done_words"),
    *("any_key", "stay", "yes_no", "function_words", "rest_words"),
)
"""Texts that may be left out, but help the checks of prompts."""
_LEFT_OUT = ("code", "values", "hearing", "name", "words_per_minute", "syllables_per_s", "vowels")


_QUOTED = ("yes", "no")
"""Names that YAML takes for true and false."""


def language_template(code: str) -> str:
    """A language pack with English phrases, each with what it is for.

    Parameters
    ----------
    code : str
        Primary subtag, such as ``sw``.

    Examples
    --------
    >>> language_template("sw").splitlines()[3:6]
    ['ivr: 1', 'language: "sw"', '# One option of a menu, function before key; `{label}` and `{key}`.']
    """
    known, english = defaults(code), language(_MODEL)
    names = forms_of(code)
    lines = [
        f"# How {known.get('name', code)} is spoken: write each text in that language, then say",
        "# 'ivr lint' of this file. Texts in braces are filled in when they are said.",
        f"# Plural forms, in this order: {', '.join(names)}; or one form for all.",
        "ivr: 1",
        f"language: {json.dumps(code)}",
        *_entries(Language, english, known, len(names)),
        *_rate(english),
        "values:",
        *(f"  {line}" for line in _entries(Values, english.values, known.get("values", {}), len(names))),
        "hearing:  # what callers say; it may be left out where nobody can speak",
        *(f"  {line}" for line in _heard(english.hearing)),
    ]
    return "\n".join(lines) + "\n"


def _entries(of: type, english: object, known: dict[str, object], forms: int) -> Iterator[str]:
    about = parameters(of)
    for field in fields(of):
        name = field.name
        if name in _LEFT_OUT or name in known or (field.default is not MISSING and name not in _WORTH_WRITING):
            continue
        value = getattr(english, name)
        if name in ("expected_wait", "whisper", "digit"):
            value = (*value[: min(forms - 1, 1)], *value[-1:] * max(forms - 1, 1))
        yield f"# {about.get(name, name)}"
        yield f"{name}: {json.dumps(value, ensure_ascii=False)}"


def _heard(english: Hearing) -> Iterator[str]:
    about = parameters(Hearing)
    for field in fields(Hearing):
        name, value = field.name, getattr(english, field.name)
        yield f"# {about.get(name, name)}"
        yield f"{json.dumps(name) if name in _QUOTED else name}: {json.dumps(value, ensure_ascii=False)}"


def _rate(english: Language) -> Iterator[str]:
    about = parameters(Language)
    yield "# How fast an announcer speaks, in words a minute. The next two count only where this line is left out."
    yield f"words_per_minute: {json.dumps(english.words_per_minute)}"
    yield f"# {about['vowels']}"
    yield f"vowels: {json.dumps(english.vowels)}"
    yield f"# {about['syllables_per_s']}"
    yield f"syllables_per_s: {json.dumps(english.syllables_per_s)}"
