"""Plays a call script, line by line, on whatever a driver connects to: a flow in this process, or a line over HTTP."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from flows.protocol.actions import Event, Keys, Outcome, Speech
from flows.source.document import nearest
from flows.source.finding import Finding
from ivr.phone.call_script import CHECKS, SETTINGS, Line, Script
from ivr.phone.event_words import EVENTS_BY_LINE, keys_in, mumbled

__all__ = ["Complaint", "Played", "ScriptDriver", "Seen", "carry_out", "play", "words_only"]

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
        case "ends":
            seen = Seen(driver.outcome if driver.ended else "a call still going on", line.argument)
        case _:
            seen = driver.see(line)
    if seen.actual == seen.expected:
        return None
    near = nearest(seen.expected, seen.known) if seen.known and seen.expected not in seen.known else ""
    message = f"{line.command}: expected {seen.shown(seen.expected)!r}, found {seen.shown(seen.actual)!r}"
    return message, f"did you mean {near!r}?" if near else ""


def _misheard(line: Line, heard: str) -> Complaint | None:
    if (words_only(line.argument) in words_only(heard)) == (line.command == "hear"):
        return None
    verb = "expected to hear" if line.command == "hear" else "did not expect to hear"
    return f"{verb} “{line.argument}”; heard: “{heard}”", ""


def words_only(text: str) -> str:
    """Words as they are compared: in lower case, without punctuation.

    Examples
    --------
    >>> words_only("For billing, press 1.")
    'for billing press 1'
    """
    return " ".join(re.sub(r"[^\w\s]", " ", text.lower()).split())
