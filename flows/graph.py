"""A flow as a graph: which node leads where, by what, and what follows from it.

Built from the nodes' own wires, so that a new node type needs no word here. Searches are plain breadth-first walks:
importing networkx costs more (0.15 s) than they do on 5,000 nodes. It is imported only where it saves work: to take
apart the cycles that are left when everything else has been peeled off, and for whoever wants the graph as such.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from flows.document import Path
from flows.model import Flow
from flows.nodes._dialogue import Dialogue
from flows.nodes.base import END, FALLBACK, Here, Node, Wire
from flows.nodes.subflow import CALL, RETURNED
from flows.nodes.subflow import Type as Subflow
from flows.protocol import WAITING, HangUp

if TYPE_CHECKING:
    import networkx

__all__ = ["Edge", "FlowGraph", "Hole", "Trap"]

Needs = Literal["nothing", "silence", "caller", "world", "end"]
Via = Literal["wire", "key", "back", "repeat", "return", "fallback"]


@dataclass(frozen=True, slots=True)
class Edge:
    """One way from a node to the next.

    Parameters
    ----------
    source, target : str
        Node names; `target` is `flows.nodes.base.END` when the call ends.
    outcome : str
        The outcome that takes it, e.g. ``1``, ``otherwise``, ``closed``.
    needs : {"nothing", "silence", "caller", "world"}
        What must happen: nothing at all, a caller who stays silent, a caller who does something, or the world outside
        (the clock, an agent, another telephone). No edge needs "end": it is what `FlowGraph.awaits` says of a hangup.
    via : {"wire", "key", "back", "repeat", "return", "fallback"}
        How the target is written: by name, by a key that works everywhere, as a place in the conversation, or not.
    path : tuple of str or int
        Where the target stands in the document.
    """

    source: str
    outcome: str
    target: str
    needs: Needs
    via: Via
    path: Path

    @property
    def silent(self) -> bool:
        """Whether the call goes this way without the caller or the world doing anything."""
        return self.needs in ("nothing", "silence")


@dataclass(frozen=True, slots=True)
class Hole:
    """An exit that leads nowhere: `target` is the name of no node, or None where nothing is written."""

    node: str
    outcome: str
    target: str | None
    path: Path


@dataclass(frozen=True)
class Trap:
    """Nodes that nobody leaves: how one gets in soonest, and who is in it."""

    nodes: tuple[str, ...]
    way: tuple[Edge, ...]
    entry: str


@dataclass(frozen=True)
class FlowGraph:
    """The graph of a flow; everything is computed once, when first asked for.

    Parameters
    ----------
    flow : Flow

    Examples
    --------
    >>> from flows.load import load_text
    >>> text = "{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: Hi., next: bye}, bye: {type: hangup}}}"
    >>> graph = FlowGraph(load_text(text).flow)
    >>> [(edge.source, edge.outcome, edge.target) for edge in graph.way("bye")]
    [('hi', 'done', 'bye')]
    """

    flow: Flow

    @cached_property
    def _wired(self) -> tuple[dict[str, list[Edge]], list[Hole], dict[str, list[tuple[Wire, Needs, str]]]]:
        """Edges with a named target, holes, and the exits that are places in the conversation."""
        edges: dict[str, list[Edge]] = {}
        holes: list[Hole] = []
        places: dict[str, list[tuple[Wire, Needs, str]]] = {}
        for name, node in self.flow.nodes.items():
            edges[name] = []
            awaits = self.awaits[name]
            for wire, via in self._exits(name, node):
                needed: Needs = "silence" if awaits == "caller" and wire.outcome == "otherwise" else awaits
                target, path = wire.target, ("nodes", name, *wire.path) if via != "key" else wire.path
                if target is None or target == FALLBACK:
                    if wire.required and target is None:
                        holes.append(Hole(name, wire.outcome, None, path))
                        continue
                    to = _unwired(node, self.flow, name, wire)
                    target = (self.flow.fallback_node or END) if to == FALLBACK else to
                    edges[name].append(Edge(name, wire.outcome, target, needed, "fallback" if to == FALLBACK else "wire", path))
                elif target in self.flow.nodes:
                    edges[name].append(Edge(name, wire.outcome, target, needed, via, path))
                elif target.partition(" ")[0] in ("back", "repeat", "return"):
                    places.setdefault(name, []).append((Wire(wire.outcome, target, path), needed, target))
                else:
                    holes.append(Hole(name, wire.outcome, target, path))
        return edges, holes, places

    def _exits(self, name: str, node: Node) -> Iterable[tuple[Wire, Via]]:
        wires = node.wires()
        for wire in wires:
            if not isinstance(node, Subflow) or wire.outcome == CALL:
                yield wire, "wire"
        if isinstance(node, Dialogue) and self.flow.keys:
            own = {wire.outcome for wire in wires}
            offered = node.outcomes(Here(self.flow, name, self.flow.languages[0]))
            for key, bound in self.flow.keys.items():
                if key in offered and key not in own:
                    yield Wire(key, bound.then, ("keys", key)), "key"

    @cached_property
    def awaits(self) -> dict[str, Needs]:
        """What each node waits for, read off its actions and not off its type."""
        first = self.flow.languages[0]
        found: dict[str, Needs] = {}
        for name, node in self.flow.nodes.items():
            if isinstance(node, Dialogue):
                found[name] = "caller"
            else:
                actions = node.enter(Here(self.flow, name, first))
                waits = actions[-1] if actions else None
                found[name] = "end" if isinstance(waits, HangUp) else "world" if isinstance(waits, WAITING) else "nothing"
        return found

    @property
    def holes(self) -> tuple[Hole, ...]:
        """Exits that lead nowhere, in the order of the file."""
        return tuple(self._wired[1]) + tuple(self._return_holes)

    @cached_property
    def broken(self) -> frozenset[str]:
        """Nodes with an exit that leads nowhere; what follows from them is not worth telling."""
        return frozenset(hole.node for hole in self.holes)

    @cached_property
    def bodies(self) -> dict[str, frozenset[str]]:
        """The nodes that belong to each subflow node: from its start until it returns, without inner subflows.

        A key that works everywhere leaves every subflow, so what it leads to does not belong.
        """
        plain = self._wired[0]
        known: dict[str, frozenset[str]] = {}
        bodies: dict[str, frozenset[str]] = {}
        for name, node in self.flow.nodes.items():
            if isinstance(node, Subflow) and node.start in self.flow.nodes:
                if node.start not in known:
                    known[node.start] = frozenset(_reach([node.start], lambda at: self._inside(at, plain)))
                bodies[name] = known[node.start]
        return bodies

    def _inside(self, name: str, plain: Mapping[str, list[Edge]]) -> Iterable[str]:
        node = self.flow.nodes[name]
        if isinstance(node, Subflow):
            return [w.target for w in node.wires() if w.outcome != CALL and w.target in self.flow.nodes]  # type: ignore[misc]
        return [edge.target for edge in plain[name] if edge.target != END and edge.via != "key"]

    @cached_property
    def returns(self) -> dict[str, tuple[tuple[Edge, str], ...]]:
        """Every way back to each subflow node: the edge (from the returning node on) and the label it comes with."""
        places = self._wired[2]
        found: dict[str, tuple[tuple[Edge, str], ...]] = {}
        for name, body in self.bodies.items():
            wires = {wire.outcome: wire.target for wire in self.flow.nodes[name].wires()}
            back: list[tuple[Edge, str]] = []
            for inner in self.flow.nodes if places else ():
                for wire, needs, word in places.get(inner, ()) if inner in body else ():
                    if word.partition(" ")[0] == "return":
                        label = word.partition(" ")[2] or RETURNED
                        target = wires.get(label, wires.get(RETURNED)) if label != CALL else None
                        if target in self.flow.nodes:
                            back.append((Edge(inner, wire.outcome, str(target), needs, "return", wire.path), label))
                        else:
                            back.append((Edge(inner, wire.outcome, END, needs, "return", wire.path), label))
            found[name] = tuple(back)
        return found

    @cached_property
    def _return_holes(self) -> list[Hole]:
        """``return`` where no subflow can be under way."""
        inside = frozenset().union(*self.bodies.values())
        return [
            Hole(name, wire.outcome, word, wire.path)
            for name, places in self._wired[2].items()
            for wire, _, word in places
            if word.partition(" ")[0] == "return" and name not in inside
        ]

    @cached_property
    def edges(self) -> dict[str, tuple[Edge, ...]]:
        """Every way out of every node; ``back``, ``repeat`` and ``return`` are resolved to where they can lead."""
        plain, _, places = self._wired
        out = {name: list(edges) for name, edges in plain.items()}
        for pairs in self.returns.values():
            for edge, _ in pairs:
                if edge.target != END and edge not in out[edge.source]:
                    out[edge.source].append(edge)
        before = self._menus_before(out) if any(w == "back" for p in places.values() for _, _, w in p) else {}
        for name, exits in places.items():
            for wire, needs, word in exits:
                if word == "repeat":
                    out[name].append(Edge(name, wire.outcome, name, needs, "repeat", wire.path))
                elif word == "back":
                    for menu in before.get(name) or (name,):
                        out[name].append(Edge(name, wire.outcome, menu, needs, "back", wire.path))
        return {name: tuple(edges) for name, edges in out.items()}

    def _menus_before(self, out: Mapping[str, list[Edge]]) -> dict[str, list[str]]:
        """For each node the menus from which it is reached with no other menu between."""
        nodes = self.flow.nodes
        before: dict[str, list[str]] = {}
        for menu in (name for name, node in nodes.items() if node.keeps_place):
            seen = {menu}
            todo = [menu]
            while todo:
                for edge in out[todo.pop()]:
                    if edge.target not in seen and edge.target != END:
                        seen.add(edge.target)
                        before.setdefault(edge.target, []).append(menu)
                        if not nodes[edge.target].keeps_place:
                            todo.append(edge.target)
        return before

    @cached_property
    def _tree(self) -> dict[str, Edge | None]:
        """The edge by which each reachable node is reached with the fewest key presses and waits."""
        start = self.flow.start
        tree: dict[str, Edge | None] = {}
        if start not in self.flow.nodes:
            return tree
        levels: dict[int, deque[tuple[str, Edge | None]]] = {0: deque([(start, None)])}
        cost = 0
        while cost in levels:
            todo = levels[cost]
            while todo:
                name, edge = todo.popleft()
                if name in tree:
                    continue
                tree[name] = edge
                for out in self.edges[name]:
                    if out.target != END and out.target not in tree:
                        step = {"nothing": 0, "world": 0, "caller": 1, "silence": 2}[out.needs]
                        levels.setdefault(cost + step, deque()).append((out.target, out))
            cost += 1 if cost + 1 in levels else 2
        return tree

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Nodes a call can come to; the fallback too, which the interpreter's limits can always choose."""
        fallback = self.flow.fallback_node
        if fallback is None or fallback in self._tree or not self._tree:
            return frozenset(self._tree)
        return frozenset(self._tree) | self.from_([fallback])

    def from_(self, names: Iterable[str]) -> frozenset[str]:
        """The nodes reachable from `names`, themselves included."""
        return frozenset(_reach(names, lambda at: [e.target for e in self.edges[at] if e.target != END]))

    def way(self, name: str) -> tuple[Edge, ...]:
        """The way to a node with the fewest key presses; empty for the first node and for unreachable ones."""
        way: list[Edge] = []
        edge = self._tree.get(name)
        while edge is not None:
            way.append(edge)
            edge = self._tree[edge.source]
        return tuple(reversed(way))

    @cached_property
    def levels(self) -> dict[str, int]:
        """Menus on the way to each reachable node with the fewest of them, the node itself included."""
        nodes, start = self.flow.nodes, self.flow.start
        levels: dict[str, int] = {}
        todo: deque[tuple[str, int]] = deque([(start, int(nodes[start].keeps_place))] if start in nodes else [])
        while todo:
            name, level = todo.popleft()
            if name in levels:
                continue
            levels[name] = level
            for edge in self.edges[name]:
                if edge.target != END and edge.target not in levels:
                    if nodes[edge.target].keeps_place:
                        todo.append((edge.target, level + 1))
                    else:
                        todo.appendleft((edge.target, level))
        return levels

    @cached_property
    def traps(self) -> tuple[Trap, ...]:
        """Reachable nodes from which no call ends, grouped by what hangs together, each with the shortest way in."""
        sources: dict[str, list[str]] = {}
        ending: list[str] = list(self.broken)
        for name, edges in self.edges.items():
            if any(edge.target == END for edge in edges) or self.ends(name):
                ending.append(name)
            for edge in edges:
                sources.setdefault(edge.target, []).append(name)
        free = set(_reach(ending, lambda at: sources.get(at, ())))
        held = [name for name in self.flow.nodes if name in self._tree and name not in free]
        traps, seen = [], set()
        for name in held:
            if name not in seen:
                group = set(_reach([name], lambda at: self._held_neighbours(at, free, sources)))
                seen |= group
                entry = min((n for n in held if n in group), key=lambda n: len(self.way(n)))
                traps.append(Trap(tuple(n for n in held if n in group), self.way(entry), entry))
        return tuple(traps)

    def _held_neighbours(self, name: str, free: set[str], sources: Mapping[str, list[str]]) -> list[str]:
        ahead = [edge.target for edge in self.edges[name]]
        return [n for n in (*ahead, *sources.get(name, ())) if n not in free and n in self._tree]

    def ends(self, name: str) -> bool:
        """Whether the call ends at a node, as at a hangup."""
        return self.awaits[name] == "end"

    def silent_cycles(self) -> tuple[tuple[str, ...], ...]:
        """Cycles in which a caller who does nothing goes round for ever; nodes in the order of the file.

        A `split` on a value that the cycle itself sets may still let go, so it breaks the cycle.
        """
        silent = {n: self._silently(n) for n in self._tree}
        found = []
        for cycle in _cycles(silent):
            written = {value for name in cycle for value in self.flow.nodes[name].writes()}
            lets_go = {n for n in cycle if written & {value for _, value in self.flow.nodes[n].reads()}}
            stays = {n: [t for t in silent[n] if t in cycle and n not in lets_go] for n in cycle}
            found += _cycles(stays) if lets_go else [cycle]
        order = {name: i for i, name in enumerate(self.flow.nodes)}
        return tuple(sorted((tuple(sorted(c, key=order.__getitem__)) for c in found), key=lambda c: order[c[0]]))

    def _silently(self, name: str) -> list[str]:
        """Where a silent call goes next; over a subflow rather than through it, since two calls of one are no cycle."""
        if name not in self.bodies:
            return [e.target for e in self.edges[name] if e.silent and e.via != "return" and e.target != END]
        node = self.flow.nodes[name]
        body = _reach([node.start], self._silently_inside)  # type: ignore[attr-defined]
        return [e.target for e, _ in self.returns[name] if e.silent and e.source in body and e.target != END]

    def _silently_inside(self, name: str) -> list[str]:
        if name in self.bodies:
            return list(self._inside(name, {}))
        return [e.target for e in self._wired[0][name] if e.silent and e.target != END]

    def call_cycles(self) -> tuple[tuple[str, ...], ...]:
        """Subflow nodes that call themselves, directly or through one another."""
        calls = {name: [inner for inner in self.bodies if inner in body] for name, body in self.bodies.items()}
        order = {name: i for i, name in enumerate(self.flow.nodes)}
        return tuple(sorted((tuple(sorted(c, key=order.__getitem__)) for c in _cycles(calls)), key=lambda c: order[c[0]]))

    def to_networkx(self) -> networkx.MultiDiGraph[str]:
        """The graph for networkx: nodes with ``type``, edges with ``outcome``, ``needs`` and ``via``; END is ``''``."""
        import networkx

        graph: networkx.MultiDiGraph[str] = networkx.MultiDiGraph()
        graph.add_nodes_from((name, {"type": node.type}) for name, node in self.flow.nodes.items())
        for edges in self.edges.values():
            graph.add_edges_from(
                (e.source, e.target, {"outcome": e.outcome, "needs": e.needs, "via": e.via}) for e in edges
            )  # fmt: skip
        return graph


