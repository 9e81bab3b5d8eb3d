"""Carries out effects for real: HTTP lookups, Twilio's text messages, callbacks in the database."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, assert_never

from flows.protocol.actions import Book, Effect, Fetch, Outcome, Send
from flows.values.units import US_PER_S
from webhooks.effects.http_lookup import fetch
from webhooks.effects.later import within_day
from webhooks.effects.text_messages import TextMessages, TryAgainError, as_kept
from webhooks.store import UNREACHABLE
from webhooks.store.effect_ledger import Callbacks
from webhooks.store.failure_reason import failure_reason
from webhooks.store.later_messages import LaterMessages, OptOuts
from webhooks.store.places import Places

__all__ = ["LiveServices"]

_log = logging.getLogger("ivr.effects")
_MESSAGE_S = 5.0


@dataclass
class LiveServices:
    """The services of a line that answers real calls.

    Parameters
    ----------
    allowed_hosts : tuple of str
        Hosts of lookups that need not be public.
    texts : TextMessages
        Twilio's account, and the numbers text messages come from; without them no message is sent.
    later : LaterMessages or None
        Keeps messages until they are due.
    opted_out : OptOuts or None
        Numbers that want no messages.
    zone : callable
        The time zone of the line.
    pretend : bool
        In development: without an account, messages count as sent; without a database, callbacks count as booked.
    callbacks : Callbacks or None
    clock_us : callable
        Microseconds since 1970.
    tell_why : callable
        Receives the reason for a failed lookup, with its call and row.
    """

    allowed_hosts: tuple[str, ...] = ()
    texts: TextMessages = field(default_factory=TextMessages)
    later: LaterMessages | None = None
    opted_out: OptOuts | None = None
    zone: Callable[[], str] = lambda: "UTC"
    pretend: bool = False
    callbacks: Callbacks | None = None
    clock_us: Callable[[], int] = lambda: time.time_ns() // 1_000
    tell_why: Callable[[str, int, str], None] = lambda call_sid, seq, why: None

    def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
        """Carry out an effect."""
        match effect:
            case Fetch():
                return fetch(
                    effect,
                    seconds=seconds,
                    key=_key(call_sid, seq),
                    allowed=self.allowed_hosts,
                    environ=os.environ,
                    tell_why=lambda why: self.tell_why(call_sid, seq, why),
                )
            case Send():
                return self._send(effect, call_sid, seq, min(seconds, _MESSAGE_S))
            case Book():
                return self._book(effect, call_sid, seq)
            case _:
                assert_never(effect)

    def _send(self, message: Send, call_sid: str, seq: int, seconds: float) -> Outcome:
        if not message.to.startswith("+"):
            return Outcome("no_mobile")
        if self._opted_out(message.to):
            return Outcome("stopped" if "stopped" in message.labels else "failed")
        if not self.texts.sender(message.channel):
            _log.warning(
                "text message of %s: no account to send it from%s",
                message.name,
                "; taken as sent" if self.pretend else "",
            )
            return Outcome("sent" if self.pretend else "failed")
        kept = as_kept(message)
        if message.after_s:
            return Outcome(self._keep(message, kept, call_sid, seq))
        try:
            label = self.texts.send(message.to, kept, seconds)
        except TryAgainError:
            return Outcome("failed")
        if label == "stopped" and self.opted_out:
            self.opted_out.add(message.to, self.clock_us())
        return Outcome(label if label in message.labels else "failed")

    def _opted_out(self, number: str) -> bool:
        """Whether a number wants no messages; one of which that cannot be known now gets none."""
        try:
            return self.opted_out is not None and self.opted_out.has(number)
        except UNREACHABLE as error:
            _log.warning("who wants no messages cannot be read now (%s); none is sent", failure_reason(error))
            return True

    def _keep(self, message: Send, kept: Mapping[str, Any], call_sid: str, seq: int) -> str:
        """Keep a message for later: ``sent``, or ``failed`` where that is not possible."""
        if self.later is None:
            _log.warning("text message of %s: no database to keep it in until it is due", message.name)
            return "failed"
        now_us = self.clock_us()
        due_us = within_day(now_us + round(message.after_s * US_PER_S), message.within, self.zone())
        try:
            self.later.keep((call_sid, seq), message.to, kept, due_us, now_us)
        except UNREACHABLE as error:
            _log.error("a message for later could not be kept (%s)", failure_reason(error))
            return "failed"
        return "sent"

    def _book(self, book: Book, call_sid: str, seq: int) -> Outcome:
        if self.callbacks is None:
            _log.warning(
                "callback of %s: no database to keep it in%s", book.name, "; taken as booked" if self.pretend else ""
            )
            return Outcome("booked" if self.pretend else "failed")
        if book.capacity:
            return Outcome(Places(self.callbacks.store).book(book, call_sid, seq, self.clock_us()))
        return Outcome("booked" if self.callbacks.promise(book, call_sid, seq, self.clock_us()) else "failed")


def _key(call_sid: str, seq: int) -> str:
    """A key that is the same for every try of an effect, on every machine, and reveals nothing about the call."""
    return hashlib.sha256(f"effect {call_sid} {seq}".encode()).hexdigest()[:32]
