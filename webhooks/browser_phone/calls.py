"""The calls that pages are making: a limited number, each dropped when its page stays silent for too long."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ivr.phone.call_time import moment_of
from webhooks.browser_phone.call import PhoneCall
from webhooks.browser_phone.reports import Report
from webhooks.browser_phone.view import View
from webhooks.carrier.call import Call
from webhooks.carrier.exchange import Exchange
from webhooks.carrier.exchange.leg import Leg
from webhooks.carrier.protocol import Number, QueueState, Transport
from webhooks.settings.config import Config
from webhooks.settings.rehearsals import Rehearsals

__all__ = ["IDLE_S", "MAX_CALLS", "Calls"]

MAX_CALLS = 50
"""Most calls at the same time; each page makes one."""
IDLE_S = 300.0
"""A page that is silent for this long is gone; a page sends a sign of life every minute."""
_QUEUE = QueueState(position=2, size=2, average_s=150)
"""Another caller is always ahead, so that announcements of position and wait can be heard."""


@dataclass
class _Open:
    phone: PhoneCall
    view: View
    seen_s: float
    leg: Leg | None = None


@dataclass
class Calls:
    """The open calls.

    Parameters
    ----------
    transport : Transport
        Carries requests to the service.
    config : Config
    rehearsals : Rehearsals
        Decisions that a page makes for its call, such as the answer of a lookup.
    now_s : callable
        A monotonic clock, in seconds.
    exchange : Exchange or None
        Where others are on the line too; None: each page plays them for its own call.
    """

    transport: Transport
    config: Config
    rehearsals: Rehearsals
    now_s: Callable[[], float] = time.monotonic
    exchange: Exchange | None = None
    _open: dict[str, _Open] = field(default_factory=dict, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    def begin(self, base: str, ani: str, dnis: str, at: str = "") -> dict[str, Any] | None:
        """Begin a call to the service at an address; None when `MAX_CALLS` are open already.

        Raises
        ------
        ValueError
            If `at` is not a date and time.
        """
        moment = moment_of(self.config.flow, at) if at else None
        self._drop_silent()
        sid = f"CA{secrets.token_hex(16)}"
        token = self.config.auth_token if self.config.checks_signature else ""
        number = Number(f"{base}/voice", status_url=f"{base}/status", auth_token=token, queue=_QUEUE)
        began = moment or self.rehearsals.now(sid)
        phone = PhoneCall(Call(number, sid=sid, began=began, ani=ani, dnis=dnis, others=self.exchange), self.transport)
        leg = self._leg(phone, ani)
        others = partial(self.exchange.others_of, leg) if self.exchange and leg else None
        opened = _Open(phone, View(phone, lambda: self.rehearsals.unanswered(sid), others), self.now_s(), leg)
        with self._lock:
            if len(self._open) >= MAX_CALLS:
                return None
            self._open[sid] = opened
        self.rehearsals.begin(sid, moment)
        with phone.lock:
            if self.exchange and leg:
                self.exchange.add(leg)
            phone.dial()
            self._moved(opened)
            return {"call": sid, "began_ms": round(began.timestamp() * 1_000), **self._told(sid, opened)}

    def take(self, sid: str, report: Report) -> dict[str, Any] | None:
        """The answer to a report, empty for a sign of life; None when there is no such call."""
        self._drop_silent()
        with self._lock:
            opened = self._open.get(sid)
            if opened:
                opened.seen_s = self.now_s()
        if opened is None:
            return None
        if report.what == "here":
            return {}
        with opened.phone.lock:
            if report.what == "news":
                return {} if report.turn == opened.phone.turn else self._told(sid, opened)
            self._take(sid, opened, report)
            self._moved(opened)
            return self._told(sid, opened)

    def _leg(self, phone: PhoneCall, ani: str) -> Leg | None:
        """The call at the exchange; it has begun, since the page begins it."""
        if self.exchange is None:
            return None
        leg = Leg(phone, self.exchange.time, ani, grace_s=phone.grace_s, paced=True)
        leg.lock, leg.begun = phone.lock, True
        return leg

    def _moved(self, opened: _Open) -> None:
        """Tell the exchange that the page has moved its call."""
        if self.exchange and opened.leg:
            opened.leg.set_clock()
            self.exchange.moved(opened.leg)

    def _take(self, sid: str, opened: _Open, report: Report) -> None:
        if not opened.view.asks or report.what == "hangup":
            opened.phone.take(report)
        elif (
            report.what == "answer"
            and (asked := self.rehearsals.unanswered(sid))
            and (told := self.rehearsals.state(sid, report.value, report.values))
        ):
            brought = "".join(f", {name} {text}" for name, text in told.values.items())
            opened.phone.go_on(f"{asked.name} answers: {told.label.replace('_', ' ')}{brought}")

    def _told(self, sid: str, opened: _Open) -> dict[str, Any]:
        if opened.phone.is_over:
            with self._lock:
                self._open.pop(sid, None)
            self.rehearsals.over(sid)
        return opened.view.next()

    def _drop_silent(self) -> None:
        """Hang up the calls whose page is gone."""
        with self._lock:
            gone = [sid for sid, opened in self._open.items() if self.now_s() - opened.seen_s > IDLE_S]
            dropped = [self._open.pop(sid) for sid in gone]
        for opened in dropped:
            with opened.phone.lock:
                opened.phone.take(Report("hangup"))
                self._moved(opened)
            self.rehearsals.over(opened.phone.call.sid)
