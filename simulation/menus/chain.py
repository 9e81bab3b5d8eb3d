"""The Markov chain of a flow as arrays: every position that a caller can be in, and every edge from there.

A position is a state of ``ivr.interpreter.chain`` together with the known values that a later split reads: a value that
a `set` node wrote decides the split; an unknown value, like the case of a split by shares, is drawn once and is known
from then on. How callers behave is decided in ``simulation.menus.build_caller_model``.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType

import numpy as np

from flows.model.flow import Flow
from flows.nodes.base import Node
from flows.nodes.menu import Menu
from flows.protocol.actions import Ask, Enqueue, HangUp, Keys, Listen
from flows.speech.prompt import fill, placeholders
from ivr.interpreter.chain import END, Chain, State, offered_state, tabulate
from simulation.arrays import Ints

__all__ = ["CHANCE", "CLOCK", "HANGUP", "KEYS", "LISTEN", "PASS", "QUEUE", "MenuChain", "menu_chain"]

PASS, CHANCE, CLOCK, LISTEN, QUEUE, HANGUP = range(6)
"""What decides at a position: nothing, a draw, hours or a switch, the caller; or the menu ends in a queue or for
good.
"""
KEYS = "0123456789*#"
"""The keys of a telephone, in the order of the columns of ``MenuChain.key_edge``."""

_UNNAMED = "\0"
"""A value that takes none of the named cases of a split."""
_CASE_OF = "\0"
"""Prefix of the name of a split by shares: its value is the case drawn for this call."""
_Values = tuple[str | None, ...]


@dataclass(frozen=True)
class MenuChain:
    """Positions and edges; arrays are indexed [position] or [position, edge].

    Parameters
    ----------
    flow : Flow
    states : tuple of State
        State of the conversation at each position.
    kind : numpy.ndarray
        i1[positions].
    to : numpy.ndarray
        i4[positions, edges]; -1 where the edge ends the call or does not exist.
    label : tuple of tuple of str
        Outcomes at each position.
    ends : tuple of tuple of str
        Outcome of the call at each edge that ends it, else empty.
    key_edge : numpy.ndarray
        i1[positions, 12]: the edge that each key takes; -1 where nothing listens.
    unread : numpy.ndarray
        i4[positions]: the same position with no values known. Positions that no call reaches come last.
    dialogue : numpy.ndarray
        i4[positions]: positions with one number have the same words, outcomes and ends; only where edges lead differs.
    sample : numpy.ndarray
        i4[dialogues]: the first position of each.
    visited : int
        Number of positions that calls can reach.
    start : int
        First position.
    """

    flow: Flow
    states: tuple[State, ...]
    kind: Ints
    to: Ints
    label: tuple[tuple[str, ...], ...]
    ends: tuple[tuple[str, ...], ...]
    key_edge: Ints
    unread: Ints
    dialogue: Ints
    sample: Ints
    visited: int
    start: int = 0

    def edge(self, position: int, outcome: str) -> int:
        """The number of an outcome's edge, or -1."""
        labels = self.label[position]
        return labels.index(outcome) if outcome in labels else -1

    def node(self, position: int) -> str:
        """The node's name."""
        return self.states[position].node


