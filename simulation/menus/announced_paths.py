"""The paths that announced options promise, as a graph: what callers consider before they press a key.

Its nodes are the positions of a menu chain; its edges are those that an announced option, or what follows it
automatically, promises (`flows.analysis.announced_options`). No path leads through a queue, a dialled number or a
failure.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from flows.analysis.announced_options import promised
from flows.analysis.leg_time import waits_for
from flows.protocol.actions import Ask, Dial, Record
from ivr.interpreter.chain import State
from simulation.arrays import Flags, Floats, Ints
from simulation.menus.chain import CHANCE, CLOCK, LISTEN, PASS, QUEUE, MenuChain

__all__ = ["AnnouncedPaths", "announced_edges", "announced_paths"]

_OPEN = "open"


@dataclass(frozen=True)
class AnnouncedPaths:
    """The graph; arrays are by edge, by row (a position with edges), or by position.

    Parameters
    ----------
    to, edge : numpy.ndarray
        By edge, in the order of positions: where it leads, and its number at its position.
    share, cost_s : numpy.ndarray
        By edge: the chance where a draw decides, else 1; mean seconds of a first-time caller.
    row : numpy.ndarray
        By edge: its row.
    begin : numpy.ndarray
        By row: its first edge.
    position : numpy.ndarray
        By row.
    mean : numpy.ndarray
        b1, by row: a draw decides, not the caller or the clock.
    opens : numpy.ndarray
        By edge: where it is taken because opening hours are closed, the edge taken when they are open; else -1.
    choosing : numpy.ndarray
        b1, by position: the caller chooses.
    asked : numpy.ndarray
        i2, by position: index into `names` of what answers here; -1 if nothing does, or it cannot be asked again.
    names : tuple of str
        What is asked: nodes, and opening hours with the prefix ``hours ``.
    door : numpy.ndarray
        i4, by position: where ``open`` leads from opening hours, -1 elsewhere.
    unread : numpy.ndarray
        By position, see `MenuChain`.
    all_to : numpy.ndarray
        i4[positions, edges]: where callers can go if they make no mistakes and choose freely; -1 elsewhere.
    start : int
    """

    to: Ints
    edge: Ints
    share: Floats
    cost_s: Floats
    row: Ints
    begin: Ints
    position: Ints
    mean: Flags
    opens: Ints
    choosing: Flags
    asked: Ints
    names: tuple[str, ...]
    door: Ints
    unread: Ints
    all_to: Ints
    start: int

    def met(self, want: Ints, start: set[int], told: set[int]) -> Ints:
        """The positions that callers reach by an option they mean to take, or from the start without one.

        Parameters
        ----------
        want : numpy.ndarray
            i1[positions]: the edge they mean to take; -1 where they choose freely, or do not choose.
        start, told : set of int
            Positions where they begin: at the start of the call, and after a refusal.
        """
        size = len(want)
        seen = np.zeros(2 * size, dtype=bool)  # first those reached by an option, then the others
        todo = np.array(sorted({*start, *(size + at for at in told)}), dtype=np.int64)
        while len(todo):
            seen[todo] = True
            at = todo % size
            meant, free = want[at] >= 0, self.choosing[at] & (want[at] < 0)
            parts = [self.all_to[at[meant], want[at[meant]]]]
            for other, rows in (
                (size, free),
                (0, ~meant & ~free & (todo < size)),
                (size, ~meant & ~free & (todo >= size)),
            ):
                to = self.all_to[at[rows]].ravel()
                parts.append(np.where(to >= 0, to + other, -1))
            to = np.concatenate(parts)
            todo = np.unique(to[to >= 0])
            todo = todo[~seen[todo]]
        return np.flatnonzero(seen[:size])

    def answers(self, at: Ints) -> Ints:
        """Where answers at these positions lead, except through open opening hours."""
        to = self.all_to[at]
        return np.unique(to[(to >= 0) & (to != self.door[at][:, None])])


def announced_edges(chain: MenuChain) -> list[list[int]]:
    """List the edges that announced options promise, by position.

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> from simulation.menus.chain import menu_chain
    >>> flow = load_text("{ivr: 1, name: L, start: m, nodes: {bye: {type: hangup}, m: {type: menu, attempts: 1, "
    ...     "choices: [{key: 1, label: sales, next: bye}, {key: 2, next: bye}], otherwise: bye}}}").flow
    >>> chain = menu_chain(flow)
    >>> chain.label[0], announced_edges(chain)[0]
    (('1', '2', 'no_input', 'no_match'), [0])
    """
    known: dict[tuple[object, ...], frozenset[str]] = {}
    found = []
    for at, state in enumerate(chain.states):
        of = state.session
        dialogue = (of.node, of.language, of.attempt, of.reason, of.phase)
        if dialogue not in known:
            node, here = chain.flow.nodes[of.node], of.here(chain.flow)
            known[dialogue] = promised(node, here, waits_for(node, here)) if chain.label[at] else frozenset()
        found.append([k for k, label in enumerate(chain.label[at]) if label in known[dialogue]])
    return found


def announced_paths(
    chain: MenuChain, promises: list[list[int]], *, drawn: Flags, share: Floats, cost_s: Floats
) -> AnnouncedPaths:
    """Build the graph of announced paths of a chain.

    Parameters
    ----------
    chain : MenuChain
    promises : list of list of int
        From `announced_edges`.
    drawn : numpy.ndarray
        b1[positions]: a draw decides.
    share : numpy.ndarray
        f8[positions, edges]: the chances there; they sum to less than 1 where callers hang up.
    cost_s : numpy.ndarray
        f8[positions, edges].
    """
    columns: list[tuple[int, int, float, int, int]] = []
    rows: list[tuple[int, bool]] = []
    for at, state in enumerate(chain.states):
        by_draw = bool(drawn[at]) and not isinstance(state.waits, Dial)
        asked = by_draw and chain.kind[at] == LISTEN  # stated shares include silence
        edges = [k for k in (range(len(chain.label[at])) if asked else promises[at]) if chain.to[at, k] >= 0]
        if by_draw:
            edges = [k for k in edges if share[at, k] > 0]
        if not edges or not (by_draw or chain.kind[at] in (PASS, LISTEN, CLOCK)):
            continue
        door = (
            next((k for k in edges if chain.label[at][k] == _OPEN), -1)
            if chain.kind[at] == CLOCK and not by_draw
            else -1
        )
        through = len(columns) + edges.index(door) if door >= 0 else -1
        columns += [
            (int(chain.to[at, k]), k, share[at, k] if by_draw else 1.0, len(rows), -1 if k == door else through)
            for k in edges
        ]
        rows.append((at, by_draw))
    to, edge, shares, row, opens = (
        (np.array(column) for column in zip(*columns, strict=True)) if columns else (np.zeros(0, int),) * 5
    )
    position = np.array([at for at, _ in rows], dtype=np.int64)
    names, asked_at = _asked(chain)
    all_to = chain.to.copy()
    for at in np.flatnonzero((chain.kind == LISTEN) & ~drawn).tolist():
        all_to[at, [k for k in range(all_to.shape[1]) if k not in promises[at]]] = -1
    all_to[drawn] = np.where(share[drawn] > 0, all_to[drawn], -1)
    all_to[chain.kind == QUEUE] = -1
    return AnnouncedPaths(
        to,
        edge,
        shares.astype(float),
        cost_s[position[row], edge] if columns else shares.astype(float),
        row,
        np.searchsorted(row, np.arange(len(rows))),
        position,
        np.array([by_draw for _, by_draw in rows], dtype=bool),
        opens,
        (chain.kind == LISTEN) & ~drawn,
        asked_at,
        names,
        np.array(
            [chain.to[at, chain.edge(at, _OPEN)] if chain.kind[at] == CLOCK else -1 for at in range(len(chain.states))]
        ),
        chain.unread,
        all_to,
        chain.start,
    )


def _asked(chain: MenuChain) -> tuple[tuple[str, ...], Ints]:
    """What answers at each position, if it can be asked again on some path."""
    at_node: dict[str, str] = {}
    after: dict[str, set[str]] = {}
    for at, state in enumerate(chain.states):
        if name := _answers(state, int(chain.kind[at])):
            at_node[state.node] = name
        if chain.kind[at] != QUEUE:  # after a queue, callers have forgotten refusals
            after.setdefault(state.node, set()).update({chain.node(to) for to in chain.to[at].tolist() if to >= 0})
    places: dict[str, set[str]] = {}
    for node, name in at_node.items():
        places.setdefault(name, set()).add(node)
    names = tuple(
        name
        for name, nodes in places.items()
        if nodes & _from(after, {n for node in nodes for n in after.get(node, ())})
    )
    number = {name: i for i, name in enumerate(names)}
    return names, np.array(
        [number.get(_answers(state, int(kind)), -1) for state, kind in zip(chain.states, chain.kind, strict=True)],
        dtype=np.int16,
    )


def _answers(state: State, kind: int) -> str:
    """The name of what answers here; empty for a split by shares, whose case stays known, and for a recording."""
    waits = state.waits
    if kind == CLOCK:
        assert isinstance(waits, Ask)
        return f"hours {waits.name}"
    return state.node if kind == CHANCE and not isinstance(waits, Ask | Dial | Record) else ""


def _from(after: Mapping[str, set[str]], begin: set[str]) -> set[str]:
    seen, todo = set(begin), list(begin)
    while todo:
        for node in after.get(todo.pop(), ()):
            if node not in seen:
                seen.add(node)
                todo.append(node)
    return seen
