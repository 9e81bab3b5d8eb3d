"""Call scripts: calls written down as they should go, and whether they do.

One line, one thing::

    call: Billing in Spanish            # begins a call
      at 2026-11-23 10:00               # the clock, in the zone of the flow's opening hours
      from +14155550100                 # who calls, or 'from withheld'; also: to NUMBER, language es-US, given NAME =
      VALUE,
                                        #   draw NODE = CASE (what a split by shares takes)
      hear "Thank you for calling"      # since the last thing done, these words are heard
      not hear "extension"
      press 2                           # keys; also: wait, say WORDS, hang up
      expect node billing               # also: queue NAME, language TAG, value NAME = VALUE, path a > b > c
      answer                            # the other side: answer, busy, no answer, failed, timeout, full, closed,
                                        #   record, record nothing, lookup LABEL, sent, no mobile, booked
      ends handled                      # last, what the call has come to
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from flows.model.flow import Flow
from flows.model.opening_hours import skipped
from flows.protocol.actions import Enqueue, Event, Fetch, HungUp, Listen, Outcome, Silence, Speech, Start
from flows.source.document import nearest
from flows.source.finding import Finding, FlowError
from flows.speech.values import masked
from flows.values.caller_numbers import not_a_number
from ivr.phone.terminal_phone import Phone, fits
from ivr.phone.transcript import waiting_for

__all__ = [
    "CHECKS",
    "EVENTS",
    "SETTINGS",
    "Line",
    "Result",
    "Script",
    "exits",
    "heard_otherwise",
    "keys_in",
    "not_as_written",
    "plain",
    "read_scripts",
    "run",
    "untried",
]

_DEFAULT_AT = dt.datetime(2026, 11, 23, 10, 0)
EVENTS: dict[str, Event] = {
    "wait": Silence(),
    "hang up": HungUp(),
    "answer": Outcome("answered"),
    "busy": Outcome("busy"),
    "no answer": Outcome("no_answer"),
    "failed": Outcome("failed"),
    "timeout": Outcome("timeout"),
    "full": Outcome("full"),
    "closed": Outcome("closed"),
    "record": Outcome("recorded"),
    "record nothing": Outcome("empty"),
    "sent": Outcome("sent"),
    "no mobile": Outcome("no_mobile"),
    "booked": Outcome("booked"),
}
"""Lines of one word in which something happens."""
SETTINGS = ("at", "from", "to", "language", "given", "draw")
"""Lines that come before the call."""
CHECKS = ("hear", "not hear", "expect node", "expect queue", "expect language", "expect value", "expect path", "ends")
"""Lines that are true or not."""
_DEEDS = ("press", "say", "lookup", *EVENTS)
_COMMANDS = tuple(sorted({*SETTINGS, *CHECKS, *_DEEDS}, key=len, reverse=True))


@dataclass(frozen=True)
class Line:
    """One line of a script: a command and its argument, with its place."""

    command: str
    argument: str
    number: int
    column: int


@dataclass(frozen=True)
class Script:
    """One call as written."""

    name: str
    file: str
    number: int
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Result:
    """How a scripted call went.

    Parameters
    ----------
    script : Script
    findings : tuple of Finding
        Empty when it went as written; else the first thing that did not.
    path : tuple of (node, outcome)
    seconds : float
        Length of the call by the phone's clock, without talking to anyone.
    """

    script: Script
    findings: tuple[Finding, ...]
    path: tuple[tuple[str, str], ...]
    seconds: float


def read_scripts(text: str, file: str) -> tuple[Script, ...]:
    """The calls of a script file.

    Raises
    ------
    FlowError
        C001 for a line that is no command, with the nearest one.

    Examples
    --------
    >>> [script.name for script in read_scripts("call: one\\n  press 1\\n  ends contained\\n", "a.calls")]
    ['one']
    """
    scripts: list[Script] = []
    findings: list[Finding] = []
    for number, raw in enumerate(text.splitlines(), 1):
        line = _without_comment(raw)
        if not line.strip():
            continue
        column = len(line) - len(line.lstrip()) + 1
        body = line.strip()
        if body.lower().startswith("call:"):
            scripts.append(Script(body[5:].strip() or f"line {number}", file, number, ()))
            continue
        command = next((c for c in _COMMANDS if re.match(rf"{c}(\s|$)", body, re.IGNORECASE)), None)
        if command is None or not scripts:
            findings.append(_not_a_line(body, file, number, column, begun=bool(scripts)))
            continue
        argument = body[len(command) :].strip().strip('"“”')
        if not argument and command not in EVENTS:
            message = f"{command!r} needs something after it"
            findings.append(_finding("C001", message, file, number, column, "see docs/calls.md for every line"))
            continue
        last = scripts[-1]
        scripts[-1] = Script(last.name, file, last.number, (*last.lines, Line(command, argument, number, column)))
    if findings:
        raise FlowError(findings)
    if not scripts:
        raise FlowError(_finding("C001", "no call in this file", file, 1, 1, "begin one with 'call: its name'"))
    return tuple(scripts)


def _without_comment(line: str) -> str:
    return re.sub(r'^((?:[^"#]|"[^"]*")*?)(?:^|\s)#\s.*$', r"\1", line)


def _not_a_line(body: str, file: str, number: int, column: int, *, begun: bool) -> Finding:
    if not begun:
        return _finding("C001", f"{body!r} stands before any call", file, number, column, "begin with 'call: its name'")
    near = nearest(body.split()[0].lower(), _COMMANDS) or nearest(" ".join(body.split()[:2]).lower(), _COMMANDS)
    hint = f"did you mean {near!r}?" if near else f"lines begin with {', '.join(sorted(_COMMANDS))}"
    return _finding("C001", f"{body!r} is no line of a call", file, number, column, hint)


def not_as_written(script: Script, line: Line, message: str, hint: str, node: str = "") -> Finding:
    """C002 at a line of a call that did not hold."""
    return _finding("C002", message, script.file, line.number, line.column, hint, node)


def keys_in(argument: str) -> str:
    """The keys that ``press`` is followed by; empty when they are none.

    Examples
    --------
    >>> keys_in("1 star 0"), keys_in("one")
    ('1*0', '')
    """
    keys = argument.replace(" ", "").replace("star", "*").replace("pound", "#")
    return keys if set(keys) <= set("0123456789*#") else ""


def _finding(code: str, message: str, file: str, line: int, column: int, hint: str, node: str = "") -> Finding:
    return Finding(
        code=code, severity="error", message=message, file=file, line=line, column=column, hint=hint, node=node
    )


@dataclass
class _Run:
    """One script being played."""

    flow: Flow
    script: Script
    start: Start = field(default_factory=Start)
    at: dt.datetime = field(init=False)
    phone: Phone | None = None
    draws: dict[str, Outcome] = field(default_factory=dict)
    brought: dict[str, str] = field(default_factory=dict)
    heard_from: int = 0

    def __post_init__(self) -> None:
        self.zone = next((ZoneInfo(h.zone) for h in self.flow.hours.values()), dt.UTC)
        self.at = _DEFAULT_AT.replace(tzinfo=self.zone)

    def play(self) -> Iterator[Finding]:
        for line in self.script.lines:
            problem = self._setting(line) if line.command in SETTINGS else self._talk(line)
            if problem:
                message, hint = problem
                node = self.phone.session.node if self.phone else ""
                yield not_as_written(self.script, line, message, hint, node)
                return
        self._begun()

    def _setting(self, line: Line) -> tuple[str, str] | None:
        if self.phone is not None and line.command == "given" and isinstance(self.phone.waits, Fetch):
            return self._given(line, self.brought)
        if self.phone is not None:
            return f"{line.command!r} comes after the call has begun", "move it to the top of the call"
        match line.command:
            case "at":
                try:
                    self.at = dt.datetime.fromisoformat(line.argument).replace(tzinfo=self.zone)
                except ValueError:
                    return f"{line.argument!r} is no moment", "write it like 2026-11-23 10:00"
                if skipped(self.at):
                    return (
                        f"{line.argument!r} does not exist in {self.zone}: clocks go forward over it",
                        "write a time before or after the jump",
                    )
            case "given":
                values = dict(self.start.values)
                problem = self._given(line, values)
                self.start = Start(self.start.ani, self.start.dnis, values, self.start.language)
                return problem
            case "draw":
                node, _, label = (part.strip() for part in line.argument.partition("="))
                if node not in self.flow.nodes or label not in getattr(self.flow.nodes[node], "shares", ()):
                    return f"{line.argument!r} is no case of a split by shares", "write 'draw NODE = CASE'"
                self.draws[node] = Outcome(label)
            case "language" if line.argument not in self.flow.languages:
                return f"this flow does not speak {line.argument!r}", f"it speaks {', '.join(self.flow.languages)}"
            case "from" | "to" if problem := not_a_number(line.argument):
                return problem
            case _:
                ani = line.argument if line.command == "from" else self.start.ani
                dnis = line.argument if line.command == "to" else self.start.dnis
                language = line.argument if line.command == "language" else self.start.language
                self.start = Start(ani, dnis, self.start.values, language)
        return None

    def _given(self, line: Line, values: dict[str, str]) -> tuple[str, str] | None:
        name, equals, value = (part.strip() for part in line.argument.partition("="))
        if not equals:
            return f"{line.argument!r} gives nothing", "write 'given NAME = VALUE'"
        values[name] = value
        return None

    def _begun(self) -> Phone:
        if self.phone is None:
            self.phone = Phone(self.flow, self.at, self.start, call=self.script.name, answers=self.draws)
            self.phone.dial()
        return self.phone

    def _talk(self, line: Line) -> tuple[str, str] | None:
        phone = self._begun()
        if line.command in CHECKS:
            return self._check(phone, line)
        if phone.ended:
            return f"the call had already ended, {phone.session.outcome}", "remove this line or the deed before it"
        if line.command == "press":
            keys = keys_in(line.argument)
            if not keys:
                return f"{line.argument!r} are no keys", "write digits, star or pound"
        before, self.heard_from = phone.session, len(phone.turns)
        if line.command == "press":
            phone.press(keys)
        else:
            phone.send(fits(phone.waits, self._event(line)))
        if phone.session.seq == before.seq and not phone.ended:
            return (
                f"{line.command!r} does not fit here: the call waits for {_awaited(phone)}",
                "check the lines before it",
            )
        return None

    def _event(self, line: Line) -> Event:
        if line.command == "lookup":
            brought, self.brought = self.brought, {}
            return Outcome(line.argument.replace(" ", "_"), brought)
        return Speech(line.argument) if line.command == "say" else EVENTS[line.command]

    def _check(self, phone: Phone, line: Line) -> tuple[str, str] | None:
        wanted, session = line.argument, phone.session
        match line.command:
            case "hear" | "not hear":
                return heard_otherwise(
                    line, " ".join(say.text for turn in phone.turns[self.heard_from :] for _, say in turn.said)
                )
            case "expect node":
                actual, known = session.node, tuple(self.flow.nodes)
            case "expect queue":
                actual, known = (
                    (phone.waits.queue if isinstance(phone.waits, Enqueue) else "no queue"),
                    tuple(self.flow.queues),
                )
            case "expect language":
                actual, known = session.language, self.flow.languages
            case "expect value":
                name, _, wanted = (part.strip() for part in wanted.partition("="))
                actual, known = session.value(name), ()
            case "expect path":
                wanted = " > ".join(part.strip() for part in wanted.split(">"))
                nodes = [node for node, _ in phone.path] + ([] if session.ended else [session.node])
                actual, known = " > ".join(n for i, n in enumerate(nodes) if i == 0 or nodes[i - 1] != n), ()
            case _:
                actual, known = (session.outcome if session.ended else "a call still going on"), ()
        if actual == wanted:
            return None
        if line.command == "expect value" and name in self.flow.secrets:
            wanted, actual = masked(wanted, session.language), masked(actual, session.language)
        near = nearest(wanted, known) if known and wanted not in known else ""
        return f"{line.command}: expected {wanted!r}, found {actual!r}", f"did you mean {near!r}?" if near else ""


def heard_otherwise(line: Line, heard: str) -> tuple[str, str] | None:
    """What is wrong when a ``hear`` or ``not hear`` does not hold: message and hint."""
    if (plain(line.argument) in plain(heard)) == (line.command == "hear"):
        return None
    verb = "expected to hear" if line.command == "hear" else "did not expect to hear"
    return f"{verb} “{line.argument}”; heard: “{heard}”", ""


def plain(text: str) -> str:
    """Words as they are compared: without capitals and punctuation.

    Examples
    --------
    >>> plain("For billing, press 1.")
    'for billing press 1'
    """
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())


def _awaited(phone: Phone) -> str:
    return "keys" if isinstance(phone.waits, Listen) else waiting_for(phone.waits)


def run(flow: Flow, script: Script) -> Result:
    """Play one script.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}}})
    >>> run(flow, read_scripts("call: one\\n  ends contained", "a.calls")[0]).findings
    ()
    """
    playing = _Run(flow, script)
    findings = tuple(playing.play())
    phone = playing.phone
    return Result(script, findings, phone.path if phone else (), phone.elapsed_s if phone else 0.0)


def exits(flow: Flow) -> tuple[tuple[str, str], ...]:
    """What scripts can try: every wired exit, as (node, outcome), and every node that ends the call.

    Keys that work everywhere and the exit after the last attempt are left out.
    """
    found = []
    for name, node in flow.nodes.items():
        wires = node.wires()
        found += [(name, w.outcome) for w in wires if w.target is not None and w.outcome != "otherwise"]
        found += [] if wires else [(name, "hangup")]
    return tuple(found)


def untried(flow: Flow, results: tuple[Result, ...]) -> tuple[tuple[str, str], ...]:
    """Those of `exits` that no script took."""
    tried = {step for result in results for step in result.path}
    return tuple(step for step in exits(flow) if step not in tried)
