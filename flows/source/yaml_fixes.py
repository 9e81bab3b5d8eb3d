"""Applies fixes to a YAML text and checks that the data read afterwards differs only by those fixes.

A fix that fails the check is not made.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from typing import Any

from flows.source.document import Path, value_at
from flows.source.finding import Fix
from flows.source.yaml_edit import Edit, applied, reads_as, reordered, with_entry, with_text
from flows.source.yaml_reader import parse
from flows.source.yaml_spans import Span, spans

__all__ = ["edited", "edits"]


def edited(text: str, fixes: Sequence[Fix], file: str = "flow.yaml") -> tuple[str, tuple[Fix, ...]]:
    """The text with fixes applied, and the fixes that were made; see `edits`.

    Examples
    --------
    >>> text = "nodes:\\n  main: {type: play, next: by}   # then hang up\\n"
    >>> print(edited(text, [Fix(("nodes", "main", "next"), "bye")])[0], end="")
    nodes:
      main: {type: play, next: bye}   # then hang up
    """
    made, done = edits(text, fixes, file)
    return applied(text, made), done


def edits(text: str, fixes: Sequence[Fix], file: str = "flow.yaml") -> tuple[tuple[Edit, ...], tuple[Fix, ...]]:
    """The edits that apply the fixes, and the fixes they apply.

    Parameters
    ----------
    text : str
        Must be readable.
    fixes : sequence of Fix
        A fix that overlaps an earlier one, or would change anything else, is left out.
    file : str

    Raises
    ------
    FlowError
        If the file cannot be read.
    """
    data, places = parse(text, file).data, spans(text)
    at_once = [(fix, edit) for fix in fixes for edit in next(_ways(text, data, places, fix), ())]
    taken: list[tuple[Fix, Edit]] = []
    if _proved(text, data, at_once, file):
        taken = at_once
    else:
        for fix in fixes:  # one at a time, using the first variant that passes the check
            ways = ([(fix, edit) for edit in way] for way in _ways(text, data, places, fix) if way)
            taken = next((pairs for way in ways if _proved(text, data, pairs := [*taken, *way], file)), taken)
    return tuple(edit for _, edit in taken), tuple(dict.fromkeys(fix for fix, _ in taken))


def _proved(text: str, data: Any, pairs: Sequence[tuple[Fix, Edit]], file: str) -> bool:
    """Whether the edits are disjoint, change the data exactly as the fixes say, and keep every comment."""
    ordered = sorted((edit for _, edit in pairs), key=lambda e: e.start)
    if any(a.end >= b.start for a, b in itertools.pairwise(ordered)):
        return False
    wanted = deepcopy(data)
    for fix in sorted(dict.fromkeys(fix for fix, _ in pairs), key=lambda f: (f.kind == "reorder", -len(f.path))):
        around, last = value_at(wanted, fix.path[:-1]), fix.path[-1]
        around[last] = [around[last][i] for i in fix.order] if fix.kind == "reorder" else fix.value
    after = applied(text, ordered)
    return reads_as(after, wanted, file) and _comments(after) == _comments(text)


def _comments(text: str) -> list[str]:
    """The comments, sorted; a `#` inside a scalar does not count."""
    out, position = [], 0
    for span in sorted((s for s in spans(text).values() if s.scalar), key=lambda s: s.start):
        out.append(text[position : span.start])
        position = max(position, span.end)
    out.append(text[position:])
    return sorted(m[0].rstrip() for part in out for m in re.finditer(r"(?:^|(?<=\s))#[^\n]*", part))


def _ways(text: str, data: Any, places: Mapping[Path, Span], fix: Fix) -> Iterator[list[Edit]]:
    """Possible edits for a fix, least intrusive first."""
    if fix.kind == "reorder":
        yield reordered(text, places, fix.path, fix.order)
    elif fix.value is None:
        return
    elif fix.kind == "insert":
        entries = value_at(data, fix.path[:-1])
        if isinstance(entries, dict) and entries and fix.path[-1] not in entries:
            for style in ("", '"'):
                yield [with_entry(text, places, fix.path, entries, fix.value, style=style)]
    elif fix.path in places and places[fix.path].scalar:
        span = places[fix.path]
        if "\n" in text[span.start : span.end]:
            yield from _other_words(text, span, value_at(data, fix.path), fix.value)
        else:
            yield [with_text(places, fix.path, fix.value)]
        yield [with_text(places, fix.path, fix.value, style='"')]


def _other_words(text: str, span: Span, old: str, new: str) -> Iterator[list[Edit]]:
    """Edits of just the words that differ, one for each place they occur in a multi-line text."""
    words, others = _difference(old, new)
    pattern = re.compile(r"\s+".join(map(re.escape, words.split())))
    for match in pattern.finditer(text, span.start, span.end) if words.strip() else ():
        yield [Edit(match.start(), match.end(), others.strip())]


def _difference(old: str, new: str) -> tuple[str, str]:
    """The words that differ between two texts."""
    a, b = re.split(r"(\s+)", old), re.split(r"(\s+)", new)
    start = 0
    while start < min(len(a), len(b)) and a[start] == b[start]:
        start += 1
    end = 0
    while end < min(len(a), len(b)) - start and a[-1 - end] == b[-1 - end]:
        end += 1
    return "".join(a[start : len(a) - end]), "".join(b[start : len(b) - end])
