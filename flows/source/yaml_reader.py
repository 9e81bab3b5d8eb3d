"""Reads our files as YAML (or JSON, its subset): every scalar is a string, every value has its line and column.

Scalar types are never guessed: ``010`` stays ``010``, ``no`` stays ``no``, ``9:00`` stays ``9:00``; the model decides
the type. Duplicate keys, aliases, anchors and tags are refused, as are files too large or too deep to be a flow.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path as FilePath

import yaml

from flows.source.document import Document, Mark, Path, lines_of, mark_of, nearest
from flows.source.finding import Finding, FlowError
from flows.source.yaml_errors import INDENTED_NO_BREAK, finding_of, no_break_space, outside_quotes
from flows.source.yaml_events import Limits, RefusedError, read_values

__all__ = ["MAX_BYTES", "MAX_DEPTH", "parse", "read", "read_text", "without_tabs"]

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
MAX_VALUES = 500_000
"""Values in a file; a flow of 5,000 nodes has about 100,000."""

_HASH_KEY = re.compile(r"(^\s*|[{,]\s*|-\s+)#\s*:")
_STAR_KEY = re.compile(r"(^\s*|[{,]\s*|-\s+|key:\s*|next:\s*)\*(?=\s*[:,}\s]|$)")
_HASH_VALUE = re.compile(r"\b(?:key|finish)\s*:\s*#")
_BARE = re.compile(r"#\s*:|:\s*#|\*(?:[\s:,}]|$)")
"""Matches every line that one of the three patterns above could match."""
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def read(file: str | FilePath) -> Document:
    """Read a file.

    Raises
    ------
    FlowError
        With one finding: Y001 not YAML, Y002 cannot be opened, Y003 not UTF-8 text, Y004 too large or too deep,
        Y005 alias or tag, S008 duplicate key.
    """
    return parse(read_text(file), str(file))


def read_text(file: str | FilePath) -> str:
    """The text of a file.

    Raises
    ------
    FlowError
        With one finding: Y002 cannot be opened, Y003 not UTF-8 text, Y004 too large.
    """
    name = str(file)
    try:
        raw = FilePath(file).read_bytes() if FilePath(file).stat().st_size <= MAX_BYTES else None
    except FileNotFoundError:
        where = FilePath(file).parent
        near = nearest(FilePath(file).name, [p.name for p in where.iterdir()] if where.is_dir() else [])
        hint = f"did you mean {where / near}?" if near else "check the path; names are relative to where you stand"
        raise _only("Y002", "no such file", name, hint=hint) from None
    except IsADirectoryError:
        raise _only("Y002", "this is a folder, not a file", name, hint="name a .yaml file in it") from None
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise _only("Y002", f"cannot be read: {why}", name, hint="check the path and its permissions") from None
    if raw is None:
        raise _only("Y004", f"larger than {MAX_BYTES:,} bytes", name, hint="split it into several files")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        column = error.start - raw.rfind(b"\n", 0, error.start)
        message = f"byte 0x{raw[error.start]:02x} is not UTF-8"
        raise _only("Y003", message, name, line, column, hint="save the file as UTF-8") from None


def parse(text: str, file: str) -> Document:
    """Read a text the way `read` reads a file.

    Examples
    --------
    >>> parse("keys: {0: operator, 010: x, no: y}", "a.yaml").data
    {'keys': {'0': 'operator', '010': 'x', 'no': 'y'}}
    """
    if len(text) > MAX_BYTES:
        raise _only("Y004", f"larger than {MAX_BYTES:,} bytes", file, hint="split it into several files")
    bad = _NOT_TEXT.search(text)
    if bad:
        line, column = mark_of(text, bad.start())
        raise _only("Y003", f"control character {bad[0]!r}", file, line, column, hint="remove it; this is a text file")
    _refuse_bare_keys(text, file)
    try:
        found = read_values(without_tabs(text), Limits(MAX_DEPTH, MAX_VALUES))
    except RefusedError as error:
        raise _only(error.code, error.message, file, *error.at, hint=error.hint) from None
    except yaml.YAMLError as error:
        raise FlowError(finding_of(error, text, file)) from None
    if found is not None and "\xa0" in text and INDENTED_NO_BREAK.search(text):
        _refuse_no_break_keys(found.keys, file)
    if found is None:
        raise _only("Y001", "the file is empty", file, 1, 1, hint="begin with 'ivr: 1'")
    return Document(found.data, found.marks, found.keys, file, text)


def without_tabs(text: str) -> str:
    """A JSON text with each tab replaced by a space, since YAML does not allow tabs as indentation; columns stay."""
    return text.replace("\t", " ") if text.lstrip()[:1] in "{[" else text


def _only(code: str, message: str, file: str, line: int = 0, column: int = 0, *, hint: str) -> FlowError:
    return FlowError(
        Finding(code=code, severity="error", message=message, file=file, line=line, column=column, hint=hint)
    )


def _refuse_bare_keys(text: str, file: str) -> None:
    """Refuse ``#:``, which YAML drops as a comment, and ``*:``, which is an alias; say what to write instead."""
    for number, line in enumerate(lines_of(text), 1):
        if ("#" not in line and "*" not in line) or not _BARE.search(line):
            continue
        code = outside_quotes(line)
        for pattern, shown, word in ((_HASH_KEY, "#", "pound"), (_HASH_VALUE, "#", "pound"), (_STAR_KEY, "*", "star")):
            match = pattern.search(code)
            before = code[: match.end()].partition(" #")[0] if match else ""
            if match and ((shown == "*" and "#" not in before[: match.start() + 1]) or shown == "#"):
                column = code.index(shown, match.start()) + 1
                what = "starts a comment, so this entry vanishes" if shown == "#" else "starts an alias"
                message = f"a bare {shown} {what} in YAML"
                raise _only("Y006", message, file, number, column, hint=f'write {word}, or "{shown}" in quotes')


def _refuse_no_break_keys(keys: Mapping[Path, Mark], file: str) -> None:
    """Refuse a no-break space before a key; YAML would make it an invisible part of the name."""
    for path, at in keys.items():
        if str(path[-1]).startswith("\xa0"):
            raise FlowError(no_break_space(at, file))
