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
    """List the edges that announced options promise, by dialogue.

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
    found = []
    for at in chain.sample.tolist():
        of, labels = chain.states[at].session, chain.label[at]
        node, here = chain.flow.nodes[of.node], of.here(chain.flow)
        known = promised(node, here, waits_for(node, here)) if labels else frozenset()
        found.append([k for k, label in enumerate(labels) if label in known])
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
        b1[dialogues]: a draw decides.
    share : numpy.ndarray
        f8[dialogues, edges]: the chances there; they sum to less than 1 where callers hang up.
    cost_s : numpy.ndarray
        f8[dialogues, edges].
    """
    kind, dialogue = chain.kind[chain.sample], chain.dialogue
    by_draw = drawn & [not isinstance(chain.states[at].waits, Dial) for at in chain.sample]
    opening = np.array([chain.edge(at, _OPEN) for at in chain.sample.tolist()])
    considered = _considered(chain, promises, by_draw, share)
    size = np.array([len(edges) for edges in considered])
    position = np.flatnonzero(size[dialogue] > 0)
    row = np.repeat(np.arange(len(position)), size[dialogue[position]])
    begin = np.searchsorted(row, np.arange(len(position)))
    which, place = dialogue[position[row]], np.arange(len(row)) - begin[row]
    edge = np.zeros((len(size), max(size, default=0)), dtype=np.int64)
    for of, edges in enumerate(considered):
        edge[of, : len(edges)] = edges
    edge_of = edge[which, place]
    door = np.where((kind == CLOCK) & ~by_draw, opening, -1)
    is_door = (edge == door[:, None]) & (np.arange(edge.shape[1]) < size[:, None])
    through = np.where(is_door.any(axis=1), is_door.argmax(axis=1), -1) if edge.size else door
    behind = (through[which] >= 0) & (edge_of != door[which])
    names, asked = _asked(chain)
    return AnnouncedPaths(
        chain.to[position[row], edge_of],
        edge_of,
        np.where(by_draw[which], share[which, edge_of], 1.0),
        cost_s[which, edge_of],
        row,
        begin,
        position,
        by_draw[dialogue[position]],
        np.where(behind, begin[row] + through[which], -1),
        ((kind == LISTEN) & ~drawn)[dialogue],
        asked[dialogue],
        names,
        np.where(chain.kind == CLOCK, chain.to[np.arange(len(dialogue)), opening[dialogue]], np.int64(-1)),
        chain.unread,
        np.where(_open_to(promises, kind, drawn, share)[dialogue], chain.to, -1),
        chain.start,
    )


def _considered(chain: MenuChain, promises: list[list[int]], by_draw: Flags, share: Floats) -> list[list[int]]:
    """The edges of the graph, by dialogue."""
    found = []
    for of, at in enumerate(chain.sample.tolist()):
        asked = by_draw[of] and chain.kind[at] == LISTEN  # stated shares include silence
        edges = [k for k in (range(len(chain.label[at])) if asked else promises[of]) if chain.to[at, k] >= 0]
        if not (by_draw[of] or chain.kind[at] in (PASS, LISTEN, CLOCK)):
            edges = []
        found.append([k for k in edges if share[of, k] > 0] if by_draw[of] else edges)
    return found


def _open_to(promises: list[list[int]], kind: Ints, drawn: Flags, share: Floats) -> Flags:
    """b1[dialogues, edges]: edges that callers take without a mistake if they choose freely."""
    free = np.ones(share.shape, dtype=bool)
    for of in np.flatnonzero((kind == LISTEN) & ~drawn).tolist():
        free[of] = False
        free[of, promises[of]] = True
    free[drawn] = share[drawn] > 0
    free[kind == QUEUE] = False
    return free


def _asked(chain: MenuChain) -> tuple[tuple[str, ...], Ints]:
    """What answers in each dialogue, if it can be asked again on some path."""
    kinds = chain.kind[chain.sample]
    answers = [_answers(chain.states[at], int(kind)) for at, kind in zip(chain.sample, kinds, strict=True)]
    at_node = {chain.node(at): name for at, name in zip(chain.sample, answers, strict=True) if name}
    places: dict[str, set[str]] = {}
    for node, name in at_node.items():
        places.setdefault(name, set()).add(node)
    after = _nodes_after(chain)
    names = tuple(
        name
        for name, nodes in places.items()
        if nodes & _from(after, {n for node in nodes for n in after.get(node, ())})
    )
    number = {name: i for i, name in enumerate(names)}
    return names, np.array([number.get(name, -1) for name in answers], dtype=np.int16)


def _nodes_after(chain: MenuChain) -> dict[str, set[str]]:
    """The nodes to which each leads; none after a queue, where callers have forgotten refusals."""
    number: dict[str, int] = {}
    of_dialogue = [number.setdefault(chain.node(at), len(number)) for at in chain.sample.tolist()]
    node, names = np.array(of_dialogue)[chain.dialogue], list(number)
    at, edge = np.nonzero((chain.to >= 0) & (chain.kind != QUEUE)[:, None])
    after: dict[str, set[str]] = {}
    for pair in np.unique(node[at] * len(names) + node[chain.to[at, edge]]).tolist():
        before, to = divmod(pair, len(names))
        after.setdefault(names[before], set()).add(names[to])
    return after


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
