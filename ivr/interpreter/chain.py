"""The Markov chain of a flow, tabulated by exploring the nodes' own ``next()``; never written by hand.

A state is a node together with everything that decides what follows: language, attempt, phase, the menus passed (for
``back``), the subflows to return to, what has been asked of the questions that share their attempts, and the outcome so
far. Values are not part of it: a `split` has one edge for each
case. Nor are the interpreter's limits on endless calls: a flow without silent loops (rule S006) does not reach them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from flows.analysis.leg_time import LegTime, leg_times
from flows.model.flow import Flow
from flows.nodes.base import Here, Node
from flows.nodes.menu import Menu
from flows.protocol.actions import WAITING, Action, HangUp, Passed
from flows.source.finding import Finding, LimitError
from ivr.interpreter.session import Session
from ivr.interpreter.step import begin, leave, passed_on

__all__ = ["END", "MAX_STATES", "PASSED_ON", "Chain", "Edge", "State", "offered_state", "tabulate"]

END = -1
"""Target of an edge that ends the call."""
PASSED_ON = "passed on to "
"""Prefix of the outcomes by which agents transfer callers after the talk; the target node follows."""
MAX_STATES = 100_000
"""Most states that are tabulated."""


@dataclass(frozen=True)
class Edge:
    """One outcome of a state.

    Parameters
    ----------
    outcome : str
    to : int
        Index of the next state, or `END`.
    ends : str
        Outcome of the call if it ends here, else empty.
    returned : tuple of (node, outcome)
        Subflow nodes that the call returns to on this edge.
    """

    outcome: str
    to: int
    ends: str
    returned: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class State:
    """A node at one point of the conversation.

    Parameters
    ----------
    session : Session
        Without values and counters.
    waits : Action or None
        What the node waits for: `Listen`, `Ask`, `Enqueue`, `Dial`, `Record`, `HangUp`; None for an automatic node.
    times : mapping of str to LegTime
        Seconds and keys of the path segment that ends with each outcome; under ``""``, of one that is not cut short.
    edges : tuple of Edge
        In the order of the node's outcomes; empty for a `HangUp`.
    ends : str
        Outcome of the call if this state hangs up, else empty.
    """

    session: Session
    waits: Action | None
    times: Mapping[str, LegTime]
    edges: tuple[Edge, ...]
    ends: str = ""

    @property
    def node(self) -> str:
        """Name of the node."""
        return self.session.node

    def edge(self, outcome: str) -> Edge:
        """The edge taken by an outcome.

        Raises
        ------
        KeyError
            When the state has no such outcome.
        """
        for edge in self.edges:
            if edge.outcome == outcome:
                return edge
        raise KeyError(f"{self.node} has no outcome {outcome!r}")


@dataclass(frozen=True)
class Chain:
    """All states of a call, and how outcomes lead from one to the next.

    Parameters
    ----------
    states : tuple of State
    start : int
        Index of the first state.
    """

    states: tuple[State, ...]
    start: int = 0

    def path(self, outcomes: Iterable[str]) -> tuple[tuple[str, str], ...]:
        """Nodes and outcomes of a call that takes these outcomes one after the other.

        Parameters
        ----------
        outcomes : iterable of str

        Returns
        -------
        tuple of (node, outcome)
            The same sequence as the `Passed` actions of the interpreter.

        Raises
        ------
        KeyError
            When a state has no such outcome.

        Examples
        --------
        >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "hi", "nodes": {
        ...     "hi": {"type": "play", "say": "Hello.", "next": "bye"}, "bye": {"type": "hangup"}}})
        >>> tabulate(flow).path(["done"])
        (('hi', 'done'), ('bye', 'hangup'))
        """
        walked: list[tuple[str, str]] = []
        at = self.start
        for outcome in outcomes:
            edge = self.states[at].edge(outcome)
            walked += [(self.states[at].node, outcome), *edge.returned]
            at = edge.to
            if at == END:
                return tuple(walked)
        if self.states[at].ends:
            walked.append((self.states[at].node, "hangup"))
        return tuple(walked)


def tabulate(
    flow: Flow, language: str = "", *, passing_on: Mapping[str, tuple[str, ...]] = MappingProxyType({})
) -> Chain:
    """Tabulate the chain of a flow.

    Parameters
    ----------
    flow : Flow
    language : str
        Language in which the call begins; default: the flow's first.
    passing_on : mapping of str to tuple of str
        By queue node, the queue nodes to which its agents transfer callers.

    Returns
    -------
    Chain

    Raises
    ------
    LimitError
        When the flow has more than `MAX_STATES` states.
    """
    first = begin(flow, language)
    if first.ended:
        return Chain((State(first, HangUp(first.outcome), {"": LegTime.said(0.0)}, (), first.outcome),))
    index: dict[_Place, int] = {}
    todo: list[Session] = []
    _numbered(first, index, todo)
    states: list[State] = []
    spoken: dict[tuple[str | int, ...], _Spoken] = {}
    while len(states) < len(todo):
        states.append(_state(flow, todo[len(states)], index, todo, spoken, passing_on))
        if len(todo) > MAX_STATES:
            message = f"the flow has more than {MAX_STATES:,} states of conversation"
            hint = "menus that lead to one another in many orders multiply the paths back; remove the back key or links"
            raise LimitError(Finding(code="E001", severity="error", message=message, hint=hint))
    return Chain(tuple(states))


_Place = tuple[tuple[str | int, ...], tuple[str, ...], tuple[tuple[str, int], ...], bool, tuple[tuple[str, int], ...]]
"""Everything in a session that decides what follows."""
_Spoken = tuple[Action | None, tuple[str, ...], dict[str, LegTime]]


def _spoken(flow: Flow, session: Session) -> _Spoken:
    """What a node waits for, its outcomes, and the time of each."""
    return _spoken_by(flow.nodes[session.node], replace(session.here(flow), values=None))


def _spoken_by(node: Node, here: Here) -> _Spoken:
    actions = node.enter(here)
    last = actions[-1] if actions and isinstance(actions[-1], WAITING) else None
    outcomes = () if isinstance(last, HangUp) else node.outcomes(here)
    time = leg_times(node, here, last)
    times = {outcome: time(outcome) for outcome in outcomes}
    whole_s = next((one.whole_s for one in times.values()), None)
    return last, outcomes, {"": LegTime.said(node.heard_s(here, "") if whole_s is None else whole_s)} | times


def _state(
    flow: Flow,
    session: Session,
    index: dict[_Place, int],
    todo: list[Session],
    spoken: dict[tuple[str | int, ...], _Spoken],
    passing_on: Mapping[str, tuple[str, ...]],
) -> State:
    # What a node says depends on the dialogue alone, not on the path here, so states with one dialogue share it.
    dialogue = session.dialogue
    if dialogue not in spoken:
        spoken[dialogue] = _spoken(flow, session)
    last, outcomes, times = spoken[dialogue]
    if isinstance(last, HangUp):
        return State(session, last, times, (), last.outcome)
    edges = []
    for outcome in outcomes:
        after, done = leave(flow, session, outcome)
        returned = tuple((p.node, p.outcome) for p in done[1:] if isinstance(p, Passed))
        if after.ended:
            edges.append(Edge(outcome, END, after.outcome, returned))
            continue
        edges.append(Edge(outcome, _numbered(after, index, todo), "", returned))
    for node in passing_on.get(session.node, ()):
        edges.append(Edge(PASSED_ON + node, _numbered(passed_on(flow, session, node), index, todo), ""))
    return State(session, last, times, tuple(edges))


def offered_state(flow: Flow, state: State, known: Mapping[str, str]) -> State:
    """The state of a menu whose choices depend on values, as callers with `known` values meet it; others stay.

    A value that is not known counts as not set.
    """
    node = flow.nodes[state.node]
    if not isinstance(node, Menu) or len(node.variants) == 1:
        return state
    wanted = {name: known[name] for _, name in node.reads() if name in known}
    session = replace(state.session, values=tuple(sorted(wanted.items())))
    menu = node.offered(session.here(flow))
    last, outcomes, times = _spoken_by(menu, replace(session.here(flow), values=None))
    edges = tuple(edge for edge in state.edges if edge.outcome in outcomes)
    return replace(state, session=session, waits=last, times=times, edges=edges)


def _numbered(session: Session, index: dict[_Place, int], todo: list[Session]) -> int:
    """The number of a session's state; a new state takes the next number."""
    key = session.dialogue, session.history, session.stack, session.fell_back, session.asked
    number = index.setdefault(key, len(todo))
    if number == len(todo):
        todo.append(replace(session, values=(), steps=0, idle=0, seq=0, zero_out=False, key_presses=0))
    return number
