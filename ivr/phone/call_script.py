r"""Call scripts: the lines of a call as it should go, read from a ``.calls`` file.

One line, one step::

    call: Billing in Spanish            # begins a call
      at 2026-11-23 10:00               # the clock, in the zone of the flow's opening hours
      from +14155550100                 # who calls, or 'from withheld'; also: to NUMBER, language es-US,
                                        #   given NAME = VALUE, draw NODE = CASE (the case that chance takes),
                                        #   switch NAME = on (or on: MESSAGE)
      hear "Thank you for calling"      # these words were heard since the last step
      not hear "extension"
      hear exactly "Goodbye."           # these and no others
      hear matching "balance is \d+"     # a regular expression
      within 40s                        # so far the call took no longer; also: within 4 keys
      press 2                           # keys; also: wait, say WORDS, mumble WORDS, hang up
      expect node billing               # also: queue NAME, language TAG, value NAME = VALUE, path a > b > c,
                                        #   message "WORDS" (the text message says them)
      answer                            # the other side: answer, busy, no answer, failed, declined, timeout, full,
                                        #   closed, record, record nothing, lookup LABEL, sent, no mobile, stopped,
                                        #   booked, taken,
                                        #   pay approved, declined, not entered, cancelled or failed
      ends handled                      # last: the outcome of the call

`ivr.phone.script_player` plays them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from flows.source.document import nearest
from flows.source.finding import Finding, FlowError
from ivr.phone.event_words import EVENTS_BY_LINE

__all__ = ["CHECKS", "SETTINGS", "Line", "Script", "read_scripts"]

SETTINGS = ("at", "from", "to", "language", "given", "draw", "switch")
"""Commands that prepare the call."""
CHECKS = (
    "hear",
    "not hear",
    "hear exactly",
    "hear matching",
    "within",
    "expect node",
    "expect queue",
    "expect language",
    "expect value",
    "expect path",
    "expect message",
    "ends",
)
"""Commands that check what has happened."""
_STEPS = ("press", "say", "mumble", "lookup", *EVENTS_BY_LINE)
_COMMANDS = tuple(sorted({*SETTINGS, *CHECKS, *_STEPS}, key=len, reverse=True))


@dataclass(frozen=True)
class Line:
    """One line of a script: a command and its argument, with its place in the file (from 1)."""

    command: str
    argument: str
    number: int
    column: int


@dataclass(frozen=True)
class Script:
    """One call as written; `number` is the line on which it begins."""

    name: str
    file: str
    number: int
    lines: tuple[Line, ...]

    def finding(self, line: Line, message: str, hint: str, node: str = "") -> Finding:
        """C002: a line of this call that does not hold."""
        return _finding("C002", message, self.file, line.number, line.column, hint, node)

    def unplayable(self, line: Line, message: str, hint: str) -> Finding:
        """C003: a line of this call that cannot hold, however the call goes."""
        return _finding("C003", message, self.file, line.number, line.column, hint)


def read_scripts(text: str, file: str) -> tuple[Script, ...]:
    """The calls of a script file.

    Parameters
    ----------
    text : str
    file : str
        Its name, for findings.

    Returns
    -------
    tuple of Script
        At least one.

    Raises
    ------
    FlowError
        C001 for each line that is not a command, with the nearest one, and for a file without calls.

    Examples
    --------
    >>> [script.name for script in read_scripts("call: one\\n  press 1\\n  ends contained\\n", "a.calls")]
    ['one']
    """
    scripts: list[Script] = []
    findings: list[Finding] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = _without_comment(raw)
        body = line.strip()
        if not body:
            continue
        if body.lower().startswith("call:"):
            scripts.append(Script(body[5:].strip() or f"line {number}", file, number, ()))
            continue
        column = len(line) - len(line.lstrip()) + 1
        read = _line(body, number, column)
        if body.count('"') % 2:
            message, hint = "the quote that opens here is never closed", "close it"
            findings.append(_finding("C001", message, file, number, column + body.rindex('"'), hint))
        elif read is None or not scripts:
            findings.append(_not_a_line(body, file, number, column, begun=bool(scripts)))
        elif not read.argument and read.command not in EVENTS_BY_LINE:
            message = f"{read.command!r} needs something after it"
            findings.append(_finding("C001", message, file, number, column, "see docs/calls.md for every line"))
        else:
            scripts[-1] = replace(scripts[-1], lines=(*scripts[-1].lines, read))
    if findings:
        raise FlowError(findings)
    if not scripts:
        raise FlowError(_finding("C001", "no call in this file", file, 1, 1, "begin one with 'call: its name'"))
    return tuple(scripts)


def _line(body: str, number: int, column: int) -> Line | None:
    command = next((c for c in _COMMANDS if re.match(rf"{c}(\s|$)", body, re.IGNORECASE)), None)
    return None if command is None else Line(command, body[len(command) :].strip().strip('"“”'), number, column)


def _without_comment(line: str) -> str:
    return re.sub(r'^((?:[^"#]|"[^"]*")*?)(?:^|\s)#\s.*$', r"\1", line)


def _not_a_line(body: str, file: str, number: int, column: int, *, begun: bool) -> Finding:
    if not begun:
        return _finding("C001", f"{body!r} stands before any call", file, number, column, "begin with 'call: its name'")
    near = nearest(body.split()[0].lower(), _COMMANDS) or nearest(" ".join(body.split()[:2]).lower(), _COMMANDS)
    hint = f"did you mean {near!r}?" if near else f"lines begin with {', '.join(sorted(_COMMANDS))}"
    return _finding("C001", f"{body!r} is not a line of a call script", file, number, column, hint)


def _finding(code: str, message: str, file: str, line: int, column: int, hint: str, node: str = "") -> Finding:
    return Finding(
        code=code, severity="error", message=message, file=file, line=line, column=column, hint=hint, node=node
    )
