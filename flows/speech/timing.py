"""How long prompts and menus take, in seconds; shared by lint, diagrams, the optimiser and the simulation.

Sources: 150 words a minute for recorded English (audiobook and announcer practice, 150-160 wpm); other languages
by syllables, scaled by the conversational rates of Pellegrino, Coupé & Marsico (2011), Language 87(3), 539-558.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from flows.protocol.actions import Say
from flows.speech import ssml
from flows.speech.languages import language as language_of
from flows.speech.prompt import placeholders

__all__ = [
    "ACCEPT_S",
    "DECISION_S",
    "DIGIT_S",
    "GAP_S",
    "LOOKUP_S",
    "MESSAGE_S",
    "NO_MESSAGE_S",
    "RING_S",
    "SHARE_HEAR_ALL",
    "SHARE_KEY_AHEAD",
    "SHARE_SILENT",
    "SYSTEM_GAP_S",
    "VALUE_S",
    "announced_s",
    "first_time_s",
    "hear_all_s",
    "key_ahead_s",
    "say_s",
    "speech_s",
]

DECISION_S = 1.0
"""Time to decide and press a key after hearing the wanted option (d)."""
SYSTEM_GAP_S = 0.5
"""Time the system takes between a key and the next prompt (s)."""
GAP_S = 0.6
"""Pause between two options of a menu."""
DIGIT_S = 0.4
"""One digit spoken on its own by the same announcer (150 words a minute)."""
VALUE_S = 1.5
"""Assumed length of a value that is not known yet, e.g. ``{balance}``."""
LOOKUP_S = 1.0
"""Assumed time until another service answers."""
RING_S = 10.0
"""Assumed time that a dialled number rings."""
MESSAGE_S = 30.0
"""Assumed length of a recorded message."""
NO_MESSAGE_S = 5.0
"""Silence after which the service stops recording."""
ACCEPT_S = 8.0
"""How long somebody who has picked up may take to press 1."""
SHARE_HEAR_ALL = 0.15
"""Assumed share of callers who hear the whole menu before pressing a key."""
SHARE_KEY_AHEAD = 0.10
"""Assumed share of callers who know the menu and press a key at once; the rest press on hearing their option."""
SHARE_SILENT = 0.03
"""Assumed share of prompts after which a caller stays silent."""

_ENGLISH_SYLLABLES_PER_WORD = 1.5
_ENGLISH_WPM = 150.0
_ENGLISH_CONVERSATIONAL = 6.19
_ANNOUNCER = _ENGLISH_WPM / 60 * _ENGLISH_SYLLABLES_PER_WORD / _ENGLISH_CONVERSATIONAL
_DIGITS = "0123456789"
_SLOT = re.compile(r"\{[^{}]*\}")
_BREAK = re.compile(r"<break\b[^<>]*\btime\s*=\s*[\"']\+?([0-9]*\.?[0-9]+)(m?s)[\"']")
_BREAK_TAG = re.compile(r"<break\b[^<>]*>")
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@lru_cache(maxsize=8192)
def speech_s(text: str, language: str, rate: float = 1.0) -> float:
    """Seconds it takes to speak `text`.

    Digits are spoken one by one; a ``{value}`` takes `VALUE_S`. In SSML a ``<break>`` takes its stated time, a
    ``<prosody rate="...%">`` around all of a text changes how fast it is spoken, and other tags are silent; in any
    other text, tags are read as words.

    Parameters
    ----------
    text : str
    language : str
        BCP 47 tag of a supported language.
    rate : float
        How fast it is spoken, as a share of normal; pauses keep their length.

    Returns
    -------
    float
        Seconds; 0 for an empty text.

    Examples
    --------
    Five words and a digit in English: 5 / 2.5 + 0.4.

    >>> round(speech_s("For billing and payments, press 1.", "en-US"), 3)
    2.4
    """
    spoken = language_of(language)
    slots, plain = 0, text.lower()
    if "{" in text:
        slots, plain = len(placeholders(text)), _SLOT.sub(" ", plain)
    pauses_s = 0.0
    if "<" in text:
        pauses_s = sum(float(number) / (1000 if unit == "ms" else 1) for number, unit in _BREAK.findall(text))
        rate *= ssml.rate_of_all(text)
        plain = ssml.plain(_BREAK_TAG.sub(" ", plain))
    digits = sum(map(plain.count, _DIGITS)) if plain.isascii() else sum(c.isdigit() for c in plain)
    words = _WORD.findall(plain)
    if spoken.words_per_minute is not None:
        seconds = 60.0 * len(words) / spoken.words_per_minute
    elif not spoken.vowels:
        seconds = sum(map(len, words)) / (spoken.syllables_per_s * _ANNOUNCER)
    else:
        runs = re.compile(f"[{spoken.vowels}]+")
        syllables = sum(max(1, len(runs.findall(word))) for word in words)
        seconds = syllables / (spoken.syllables_per_s * _ANNOUNCER)
    return (seconds + digits * DIGIT_S + slots * VALUE_S) / rate + pauses_s


def say_s(say: Say) -> float:
    """Seconds of one `Say`: its stated length, else the time to speak its text.

    Examples
    --------
    >>> from flows.protocol.actions import Say
    >>> say_s(Say("Goodbye.", "en-US")), say_s(Say("Goodbye.", "en-US", seconds=2.5))
    (0.4, 2.5)
    >>> say_s(Say("Goodbye.", "en-US", rate=0.8))
    0.5
    """
    return speech_s(say.text, say.language, say.rate) if say.seconds is None else say.seconds


def announced_s(before_s: float, options: Iterable[tuple[str, float]], *, gap_s: float = GAP_S) -> dict[str, float]:
    """Seconds until each option is first announced; the entry ``""`` is the time until all have been.

    Parameters
    ----------
    before_s : float
        Seconds of speech before the first option.
    options : iterable of (name, seconds)
        In spoken order.
    gap_s : float
        Pause between two options.

    Examples
    --------
    >>> announced_s(1.0, [("1", 2.0), ("2", 3.0)])
    {'1': 3.0, '2': 6.6, '': 6.6}
    """
    heard: dict[str, float] = {}
    so_far = before_s
    for index, (name, seconds) in enumerate(options):
        so_far += seconds + (gap_s if index else 0.0)
        heard.setdefault(name, so_far)
    return heard | {"": so_far}


def first_time_s(intro_s: float, options_s: Sequence[float], shares: Sequence[float], *, gap_s: float = GAP_S) -> float:
    """Expected seconds in a menu for a caller who presses a key on hearing the wanted option.

    ``g + d + s + sum_i p_i (t_1 + ... + t_i)``, including the gaps between options.

    Parameters
    ----------
    intro_s : float
        Seconds of speech before the first option (g).
    options_s : sequence of float
        Length of each spoken option, in order.
    shares : sequence of float
        Share of callers who want each option; normalised to 1.
    gap_s : float
        Pause between two options.

    Examples
    --------
    Two options of 2 s, equally wanted: 1 + 0.5 + 0.5 * 2 + 0.5 * (2 + 0.6 + 2).

    >>> round(first_time_s(0.0, [2.0, 2.0], [0.5, 0.5]), 6)
    4.8
    """
    total = sum(shares) or 1.0
    heard = expected = 0.0
    for index, (seconds, share) in enumerate(zip(options_s, shares, strict=True)):
        heard += seconds + (gap_s if index else 0.0)
        expected += share / total * heard
    return intro_s + DECISION_S + SYSTEM_GAP_S + expected


def hear_all_s(intro_s: float, options_s: Sequence[float]) -> float:
    """Seconds for a caller who hears the whole menu before pressing a key.

    Examples
    --------
    >>> round(hear_all_s(1.0, [2.0, 2.0]), 6)
    7.1
    """
    gaps = GAP_S * max(0, len(options_s) - 1)
    return intro_s + sum(options_s) + gaps + DECISION_S + SYSTEM_GAP_S


def key_ahead_s(keys: int) -> float:
    """Seconds for a caller who knows the menu and keys ahead: ``d + s``, plus a digit's time for each further key.

    Examples
    --------
    >>> key_ahead_s(1)
    1.5
    """
    return DECISION_S + SYSTEM_GAP_S + max(0, keys - 1) * DIGIT_S
