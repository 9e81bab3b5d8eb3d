"""P110 mixed-voice-language: words of another language."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

from flows.lint.context import Context, Text
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.lint.sentences import PAUSES
from flows.speech.languages import built_in
from flows.speech.languages import language as language_of

LEAST_WORDS = Option("least_words", 5, "Sentences of fewer words, such as names and greetings, are not checked.")
LEAST_SIGNS = Option(
    "least_signs", 2, "Different function words of the other language that are needed, with none of its own."
)
_SENTENCE = re.compile(rf"[{PAUSES}]+")
_WORD = re.compile(r"[^\W\d_]+")
_SLOT = re.compile(r"\{[^{}]*\}")


def check(context: Context) -> Iterator[Problem]:
    """Find sentences in a different language from their text, and translations identical to the original."""
    least = int(context.option("P110", LEAST_WORDS)), int(context.option("P110", LEAST_SIGNS))
    several = len(context.flow.languages) > 1
    first: dict[object, Text] = {}
    for text in context.texts:
        if text.is_label or text.words.lstrip().startswith("<speak"):
            continue
        original = first.setdefault(text.prompt, text)
        spoken = language_of(text.language)
        if several and original is not text and original.words == text.words and _is_sentence(text.words, least[0]):
            if language_of(original.language).code != spoken.code:
                message = f"the text for {spoken.name} is the same as for {language_of(original.language).name}"
                yield Problem(text.path, message, "translate it: the voice reads it by the rules of its own language")
            continue
        plain = _SLOT.sub(" ", text.words) if "{" in text.words else text.words
        found = next(
            (
                sentence
                for sentence in _SENTENCE.split(plain)
                if len(sentence) > least[0] and _foreign(sentence, spoken.code, least)
            ),
            None,
        )
        if found:
            other = language_of(_foreign(found, spoken.code, least)).name
            message = f"{found.strip()!r} is {other}, and the voice speaks {spoken.name}"
            yield Problem(
                text.path, message, "put it in its own language; a 'language' node says each choice in its own voice"
            )


def _has_han(sentence: str) -> bool:
    """Whether a text contains a Chinese character; a compiled pattern would be slower."""
    return not sentence.isascii() and any("\u4e00" <= character <= "\u9fff" for character in sentence)


def _is_sentence(words: str, least_words: int) -> bool:
    return len(_WORD.findall(_SLOT.sub(" ", words))) >= least_words


@cache
def _signs(code: str) -> frozenset[str]:
    """Function words of a language, and its verb for pressing a key."""
    spoken = language_of(code)
    return frozenset((*spoken.function_words, *(word for verb in spoken.say_key for word in verb.lower().split())))


@cache
def _others(code: str) -> tuple[str, ...]:
    return tuple(other for other in built_in() if other != code and language_of(other).spaced)


@lru_cache(maxsize=4096)
def _foreign(sentence: str, code: str, least: tuple[int, int]) -> str:
    """The language of a sentence if clearly not `code`, or empty; `least` counts words and function words."""
    least_words, least_signs = least
    if not language_of(code).spaced:
        return "" if _has_han(sentence) or not _is_sentence(sentence, least_words) else "en"
    if _has_han(sentence):
        return "zh"
    own = _signs(code)
    if not own.isdisjoint(sentence.lower().split()):
        return ""
    words = _WORD.findall(sentence.lower())
    if len(words) < least_words or not own.isdisjoint(words):
        return ""
    said = set(words)
    best = max(_others(code), key=lambda other: len(said & _signs(other)))
    return best if len(said & _signs(best)) >= least_signs else ""


RULE = Rule(
    code="P110",
    name="mixed-voice-language",
    severity="warning",
    check=check,
    summary="words of another language",
    what=(
        "A sentence contains function words of another language and none of its own; or a translation is identical to "
        "the original. Sentences of fewer than five words and labels are not checked."
    ),
    why="A voice reads by the rules of its own language: callers who need the other one understand nothing.",
    example="languages: [en-US]\nsay: For English, press 1. Para el servicio en español, oprima el dos.",
    better=(
        "languages: [en-US, es-US]\nnodes:\n  choose: {type: language, choices: [{key: 1, language: en-US}, {key: 2,"
        " language: es-US}]}"
    ),
    settings=(LEAST_WORDS, LEAST_SIGNS),
    source=(
        "Platform: a voice speaks one language (W3C SSML 1.1, section 3.1.2, xml:lang). Arithmetic: small words counted"
    ),
)
