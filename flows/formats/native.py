"""Our own format: YAML (JSON is the same thing), every scalar a string, every value with its line and column.

Scalars are never guessed: ``010`` stays ``010``, ``no`` stays ``no``, ``9:00`` stays ``9:00``; the model gives the
type. Duplicate keys, aliases, anchors and tags are refused, and so are files too large or too deep to be a flow. What
could make work out of little text (an anchor, a depth, a number of values) is refused where it begins, and not read on.
"""

from __future__ import annotations

import re
from pathlib import Path as FilePath
from typing import Any

import yaml

from flows.document import Document, Mark, lines_of, mark_of, nearest
from flows.errors import Finding, FlowError
from flows.formats._events import Limits, Refused, read_values

__all__ = ["MAX_BYTES", "MAX_DEPTH", "composed", "parse", "read", "read_text"]

MAX_BYTES = 4_000_000
MAX_DEPTH = 40
MAX_VALUES = 500_000
"""Values in a file; a flow of 5,000 nodes has about 100,000."""

_TAGS = {
    yaml.ScalarNode: "tag:yaml.org,2002:str",
    yaml.SequenceNode: "tag:yaml.org,2002:seq",
    yaml.MappingNode: "tag:yaml.org,2002:map",
}
_HASH_KEY = re.compile(r"(^\s*|[{,]\s*|-\s+)#\s*:")
_STAR_KEY = re.compile(r"(^\s*|[{,]\s*|-\s+|key:\s*|next:\s*)\*(?=\s*[:,}\s]|$)")
_HASH_VALUE = re.compile(r"\b(?:key|finish)\s*:\s*#")
_QUOTED = re.compile(r"""(?<![^\s\[{,:(-])(?:"(?:[^"\\]|\\.)*+(?:"|$)|'(?:[^']|'')*+(?:'|$))""")
_ANCHOR = re.compile(r"&(?<!\w&)[\w-]")
_BARE = re.compile(r"#\s*:|:\s*#|\*(?:[\s:,}]|$)")
"""Whatever one of the three may match."""
_ALIAS = "aliases and anchors (*name, &name) are not allowed"
_ALIAS_HINT = "write the value out; put a text that begins with * or & in quotes"
_CLOSED = "more follows after the closing quote"
_CLOSED_HINT = "inside '...' write '' for an apostrophe, or put the text in \"...\""
_NO_ENTRY = "put a colon and a space after the key, or '- ' before an entry of a list"
_SAID = {
    "<document start>": ("this belongs to nothing above", "align it with the lines it belongs to"),
    "'-' indicator": ("this entry of the list does not begin with '- '", "begin each entry with '- ', all in one column"),
    "escape character": ("a backslash begins nothing known here", "write \\\\ for a backslash, or put the text in '...'"),
    "node content": ("a value is missing here", "write it, or remove the comma or colon before"),
    "comment or line break": ("more follows where the line should end", "put the text in quotes"),
}
"""What some of YAML's complaints mean, and what to do."""
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


class _Composer(getattr(yaml, "CBaseLoader", yaml.BaseLoader)):  # type: ignore[misc]
    """The C loader without its search for implicit types, which takes half the time."""

    def descend_resolver(self, parent: Any, index: Any) -> None:
        """Nothing to look up."""

    def ascend_resolver(self) -> None:
        """Nothing to look up."""

    def resolve(self, kind: type, value: Any, implicit: Any) -> str:
        """The plain tag of a kind of node."""
        return _TAGS[kind]


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
    """Read a text, as `read` does a file.

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
    if _ANCHOR.search(text):
        _refuse_anchors(text, file)
    _refuse_bare_keys(text, file)
    try:
        found = read_values(_without_tabs(text), Limits(MAX_DEPTH, MAX_VALUES))
    except Refused as error:
        raise _only(error.code, error.said, file, *error.at, hint=error.hint) from None
    except yaml.YAMLError as error:
        raise FlowError(_yaml_finding(error, text, file)) from None
    if found is None:
        raise _only("Y001", "the file is empty", file, 1, 1, hint="begin with 'ivr: 1'")
    return Document(found.data, found.marks, found.keys, file, text)


def composed(text: str) -> yaml.Node | None:
    """The nodes of a text that `parse` accepts, with the marks of their ends."""
    loader = _Composer(_without_tabs(text))
    try:
        return loader.get_single_node()  # type: ignore[no-any-return]
    finally:
        loader.dispose()


def _without_tabs(text: str) -> str:
    """JSON may be indented with tabs; a space for each keeps the columns."""
    return text.replace("\t", " ") if text.lstrip()[:1] in "{[" else text


def _only(code: str, message: str, file: str, line: int = 0, column: int = 0, *, hint: str) -> FlowError:
    return FlowError(
        Finding(code=code, severity="error", message=message, file=file, line=line, column=column, hint=hint)
    )


def _refuse_bare_keys(text: str, file: str) -> None:
    """``#:`` vanishes as a comment and ``*:`` is an alias: say what to write instead of what YAML says."""
    for number, line in enumerate(lines_of(text), 1):
        if "#" not in line and "*" not in line or not _BARE.search(line):
            continue
        code = _outside_quotes(line)
        for pattern, shown, word in ((_HASH_KEY, "#", "pound"), (_HASH_VALUE, "#", "pound"), (_STAR_KEY, "*", "star")):
            match = pattern.search(code)
            before = code[: match.end()].partition(" #")[0] if match else ""
            if match and (shown == "*" and "#" not in before[: match.start() + 1] or shown == "#"):
                column = code.index(shown, match.start()) + 1
                what = "starts a comment, so this entry vanishes" if shown == "#" else "starts an alias"
                message = f"a bare {shown} {what} in YAML"
                raise _only("Y006", message, file, number, column, hint=f"write {word}, or \"{shown}\" in quotes")


