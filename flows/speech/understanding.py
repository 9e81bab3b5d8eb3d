"""What callers mean by what they say: which of the options on offer, by label, phrase, number or part of a label.

Each way of saying an option is tried in turn, the plainest first, and the first that fits anything decides: the whole
of what was said; a number, or the name of a key; a phrase or label within it; the words that say what an option is for;
their beginnings; and last, the words for an operator, repeating and going back. Where it fits several options, they are
all returned: nothing is guessed. Case, punctuation and politeness never matter; accents and tones matter only where
leaving them out would fit nothing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

from flows.speech.languages import Language
from flows.speech.languages import language as language_of

__all__ = ["SpokenChoice", "answer", "hints", "kindred", "shortened", "understand"]

_WORD = re.compile(r"[^\W_]+|[*#]")
_UNSPACED = re.compile(r"[a-z0-9]+|[^\W_]|[*#]")
"""Where words are not separated by spaces, every character stands for itself, and foreign words for themselves."""
_SLOT = re.compile(r"\{[^{}]*\}")
_KEYS = re.compile(r"[0-9*#]+")
_STEM, _LONG_STEM, _ENDING = 4, 6, 3
"""Letters that two words have in common, and letters of an ending, for one to be a form of the other."""
_PART = 4
"""Letters of the shortest part of a compound that is understood."""
_Words = tuple[str, ...]


@dataclass(frozen=True)
class SpokenChoice:
    """One option that a caller may name.

    Parameters
    ----------
    key : str
    labels : tuple of str
        What it is announced for, in the language spoken; parts of it are understood too.
    phrases : tuple of str
        What callers may say instead, as listed in the flow.
    usual : tuple of str
        What callers say for such an option in any flow; gives way to labels and phrases.
    """

    key: str
    labels: _Words = ()
    phrases: _Words = ()
    usual: _Words = ()


def understand(text: str, choices: tuple[SpokenChoice, ...], language: str) -> tuple[str, ...]:
    """The keys that a caller may mean, in the order of the choices.

    Parameters
    ----------
    text : str
        As recognised.
    choices : tuple of SpokenChoice
    language : str
        BCP 47 tag of the language spoken.

    Returns
    -------
    tuple of str
        One key if the caller is understood, several if it could be any of them, none if it is none of them. A number
        is understood whether or not it is on offer.

    Examples
    --------
    >>> offered = (SpokenChoice("1", ("billing questions",)), SpokenChoice("2", ("technical support",), ("no signal",)))
    >>> understand("Billing, please.", offered, "en-US"), understand("press two", offered, "en-US")
    (('1',), ('2',))
    >>> understand("I have no signal on a bill", offered, "en-US"), understand("roaming", offered, "en-US")
    (('2',), ())
    >>> understand("technical billing", offered, "en-US")
    ('1', '2')
    """
    return _Vocabulary.of(choices, language).keys(text)


def answer(text: str, language: str, keys: tuple[str, str] = ("1", "2")) -> Literal["yes", "no", ""]:
    """What a caller answers to a question of yes or no; empty if neither or both, as in "no, that is right".

    Parameters
    ----------
    text, language : str
    keys : tuple of str
        The keys for yes and for no, which may be said as well.

    Examples
    --------
    >>> answer("Yeah, that's right.", "en-US"), answer("no, that is not right", "en-US"), answer("dos", "es-US")
    ('yes', 'no', 'no')
    >>> answer("maybe", "en-US")
    ''
    """
    hearing = language_of(language).hearing
    choices = SpokenChoice(keys[0], (), hearing.yes), SpokenChoice(keys[1], (), hearing.no)
    found = _Vocabulary.of(choices, language).named(text) or understand(text, choices, language)
    return "yes" if found == keys[:1] else "no" if found == keys[1:] else ""


def hints(choices: Iterable[SpokenChoice], language: str) -> tuple[str, ...]:
    """What callers are likely to say, for a speech recogniser, most likely first: phrases, labels, numbers, and what
    is usual. `understand` understands every one of them that is not shared by two choices.

    Examples
    --------
    >>> hints([SpokenChoice("1", ("sales",), ("buy",)), SpokenChoice("0", usual=("agent",))], "en-US")
    ('buy', 'sales', 'one', 'zero', 'agent')
    """
    given = tuple(choices)
    numbers = language_of(language).number_words
    said = (
        *(phrase for choice in given for phrase in choice.phrases),
        *(" ".join(_SLOT.sub(" ", label).split()) for choice in given for label in choice.labels),
        *(numbers[int(choice.key)] for choice in given if len(choice.key) == 1 and choice.key.isdecimal()),
        *(phrase for choice in given for phrase in choice.usual),
    )
    return tuple(dict.fromkeys(phrase for phrase in said if phrase))


def shortened(label: str, language: str) -> str:
    """The words of a label that say what it is for, as hurried callers say them.

    Examples
    --------
    >>> shortened("Questions about a bill", "en-US"), shortened("垃圾和回收", "zh-CN")
    ('bill', '垃圾回收')
    """
    spoken = language_of(language)
    return (" " if spoken.spaced else "").join(_telling(_words(_SLOT.sub(" ", label), spoken), spoken))


def kindred(text: str, other: str, language: str) -> tuple[str, ...]:
    """The telling words of a text that another text has too, as they are or in another form.

    Examples
    --------
    >>> kindred("I have a question about my bill", "billing and payments", "en-US")
    ('bill',)
    >>> kindred("trouble logging in", "technical support", "en-US")
    ()
    """
    spoken = language_of(language)
    own, others = (_telling(_words(_SLOT.sub(" ", words), spoken), spoken, pairs=True) for words in (text, other))
    return tuple(word for word in own if any(word == one or (spoken.spaced and _alike(word, one)) for one in others))


@dataclass(frozen=True)
class _Way:
    """One way of naming an option: its words, those of them that say what it is for, and whether some of them do."""

    key: str
    words: _Words
    telling: _Words
    in_part: bool


class _Vocabulary:
    """The options of one menu in one language, taken apart once."""

    def __init__(self, choices: tuple[SpokenChoice, ...], language: str) -> None:
        self._language = language_of(language)
        self._order = [choice.key for choice in choices]
        self._own = [way for choice in choices for way in self._ways(choice)]
        self._usual = [self._way(choice.key, phrase) for choice in choices for phrase in choice.usual]

    @staticmethod
    @lru_cache(maxsize=1024)
    def of(choices: tuple[SpokenChoice, ...], language: str) -> _Vocabulary:
        return _Vocabulary(choices, language)

    def _ways(self, choice: SpokenChoice) -> Iterator[_Way]:
        yield from (self._way(choice.key, phrase) for phrase in choice.phrases)
        yield from (self._way(choice.key, label, in_part=True) for label in choice.labels)

    def _way(self, key: str, text: str, *, in_part: bool = False) -> _Way:
        words = _words(_SLOT.sub(" ", text), self._language)
        return _Way(key, words, _telling(words, self._language, pairs=True), in_part)

    def keys(self, text: str) -> tuple[str, ...]:
        said = _words(text, self._language)
        if not said:
            return ()
        tries: list[Callable[[Callable[[str], str]], set[str]]] = [
            lambda form: (
                _whole(said, self._own, self._language, form) or _whole(said, self._usual, self._language, form)
            ),
            lambda form: _numbered(said, self._language, form),
            lambda form: _within(said, self._own, form),
            lambda form: self._meant(said, form, _equal),
            lambda form: self._meant(said, form, _alike),
            lambda form: self._meant(said, form, _part) if self._language.hearing.compounds else set(),
            lambda form: _within(said, self._usual, form),
        ]
        for attempt in tries:
            for form in (str, _bare):
                if found := attempt(form):
                    return self._in_order(found)
        return ()

    def named(self, text: str) -> tuple[str, ...]:
        """The keys whose phrases are said, even if they are words that tell nothing elsewhere."""
        said = _words(text, self._language)
        return self._in_order(_within(said, self._own, str) or _within(said, self._own, _bare))

    def _in_order(self, found: set[str]) -> tuple[str, ...]:
        return (*dict.fromkeys(key for key in self._order if key in found), *sorted(found - set(self._order)))

    def _meant(self, said: _Words, form: Callable[[str], str], same: Callable[[str, str], bool]) -> set[str]:
        """The options whose telling words are said; one with more of the words said comes before one with fewer."""
        telling = [form(word) for word in _telling(said, self._language, pairs=True)]
        if self._language.spaced:
            telling += [a + b for a, b in pairwise(telling)]
        matched: dict[str, set[int]] = {}
        for way in self._own:
            hits = [_hits(form(word), telling, same) for word in way.telling]
            if self._language.spaced:  # "checkbook" for "check book"
                joined = [_hits(form(a) + form(b), telling, same) for a, b in pairwise(way.telling)]
                hits = [
                    own or (joined[i] if i < len(joined) else set()) or (joined[i - 1] if i else set())
                    for i, own in enumerate(hits)
                ]
            if way.in_part or all(hits):
                matched.setdefault(way.key, set()).update(*hits)
        return {
            key for key, words in matched.items() if words and not any(words < others for others in matched.values())
        }


def _hits(word: str, telling: Sequence[str], same: Callable[[str, str], bool]) -> set[int]:
    return {i for i, said in enumerate(telling) if same(word, said)}


def _equal(word: str, said: str) -> bool:
    return word == said


def _alike(word: str, said: str) -> bool:
    """Whether two words are forms of one, such as *bill* and *billing*, *transfer* and *transferencia*."""
    short, long = sorted((word, said), key=len)
    if long.startswith(short) and len(short) >= _STEM:
        return len(long) - len(short) <= (_ENDING if len(short) < _LONG_STEM else len(short))
    common = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    return common > _STEM and len(long) - common <= _ENDING


def _part(word: str, said: str) -> bool:
    """Whether one word is the first or the last part of the other: *Laterne* and *Straßenlaterne*."""
    short, long = sorted((word, said), key=len)
    return len(short) >= _PART and (long.startswith(short) or long.endswith(short))


def _whole(said: _Words, ways: Iterable[_Way], language: Language, form: Callable[[str], str]) -> set[str]:
    """The options named by all that was said, apart from words that tell nothing unless they tell options apart."""
    telling = [form(word) for word in _telling(said, language)]
    same = [way for way in ways if way.words and [form(w) for w in _telling(way.words, language)] == telling]
    return _within(said, same, form) or {way.key for way in same}


def _within(said: _Words, ways: Iterable[_Way], form: Callable[[str], str]) -> set[str]:
    """The options named by phrases within what was said, except those within a longer one."""
    heard = [form(word) for word in said]
    found = []
    for way in ways:
        words = [form(word) for word in way.words]
        starts = range(len(heard) - len(words) + 1) if words else ()
        found += [(i, i + len(words), way.key) for i in starts if heard[i : i + len(words)] == words]
    return {
        key
        for start, end, key in found
        if not any(a <= start and end <= b and b - a > end - start for a, b, _ in found)
    }


def _numbered(said: _Words, language: Language, form: Callable[[str], str]) -> set[str]:
    """The key that was named by its number or its name, with nothing beside it that tells anything."""
    names, more = _key_names(language.code, form is str)
    if not language.spaced:
        rest = "".join(said)
        for word in (*_longest_first(language.hearing.key_words), *_longest_first(language.hearing.stop_words)):
            rest = rest.replace(word, "")
        for name in _longest_first({**names, **more}):
            rest = rest.replace(name, {**names, **more}[name])
        return {rest} if _KEYS.fullmatch(rest) else set()
    beside = {form(word) for word in (*language.hearing.key_words, *_stops(language.code))}
    words = [form(word) for word in said]
    keyed = [names.get(word, word) for word in words if word in names or word not in beside]
    if keyed and all(_KEYS.fullmatch(key) for key in keyed):
        return {"".join(keyed)}
    around = {form(word) for word in language.hearing.key_words}
    (only, *others) = [word for word in words if word not in around or word in more] or [""]
    return {more[only]} if only in more and not others else set()


@cache
def _key_names(code: str, accents: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Words for keys, and more of them that mean a key only when nothing else is said."""
    language, form = language_of(code), str if accents else _bare
    names = {word: str(digit) for digit, word in enumerate(language.number_words)}
    names |= {"".join(_words(name, language)): key for name, key in ((language.star, "*"), (language.pound, "#"))}
    return (
        {form(word): key for word, key in names.items()},
        {form(word): key for word, key in language.hearing.numbers.items()},
    )


