"""Comments that hide a finding, with the reason why: ``# ivr: ignore M101 -- callers asked for the long form``.

At the end of a line a comment hides what is found on that line; alone on a line it hides what is found on the next line
that is no comment. YAML drops comments, so they are read from the text; what stands in a quoted or folded text is none.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from flows.lint.rules import rules
from flows.source.document import lines_of, mark_of, nearest
from flows.source.finding import Finding

__all__ = ["Suppression", "suppressions"]

_COMMENT = re.compile(r"(?:^|(?<=\s))#+[ \t]*ivr:[ \t]*ignore\b", re.MULTILINE)
_SIGN = re.compile(r"#[ \t]*ivr:[ \t]*ignore\b")
"""What every such comment holds; looked for first, since it begins with a letter and is found many times as fast."""
_CODE = re.compile(r"[^\s,]+")
_EXAMPLE = "write e.g. '# ivr: ignore M101 -- callers asked for it'"


@dataclass(frozen=True)
class Suppression:
    """One code that a comment hides.

    Parameters
    ----------
    code : str
    line, column : int
        Where the code stands in the comment, one-based.
    hides_line : int
        The line whose findings are hidden.
    """

    code: str
    line: int
    column: int
    hides_line: int


def suppressions(text: str, file: str) -> tuple[tuple[Suppression, ...], tuple[Finding, ...]]:
    """What the comments of a file hide, and what is wrong with them (L004).

    Examples
    --------
    >>> found, wrong = suppressions("name: 'a # ivr: ignore S001 -- no'  # ivr: ignore M101, P1 -- asked for\\n", "a.yaml")
    >>> [(s.code, s.column, s.hides_line) for s in found], [f.message for f in wrong]
    ([('M101', 51, 1)], ["no rule has the code 'P1'"])
    """
    if not _SIGN.search(text) or not _COMMENT.search(text):
        return (), ()
    from flows.source.yaml_spans import spans  # only flows with such comments need it

    inside = sorted((span.start, span.end) for span in spans(text).values() if span.scalar)
    starts = [start for start, _ in inside]
    lines = lines_of(text)
    found: list[Suppression] = []
    wrong: list[Finding] = []
    for match in _COMMENT.finditer(text):
        at = bisect_right(starts, match.start()) - 1
        if at >= 0 and inside[at][0] <= match.start() < inside[at][1]:
            continue  # a text that only looks like a comment
        line, column = mark_of(text, match.start())
        begin = match.start() - column + 1
        alone = not text[begin : match.start()].strip()

        def say(message: str, offset: int, hint: str, line: int = line, begin: int = begin) -> None:
            place = {"file": file, "line": line, "column": offset - begin + 1}
            wrong.append(Finding(code="L004", severity="warning", message=message, hint=hint, **place))  # type: ignore[arg-type]

        codes, dashes, reason = lines[line - 1][match.end() - begin :].partition("--")
        named = [(m[0].upper(), match.end() + m.start()) for m in _CODE.finditer(codes)]
        if not named:
            say("this comment does not say which code it hides", match.start(), _EXAMPLE)
        elif not dashes or not reason.strip():
            say(
                f"this comment hides {', '.join(c for c, _ in named)} without a reason, so it hides nothing",
                match.start(),
                _EXAMPLE,
            )
        else:
            for code, offset in named:
                if code not in rules():
                    near = nearest(code, list(rules()))
                    say(f"no rule has the code {code!r}", offset, f"did you mean {near}?" if near else _EXAMPLE)
                else:
                    found.append(
                        Suppression(code, line, offset - begin + 1, _next_line(lines, line) if alone else line)
                    )
    return tuple(found), tuple(wrong)


def _next_line(lines: Sequence[str], line: int) -> int:
    """The next line, one-based, that holds more than a comment."""
    for number in range(line, len(lines)):
        if lines[number].strip() and not lines[number].lstrip().startswith("#"):
            return number + 1
    return line
