"""How wide a text is in the fonts of the map, without a browser.

Widths are those of Helvetica in the Adobe Font Metrics of the 14 core fonts (Arial, Liberation Sans and Nimbus Sans
have the same), in thousandths of the type size; a letter with an accent is as wide as without. Wide East Asian
characters (Unicode Standard Annex 11) are as wide as high. A drawing states the width of each text, so that a font that
stands in for these is narrowed or widened to it.
"""

from __future__ import annotations

import unicodedata

__all__ = ["text_width", "wrapped"]

_WIDTHS = {
    191: "'", 222: "ijl", 260: "|", 278: " !,./:;I[\\]ft", 333: "()-`r", 334: "{}", 355: '"', 389: "*", 469: "^",
    500: "Jcksvxyz", 556: "#$0123456789?L_abdeghnopqu", 584: "+<=>~", 611: "FTZ", 667: "&ABEKPSVXY", 722: "CDHNRUw",
    778: "GOQ", 833: "Mm", 889: "%", 944: "W", 1015: "@",
}  # fmt: skip
_OF = {letter: width for width, letters in _WIDTHS.items() for letter in letters}
_OTHER, _WIDE = 650, 1000
_BOLD = 1.07


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """The width of one line of text, in the unit of `size`.

    Examples
    --------
    >>> round(text_width("Ill", 10), 2)  # (278 + 222 + 222) / 1000 x 10
    7.22
    """
    thousandths = sum(map(_width, unicodedata.normalize("NFD", text)))
    return thousandths / 1000 * size * (_BOLD if bold else 1.0)


def _width(letter: str) -> int:
    if unicodedata.combining(letter):
        return 0
    if _is_wide(letter):
        return _WIDE
    return _OF.get(letter, _OTHER)


def wrapped(text: str, size: float, width: float, *, most: int = 3) -> tuple[str, ...]:
    """A text in lines that are no wider than `width`; what does not fit in `most` lines ends with an ellipsis.

    Examples
    --------
    >>> wrapped("For billing and payments, press 1.", 10, 90)
    ('For billing and', 'payments, press 1.')
    """
    lines: list[str] = [""]
    for word in _words(text, size, width):
        longer = f"{lines[-1]} {word}".strip() if not _joined(lines[-1], word) else lines[-1] + word
        if text_width(longer, size) <= width:
            lines[-1] = longer
        else:
            lines.append(word)
    if len(lines) > most:
        lines = lines[:most]
        while lines[-1] and text_width(f"{lines[-1]}…", size) > width:
            lines[-1] = lines[-1][:-1]
        lines[-1] = lines[-1].rstrip() + "…"
    return tuple(line for line in lines if line)


def _joined(before: str, word: str) -> bool:
    """Whether two pieces follow each other without a space, as in Chinese."""
    return bool(before) and _is_wide(before[-1]) and _is_wide(word[0])


def _is_wide(letter: str) -> bool:
    return unicodedata.east_asian_width(letter) in "WF"


def _words(text: str, size: float, width: float) -> list[str]:
    """Words, those of wide characters one by one, and those wider than a line in parts."""
    found: list[str] = []
    for word in "".join(c if c.isprintable() else " " for c in text).split():
        part = ""
        for letter in word:
            if part and (_is_wide(letter) or text_width(part + letter, size) > width):
                found.append(part)
                part = ""
            part += letter
        found.append(part)
    return found
