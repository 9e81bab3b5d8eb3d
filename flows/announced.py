"""Which keys a written prompt announces, in which order, and with which words."""

from __future__ import annotations

import re
from functools import cache
from itertools import zip_longest

from flows.frozen import dataclass
from flows.languages import language as language_of

__all__ = ["Announcement", "announcements"]

_ENDS = ".;!?:。；！？："
_FOR = "for|to|para|pour|für|um|để"
_SENTENCE = re.compile(r"[.;!?:]\s|[。；！？：]")
_OR = "or|and|o|y|ou|et|oder|und|e|hoặc|và"
_JOINING = re.compile(rf"^(?:(?:{_FOR}|{_OR})\s+)+", re.IGNORECASE)
_NEXT = re.compile(rf"(?:\s*,\s*(?:(?:{_OR})\s+)?|\s+(?:{_OR})\s+)(?=(?:{_FOR})\s)", re.IGNORECASE)
"""Where another option begins that says first what it is for: "billing, or to repeat"."""
_JOINED = re.compile(rf"[\s,]*(?:\b(?:{_OR})[\s,]*)?$", re.IGNORECASE)
"""What joins an option to the next: "sales or"."""


@dataclass(frozen=True)
class Announcement:
    """One key announced in a text.

    Parameters
    ----------
    key : str
        Canonical key, ``*`` and ``#`` for star and pound.
    words : str
        What it is for, as said.
    start, end : int
        The part of the text that announces it.
    key_first : bool
        True for "press 1 for billing".
    """

    key: str
    words: str
    start: int
    end: int
    key_first: bool


@cache
def _pattern(tag: str) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    spoken = language_of(tag)
    names = {word: str(i) for i, word in enumerate(spoken.number_words)}
    names |= {spoken.star.lower(): "*", spoken.pound.lower(): "#", "hash": "#", "*": "*", "#": "#"} | {str(i): str(i) for i in range(10)}
    verbs = sorted({v for v in (*spoken.say_key, *spoken.wrong_verbs) if v not in ("or",)}, key=len, reverse=True)
    keys = "|".join([r"\d(?:\s?\d){1,3}", *sorted(map(re.escape, names), key=len, reverse=True)])
    said = "|".join(map(re.escape, verbs))
    if not spoken.spaced:
        verb = re.compile(rf"(?:{said})\s*(?P<key>(?:{keys}))(?!\d)")
        return verb, re.compile(rf"\s*[，,]?\s*(?P<words>[^{_ENDS}，]+)"), names
    article = r"(?:(?:the|el|la|le|die|o|a|number|número|numéro|key|tecla|touche|taste|phím|số)\s+|l['’]){0,3}"
    verb = re.compile(rf"\b(?:{said})\s+{article}(?P<key>(?:{keys}))(?!\w)", re.IGNORECASE)
    after = re.compile(rf"\s*(?:,\s*)?(?:key\s+|sign\s+|tecla\s+)?(?:{_FOR})\b\s*(?P<words>[^.;!?]*)", re.IGNORECASE)
    return verb, after, names


def announcements(text: str, language: str) -> tuple[Announcement, ...]:
    """The keys `text` announces.

    Parameters
    ----------
    text : str
    language : str
        BCP 47 tag.

    Examples
    --------
    >>> [(a.key, a.words) for a in announcements("For sales, press 1. Press two for billing.", "en-US")]
    [('1', 'sales'), ('2', 'billing')]
    """
    verb, after, names = _pattern(language)
    found: list[Announcement] = []
    position, joined = 0, False
    matches = list(verb.finditer(text))
    for match, following in zip_longest(matches, matches[1:]):
        key = names.get(match["key"].lower()) or "".join(match["key"].split())
        before = text[position : match.start()]
        sentence = _SENTENCE.split(before)[-1].strip(" ,，")
        sentence = "" if joined and re.fullmatch(_OR, sentence, re.IGNORECASE) else sentence
        joined = False
        tail = after.match(text, match.end())
        key_first = bool(tail) and not sentence
        if key_first and tail:
            words, start, end = tail["words"], match.start(), tail.end()
            if following is not None and following.start() < end:  # the next option stands in the same sentence
                words = text[tail.start("words") : following.start()]
                other = _NEXT.search(words) or _JOINED.search(words)
                words = words[: other.start()] if other else words
                end, joined = tail.start("words") + len(words), True
        else:
            words, start, end = sentence, match.start() - len(before) + before.rfind(sentence) if sentence else match.start(), match.end()
        words = _JOINING.sub("", words.strip(" ,.，。"))
        found.append(Announcement(key, words, start, end, key_first))
        position = end
    return tuple(found)