def _refuse_anchors(text: str, file: str) -> None:
    """Reads what may hold an anchor event by event up to the first: aliases of aliases are never put together."""
    loader = _Composer(_without_tabs(text))
    depth = values = 0
    try:
        while loader.check_event() and depth <= MAX_DEPTH and values <= MAX_VALUES:
            event = loader.get_event()
            if getattr(event, "anchor", None):
                raise _only("Y005", _ALIAS, file, event.start_mark.line + 1, event.start_mark.column + 1, hint=_ALIAS_HINT)
            values += isinstance(event, yaml.NodeEvent)
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
    except yaml.YAMLError:
        return  # told of when it is composed
    finally:
        loader.dispose()


def _outside_quotes(line: str) -> str:
    """`line` with quoted text blanked out, so that columns stay."""
    blank = lambda m: '"' + " " * (len(m[0]) - 2) + '"' * (len(m[0]) > 1)  # noqa: E731
    return _QUOTED.sub(blank, line)


def _yaml_finding(error: yaml.YAMLError, text: str, file: str) -> Finding:
    """What YAML's complaint means for a flow file, where the designer must look."""
    mark, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    at = (mark.line, mark.column) if mark else (0, 0)
    problem = str(getattr(error, "problem", None) or error).split("\n")[0]
    lines = lines_of(text)
    source = lines[at[0]] if at[0] < len(lines) else ""
    before = source[: at[1]].rstrip()
    code, hint = "Y001", "check the indentation and the colons around this place; quote texts that hold ': ' or ' #'"
    if "\t" in source[: max(at[1] + 1, 1)]:
        problem, hint = "a tab is used for indentation", "indent with spaces"
    elif "mapping values are not allowed" in problem:
        problem, hint = "a second ': ' on one line", "put the text in quotes"
    elif any(word in f"{problem} {getattr(error, 'context', '')}" for word in ("anchor", "alias")):
        at = (begun.line, begun.column) if begun else at
        code, problem, hint = "Y005", _ALIAS, _ALIAS_HINT
    elif "expected a single document" in str(error):
        problem, hint = "a second document starts here (---)", "one flow a file: remove the line"
    elif "cannot start any token" in problem:
        problem, hint = f"a text cannot begin with {source[at[1] : at[1] + 1]}", "put the text in quotes"
    elif "end of stream" in problem and begun and "quoted" in str(getattr(error, "context", "")):
        at, problem, hint = (begun.line, begun.column), "the quote that opens here is never closed", "close it"
    elif "expected ',' or" in problem:
        at, problem, hint = _in_braces(at, (begun.line, begun.column) if begun else at, lines, source, before)
    elif "could not find expected ':'" in problem and begun:
        at, problem, hint = (begun.line, begun.column), "this line is no 'key: value'", _NO_ENTRY
    elif told := next((words for part, words in _SAID.items() if part in problem), None):
        problem, hint = told
    elif source[at[1] - 1 : at[1]] in ("'", '"') and at[1]:
        problem, hint = _CLOSED, _CLOSED_HINT
    elif "did not find expected key" in problem or "block" in problem:
        problem, hint = "this line does not fit the indentation of the lines above", "align it with the lines it belongs to"
    line, column = at[0] + 1, at[1] + 1
    return Finding(code=code, severity="error", message=problem, file=file, line=line, column=column, hint=hint)


def _in_braces(at: Mark, opened: Mark, lines: list[str], source: str, before: str) -> tuple[Mark, str, str]:
    """Why a ``{`` or ``[`` does not end as it should."""
    quotes = "put the text in quotes"
    if source[at[1] : at[1] + 1] == ":":
        return at, "a second ': ' in one text", quotes
    if before.endswith(("'", '"')) or (source[at[1] - 1 : at[1]] in ("'", '"') and at[1]):
        return at, _CLOSED, _CLOSED_HINT
    if before.endswith(("}", "]")):
        return at, f"more follows after {before[-1]}", "put a text that begins with { or [ in quotes"
    for number in range(opened[0], min(at[0] + 1, len(lines))):
        found = _outside_quotes(lines[number]).find(" #", opened[1] if number == opened[0] else 0)
        if found >= 0:
            return (number, found + 1), "' #' begins a comment here, and the rest of the line vanishes", quotes
    bracket = lines[opened[0]][opened[1] : opened[1] + 1]
    return opened, f"the {bracket} that opens here is never closed", f"close it with {'}' if bracket == '{' else ']'}"
