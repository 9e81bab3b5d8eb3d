"""P107 readability: hard to follow by ear."""

from __future__ import annotations

from collections.abc import Iterator

from flows.lint.context import Context
from flows.lint.problem import Option, Problem
from flows.lint.rules.base import Rule
from flows.speech.readability import reading_ease

LEAST_EASE = Option(
    "least_ease",
    50.0,
    "Lowest acceptable reading ease (below 50 is 'difficult' in Flesch 1948, and callers cannot reread).",
)
LEAST_WORDS = Option("least_words", 15, "Texts of fewer words are not checked.")
_CHARACTERS_PER_WORD = 3


def check(context: Context) -> Iterator[Problem]:
    """Check texts of some length, except labels, with the formula of their language."""
    least_ease = context.option("P107", LEAST_EASE)
    least_words = context.option("P107", LEAST_WORDS)
    for text in context.texts:
        if text.is_label or len(text.words) < least_words * _CHARACTERS_PER_WORD:
            continue
        ease, words = reading_ease(text.words, text.language) or (100.0, 0)
        if words >= least_words and ease < least_ease:
            message = (
                f"these {words} words are hard to follow by ear{context.in_language(text.language)}: reading ease"
                f" {ease:.0f}, below {least_ease:.0f}"
            )
            yield Problem(text.path, message, "use shorter sentences and everyday words")


RULE = Rule(
    code="P107",
    name="readability",
    severity="info",
    check=check,
    summary="hard to follow by ear",
    what=(
        "A text of fifteen words or more has a reading ease below 50, by the formula of its language: English, "
        "Spanish, German, French or Portuguese. The formula counts words per sentence and syllables per word. "
        "Languages without a formula are not checked."
    ),
    why="Readers can go back over a hard sentence; callers cannot.",
    example=(
        "say: Notification regarding the anticipated restoration of electrical service will be communicated"
        " subsequently."
    ),
    better="say: We will call you when the power is back.",
    settings=(LEAST_EASE, LEAST_WORDS),
    source=(
        "Formulas: Flesch 1948, Journal of Applied Psychology 32(3), 221-233; Fernández Huerta 1959, Consigna 214;"
        " Amstad 1978; Kandel & Moles 1958; Martins et al. 1996"
    ),
)
