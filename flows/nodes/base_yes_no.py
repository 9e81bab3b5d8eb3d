"""Yes and no: the words of an answer, for a question that is answered by either."""

from __future__ import annotations

import re

from flows.speech.entering import entering
from flows.speech.languages import language as language_of

__all__ = ["NO", "YES", "answer_names", "answer_words", "said_yes_or_no"]

YES, NO = "yes", "no"
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def answer_names(language: str) -> tuple[str, str]:
    """What yes and no are called in a language.

    >>> answer_names("es-US"), answer_names("it-IT")
    (('sí', 'no'), ('sì', 'no'))
    """
    words, spoken = entering(language), language_of(language)
    return (words.yes, words.no) if words.yes_words else (spoken.yes_no[0], spoken.yes_no[-1])


def _words(language: str) -> tuple[frozenset[str], frozenset[str]]:
    words, (yes, no) = entering(language), answer_names(language)
    return words.yes_words | {yes}, words.no_words | {no}


def answer_words(language: str) -> tuple[str, ...]:
    """What callers may say for yes and for no in a language.

    >>> {"yes", "no"} <= set(answer_words("en-US"))
    True
    """
    yes, no = _words(language)
    return (*sorted(yes), *sorted(no))


def said_yes_or_no(text: str, language: str) -> str:
    """``yes`` or ``no``, by the words of `text`; a no counts before a yes ("no, that is right"); else empty.

    Examples
    --------
    >>> said_yes_or_no("Yes, please.", "en-US"), said_yes_or_no("No, gracias", "es-US"), said_yes_or_no("hm", "en-US")
    ('yes', 'no', '')
    >>> said_yes_or_no("不对", "zh-CN"), said_yes_or_no("对", "zh-CN")
    ('no', 'yes')
    """
    yes, no = _words(language)
    spaced, plain = language_of(language).spaced, text.lower()
    said = f" {' '.join(_WORD.findall(plain))} " if spaced else plain
    edge = " " if spaced else ""
    for answer, words in ((NO, no), (YES, yes)):
        if any(f"{edge}{word}{edge}" in said for word in words):
            return answer
    return ""
