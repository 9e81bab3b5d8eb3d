"""A flow as a graph: what its wiring implies.

Searches are plain walks over all nodes at once. networkx (`flows.analysis.networkx_graph`) is slower here; measured in
one run on 5,000 nodes in which an exit may lead to any node (`bench.large_flows.dense`):

=====================================  ==========  ================================
search                                 own walk    networkx
=====================================  ==========  ================================
building the graph                     --          71 ms
reachable nodes (`FlowGraph.from_`)    13 ms       25 ms
components (`components.cycles`)       19 ms       66 ms
quickest paths (`quickest_paths`)      72 ms       -- (costs are tuples)
=====================================  ==========  ================================

Importing networkx takes 0.17 s of processor time, a third of what `ivr lint` takes on a shipped flow.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, reduce
from operator import or_

from flows.analysis.components import cycles
from flows.analysis.wiring import Edge, Hole, Wiring, reach_from
from flows.nodes.base import END
from flows.nodes.set import Set

__all__ = ["Edge", "FlowGraph", "Hole", "Trap"]

_PRESSES = {"nothing": 0, "world": 0, "caller": 1, "silence": 2}
"""The cost of an edge on a path: waiting costs more than pressing a key."""


def _silent(edge: Edge) -> bool:
    return edge.needs in ("nothing", "silence")


@dataclass(frozen=True)
class Trap:
    """Nodes that no call leaves.

    Parameters
    ----------
    nodes : tuple of str
    way : tuple of Edge
        The path into it with the fewest key presses.
    entry : str
        The node that this path reaches first.
    """

    nodes: tuple[str, ...]
    way: tuple[Edge, ...]
    entry: str


@dataclass(frozen=True)
class FlowGraph(Wiring):
    """The graph of a flow; every property is computed once, when first read.

    Parameters
    ----------
    flow : Flow

    Examples
    --------
    >>> from flows.model.load import load_text
    >>> text = "{ivr: 1, name: L, start: hi, nodes: {hi: {type: play, say: Hi., next: bye}, bye: {type: hangup}}}"
    >>> graph = FlowGraph(load_text(text).flow)
    >>> [(edge.source, edge.outcome, edge.target) for edge in graph.path_to("bye")]
    [('hi', 'done', 'bye')]
    """

    @cached_property
    def _tree(self) -> dict[str, Edge | None]:
        """For each reachable node, the last edge of the path with the fewest key presses and waits."""
        start = self.flow.start
        tree: dict[str, Edge | None] = {}
        if start not in self.flow.nodes:
            return tree
        levels: dict[int, deque[tuple[str, Edge | None]]] = {0: deque([(start, None)])}
        waiting: dict[int, int] = {}  # menus that ``back`` has already put on each level
        cost = 0
        while cost in levels:
            todo = levels[cost]
            while todo:
                name, edge = todo.popleft()
                if name in tree:
                    continue
                tree[name] = edge
                for out in self.exits[name]:
                    if out.target == END:
                        continue
                    step = _PRESSES[out.needs]
                    if out.via == "back" and (bits := self.before(name)):
                        ahead = bits & ~reduce(or_, (waiting.get(cost + n, 0) for n in range(step + 1)))
                        waiting[cost + step] = waiting.get(cost + step, 0) | ahead
                        levels.setdefault(cost + step, deque()).extend(
                            (menu, out._replace(target=menu)) for menu in self.named(ahead) if menu not in tree
                        )
                    elif out.target not in tree:
                        levels.setdefault(cost + step, deque()).append((out.target, out))
            cost += 1 if cost + 1 in levels else 2
        return tree

    @cached_property
    def reachable(self) -> frozenset[str]:
        """Nodes that a call can reach, including the fallback, to which the interpreter's limits can always lead."""
        fallback = self.flow.fallback_node
        if fallback is None or fallback in self._tree or not self._tree:
            return frozenset(self._tree)
        return frozenset(self._tree) | self.reachable_from([fallback])

    def reachable_from(self, names: Iterable[str], goes: Callable[[Edge], bool] = lambda edge: True) -> frozenset[str]:
        """`names`, and the nodes reachable from them through exits that `goes` accepts."""
        met = 0

        def onward(at: str) -> Iterator[str]:
            nonlocal met
            for edge in self.exits[at]:
                if edge.target == END or not goes(edge):
                    continue
                if edge.via == "back" and (ahead := self.before(at)):
                    yield from self.named(ahead & ~met)
                    met |= ahead
                else:
                    yield edge.target

        return frozenset(reach_from(names, onward))

    def targets(self, name: str, goes: Callable[[Edge], bool], *, aside: str = "") -> list[str]:
        """Where a node's exits lead, of those that `goes` accepts and whose `Edge.via` is not `aside`."""
        found: list[str] = []
        for edge in self.exits[name]:
            if edge.target != END and edge.via != aside and goes(edge):
                if edge.via == "back":
                    found += self.leads(edge)
                else:
                    found.append(edge.target)
        return found

    def path_to(self, name: str) -> tuple[Edge, ...]:
        """The path to a node with the fewest key presses; empty for the first node and for unreachable nodes."""
        path: list[Edge] = []
        edge = self._tree.get(name)
        while edge is not None:
            path.append(edge)
            edge = self._tree[edge.source]
        return tuple(reversed(path))

    @cached_property
    def steps(self) -> dict[str, int]:
        """Number of edges on `path_to` each reachable node."""
        steps: dict[str, int] = {}
        for name, edge in self._tree.items():  # in the order they were reached
            steps[name] = 0 if edge is None else steps[edge.source] + 1
        return steps

    def leading_to(self, names: Iterable[str], goes: Callable[[Edge], bool]) -> frozenset[str]:
        """`names`, and the nodes from which exits that `goes` accepts lead to one of them."""
        into = self._into
        found = reach_from(names, lambda at: [edge.source for edge in into.get(at, ()) if goes(edge)])
        going_back = [(edge.source, bits) for edge in self._back if (bits := self.before(edge.source)) and goes(edge)]
        while going_back:
            met = reduce(or_, (self.bit.get(name, 0) for name in found), 0)
            more = {source for source, bits in going_back if bits & met} - set(found)
            if not more:
                break
            found = reach_from([*found, *more], lambda at: [edge.source for edge in into.get(at, ()) if goes(edge)])
        return frozenset(found)

    @cached_property
    def _back(self) -> list[Edge]:
        """The ``back`` exits, which may lead to any of several menus."""
        return [edge for exits in self.exits.values() for edge in exits if edge.via == "back"]

    @cached_property
    def _into(self) -> dict[str, list[Edge]]:
        """The exits to each node, without ``back`` exits that may lead to any of several menus."""
        into: dict[str, list[Edge]] = {}
        for exits in self.exits.values():
            for edge in exits:
                if edge.target != END and not (edge.via == "back" and self.before(edge.source)):
                    into.setdefault(edge.target, []).append(edge)
        return into

    @cached_property
    def onward(self) -> dict[str, list[Edge]]:
        """The edges that lead onward: neither to where the call has already been, nor out of a subflow."""
        aside = ("back", "repeat", "return")
        return {
            name: [e for e in exits if e.via not in aside and e.target != END] for name, exits in self.exits.items()
        }

    def behind(self, names: Iterable[str]) -> dict[str, int]:
        """For each node, how many of `names` have it on their `path_to`, itself included."""
        counts = dict.fromkeys(names, 1)
        for name, edge in reversed(self._tree.items()):  # those reached last first
            if edge is not None and name in counts:
                counts[edge.source] = counts.get(edge.source, 0) + counts[name]
        return counts

    @cached_property
    def levels(self) -> dict[str, int]:
        """The fewest menus on a path to each reachable node, the node itself included."""
        return self._levels(frozenset())

    def levels_without(self, uncounted: Collection[str]) -> dict[str, int]:
        """`levels` without counting some menus."""
        return self._levels(uncounted) if uncounted else self.levels

    def _levels(self, uncounted: Collection[str]) -> dict[str, int]:
        nodes, start = self.flow.nodes, self.flow.start

        def counts(name: str) -> int:
            return int(nodes[name].keeps_place and name not in uncounted)

        levels: dict[str, int] = {}
        waiting = 0
        todo: deque[tuple[str, int]] = deque([(start, counts(start))] if start in nodes else [])
        while todo:
            name, level = todo.popleft()
            if name in levels:
                continue
            levels[name] = level
            for edge in self.exits[name]:
                if edge.via == "back" and (bits := self.before(name)):
                    todo.extend((menu, level + 1) for menu in self.named(bits & ~waiting) if menu not in levels)
                    waiting |= bits  # later paths to them pass at least as many menus
                elif edge.target != END and edge.target not in levels:
                    if counts(edge.target):
                        todo.append((edge.target, level + 1))
                    else:
                        todo.appendleft((edge.target, level))
        return levels

    @cached_property
    def traps(self) -> tuple[Trap, ...]:
        """Reachable nodes from which no call can end, grouped by connection, each with the shortest path in."""
        ending = list(self.broken)
        ending += [
            name for name, exits in self.exits.items() if self.ends(name) or any(edge.target == END for edge in exits)
        ]
        free = self.leading_to(ending, lambda edge: True)
        held = [name for name in self.flow.nodes if name in self._tree and name not in free]
        group: dict[str, int] = {}
        members: list[list[str]] = []
        for name in held:
            if name not in group:
                group |= dict.fromkeys(reach_from([name], lambda at: self._held_neighbours(at, free)), len(members))
                members.append([])
            members[group[name]].append(name)
        entries = [min(names, key=self.steps.__getitem__) for names in members]
        return tuple(
            Trap(tuple(names), self.path_to(entry), entry) for names, entry in zip(members, entries, strict=True)
        )

    def _held_neighbours(self, name: str, free: frozenset[str]) -> list[str]:
        ahead = [edge.target for edge in self.edges[name]]
        behind = [edge.source for edge in self._into.get(name, ())]
        if bit := self.bit.get(name):
            behind += [edge.source for edge in self._back if edge.source not in free and self.before(edge.source) & bit]
        return [n for n in (*ahead, *behind) if n not in free and n in self._tree]

    def ends(self, name: str) -> bool:
        """Whether the call ends at a node, as at a hangup."""
        return self.awaits[name] == "end"

    @cached_property
    def silent_cycles(self) -> tuple[tuple[str, ...], ...]:
        """Cycles that a call without input never leaves; nodes in file order.

        A `split` on a value that the cycle itself sets may still lead out, so it breaks the cycle.
        """
        found = []
        for cycle in self._cycles_by(_silent):
            written = {value for name in cycle for value in self.flow.nodes[name].writes()}
            found += self._held_by(cycle, written, _silent)
        return self._in_order(found)

    def uncounted_cycles(self, keep: Callable[[Edge], bool]) -> tuple[tuple[str, ...], ...]:
        """Cycles of edges that `keep` accepts in which nothing counts the rounds; nodes in file order.

        A `split` on a value that a `set` in the cycle writes may count them, so it breaks the cycle.
        """
        found = []
        for cycle in self._cycles_by(keep):
            counted = {
                value
                for name in cycle
                if isinstance(self.flow.nodes[name], Set)
                for value in self.flow.nodes[name].writes()
            }
            found += self._held_by(cycle, counted, keep)
        return self._in_order(found)

    def _cycles_by(self, keep: Callable[[Edge], bool]) -> list[frozenset[str]]:
        bodies = self._bodies_by(keep)
        return cycles({name: self._onward(name, keep, bodies) for name in self._tree})

    def _held_by(self, cycle: frozenset[str], written: set[str], keep: Callable[[Edge], bool]) -> list[frozenset[str]]:
        """The cycle, or the cycles left in it without the nodes that branch on a value `written` in it."""
        lets_go = {n for n in cycle if written & {value for _, value in self.flow.nodes[n].reads()}}
        if not lets_go:
            return [cycle]
        bodies = self._bodies_by(keep)
        return cycles({n: [t for t in self._onward(n, keep, bodies) if t in cycle and n not in lets_go] for n in cycle})

    def _in_order(self, found: Iterable[frozenset[str]]) -> tuple[tuple[str, ...], ...]:
        order = {name: i for i, name in enumerate(self.flow.nodes)}
        return tuple(sorted((tuple(sorted(c, key=order.__getitem__)) for c in found), key=lambda c: order[c[0]]))

    def _bodies_by(self, keep: Callable[[Edge], bool]) -> dict[str, set[str]]:
        """The nodes reachable within each subflow along edges that `keep` accepts, by its first node."""
        starts = dict.fromkeys(self.subflows[name].start for name in self.bodies)
        return {start: set(reach_from([start], lambda at: self._onward_inside(at, keep))) for start in starts}

    def _onward(self, name: str, keep: Callable[[Edge], bool], bodies: Mapping[str, set[str]]) -> list[str]:
        """Where accepted edges lead; a subflow is stepped over, because calling it twice is not a cycle."""
        if name not in self.bodies:
            return self.targets(name, keep, aside="return")
        body = bodies[self.subflows[name].start]
        return [e.target for e, _ in self.returns[name] if e.source in body and e.target != END and keep(e)]

    def _onward_inside(self, name: str, keep: Callable[[Edge], bool]) -> list[str]:
        if name in self.bodies:
            return list(self._inside(name, {}))
        return [e.target for e in self._wired[0][name] if keep(e) and e.target != END]

    def call_cycles(self) -> tuple[tuple[str, ...], ...]:
        """Subflow nodes that call themselves, directly or through each other; nodes in file order."""
        inner: dict[frozenset[str], list[str]] = {}
        for body in self.bodies.values():
            if body not in inner:
                inner[body] = [name for name in self.bodies if name in body]
        return self._in_order(cycles({name: inner[body] for name, body in self.bodies.items()}))