def menu_chain(flow: Flow, *, passing_on: Mapping[str, tuple[str, ...]] = MappingProxyType({})) -> MenuChain:
    """Tabulate a flow for simulation.

    Parameters
    ----------
    flow : Flow
    passing_on : mapping of str to tuple of str
        By queue node, the queue nodes to which its agents transfer callers; see ``ivr.interpreter.chain.tabulate``.

    Raises
    ------
    LimitError
        When the flow has too many states.

    Examples
    --------
    >>> flow = Flow.model_validate({"ivr": "1", "name": "Line", "start": "hi", "nodes": {
    ...     "hi": {"type": "play", "say": "Hello.", "next": "bye"}, "bye": {"type": "hangup"}}})
    >>> menu_chain(flow).kind.tolist() == [PASS, HANGUP]
    True
    """
    chain = tabulate(flow, passing_on=passing_on)
    names = _split_on(flow)
    live = _live(chain, flow, names)
    first: tuple[int, _Values] = (chain.start, (None,) * len(names))
    index: dict[tuple[int, _Values], int] = {first: 0}
    todo = [first]
    kinds: list[int] = []
    labels: list[tuple[str, ...]] = []
    ends: list[tuple[str, ...]] = []
    targets: list[list[int]] = []
    unread: list[int] = []
    visited = 0
    used: list[State] = []
    while len(kinds) < len(todo) or _forget(chain, names, todo, index, unread):
        at, values = todo[len(kinds)]
        visited = visited if unread else len(kinds) + 1
        known = {name: value for name, value in zip(names, values, strict=True) if value is not None}
        state = offered_state(flow, chain.states[at], known)
        used.append(state)
        outcomes = _outcomes(flow, state, known)
        edges = {edge.outcome: edge for edge in state.edges}
        to = []
        kept: dict[tuple[int, int], _Values] = {}
        for outcome, after in outcomes:
            edge = edges[outcome]
            if edge.to == END:
                to.append(END)
                continue
            read = id(after), live[edge.to]
            if read not in kept:
                kept[read] = tuple(after.get(name) if read[1] >> i & 1 else None for i, name in enumerate(names))
            number = index.setdefault((edge.to, kept[read]), len(todo))
            if number == len(todo):
                todo.append((edge.to, kept[read]))
            to.append(number)
        kinds.append(_kind(state, len(outcomes)))
        labels.append(tuple(outcome for outcome, _ in outcomes))
        ends.append(tuple(edges[outcome].ends for outcome, _ in outcomes))
        targets.append(to)
    width = max(map(len, targets), default=0) or 1
    table = np.full((len(todo), width), END, dtype=np.int32)
    for row, to in enumerate(targets):
        table[row, : len(to)] = to
    states = tuple(used)
    dialogue, sample = _dialogues(states, labels, ends)
    return MenuChain(
        flow,
        states,
        np.array(kinds, dtype=np.int8),
        table,
        tuple(labels),
        tuple(ends),
        _key_edges(flow, [states[at] for at in sample], [labels[at] for at in sample])[dialogue],
        np.array(unread, dtype=np.int32),
        dialogue,
        sample,
        visited,
    )


def _dialogues(
    states: tuple[State, ...], labels: list[tuple[str, ...]], ends: list[tuple[str, ...]]
) -> tuple[Ints, Ints]:
    """`dialogue` and `sample` of `MenuChain`."""
    number: dict[tuple[object, ...], int] = {}
    sample: list[int] = []
    dialogue = np.empty(len(states), dtype=np.int32)
    for at, (state, *outcomes) in enumerate(zip(states, labels, ends, strict=True)):
        key = (*state.session.dialogue, state.session.values, *outcomes)
        dialogue[at] = found = number.setdefault(key, len(number))
        if found == len(sample):
            sample.append(at)
    return dialogue, np.array(sample, dtype=np.int32)


def _forget(
    chain: Chain,
    names: tuple[str, ...],
    todo: list[tuple[int, _Values]],
    index: dict[tuple[int, _Values], int],
    unread: list[int],
) -> bool:
    """Add a copy without values of each position found so far where a caller chooses; return whether any is new."""
    known = len(todo)
    for place in range(len(unread), known):
        at, values = todo[place]
        twin = (
            at,
            tuple(value if name.startswith(_CASE_OF) else None for name, value in zip(names, values, strict=True)),
        )
        if not isinstance(chain.states[at].waits, Listen):
            twin = todo[place]
        if twin not in index:
            index[twin] = len(todo)
            todo.append(twin)
        unread.append(index[twin])
    return len(todo) > known


def _split_on(flow: Flow) -> tuple[str, ...]:
    """Names of the values that decide a split; the language is part of the state already."""
    names = dict.fromkeys(name for node in flow.nodes for name in _read(flow, node))
    return tuple(name for name in names if name != "language")


def _read(flow: Flow, name: str) -> tuple[str, ...]:
    """The values that a node decides on; for a split by shares, the case that was drawn."""
    node = flow.nodes[name]
    return (f"{_CASE_OF}{name}",) if getattr(node, "shares", None) else tuple(value for _, value in node.reads())


