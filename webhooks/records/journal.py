"""What a turn of a call leaves for the records, and the thread that writes it down behind the call's back.

A change says what is so, never "one more": written twice, or after a later one, it leaves the same rows. Nothing a
caller typed or said is part of a change, only nodes, outcomes, times, and how many keys.
"""

from __future__ import annotations

import atexit
import logging
import os
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from typing import NamedTuple

from flows.protocol.actions import Action, Dial, Enqueue, Event, Outcome, Passed, Record
from ivr.interpreter.session import Session
from webhooks.security.sealed_cursor import Cursor

__all__ = [
    "TAKEN",
    "CallMoved",
    "CallOver",
    "Change",
    "Journal",
    "MessageLeft",
    "QueueJoined",
    "QueueLeft",
    "StepSeen",
    "WaitAnnounced",
    "changes",
]

TAKEN = "taken"
"""The result of a visit whose talk goes on after it: until the call is over. In records it is handled."""

_log = logging.getLogger("ivr.records")
_FIRST_CHORE_S, _CHORE_EVERY_S = 60.0, 3_600.0
_GLANCE_EVERY_S, _IDLE_S = 1.0, 30.0


class CallMoved(NamedTuple):
    """A call stands somewhere else now.

    Parameters
    ----------
    call_sid : str
    seq : int
        Events handled; a lower one never overwrites a higher one.
    at_us : int
        Microseconds since 1970.
    language : str
    outcome : str
        How the call has ended, or would have if the caller hung up now.
    zero_out, ended, leaves_menu : bool
    caller, caller_shown : str
        Whose call it is, see `webhooks.security.caller_numbers`; empty when that is not kept.
    key_presses : int
        Keys pressed so far.
    """

    call_sid: str
    seq: int
    at_us: int
    language: str
    outcome: str
    zero_out: bool
    ended: bool
    leaves_menu: bool
    caller: str = ""
    caller_shown: str = ""
    key_presses: int = 0


class StepSeen(NamedTuple):
    """A node was entered, and left with `outcome` unless that is None."""

    call_sid: str
    seq: int
    node: str
    outcome: str | None
    at_us: int


class QueueJoined(NamedTuple):
    """The call joined a queue."""

    call_sid: str
    seq: int
    queue: str
    at_us: int


class QueueLeft(NamedTuple):
    """The call left the queue; `waited_us` is the carrier's word for the wait of an answered call."""

    call_sid: str
    seq: int
    queue: str
    result: str
    at_us: int
    waited_us: int | None = None


class WaitAnnounced(NamedTuple):
    """A waiting caller was told how long it takes."""

    call_sid: str
    seq: int
    queue: str
    wait_us: int
    at_us: int


class MessageLeft(NamedTuple):
    """A message was recorded into a box."""

    call_sid: str
    seq: int
    box: str
    url: str
    length_us: int
    at_us: int


class CallOver(NamedTuple):
    """The carrier says that the call is over."""

    call_sid: str
    at_us: int


Change = CallMoved | StepSeen | QueueJoined | QueueLeft | WaitAnnounced | MessageLeft | CallOver


def changes(
    call_sid: str,
    before: Cursor,
    after: Cursor,
    awaited: Action | None,
    event: Event,
    actions: Sequence[Action],
    at_us: int,
    waited_us: int | None = None,
    caller: tuple[str, str] = ("", ""),
    *,
    taken: bool = False,
) -> tuple[Change, ...]:
    """What one turn adds to the records.

    Parameters
    ----------
    call_sid : str
    before, after : Cursor
        Where the call stood and stands.
    awaited : Action or None
        What the call waited on.
    event : Event
    actions : sequence of Action
        As `step` returned them, answered asks left out.
    at_us : int
        Now.
    waited_us : int or None
        Time in the queue, as the carrier tells it.
    caller : (str, str)
        Whose call it is: hash and how it is shown.
    taken : bool
        Whether a desk has taken the call out of the queue, and talks to the caller from now on.
    """
    passed = [action for action in actions if isinstance(action, Passed)]
    if not passed and after == before:
        return ()
    session, last = after.session, actions[-1] if actions else None
    out: list[Change] = [StepSeen(call_sid, before.rows + i, p.node, p.outcome, at_us) for i, p in enumerate(passed)]
    if not session.ended:
        out.append(StepSeen(call_sid, after.rows, session.node, None, at_us))
    if isinstance(awaited, Enqueue) and passed:
        result = _result(event, last)
        waited_us = waited_us if result == "handled" else None
        out.append(
            QueueLeft(
                call_sid,
                before.visits - 1,
                awaited.queue,
                TAKEN if taken and result == "handled" else result,
                at_us,
                waited_us,
            )
        )
    if isinstance(last, Enqueue):
        out.append(QueueJoined(call_sid, after.visits - 1, last.queue, at_us))
    outcome = session.outcome if session.ended else _if_hung_up(session, last)
    # A hang-up is no further event to the interpreter, but it is later than what was before it.
    out.append(
        CallMoved(
            call_sid,
            session.seq + session.ended,
            at_us,
            session.language,
            outcome,
            session.zero_out,
            session.ended,
            isinstance(last, Enqueue | Dial),
            *caller,
            session.key_presses,
        )
    )
    return tuple(out)