def _unwired(node: Node, flow: Flow, name: str, wire: Wire) -> str:
    """Where an exit goes that is not written and need not be."""
    if isinstance(node, Dialogue):
        return node.give_up().to if wire.outcome == "otherwise" else FALLBACK
    return node.next(Here(flow, name, flow.languages[0]), wire.outcome).to


def _reach(names: Iterable[str], onward: Callable[[str], Iterable[str]]) -> list[str]:
    seen = dict.fromkeys(names)
    todo = list(seen)
    while todo:
        for target in onward(todo.pop()):
            if target not in seen:
                seen[target] = None
                todo.append(target)
    return list(seen)


def _cycles(out: Mapping[str, Iterable[str]]) -> list[frozenset[str]]:
    """Strongly connected parts that hold a cycle."""
    targets = {name: {t for t in ahead if t in out} for name, ahead in out.items()}
    for _ in range(2):  # peel off what only leads out of cycles, then what only leads into them
        sources: dict[str, list[str]] = {name: [] for name in targets}
        for name, ahead in targets.items():
            for target in ahead:
                sources[target].append(name)
        left = {name: len(ahead) for name, ahead in targets.items()}
        todo = [name for name, count in left.items() if not count]
        gone = set(todo)
        while todo:
            for source in sources[todo.pop()]:
                left[source] -= 1
                if not left[source] and source not in gone:
                    gone.add(source)
                    todo.append(source)
        targets = {name: set(into) - gone for name, into in sources.items() if name not in gone}
    if not targets:
        return []
    import networkx

    graph: networkx.DiGraph[str] = networkx.DiGraph((name, t) for name, ahead in targets.items() for t in ahead)
    return [
        frozenset(part)
        for part in networkx.strongly_connected_components(graph)
        if len(part) > 1 or graph.has_edge(*(2 * tuple(part)))
    ]
