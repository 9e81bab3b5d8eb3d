"""One call at the exchange, played on the exchange's clock."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from webhooks.carrier.call import Call
from webhooks.carrier.exchange.time import Time
from webhooks.carrier.protocol import Happened, LineEvent, Reply, Request, Transport, Until

__all__ = ["Leg", "OutboundOrder", "Player", "TimedTransport"]


class Player(Protocol):
    """Plays a call from wait to wait: a driver, or the call of a page."""

    @property
    def call(self) -> Call:
        """The call."""
        ...

    @property
    def waiting(self) -> Until | None:
        """Where the call is; None before it begins and after it ends."""
        ...

    def play(self, happened: Happened | None = None) -> None:
        """Continue with what has happened (None: nothing), up to the next wait."""
        ...


class TimedTransport:
    """A transport whose answers take as long as they take on the exchange's clock."""

    def __init__(self, inner: Transport, time: Time) -> None:
        self._inner, self._time = inner, time

    def send(self, request: Request) -> Reply:
        """The answer."""
        began_s = self._time.now_s
        return replace(self._inner.send(request), seconds=self._time.now_s - began_s)

    def close(self) -> None:
        """Release what is kept."""
        self._inner.close()


@dataclass
class OutboundOrder:
    """What the REST API stated about a call that it made.

    Parameters
    ----------
    to, from_ : str
    timeout_s : float
        How long it rings.
    status_url, status_method : str
        Told how the call proceeds; empty for nobody.
    status_events : tuple of str
        Of ``initiated``, ``ringing``, ``answered``, ``completed``.
    answered_s : float or None
        When it was answered, on the call's clock.
    """

    to: str
    from_: str
    timeout_s: float = 60.0
    status_url: str = ""
    status_method: str = "POST"
    status_events: tuple[str, ...] = ("completed",)
    answered_s: float | None = None


@dataclass(eq=False)
class Leg:
    """One call among others.

    Parameters
    ----------
    player : Player
    time : Time
    shown : str
        Who is at this end of the line, as the others see them.
    order : OutboundOrder or None
        For a call that the REST API made.
    grace_s : callable
        How long after the end of a wait the exchange continues the call, if whoever plays it has not.
    paced : bool
        Whether somebody else plays the call as well, whose pace sets its clock.

    Attributes
    ----------
    zero_s : float
        Time of the exchange at which the call's clock shows 0.
    began_s, ended_s : float or None
        Time of the exchange.
    watch : callable or None
        Called whenever the call has moved.
    peer_sid : str
        The call with which a dial has connected this one last; empty for none.
    lock : threading.RLock
        Held while the call is played.
    """

    player: Player
    time: Time
    shown: str = ""
    order: OutboundOrder | None = None
    grace_s: Callable[[], float] = lambda: 0.0
    paced: bool = False
    began_s: float = field(init=False)
    zero_s: float = field(init=False)
    ended_s: float | None = field(default=None, init=False)
    watch: Callable[[Leg], None] | None = field(default=None, init=False)
    begun: bool = field(default=False, init=False)
    lock: threading.RLock = field(default_factory=threading.RLock, init=False, repr=False)
    scheduled_s: float | None = field(default=None, init=False)
    relayed: int = field(default=0, init=False)
    peer_sid: str = field(default="", init=False)
    _inbox: deque[tuple[LineEvent, Callable[[], bool]]] = field(default_factory=deque, init=False, repr=False)

    def __post_init__(self) -> None:
        self.began_s = self.zero_s = self.time.now_s

    @property
    def call(self) -> Call:
        """The call itself."""
        return self.player.call

    @property
    def sid(self) -> str:
        """Its CallSid."""
        return self.call.sid

    @property
    def waiting(self) -> Until | None:
        """Where it is."""
        return self.player.waiting

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.begun and self.waiting is None

    @property
    def in_queue(self) -> str:
        """The queue it waits in; empty for none."""
        return self.call.queued if self.call.held == "queue" else ""

    @property
    def talks(self) -> bool:
        """Whether it is connected with others."""
        return self.waiting is not None and self.waiting.waits.kind == "talk"

    def due_s(self) -> float | None:
        """When the exchange continues it; None when it is over."""
        return self.zero_s + self.waiting.at_s + self.grace_s() if self.waiting else None

    def tell(self, event: LineEvent, holds: Callable[[], bool] = lambda: True) -> None:
        """Something happens to the call, unless `holds` is false by the time the call hears of it."""
        self._inbox.append((event, holds))

    def step(self, moved: Callable[[], None]) -> None:
        """Play all that has happened and is due; `moved` is called after each part."""
        with self.lock:
            if not self.begun:
                self._play(None)
                self.begun = True
                moved()
            while self.waiting and (self._next() or self._is_due()):
                moved()

    def set_clock(self) -> None:
        """Take the present moment as the time that the call's clock shows."""
        self.zero_s = self.time.now_s - self.call.now_s

    def _next(self) -> bool:
        while self._inbox:
            event, holds = self._inbox.popleft()
            if holds() and self.waiting:
                at_s = min(max(self.time.now_s - self.zero_s, self.call.now_s), self.waiting.at_s)
                self._play(Happened(at_s, event))
                return True
        return False

    def _is_due(self) -> bool:
        due_s = self.due_s()
        if due_s is None or self.time.now_s < due_s:
            return False
        self._play(None)
        return True

    def _play(self, happened: Happened | None) -> None:
        self.player.play(happened)
        if self.paced:
            self.set_clock()
