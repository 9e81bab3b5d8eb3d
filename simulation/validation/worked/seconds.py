"""Seconds in the menus and key presses, step by step."""

from __future__ import annotations

from simulation.validation.by_hand import certain

__all__ = ["TARGETS", "TITLE"]

TITLE = "Seconds and presses: what is heard, reaction 1 s, keys 0.4 s, gap 0.5 s"

TARGETS = (
    *certain(
        "numbers",
        "all calls",
        "Ten digits: three words and nine further digits, 1.2 + 1 + 3.6 + 0.5 s, and read back 9.6 + 1.5 s: 17.4 s. Six"
        " to ten: eight digits and the finish key, 1.2 + 1 + 3.2 + 0.5 s, and read back 8.8 + 1.5 s: 16.2 s. Two"
        " presses each.",
        menu_s=17.4 + 16.2,
        key_presses=4,
    ),
    *certain(
        "menus",
        "all calls",
        "Composed, key 2: 1.6 + 0.6 + 1.6 + 1.5 = 5.3 s. Written, with 2 s stated: 2 + 1.5 = 3.5 s. Key 306 after seven"
        " words and four digits: 4.4 + 1 + 0.8 + 0.5 = 6.7 s. One press each.",
        menu_s=5.3 + 3.5 + 6.7,
        key_presses=3,
    ),
    *certain(
        "everything",
        "all calls",
        "A caller who hears everything first and presses 1: 1.6 + 0.6 + 1.6 + 1.5 s.",
        menu_s=5.3,
        key_presses=1,
    ),
    *certain(
        "silence",
        "all calls",
        "Two options, 2 + 0.6 + 2 s, and 5 s of silence, twice; a welcome of 0.4 s the first time only, and two words"
        " the second time.",
        menu_s=2 * 9.6 + 0.4 + 0.8,
        key_presses=0,
    ),
    *certain(
        "dwell",
        "all calls",
        "The visit to an entry in which the caller is silent twice takes the 20 s that are stated, that of two"
        " questions 12 s; two answers.",
        menu_s=32,
        key_presses=2,
    ),
)
