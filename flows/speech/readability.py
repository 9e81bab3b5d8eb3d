"""How easy a text is to understand, by a published formula for its language.

All formulas follow Flesch, ``a - b * words per sentence - c * syllables per word``: from 100 (easy) down to 0.
The language files cite the source of each formula. Syllables are counted as runs of vowels.
"""

from __future__ import annotations

import re

from flows.speech.languages import language as language_of

__all__ = ["reading_ease"]

_SENTENCE = re.compile(r"[.!?;:]+(?:\s|$)")
_SLOT = re.compile(r"\{[^{}]*\}|<[^<>]*>")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_MUTE = re.compile(r"[^aeiouyl]e$")


def reading_ease(text: str, language: str) -> tuple[float, int] | None:
    """Reading ease and word count of a text; None if the language has no formula or the text has no words.

    Parameters
    ----------
    text : str
        Values, digits and SSML tags are ignored.
    language : str
        BCP 47 tag of a supported language.

    Examples
    --------
    Three words of one syllable each in a sentence (Flesch 1948): 206.835 - 1.015 * 3 - 84.6 * 1.

    >>> reading_ease("The cat sat.", "en-US")
    (119.19, 3)
    """
    spoken = language_of(language)
    if spoken.ease is None:
        return None
    plain = _SLOT.sub(" ", text).lower()
    counts = [len(_WORD.findall(part)) for part in _SENTENCE.split(plain)]
    sentences, words = sum(count > 0 for count in counts), sum(counts)
    if not words:
        return None
    runs = re.compile(f"[{spoken.vowels}]+")
    mute = spoken.code == "en"
    syllables = sum(
        max(1, len(runs.findall(word)) - bool(mute and _MUTE.search(word))) for word in _WORD.findall(plain)
    )
    whole, per_word, per_syllable = spoken.ease
    return round(whole - per_word * words / sentences - per_syllable * syllables / words, 2), words
