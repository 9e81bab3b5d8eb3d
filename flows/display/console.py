"""Shows findings on a terminal: the source line, a caret and a hint.

Every command prints errors through this module, so a misspelt key looks the same in a flow, a scenario and a call
script.
"""

from __future__ import annotations

import sys
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from pathlib import Path
from types import MappingProxyType
from typing import ParamSpec

from flows.display.terminal import columns_of, wants_colour
from flows.display.wrap import columns_in, wrapped
from flows.source.counted import counted
from flows.source.document import lines_of, word_at
from flows.source.finding import Finding, IvrError, UsageError

__all__ = [
    "UNREADABLE",
    "closing",
    "exit_code",
    "findings_exit_code",
    "guarded",
    "render_by_file",
    "render_text",
    "report",
    "sources_of",
    "summary",
]

P = ParamSpec("P")

UNREADABLE = "Y002"
"""Code for a file that cannot be opened."""
INTERRUPTED = 130
"""Exit code after Ctrl-C, as in shells (128 + SIGINT)."""

_COLOURS = {"error": "31;1", "warning": "33;1", "info": "36;1"}
_DIM, _BOLD, _HINT = "2", "1", "32"
_TAB = 4
_ROOM = 100
"""Characters of a line shown around the marked word if the terminal width is unknown."""
_MAX_SOURCE = 4_000_000
_NONE: Mapping[str, str] = MappingProxyType({})


def render_text(
    findings: Sequence[Finding], *, sources: Mapping[str, str], colour: bool = False, width: int = 0
) -> str:
    """Each finding with its location, its source line, a caret and a hint.

    Parameters
    ----------
    findings : sequence of Finding
    sources : mapping of file to text
    colour : bool
    width : int
        Terminal columns; sentences wrap between words. 0 for a pipe, where a sentence stays on one line.

    Examples
    --------
    >>> finding = Finding(code="S002", severity="error", message="there is no node 'by'", file="a.yaml",
    ...     line=1, column=7, hint="did you mean 'bye'?")
    >>> print(render_text([finding], sources={"a.yaml": "next: by"}))
    a.yaml:1:7: error S002 there is no node 'by'
      1 | next: by
        |       ^^
        = hint: did you mean 'bye'?
    """
    lines = {name: lines_of(text) for name, text in sources.items()}
    return "\n\n".join(_block(finding, lines.get(finding.file, ()), colour=colour, width=width) for finding in findings)


def render_by_file(
    findings: Sequence[Finding],
    *,
    sources: Mapping[str, str],
    titles: Mapping[str, str],
    colour: bool = False,
    width: int = 0,
) -> str:
    """Findings as in `render_text`, those of each file under a heading that counts them.

    Parameters
    ----------
    findings : sequence of Finding
        Those of a file stand together.
    sources, colour, width
        As for `render_text`.
    titles : mapping of file to str
        What a file is, such as ``a flow``; a file without a title has none in its heading.

    Examples
    --------
    >>> finding = Finding(code="S002", severity="error", message="there is no node 'by'", file="a.yaml")
    >>> print(render_by_file([finding], sources={}, titles={"a.yaml": "a flow"}))
    a.yaml, a flow: 1 error
    <BLANKLINE>
    a.yaml: error S002 there is no node 'by'
    """
    paint = _painted if colour else _unpainted
    groups: dict[str, list[Finding]] = {}
    for finding in findings:
        groups.setdefault(finding.file, []).append(finding)
    out = []
    for file, found in groups.items():
        named = ", ".join(filter(None, (file, titles.get(file, ""))))
        heading = f"{named}: {_counts(found, colour=False)}" if named else _counts(found, colour=False)
        out += [paint(heading, _BOLD), render_text(found, sources=sources, colour=colour, width=width)]
    return "\n\n".join(out)