def _if_hung_up(session: Session, waits: Action | None) -> str:
    """The outcome `ivr.interpreter.step.step` would give to `HungUp` (a test compares them), without entering the node again."""
    return "abandoned" if isinstance(waits, Enqueue) else session.if_hung_up


def _result(event: Event, last: Action | None) -> str:
    """How a visit to a queue ended, one of ``ivr.records.schema.RESULTS``."""
    label = event.label if isinstance(event, Outcome) else "abandoned"
    if label == "answered":
        return "handled"
    if label in ("abandoned", "full", "closed"):
        return label
    if isinstance(last, Record):
        return "voicemail"
    if isinstance(last, Enqueue):
        return "overflowed"
    return "timeout" if label == "timeout" else "abandoned"


def _kind(error: Exception) -> str:
    return type(error).__name__


class Journal:
    """Writes changes from a thread of its own, in batches; a call never waits for it and never fails with it.

    Parameters
    ----------
    write : callable
        Takes a batch; raises when it cannot be written now. The batch is then kept and tried again.
    capacity : int
        Changes kept while nothing can be written; beyond it the oldest are given up, which the log says.
    pause_s : float
        Time in which changes gather into a batch.
    chore : callable, optional
        What else is done in this thread: a minute after the first call of a process, and every hour.
    glance : callable, optional
        What is done after a batch, and every half a minute without one.
    reason : callable, optional
        Says why nothing could be written; default: the kind of error.
    """

    def __init__(
        self,
        write: Callable[[Sequence[Change]], None],
        *,
        capacity: int = 50_000,
        pause_s: float = 0.1,
        chore: Callable[[], object] = tuple,
        glance: Callable[[], object] = tuple,
        reason: Callable[[Exception], str] = _kind,
    ) -> None:
        self._write, self._reason = write, reason
        self._capacity = capacity
        self._pause_s = pause_s
        self._chore, self._glance = chore, glance
        self._waiting: deque[Change] = deque()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._wake = threading.Event()
        self._process = 0
        self._failing = self._blind = False

    def add(self, new: Sequence[Change]) -> None:
        """Take changes to be written soon."""
        if not new:
            return
        with self._lock:
            self._waiting.extend(new)
            surplus = len(self._waiting) - self._capacity
            for _ in range(surplus):
                self._waiting.popleft()
        if surplus > 0:
            _log.error("records: %d changes given up, the database has been out of reach for too long", surplus)
        if self._process != os.getpid():
            # A thread does not survive a fork, so each process starts its own with its first call.
            self._process = os.getpid()
            threading.Thread(target=self._run, name="ivr-journal", daemon=True).start()
            atexit.register(self.flush)
        if not self._wake.is_set():
            self._wake.set()

    def flush(self) -> bool:
        """Write what is waiting now; False when it could not be written."""
        with self._writing:
            with self._lock:
                batch = tuple(self._waiting)
                self._waiting.clear()
            if not batch:
                return True
            try:
                self._write(batch)
            except Exception as error:  # whatever the database does, calls go on
                with self._lock:
                    self._waiting.extendleft(reversed(batch))
                if not self._failing:
                    _log.warning(
                        "records: cannot be written now (%s); calls go on, records are kept", self._reason(error)
                    )
                self._failing = True
                return False
            if self._failing:
                _log.warning("records: can be written again")
            self._failing = False
            return True

    def _run(self) -> None:
        next_glance, next_chore = 0.0, time.monotonic() + _FIRST_CHORE_S
        while True:
            if self._wake.wait(_IDLE_S):
                self._wake.clear()
                time.sleep(self._pause_s)
                while not self.flush():
                    time.sleep(1.0)
            if time.monotonic() >= next_glance:
                next_glance = time.monotonic() + _GLANCE_EVERY_S
                self._do_glance()
            if time.monotonic() >= next_chore:
                next_chore = time.monotonic() + _CHORE_EVERY_S
                self._do_chore()

    def _do_glance(self) -> None:
        try:
            self._glance()
            self._blind = False
        except Exception as error:  # it is tried again soon; the thread must live
            if not self._blind:
                _log.info("records: whether somebody was erased cannot be seen now (%s)", type(error).__name__)
            self._blind = True

    def _do_chore(self) -> None:
        try:
            self._chore()
        except Exception as error:  # it is tried again in an hour; the thread must live
            _log.warning("records: what is too old cannot be deleted now (%s)", type(error).__name__)
