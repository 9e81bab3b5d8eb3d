"""Call scripts played against any TwiML application, through the virtual carrier.

From outside a caller hears prompts and waits in queues; what only the service knows (nodes, values, its clock, what its
lookups answer) is checked where a service in development tells it (``X-IVR-State``), and otherwise left out and
counted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from flows.protocol.actions import HungUp, Keys, Speech
from flows.source.finding import Finding
from ivr.phone.call_script import CHECKS, EVENTS, SETTINGS, Line, Script, heard_otherwise, keys_in, not_as_written
from webhooks.carrier.call import Call
from webhooks.carrier.call_log import Heard
from webhooks.carrier.drivers.apply_event import apply_event
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.drivers.transcript import problems, waiting_for
from webhooks.carrier.protocol import Number, Transport
from webhooks.twilio.twiml import queue_name

__all__ = ["Played", "play_script"]

_NUMBERS = ("from", "to")
_CLOCK = "the line 'at' was left out: the service has its own clock, which `ivr serve --at` sets"
_BY_THE_SERVICE = ("lookup", "sent", "no mobile", "booked")


@dataclass(frozen=True)
class Played:
    """How a scripted call went.

    Parameters
    ----------
    script : Script
    findings : tuple of Finding
        Empty when it went as written; else the first thing that did not.
    left_out : tuple of Line
        What cannot be set or seen from outside.
    seconds : float
        Length of the call by its own clock.
    """

    script: Script
    findings: tuple[Finding, ...]
    left_out: tuple[Line, ...]
    seconds: float


@dataclass
class _Playing:
    script: Script
    number: Number
    transport: Transport
    sid: str
    began: dt.datetime
    numbers: dict[str, str] = field(default_factory=lambda: {"from": "", "to": ""})
    left_out: list[Line] = field(default_factory=list)
    handset: Handset | None = None
    heard_from: int = 0
    left_waiting: str = ""

    def play(self) -> Finding | None:
        for line in self.script.lines:
            if line.command in SETTINGS:
                self._setting(line)
                continue
            handset = self._begun()
            problem = self._check(handset, line) if line.command in CHECKS else self._act(handset, line)
            failed = [p for p in problems(handset.call.log) if p.severity == "error"]
            if failed:
                code = f"{failed[0].code} " if failed[0].code else ""
                problem = f"the line failed: {code}{failed[0].message}", failed[0].hint
            if problem:
                message, hint = problem
                clock = any(left.command == "at" for left in self.left_out)
                return not_as_written(self.script, line, message, hint or (_CLOCK if clock else ""))
        self._begun()
        return None

    def _setting(self, line: Line) -> None:
        if line.command in _NUMBERS and self.handset is None:
            self.numbers[line.command] = line.argument
        else:
            self.left_out.append(line)

    def _begun(self) -> Handset:
        if self.handset is None:
            call = Call(self.number, sid=self.sid, began=self.began, ani=self.numbers["from"], dnis=self.numbers["to"])
            self.handset = Handset(call, self.transport)
            self.handset.dial()
        return self.handset

    def _act(self, handset: Handset, line: Line) -> tuple[str, str] | None:
        if line.command in _BY_THE_SERVICE:
            self.left_out.append(line)
            return None
        if handset.ended:
            return "the call had already ended", "remove this line or the deed before it"
        if line.command == "press":
            keys = keys_in(line.argument)
            if not keys:
                return f"{line.argument!r} are no keys", "write digits, star or pound"
            event = Keys(keys)
        else:
            event = Speech(line.argument) if line.command == "say" else EVENTS[line.command]
        self.heard_from = len(handset.parts)
        self.left_waiting = handset.waits.kind if handset.waits else ""
        if not apply_event(handset, event):
            return (
                f"{line.command!r} does not fit here: the call waits for {waiting_for(handset.waits)}",
                "check the lines before it",
            )
        return None

    def _check(self, handset: Handset, line: Line) -> tuple[str, str] | None:
        state, waits = handset.call.state, handset.waits
        match line.command:
            case "hear" | "not hear":
                entries = (e for part in handset.parts[self.heard_from :] for e in part.entries)
                return heard_otherwise(
                    line, " ".join(e.text for e in entries if isinstance(e, Heard) and e.verb == "Say")
                )
            case "expect queue":
                actual = waits.name if waits and waits.kind == "queue" else "no queue"
                return None if actual == queue_name(line.argument) else _otherwise(line, actual)
            case "expect language" if "language" not in state:
                spoken = [e.language for e in handset.call.log if isinstance(e, Heard) and e.verb == "Say"]
                return (
                    None
                    if spoken and spoken[-1] == line.argument
                    else _otherwise(line, spoken[-1] if spoken else "no language")
                )
            case "expect language" | "expect node" if line.command.split()[1] in state:
                actual = str(state[line.command.split()[1]])
                return None if actual == line.argument else _otherwise(line, actual)
            case "ends":
                return self._ends(handset, line)
            case _:
                self.left_out.append(line)
                return None

    def _ends(self, handset: Handset, line: Line) -> tuple[str, str] | None:
        if not handset.ended:
            return _otherwise(line, "a call still going on")
        outcome = handset.call.state.get("ended", "")
        if handset.call.ended_by == "caller" and self.left_waiting in ("queue", "joining"):
            outcome = "abandoned"
        if not outcome:
            self.left_out.append(line)  # that it has ended is all that can be seen
            return None
        return None if outcome == line.argument else _otherwise(line, str(outcome))


def _otherwise(line: Line, actual: str) -> tuple[str, str]:
    return f"{line.command}: expected {line.argument!r}, found {actual!r}", ""


def play_script(script: Script, number: Number, transport: Transport, *, sid: str, began: dt.datetime) -> Played:
    """Play one script; a call that is still going on at its end is hung up.

    Parameters
    ----------
    script : Script
    number : Number
    transport : Transport
    sid : str
    began : datetime
    """
    playing = _Playing(script, number, transport, sid, began)
    finding = playing.play()
    handset = playing.handset
    if handset and not handset.ended:
        apply_event(handset, HungUp())
    return Played(
        script, (finding,) if finding else (), tuple(playing.left_out), handset.call.now_s if handset else 0.0
    )
