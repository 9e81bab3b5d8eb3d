"""Rewords YAML errors for flow authors and points at the actual mistake."""

from __future__ import annotations

import re

from flows.source.document import Mark, lines_of
from flows.source.finding import Finding
from flows.source.yaml_events import ANCHOR, ANCHOR_HINT

__all__ = ["INDENTED_NO_BREAK", "finding_of", "no_break_space", "outside_quotes"]

INDENTED_NO_BREAK = re.compile("^[ \t]*(?:-[ \t]+)*\xa0", re.MULTILINE)
_NO_BREAK = re.compile("^[ \t]*(?:-[ \t]+)*-?(\xa0)|:(\xa0)")
_QUOTED = re.compile(r"""(?<![^\s\[{,:(-])(?:"(?:[^"\\]|\\.)*+(?:"|$)|'(?:[^']|'')*+(?:'|$))""")
_COLON = re.compile(r":(?=\s|$)")
_DASHES = re.compile(r"^\s*(?:-\s+)*")
_WITHOUT_COLON = re.compile(r"([a-z_]+)(?::\s*|\s+)(\S.*)")
_LAST_PLAIN = re.compile(r"[^\s{}\[\],:'\"]*$")
_QUOTES = "put the text in quotes"
_ALIGN = "align it with the lines it belongs to"
_TOO_FAR = "this line is indented too far"
_MISFIT = "this line does not fit the indentation of the lines above"
_CLOSED = "more follows after the closing quote"
_CLOSED_HINT = "inside '...' write '' for an apostrophe, or put the text in \"...\""
_NO_ENTRY = "put a colon and a space after the key, or '- ' before an entry of a list"
_SAID = {
    "<document start>": ("this belongs to nothing above", _ALIGN),
    "escape character": (
        "a backslash begins nothing known here",
        "write \\\\ for a backslash, or put the text in '...'",
    ),
    "node content": ("a value is missing here", "write it, or remove the comma or colon before"),
    "comment or line break": ("more follows where the line should end", _QUOTES),
}
"""Fragments of YAML's messages: what each one means and what to do."""
_Told = tuple[Mark, str, str]
"""Where (line and column from 0), what is wrong, what to do."""


def outside_quotes(line: str) -> str:
    """`line` with quoted text blanked out; columns stay the same.

    Examples
    --------
    >>> outside_quotes('say: "a # b"')
    'say: "     "'
    """
    return _QUOTED.sub(lambda m: '"' + " " * (len(m[0]) - 2) + '"' * (len(m[0]) > 1), line)


def no_break_space(at: Mark, file: str) -> Finding:
    """The finding for a no-break space where a plain one belongs.

    Examples
    --------
    >>> no_break_space((3, 1), "a.yaml").message
    'a no-break space (U+00A0) stands here'
    """
    return _finding((at[0] - 1, at[1] - 1), "a no-break space (U+00A0) stands here", "write a plain space", file)


def finding_of(error: Exception, text: str, file: str) -> Finding:
    """The finding for an error from the YAML library, placed where the author should look.

    Examples
    --------
    >>> finding_of(ValueError("odd"), "a: b", "a.yaml").message
    'odd'
    """
    mark, begun = getattr(error, "problem_mark", None), getattr(error, "context_mark", None)
    at = (mark.line, mark.column) if mark else (0, 0)
    began = (begun.line, begun.column) if begun else at
    problem = str(getattr(error, "problem", None) or error).split("\n")[0]
    context = str(getattr(error, "context", ""))
    lines = [*lines_of(text), ""]
    at = (min(at[0], len(lines) - 1), at[1])
    source = lines[at[0]]
    for number in (at[0], max(at[0] - 1, 0)):
        if found := _NO_BREAK.search(lines[number]):
            return no_break_space((number + 1, found.start(found.lastindex or 0) + 1), file)
    if "\t" in source[: max(at[1] + 1, 1)]:
        return _finding(at, "a tab is used for indentation", "indent with spaces", file)
    if any(word in f"{problem} {context}" for word in ("anchor", "alias")):
        return _finding(began, ANCHOR, ANCHOR_HINT, file, code="Y005")
    return _finding(*_told(problem, str(error), context, at, began, lines), file)


def _finding(at: Mark, message: str, hint: str, file: str, *, code: str = "Y001") -> Finding:
    return Finding(code=code, severity="error", message=message, file=file, line=at[0] + 1, column=at[1] + 1, hint=hint)


def _told(problem: str, error: str, context: str, at: Mark, began: Mark, lines: list[str]) -> _Told:
    """What an error means: judged first by YAML's message, then by the surrounding text."""
    source = lines[at[0]]
    here = source[at[1] : at[1] + 1]
    if "mapping values are not allowed" in problem:
        return _colon_not_allowed(at, lines)
    if "expected a single document" in error:
        return at, "a second document starts here (---)", "one flow a file: remove the line"
    if "cannot start any token" in problem:
        return at, f"a text cannot begin with {here}", _QUOTES
    if "end of stream" in problem and "quoted" in context:
        return began, "the quote that opens here is never closed", "close it"
    if "found unexpected ':'" in problem:
        return _colon_in_braces(at, source)
    if "expected ',' or" in problem:
        return _in_braces(at, began, lines)
    if "could not find expected ':'" in problem:
        return _no_entry(began, lines)
    return _by_place(problem, at, began, lines)


