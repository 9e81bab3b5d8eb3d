"""The actions of a node when a call enters it, cached where they depend on no value of the call."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from flows.model.flow import Flow
from flows.protocol.actions import Action
from ivr.interpreter.session import Session

__all__ = ["Enter", "Remembered", "enter"]

Enter = Callable[[Flow, Session], tuple[Action, ...]]
"""Gives the actions of a session's current node, as `enter` does."""
_MOST = 20_000


def enter(flow: Flow, session: Session) -> tuple[Action, ...]:
    """The actions of the current node of `session`."""
    return flow.nodes[session.node].enter(session.here(flow))


class Remembered:
    """`enter` with a cache, for one flow and many calls; safe to call from any thread.

    A node's ``enter`` is pure, so what it reads depends only on the state of the dialogue: if it reads no value the
    first time, it never does, and its actions are the same for every call.

    Parameters
    ----------
    flow : Flow

    Raises
    ------
    ValueError
        On a call with another flow.

    Examples
    --------
    >>> nodes = {"bye": {"type": "hangup", "say": "Goodbye."}}
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": nodes})
    >>> remembered, session = Remembered(flow), Session(node="bye", language="en-US")
    >>> remembered(flow, session) is remembered(flow, session), remembered(flow, session) == enter(flow, session)
    (True, True)
    """

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._known: dict[tuple[str | int, ...], tuple[Action, ...] | None] = {}

    def __call__(self, flow: Flow, session: Session) -> tuple[Action, ...]:
        if flow is not self.flow:
            raise ValueError("this cache belongs to another flow")
        state = session.dialogue
        actions = self._known.get(state)
        if actions is not None:
            return actions
        if state in self._known:
            return enter(flow, session)
        values = _NotingValues(session.here(flow).values or {})
        actions = flow.nodes[session.node].enter(session.here(flow, values=values))
        if len(self._known) < _MOST:
            self._known[state] = None if values.were_read else actions
        return actions


class _NotingValues(Mapping[str, str]):
    """Values that record whether they were read."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values, self.were_read = values, False

    def __getitem__(self, name: str) -> str:
        self.were_read = True
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        self.were_read = True
        return iter(self._values)

    def __len__(self) -> int:
        self.were_read = True
        return len(self._values)
