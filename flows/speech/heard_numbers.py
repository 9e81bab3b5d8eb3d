"""Numbers in recognised speech: "oh", "double two", "four hundred and two", "it's 402317", in any language with a file.

Recognisers write most numbers in digits; what they leave in words is put together here.
"""

from __future__ import annotations

import re
from functools import cache

from flows.speech.entering import entering
from flows.speech.languages import language as language_of

__all__ = ["digits_heard", "in_digits"]

_LONGEST = 4
"""Words in the longest number that is one word of a language file ("quatre vingt dix neuf")."""
_APART = re.compile(r"[\s,.;:!?/()。，！？：-]+")
_SIGN = re.compile(r"\d+|[^\W\d]")


def in_digits(text: str, language: str) -> list[str]:
    """The words of a text in small letters, with every number in digits.

    Examples
    --------
    >>> in_digits("Two hundred and five, please", "en-US"), in_digits("vingt-trois mai", "fr-FR")
    (['205', 'please'], ['23', 'mai'])
    >>> in_digits("五月二十三日", "zh-CN")
    ['5', '月', '23', '日']
    """
    words, known, powers, joiners = _words(text, language), *_known(language)
    out: list[str] = []
    at = 0
    while at < len(words):
        value, used = _value(words, at, known)
        if value is None and words[at] not in powers:
            out.append(words[at])
            at += 1
            continue
        total, group, last = 0, value or 0, value if value is not None else 0
        at += used
        while at < len(words):
            if (power := powers.get(words[at])) and last < power:
                group = max(group, 1) * power
                total, group = (total + group, 0) if power >= 1_000 else (total, group)
                last, at = power, at + 1
                continue
            on = at + 1 if words[at] in joiners else at
            value, used = _value(words, on, known)
            if value is None or not _fits(last, value, tens=10 in powers.values()):
                break
            group, last, at = group + value, value or last, on + used
        out.append(str(total + group))
    return out


def digits_heard(text: str, language: str) -> str:
    """The digits in recognised speech, one after the other; words that are no number stay, so that it is then none.

    Examples
    --------
    >>> digits_heard("It's four oh two, double seven", "en-US"), digits_heard("triple 5 1", "en-US")
    ('40277', '5551')
    >>> digits_heard("oh, it's 402317", "en-US"), digits_heard("my card", "en-US")
    ('402317', 'mycard')
    """
    words, zeros = entering(language), _zeros(language)
    tokens = in_digits(_without_sigh(text, language, zeros), language)
    said = [token for token in tokens if token not in words.joiners]
    if any(token.isdigit() for token in said):
        said = [token for token in said if token not in words.fillers]
    out = ""
    times = 1
    for token in said:
        if token in words.repeats:
            times = words.repeats[token]
        else:
            out += token[0] * (times - 1) + token
            times = 1
    return out


def _without_sigh(text: str, language: str, zeros: frozenset[str]) -> str:
    """The text without an "oh" that is no zero: one with which a sentence begins."""
    words, apart = entering(language), _words(text, language)
    sighs = len(apart) > 1 and apart[0] in zeros and apart[1] in words.fillers
    return " ".join(apart[1:]) if sighs else text


@cache
def _zeros(language: str) -> frozenset[str]:
    """Words for zero that also mean something else."""
    return frozenset(word for word, number in entering(language).numbers.items() if number == 0)


def _words(text: str, language: str) -> list[str]:
    said = text.lower().replace("’", "'")
    if not language_of(language).spaced:
        return _SIGN.findall(said)
    return [word for word in _APART.split(said) if word]


@cache
def _known(language: str) -> tuple[dict[str, int], dict[str, int], frozenset[str]]:
    """The words of numbers, what multiplies them, and what may stand between them."""
    words = entering(language)
    digits = {word: number for number, word in enumerate(language_of(language).number_words)}
    return digits | dict(words.numbers), dict(words.powers), words.joiners


def _value(words: list[str], at: int, known: dict[str, int]) -> tuple[int | None, int]:
    """The number that the longest run of words from `at` is, and how many words it has."""
    for length in range(min(_LONGEST, len(words) - at), 0, -1):
        value = known.get(" ".join(words[at : at + length]))
        if value is not None:
            return value, length
    return None, 0


def _fits(last: int, value: int, *, tens: bool) -> bool:
    """Whether `value` continues a number whose last part is `last`: "forty" "two", not "forty" "ten"."""
    if not value:
        return tens and last >= 100  # "four hundred zero two", as it is said where ten is a power
    if last >= 1_000:
        return value < 1_000
    if last >= 100 and last % 100 == 0:
        return value < 100
    return 1 <= value <= 9 and last % 10 == 0 and last >= (10 if tens else 20)
