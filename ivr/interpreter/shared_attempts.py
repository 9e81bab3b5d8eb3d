"""Counts the attempts that several questions share.

A question has failed when it is put again. ``back`` and ``repeat`` put it again too, but are no failures; they do not
come here.
"""

from __future__ import annotations

from dataclasses import replace

from flows.model.flow import Flow
from flows.nodes.base import Move
from ivr.interpreter.session import Session

__all__ = ["tried"]


def tried(flow: Flow, session: Session, move: Move) -> tuple[Session, Move | None]:
    """The session with a move to a question counted, and the move to make instead if it has failed too often.

    Parameters
    ----------
    flow : Flow
    session : Session
        Before the move.
    move : Move
        To a node.

    Examples
    --------
    >>> ask = {"type": "collect", "say": "PIN?", "into": "pin", "digits": "4", "attempts_of": "who", "next": "bye"}
    >>> flow = Flow.model_validate({"ivr": "1", "name": "L", "start": "ask", "attempts": {"who": {"most": "2",
    ...     "next": "bye"}}, "nodes": {"ask": ask, "bye": {"type": "hangup"}}})
    >>> once, _ = tried(flow, Session(), Move("ask"))
    >>> twice, instead = tried(flow, replace(once, node="ask"), Move("ask", 2, "no_match"))
    >>> once.asked, twice.asked, instead
    ((('ask', 1),), (('ask', 2),), None)
    >>> again, instead = tried(flow, replace(twice, attempt=2), Move("ask", 3, "no_match"))
    >>> again.asked, instead.to
    ((), 'bye')
    """
    shared = flow.shared_attempts(move.to) if flow.attempts else None
    further_part = move.to == session.node and (bool(move.phase) or move.attempt > 1)
    if shared is None or (further_part and move.attempt <= session.attempt):
        return session, None
    together = _together(flow, move.to)
    times = dict(session.asked)
    times[move.to] = times.get(move.to, 0) + 1
    if sum(number - 1 for name, number in times.items() if name in together) < shared.most:
        return replace(session, asked=tuple(sorted(times.items()))), None
    # The count begins again, so that callers who are led back are asked again, and not led on at once.
    left = tuple(one for one in session.asked if one[0] not in together)
    return replace(session, asked=left), Move(shared.then)


def _together(flow: Flow, name: str) -> frozenset[str]:
    """The questions that share their attempts with a node, itself included."""
    of = flow.nodes[name].counted_with
    return frozenset(other for other, node in flow.nodes.items() if node.counted_with == of)