def _telling(words: _Words, language: Language, *, pairs: bool = False) -> _Words:
    """The words that say what is wanted; all of them if none does.

    Where words are not separated by spaces, these are characters, or with `pairs`, pairs of neighbours.
    """
    if language.spaced:
        return tuple(word for word in words if word not in _stops(language.code)) or words
    text = "".join(words)
    for stop in _longest_first(language.hearing.stop_words):
        text = text.replace(stop, " ")
    runs = [tuple(_UNSPACED.findall(run)) for run in (text.split() or ["".join(words)])]
    if not pairs:
        return tuple(character for run in runs for character in run)
    return tuple(pair for run in runs for pair in (["".join(two) for two in pairwise(run)] or run))


@cache
def _stops(code: str) -> frozenset[str]:
    language = language_of(code)
    return frozenset((*language.function_words, *language.hearing.stop_words))


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=len, reverse=True)


def _words(text: str, language: Language) -> _Words:
    """The words of a text without case and punctuation."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    return tuple((_WORD if language.spaced else _UNSPACED).findall(plain))


@lru_cache(maxsize=8192)
def _bare(word: str) -> str:
    """A word without accents and tones."""
    apart = unicodedata.normalize("NFD", word)
    return "".join(c for c in apart if not unicodedata.combining(c)).replace("đ", "d").replace("ø", "o")
