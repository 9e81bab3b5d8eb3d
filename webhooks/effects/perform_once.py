"""Carries out each effect of a call once, however often a webhook is repeated."""

from __future__ import annotations

import json
import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as NotYet
from contextlib import ExitStack, contextmanager

from flows.protocol.actions import Book, Effect, Fetch, Outcome
from flows.protocol.http_answer import TIMEOUT
from webhooks.security.sealed_cursor import CursorError, Seal
from webhooks.settings.services import Services
from webhooks.store import UNREACHABLE
from webhooks.store.effect_ledger import EffectLedger, LedgerEntry

__all__ = ["Effects", "NoRoomError", "failed", "late"]

_log = logging.getLogger("ivr.effects")
_KEPT = 10_000
_LEAST_S = 0.1


class NoRoomError(Exception):
    """This process already has as many effects under way as it is allowed."""


def failed(effect: Effect) -> Outcome:
    """The outcome of an effect that could not be carried out.

    Examples
    --------
    >>> from flows.protocol.actions import Send
    >>> failed(Send("link", "+14155550123", "See example.com.", "en-US", ("sent", "failed", "no_mobile"))).label
    'failed'
    """
    return Outcome("failure" if isinstance(effect, Fetch) else "failed")


class Effects:
    """Carries out each effect of each call once, and gives a repeated webhook the same answer.

    Parameters
    ----------
    services : Services
    seal : Seal
        Encrypts the answers that are kept.
    table : EffectLedger or None
        None when there is no database: only this process then recognises repeated webhooks.
    stated : mapping of str to Outcome
        Answers by node, used instead of asking a service (in development).
    """

    def __init__(
        self, services: Services, seal: Seal, table: EffectLedger | None, stated: Mapping[str, Outcome]
    ) -> None:
        self._services, self._seal, self._table, self._stated = services, seal, table, stated
        self._lock = threading.Lock()
        self._here: OrderedDict[tuple[str, int], Future[Outcome]] = OrderedDict()
        self._room: threading.Semaphore | None = None

    def limit(self, at_once: int) -> None:
        """Limit the effects under way, so that the threads of this process never all wait for services at once."""
        self._room = threading.BoundedSemaphore(at_once)

    def answer(self, effect: Effect, *, call_sid: str, seq: int, deadline: float, patience_s: float = 0.0) -> Outcome:
        """The outcome of an effect, carried out now unless it was carried out before.

        Parameters
        ----------
        effect : Effect
        call_sid : str
        seq : int
            Row of the steps table the effect belongs to.
        deadline : float
            Moment of `time.monotonic` by which the webhook must answer.
        patience_s : float
            Seconds to wait for room, where there is a limit.

        Raises
        ------
        NoRoomError
            When there is no room; the effect has then not been carried out.
        """
        stated = self._stated.get(effect.name)
        if stated and stated.label in effect.labels:
            return stated
        with self._lock:
            known = self._here.get((call_sid, seq))
        if known is None:
            with self._space(patience_s):
                mine: Future[Outcome] = Future()
                with self._lock:
                    known = self._here.setdefault((call_sid, seq), mine)
                    if len(self._here) > _KEPT:
                        self._here.popitem(last=False)
                if known is mine:
                    return self._answered(mine, effect, call_sid, seq, deadline)
        try:
            return known.result(max(0.0, deadline - time.monotonic()))
        except NotYet:
            return late(effect)

    @contextmanager
    def _space(self, patience_s: float) -> Iterator[None]:
        if self._room is None:
            yield
            return
        if not self._room.acquire(timeout=patience_s):
            raise NoRoomError
        try:
            yield
        finally:
            self._room.release()

    def _answered(self, mine: Future[Outcome], effect: Effect, call_sid: str, seq: int, deadline: float) -> Outcome:
        outcome = failed(effect)
        try:
            outcome = self._once(effect, call_sid, seq, deadline)
        except Exception as error:  # whatever a service does, the call goes on
            _log.error("%s: %s", effect.name, type(error).__name__)
        finally:
            mine.set_result(outcome)
        return outcome

    def forget(self) -> None:
        """Drop the answers held in memory; those that were not erased are still in the ledger."""
        with self._lock:
            for key in [key for key, answer in self._here.items() if answer.done()]:
                del self._here[key]

    def _once(self, effect: Effect, call_sid: str, seq: int, deadline: float) -> Outcome:
        left_s = deadline - time.monotonic()
        if left_s <= 0:
            return late(effect)
        if self._table is None:
            return self._perform(effect, call_sid, seq, left_s)
        with ExitStack() as stack:
            try:
                place = stack.enter_context(self._table.entry(call_sid, seq, patience_s=_patience_s(effect, left_s)))
                begun = place.alone and place.begin(effect.name, time.time_ns() // 1_000)
                known = "" if begun else place.answer()
            except UNREACHABLE as error:
                # Another worker may have done it: asking again is harmless, sending again is not.
                _log.warning("%s: the ledger is out of reach (%s)", effect.name, type(error).__name__)
                return (
                    self._perform(effect, call_sid, seq, max(deadline - time.monotonic(), _LEAST_S))
                    if _repeatable(effect)
                    else failed(effect)
                )
            if known:
                return self._opened(effect, call_sid, seq, known)
            if not begun and not _repeatable(effect):
                if not place.alone:
                    return late(effect)  # the worker that has it will keep the outcome
                _log.warning("%s: begun by a worker that died before it was done; taken as failed", effect.name)
                return self._kept(place, effect, call_sid, seq, failed(effect))
            outcome = self._perform(effect, call_sid, seq, max(deadline - time.monotonic(), _LEAST_S))
            return self._kept(place, effect, call_sid, seq, outcome)

    def _perform(self, effect: Effect, call_sid: str, seq: int, seconds: float) -> Outcome:
        outcome = self._services.perform(effect, call_sid=call_sid, seq=seq, seconds=seconds)
        return outcome if outcome.label in effect.labels else failed(effect)

    def _kept(self, place: LedgerEntry, effect: Effect, call_sid: str, seq: int, outcome: Outcome) -> Outcome:
        """The answer to keep: the first from any worker, so that two workers never give different answers."""
        mine = self._seal.hide(
            json.dumps([outcome.label, dict(outcome.values)], ensure_ascii=False), f"{call_sid} {seq}"
        )
        try:
            first = place.finish(mine)
        except UNREACHABLE as error:
            _log.warning(
                "the ledger cannot be written now (%s); a repeated webhook may do this again", type(error).__name__
            )
            return outcome
        return outcome if first in ("", mine) else self._opened(effect, call_sid, seq, first)

    def _opened(self, effect: Effect, call_sid: str, seq: int, kept: str) -> Outcome:
        try:
            label, values = json.loads(self._seal.shown(kept, f"{call_sid} {seq}"))
        except CursorError:
            _log.warning("%s: its answer was encrypted with a key that is no longer known", effect.name)
            return failed(effect)
        return Outcome(label, values)


def _repeatable(effect: Effect) -> bool:
    """Whether it is harmless to repeat: a callback has one row; for lookups see `flows.protocol.actions.Fetch`."""
    return isinstance(effect, Book) or (isinstance(effect, Fetch) and effect.repeatable)


def _patience_s(effect: Effect, left_s: float) -> float:
    """Seconds to wait for another worker: all that remain, less those needed to ask again."""
    if not _repeatable(effect):
        return left_s
    needed_s = effect.timeout_s if isinstance(effect, Fetch) else 0.0
    return max(left_s - needed_s, left_s / 2)


def late(effect: Effect) -> Outcome:
    """The outcome of an effect that ran out of time."""
    return Outcome(TIMEOUT) if isinstance(effect, Fetch) else failed(effect)
