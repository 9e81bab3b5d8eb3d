"""What a turn of a call adds to the records.

A change states a fact, never an increment: written twice, or after a later one, it leaves the same rows. It holds
nothing that a caller typed or said, only nodes, outcomes, times, and the number of keys.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flows.protocol.actions import Action, Dial, Enqueue, Event, Outcome, Passed, Record
from ivr.interpreter.session import Session
from webhooks.security.sealed_cursor import Cursor

__all__ = [
    "TAKEN",
    "CallMoved",
    "CallOver",
    "Change",
    "MessageLeft",
    "QueueJoined",
    "QueueLeft",
    "StepSeen",
    "WaitAnnounced",
    "changes",
]

TAKEN = "taken"
"""Result of a visit that an agent took over through the REST API: the talk lasts until the call ends."""


class CallMoved(NamedTuple):
    """A call has moved on.

    Parameters
    ----------
    call_sid : str
    seq : int
        Events handled so far; a lower number never overwrites a higher one.
    at_us : int
        Microseconds since 1970.
    language : str
    outcome : str
        How the call ended, or would end if the caller hung up now.
    zero_out, ended, leaves_menu : bool
    caller, caller_shown : str
        The caller, see `webhooks.security.caller_numbers`; empty when not kept.
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
    """The call left the queue; `waited_us` is the wait of an answered call, as the carrier reports it."""

    call_sid: str
    seq: int
    queue: str
    result: str
    at_us: int
    waited_us: int | None = None


class WaitAnnounced(NamedTuple):
    """A waiting caller was told the expected wait."""

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
    """The carrier reports that the call is over."""

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
        Where the call was before the turn, and is after it.
    awaited : Action or None
        What the call waited on.
    event : Event
    actions : sequence of Action
        As `step` returned them, without the questions already answered.
    at_us : int
        Now.
    waited_us : int or None
        Time in the queue, as the carrier reports it.
    caller : (str, str)
        Hash of the caller's number, and its masked form.
    taken : bool
        Whether an agent took the call out of the queue through the REST API and is now talking to the caller.
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
    # The interpreter does not count a hang-up as an event, but its row must count as newer than the one before.
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
    """The outcome that `step` gives to `HungUp`, without entering the node again; a test compares them."""
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
