"""What the stages of a turn pass to each other."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from flows.model.flow import Flow
from flows.protocol.actions import EFFECTS, Action, Event
from ivr.interpreter.action_cache import Enter
from webhooks.security.sealed_cursor import Cursor

__all__ = ["Turn"]


@dataclass(frozen=True)
class Turn:
    """One turn of a call. Each stage returns it with its own fields filled in.

    Parameters
    ----------
    call_sid : str
    flow : Flow
        The version that the call is on.
    entering : Enter
        Gives the actions of a node of `flow`, from a cache.
    now : datetime
        The time of the call, with its time zone.
    before : Cursor
        Where the call was when the request arrived.
    awaited : Action or None
        What it waited for; None before the call has begun.
    event : Event or None
        What has happened; None when the request carries nothing that the call waits for.
    actions : tuple of Action
        What the caller hears and the call then waits for, with the nodes it passed.
    after : Cursor or None
        Where the call is afterwards; None before `webhooks.turn.stages.advance`.
    """

    call_sid: str
    flow: Flow
    entering: Enter
    now: dt.datetime
    before: Cursor
    awaited: Action | None = None
    event: Event | None = None
    actions: tuple[Action, ...] = ()
    after: Cursor | None = None

    @property
    def stands(self) -> Cursor:
        """Where the call is now."""
        return self.after or self.before

    @property
    def repeats(self) -> bool:
        """Whether nothing has happened, so that the caller hears the last prompts again."""
        return self.event is None and not isinstance(self.awaited, EFFECTS)
