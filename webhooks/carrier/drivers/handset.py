"""A telephone at the virtual carrier: it is dialled, keys are pressed, and each time the call is played on until it
waits again.

Whoever presses keys here has heard the prompt to its end and thinks for a moment; who interrupts prompts at stated
moments is played by `webhooks.carrier.drivers.callers.play`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from flows.speech.timing import DECISION_S, DIGIT_S, SYSTEM_GAP_S
from webhooks.carrier.call import Call
from webhooks.carrier.drivers.driver import Driver
from webhooks.carrier.protocol import (
    Entry,
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
from webhooks.carrier.requests.requests import shown

__all__ = ["MESSAGE_S", "Handset", "Part"]

MESSAGE_S = 10.0
"""Length of a message that is left."""


@dataclass(frozen=True)
class Part:
    """What one deed led to.

    Parameters
    ----------
    at_s : float
        When it was done.
    did : str
        The deed in words; empty for dialling.
    entries : tuple of Entry
        What followed, until the call waited again or ended.
    """

    at_s: float
    did: str
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class _Gap:
    """A transport that takes the usual time of a system over input: what is entered is answered after `SYSTEM_GAP_S`,
    in every run alike.
    """

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
    """One call, played by hand.

    Parameters
    ----------
    call : Call
        Not yet begun.
    transport : Transport
    stops_at : callable
        At which waits control comes back, beside the ones that are open.
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
        """Where the call stands."""
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
        """Keys, one after the other; what a Gather does not need is pressed in the next, and lost where nothing
        listens.
        """
        return self._part(did or f"presses {' '.join(keys)}", DECISION_S, lambda: self._press(deque(keys)))

    def say(self, text: str) -> Part:
        """The caller says something."""
        return self._part(f"says “{text}”", DECISION_S, lambda: self._then(Words(text)))

    def wait(self) -> Part:
        """Nothing is done until the call waits for something else."""
        return self._part("says nothing", 0.0, self._let_pass)

    def outlast(self) -> Part:
        """Waits until the line itself ends the wait."""
        return self._part("timeout", 0.0, self._driver.outlast)

    def leave_message(self) -> Part:
        """A message is left, and then there is silence."""

        def speak() -> None:
            self._then(Talk(MESSAGE_S))
            self._let_pass()

        return self._part(f"leaves a message of {MESSAGE_S:g} s", 0.0, speak)

    def hang_up(self) -> Part:
        """The caller hangs up."""
        return self._part("hangs up", 0.0, lambda: self._then(HangUp()))

    def other(self, what: str, did: str = "") -> Part:
        """The other side does something; who answers hangs up when all is said, and no time is counted for that."""

        def happens() -> None:
            self._then(OtherParty(what))
            self._conversation()

        return self._part(did or what.replace("-", " "), 0.0, happens)

    def redirect(self, url: str) -> Part:
        """The application redirects the call by the REST API."""
        return self._part(f"redirected to {shown(url)}", 0.0, lambda: self._then(Redirected(url)))

    def later(self, seconds: float, event: LineEvent, did: str = "") -> Part:
        """Time passes, whatever is asked and heard meanwhile, and then something happens."""

        def happens() -> None:
            moment = self.call.now_s + seconds
            while self.waiting and self.waiting.at_s < moment:
                self._play(None)
            self._at_s = moment
            self._then(event)
            self._conversation()

        return self._part(did, 0.0, happens)

    def _part(self, did: str, after_s: float, action: Callable[[], None]) -> Part:
        """A deed, `after_s` from now unless the wait ends before that."""
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
            self._let_pass()  # the pause after the last key says that these were all
        for key in keys:
            self.call.did(Key(key), taken=False)

    def _conversation(self) -> None:
        """Who talks to the caller hangs up at once: no time is counted for it."""
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
        """Plays on until somebody is waited for."""
        self._driver.play(happened)
        self._at_s = max(self._at_s, self.call.now_s)
