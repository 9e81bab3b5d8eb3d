"""Comments that hide a finding, with a reason: ``# ivr: ignore M101 -- callers asked for the long form``.

A comment at the end of a line hides findings on that line; a comment on its own line hides findings on the next line
that is not a comment. YAML drops comments, so they are read from the text; quoted and folded texts are skipped.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from flows.lint.rule_codes import OWN_CODE
from flows.lint.rules import rules
from flows.source.document import lines_of, mark_of, nearest
from flows.source.finding import Finding

__all__ = ["Suppression", "suppressions"]

_COMMENT = re.compile(r"(?:^|(?<=\s))#+[ \t]*ivr:[ \t]*ignore\b", re.MULTILINE)
_SIGN = re.compile(r"#[ \t]*ivr:[ \t]*ignore\b")
"""Part of every such comment; searched for first because this is much faster."""
_CODE = re.compile(r"[^\s,]+")
_ABSENT = "name the folder of the rule with --rules, or install it"
_EXAMPLE = "write e.g. '# ivr: ignore M101 -- callers asked for it'"


@dataclass(frozen=True)
class Suppression:
    """One code that a comment hides.

    Parameters
    ----------
    code : str
    line, column : int
        Position of the code in the comment, one-based.
    hides_line : int
        The line whose findings are hidden.
    """

    code: str
    line: int
    column: int
    hides_line: int


def suppressions(text: str, file: str) -> tuple[tuple[Suppression, ...], tuple[Finding, ...]]:
    """Return what the comments of a file hide, and a finding (L004) for each invalid one.

    Examples
    --------
    >>> text = "name: 'a # ivr: ignore S001 -- no'  # ivr: ignore M101, P1 -- asked for\\n"
    >>> found, wrong = suppressions(text, "a.yaml")
    >>> [(s.code, s.column, s.hides_line) for s in found], [f.message for f in wrong]
    ([('M101', 51, 1)], ["no rule has the code 'P1'"])
    """
    if not _SIGN.search(text) or not _COMMENT.search(text):
        return (), ()
    from flows.source.yaml_spans import spans  # only flows with such comments need it

    inside = sorted((span.start, span.end) for span in spans(text).values() if span.scalar)
    starts = [start for start, _ in inside]
    found: list[Suppression] = []
    wrong: list[Finding] = []
    for match in _COMMENT.finditer(text):
        at = bisect_right(starts, match.start()) - 1
        if at >= 0 and inside[at][0] <= match.start() < inside[at][1]:
            continue  # text that only looks like a comment
        hidden, problems = _read(text, match, file)
        found += hidden
        wrong += problems
    return tuple(found), tuple(wrong)


def _read(text: str, match: re.Match[str], file: str) -> tuple[list[Suppression], list[Finding]]:
    """What one comment hides, and findings for what is wrong with it."""
    line, column = mark_of(text, match.start())
    begin = match.start() - column + 1
    lines = lines_of(text)

    def wrong(message: str, offset: int, hint: str) -> Finding:
        column = offset - begin + 1
        return Finding(code="L004", severity="warning", message=message, file=file, line=line, column=column, hint=hint)

    codes, dashes, reason = lines[line - 1][match.end() - begin :].partition("--")
    named = [(m[0].upper(), match.end() + m.start()) for m in _CODE.finditer(codes)]
    if not named:
        return [], [wrong("this comment does not say which code it hides", match.start(), _EXAMPLE)]
    if not dashes or not reason.strip():
        message = f"this comment hides {', '.join(c for c, _ in named)} without a reason, so it hides nothing"
        return [], [wrong(message, match.start(), _EXAMPLE)]
    alone = not text[begin : match.start()].strip()
    hides_line = _next_line(lines, line) if alone else line
    found: list[Suppression] = []
    problems: list[Finding] = []
    for code, offset in named:
        if code in rules():
            found.append(Suppression(code, line, offset - begin + 1, hides_line))
        elif OWN_CODE.fullmatch(code):
            absent = wrong(f"{code} hides nothing: there is no such rule here", offset, _ABSENT)
            problems.append(replace(absent, severity="info"))
        else:
            near = nearest(code, list(rules()))
            hint = f"did you mean {near}?" if near else _EXAMPLE
            problems.append(wrong(f"no rule has the code {code!r}", offset, hint))
    return found, problems


def _next_line(lines: Sequence[str], line: int) -> int:
    """The next line, one-based, that is more than a comment."""
    for number in range(line, len(lines)):
        if lines[number].strip() and not lines[number].lstrip().startswith("#"):
            return number + 1
    return line
