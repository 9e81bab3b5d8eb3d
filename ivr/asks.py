"""Answers to what the core does not know and every driver can tell it: at present, the clock."""

from __future__ import annotations

import datetime as dt

from flows.model import Flow
from flows.protocol import Action, Ask, Event
from flows.protocol import Outcome as Answer
from ivr.session import Session
from ivr.step import step

__all__ = ["advance", "answer"]


def answer(flow: Flow, ask: Ask, now: dt.datetime) -> Answer:
    """The answer to an `Ask` at a moment.

    Parameters
    ----------
    flow : Flow
    ask : Ask
    now : datetime
        With a time zone.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup"}},
    ...     "hours": {"office": {"zone": "UTC", "mon-fri": "08:00-20:00"}}})
    >>> answer(flow, Ask("hours", "office", ("open", "closed")), dt.datetime(2026, 11, 22, tzinfo=dt.timezone.utc)).label
    'closed'
    """
    hours = flow.hours.get(ask.name)
    return Answer(hours.label(now) if hours else ask.labels[-1])


def advance(flow: Flow, session: Session, event: Event, now: dt.datetime) -> tuple[Session, tuple[Action, ...]]:
    """`step`, with every `Ask` answered by the clock: the actions end in something a caller notices.

    Parameters
    ----------
    flow : Flow
    session : Session
    event : Event
    now : datetime
        With a time zone.

    Returns
    -------
    session, actions
        As from `ivr.step.step`; no action is an `Ask`.
    """
    session, actions = step(flow, session, event)
    said = list(actions)
    while said and isinstance(said[-1], Ask):
        session, more = step(flow, session, answer(flow, said.pop(), now))
        said += more
    return session, tuple(said)
