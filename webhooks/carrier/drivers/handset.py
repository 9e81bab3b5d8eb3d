"""A handset at the virtual carrier: after each action the call plays on until it waits for a person again.

The caller at a handset hears every prompt to its end and thinks for a moment. For callers who interrupt prompts at
stated times see `webhooks.carrier.drivers.driver.play`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from flows.speech.timing import DECISION_S, DIGIT_S, SYSTEM_GAP_S
from webhooks.carrier.call import Call
from webhooks.carrier.call_log import Entry
from webhooks.carrier.drivers.driver import Driver
from webhooks.carrier.protocol import (
    HangUp,
    Happened,
    Key,
    LineEvent,
    OtherParty,
    Redirected,
    Reply,
    Request,
    Talk,
    Transport,
    Until,
    Waits,
    Words,
)
from webhooks.carrier.requests.fetch import shown

__all__ = ["MESSAGE_S", "Handset", "Part"]

MESSAGE_S = 10.0
"""Length of a recorded message."""


@dataclass(frozen=True)
class Part:
    """One action of a call, and what followed it.

    Parameters
    ----------
    at_s : float
        Time of the action.
    did : str
        The action in words; empty for dialling.
    entries : tuple of Entry
        What followed, until the call waited again or ended.
    """

    at_s: float
    did: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class _Gap:
    """A transport that answers input after `SYSTEM_GAP_S`, the usual time of a system, the same in every run."""

    inner: Transport

    def send(self, request: Request) -> Reply:
        reply = self.inner.send(request)
        form = dict(request.form)
        entered = (form.get("Digits") or form.get("SpeechResult")) and "RecordingUrl" not in form
        return replace(reply, seconds=reply.seconds + SYSTEM_GAP_S) if entered else reply

    def close(self) -> None:
        self.inner.close()


@dataclass
class Handset:
    """One call, played action by action.

    Parameters
    ----------
    call : Call
        Not yet begun.
    transport : Transport
    stops_at : callable
        Further waits at which to return control, besides open ones.
    """

    call: Call
    transport: Transport
    stops_at: Callable[[Waits], bool] = lambda _: False
    parts: list[Part] = field(default_factory=list, init=False)
    _driver: Driver = field(init=False)
    _at_s: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        self._driver = Driver(self.call, _Gap(self.transport), lambda waits: waits.open or self.stops_at(waits))

    @property
    def waiting(self) -> Until | None:
        """What the call is waiting for, with its time."""
        return self._driver.waiting

    @property
    def ended(self) -> bool:
        """True once the call is over."""
        return bool(self.parts) and self.waiting is None

    @property
    def waits(self) -> Waits | None:
        """What the call waits for."""
        return self._driver.waits

    def dial(self) -> Part:
        """Begin the call."""
        return self._part("", 0.0, lambda: self._play(None))

    def press(self, keys: str, did: str = "") -> Part:
        """Press keys one after another; those a Gather does not need go to the next one, or are lost if none
        listens.
        """
        return self._part(did or f"presses {' '.join(keys)}", DECISION_S, lambda: self._press(deque(keys)))

    def say(self, text: str, confidence: float = 1.0) -> Part:
        """Say something, of which the recogniser is as sure as that."""
        return self._part(f"says “{text}”", DECISION_S, lambda: self._then(Words(text, confidence=confidence)))

    def wait(self) -> Part:
        """Do nothing until the call waits for something else."""
        return self._part("says nothing", 0.0, self._let_pass)

    def outlast(self) -> Part:
        """Wait until the line ends the wait itself."""
        return self._part("timeout", 0.0, self._driver.outlast)

    def leave_message(self) -> Part:
        """Leave a message, then stay silent."""

        def speak() -> None:
            self._then(Talk(MESSAGE_S))
            self._let_pass()

        return self._part(f"leaves a message of {MESSAGE_S:g} s", 0.0, speak)

    def pay(self, entries: Mapping[str, str], ending: str, did: str) -> Part:
        """Enter the steps of a payment; when they are done, the payment service says `ending`, or approves if empty."""

        def enter() -> None:
            stops_at, self.stops_at = self.stops_at, lambda waits: waits.kind == "paying" or stops_at(waits)
            try:
                while self.waits and self.waits.kind == "gather" and self.waits.name in entries:
                    self._at_s = self.call.now_s + DECISION_S
                    self._press(deque(entries[self.waits.name]))
                if ending and self.waiting and self.waiting.waits.kind == "paying":
                    self._at_s = self.waiting.at_s
                    self._then(OtherParty(ending))
            finally:
                self.stops_at = stops_at
            while self.waits and self.waits.kind == "paying":
                self._play(None)

        return self._part(did, 0.0, enter)

    def hang_up(self) -> Part:
        """Hang up."""
        return self._part("hangs up", 0.0, lambda: self._then(HangUp()))

    def other(self, what: str, did: str = "") -> Part:
        """The other party acts; if they answer they hang up at once, since the conversation takes no time here."""

        def happens() -> None:
            self._then(OtherParty(what))
            self._conversation()

        return self._part(did or what.replace("-", " "), 0.0, happens)

    def redirect(self, url: str) -> Part:
        """Redirect the call through the REST API, as the application would."""
        return self._part(f"redirected to {shown(url)}", 0.0, lambda: self._then(Redirected(url)))

    def later(self, seconds: float, event: LineEvent, did: str = "") -> Part:
        """Let time pass, with everything requested and heard meanwhile; then something happens."""

        def happens() -> None:
            moment = self.call.now_s + seconds
            while self.waiting and self.waiting.at_s < moment:
                self._play(None)
            self._at_s = moment
            self._then(event)
            self._conversation()

        return self._part(did, 0.0, happens)

    def _part(self, did: str, after_s: float, action: Callable[[], None]) -> Part:
        """Do something `after_s` from now, or halfway through the wait if that ends sooner."""
        first, now_s = len(self.call.log), self.call.now_s
        self._at_s = now_s + (min(after_s, max(0.0, (self.waiting.at_s - now_s) / 2)) if self.waiting else 0.0)
        at_s = self._at_s
        action()
        part = Part(at_s, did, tuple(self.call.log[first:]))
        self.parts.append(part)
        return part

    def _press(self, keys: deque[str]) -> None:
        serial = None
        while keys and self.waits and self.waits.listens:
            if serial == self.waits.serial:
                self._at_s += DIGIT_S
            serial = self.waits.serial
            self._then(Key(keys.popleft()))
        if self.waits and self.waits.serial == serial:
            self._let_pass()  # the pause after the last key ends the input
        for key in keys:
            self.call.did(Key(key), taken=False)

    def _conversation(self) -> None:
        """The party who talks to the caller hangs up at once."""
        if self.waits and self.waits.kind == "talk":
            self._then(OtherParty("over"))

    def _let_pass(self) -> None:
        serial = self.waits.serial if self.waits else None
        self._play(None)
        while self.waits and self.waits.serial == serial and self.waits.kind != "queue":
            self._play(None)

    def _then(self, event: LineEvent) -> None:
        self._play(Happened(self._at_s, event))

    def _play(self, happened: Happened | None) -> None:
        """Play on until the call waits for a person."""
        self._driver.play(happened)
        self._at_s = max(self._at_s, self.call.now_s)
