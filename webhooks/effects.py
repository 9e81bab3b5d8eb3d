"""What a call does to the world: lookups, text messages, call backs; each once, however often a webhook is repeated."""

from __future__ import annotations

import json
import logging
import os
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from dataclasses import dataclass, field
from typing import Protocol, assert_never

from flows.answers import TIMEOUT
from flows.protocol import Book, Effect, Fetch, Outcome, Send
from webhooks.cursor import CursorError, Seal
from webhooks.fetch import fetch
from webhooks.store import UNREACHABLE
from webhooks.store_effects import CallBacks, EffectTable

__all__ = ["Effects", "Services", "World", "failed"]

_log = logging.getLogger("ivr.effects")
_KEPT = 10_000
_POLL_S = 0.1
_MESSAGE_S = 5.0
_NO_MOBILE = {21211, 21217, 21614, 30006}
"""Twilio's errors for a number that is none, or takes no text messages."""


class Services(Protocol):
    """Whoever carries effects out."""

    def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
        """Carry out an effect within some seconds; must not raise."""


def failed(effect: Effect) -> Outcome:
    """The label for what could not be done.

    Examples
    --------
    >>> failed(Send("link", "+14155550123", "See example.com.", "en-US", ("sent", "failed", "no_mobile"))).label
    'failed'
    """
    return Outcome("failure" if isinstance(effect, Fetch) else "failed")


@dataclass
class World:
    """The real thing.

    Parameters
    ----------
    allowed_hosts : tuple of str
        Hosts of lookups that need not be public.
    account_sid, auth_token, messages_from : str
        Twilio's account, and the number text messages come from; without them no message is sent.
    pretend : bool
        In development: without an account messages count as sent, and without a database call backs as booked.
    callbacks : CallBacks or None
    clock_us : callable
        Microseconds since 1970.
    """

    allowed_hosts: tuple[str, ...] = ()
    account_sid: str = ""
    auth_token: str = field(default="", repr=False)
    messages_from: str = ""
    pretend: bool = False
    callbacks: CallBacks | None = None
    clock_us: Callable[[], int] = lambda: time.time_ns() // 1_000

    def perform(self, effect: Effect, *, call_sid: str, seq: int, seconds: float) -> Outcome:
        """Carry out an effect."""
        match effect:
            case Fetch():
                return fetch(effect, seconds=seconds, allowed=self.allowed_hosts, environ=os.environ)
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
            _log.warning("text message of %s: no account to send it from%s", message.name, "; taken as sent" if self.pretend else "")
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
            _log.warning("call back of %s: no database to keep it in%s", book.name, "; taken as booked" if self.pretend else "")
            return Outcome("booked" if self.pretend else "failed")
        return Outcome("booked" if self.callbacks.promise(book, call_sid, seq, self.clock_us()) else "failed")


class Effects:
    """Carries out each effect of each call once, and answers a repeated webhook with what came of it.

    Parameters
    ----------
    services : Services
    seal : Seal
        Hides what is kept of answers.
    table : EffectTable or None
        None when there is no database: repeated webhooks are then recognised by this process alone.
    stated : mapping of str to Outcome
        Answers by node that are stated instead (in development).
    """

    def __init__(self, services: Services, seal: Seal, table: EffectTable | None, stated: Mapping[str, Outcome]) -> None:
        self._services, self._seal, self._table, self._stated = services, seal, table, stated
        self._lock = threading.Lock()
        self._here: OrderedDict[tuple[str, int], Future[Outcome]] = OrderedDict()

    def answer(self, effect: Effect, *, call_sid: str, seq: int, deadline: float) -> Outcome:
        """What came of an effect: done now, or before.

        Parameters
        ----------
        effect : Effect
        call_sid : str
        seq : int
            Row of the steps table the effect belongs to.
        deadline : float
            Moment of `time.monotonic` by which the webhook must answer.
        """
        stated = self._stated.get(effect.name)
        if stated and stated.label in effect.labels:
            return stated
        with self._lock:
            known = self._here.get((call_sid, seq))
            mine: Future[Outcome] = Future()
            if known is None:
                self._here[call_sid, seq] = mine
                if len(self._here) > _KEPT:
                    self._here.popitem(last=False)
        if known is not None:
            try:
                return known.result(max(0.0, deadline - time.monotonic()))
            except NotYet:
                return _late(effect)
        outcome = failed(effect)
        try:
            outcome = self._once(effect, call_sid, seq, deadline)
        except Exception as error:  # nothing that a service does may cost the call
            _log.error("%s: %s", effect.name, type(error).__name__)
        finally:
            mine.set_result(outcome)
        return outcome

    def _once(self, effect: Effect, call_sid: str, seq: int, deadline: float) -> Outcome:
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            return _late(effect)
        if self._table is None:
            return self._perform(effect, call_sid, seq, left_s)
        try:
            begun = self._table.begin(call_sid, seq, effect.name, time.time_ns() // 1_000)
        except UNREACHABLE as error:
            # Without the ledger nothing says whether another worker has done it: asking again is harmless, sending is not.
            _log.warning("%s: the ledger is out of reach (%s)", effect.name, type(error).__name__)
            return self._perform(effect, call_sid, seq, left_s) if _harmless(effect) else failed(effect)
        if begun:
            outcome = self._perform(effect, call_sid, seq, left_s)
            self._keep(call_sid, seq, outcome)
            return outcome
        return self._elsewhere(effect, call_sid, seq, deadline)

    def _perform(self, effect: Effect, call_sid: str, seq: int, seconds: float) -> Outcome:
        outcome = self._services.perform(effect, call_sid=call_sid, seq=seq, seconds=seconds)
        return outcome if outcome.label in effect.labels else failed(effect)

    def _keep(self, call_sid: str, seq: int, outcome: Outcome) -> None:
        assert self._table is not None
        text = self._seal.hide(json.dumps([outcome.label, dict(outcome.values)], ensure_ascii=False), f"{call_sid} {seq}")
        try:
            self._table.finish(call_sid, seq, text)
        except UNREACHABLE as error:
            _log.warning("the ledger cannot be written now (%s); a repeated webhook will not know", type(error).__name__)

    def _elsewhere(self, effect: Effect, call_sid: str, seq: int, deadline: float) -> Outcome:
        """Wait for another worker that is at it; what was begun and never finished is not done twice, but asked again."""
        assert self._table is not None
        while True:
            try:
                text = self._table.answer(call_sid, seq)
                if text:
                    label, values = json.loads(self._seal.shown(text, f"{call_sid} {seq}"))
                    return Outcome(label, values)
            except (*UNREACHABLE, CursorError) as error:
                _log.warning("%s: the ledger cannot be read now (%s)", effect.name, type(error).__name__)
            left_s = deadline - time.monotonic()
            if _harmless(effect) and left_s < effect.timeout_s:  # type: ignore[union-attr]
                return self._perform(effect, call_sid, seq, max(left_s, 0.1))
            if left_s <= 0:
                return _late(effect)
            time.sleep(min(_POLL_S, left_s))


def _harmless(effect: Effect) -> bool:
    """Whether doing it twice changes nothing."""
    return isinstance(effect, Fetch) and effect.method == "GET"


def _late(effect: Effect) -> Outcome:
    return Outcome(TIMEOUT) if isinstance(effect, Fetch) else failed(effect)
