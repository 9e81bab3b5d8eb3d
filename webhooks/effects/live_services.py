"""Carries out effects for real: HTTP lookups, Twilio's text messages, callbacks in the database."""

from __future__ import annotations

import hashlib
import logging
import os
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import assert_never

from flows.protocol.actions import Book, Effect, Fetch, Outcome, Send
from webhooks.effects.http_lookup import fetch
from webhooks.store.effect_ledger import Callbacks
from webhooks.store.places import Places

__all__ = ["LiveServices"]

_log = logging.getLogger("ivr.effects")
logging.getLogger("twilio.http_client").setLevel(logging.WARNING)  # it logs the account, the number and all headers
_MESSAGE_S = 5.0
_NO_MOBILE = {21211, 21217, 21614, 30006}
"""Twilio's errors for a malformed number, or one that cannot receive text messages."""


@dataclass
class LiveServices:
    """The services of a line that answers real calls.

    Parameters
    ----------
    allowed_hosts : tuple of str
        Hosts of lookups that need not be public.
    account_sid, auth_token, messages_from : str
        Twilio's account, and the number text messages come from; without them no message is sent.
    pretend : bool
        In development: without an account, messages count as sent; without a database, callbacks count as booked.
    callbacks : Callbacks or None
    clock_us : callable
        Microseconds since 1970.
    tell_why : callable
        Receives the reason for a failed lookup, with its call and row.
    """

    allowed_hosts: tuple[str, ...] = ()
    account_sid: str = ""
    auth_token: str = field(default="", repr=False)
    messages_from: str = ""
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
                return self._send(effect, min(seconds, _MESSAGE_S))
            case Book():
                return self._book(effect, call_sid, seq)
            case _:
                assert_never(effect)

    def _send(self, message: Send, seconds: float) -> Outcome:
        if not message.to.startswith("+"):
            return Outcome("no_mobile")
        if not (self.account_sid and self.auth_token and self.messages_from):
            _log.warning(
                "text message of %s: no account to send it from%s",
                message.name,
                "; taken as sent" if self.pretend else "",
            )
            return Outcome("sent" if self.pretend else "failed")
        from twilio.base.exceptions import TwilioRestException
        from twilio.http.http_client import TwilioHttpClient
        from twilio.rest import Client

        client = Client(self.account_sid, self.auth_token, http_client=TwilioHttpClient(timeout=seconds))
        try:
            client.messages.create(to=message.to, from_=self.messages_from, body=message.text[:1_600])
        except TwilioRestException as error:
            _log.warning("text message of %s: error %s", message.name, error.code)
            return Outcome("no_mobile" if error.code in _NO_MOBILE else "failed")
        except Exception as error:  # whatever the network does, the call goes on
            _log.warning("text message of %s: %s", message.name, type(error).__name__)
            return Outcome("failed")
        return Outcome("sent")

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
