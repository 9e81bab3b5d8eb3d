"""The state of a call that the browser phone shows: where it is, and what may be pressed there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.model.flow import Flow
from flows.protocol.actions import Action, Dial, Enqueue, Listen, Passed, Pay, Say
from ivr.interpreter.session import Session
from ivr.interpreter.step import awaiting

__all__ = ["phone_state"]


def phone_state(flow: Flow, session: Session, actions: tuple[Action, ...]) -> Mapping[str, Any]:
    """The state of a call after a turn, JSON-ready.

    Parameters
    ----------
    flow : Flow
    session : Session
    actions : tuple of Action
        Of the turn.

    Returns
    -------
    mapping
        ``node``, ``language``, ``flow``, ``passed`` (node and outcome of each step), ``said`` (the node of each
        prompt); at the end ``ended``; where keys are accepted ``keys``, ``sensitive``, ``finish_key`` and ``entry``
        (least and most digits of a number); in a queue ``keys``, ``queue`` and ``max_wait_s``; where somebody is
        dialled ``asks``, whether they must accept.
    """
    last = awaiting(flow, session)
    state: dict[str, Any] = {"node": session.node, "language": session.language, "flow": flow.name}
    state["passed"] = [[a.node, a.outcome] for a in actions if isinstance(a, Passed)]
    state["said"] = _said_at(actions, session.node)
    if session.ended:
        state["ended"] = session.outcome
    if isinstance(last, Listen):
        entry = flow.nodes[session.node].entry(session.here(flow))
        state |= {"keys": list(last.keys), "sensitive": last.sensitive, "finish_key": last.finish_key, "entry": entry}
    if isinstance(last, Dial):
        state["asks"] = last.accept is not None
    if isinstance(last, Pay):
        state |= {"keys": list("1234567890*#"), "sensitive": True, "finish_key": "#", "entry": None}
    if isinstance(last, Enqueue):
        state |= {"keys": list(last.keys), "queue": last.queue, "max_wait_s": last.max_wait_s}
    return state


def _said_at(actions: tuple[Action, ...], node: str) -> list[str]:
    """The node in which each prompt is said: the next one passed, else the current one."""
    places: list[str] = []
    said = 0
    for action in actions:
        said += isinstance(action, Say)
        if isinstance(action, Passed):
            places += [action.node] * said
            said = 0
    return places + [node] * said
