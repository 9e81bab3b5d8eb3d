"""Yes and no: what they are called, and what callers may say for them."""

from __future__ import annotations

from flows.speech.entering import entering
from flows.speech.languages import language as language_of

__all__ = ["NO", "YES", "answer_names", "answer_words"]

YES, NO = "yes", "no"


def answer_names(language: str) -> tuple[str, str]:
    """What yes and no are called in a language.

    >>> answer_names("es-US"), answer_names("it-IT")
    (('sí', 'no'), ('sì', 'no'))
    """
    words, spoken = entering(language), language_of(language)
    return (words.yes, words.no) if words.yes_no else (spoken.yes_no[0], spoken.yes_no[-1])


def answer_words(language: str) -> tuple[str, ...]:
    """What callers may say for yes and for no in a language, as `flows.speech.understanding.answer` takes it.

    >>> {"yes", "no"} <= set(answer_words("en-US"))
    True
    """
    heard = language_of(language).hearing
    return (*heard.yes, *heard.no)