def _by_place(problem: str, at: Mark, began: Mark, lines: list[str]) -> _Told:
    """What an error means when YAML uses the same message for several mistakes."""
    source = lines[at[0]]
    here = source[at[1] : at[1] + 1]
    closes_nothing = "<document start>" in problem or ("did not find expected" in problem and "content" not in problem)
    if here in ("}", "]") and closes_nothing:
        return at, f"there is a {here} too many", "remove it"
    if "'-' indicator" in problem:
        return _among_entries(at, began, lines)
    if told := next((words for part, words in _SAID.items() if part in problem), None):
        return at, *told
    if at[1] and source[at[1] - 1] in ("'", '"'):
        return at, _CLOSED, _CLOSED_HINT
    if "did not find expected key" in problem or "block" in problem:
        return _misaligned(at, lines)
    return at, problem, "check the indentation and the colons around this place; quote texts that hold ': ' or ' #'"


def _misaligned(at: Mark, lines: list[str]) -> _Told:
    """A line that does not continue what is above it."""
    above = _above(at[0], lines)
    if above is None:
        return at, _MISFIT, _ALIGN
    before = _code(lines[above])
    without_colon = _WITHOUT_COLON.fullmatch(before.strip()) and not _COLON.search(before)
    if _indent(before) == at[1] and without_colon:
        return _no_entry((above, at[1]), lines)  # a trailing comment ended the value
    too_far = at[1] > _indent(before) and not lines[at[0]][: at[1]].strip()
    return at, _TOO_FAR if too_far else _MISFIT, _ALIGN


def _code(line: str) -> str:
    """A line without its quoted text and its comment."""
    return outside_quotes(line).partition(" #")[0].rstrip()


def _above(number: int, lines: list[str]) -> int | None:
    """The nearest line above that is neither blank nor a comment."""
    return next(
        (n for n in range(number - 1, -1, -1) if lines[n].strip() and not lines[n].lstrip().startswith("#")), None
    )


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _colon_not_allowed(at: Mark, lines: list[str]) -> _Told:
    """A colon where YAML allows none; if it is the line's only one, YAML read the line as part of the one above."""
    above = _above(at[0], lines)
    source = lines[at[0]]
    if above is not None and len(_COLON.findall(_code(source))) == 1:
        before = _code(lines[above])
        if not _COLON.search(before):
            return _no_entry((above, len(lines[above]) - len(_DASHES.sub("", lines[above]))), lines)
        if _indent(source) > _indent(before):
            return (at[0], _indent(source)), _TOO_FAR, _ALIGN
    return at, "a second ': ' on one line", _QUOTES


def _no_entry(at: Mark, lines: list[str]) -> _Told:
    """A line that is not ``key: value``, with a suggested spelling if it starts like one."""
    text = lines[at[0]][at[1] :].partition(" #")[0].strip()
    above = _above(at[0], lines)
    in_list = above is not None and lines[above].lstrip().startswith("- ") and _indent(lines[above]) <= at[1]
    match = _WITHOUT_COLON.fullmatch(text)
    if match and len(text) <= 60 and not in_list:
        return at, f"'{text}' is not 'key: value'", f"write '{match[1]}: {match[2]}'"
    return at, "this line is not 'key: value'", _NO_ENTRY


def _among_entries(at: Mark, began: Mark, lines: list[str]) -> _Told:
    """A key among list entries: it belongs further left, or its entry lacks a dash."""
    source = lines[at[0]]
    if source[: at[1]].strip() or not _COLON.search(_code(source)):
        return at, "this entry of the list does not begin with '- '", "begin each entry with '- ', all in one column"
    key = source[at[1] :].partition(":")[0]
    above = _above(began[0], lines)
    message = f"'{key}:' is indented too far, or lacks the '- ' of an entry"
    if above is None or not _code(lines[above]).endswith(":"):
        return at, message, f"{_ALIGN}, or begin it with '- '"
    return (
        at,
        message,
        f"align it with '{lines[above].partition(':')[0].strip()}:' on line {above + 1}, or begin it with '- '",
    )


def _colon_in_braces(at: Mark, source: str) -> _Told:
    """A colon before a comma or a bracket."""
    word = "".join(_LAST_PLAIN.findall(source[: at[1]]))
    if source[at[1] + 1 : at[1] + 2] in ("{", "["):
        return at, f"there is no space after '{word}:'", "put a space after the colon"
    return at, f"nothing is written after '{word}:'", f"write it, or remove '{word}:'"


def _in_braces(at: Mark, opened: Mark, lines: list[str]) -> _Told:
    """Why a ``{`` or ``[`` does not end as it should."""
    source = lines[at[0]]
    here, before = source[at[1] : at[1] + 1], source[: at[1]].rstrip()
    if here == ":":
        return at, "a second ': ' in one text", _QUOTES
    if before.endswith(("'", '"')) or (at[1] and source[at[1] - 1 : at[1]] in ("'", '"')):
        return at, _CLOSED, _CLOSED_HINT
    if before.endswith(("}", "]")):
        return at, f"more follows after {before[-1]}", "put a text that begins with { or [ in quotes"
    if here and here in "{[" and before and at[0] == opened[0]:
        return at, f"a {here} stands inside a text without quotes", _QUOTES
    for number in range(opened[0], at[0] + 1):
        found = outside_quotes(lines[number]).find(" #", opened[1] if number == opened[0] else 0)
        if found >= 0:
            return (number, found + 1), "' #' begins a comment here, and the rest of the line vanishes", _QUOTES
    bracket = lines[opened[0]][opened[1] : opened[1] + 1]
    return opened, f"the {bracket} that opens here is never closed", f"close it with {'}' if bracket == '{' else ']'}"
