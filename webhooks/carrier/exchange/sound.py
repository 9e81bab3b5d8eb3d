"""The sound of a message at a virtual carrier: tones in the rhythm of what was said, and the tones of keys.

Text stands for voices here. The sound says when somebody speaks, how long, and which digits; the words are in the
transcript.
"""

from __future__ import annotations

import io
import math
import wave
from array import array
from collections.abc import Iterable
from zlib import crc32

__all__ = ["RATE", "wav"]

RATE = 8_000
"""Samples a second: that of the telephone."""
_LONGEST_S = 600
_WORD_S, _GAP = 0.4, 0.25
"""150 words a minute; a quarter of each is silence."""
_LOUD, _FADE_S = 9_000, 0.02
_ROWS, _COLUMNS = (697, 770, 852, 941), (1_209, 1_336, 1_477)
"""Frequencies of keys. Source: ITU-T Q.23."""
_KEYS = "123456789*0#"
_HUM = "mm"


def wav(seconds: float, said: str = "") -> bytes:
    """A WAV file: one channel of 16 bits.

    Parameters
    ----------
    seconds : float
        Its length.
    said : str
        Each word becomes a tone of its own, each digit the tone of its key; empty: a hum.

    Examples
    --------
    >>> sound = wav(2.0, "room 12")
    >>> sound[:4], len(sound) == 44 + 2 * 2 * RATE, sound == wav(2.0, "room 12"), sound == wav(2.0, "room 13")
    (b'RIFF', True, True, False)
    """
    samples = array("h", bytes(2 * round(max(0.1, min(seconds, _LONGEST_S)) * RATE)))
    marks = _marks(said) or [_HUM] * max(1, round(len(samples) / RATE / _WORD_S))
    each = min(round(_WORD_S * RATE), len(samples) // len(marks))
    for i, mark in enumerate(marks):
        _sound(samples, i * each, round(each * (1 - _GAP)), _frequencies(mark))
    file = io.BytesIO()
    with wave.open(file, "wb") as written:
        written.setnchannels(1)
        written.setsampwidth(2)
        written.setframerate(RATE)
        written.writeframes(samples.tobytes())
    return file.getvalue()


def _marks(said: str) -> list[str]:
    """The words, with every digit, star and pound on its own."""
    return [mark for word in said.split() for mark in (list(word) if set(word) <= set(_KEYS) else [word])]


def _frequencies(mark: str) -> tuple[float, ...]:
    if mark in _KEYS and len(mark) == 1:
        at = _KEYS.index(mark)
        return float(_ROWS[at // 3]), float(_COLUMNS[at % 3])
    pitch = 110.0 + crc32(mark.lower().encode("utf-8", "replace")) % 90  # a voice speaks between 110 and 200 Hz
    return pitch, 2 * pitch, 3 * pitch


def _sound(samples: array[int], first: int, length: int, frequencies: Iterable[float]) -> None:
    tones = [2 * math.pi * each / RATE for each in frequencies]
    fade = max(1, min(round(_FADE_S * RATE), length // 2))
    for i in range(length):
        loud = _LOUD * min(1.0, (i + 1) / fade, (length - i) / fade) / len(tones)
        samples[first + i] = round(loud * sum(math.sin(tone * i) for tone in tones))
