"""Texts on a terminal: how many columns they take, and lines wrapped between words."""

from __future__ import annotations

import re
import unicodedata

__all__ = ["columns_in", "fitted", "wrapped"]

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_CELL = re.compile(r"^ *(?:- )?|(?<=\S) {2,}(?=\S)")
"""Where a cell of a line begins: after its indent, and after two spaces or more."""
_GLUE = re.compile(r"(?<=\d) (?=(?:s|min|h|ms)\b|%)|(?<=[\d%smnh]) (?=±)|(?<=±) ")
"""The space between a number and its unit, and on both sides of ±."""
_GLUED = "\N{NO-BREAK SPACE}"


def columns_in(text: str) -> int:
    """Terminal columns of a text: two for East Asian wide characters, none for combining marks and colour codes."""
    if "\x1b" in text:
        text = _COLOUR.sub("", text)
    if text.isascii():
        return len(text)
    marks = sum(1 for c in text if unicodedata.combining(c) or unicodedata.category(c) in ("Mn", "Me"))
    return len(text) - marks + sum(1 for c in text if unicodedata.east_asian_width(c) in "WF")


def wrapped(text: str, width: int, *, indent: int = 0) -> list[str]:
    """A sentence as terminal lines, wrapped between words; one line if `width` is 0.

    >>> wrapped("there is no node 'by'", 12, indent=2)
    ['there is no', "  node 'by'"]
    """
    if not width or columns_in(text) <= width:
        return [text]
    start = len(text) - len(text.lstrip(" "))
    first, *words = text[start:].split(" ")
    lines = [text[:start] + first]
    for word in words:
        if columns_in(lines[-1]) + 1 + columns_in(word) <= width:
            lines[-1] += f" {word}"
        elif word:  # not one of several spaces
            lines.append(" " * indent + word)
    return lines


def fitted(text: str, width: int) -> str:
    """A text whose lines are wrapped between words, so that no word and no number is broken or lost.

    The rest of a line goes below its last cell if that leaves half of the width, so that columns stay columns.

    Parameters
    ----------
    text : str
    width : int
        Columns; 0 leaves the text as it is.

    Examples
    --------
    >>> print(fitted("ASA   6.2 s  mean wait of handled callers", 30))
    ASA   6.2 s  mean wait of
                 handled callers
    """
    return "\n".join(_fitted(line, width) for line in text.split("\n")) if width else text


def _fitted(line: str, width: int) -> str:
    if columns_in(line) <= width:
        return line
    ends = [cell.end() for cell in _CELL.finditer(_COLOUR.sub("", line))]
    indent = max(end for end in ends if end <= width // 2 or end == ends[0])
    lines = wrapped(_GLUE.sub(_GLUED, line), width, indent=indent)
    return "\n".join(part.rstrip(" ").replace(_GLUED, " ") for part in lines)
