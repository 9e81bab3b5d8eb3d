"""Finds the keys that a written prompt announces, in order and with their words, and what it says about other keys."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from itertools import zip_longest

from flows.speech.languages import Language
from flows.speech.languages import language as language_of

__all__ = ["Announcement", "announcements", "any_other_key", "ends_entry", "stays", "then_pound"]

_ENDS = ".;!?:。；！？："
_FOR = "for|to|para|pour|für|um|để"
_SENTENCE = re.compile(r"[.;!?:]\s|[。；！？：]")
_BEFORE_KEY = [
    "the",
    "el",
    "la",
    "le",
    "die",
    "o",
    "a",
    "number",
    "número",
    "numéro",
    "key",
    "tecla",
    "touche",
    "taste",
    "phím",
    "số",
]
_IF = "if|si|wenn|falls|se|nếu"
_ELSEWHERE = re.compile(r"[2-8]11|911|112|999|988|000|11[0-9]")
"""Emergency and service codes, as in "hang up and dial 911"."""
_OR = "or|and|o|y|ou|et|oder|und|e|hoặc|và"
_ALTERNATIVE = re.compile(r"(?:\b(?:or|o|ou|oder|hoặc)|或|或者)$", re.IGNORECASE)
_COMMAS = " ,，،、"


@dataclass(frozen=True)
class Announcement:
    """One key announced in a text.

    Parameters
    ----------
    key : str
        Canonical key, ``*`` and ``#`` for star and pound.
    words : str
        What it is for, as worded in the text.
    start, end : int
        The part of the text that announces it.
    key_first : bool
        True for "press 1 for billing".
    purpose : bool
        Whether the words say what it is for: "to skip, press pound", but not "then press pound".
    verb : int
        Where "press" begins.
    opening : str
        If the key comes first, the word between it and the purpose: "for", "to".
    """

    key: str
    words: str
    start: int
    end: int
    key_first: bool
    purpose: bool = True
    verb: int = 0
    opening: str = ""


@dataclass(frozen=True)
class _Joints:
    """How a language opens what a key is for, and joins one option to the next.

    Parameters
    ----------
    for_what : pattern
        Openings of phrases that say what a key is for.
    joining : pattern
        All that is left out before what the key is for.
    first_or : pattern
    following : pattern
        The start of another option that states its purpose first: "billing, or to repeat".
    joined : pattern
        What joins an option to the next: "sales or".
    opening : str
        The alternatives of "for".
    either : str
        The alternatives of "or" and "and".
    """

    for_what: re.Pattern[str]
    joining: re.Pattern[str]
    first_or: re.Pattern[str]
    following: re.Pattern[str]
    joined: re.Pattern[str]
    opening: str
    either: str


@cache
def _joints(spoken: Language) -> _Joints:
    forms = (spoken.option, spoken.option_to_do, spoken.option_key_first.partition("{key}")[2])
    own = {form.partition("{label}")[0].strip(_COMMAS).lower() for form in forms} if spoken.spaced else set()
    opening = _any_of(*_FOR.split("|"), *own)
    either = _any_of(*_OR.split("|"), *spoken.or_words)
    return _Joints(
        for_what=re.compile(rf"(?:(?:{opening})\b|(?:{_IF})\b|如)", re.IGNORECASE),
        joining=re.compile(rf"^(?:(?:{opening}|{either})\s+)+", re.IGNORECASE),
        first_or=re.compile(rf"^(?:(?:{either})\s+)+", re.IGNORECASE),
        following=re.compile(
            rf"(?:\s*[,،]\s*(?:(?:{either})\s+)?|\s+(?:{either})\s+)(?=(?:{opening})\s)", re.IGNORECASE
        ),
        joined=re.compile(rf"[\s,،]*(?:\b(?:{either})[\s,،]*)?$", re.IGNORECASE),
        opening=opening,
        either=either,
    )


def _any_of(*words: str) -> str:
    """A pattern of any of the words, the longest first; of nothing if there are none."""
    return "|".join(map(re.escape, sorted(filter(None, dict.fromkeys(words)), key=len, reverse=True))) or "(?!)"


@cache
def _pattern(spoken: Language) -> tuple[re.Pattern[str], re.Pattern[str], dict[str, str]]:
    names = {word: str(i) for i, word in enumerate(spoken.number_words)}
    names |= {spoken.star.lower(): "*", spoken.pound.lower(): "#", "hash": "#", "*": "*", "#": "#"} | {
        str(i): str(i) for i in range(10)
    }
    verbs = sorted({v for v in (*spoken.say_key, *spoken.wrong_verbs) if v not in ("or",)}, key=len, reverse=True)
    nouns = "|".join(map(re.escape, sorted(set(spoken.values.digit), key=len, reverse=True)))
    not_counted = rf"(?![\s-]*(?:{nouns})|[\s-]?\d)"
    with_star = rf"\d[\s,]+(?:{re.escape(spoken.star)})" if spoken.spaced else rf"\d{re.escape(spoken.star)}"
    keys = "|".join([with_star, r"\d(?:\s?\d){1,3}", *sorted(map(re.escape, names), key=len, reverse=True)])
    said = "|".join(map(re.escape, verbs))
    if spoken.after_key:
        joint = re.escape(spoken.option_key_first.partition("{key}")[2].partition("{label}")[0])
        verb = re.compile(rf"(?<!\d)(?P<key>(?:{keys}))(?=\s*(?:{spoken.after_key}))", re.IGNORECASE)
        return verb, re.compile(rf"{joint}(?P<opening>)(?P<words>[^{_ENDS}]+)"), names
    if not spoken.spaced:
        verb = re.compile(rf"(?:{said})\s*(?P<key>(?:{keys}))(?!\d){not_counted}")
        return verb, re.compile(rf"\s*[，,]?(?P<opening>)\s*(?P<words>[^{_ENDS}，]+)"), names
    words = _any_of(*_BEFORE_KEY, *spoken.before_key)
    article = rf"(?:(?:{words})\s+|l['’]){{0,3}}"
    verb = re.compile(rf"\b(?:{said})\s+{article}(?P<key>(?:{keys}))(?!\w){not_counted}", re.IGNORECASE)
    after = re.compile(
        rf"\s*(?:,\s*)?(?:key\s+|sign\s+|tecla\s+)?(?P<opening>{_joints(spoken).opening})\b\s*(?P<words>[^.;!?]*)",
        re.IGNORECASE,
    )
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
    spoken = language_of(language)
    verb, after, names = _pattern(spoken)
    joints = _joints(spoken)
    found: list[Announcement] = []
    position, joined = 0, False
    matches = list(verb.finditer(text))
    for match, following in zip_longest(matches, matches[1:]):
        said = match["key"].lower()
        key = names.get(said) or (f"{said[0]}*" if said.endswith(spoken.star.lower()) else "".join(said.split()))
        before = text[position : match.start()]
        sentence = _SENTENCE.split(before)[-1].strip(_COMMAS)
        sentence = "" if joined and re.fullmatch(joints.either, sentence, re.IGNORECASE) else sentence
        joined = False
        tail = after.match(text, match.end())
        key_first = bool(tail) and not sentence
        if key_first and tail:
            words, start, end = tail["words"], match.start(), tail.end()
            if following is not None and following.start() < end:  # the next option is in the same sentence
                words = text[tail.start("words") : following.start()]
                other = joints.following.search(words) or joints.joined.search(words)
                words = words[: other.start()] if other else words
                end, joined = tail.start("words") + len(words), True
        else:
            words, start, end = (
                sentence,
                match.start() - len(before) + before.rfind(sentence) if sentence else match.start(),
                match.end(),
            )
        purpose = tail is not None or (
            bool(words) and (not spoken.spaced or joints.for_what.match(joints.first_or.sub("", words)) is not None)
        )
        words = " ".join(joints.joining.sub("", words.strip(_COMMAS + ".。")).split())
        if spoken.after_key and not key_first:
            words = words.removesuffix(_after_label(spoken))
        if not (len(key) > 2 and _ELSEWHERE.fullmatch(key)):
            opening = tail["opening"].lower() if tail and key_first else ""
            found.append(Announcement(key, words, start, end, key_first, purpose, match.start(), opening))
        position = end
    return tuple(found)


def _after_label(spoken: Language) -> str:
    """What a language puts between an option and its key, such as a particle."""
    return spoken.option.partition("{label}")[2].partition("{key}")[0].strip(_COMMAS)


@cache
def _phrases(spoken: Language) -> tuple[re.Pattern[str], re.Pattern[str], re.Pattern[str]]:
    verbs = "|".join(map(re.escape, sorted({*spoken.say_key, *spoken.wrong_verbs} - {"or"}, key=len, reverse=True)))
    pounds = "|".join(map(re.escape, sorted({spoken.pound, "pound", "hash", "#"}, key=len, reverse=True)))
    then = "|".join(map(re.escape, sorted(spoken.then_words, key=len, reverse=True)))
    gap, article = (r"\s+", r"(?:\w+['’\s]+){0,2}?") if spoken.spaced else (r"\s*", "")
    sign = r"(?:\s+(?:sign|key|tecla|signo|touche|taste))?"
    then_pound = re.compile(
        rf"[\s,，]*(?<!\w)(?:(?:{then}){gap})?(?:(?:{verbs}){gap})?{article}(?:{pounds}){sign}(?!\w)", re.IGNORECASE
    )
    edge = r"\b" if spoken.spaced else ""
    return (
        then_pound,
        re.compile(rf"{edge}(?:{spoken.any_key or '(?!)'}){edge}", re.IGNORECASE),
        re.compile(rf"{edge}(?:{spoken.stay or '(?!)'}){edge}", re.IGNORECASE),
    )


def then_pound(text: str, language: str, at: int) -> tuple[int, int] | None:
    """Where a text asks callers to press pound after the key announced up to `at`; None if it does not.

    Examples
    --------
    >>> text = "For sales, press 1, followed by the pound sign."
    >>> text[slice(*then_pound(text, "en-US", announcements(text, "en-US")[0].end))]
    ', followed by the pound sign'
    """
    found = _phrases(language_of(language))[0].match(text, at)
    return found.span() if found else None


def any_other_key(text: str, language: str) -> tuple[int, int] | None:
    """Where a text announces "any other key"; None if it does not.

    Examples
    --------
    >>> any_other_key("For all else, press any other key.", "en-US"), any_other_key("For sales, press 1.", "en-US")
    ((20, 33), None)
    """
    found = _phrases(language_of(language))[1].search(text)
    return found.span() if found else None


def stays(text: str, language: str) -> bool:
    """Whether a text tells callers what happens if they do nothing.

    Examples
    --------
    >>> stays("For all other calls, please stay on the line.", "en-US"), stays("We are glad to serve you.", "en-US")
    (True, False)
    """
    return _phrases(language_of(language))[2].search(text) is not None


def ends_entry(text: str, announced: Announcement, language: str) -> bool:
    """Whether the text says that an announced key ends the entry rather than doing something else.

    Examples
    --------
    >>> def told(text: str) -> bool: return ends_entry(text, announcements(text, "en-US")[-1], "en-US")
    >>> told("Enter your age, then press pound."), told("Your age? To finish, press pound.")
    (True, True)
    >>> told("Enter your age, or press pound to skip."), told("Your age? To skip, press pound.")
    (False, False)
    """
    spoken = language_of(language)
    before = text[announced.start : announced.verb].lower().rstrip(" ,，")
    around = f"{announced.words} {before} {_SENTENCE.split(text[announced.verb :])[0]}".lower()
    edge = r"(?:^|\s)" if spoken.spaced else ""
    joined = re.search(rf"{edge}(?:{'|'.join(map(re.escape, spoken.then_words))})$", before)
    if joined or any(word in around for word in spoken.done_words):
        return True
    return not (announced.purpose or _ALTERNATIVE.search(before))
