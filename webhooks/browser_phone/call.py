"""One call of the browser phone: a call of the virtual carrier, driven by the reports of a page.

The call's clock stands still between reports, so a voice that takes longer than estimated delays nothing. At an
exchange, where others wait, the call goes on without the page after `GRACE_S`.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, field

from flows.protocol.actions import Outcome
from webhooks.browser_phone.reports import Report
from webhooks.carrier.call import MAX_CALL_S, Call
from webhooks.carrier.call_log import Heard
from webhooks.carrier.drivers.apply_event import other_party_action
from webhooks.carrier.drivers.driver import Driver
from webhooks.carrier.protocol import HangUp, Happened, Key, LineEvent, OtherParty, Talk, Transport, Until, Waits, Words

__all__ = ["GRACE_S", "PhoneCall"]

GRACE_S = 3.0
"""Seconds for which an exchange waits for the page at the end of a wait."""

_SKIPPABLE = ("speaking", "gather", "queue")


@dataclass
class PhoneCall:
    """A call that a page drives.

    Parameters
    ----------
    call : Call
        Not begun yet.
    transport : Transport

    Attributes
    ----------
    turn : int
        Counts the answers to the page.
    during : dict of int to Waits
        What the call was waiting for at an event, by its position in the log.
    passed_over : set of int
        Positions of prompts that were not heard, because the page skipped to the end of the wait.
    notes : dict of int to str
        What happened just before a position in the log without an entry of its own.
    talking : bool
        Whether the caller is speaking into a recording.
    lock : threading.RLock
        Held while the call is driven.
    """

    call: Call
    transport: Transport
    turn: int = field(default=0, init=False)
    during: dict[int, Waits] = field(default_factory=dict, init=False)
    passed_over: set[int] = field(default_factory=set, init=False)
    notes: dict[int, str] = field(default_factory=dict, init=False)
    talking: bool = field(default=False, init=False)
    lock: threading.RLock = field(default_factory=threading.RLock, init=False)
    _driver: Driver = field(init=False)

    def __post_init__(self) -> None:
        self._driver = Driver(self.call, self.transport, lambda waits: waits.kind != "joining")

    @property
    def waiting(self) -> Until | None:
        """Where the call is; None once it is over."""
        return self._driver.waiting

    @property
    def waits(self) -> Waits | None:
        """What the call waits for."""
        return self._driver.waits

    @property
    def is_over(self) -> bool:
        """Whether the call has ended."""
        return self.turn > 0 and self.waiting is None

    def dial(self) -> None:
        """Begin the call."""
        self._play()
        self.turn += 1

    def take(self, report: Report) -> None:
        """Continue the call with what has happened; a report that no longer fits changes nothing."""
        waits = self.waits
        if waits is None:
            return
        match report.what:
            case "key":
                self._happens(Key(report.value), report.after_s)
            case "words":
                self._says(report.value, report.after_s, waits)
            case "hangup":
                self._happens(HangUp(), report.after_s)
            case "choice":
                self._choose(report.value, report.after_s, waits)
            case "spoken" | "time" if report.turn == self.turn:
                self._play()
            case "skip" if report.turn == self.turn and waits.kind in _SKIPPABLE:
                self._skip(waits)
        self.talking = self.talking and self.waits is not None and self.waits.kind == "record"
        self.turn += 1

    def go_on(self, note: str) -> None:
        """End the wait because of a decision on the page that the call's log does not record."""
        self.notes[len(self.call.log)] = note
        self._play()
        self.turn += 1

    def play(self, happened: Happened | None = None) -> None:
        """Continue the call with what others did (None: nothing), although the page has not reported."""
        waits = self.waits
        if happened and waits:
            self.during[len(self.call.log)] = waits
        self._play(happened)
        self.talking = self.talking and self.waits is not None and self.waits.kind == "record"
        self.turn += 1

    def grace_s(self) -> float:
        """How long an exchange waits for the page at the end of a wait; longer for a prompt, which it may speak."""
        entry = self.call.log[self.call.sounding] if self.call.sounding is not None else None
        return GRACE_S + (entry.seconds / 2 if isinstance(entry, Heard) and entry.verb != "Pause" else 0.0)

    @property
    def is_connected(self) -> bool:
        """Whether others at an exchange decide what happens next, not the page."""
        return self.call.others is not None and (bool(self.call.queued) or self.call.room is not None)

    def _choose(self, choice: str, after_s: float, waits: Waits) -> None:
        if self.is_connected:
            return
        what = other_party_action(Outcome(choice), waits)
        if what or (choice, waits.kind) == ("over", "talk"):
            self._happens(OtherParty(what or choice), after_s)
        elif choice == "timeout" and waits.kind in ("queue", "dial"):
            self._outlast(waits.kind)
        elif waits.kind == "record" and choice == "speak":
            self.talking = True
            self._happens(Talk(MAX_CALL_S), after_s)
        elif waits.kind == "record" and choice in ("done", "empty"):
            if self.talking:
                self._happens(Talk(0.0), after_s)
            while self.waits and self.waits.serial == waits.serial:
                self._play()

    def _says(self, words: str, after_s: float, waits: Waits) -> None:
        """Words are understood, or recorded; whoever types them is speaking until they say that they are done."""
        self.talking = waits.kind == "record"
        self._happens(Talk(MAX_CALL_S, words) if self.talking else Words(words), after_s)

    def _outlast(self, kind: str) -> None:
        first = len(self.call.log)
        if kind == "queue":
            self.notes[first] = "The wait time runs out"
        self._driver.outlast()
        self._settle()
        heard_now = len(self.call.log) if self.call.sounding is None else self.call.sounding
        self.passed_over.update(range(first, heard_now) if self.waiting else ())

    def _skip(self, waits: Waits) -> None:
        """Skip the prompt that is playing; in a menu skip all its prompts, so that it waits for a key."""
        was_sounding = self.call.sounding is not None
        self._play()
        while was_sounding and self.call.sounding is not None and self.waits and self.waits.serial == waits.serial:
            self._play()

    def _happens(self, event: LineEvent, after_s: float) -> None:
        waiting = self.waiting
        assert waiting is not None
        self.during[len(self.call.log)] = waiting.waits
        self._play(Happened(min(self.call.now_s + after_s, waiting.at_s), event))

    def _play(self, happened: Happened | None = None) -> None:
        self._driver.play(happened)
        self._settle()

    def _settle(self) -> None:
        """End waits that take no time at once; a prompt ends when the page has spoken it."""
        while self.waiting and self.waiting.at_s <= self.call.now_s and self.call.sounding is None:
            self._driver.play()
