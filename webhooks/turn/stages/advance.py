"""The third stage of a turn: the call goes through the flow until the caller hears something or has to wait."""

from __future__ import annotations

import time
from dataclasses import replace

from flows.protocol.actions import EFFECTS, Action, Ask, Dial, Effect, Enqueue, Outcome, Passed
from ivr.interpreter.session import Session
from ivr.interpreter.step import step
from webhooks.effects.perform_once import late
from webhooks.security.sealed_cursor import Cursor
from webhooks.turn.outside import Outside
from webhooks.turn.turn import Turn

__all__ = ["TURN_S", "advance"]

TURN_S = 8.0
"""Seconds for everything that a turn asks of services. Twilio waits 15 s for a document; a proxy in between waits
less."""
_Asked = Ask | Effect
"""What the flow waits for but the caller does not notice."""
_MOST_PUT_OFF = 5
"""How often a call is put off by `webhooks.twilio.twiml.PUT_OFF_S` before the flow goes on without the effect."""


def advance(turn: Turn, outside: Outside, waited_s: float) -> Turn:
    """The turn with its actions, and where the call is after them.

    Each question of the flow is answered and each effect carried out as soon as it comes up. An effect for which there
    is no room now ends the turn: the caller hears a pause, and the next request tries again.

    Parameters
    ----------
    turn : Turn
    outside : Outside
    waited_s : float
        Seconds the request waited for a thread; they count towards `TURN_S`.
    """
    flow, session = turn.flow, turn.before.session
    if turn.repeats:
        return replace(turn, actions=step(flow, session, Outcome(""), entering=turn.entering)[1])
    deadline, patience_s = time.monotonic() + TURN_S - waited_s, outside.patience_s(waited_s)
    actions: list[Action] = [turn.awaited] if turn.awaited else []
    if turn.event is not None:
        session, first = step(flow, session, turn.event, entering=turn.entering)
        actions = list(first)
    while actions and isinstance(asked := actions[-1], _Asked | Dial):
        row = turn.before.rows + _passed(actions)
        if isinstance(asked, Dial):
            if session == turn.before.session or outside.may_dial(turn, session, asked):
                break
            outcome: Outcome = Outcome("failed")
        elif isinstance(asked, Ask):
            outcome = outside.answer(turn, session, asked, row)
        else:
            found = outside.carry_out(turn, session, asked, row, deadline=deadline, patience_s=patience_s)
            if found is None and turn.before.put_off < _MOST_PUT_OFF:
                break
            outcome = found or late(asked)
        session, more = step(flow, session, outcome, entering=turn.entering)
        actions[-1:] = more
    return replace(turn, actions=tuple(actions), after=_after(turn.before, session, actions))


def _after(before: Cursor, session: Session, actions: list[Action]) -> Cursor:
    passed, last = _passed(actions), actions[-1] if actions else None
    joined = isinstance(last, Enqueue) and (passed > 0 or not before.visits)  # a line may begin in a queue
    put_off = before.put_off + 1 if isinstance(last, EFFECTS) else 0
    return Cursor(session, before.digest, before.rows + passed, before.visits + joined, put_off)


def _passed(actions: list[Action]) -> int:
    """How many nodes the call has left behind."""
    return sum(isinstance(action, Passed) for action in actions)
