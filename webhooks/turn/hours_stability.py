"""Whether opening hours may have changed a moment ago; only then does a repeated webhook need to look up its first
answer.
"""

from __future__ import annotations

import datetime as dt

from flows.model.flow import Flow
from flows.protocol.actions import Ask
from ivr.interpreter.clock_and_chance import answer

__all__ = ["REPEATED_MINUTES", "HoursStability"]

REPEATED_MINUTES = 15
"""A carrier repeats a webhook for a minute or two at most (Twilio for 15 s)."""


class HoursStability:
    """Remembers for each minute whether the opening hours have been the same for `REPEATED_MINUTES`.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}},
    ...     "hours": {"office": {"zone": "UTC", "mon-fri": "08:00-20:00"}}})
    >>> stable, ask = HoursStability(), Ask("hours", "office", ("open", "closed"))
    >>> [stable(flow, ask, dt.datetime(2026, 11, 23, 8, minute, 59, tzinfo=dt.UTC)) for minute in (14, 15)]
    [False, True]
    """

    def __init__(self) -> None:
        self._known: dict[tuple[str, Ask], tuple[dt.datetime, bool]] = {}

    def __call__(self, flow: Flow, ask: Ask, now: dt.datetime) -> bool:
        """Whether `ask` has had the same answer all that time; a draw of a call never changes, a list at any moment."""
        if ask.what in ("draw", "today"):
            return True
        if ask.what == "list":
            return False
        minute, asked = now.replace(second=0, microsecond=0), (flow.digest, ask)
        known = self._known.get(asked)
        if known is None or known[0] != minute:
            # Hours begin and end with a minute, so all seconds of a minute have the same answer.
            told = {answer(flow, ask, minute - dt.timedelta(minutes=ago)).label for ago in range(REPEATED_MINUTES + 1)}
            known = self._known[asked] = minute, len(told) == 1
        return known[1]
