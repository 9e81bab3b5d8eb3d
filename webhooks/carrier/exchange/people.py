"""People at an exchange who act by themselves, for tests and loads: callers and agents."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Literal

from webhooks.carrier.exchange.exchange import Exchange
from webhooks.carrier.exchange.leg import Leg
from webhooks.carrier.exchange.phones import Phone
from webhooks.carrier.protocol import HangUp, Key

__all__ = ["ScriptedAgent", "ScriptedCaller"]

_KEY_GAP_S = 0.2


@dataclass
class _AtThePhone:
    """Presses keys when a Gather waits for them, and hangs up after a talk."""

    exchange: Exchange

    def later(self, leg: Leg, seconds: float, act: Callable[[], object]) -> None:
        """Do something later, if the call is still on."""
        time = self.exchange.time
        time.at(time.now_s + seconds, lambda: None if leg.is_over else act())

    def press(self, leg: Leg, keys: str, after_s: float) -> None:
        """Press keys one after the other."""
        for number, key in enumerate(keys):
            self.later(leg, after_s + number * _KEY_GAP_S, partial(self.exchange.post, leg, Key(key)))

    def hang_up(self, leg: Leg, after_s: float, while_: Callable[[], bool] = lambda: True) -> None:
        """Hang up later, if a condition still holds then."""
        self.later(leg, after_s, lambda: self.exchange.post(leg, HangUp(), while_))


@dataclass
class ScriptedCaller(_AtThePhone):
    """A caller: presses their keys, waits as long as they like, talks until the other hangs up or as long as stated.

    Parameters
    ----------
    exchange : Exchange
    ani : str
    keys : tuple of str
        What they press at each question, in order; then they stay silent.
    patience_s : float or None
        How long they wait in queues, all together; None: for ever.
    talk_s : float or None
        How long they talk before they hang up; None: until the other does.
    think_s : float
        Between a question and the first key.

    Attributes
    ----------
    leg : Leg
        Their call, once made.
    waited_s : float
        How long they have waited in queues.
    talked_to : list of str
        The conferences in which they have talked.
    """

    ani: str = "+14155550123"
    dnis: str = "+18005550100"
    keys: tuple[str, ...] = ()
    patience_s: float | None = None
    talk_s: float | None = None
    think_s: float = 1.0
    leg: Leg = field(init=False)
    waited_s: float = field(default=0.0, init=False)
    talked_to: list[str] = field(default_factory=list, init=False)
    _waits_since_s: float | None = field(default=None, init=False)
    _serial: int = field(default=0, init=False)
    _asked: int = field(default=0, init=False)

    def call(self) -> Leg:
        """Call the number."""
        self.leg = self.exchange.call_in(self.ani, self.dnis, watch=self._moved)
        return self.leg

    def _moved(self, leg: Leg) -> None:
        now_s, waiting = self.exchange.time.now_s, leg.waiting
        if leg.in_queue and self._waits_since_s is None:
            self._waits_since_s = now_s
            if self.patience_s is not None:
                since_s = now_s
                self.hang_up(leg, max(0.0, self.patience_s - self.waited_s), lambda: self._waits_since_s == since_s)
        if not leg.in_queue and self._waits_since_s is not None:
            self.waited_s += now_s - self._waits_since_s
            self._waits_since_s = None
        if waiting is None or waiting.waits.serial == self._serial:
            return
        waits = waiting.waits
        if waits.kind == "gather" and waits.listens and waits.open:
            self._serial = waits.serial
            if self._asked < len(self.keys):
                self.press(leg, self.keys[self._asked], self.think_s)
            self._asked += 1
        if waits.kind == "talk":
            self._serial = waits.serial
            self.talked_to.append(waits.name)
            if self.talk_s is not None:
                self.hang_up(leg, self.talk_s)


@dataclass
class ScriptedAgent(_AtThePhone):
    """Somebody at a telephone: answers or not, takes the call or not, talks, and hangs up.

    Parameters
    ----------
    exchange : Exchange
    address : str
        Their telephone.
    does : {"answer", "decline", "ignore", "mailbox", "hang up"}
        ``mailbox`` answers, presses nothing and stays; ``hang up`` answers and hangs up before a key. May be changed
        at any time.
    answer_s, accept_s : float
        Until they pick up, and from the question until they press `key`.
    talk_s : float or None
        How long they talk before they hang up; None: until the other does.
    key : str

    Attributes
    ----------
    rung : list of Leg
        Every call that has rung here.
    talked : list of (CallSid, conference)
        Every conversation.
    """

    address: str = ""
    does: Literal["answer", "decline", "ignore", "mailbox", "hang up"] = "answer"
    answer_s: float = 3.0
    accept_s: float = 1.0
    talk_s: float | None = 60.0
    key: str = "1"
    rung: list[Leg] = field(default_factory=list, init=False)
    talked: list[tuple[str, str]] = field(default_factory=list, init=False)
    _serial: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self.phone: Phone = self.exchange.phone(self.address)
        self.phone.on_ring = self._rings

    def _rings(self, leg: Leg) -> None:
        self.rung.append(leg)
        self._serial = 0
        leg.watch = self._moved
        act = {"decline": self.phone.decline, "ignore": bool}.get(self.does, self.phone.answer)
        self.later(leg, self.answer_s, act)

    def _moved(self, leg: Leg) -> None:
        waits = leg.waiting.waits if leg.waiting else None
        if waits is None or waits.serial == self._serial:
            return
        if waits.kind == "gather" and waits.listens and waits.open:
            self._serial = waits.serial
            if self.does == "answer":
                self.press(leg, self.key, self.accept_s)
            elif self.does == "hang up":
                self.hang_up(leg, self.accept_s)
        if waits.kind == "talk":
            self._serial = waits.serial
            self.talked.append((leg.sid, waits.name))
            if self.talk_s is not None:
                self.hang_up(leg, self.talk_s)
