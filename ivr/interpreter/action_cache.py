"""What a node says and waits for when a call enters it; remembered where no value of the call is part of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from flows.model.flow import Flow
from flows.protocol.actions import Action
from ivr.interpreter.session import Session

__all__ = ["Enter", "Remembered", "enter"]

Enter = Callable[[Flow, Session], tuple[Action, ...]]
"""Gives the actions of the node at which a session stands."""
_MOST = 20_000


def enter(flow: Flow, session: Session) -> tuple[Action, ...]:
    """The actions of the node at which `session` stands."""
    return flow.nodes[session.node].enter(session.here(flow))


class Remembered:
    """As `enter`, for one flow that many calls go through; any thread may ask.

    A node's `enter` is pure: from the same state of its dialogue, values apart, it goes the same way. Where it looked
    at no value the first time it never will, and gives the same actions to every call.

    Parameters
    ----------
    flow : Flow

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "bye", "nodes": {"bye": {"type": "hangup", "say": "Goodbye."}}})
    >>> remembered, session = Remembered(flow), Session(node="bye", language="en-US")
    >>> remembered(flow, session) is remembered(flow, session), remembered(flow, session) == enter(flow, session)
    (True, True)
    """

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._known: dict[tuple[str | int, ...], tuple[Action, ...] | None] = {}

    def __call__(self, flow: Flow, session: Session) -> tuple[Action, ...]:
        if flow is not self.flow:
            raise ValueError("what is remembered is of another flow")
        state = (session.node, session.language, session.attempt, session.reason, session.phase, session.outcome)
        actions = self._known.get(state)
        if actions is not None:
            return actions
        if state in self._known:  # its values are part of it
            return enter(flow, session)
        values = _Seen(session.here(flow).values or {})
        actions = flow.nodes[session.node].enter(session.here(flow, values=values))
        if len(self._known) < _MOST:
            self._known[state] = None if values.looked_at else actions
        return actions


class _Seen(Mapping[str, str]):
    """Values, and whether anybody looked at them."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self._values, self.looked_at = values, False

    def __getitem__(self, name: str) -> str:
        self.looked_at = True
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        self.looked_at = True
        return iter(self._values)

    def __len__(self) -> int:
        self.looked_at = True
        return len(self._values)