def _live(chain: Chain, flow: Flow, names: tuple[str, ...]) -> list[int]:
    """For each state, the values that a later split reads before they are written again: bit i for `names[i]`."""
    if not names:
        return [0] * len(chain.states)

    def bits(of: Iterable[str]) -> int:
        return sum(1 << names.index(name) for name in set(of) if name in names)

    reads = {name: bits(_read(flow, name)) for name in flow.nodes}
    keeps = {name: -1 if isinstance(node, Menu) else ~bits(node.writes()) for name, node in flow.nodes.items()}
    after = [[edge.to for edge in state.edges if edge.to != END] for state in chain.states]
    live = [reads[state.node] for state in chain.states]
    changed = True
    while changed:
        changed = False
        for at in range(len(live) - 1, -1, -1):
            node, later = chain.states[at].node, 0
            for to in after[at]:
                later |= live[to]
            found = reads[node] | later & keeps[node]
            if found != live[at]:
                live[at], changed = found, True
    return live


def _outcomes(flow: Flow, state: State, known: dict[str, str]) -> list[tuple[str, dict[str, str]]]:
    """The possible outcomes given the known values, each with the values known after it."""
    node = flow.nodes[state.node]
    if isinstance(state.waits, Ask) and state.waits.what == "draw":
        name = f"{_CASE_OF}{state.node}"
        drawn = [known[name]] if name in known else [edge.outcome for edge in state.edges]
        return [(case, known | {name: case}) for case in drawn]
    if state.waits is not None or not state.edges:
        if isinstance(node, Menu):
            return [(edge.outcome, _stored(node.sets_on(edge.outcome), known)) for edge in state.edges]
        left = {name: value for name, value in known.items() if name not in node.writes()}
        return [(edge.outcome, left) for edge in state.edges]
    if len(state.edges) > 1:
        wanted = [name for _, name in node.reads()]
        if not wanted:  # decided by something unknown here, such as a withheld number
            return [(edge.outcome, known) for edge in state.edges]
        if all(name in known or name == "language" for name in wanted):
            here = replace(state.session.here(flow), values=known)
            reading = node.classify(here, None)
            return [(reading.outcome, known)] if reading else []
        unknown = [name for name in wanted if name not in known and name != "language"]
        cases = [
            (edge.outcome, edge.outcome.rstrip("*") if edge.outcome != "otherwise" else _UNNAMED)
            for edge in state.edges
        ]
        return [(outcome, known | dict.fromkeys(unknown, value)) for outcome, value in cases]
    return [(state.edges[0].outcome, _written(node, known))]


def _written(node: Node, known: dict[str, str]) -> dict[str, str]:
    """The known values after an automatic node: constants that it wrote, but not texts made of unknown values."""
    return _stored(node.copies(), known)


def _stored(texts: Mapping[str, str], known: dict[str, str]) -> dict[str, str]:
    """The known values after texts have been stored under their names."""
    after = dict(known)
    for name, text in texts.items():
        if all(slot in known for slot in placeholders(text)):
            after[name] = fill(text, known)
        else:
            after.pop(name, None)
    return after


def _kind(state: State, outcomes: int) -> int:
    waits = state.waits
    if isinstance(waits, HangUp):
        return HANGUP
    if isinstance(waits, Enqueue):
        return QUEUE
    if isinstance(waits, Listen):
        return LISTEN
    if isinstance(waits, Ask) and waits.what in ("hours", "switch"):
        return CLOCK
    return PASS if outcomes == 1 and (waits is None or isinstance(waits, Ask)) else CHANCE


def _key_edges(flow: Flow, states: Sequence[State], labels: Sequence[tuple[str, ...]]) -> Ints:
    """The edge that each key takes, as the node itself classifies it."""
    table = np.full((len(states), len(KEYS)), -1, dtype=np.int8)
    heard: dict[tuple[object, ...], tuple[str, ...]] = {}
    for row, state in enumerate(states):
        if not isinstance(state.waits, Listen):
            continue
        session = state.session
        dialogue = (session.node, session.language, session.phase, session.values)
        if dialogue not in heard:
            node, here = flow.nodes[session.node], session.here(flow)
            readings = [node.classify(here, Keys(key)) for key in KEYS]
            heard[dialogue] = tuple(reading.outcome if reading else "" for reading in readings)
        table[row] = [labels[row].index(outcome) if outcome in labels[row] else -1 for outcome in heard[dialogue]]
    return table
