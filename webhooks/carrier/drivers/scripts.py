"""Plays call scripts on any TwiML application, through the virtual carrier.

From outside a caller hears prompts and waits in queues. What only the service knows (nodes, values, its clock, what its
lookups answer) is checked where a service in development reports it (``X-IVR-State``), and otherwise left out and
counted.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from flows.protocol.actions import Event, HungUp
from ivr.phone.call_script import SETTINGS, Line, Script
from ivr.phone.script_player import Complaint, Played, Seen, play
from webhooks.carrier.call import Call
from webhooks.carrier.call_log import Heard
from webhooks.carrier.drivers.apply_event import apply_event
from webhooks.carrier.drivers.handset import Handset
from webhooks.carrier.drivers.transcript import problems, waiting_for
from webhooks.carrier.protocol import Number, Transport
from webhooks.twilio.twiml import queue_name

__all__ = ["play_script"]

_NUMBERS = ("from", "to")
_BY_THE_SERVICE = ("lookup", "sent", "no mobile", "booked")
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
    driver = _CarrierDriver(number, transport, sid, began)
    findings, left_out = play(script, driver)
    handset = driver.handset
    if handset and not handset.ended:
        apply_event(handset, HungUp())
    return Played(script, findings, handset.call.now_s if handset else 0.0, left_out=left_out)


@dataclass
class _CarrierDriver:
    """A telephone at the virtual carrier; it is dialled when the call begins."""

    number: Number
    transport: Transport
    sid: str
    began: dt.datetime
    numbers: dict[str, str] = field(default_factory=lambda: {"from": "", "to": ""})
    handset: Handset | None = None
    heard_from: int = 0
    left_waiting: str = ""

    @property
    def node(self) -> str:
        return ""

    @property
    def ended(self) -> bool:
        return self._dialled().ended

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

    def _dialled(self) -> Handset:
        if self.handset is None:
            call = Call(self.number, sid=self.sid, began=self.began, ani=self.numbers["from"], dnis=self.numbers["to"])
            self.handset = Handset(call, self.transport)
            self.handset.dial()
        return self.handset

    def begin(self) -> None:
        self._dialled()

    def covers(self, line: Line) -> bool:
        if line.command in SETTINGS:
            return line.command in _NUMBERS and self.handset is None
        match line.command:
            case "expect node":
                return "node" in self._dialled().call.state
            case "expect value" | "expect path":
                return False
            case "ends":
                return not self.ended or bool(self.outcome)  # otherwise it is only visible that it has ended
            case command:
                return command not in _BY_THE_SERVICE

    def set(self, line: Line) -> Complaint | None:
        self.numbers[line.command] = line.argument
        return None

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