def _painted(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if text else text


def _unpainted(text: str, code: str) -> str:
    return text


def _block(finding: Finding, source: Sequence[str], *, colour: bool, width: int) -> str:
    paint = _painted if colour else _unpainted

    place = finding.where
    where, severity = f"{place}: " if place else "", f"{finding.severity} {finding.code}"
    first, *rest = wrapped(f"{where}{severity} {finding.message}", width, indent=4)
    if first.startswith(where + severity):
        first = (
            (f"{paint(place, _BOLD)}: " if place else "")
            + paint(severity, _COLOURS[finding.severity])
            + first[len(where + severity) :]
        )
    out = [first, *rest]
    number, shown = str(finding.line), 0 < finding.line <= len(source)
    gutter = " " * (len(number) if shown else 0)
    if shown:
        line = source[finding.line - 1]
        room = (max(width - len(number) - 5, 20), 0) if width else (_ROOM, _ROOM // 5)
        before, marked, after = map(_visible, _cut(line, max(finding.column, 1) - 1, *room))
        out.append(f"  {paint(number + ' |', _DIM)} {before}{marked}{after}".rstrip())
        caret = " " * columns_in(before) + paint("^" * max(1, columns_in(marked)), _COLOURS[finding.severity])
        out.append(f"  {gutter} {paint('|', _DIM)} {caret}")
    if finding.hint:
        lead = f"  {gutter}{' ' if gutter else ''}"
        first, *rest = wrapped(f"{lead}= hint: {finding.hint}", width, indent=len(lead) + 2)
        out += [first.replace("= hint:", paint("= hint:", _HINT), 1), *rest]
    return "\n".join(out)


def _cut(line: str, column: int, room: int, slack: int) -> tuple[str, str, str]:
    """A line split before, at and after the word at `column`; a line longer than `room` + `slack` is cut around it."""
    marked = word_at(line, column)
    before, after = line[:column], line[column + len(marked) :]
    if columns_in(line.replace("\t", " " * _TAB)) > room + slack:
        room -= 0 if slack else 2  # the ellipses at both ends
        marked = marked if len(marked) <= (room if slack else room - 2) else marked[: room if slack else room - 3] + "…"
        keep = max(20 if slack else 1, (room - len(marked)) // 2)
        before = before if len(before) <= keep else "…" + before[-keep:]
        after = after if len(after) <= keep else after[:keep] + "…"
    return before, marked, after


def _visible(text: str) -> str:
    """Text for a terminal: tabs as spaces, control characters as dots."""
    if text.isascii() and text.isprintable():
        return text
    return "".join("·" if unicodedata.category(c) in ("Cc", "Cf") else c for c in text.replace("\t", " " * _TAB))


def summary(
    findings: Sequence[Finding],
    *,
    where: str = "",
    colour: bool = False,
    some_rules: bool = False,
    known: int = 0,
    baseline: str = "",
    clean: str = "every caller gets somewhere",
    explained_with: Mapping[str, str] = _NONE,
) -> str:
    """One line: the number of findings by severity, and how to learn more.

    Parameters
    ----------
    findings : sequence of Finding
    where : str
        In which of several files, such as `` in 2 of 7 files``.
    colour : bool
    some_rules : bool
        Whether only some rules ran, so that "no findings" does not mean that every caller gets somewhere.
    known : int
        Number of findings left out because `baseline` lists them.
    baseline : str
    clean : str
        What it means that there are no findings.
    explained_with : mapping of code to str
        Options that ``ivr explain`` needs to know a code.

    Examples
    --------
    >>> summary([Finding(code="M101", severity="warning", message="long")])
    "1 warning. 'ivr explain M101' tells why it matters."
    >>> summary([])
    'No findings: every caller gets somewhere.'
    >>> summary([], some_rules=True), summary([], known=7, baseline="known.json")
    ('No findings of the rules that were asked for.', 'Nothing new: 7 findings are known in known.json.')
    """
    if not findings and known:
        return f"Nothing new: {counted(known, 'finding')} {'is' if known == 1 else 'are'} known in {baseline}."
    if not findings:
        return (
            f"No findings{where} of the rules that were asked for." if some_rules else f"No findings{where}: {clean}."
        )
    worst = min(findings, key=lambda f: ("error", "warning", "info").index(f.severity))
    matters = (
        "it matters" if len(findings) == 1 else "the first matters" if worst is findings[0] else "the worst matters"
    )
    page = f"ivr explain {worst.code}{explained_with.get(worst.code, '')}"
    return f"{_counts(findings, colour=colour)}{where}. '{page}' tells why {matters}."


def _counts(findings: Sequence[Finding], *, colour: bool) -> str:
    """How many findings there are of each severity."""
    counts = [(kind, sum(f.severity == kind for f in findings)) for kind in _COLOURS]
    parts = []
    for kind, number in counts:
        if number:
            text = counted(number, kind, kind if kind == "info" else "")
            parts.append(_painted(text, _COLOURS[kind]) if colour else text)
    return ", ".join(parts)


def closing(findings: Sequence[Finding]) -> list[str]:
    """A line about the available fixes, if any.

    Examples
    --------
    >>> from flows.source.finding import Fix
    >>> closing([Finding(code="S002", severity="error", message="by", fix=Fix(("start",), "bye", safe=False))])
    ["1 fix available: repeat with '--fix --unsafe-fixes'; '--diff' instead of '--fix' shows the changes."]
    """
    safe, unsafe = (sum(f.fix is not None and f.fix.safe is kind for f in findings) for kind in (True, False))
    number = safe + unsafe
    if not number:
        return []
    how = "--fix" + (" --unsafe-fixes" if not safe else "")
    more = f", {unsafe} of them only with '--unsafe-fixes'" if safe and unsafe else ""
    fixes = f"{counted(number, 'fix', 'fixes')} available{more}"
    return [f"{fixes}: repeat with '{how}'; '--diff' instead of '--fix' shows the changes."]


def findings_exit_code(findings: Sequence[Finding]) -> int:
    """Exit code for findings: 1 with an error or a warning; 0 with only infos, which are advice.

    Examples
    --------
    >>> findings_exit_code([Finding(code="M105", severity="info", message="order")])
    0
    """
    return int(any(f.severity != "info" for f in findings))


def exit_code(error: IvrError) -> int:
    """Exit code for an error: 2 for wrong usage (a missing file, an unknown code), else 1.

    Examples
    --------
    >>> exit_code(UsageError(Finding(code="L002", severity="error", message="no rule 'X'")))
    2
    """
    usage = isinstance(error, UsageError) or any(f.code == UNREADABLE for f in error.findings)
    return 2 if usage else 1


_NUMBERS = "R024"
"""The finding in a list of telephone numbers."""


def sources_of(findings: Sequence[Finding]) -> dict[str, str]:
    """The texts of the files that findings refer to; a file that cannot be shown is left out, and so is a list of
    telephone numbers: a report of findings is often kept where others read it.
    """
    texts = {}
    for name in {f.file for f in findings if f.file and f.line and f.code != _NUMBERS}:
        try:
            path = Path(name)
            if path.stat().st_size <= _MAX_SOURCE:
                texts[name] = path.read_bytes().decode("utf-8-sig", "replace").replace("\r\n", "\n")
        except (OSError, ValueError):
            continue  # the finding is shown without its line
    return texts


def report(findings: Sequence[Finding]) -> None:
    """Print findings to stderr, each with its source line."""
    shown = render_text(
        findings, sources=sources_of(findings), colour=wants_colour(sys.stderr), width=columns_of(sys.stderr)
    )
    print(shown, file=sys.stderr)


def guarded(command: Callable[P, int | None]) -> Callable[P, int]:
    """Make a command print errors raised on purpose as findings, and always return an exit code.

    0 clean, 1 findings, 2 wrong usage (see `exit_code`), 130 after Ctrl-C.

    Examples
    --------
    >>> @guarded
    ... def nothing() -> None: pass
    >>> nothing()
    0
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> int:
        try:
            return command(*args, **kwargs) or 0
        except IvrError as error:
            report(error.findings)
            return exit_code(error)
        except KeyboardInterrupt:
            print("\ninterrupted", file=sys.stderr)
            return INTERRUPTED

    return run
