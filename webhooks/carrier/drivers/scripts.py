"""Plays call scripts on any TwiML application, through the virtual carrier.

From outside a caller hears prompts and waits in queues. What only the service knows (nodes, values, what its lookups
answer) is checked where a service in development reports it (``X-IVR-State``), and otherwise left out and counted. The
time of a call is sent (``X-IVR-At``); a service in development goes by it, any other by its own clock.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

from flows.protocol.actions import Event, HungUp
from ivr.phone.call_script import SETTINGS, Line, Script
from ivr.phone.call_time import DEFAULT_AT, read_moment
from ivr.phone.script_player import Complaint, Played, Seen, play
from webhooks.carrier.call import Call
from webhooks.carrier.call_log import Asked, Heard
from webhooks.carrier.drivers.apply_event import apply_event
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.drivers.transcript import problems, waiting_for
from webhooks.carrier.protocol import Number, Response, Transport
from webhooks.twilio.twiml import queue_name

__all__ = ["own_clock", "play_script"]

_AT_HEADER = "X-IVR-At"
_NUMBERS = ("from", "to")
_BY_THE_SERVICE = ("lookup", "sent", "no mobile", "stopped", "booked", "taken")
_STATED = {
    **dict.fromkeys(
        (*_BY_THE_SERVICE, "given"), "what a service answers is stated by `ivr serve --lookup NODE=LABEL:NAME=TEXT`"
    ),
    "switch": "a switch is turned on by `ivr switch LINE NAME on`",
    "draw": "the case is stated by `ivr serve --draw NODE=CASE`",
    "language": "a call from outside begins in the first language of the flow",
}
"""Lines that are left out, and what does the same on a line of ours."""
_IN_STATE = {"expect node": "node", "expect language": "language"}
"""Checks that a service in development answers, by the key of its state."""


def play_script(script: Script, number: Number, transport: Transport, *, sid: str, began: dt.datetime) -> Played:
    """Play one script; a call still in progress at its end is hung up.

    Parameters
    ----------
    script : Script
    number : Number
        The application that is called.
    transport : Transport
    sid : str
        Identity of the call.
    began : datetime
        When the call begins, with a time zone.
    """
    driver = _CarrierDriver(number, transport, sid, began, script)
    findings, left_out = play(script, driver)
    handset = driver.handset
    if handset and not handset.ended:
        apply_event(handset, HungUp())
    return Played(script, findings, handset.call.now_s if handset else 0.0, left_out=left_out, clock=driver.clock)


def own_clock(played: Iterable[Played]) -> str:
    """What to say about calls that failed on a line with its own clock; empty when no call did.

    Parameters
    ----------
    played : iterable of Played
    """
    failed = [one for one in played if one.findings and one.clock]
    if not failed:
        return ""
    this = "this call" if len(failed) == 1 else f"these {len(failed)} calls"
    return (
        f"The line goes by its own clock ({failed[-1].clock}), not by the times of the scripts; if it is closed at this"
        f" hour, that alone fails {this}. `ivr serve` without a token goes by the times of the scripts."
    )


@dataclass
class _CarrierDriver:
    """A telephone at the virtual carrier; it is dialled when the call begins."""

    number: Number
    transport: Transport
    sid: str
    began: dt.datetime
    script: Script
    handset: Handset | None = None
    heard_from: int = 0
    left_waiting: str = ""
    takes_time: bool = False
    """Whether the service goes by the time of the script; known when it has been dialled."""

    @property
    def node(self) -> str:
        return ""

    @property
    def ended(self) -> bool:
        return self._dialled().ended

    @property
    def settings(self) -> tuple[Line, ...]:
        """The lines of the script that prepare the call."""
        return tuple(takewhile(lambda line: line.command in SETTINGS, self.script.lines))

    @property
    def clock(self) -> str:
        """What a service that ignores the time of the script has for a clock; empty when it goes by the script."""
        if self.handset is None or self.takes_time:
            return ""
        replies = (entry.reply for entry in self.handset.call.log if isinstance(entry, Asked))
        dates = (reply.headers.get("date", "") for reply in replies if isinstance(reply, Response))
        return next(filter(None, dates), "it does not say what it shows")

    def advice(self, left_out: Sequence[Line]) -> str:
        said = []
        if self.clock and any(line.command == "at" for line in left_out):
            said.append(f"the line goes by its own clock ({self.clock}), not by the time of this call, {self._at()}")
        said += [
            f"{line.command!r} in line {line.number} was left out: {_STATED[line.command]}"
            for line in left_out
            if line.command in _STATED
        ][-1:]
        return "; ".join(said)

    @property
    def outcome(self) -> str:
        call = self._dialled().call
        if call.ended_by == "caller" and self.left_waiting in ("queue", "joining"):
            return "abandoned"
        return str(call.state.get("ended", ""))

    @property
    def awaited(self) -> str:
        return waiting_for(self._dialled().waits)

    @property
    def heard(self) -> str:
        entries = (entry for part in self._dialled().parts[self.heard_from :] for entry in part.entries)
        return " ".join(entry.text for entry in entries if isinstance(entry, Heard) and entry.verb == "Say")

    @property
    def texted(self) -> str:
        return ""

    @property
    def seconds(self) -> float:
        return self._dialled().call.now_s

    @property
    def keys(self) -> int:
        return 0

    def _dialled(self) -> Handset:
        if self.handset is None:
            told = {line.command: line.argument for line in self.settings}
            number = replace(self.number, headers={**self.number.headers, _AT_HEADER: self._at()})
            call = Call(number, sid=self.sid, began=self.began, ani=told.get("from", ""), dnis=told.get("to", ""))
            self.handset = Handset(call, self.transport)
            self.handset.dial()
            self.takes_time = "clock" in call.state or self.failure() is not None
        return self.handset

    def _takes_time(self) -> bool:
        self._dialled()
        return self.takes_time

    def _at(self) -> str:
        """When the call begins: by the script, or as any call of a script."""
        stated = [line.argument for line in self.settings if line.command == "at"]
        return stated[-1] if stated else DEFAULT_AT.isoformat(" ", "minutes")

    def begin(self) -> None:
        self._dialled()

    def covers(self, line: Line) -> bool:
        if line.command in SETTINGS and line not in self.settings:
            return False
        match line.command:
            case "at":
                return _wrong_time(line) is not None or self._takes_time()
            case setting if setting in SETTINGS:
                return setting in _NUMBERS
            case "expect node":
                return "node" in self._dialled().call.state
            case "expect value" | "expect path" | "expect message":
                return False
            case "within":
                return "key" not in line.argument  # how many keys were pressed for one entry is not known here
            case "ends":
                return not self.ended or bool(self.outcome)  # otherwise it is only visible that it has ended
            case command:
                return command not in _BY_THE_SERVICE

    def set(self, line: Line) -> Complaint | None:
        return _wrong_time(line) if line.command == "at" else None  # otherwise dialled with it

    def do(self, line: Line, event: Event) -> bool:
        handset = self._dialled()
        self.heard_from = len(handset.parts)
        self.left_waiting = handset.waits.kind if handset.waits else ""
        return apply_event(handset, event)

    def see(self, line: Line) -> Seen:
        handset, expected = self._dialled(), line.argument
        state, waits = handset.call.state, handset.waits
        if line.command == "expect queue":
            queue = waits.name if waits and waits.kind == "queue" else "no queue"
            return Seen(expected if queue == queue_name(expected) else queue, expected)
        if (key := _IN_STATE[line.command]) in state:
            return Seen(str(state[key]), expected)
        spoken = [e.language for e in handset.call.log if isinstance(e, Heard) and e.verb == "Say"]
        return Seen(spoken[-1] if spoken else "no language", expected)

    def failure(self) -> Complaint | None:
        if self.handset is None:
            return None
        failed = [problem for problem in problems(self.handset.call.log) if problem.severity == "error"]
        if not failed:
            return None
        code = f"{failed[0].code} " if failed[0].code else ""
        return f"the line failed: {code}{failed[0].message}", failed[0].hint


def _wrong_time(line: Line) -> Complaint | None:
    try:
        read_moment(line.argument)
    except ValueError as error:
        message, _, hint = str(error).partition("; ")
        return message, hint
    return None
