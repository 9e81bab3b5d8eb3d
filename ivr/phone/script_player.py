"""Plays a call script, line by line, on whatever a driver connects to: a flow in this process, or a line over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from flows.protocol.actions import Event, Keys, Outcome, Speech
from flows.source.counted import counted
from flows.source.document import nearest
from flows.source.finding import Finding
from flows.values.scalars import seconds_of
from ivr.phone.call_script import CHECKS, SETTINGS, Line, Script
from ivr.phone.event_words import EVENTS_BY_LINE, keys_in, mumbled

__all__ = [
    "Complaint",
    "Played",
    "ScriptDriver",
    "Seen",
    "carry_out",
    "limit_of",
    "not_a_pattern",
    "play",
    "words_only",
]

_PAST = {"hear": "heard", "read": "the message says"}
Complaint = tuple[str, str]
"""What is wrong with a line, and a hint; the hint may be empty."""


@dataclass(frozen=True)
class Seen:
    """What a driver sees where a line expects something.

    Parameters
    ----------
    actual : str
    expected : str
        What the line expects.
    known : tuple of str
        Everything that could have been expected, for a hint.
    shown : callable
        How both are shown: a secret is masked.
    """

    actual: str
    expected: str
    known: tuple[str, ...] = ()
    shown: Callable[[str], str] = str


class ScriptDriver(Protocol):
    """A call that a script can be played on."""

    @property
    def node(self) -> str:
        """The current node; empty when it cannot be known."""

    @property
    def ended(self) -> bool:
        """Whether the call has ended."""

    @property
    def outcome(self) -> str:
        """The outcome of the call; empty when it cannot be known, or the call goes on."""

    @property
    def awaited(self) -> str:
        """What the call waits for, in words."""

    @property
    def heard(self) -> str:
        """What was said since the last step."""

    @property
    def texted(self) -> str:
        """The last text message to the caller; empty if there was none."""

    @property
    def seconds(self) -> float:
        """The length of the call so far."""

    @property
    def keys(self) -> int:
        """Key presses so far; an entered number counts as one."""

    def covers(self, line: Line) -> bool:
        """Whether a line can be set, done or seen here; one that cannot is left out and counted."""

    def set(self, line: Line) -> Complaint | None:
        """Prepare the call by one of `SETTINGS`."""

    def begin(self) -> None:
        """Begin the call, unless it has begun."""

    def do(self, line: Line, event: Event) -> bool:
        """Make something happen; return False when it does not fit what the call waits for."""

    def see(self, line: Line) -> Seen:
        """What there is to see for a check other than ``hear``, ``not hear`` and ``ends``."""

    def failure(self) -> Complaint | None:
        """A failure of the line itself, whatever the script says."""

    def advice(self, left_out: Sequence[Line]) -> str:
        """Why a line may not hold, other than by itself, given the lines left out; empty when nothing is known."""


@dataclass(frozen=True)
class Played:
    """How a scripted call went.

    Parameters
    ----------
    script : Script
    findings : tuple of Finding
        Empty when it went as written; else that of the first line that did not hold.
    seconds : float
        Length of the call by its own clock.
    path : tuple of (node, outcome)
        The nodes passed, where they can be seen.
    heard : frozenset of (node, language)
        The nodes that said something, and in which language, where that can be seen.
    ends_at : str
        The node after the path, where that can be seen.
    left_out : tuple of Line
        What cannot be set or seen from where the script is played.
    clock : str
        What a line that ignores the time of the script has for a clock; empty when it goes by the script.
    """

    script: Script
    findings: tuple[Finding, ...]
    seconds: float
    path: tuple[tuple[str, str], ...] = ()
    left_out: tuple[Line, ...] = ()
    clock: str = ""
    heard: frozenset[tuple[str, str]] = frozenset()
    ends_at: str = ""


def play(script: Script, driver: ScriptDriver) -> tuple[tuple[Finding, ...], tuple[Line, ...]]:
    """Play a script up to the first line that does not hold.

    Parameters
    ----------
    script : Script
    driver : ScriptDriver
        Its call has not begun.

    Returns
    -------
    findings : tuple of Finding
        That of the first line that does not hold, if any.
    left_out : tuple of Line
    """
    left_out: list[Line] = []
    for line in script.lines:
        complaint = None
        if driver.covers(line):
            complaint = carry_out(line, driver)
        else:
            left_out.append(line)
        complaint = driver.failure() or complaint
        if complaint:
            message, hint = complaint
            hint = "; ".join(filter(None, (hint, driver.advice(left_out))))
            return (script.finding(line, message, hint, driver.node),), tuple(left_out)
    driver.begin()
    return (), tuple(left_out)


def carry_out(line: Line, driver: ScriptDriver) -> Complaint | None:
    """Do what one line says; None if it holds.

    Parameters
    ----------
    line : Line
    driver : ScriptDriver
        Its call begins with the first line that is not a setting.
    """
    if line.command in SETTINGS:
        return driver.set(line)
    driver.begin()
    if line.command in CHECKS:
        return _check(line, driver)
    return _step(line, driver)


def _step(line: Line, driver: ScriptDriver) -> Complaint | None:
    if driver.ended:
        outcome = f", {driver.outcome}" if driver.outcome else ""
        return f"the call had already ended{outcome}", "remove this line or the step before it"
    event = _event(line)
    if event is None:
        return f"{line.argument!r} is not a row of keys", "write digits, star or pound"
    if not driver.do(line, event):
        return f"{line.command!r} does not fit here: the call waits for {driver.awaited}", "check the lines before it"
    return None


def _event(line: Line) -> Event | None:
    match line.command:
        case "press":
            keys = keys_in(line.argument)
            return Keys(keys) if keys else None
        case "say":
            return Speech(line.argument)
        case "mumble":
            return mumbled(line.argument)
        case "lookup":
            return Outcome(line.argument.replace(" ", "_"))
        case command:
            return EVENTS_BY_LINE[command]


def _check(line: Line, driver: ScriptDriver) -> Complaint | None:
    match line.command:
        case "hear" | "not hear":
            return _misheard(line, driver.heard)
        case "hear exactly":
            return _other_words(line, driver.heard)
        case "hear matching":
            return _unlike(line, driver.heard)
        case "expect message":
            return _misheard(line, driver.texted, "read")
        case "within":
            return _too_much(line, driver)
        case "ends":
            seen = Seen(driver.outcome if driver.ended else "a call still going on", line.argument)
        case _:
            seen = driver.see(line)
    if seen.actual == seen.expected:
        return None
    near = nearest(seen.expected, seen.known) if seen.known and seen.expected not in seen.known else ""
    message = f"{line.command}: expected {seen.shown(seen.expected)!r}, found {seen.shown(seen.actual)!r}"
    return message, f"did you mean {near!r}?" if near else ""


def _misheard(line: Line, heard: str, verb: str = "hear") -> Complaint | None:
    if (words_only(line.argument) in words_only(heard)) == (line.command != "not hear"):
        return None
    wanted = "did not expect to" if line.command == "not hear" else "expected to"
    return f"{wanted} {verb} “{line.argument}”; {_PAST[verb]}: “{heard}”", ""


def _other_words(line: Line, heard: str) -> Complaint | None:
    if words_only(line.argument) == words_only(heard):
        return None
    return f"expected to hear exactly “{line.argument}”; heard: “{heard}”", ""


def _unlike(line: Line, heard: str) -> Complaint | None:
    if complaint := not_a_pattern(line.argument):
        return complaint
    if re.search(line.argument, heard, re.IGNORECASE):
        return None
    return f"expected to hear something like {line.argument!r}; heard: “{heard}”", ""


def not_a_pattern(text: str) -> Complaint | None:
    """What is wrong with a regular expression; None for one that can be used.

    Examples
    --------
    >>> not_a_pattern(r"\\d+ dollars") is None, not_a_pattern("(")[0]
    (True, "'(' is not a regular expression: missing ), unterminated subpattern at position 0")
    """
    try:
        re.compile(text)
    except re.error as error:
        return f"{text!r} is not a regular expression: {error}", "write a parenthesis that is meant as such as \\("
    return None


def limit_of(text: str) -> tuple[float, bool]:
    """How much a call may take so far, and whether that is a number of keys, not of seconds.

    Raises
    ------
    ValueError
        If it is neither.

    Examples
    --------
    >>> limit_of("4 keys"), limit_of("1m30s")
    ((4.0, True), (90.0, False))
    """
    if keys := re.fullmatch(r"(\d+) keys?", text):
        return float(keys[1]), True
    return float(seconds_of(text)), False


def _too_much(line: Line, driver: ScriptDriver) -> Complaint | None:
    try:
        limit, of_keys = limit_of(line.argument)
    except ValueError:
        return f"{line.argument!r} is neither seconds nor keys", "write 'within 40s' or 'within 4 keys'"
    taken = driver.keys if of_keys else driver.seconds
    if taken <= limit:
        return None
    if of_keys:
        return f"expected at most {counted(int(limit), 'key')} so far; it took {counted(int(taken), 'key')}", ""
    return f"expected at most {limit:g} s so far; it took {taken:.1f} s", ""


def words_only(text: str) -> str:
    """Words as they are compared: in lower case, without punctuation.

    Examples
    --------
    >>> words_only("For billing, press 1.")
    'for billing press 1'
    """
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())
